// Reads a request's body up to a limit: a declared or real excess is refused before it takes memory.
import type { Refusal } from '@madang/trust';

export async function readBody(request: Request, limit: number): Promise<Uint8Array | Refusal> {
  const over: Refusal = {
    code: 'oversize',
    why: `the body is larger than ${limit} bytes; send large content in parts or as a blob`,
  };
  if (Number(request.headers.get('content-length') ?? 0) > limit) return over;
  if (!request.body) return new Uint8Array(0);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > limit) return over;
    parts.push(part);
  }
  const out = new Uint8Array(size);
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}
