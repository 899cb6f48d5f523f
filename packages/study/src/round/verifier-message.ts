// What an aggregator tells the others before they agree on who counts: a frame with, for each organisation, the slip that it holds and its share of the
// proof's verifier, or the reason why it holds none.
import { fromUtf8, utf8 } from '@madang/trust';
import { packFrame, unpackFrame } from './frame.ts';

export interface VerifierMessage {
  /** By organisation: digest of its slip, and the verifier share (empty where the encoding has no proof). */
  readonly held: ReadonlyMap<string, { readonly slip: Uint8Array; readonly share: Uint8Array }>;
  readonly rejected: ReadonlyMap<string, string>;
}

/** Sorted by organisation, so that the same view gives the same bytes. */
export function packVerifierMessage(view: VerifierMessage): Uint8Array {
  return packFrame([
    ...sorted(view.held).flatMap(([org, h]): [string, Uint8Array][] => [
      [`slip/${org}`, h.slip],
      [`share/${org}`, h.share],
    ]),
    ...sorted(view.rejected).map(([org, reason]): [string, Uint8Array] => [`rejected/${org}`, utf8(reason)]),
  ]);
}

/** Parts that belong to nothing are passed over; a reason is cut to 64 letters. */
export function readVerifierMessage(message: Uint8Array): VerifierMessage {
  const parts = new Map(unpackFrame(message));
  const held = new Map<string, { slip: Uint8Array; share: Uint8Array }>();
  const rejected = new Map<string, string>();
  for (const [name, data] of parts) {
    const [what, org] = name.split('/');
    const share = what === 'slip' ? parts.get(`share/${org}`) : undefined;
    if (share) held.set(org, { slip: data, share });
    else if (what === 'rejected') rejected.set(org, fromUtf8(data).slice(0, 64));
  }
  return { held, rejected };
}

function sorted<T>(by: ReadonlyMap<string, T>): [string, T][] {
  return [...by].sort(([a], [b]) => (a < b ? -1 : 1));
}
