// A client of the hub over an injected `fetch` (named `send` here): used by nodes, the command line and tests. Every failure is a HubError with a code.
import { type Signer, signRequest } from '@madang/trust';
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

  async function call(
    method: string,
    path: string,
    body?: Uint8Array | string,
    signed = false,
    signal?: AbortSignal,
  ): Promise<Response> {
    const target = `${base}${path}`;
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    let headers: Record<string, string> = bytes ? { 'content-type': 'application/octet-stream' } : {};
    if (signed) {
      if (!identity) throw new HubError('no-identity', `${method} ${path} needs a member's key`, 0);
      const request = { method, url: target, headers: Object.entries(headers), body: bytes ?? new Uint8Array(0) };
      const added = await signRequest(request, identity.signer, { nowSeconds: identity.nowSeconds() });
      headers = { ...headers, ...Object.fromEntries(added) };
    }
    let response: Response;
    try {
      response = await send(target, {
        method,
        headers,
        body: bytes as BodyInit | undefined,
        ...(signal ? { signal } : {}),
      });
    } catch (cause) {
      throw new HubError('unreachable', `the hub at ${base} does not answer`, 0, { cause });
    }
    if (response.ok || response.status === 404) return response;
    const text = await response.text();
    const parsed = problem.safeParse(safeJson(text));
    if (parsed.success) {
      const { code, detail, refusal } = parsed.data;
      throw new HubError(code, detail, response.status, { refusal });
    }
    throw new HubError('http', `${method} ${path}: status ${response.status}`, response.status);
  }

  const json = async (r: Response) => r.json() as Promise<unknown>;
  const bytesOf = async (r: Response) => (r.status === 404 ? undefined : new Uint8Array(await r.arrayBuffer()));

  return {
    url: base,
    submit: async statement => receipt.parse(await json(await call('POST', '/v1/statements', statement))),
    status: async () => status.parse(await json(await call('GET', '/v1/status'))),
    read: async path => bytesOf(await call('GET', `/${path}`)),
    entries: async (start, end) => {
      const bytes = await bytesOf(await call('GET', `/v1/entries?start=${start}&end=${end}`));
      if (!bytes) throw new HubError('not-found', `the hub has no entries ${start} to ${end}`, 404);
      return bytes;
    },
    putBlob: async bytes => ((await json(await call('POST', '/v1/blobs', bytes, true))) as { digest: string }).digest,
    blob: async digest => bytesOf(await call('GET', `/v1/blobs/${digest}`)),
    events: async (have, asMember, signal) => {
      const known = Object.entries(have).flatMap(([name, n]) => (n === undefined ? [] : [`${name}=${n}`]));
      return events.parse(await json(await call('GET', `/v1/events?${known.join('&')}`, undefined, asMember, signal)));
    },
    recall: async answer => recallAnswer.parse(await json(await call('POST', '/v1/recall', JSON.stringify(answer)))),
    cosign: async lines => {
      await call('POST', '/v1/cosignatures', lines);
    },
    sendMail: async (to, topic, bytes) => {
      await call('POST', `/v1/mail?to=${encodeURIComponent(to)}&topic=${encodeURIComponent(topic)}`, bytes, true);
    },
    mail: async seq => bytesOf(await call('GET', `/v1/mail/${seq}`, undefined, true)),
    backends: async () => backendList.parse(await json(await call('GET', '/v1/backends'))).backends,
    jobs: async ({ id, ...query }) => {
      if (id === undefined)
        return jobList.parse(await json(await call('GET', `/v1/jobs?${new URLSearchParams(query)}`))).jobs;
      const answer = await call('GET', `/v1/jobs/${id}`);
      return answer.status === 404 ? [] : [job.parse(await json(answer))];
    },
  };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
