// (I - c J) x = b for a step of the integration. Loadings act on their own cell only: eliminating them first leaves a band of three unknowns a cell, factorised with partial pivoting
// (Golub and Van Loan, 4.3.5). Row i of the working band holds columns i - REACH to i + 2 REACH.
import { B, cells, E, get, I, J, L, LU, PIVOT, put, Q, REACH, SLOPES, SWAP, U, V, WIDTH, XR } from './memory';

const ROW: i32 = WIDTH << 3;
const MULTIPLIERS: i32 = REACH << 3;
const UPPER: i32 = REACH << 4;

/** Factorises I - c J, by the slopes that `jacobian` left; false when it is singular. */
export function factor(c: f64): bool {
  memory.fill(LU, 0, <usize>(ROW * 3 * cells + 16));
  for (let k = 0; k < cells; k++) {
    const own = J + (SLOPES << 3) * k + 600;
    const d00 = 1 - c * get(own, 3), d01 = -c * get(own, 4), d10 = -c * get(own, 8), d11 = 1 - c * get(own, 9);
    const det = d00 * d11 - d01 * d10;
    if (!(abs(det) > 0)) return false;
    const inverse = I + 32 * k;
    const i00 = d11 / det, i01 = -d01 / det, i10 = -d10 / det, i11 = d00 / det;
    put(inverse, 0, i00); put(inverse, 1, i01); put(inverse, 2, i10); put(inverse, 3, i11);
    const e = E + 48 * k;
    for (let s = 0; s < 3; s++) {
      const c0 = -c * get(own, s), c1 = -c * get(own, 5 + s);
      put(e, s, i00 * c0 + i01 * c1);
      put(e, 3 + s, i10 * c0 + i11 * c1);
    }
    for (let i = max(0, k - 2); i <= min(cells - 1, k + 2); i++) {
      for (let r = 0; r < 3; r++) {
        const from = J + (SLOPES << 3) * i + 200 * r + 40 * (k - i + 2);
        const v0 = -c * load<f64>(from, 24), v1 = -c * load<f64>(from, 32);
        const b = B + 16 * ((k * 5 + i - k + 2) * 3 + r);
        store<f64>(b, v0); store<f64>(b, v1, 8);
        const to = i * 3 + r;
        const base = LU + ROW * to + ((3 * k - to + REACH) << 3);
        for (let s = 0; s < 3; s++) put(base, s, -c * get(from, s) - v0 * get(e, s) - v1 * get(e, 3 + s));
      }
    }
  }
  const n = 3 * cells;
  for (let i = 0; i < n; i++) { const at = LU + ROW * i + MULTIPLIERS; store<f64>(at, load<f64>(at) + 1); }
  return eliminate(n);
}

/** Is any row exchanged with a later one by the present factors? Then rows of U reach further. */
export let exchanged = false;

function eliminate(n: i32): bool {
  let right = 0;
  exchanged = false;
  for (let k = 0; k < n; k++) {
    const last = min(n - 1, k + REACH);
    let row = LU + ROW * k + MULTIPLIERS;
    let p = k, best = abs(load<f64>(row));
    for (let i = k + 1, at = row + ROW - 8; i <= last; i++, at += ROW - 8) {
      const v = abs(load<f64>(at));
      if (v > best) { best = v; p = i; }
    }
    if (!(best > 0) || best == Infinity) return false;
    store<i32>(SWAP + (k << 2), p - k);
    right = max(right, min(n - 1, p + REACH));
    if (p != k) {
      exchanged = true;
      const other = row + (ROW - 8) * (p - k);
      for (let j = 0; j <= right - k; j++) { const t = get(row, j); put(row, j, get(other, j)); put(other, j, t); }
    }
    const inverse = 1 / load<f64>(row);
    put(PIVOT, k, inverse);
    const pairs = (right - k + 1) >> 1;
    // Row k of U, beyond the pivot: zero where no pivot has reached.
    const u = U + UPPER * k;
    for (let j = 0; j < REACH; j++) v128.store(u + (j << 4), j < pairs ? v128.load(row + 8 + (j << 4)) : f64x2.splat(0));
    if (right == n - 1) for (let j = n - k - 1; j < 2 * pairs; j++) put(u, j, 0);
    const multipliers = L + MULTIPLIERS * k;
    for (let i = k + 1, at = row + ROW - 8; i <= k + REACH; i++, at += ROW - 8) {
      const f = i <= last ? load<f64>(at) * inverse : 0.0;
      put(multipliers, i - k - 1, f);
      if (f == 0) continue;
      const by = f64x2.splat(f);
      for (let j = 0; j < pairs; j++) {
        const to = at + 8 + (j << 4);
        v128.store(to, f64x2.sub(v128.load(to), f64x2.mul(by, v128.load(u + (j << 4)))));
      }
    }
  }
  return true;
}

