// LDL' of a symmetric indefinite sparse matrix: multifrontal, with Bunch-Kaufman pivots (1x1 and 2x2) inside each supernode, the inertia
// of D, and small pivots lifted (static pivoting, as in Schenk and Gärtner, ETNA 23:158, 2006). One algorithm, one file.
// Traps: pivots never leave their supernode, so a matrix that needs others must be regularised or grouped; a lifted pivot means that the
// factors are those of a nearby matrix: refine with `refine`.
import type { Symbolic } from './symbolic.ts';

/** Factors and what was met on the way. Reuse by passing it back to `factorize`. */
export interface Factor {
  readonly symbolic: Symbolic;
  /** Panels: for each supernode its columns of unit lower L, column-major; the diagonal places hold nothing of use. */
  readonly panel: Float64Array;
  /** D: diagonal, and the entry below it for the first row of a 2x2 pivot (else 0). */
  readonly d: Float64Array;
  readonly e: Float64Array;
  /** For each column, the local row (in its supernode) that the pivot search swapped in, encoded as the final local order. */
  readonly pivot: Int32Array;
  positive: number;
  negative: number;
  /** Pivots that were lifted to `smallest`. */
  lifted: number;
  readonly work: { front: Float64Array; stack: Float64Array; vector: Float64Array };
}

const ALPHA = (1 + Math.sqrt(17)) / 8;

export function newFactor(symbolic: Symbolic): Factor {
  return {
    symbolic,
    panel: new Float64Array(symbolic.factorEntries),
    d: new Float64Array(symbolic.size),
    e: new Float64Array(symbolic.size),
    pivot: new Int32Array(symbolic.size),
    positive: 0,
    negative: 0,
    lifted: 0,
    work: {
      front: new Float64Array(symbolic.largestFront * symbolic.largestFront),
      stack: new Float64Array(1024),
      vector: new Float64Array(symbolic.size + symbolic.largestFront),
    },
  };
}

/**
 * Factorises the matrix whose k-th coordinate entry has `values[k]`. Pivots smaller than `smallest` (absolute; default 1e-14 of the largest
 * value) are lifted to it with their sign.
 */
export function factorize(factor: Factor, values: Float64Array, smallest?: number): Factor {
  const s = factor.symbolic;
  let tiny = smallest ?? 0;
  if (smallest === undefined) {
    for (let k = 0; k < values.length; k++) tiny = Math.max(tiny, Math.abs(values[k]));
    tiny *= 1e-14;
  }
  if (!(tiny > 0)) tiny = Number.MIN_VALUE * 2 ** 60;
  factor.positive = 0;
  factor.negative = 0;
  factor.lifted = 0;
  const { front } = factor.work;
  const heights = s.first.length - 1;
  let top = 0;
  for (let node = 0; node < heights; node++) {
    const width = s.first[node + 1] - s.first[node];
    const height = width + s.belowStarts[node + 1] - s.belowStarts[node];
    front.fill(0, 0, height * height);
    for (let k = s.entryStarts[node]; k < s.entryStarts[node + 1]; k++) front[s.entryPlace[k]] += values[s.entry[k]];
    for (let c = s.childStarts[node]; c < s.childStarts[node + 1]; c++) {
      const child = s.children[c];
      const from = s.belowStarts[child];
      const size = s.belowStarts[child + 1] - from;
      top -= size * size;
      addChild(front, height, factor.work.stack, top, size, s.parentPosition, from);
    }
    eliminate(factor, front, height, width, s.first[node], tiny);
    const panelAt = s.panelStarts[node];
    factor.panel.set(front.subarray(0, width * height), panelAt);
    const rest = height - width;
    if (rest === 0) continue;
    if (top + rest * rest > factor.work.stack.length) {
      const bigger = new Float64Array((top + rest * rest) * 2);
      bigger.set(factor.work.stack.subarray(0, top));
      factor.work.stack = bigger;
    }
    const stack = factor.work.stack;
    updateRest(factor, front, height, width, s.first[node]);
    for (let j = 0; j < rest; j++) {
      const column = (width + j) * height + width;
      for (let i = j; i < rest; i++) stack[top + j * rest + i] = front[column + i];
    }
    top += rest * rest;
  }
  return factor;
}

function addChild(
  front: Float64Array,
  height: number,
  stack: Float64Array,
  top: number,
  size: number,
  position: Int32Array,
  from: number,
): void {
  for (let j = 0; j < size; j++) {
    const column = position[from + j] * height;
    const source = top + j * size;
    for (let i = j; i < size; i++) front[column + position[from + i]] += stack[source + i];
  }
}

