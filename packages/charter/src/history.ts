// Roots of every earlier size of the log (RFC 6962, section 2.1), for the freshness check: a statement names a size and root its signer had seen.
// Keeps all complete subtrees: 64 bytes an entry; a root costs O(log n) hashes.
import { concat, leafHash, sha256, toHex } from '@madang/trust';

const NODE = new Uint8Array([1]);
const nodeHash = (left: Uint8Array, right: Uint8Array) => sha256(concat(NODE, left, right));

export class History {
  /** levels[k][i] covers leaves i 2^k to (i + 1) 2^k - 1. */
  private readonly levels: Uint8Array[][] = [[]];
  /** Log time after each entry. */
  private readonly times: number[] = [];
  private readonly known = new Map<number, string>();

  get size(): number {
    return this.levels[0].length;
  }

  append(entry: Uint8Array, time: number): void {
    this.levels[0].push(leafHash(entry));
    this.times.push(time);
    for (let k = 0; this.levels[k].length % 2 === 0; k++) {
      const level = this.levels[k];
      this.levels[k + 1] ??= [];
      this.levels[k + 1].push(nodeHash(level[level.length - 2], level[level.length - 1]));
    }
  }

  leaf(index: number): string {
    return toHex(this.levels[0][index]);
  }

  /** Hashes of complete subtrees of 2^level leaves, from index `from` to before `to`: what a tile of tlog-tiles holds. */
  hashes(level: number, from: number, to: number): readonly Uint8Array[] {
    return (this.levels[level] ?? []).slice(from, to);
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
        const subtree = this.levels[k][left - 1];
        right = right === undefined ? subtree : nodeHash(subtree, right);
      }
    const root = toHex(right!);
    this.known.set(size, root);
    return root;
  }
}