/** Overwrites V with the solution for the right side in it. */
export function solve(): void {
  solveBy(L, U, UPPER, exchanged, PIVOT, SWAP, B, E, I);
}

/** The same by factors that lie elsewhere: rows of U `row` bytes apart, `far` when they go beyond REACH. */
export function solveBy(L: usize, U: usize, row: usize, far: bool, PIVOT: usize, SWAP: usize, B: usize, E: usize, I: usize): void {
  const n = 3 * cells;
  for (let k = 0; k < cells; k++) {
    const y = V + 40 * k, i = I + 32 * k;
    const q0 = load<f64>(y, 24), q1 = load<f64>(y, 32);
    put(Q, 2 * k, get(i, 0) * q0 + get(i, 1) * q1);
    put(Q, 2 * k + 1, get(i, 2) * q0 + get(i, 3) * q1);
    for (let s = 0; s < 3; s++) put(XR, 3 * k + s, get(y, s));
  }
  for (let k = 0; k < cells; k++) {
    const t0 = get(Q, 2 * k), t1 = get(Q, 2 * k + 1);
    const first = max(0, k - 2);
    let b = B + 48 * (k * 5 + first - k + 2);
    for (let i = 3 * first; i < 3 * min(cells, k + 3); i++, b += 16) put(XR, i, get(XR, i) - load<f64>(b) * t0 - load<f64>(b, 8) * t1);
  }
  memory.fill(XR + (n << 3), 0, 2 * REACH * 8);
  for (let k = 0, x = XR; k < n; k++, x += 8) {
    const p = load<i32>(SWAP + (k << 2));
    const t = get(x, p);
    if (p != 0) { put(x, p, load<f64>(x)); store<f64>(x, t); }
    if (t == 0) continue;
    const l = L + MULTIPLIERS * k;
    store<f64>(x, load<f64>(x, 8) - t * load<f64>(l), 8);
    store<f64>(x, load<f64>(x, 16) - t * load<f64>(l, 8), 16);
    store<f64>(x, load<f64>(x, 24) - t * load<f64>(l, 16), 24);
    store<f64>(x, load<f64>(x, 32) - t * load<f64>(l, 24), 32);
    store<f64>(x, load<f64>(x, 40) - t * load<f64>(l, 32), 40);
    store<f64>(x, load<f64>(x, 48) - t * load<f64>(l, 40), 48);
    store<f64>(x, load<f64>(x, 56) - t * load<f64>(l, 48), 56);
    store<f64>(x, load<f64>(x, 64) - t * load<f64>(l, 56), 64);
  }
  memory.fill(XR + (n << 3), 0, 2 * REACH * 8);
  for (let k = n - 1; k >= 0; k--) {
    const x = XR + (k << 3), u = U + row * k;
    let a = load<f64>(u, 56) * load<f64>(x, 64) + load<f64>(u, 48) * load<f64>(x, 56);
    let b = load<f64>(u, 40) * load<f64>(x, 48) + load<f64>(u, 32) * load<f64>(x, 40);
    a += load<f64>(u, 24) * load<f64>(x, 32);
    b += load<f64>(u, 16) * load<f64>(x, 24);
    if (far) for (let j = REACH; j < 2 * REACH; j++) a += get(u, j) * get(x, j + 1);
    a = load<f64>(x) - (a + b) - load<f64>(u, 8) * load<f64>(x, 16);
    store<f64>(x, (a - load<f64>(u) * load<f64>(x, 8)) * get(PIVOT, k));
  }
  for (let k = 0; k < cells; k++) {
    const y = V + 40 * k, e = E + 48 * k;
    let q0 = get(Q, 2 * k), q1 = get(Q, 2 * k + 1);
    for (let s = 0; s < 3; s++) {
      const v = get(XR, 3 * k + s);
      put(y, s, v);
      q0 -= get(e, s) * v;
      q1 -= get(e, 3 + s) * v;
    }
    store<f64>(y, q0, 24);
    store<f64>(y, q1, 32);
  }
}
