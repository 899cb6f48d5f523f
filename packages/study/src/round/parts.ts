// Vectors too long for one blob (protocol, section 11) travel and are kept in parts: a body of sealed chunks beside the parcel, an aggregator's share as
// blobs named by a manifest, a result as blobs named by its document. Part i is the same numbers everywhere. Shorter vectors stay in one piece.
import type { Shape } from '@madang/charter';
import { concat, equalBytes, fromHex, toHex, utf8 } from '@madang/trust';

/** Bytes of one part of a share: some less than the mailbox takes at once, whole numbers in both rings. As doubles a part fits a blob of 8 MiB. */
export const PART_BYTES = 62 << 16;
/** Up to here a share and a result with all its digits fit one blob each. */
const SHORT_NUMBERS = 400_000;

/** Whether vectors of this shape go in parts. Where proofs are made they are never that long. */
export function isLong(shape: Pick<Shape, 'encoding' | 'length'>): boolean {
  return shape.encoding === 'masked-sum' && shape.length > SHORT_NUMBERS;
}

/** Bytes of one number of a share. */
export function numberBytes(shape: Pick<Shape, 'encoding' | 'field'>): number {
  return shape.encoding === 'prio3-histogram' ? 16 : shape.field / 8;
}

/** Parts of a vector of this shape. */
export function partCount(shape: Shape): number {
  return Math.ceil((shape.length * numberBytes(shape)) / PART_BYTES);
}

/** First number of a part, and how many it has. */
export function partRange(shape: Shape, part: number): { readonly first: number; readonly count: number } {
  const each = PART_BYTES / numberBytes(shape);
  return { first: part * each, count: Math.min(each, shape.length - part * each) };
}

const MANIFEST = utf8('madang/parts/1\n');

/** The blob whose digest stands where a share in one piece has its own: the digests of the parts (hexadecimal), in order. */
export function packManifest(digests: readonly string[]): Uint8Array {
  return concat(MANIFEST, ...digests.map(fromHex));
}

/** Digests of the `count` parts; undefined when the bytes are no such manifest. */
export function readManifest(bytes: Uint8Array, count: number): readonly string[] | undefined {
  if (bytes.length !== MANIFEST.length + 32 * count) return undefined;
  if (!equalBytes(bytes.subarray(0, MANIFEST.length), MANIFEST)) return undefined;
  return Array.from({ length: count }, (_, i) =>
    toHex(bytes.subarray(MANIFEST.length + 32 * i, MANIFEST.length + 32 * (i + 1))),
  );
}