/** Pivots the first `width` columns of the front; leaves L (with unit diagonal implied) in them and D in the factor. */
function eliminate(
  factor: Factor,
  a: Float64Array,
  height: number,
  width: number,
  firstColumn: number,
  tiny: number,
): void {
  const { d, e, pivot } = factor;
  for (let k = 0; k < width; k++) pivot[firstColumn + k] = k;
  let k = 0;
  while (k < width) {
    let largest = 0;
    let r = k;
    for (let i = k + 1; i < width; i++) {
      const x = Math.abs(a[k * height + i]);
      if (x > largest) {
        largest = x;
        r = i;
      }
    }
    const own = Math.abs(a[k * height + k]);
    let two = false;
    if (largest > 0 && own < ALPHA * largest) {
      let other = 0;
      for (let j = k; j < r; j++) other = Math.max(other, Math.abs(a[j * height + r]));
      for (let i = r + 1; i < width; i++) other = Math.max(other, Math.abs(a[r * height + i]));
      if (own * other < ALPHA * largest * largest) {
        if (Math.abs(a[r * height + r]) >= ALPHA * other) swap(a, height, k, r, pivot, firstColumn);
        else {
          two = true;
          swap(a, height, k + 1, r, pivot, firstColumn);
        }
      }
    }
    const column = k * height;
    if (two) {
      const p = a[column + k];
      const q = a[column + k + 1];
      const s = a[column + height + k + 1];
      const determinant = p * s - q * q;
      d[firstColumn + k] = p;
      d[firstColumn + k + 1] = s;
      e[firstColumn + k] = q;
      e[firstColumn + k + 1] = 0;
      if (determinant < 0) {
        factor.positive += 1;
        factor.negative += 1;
      } else if (p + s > 0) factor.positive += 2;
      else factor.negative += 2;
      const c0 = column;
      const c1 = column + height;
      for (let j = k + 2; j < width; j++) {
        const x = a[c0 + j];
        const y = a[c1 + j];
        if (x === 0 && y === 0) continue;
        const lx = (s * x - q * y) / determinant;
        const ly = (p * y - q * x) / determinant;
        const target = j * height;
        for (let i = j; i < height; i++) a[target + i] -= a[c0 + i] * lx + a[c1 + i] * ly;
      }
      for (let i = k + 2; i < height; i++) {
        const x = a[c0 + i];
        const y = a[c1 + i];
        a[c0 + i] = (s * x - q * y) / determinant;
        a[c1 + i] = (p * y - q * x) / determinant;
      }
      k += 2;
      continue;
    }
    let p = a[column + k];
    if (!(Math.abs(p) >= tiny)) {
      p = p < 0 ? -tiny : tiny;
      factor.lifted += 1;
    }
    if (p > 0) factor.positive += 1;
    else factor.negative += 1;
    d[firstColumn + k] = p;
    e[firstColumn + k] = 0;
    for (let j = k + 1; j < width; j++) {
      const x = a[column + j];
      if (x === 0) continue;
      const l = x / p;
      const target = j * height;
      for (let i = j; i < height; i++) a[target + i] -= a[column + i] * l;
    }
    for (let i = k + 1; i < height; i++) a[column + i] /= p;
    k += 1;
  }
}

/** Symmetric exchange of rows and columns k < r (lower triangle, column-major). */
function swap(a: Float64Array, height: number, k: number, r: number, pivot: Int32Array, firstColumn: number): void {
  if (k === r) return;
  for (let j = 0; j < k; j++) {
    const t = a[j * height + k];
    a[j * height + k] = a[j * height + r];
    a[j * height + r] = t;
  }
  for (let j = k + 1; j < r; j++) {
    const t = a[k * height + j];
    a[k * height + j] = a[j * height + r];
    a[j * height + r] = t;
  }
  for (let i = r + 1; i < height; i++) {
    const t = a[k * height + i];
    a[k * height + i] = a[r * height + i];
    a[r * height + i] = t;
  }
  const t = a[k * height + k];
  a[k * height + k] = a[r * height + r];
  a[r * height + r] = t;
  const x = pivot[firstColumn + k];
  pivot[firstColumn + k] = pivot[firstColumn + r];
  pivot[firstColumn + r] = x;
}

/** The remainder of the front: C -= L D L', four pivots a pass. */
function updateRest(factor: Factor, a: Float64Array, height: number, width: number, firstColumn: number): void {
  const { d, e } = factor;
  const w = factor.work.vector;
  for (let j = width; j < height; j++) {
    for (let k = 0; k < width; k++) {
      const diagonal = d[firstColumn + k];
      if (e[firstColumn + k] !== 0) {
        const off = e[firstColumn + k];
        const x = a[k * height + j];
        const y = a[(k + 1) * height + j];
        w[k] = diagonal * x + off * y;
        w[k + 1] = off * x + d[firstColumn + k + 1] * y;
        k += 1;
      } else w[k] = diagonal * a[k * height + j];
    }
    const target = j * height;
    let k = 0;
    for (; k + 3 < width; k += 4) {
      const w0 = w[k];
      const w1 = w[k + 1];
      const w2 = w[k + 2];
      const w3 = w[k + 3];
      if (w0 === 0 && w1 === 0 && w2 === 0 && w3 === 0) continue;
      const c0 = k * height;
      const c1 = c0 + height;
      const c2 = c1 + height;
      const c3 = c2 + height;
      for (let i = j; i < height; i++)
        a[target + i] -= a[c0 + i] * w0 + a[c1 + i] * w1 + a[c2 + i] * w2 + a[c3 + i] * w3;
    }
    for (; k < width; k++) {
      const wk = w[k];
      if (wk === 0) continue;
      const c = k * height;
      for (let i = j; i < height; i++) a[target + i] -= a[c + i] * wk;
    }
  }
}

