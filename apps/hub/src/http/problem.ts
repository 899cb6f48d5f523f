// Refusals and faults as RFC 9457 problem documents: the one place where codes become HTTP statuses.
import type { Problem } from '@madang/api';
import { fromUtf8, type Refusal } from '@madang/trust';

const STATUS: Readonly<Record<string, number>> = {
  oversize: 413,
  'bad-json': 400,
  'bad-text': 400,
  'bad-shape': 400,
  'not-canonical': 400,
  'one-signature-missing': 400,
  'too-deep': 400,
  'too-many-keys': 400,
  'too-many-signers': 400,
  'wrong-signature': 401,
  unauthenticated: 401,
  busy: 503,
  'log-waits': 503,
  'log-behind': 503,
  'log-forked': 503,
  'disk-full': 507,
  'store-failed': 500,
  internal: 500,
  'not-found': 404,
};

/** The request itself is at fault, whatever the hub would have done with it. */
export const isTheirs = (code: string): boolean => STATUS[code] === 400;

/** Status 422 for what is well formed and not admitted by the rules. */
export function problemOf(refusal: Refusal): Problem {
  return {
    type: `about:blank#${refusal.code}`,
    title: refusal.code.replaceAll('-', ' '),
    status: STATUS[refusal.code] ?? 422,
    detail: refusal.why,
    code: refusal.code,
  };
}

/** `signed`: the refusal under the log's key, for a statement that has an id. */
export function problemResponse(refusal: Refusal, signed?: Uint8Array): Response {
  const problem = { ...problemOf(refusal), ...(signed ? { refusal: fromUtf8(signed) } : {}) };
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json' },
  });
}
