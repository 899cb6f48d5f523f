// Reads a request's body up to a limit: a declared or real excess is refused before it takes memory. All bodies under way together have a limit too: who
// sends one is known only once it is whole, and strangers have as many connections as they like.
import type { IncomingMessage } from 'node:http';
import type { Refusal } from '@madang/trust';
import type { Context } from 'hono';

const UNDER_WAY_BYTES = 256 * 1024 * 1024;

export type BodyReader = (c: Context, limit: number) => Promise<Uint8Array | Refusal>;

/** One for a hub. `most`: bytes of all bodies under way. */
export function bodyReader(most = UNDER_WAY_BYTES): BodyReader {
  let underWay = 0;
  return async (c, limit) => {
    const over: Refusal = {
      code: 'oversize',
      why: `the body is larger than ${limit} bytes; send large content in parts or as a blob`,
    };
    const body = incoming(c) ?? c.req.raw.body;
    if (Number(c.req.header('content-length') ?? 0) > limit) return over;
    if (!body) return new Uint8Array(0);
    const parts: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const part of body as unknown as AsyncIterable<Uint8Array>) {
        size += part.length;
        underWay += part.length;
        if (size > limit) return over;
        if (underWay > most)
          return { code: 'busy', why: 'too many bodies are under way at once; send it again in a moment' };
        parts.push(part);
      }
    } finally {
      underWay -= size;
    }
    const out = new Uint8Array(size);
    let at = 0;
    for (const p of parts) {
      out.set(p, at);
      at += p.length;
    }
    return out;
  };
}

/** The bytes as the socket brings them, where there is one: a web stream around them costs a tenth of a statement. What is left unread is the server's business. */
function incoming(c: Context): AsyncIterable<Uint8Array> | undefined {
  const { incoming: message } = (c.env ?? {}) as { incoming?: IncomingMessage };
  return message?.iterator({ destroyOnReturn: false });
}
