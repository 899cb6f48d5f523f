// The slip: what a contributor signs about one contribution. It names both shares by digest, so that an aggregator can never join the halves of two tries.
import { type Json, type Opened, openStatement, type Signer, signStatement, utf8 } from '@madang/trust';
import { digestOf, type RoundRef } from './binding.ts';

export interface Slip extends RoundRef {
  readonly org: string;
  /** 16 bytes, hexadecimal. */
  readonly nonce: string;
  readonly publicShare: string;
  /** Digest of the sealed share for each aggregator, in the study's order. */
  readonly shares: readonly string[];
}

/** Kind of the envelope; it is never admitted to the log, one blob a round holds all slips. */
const KIND = 'round.slip';

export function signSlip(slip: Slip, signer: Signer): Promise<Uint8Array> {
  const { org, ...body } = slip;
  return signStatement({ kind: KIND, org, body: body as unknown as { [key: string]: Json } }, [signer]);
}

/** Reads a slip's form; signatures are the caller's to verify. Throws on anything that is not a slip. */
export function readSlip(bytes: Uint8Array): { readonly slip: Slip; readonly opened: Opened } {
  const opened = openStatement(bytes);
  const b = opened.body as Record<string, unknown>;
  const hex = (v: unknown, n: number) => typeof v === 'string' && v.length === n && /^[0-9a-f]+$/.test(v);
  const fits =
    opened.kind === KIND &&
    hex(b['opening'], 64) &&
    Number.isSafeInteger(b['round']) &&
    hex(b['nonce'], 32) &&
    hex(b['publicShare'], 64) &&
    Array.isArray(b['shares']) &&
    b['shares'].every(s => hex(s, 64)) &&
    Object.keys(b).length === 5;
  if (!fits) throw new Error('not a slip: opening, round, nonce, publicShare and shares are expected');
  return { slip: { ...(b as unknown as Omit<Slip, 'org'>), org: opened.org }, opened };
}

/** Identity of a slip by content: ML-DSA is hedged, one slip may be signed into two envelopes. */
export function slipDigest(s: Slip): string {
  return digestOf(utf8([s.opening, s.round, s.org, s.nonce, s.publicShare, ...s.shares].join('\n')));
}
