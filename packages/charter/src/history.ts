// Roots of every earlier size of the log (RFC 6962, section 2.1), for the freshness check: a statement names a size and root its signer had seen.
// Keeps all complete subtrees in one piece a level: 64 bytes an entry; a root costs O(log n) hashes.
import { concat, consistencyRanges, emptyRoot, leafHash, rangeRoot, sha256, toHex } from '@madang/trust';

const NODE = new Uint8Array([1]);
const nodeHash = (left: Uint8Array, right: Uint8Array) => sha256(concat(NODE, left, right));

const HASH_BYTES = 32;

/** A growing list of hashes, one after the other in one array: an array object for each would take five times the space. */
class Hashes {
  count = 0;
  private bytes = new Uint8Array(64 * HASH_BYTES);

  push(hash: Uint8Array): void {
    const at = this.count * HASH_BYTES;
    if (at === this.bytes.length) {
      const larger = new Uint8Array(2 * at);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes.set(hash, at);
    this.count += 1;
  }

  /** A copy, so that what is kept elsewhere does not keep the whole list. */
  at(index: number): Uint8Array {
    return this.bytes.slice(index * HASH_BYTES, (index + 1) * HASH_BYTES);
  }
}

/** Roots asked for lately: statements name the same few final checkpoints. */
const KNOWN_ROOTS = 1024;

export class History {
  /** levels[k] holds at i what covers leaves i 2^k to (i + 1) 2^k - 1. */
  private readonly levels: Hashes[] = [new Hashes()];
  /** Log time after each entry. */
  private readonly times: number[] = [];
  private readonly known = new Map<number, string>();

  get size(): number {
    return this.levels[0].count;
  }

  append(entry: Uint8Array, time: number): void {
    this.levels[0].push(leafHash(entry));
    this.times.push(time);
    for (let k = 0; this.levels[k].count % 2 === 0; k++) {
      const level = this.levels[k];
      this.levels[k + 1] ??= new Hashes();
      this.levels[k + 1].push(nodeHash(level.at(level.count - 2), level.at(level.count - 1)));
    }
  }

  leaf(index: number): string {
    return toHex(this.levels[0].at(index));
  }

  /** Hashes of complete subtrees of 2^level leaves, from index `from` to before `to`: what a tile of tlog-tiles holds. */
  hashes(level: number, from: number, to: number): readonly Uint8Array[] {
    const hashes = this.levels[level];
    const end = Math.min(to, hashes?.count ?? 0);
    return Array.from({ length: Math.max(0, end - from) }, (_, i) => hashes.at(from + i));
  }

  /** Proof that the tree of `size` begins with the tree of `oldSize` (RFC 6962). Rejects with `bad-proof` outside the present size. */
  async consistency(oldSize: number, size: number): Promise<Uint8Array[]> {
    const nodes = async (level: number, index: number) => this.levels[level].at(index);
    const ranges = consistencyRanges(oldSize, Math.min(size, this.size));
    return Promise.all(ranges.map(range => rangeRoot(range, nodes)));
  }

  /** Root that the tree would have with these entries after it; nothing is taken. */
  rootWith(entries: readonly Uint8Array[]): Uint8Array {
    const edge: { level: number; hash: Uint8Array }[] = [];
    for (let level = this.levels.length - 1; level >= 0; level--) {
      const { count } = this.levels[level];
      if (count % 2 === 1) edge.push({ level, hash: this.levels[level].at(count - 1) });
    }
    for (const entry of entries) {
      let node = { level: 0, hash: leafHash(entry) };
      while (edge.at(-1)?.level === node.level)
        node = { level: node.level + 1, hash: nodeHash(edge.pop()!.hash, node.hash) };
      edge.push(node);
    }
    return edge.length === 0 ? emptyRoot() : edge.map(n => n.hash).reduceRight((right, left) => nodeHash(left, right));
  }

  /** Log time when the log had this size; 0 for size 0. */
  timeAt(size: number): number {
    return size === 0 ? 0 : this.times[size - 1];
  }

  /** Root at a size of 1 to the present size, as hexadecimal; undefined outside. */
  rootAt(size: number): string | undefined {
    if (size < 1 || size > this.size) return undefined;
    const cached = this.known.get(size);
    if (cached !== undefined) return cached;
    let right: Uint8Array | undefined;
    let left = size;
    for (let k = 0; left > 0; k++, left = Math.floor(left / 2))
      if (left % 2 === 1) {
        const subtree = this.levels[k].at(left - 1);
        right = right === undefined ? subtree : nodeHash(subtree, right);
      }
    const root = toHex(right!);
    if (this.known.size >= KNOWN_ROOTS) this.known.delete(this.known.keys().next().value!);
    this.known.set(size, root);
    return root;
  }
}
