// A member's answer to a recall, from the bytes of a request. What it claims is judged in log/recall.ts.
import { recall } from '@madang/api';
import { fromBase64, fromUtf8, splitBundle, utf8 } from '@madang/trust';
import type { More } from '../log/recall.ts';

export interface RecallRequest {
  readonly org: string;
  readonly checkpoint: Uint8Array;
  readonly more: More;
}

/** Undefined when the bytes are none. */
export function readRecall(body: Uint8Array): RecallRequest | undefined {
  try {
    const { org, checkpoint, final, piece } = recall.parse(JSON.parse(fromUtf8(body)));
    return {
      org,
      checkpoint: utf8(checkpoint),
      more: {
        final: final === undefined ? undefined : utf8(final),
        piece: piece && {
          start: piece.start,
          entries: splitBundle(fromBase64(piece.bundle), 1024).map(e => Uint8Array.from(e)),
          proof: piece.proof.map(fromBase64),
        },
      },
    };
  } catch {
    return undefined;
  }
}
