// How long vectors (parts.ts) are masked and sealed on their way to the aggregators.
import type { Shape } from '@madang/charter';
import { type BodyCipher, bodyTagSize, type MaskCipher, type MaskedSum, maskedSum } from '@madang/privacy';
import { concat } from '@madang/trust';
import { packFrame, unpackFrame } from './frame.ts';
import { PART_BYTES } from './parts.ts';

/** What long vectors are masked and sealed with: `nodeMask(crypto)` and `nodeBody(crypto)`. */
export interface LongCipher {
  readonly mask: MaskCipher;
  readonly body: BodyCipher;
}

/** Masked sum over whole numbers 0 to the shape's maximum, a chunk a part. Throws PrivacyError `parameter` where the sums could wrap. */
export function longSum(shape: Shape, aggregators: number, contributors: number, cipher: LongCipher): MaskedSum {
  const { length, maximum, field } = shape;
  return maskedSum(
    { length, ring: field as 32 | 64, clip: maximum, scale: 1, contributors, aggregators, chunkBytes: PART_BYTES },
    cipher.mask,
  );
}

/** What stands in a parcel for the first aggregator's share: the body's key, sealed, and the tag of every chunk. Its digest is in the slip. */
export interface BodyHeader {
  readonly sealedKey: Uint8Array;
  readonly tags: readonly Uint8Array[];
}

export function packBodyHeader({ sealedKey, tags }: BodyHeader): Uint8Array {
  return packFrame([
    ['key', sealedKey],
    ['tags', concat(...tags)],
  ]);
}

/** Throws on bytes of another form. */
export function readBodyHeader(bytes: Uint8Array): BodyHeader {
  const parts = unpackFrame(bytes);
  if (parts.length !== 2 || parts[0][0] !== 'key' || parts[1][0] !== 'tags' || parts[1][1].length % bodyTagSize !== 0)
    throw new Error('not the header of a body: key and tags are expected');
  const all = parts[1][1];
  const tags = Array.from({ length: all.length / bodyTagSize }, (_, i) =>
    all.subarray(i * bodyTagSize, (i + 1) * bodyTagSize),
  );
  return { sealedKey: parts[0][1], tags };
}

/** Chunks of a body as they arrived. */
export interface BodySource {
  /** Whether all `count` chunks are here. */
  complete(count: number): boolean;
  /** The sealed chunk. Rejects when it is not there. */
  read(index: number): Promise<Uint8Array>;
}
