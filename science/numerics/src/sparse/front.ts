// A dense front of the multifrontal method: Bunch-Kaufman pivots (1x1 and 2x2) among its first columns, and what is left for the parent.
// Bunch and Kaufman, Math. Comp. 31:163 (1977). Lower triangle, column-major, `height` rows.
import type { Factor } from './factor.ts';

/** At least this part of the largest number of its column makes a pivot of its own: bounds the growth. */
const ALPHA = (1 + Math.sqrt(17)) / 8;

/** Pivots the first `width` columns of the front; leaves L (with unit diagonal implied) in them and D in the factor. */
export function eliminate(
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
export function updateRest(factor: Factor, a: Float64Array, height: number, width: number, firstColumn: number): void {
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
