// LU of a matrix of 2 x 2 blocks with a symmetric pattern, the shape of a power flow's Jacobian: one block row a bus. Order, fill and every
// block operation are found once per network; a factorisation is then one pass over flat arrays. One algorithm, one file.
// Trap: pivots are the diagonal blocks in the given order, with no search; a power flow's are far from singular unless it does not exist.
import { type Graph, minimumDegree } from '@madang/numerics';

export interface BlockPlan {
  readonly size: number;
  /** old index of the k-th pivot. */
  readonly order: Int32Array;
  readonly rank: Int32Array;
  /** Later rows of pivot k: `rows[starts[k] .. starts[k+1])`; block p is L(row, k) at `lower + p` and U(k, row) at `upper + p`. */
  readonly starts: Int32Array;
  readonly rows: Int32Array;
  /** Target block of every update, pivot by pivot, row-major over pairs of its later rows. */
  readonly targets: Int32Array;
  readonly lower: number;
  readonly upper: number;
  readonly blocks: number;
}

export function planBlocks(graph: Graph): BlockPlan {
  const n = graph.size;
  const order = minimumDegree(graph);
  const rank = new Int32Array(n);
  for (let k = 0; k < n; k++) rank[order[k]] = k;
  const later: Int32Array[] = new Array(n);
  const children: number[][] = Array.from({ length: n }, () => []);
  const seen = new Int32Array(n).fill(-1);
  const starts = new Int32Array(n + 1);
  let updates = 0;
  for (let k = 0; k < n; k++) {
    const list: number[] = [];
    seen[k] = k;
    const add = (i: number) => {
      if (i > k && seen[i] !== k) {
        seen[i] = k;
        list.push(i);
      }
    };
    const v = order[k];
    for (let p = graph.starts[v]; p < graph.starts[v + 1]; p++) add(rank[graph.targets[p]]);
    for (const c of children[k]) later[c].forEach(add);
    later[k] = Int32Array.from(list).sort();
    if (list.length > 0) children[later[k][0]].push(k);
    starts[k + 1] = starts[k] + list.length;
    updates += list.length * list.length;
  }
  const rows = new Int32Array(starts[n]);
  for (let k = 0; k < n; k++) rows.set(later[k], starts[k]);
  const lower = n;
  const upper = n + rows.length;
  const targets = new Int32Array(updates);
  const place = new Int32Array(n);
  let at = 0;
  for (let k = 0; k < n; k++) {
    const list = later[k];
    for (let a = 0; a < list.length; a++) {
      const i = list[a];
      for (let p = starts[i]; p < starts[i + 1]; p++) place[rows[p]] = p;
      for (let b = 0; b < list.length; b++) {
        const j = list[b];
        // (i, j): diagonal, U(i, j) right of it; for j < i the block is L(i, j) and is filled from j's side below.
        targets[at + a * list.length + b] = i === j ? i : j > i ? upper + place[j] : -1;
      }
    }
    for (let b = 0; b < list.length; b++) {
      const j = list[b];
      for (let p = starts[j]; p < starts[j + 1]; p++) place[rows[p]] = p;
      for (let a = b + 1; a < list.length; a++) targets[at + a * list.length + b] = lower + place[list[a]];
    }
    at += list.length * list.length;
  }
  return { size: n, order, rank, starts, rows, targets, lower, upper, blocks: n + 2 * rows.length };
}

/** Block number of (row, column) in old indices; -1 outside the pattern. */
export function blockAt(plan: BlockPlan, row: number, column: number): number {
  const i = plan.rank[row];
  const j = plan.rank[column];
  if (i === j) return i;
  const k = Math.min(i, j);
  for (let p = plan.starts[k]; p < plan.starts[k + 1]; p++)
    if (plan.rows[p] === Math.max(i, j)) return i > j ? plan.lower + p : plan.upper + p;
  return -1;
}

/** Factorises in place: `a` holds 4 numbers a block, row-major. Diagonal blocks become their inverses. False on a singular pivot. */
export function factorBlocks(plan: BlockPlan, a: Float64Array): boolean {
  const { size, starts, targets } = plan;
  const lower = 4 * plan.lower;
  const upper = 4 * plan.upper;
  let at = 0;
  for (let k = 0; k < size; k++) {
    const d = 4 * k;
    const p = a[d];
    const q = a[d + 1];
    const r = a[d + 2];
    const s = a[d + 3];
    const determinant = p * s - q * r;
    if (!(Math.abs(determinant) > 1e-14)) return false;
    const i0 = s / determinant;
    const i1 = -q / determinant;
    const i2 = -r / determinant;
    const i3 = p / determinant;
    a[d] = i0;
    a[d + 1] = i1;
    a[d + 2] = i2;
    a[d + 3] = i3;
    const from = 4 * starts[k];
    const to = 4 * starts[k + 1];
    for (let l = from; l < to; l += 4) {
      const x = lower + l;
      const x0 = a[x];
      const x1 = a[x + 1];
      const x2 = a[x + 2];
      const x3 = a[x + 3];
      const l0 = x0 * i0 + x1 * i2;
      const l1 = x0 * i1 + x1 * i3;
      const l2 = x2 * i0 + x3 * i2;
      const l3 = x2 * i1 + x3 * i3;
      a[x] = l0;
      a[x + 1] = l1;
      a[x + 2] = l2;
      a[x + 3] = l3;
      for (let u = from; u < to; u += 4) {
        const y = upper + u;
        const t = 4 * targets[at++];
        const y0 = a[y];
        const y1 = a[y + 1];
        const y2 = a[y + 2];
        const y3 = a[y + 3];
        a[t] -= l0 * y0 + l1 * y2;
        a[t + 1] -= l0 * y1 + l1 * y3;
        a[t + 2] -= l2 * y0 + l3 * y2;
        a[t + 3] -= l2 * y1 + l3 * y3;
      }
    }
  }
  return true;
}

/** Solves with the factors; `x` holds 2 numbers a row in pivot order, right-hand side in, solution out. */
export function solveBlocks(plan: BlockPlan, a: Float64Array, x: Float64Array): void {
  const { size, starts, rows } = plan;
  const lower = 4 * plan.lower;
  const upper = 4 * plan.upper;
  for (let k = 0; k < size; k++) {
    const x0 = x[2 * k];
    const x1 = x[2 * k + 1];
    for (let p = starts[k]; p < starts[k + 1]; p++) {
      const l = lower + 4 * p;
      const i = 2 * rows[p];
      x[i] -= a[l] * x0 + a[l + 1] * x1;
      x[i + 1] -= a[l + 2] * x0 + a[l + 3] * x1;
    }
  }
  for (let k = size - 1; k >= 0; k--) {
    let x0 = x[2 * k];
    let x1 = x[2 * k + 1];
    for (let p = starts[k]; p < starts[k + 1]; p++) {
      const u = upper + 4 * p;
      const j = 2 * rows[p];
      x0 -= a[u] * x[j] + a[u + 1] * x[j + 1];
      x1 -= a[u + 2] * x[j] + a[u + 3] * x[j + 1];
    }
    const d = 4 * k;
    x[2 * k] = a[d] * x0 + a[d + 1] * x1;
    x[2 * k + 1] = a[d + 2] * x0 + a[d + 3] * x1;
  }
}
