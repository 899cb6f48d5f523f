// A backend over HTTP: a task is posted as OpenQASM 3, asked for until it ends, and its counts are read. Paths below a base address:
//   GET target | POST tasks {program, format: "openqasm3", shots, seed?, label?} -> {id} | GET tasks/ID -> {state, why?}
//   GET tasks/ID/result -> {counts, deviceSeconds?} | DELETE tasks/ID
// Answers are checked before they are believed; 429 and 503 are asked again after Retry-After; nothing else is repeated, so a task is not sent twice.
import { QuantumError } from '../error.ts';
import type { Backend, Target, TaskResult, TaskStatus } from './backend.ts';

export interface RestOptions {
  /** Base address, with or without a slash at its end. */
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Sent as a bearer token. */
  readonly token?: string;
  /** How often a busy server is asked again; default 5. */
  readonly retries?: number;
  /** Largest answer in characters; default 64 Mi. */
  readonly maxAnswer?: number;
}

const states: ReadonlySet<string> = new Set(['queued', 'running', 'done', 'stopped', 'failed']);
const LONGEST_WAIT_SECONDS = 60;

export function restBackend(options: RestOptions): Backend {
  const base = options.url.endsWith('/') ? options.url : `${options.url}/`;

  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      let response: Response;
      try {
        response = await options.fetch(new URL(path, base), {
          method,
          headers: {
            accept: 'application/json',
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
      } catch (error) {
        throw new QuantumError(
          'backend',
          `${base} cannot be reached: ${error instanceof Error ? error.message : error}`,
          undefined,
          { cause: error },
        );
      }
      if ((response.status === 429 || response.status === 503) && attempt < (options.retries ?? 5)) {
        const after = Number(response.headers.get('retry-after') ?? Number.NaN);
        await response.body?.cancel();
        await options.sleep(
          1000 * Math.min(LONGEST_WAIT_SECONDS, Number.isFinite(after) ? Math.max(0, after) : 2 ** attempt),
        );
        continue;
      }
      const text = await response.text();
      if (!response.ok)
        throw new QuantumError('backend', `${method} ${path}: the server answered ${response.status}${reason(text)}`);
      if (text.length > (options.maxAnswer ?? 2 ** 26))
        throw new QuantumError('backend', `${method} ${path}: the answer is too large`);
      if (text === '') return undefined;
      try {
        return JSON.parse(text);
      } catch (error) {
        throw new QuantumError('backend', `${method} ${path}: the answer is not JSON`, undefined, { cause: error });
      }
    }
  }

  const record = (x: unknown, what: string): Record<string, unknown> => {
    if (x === null || typeof x !== 'object' || Array.isArray(x))
      throw new QuantumError('backend', `${what} is not an object`);
    return x as Record<string, unknown>;
  };
  const wrong = (what: string): never => {
    throw new QuantumError('backend', `the server's ${what} is not what was agreed`);
  };

  return {
    async target(): Promise<Target> {
      const t = record(await ask('GET', 'target'), 'the target');
      if (typeof t['name'] !== 'string' || !Number.isInteger(t['qubits'])) return wrong('target');
      return {
        name: t['name'],
        qubits: t['qubits'] as number,
        simulator: t['simulator'] === true,
        ...(Number.isInteger(t['maxShots']) && { maxShots: t['maxShots'] as number }),
        ...(Array.isArray(t['gates']) && { gates: t['gates'].map(String) }),
      };
    },
    async start(task) {
      const { id } = record(await ask('POST', 'tasks', { ...task, format: 'openqasm3' }), 'the answer to a task');
      if (typeof id !== 'string' || id === '') return wrong('task id');
      return id;
    },
    async status(id): Promise<TaskStatus> {
      const s = record(await ask('GET', `tasks/${encodeURIComponent(id)}`), 'the status');
      if (typeof s['state'] !== 'string' || !states.has(s['state'])) return wrong('status');
      if (s['state'] === 'failed')
        return { state: 'failed', why: typeof s['why'] === 'string' ? s['why'] : 'no reason is given' };
      return { state: s['state'] as 'queued' };
    },
    async result(id): Promise<TaskResult> {
      const r = record(await ask('GET', `tasks/${encodeURIComponent(id)}/result`), 'the result');
      const counts = record(r['counts'], 'the counts');
      for (const [key, n] of Object.entries(counts))
        if (!/^[01 ]*$/.test(key) || !Number.isInteger(n) || (n as number) < 0)
          return wrong(`count "${key.slice(0, 80)}"`);
      return {
        counts: counts as Record<string, number>,
        ...(typeof r['deviceSeconds'] === 'number' && { deviceSeconds: r['deviceSeconds'] }),
      };
    },
    async stop(id) {
      await ask('DELETE', `tasks/${encodeURIComponent(id)}`);
    },
  };
}

/** What an error answer says: a problem document's detail or title, or its first words. */
function reason(text: string): string {
  try {
    const p = JSON.parse(text) as Record<string, unknown>;
    const said = p['detail'] ?? p['title'] ?? p['error'];
    if (typeof said === 'string') return `: ${said}`;
  } catch {
    // Not JSON: the text itself is the reason.
  }
  const plain = text.trim().slice(0, 200);
  return plain ? `: ${plain}` : '';
}
