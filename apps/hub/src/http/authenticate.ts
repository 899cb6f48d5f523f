// Who sends a request: RFC 9421 signatures by both halves of a key that the log certifies, fresh, each nonce once.
import { isNoteKeys, type KeyUse, type State } from '@madang/charter';
import { decodePublicKey, nonceWindow, type Refusal, verifyRequest } from '@madang/trust';
import type { Context } from 'hono';

export type Sender = { readonly ok: true; readonly org: string } | { readonly ok: false; readonly refusal: Refusal };

/** Working keys that speak for a member's machine. */
const USES: readonly KeyUse[] = ['node', 'aggregator', 'steward', 'researcher', 'officer'];

/** Judges by the keys of the state as it is at each request. */
export function authenticator(state: () => State, nowSeconds: () => number) {
  const nonces = nonceWindow();
  return async (c: Context, body: Uint8Array): Promise<Sender> => {
    const request = {
      method: c.req.method,
      url: c.req.url,
      headers: [...c.req.raw.headers.entries()] as [string, string][],
      body,
    };
    const s = state();
    const usable = (id: string) => {
      const k = s.keys[id];
      return k &&
        USES.includes(k.use) &&
        k.ended === undefined &&
        k.until >= s.time &&
        s.members[k.org]?.left === undefined
        ? k
        : undefined;
    };
    const verdict = await verifyRequest(request, {
      keyOf: id => {
        const k = usable(id);
        return k && !isNoteKeys(k.key) ? decodePublicKey(k.key) : undefined;
      },
      nowSeconds: nowSeconds(),
    });
    if (!verdict.ok)
      return {
        ok: false,
        refusal: { code: 'unauthenticated', why: `${verdict.refusal.code}: ${verdict.refusal.why}` },
      };
    if (!nonces.accept(verdict.keyId, verdict.nonce, nowSeconds()))
      return { ok: false, refusal: { code: 'unauthenticated', why: 'this request was seen before; sign a new one' } };
    return { ok: true, org: usable(verdict.keyId)!.org };
  };
}
