// Where a node's rows are in the growing tree: row numbers sorted so that the rows of a tree node lie side by side. A split sorts its own rows only.
import type { Segment } from './histogram.ts';
import type { Tree } from './spec.ts';

const NOBODY: Segment = { from: 0, to: 0 };

export class Places {
  /** Row numbers, tree node by tree node. */
  readonly order: Int32Array;
  private readonly aside: Int32Array;
  private segments: Segment[];

  constructor(count: number) {
    this.order = Int32Array.from({ length: count }, (_, i) => i);
    this.aside = new Int32Array(count);
    this.segments = [{ from: 0, to: count }];
  }

  /** All rows are at the root again. */
  reset(): void {
    this.segments = [{ from: 0, to: this.order.length }];
  }

  /** Moves rows down as far as the tree has grown. Nodes are only ever added below, so what was sorted stays. `binned`: row-major bins. */
  descend(tree: Tree, binned: Uint8Array, features: number): void {
    // A child's number is above its parent's.
    for (const [at, { left, right, feature, bin }] of tree.entries()) {
      if (left < 0 || this.segments[left]) continue;
      const { from, to } = this.segmentOf(at);
      const { order, aside } = this;
      let [l, r] = [from, 0];
      for (let k = from; k < to; k++) {
        // Written to both sides, kept at one: a branch would be guessed wrong half of the time.
        const row = order[k];
        const goesLeft = binned[row * features + feature] <= bin ? 1 : 0;
        order[l] = row;
        aside[r] = row;
        l += goesLeft;
        r += 1 - goesLeft;
      }
      order.set(aside.subarray(0, r), l);
      this.segments[left] = { from, to: l };
      this.segments[right] = { from: l, to };
    }
  }

  /** The rows at a tree node, as places of `order`. */
  segmentOf(at: number): Segment {
    return this.segments[at] ?? NOBODY;
  }

  rowsAt(at: number): Int32Array {
    const { from, to } = this.segmentOf(at);
    return this.order.subarray(from, to);
  }

  /** Adds a leaf's value to the scores (`value.length` a row) of the rows in it. */
  addTo(scores: Float64Array, at: number, value: readonly number[]): void {
    const { from, to } = this.segmentOf(at);
    const outputs = value.length;
    for (let k = from; k < to; k++)
      for (let c = 0, start = this.order[k] * outputs; c < outputs; c++) scores[start + c] += value[c];
  }
}