/** Solves with the factors: writes x for right-hand side b (both in the old order; may be the same array). */
export function solve(factor: Factor, b: Float64Array, x: Float64Array): void {
  const { symbolic: s, panel, d, e, pivot } = factor;
  const n = s.size;
  const y = factor.work.vector;
  for (let k = 0; k < n; k++) y[k] = b[s.order[k]];
  const count = s.first.length - 1;
  const local = factor.work.front;
  for (let node = 0; node < count; node++) {
    const c0 = s.first[node];
    const width = s.first[node + 1] - c0;
    const from = s.belowStarts[node];
    const rest = s.belowStarts[node + 1] - from;
    const height = width + rest;
    for (let k = 0; k < width; k++) local[k] = y[c0 + pivot[c0 + k]];
    for (let k = 0; k < width; k++) y[c0 + k] = local[k];
    for (let k = 0; k < width; k++) {
      const v = y[c0 + k];
      if (v === 0) continue;
      const column = s.panelStarts[node] + k * height;
      const startRow = e[c0 + k] !== 0 ? k + 2 : k + 1;
      for (let i = startRow; i < width; i++) y[c0 + i] -= panel[column + i] * v;
      for (let i = 0; i < rest; i++) y[s.below[from + i]] -= panel[column + width + i] * v;
    }
  }
  for (let k = 0; k < n; k++) {
    if (e[k] !== 0) {
      const determinant = d[k] * d[k + 1] - e[k] * e[k];
      const u = y[k];
      const v = y[k + 1];
      y[k] = (d[k + 1] * u - e[k] * v) / determinant;
      y[k + 1] = (d[k] * v - e[k] * u) / determinant;
      k += 1;
    } else y[k] /= d[k];
  }
  for (let node = count - 1; node >= 0; node--) {
    const c0 = s.first[node];
    const width = s.first[node + 1] - c0;
    const from = s.belowStarts[node];
    const rest = s.belowStarts[node + 1] - from;
    const height = width + rest;
    for (let k = width - 1; k >= 0; k--) {
      const column = s.panelStarts[node] + k * height;
      let v = y[c0 + k];
      const startRow = e[c0 + k] !== 0 ? k + 2 : k + 1;
      for (let i = startRow; i < width; i++) v -= panel[column + i] * y[c0 + i];
      for (let i = 0; i < rest; i++) v -= panel[column + width + i] * y[s.below[from + i]];
      y[c0 + k] = v;
    }
    for (let k = 0; k < width; k++) local[k] = y[c0 + k];
    for (let k = 0; k < width; k++) y[c0 + pivot[c0 + k]] = local[k];
  }
  for (let k = 0; k < n; k++) x[s.order[k]] = y[k];
}

/** out = b - A x for the coordinate entries (each off-diagonal entry stands for both triangles); returns the largest |out|. */
export function residual(
  symbolic: Symbolic,
  values: Float64Array,
  x: Float64Array,
  b: Float64Array,
  out: Float64Array,
): number {
  const { rows, cols } = symbolic;
  out.set(b);
  for (let k = 0; k < values.length; k++) {
    const i = rows[k];
    const j = cols[k];
    out[i] -= values[k] * x[j];
    if (i !== j) out[j] -= values[k] * x[i];
  }
  let worst = 0;
  for (let i = 0; i < out.length; i++) worst = Math.max(worst, Math.abs(out[i]));
  return worst;
}

/**
 * Solves A x = b with iterative refinement until the residual is below `tolerance` of max|b| or stops falling; A may differ from what was
 * factorised (by regularisation). Returns the final residual, relative to max|b|.
 */
export function solveRefined(
  factor: Factor,
  values: Float64Array,
  b: Float64Array,
  x: Float64Array,
  tolerance = 1e-12,
  steps = 5,
): number {
  const n = b.length;
  const r = new Float64Array(n);
  const correction = new Float64Array(n);
  let scale = 0;
  for (let i = 0; i < n; i++) scale = Math.max(scale, Math.abs(b[i]));
  solve(factor, b, x);
  if (scale === 0) return 0;
  let worst = residual(factor.symbolic, values, x, b, r) / scale;
  for (let step = 0; step < steps && worst > tolerance; step++) {
    solve(factor, r, correction);
    for (let i = 0; i < n; i++) correction[i] += x[i];
    const next = residual(factor.symbolic, values, correction, b, r) / scale;
    if (!(next < worst)) break;
    x.set(correction);
    worst = next;
  }
  return worst;
}
