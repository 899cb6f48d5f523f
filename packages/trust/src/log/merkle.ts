// Merkle trees of RFC 6962 section 2.1 (verification as in RFC 9162 sections 2.1.3.2 and 2.1.4.2): hashes, proofs, their checks.
// Trap: sizes and indexes go to 2^53 - 1, so halving is arithmetic here, never a shift; a proof must be used up exactly.
import { crypto } from '#crypto';
import { concat, equalBytes } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';

export const hashBytes = 32;

const leafPrefix = Uint8Array.of(0);
/** 0x01, left, right: one buffer for all, since hashing is synchronous. */
const nodeInput = Uint8Array.of(1, ...new Uint8Array(2 * hashBytes));

/** SHA-256(0x00 || entry). */
export function leafHash(entry: Uint8Array): Uint8Array {
  return crypto.sha256(concat(leafPrefix, entry));
}

/** SHA-256(0x01 || left || right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + hashBytes);
  return crypto.sha256(nodeInput);
}

/** Root of the tree without entries: SHA-256 of nothing. */
export function emptyRoot(): Uint8Array {
  return crypto.sha256(new Uint8Array(0));
}

/** Root of a tree over leaf hashes, in order. */
export function rootFromHashes(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return emptyRoot();
  let level = hashes;
  // Pairing neighbours and carrying an odd last one up gives the same tree as RFC 6962's recursive split.
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i + 1 < level.length; i += 2) above.push(nodeHash(level[i], level[i + 1]));
    if (level.length % 2 === 1) above.push(level[level.length - 1]);
    level = above;
  }
  return level[0];
}

/** Root of a tree over entries. */
export function rootFromLeaves(entries: readonly Uint8Array[]): Uint8Array {
  return rootFromHashes(entries.map(leafHash));
}

/** Entries `begin` to `end`, the last not counted. */
export interface Range {
  readonly begin: number;
  readonly end: number;
}

/** The ranges whose roots are the audit path of entry `index` in a tree of `size`, from the leaf upwards. Throws `bad-proof`. */
export function inclusionRanges(index: number, size: number): Range[] {
  if (!isSize(size) || !isSize(index) || index >= size) {
    throw new TrustError('bad-proof', `entry ${index} is not in a tree of ${size}`);
  }
  const ranges: Range[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = begin + splitPoint(end - begin);
    if (index < middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      begin = middle;
    }
  }
  return ranges.reverse();
}

/** The ranges whose roots prove that a tree of `size` begins with the tree of `oldSize`. Throws `bad-proof`. */
export function consistencyRanges(oldSize: number, size: number): Range[] {
  if (!isSize(oldSize) || !isSize(size) || oldSize > size) {
    throw new TrustError('bad-proof', `a tree of ${size} cannot begin with a tree of ${oldSize}`);
  }
  if (oldSize === 0 || oldSize === size) return [];
  const ranges: Range[] = [];
  let [begin, end] = [0, size];
  while (end > oldSize) {
    const middle = begin + splitPoint(end - begin);
    if (oldSize <= middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      begin = middle;
    }
  }
  // What is left ends where the old tree ends. If it is the whole old tree, the verifier has its root already.
  if (begin > 0) ranges.push({ begin, end });
  return ranges.reverse();
}

/** Largest power of two below n (n over 1). */
function splitPoint(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

/** The complete subtrees of a range that starts at a multiple of its largest one, left to right. A node covers 2^level entries. */
export function completeSubtrees({ begin, end }: Range): { level: number; index: number }[] {
  const nodes = [];
  let at = begin;
  while (at < end) {
    let [level, width] = [0, 1];
    while (at % (width * 2) === 0 && at + width * 2 <= end) [level, width] = [level + 1, width * 2];
    nodes.push({ level, index: at / width });
    at += width;
  }
  return nodes;
}

/** Where hashes of complete subtrees come from: an array, tiles on a disk, tiles over HTTP. */
export type NodeSource = (level: number, index: number) => Promise<Uint8Array>;

/** Root of a range over a source of complete subtrees. */
export async function rangeRoot(range: Range, nodes: NodeSource): Promise<Uint8Array> {
  if (range.end === range.begin) return emptyRoot();
  const hashes = await Promise.all(completeSubtrees(range).map(({ level, index }) => nodes(level, index)));
  return hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** Audit path of entry `index` in the tree over `entries`. */
export function inclusionProof(index: number, entries: readonly Uint8Array[]): Uint8Array[] {
  return inclusionRanges(index, entries.length).map(({ begin, end }) => rootFromLeaves(entries.slice(begin, end)));
}

/** Proof that the tree over `entries` begins with the tree over its first `oldSize`. */
export function consistencyProof(oldSize: number, entries: readonly Uint8Array[]): Uint8Array[] {
  return consistencyRanges(oldSize, entries.length).map(({ begin, end }) => rootFromLeaves(entries.slice(begin, end)));
}

/** True if `proof` shows that a leaf with this hash is entry `index` of the tree with `size` entries and this root. */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!isSize(index) || !isSize(size) || index >= size || !areHashes(leaf, root, ...proof)) return false;
  let hash = leaf;
  let [node, last] = [index, size - 1];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && equalBytes(hash, root);
}

/**
 * True if `proof` shows that the tree with `size` entries and `root` begins with the tree of `oldSize` and `oldRoot`.
 * False for `oldSize` 0: the empty tree begins every tree, so there is nothing to prove and nothing was proved.
 */
export function verifyConsistency(
  oldSize: number,
  size: number,
  proof: readonly Uint8Array[],
  oldRoot: Uint8Array,
  root: Uint8Array,
): boolean {
  if (!isSize(oldSize) || !isSize(size) || oldSize === 0 || oldSize > size) return false;
  if (oldSize === size) return proof.length === 0 && equalBytes(oldRoot, root);
  if (!areHashes(oldRoot, root, ...proof)) return false;
  const path = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof;
  if (path.length === 0) return false;
  let [node, last] = [oldSize - 1, size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let [oldHash, hash] = [path[0], path[0]];
  for (const sibling of path.slice(1)) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      oldHash = nodeHash(sibling, oldHash);
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && equalBytes(oldHash, oldRoot) && equalBytes(hash, root);
}

function half(n: number): number {
  return Math.floor(n / 2);
}

function isSize(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}

function isPowerOfTwo(n: number): boolean {
  return Number.isInteger(Math.log2(n)) && 2 ** Math.round(Math.log2(n)) === n;
}

function areHashes(...hashes: readonly Uint8Array[]): boolean {
  return hashes.every(hash => hash.length === hashBytes);
}
