// A client of the hub over an injected `fetch` (named `send` here): used by nodes, the command line and tests. Every failure is a HubError with a code.
import { type Signer, signRequest, utf8 } from '@madang/trust';
import type { z } from 'zod';
import {
  type BackendLine,
  backendList,
  type Events,
  events,
  type JobLine,
  job,
  jobList,
  problem,
  type Recall,
  type RecallAnswer,
  type Receipt,
  recallAnswer,
  receipt,
  type Status,
  status,
  stored,
} from './schemas.ts';

/** `status` 0 means that the hub was not reached. */
export class HubError extends Error {
  readonly code: string;
  readonly status: number;
  readonly #refusal: string | undefined;
  constructor(
    code: string,
    message: string,
    httpStatus: number,
    options?: ErrorOptions & { refusal?: string | undefined },
  ) {
    super(message, options);
    this.code = code;
    this.status = httpStatus;
    this.#refusal = options?.refusal;
  }

  /** A refused statement's signed refusal, as it came: a DSSE envelope of some 6 kB, left out where the error is printed. */
  get refusal(): string | undefined {
    return this.#refusal;
  }
}

export interface Identity {
  readonly org: string;
  readonly signer: Signer;
  /** Seconds since 1970, for the freshness of signed requests. */
  readonly nowSeconds: () => number;
}

/** What a node has already, so that a long poll answers with what is new. */
export interface Have {
  readonly final: number;
  readonly mail: number;
  /** Size that this witness cosigned last. */
  readonly witness?: number | undefined;
  /** Number of the last question of a restarted hub that was answered. */
  readonly recall?: number | undefined;
  /** Time of the last loss after which everything was sent again. */
  readonly restored?: number | undefined;
}

export interface HubClient {
  readonly url: string;
  submit(statement: Uint8Array): Promise<Receipt>;
  status(): Promise<Status>;
  /** Raw bytes of a public path (`checkpoint`, `tile/…`), undefined on 404. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Entries [start, end) of the log as one bundle. */
  entries(start: number, end: number): Promise<Uint8Array>;
  putBlob(bytes: Uint8Array): Promise<string>;
  blob(digest: string): Promise<Uint8Array | undefined>;
  /** Waits at most 25 s for something new. */
  events(have: Have, asMember: boolean, signal?: AbortSignal): Promise<Events>;
  cosign(lines: string): Promise<void>;
  recall(answer: Recall): Promise<RecallAnswer>;
  sendMail(to: string, topic: string, bytes: Uint8Array): Promise<void>;
  mail(seq: number): Promise<Uint8Array | undefined>;
  /** Backends on offer, with their accounts. */
  backends(): Promise<readonly BackendLine[]>;
  /** Compute jobs, newest first: by backend, org, stage, limit; or the one of an id. */
  jobs(query: Readonly<Record<string, string>>): Promise<readonly JobLine[]>;
}

/** `identity` signs what needs a member (RFC 9421); without it only public calls work. */
export function hubClient(url: string, send: typeof globalThis.fetch, identity?: Identity): HubClient {
  const base = url.replace(/\/$/, '');

  /** The answer's whole body and status, 2xx or, where `orNone`, 404; anything else is thrown. */
  async function call(
    method: string,
    path: string,
    { body, signed = false, orNone = false, signal }: Call = {},
  ): Promise<Answer> {
    const target = `${base}${path}`;
    const bytes = typeof body === 'string' ? utf8(body) : body;
    let headers: Record<string, string> = bytes ? { 'content-type': 'application/octet-stream' } : {};
    if (signed) {
      if (!identity) throw new HubError('no-identity', `${method} ${path} needs a member's key`, 0);
      const request = { method, url: target, headers: Object.entries(headers), body: bytes ?? new Uint8Array(0) };
      const added = await signRequest(request, identity.signer, { nowSeconds: identity.nowSeconds() });
      headers = { ...headers, ...Object.fromEntries(added) };
    }
    let answer: Answer;
    try {
      const response = await send(target, {
        method,
        headers,
        body: bytes as BodyInit | undefined,
        ...(signal ? { signal } : {}),
      });
      answer = { ok: response.ok, status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
    } catch (cause) {
      throw new HubError('unreachable', `the hub at ${base} does not answer`, 0, { cause });
    }
    const { ok, status } = answer;
    if (ok || (orNone && status === 404)) return answer;
    const parsed = problem.safeParse(jsonOf(answer.body));
    if (!parsed.success)
      throw new HubError('http', `${method} ${target}: status ${status}; is this the hub's address?`, status);
    const { code, detail, refusal } = parsed.data;
    throw new HubError(code, detail, status, { refusal });
  }

  /** The answer as what the contract says it is. */
  function read<T>({ status, body }: Answer, schema: z.ZodType<T>): T {
    const parsed = schema.safeParse(jsonOf(body));
    if (parsed.success) return parsed.data;
    throw new HubError('not-a-hub', `${base} does not answer as a hub does; is this the hub's address?`, status);
  }

  const found = ({ status, body }: Answer) => (status === 404 ? undefined : body);
  const none = { orNone: true };

  return {
    url: base,
    submit: async statement => read(await call('POST', '/v1/statements', { body: statement }), receipt),
    status: async () => read(await call('GET', '/v1/status'), status),
    read: async path => found(await call('GET', `/${path}`, none)),
    entries: async (start, end) => {
      const bytes = found(await call('GET', `/v1/entries?start=${start}&end=${end}`, none));
      if (!bytes) throw new HubError('not-found', `the hub has no entries ${start} to ${end}`, 404);
      return bytes;
    },
    putBlob: async bytes => read(await call('POST', '/v1/blobs', { body: bytes, signed: true }), stored).digest,
    blob: async digest => found(await call('GET', `/v1/blobs/${digest}`, none)),
    events: async (have, asMember, signal) => {
      const known = Object.entries(have).flatMap(([name, n]) => (n === undefined ? [] : [`${name}=${n}`]));
      const answer = await call('GET', `/v1/events?${known.join('&')}`, {
        signed: asMember,
        ...(signal ? { signal } : {}),
      });
      return read(answer, events);
    },
    recall: async answer => read(await call('POST', '/v1/recall', { body: JSON.stringify(answer) }), recallAnswer),
    cosign: async lines => {
      await call('POST', '/v1/cosignatures', { body: lines });
    },
    sendMail: async (to, topic, bytes) => {
      const path = `/v1/mail?to=${encodeURIComponent(to)}&topic=${encodeURIComponent(topic)}`;
      await call('POST', path, { body: bytes, signed: true });
    },
    mail: async seq => found(await call('GET', `/v1/mail/${seq}`, { signed: true, ...none })),
    backends: async () => read(await call('GET', '/v1/backends'), backendList).backends,
    jobs: async ({ id, ...query }) => {
      if (id === undefined) return read(await call('GET', `/v1/jobs?${new URLSearchParams(query)}`), jobList).jobs;
      const answer = await call('GET', `/v1/jobs/${id}`, none);
      return found(answer) ? [read(answer, job)] : [];
    },
  };
}

interface Call {
  readonly body?: Uint8Array | string;
  /** By the member's key. */
  readonly signed?: boolean;
  /** 404 says that there is nothing, and is no failure. */
  readonly orNone?: boolean;
  readonly signal?: AbortSignal;
}

interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly body: Uint8Array;
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
