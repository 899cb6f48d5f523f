// Field128, p = 2^128 - 28 * 2^64 + 1. Elements in memory are 16 bytes, low word first, always below p.
// Multiplication is Montgomery's with R = 2^128: mulTo gives a * b / R. Since p = 1 modulo 2^64, the quotient words need no
// multiplication but by 28. A product of a plain element with a lifted one (x * R) is plain: only constants are ever lifted.

const LOW: u64 = 1;
const HIGH: u64 = 0xffffffffffffffe4;
const M: u64 = 0xffffffff;

/** R and R^2 modulo p, and R times the generator of the subgroup of order 2^66, 7^4611686018427387897. */
export const ONE_LOW: u64 = 0xffffffffffffffff;
export const ONE_HIGH: u64 = 0x1b;
export const RR_LOW: u64 = 0xfffffffffffffcf1;
export const RR_HIGH: u64 = 0x5587;
export const GENERATOR_LOW: u64 = 0xf0111fb98c6b9875;
export const GENERATOR_HIGH: u64 = 0x50f8f7f554db309c;

// @ts-ignore: decorator
@inline
export function addTo128(out: usize, a: usize, b: usize): void {
  // a - (p - b), plus p if that is below zero
  const b0 = load<u64>(b);
  const a0 = load<u64>(a);
  const a1 = load<u64>(a, 8);
  const t0 = LOW - b0;
  const t1 = HIGH - load<u64>(b, 8) - u64(b0 > LOW);
  subtract(out, a0, a1, t0, t1);
}

// @ts-ignore: decorator
@inline
export function subTo128(out: usize, a: usize, b: usize): void {
  subtract(out, load<u64>(a), load<u64>(a, 8), load<u64>(b), load<u64>(b, 8));
}

// @ts-ignore: decorator
@inline
function subtract(out: usize, a0: u64, a1: u64, b0: u64, b1: u64): void {
  const d0 = a0 - b0;
  const borrow = u64(a0 < b0);
  const d1 = a1 - b1 - borrow;
  const below = a1 < b1 || (a1 == b1 && borrow != 0);
  const mask: u64 = below ? 0xffffffffffffffff : 0;
  const r0 = d0 + (mask & LOW);
  store<u64>(out, r0);
  store<u64>(out, d1 + (mask & HIGH) + u64(r0 < d0), 8);
}

/** High word of 28 * x. */
// @ts-ignore: decorator
@inline
function high28(x: u64): u64 {
  return ((x >>> 5) * 28 + (((x & 31) * 28) >>> 5)) >>> 59;
}

/** High word of x * y. */
// @ts-ignore: decorator
@inline
function high(x: u64, y: u64): u64 {
  const x0 = x & M;
  const x1 = x >>> 32;
  const y0 = y & M;
  const y1 = y >>> 32;
  const middle = x1 * y0 + ((x0 * y0) >>> 32);
  const other = x0 * y1 + (middle & M);
  return x1 * y1 + (middle >>> 32) + (other >>> 32);
}

// @ts-ignore: decorator
@inline
export function mulTo128(out: usize, a: usize, b: usize): void {
  const a0 = load<u64>(a);
  const a1 = load<u64>(a, 8);
  const b0 = load<u64>(b);
  const b1 = load<u64>(b, 8);
  // (t3, t2, t1, t0) = a * b
  const t0 = a0 * b0;
  const x = high(a0, b0);
  const y = a0 * b1;
  const z = a1 * b0;
  const s = x + y;
  const t1 = s + z;
  const carry1 = u64(s < x) + u64(t1 < z);
  const u = high(a0, b1);
  const v = high(a1, b0);
  const w = a1 * b1;
  const s2 = u + v;
  const s3 = s2 + w;
  const t2 = s3 + carry1;
  const t3 = high(a1, b1) + u64(s2 < u) + u64(s3 < w) + u64(t2 < carry1);
  // q = (q1, t0) with q * p = (t1, t0) modulo R; (a * b - q * p) / R = (t3, t2) - q + floor(28 * q / 2^64) + c, above -p and below p
  const l0 = t0 * 28;
  const q1 = t1 + l0;
  const h0 = high28(t0);
  const l1 = q1 * 28;
  const h1 = l1 + h0;
  const h2 = high28(q1) + u64(h1 < l1);
  const c = u64(q1 < l0);
  const d0 = t2 - t0;
  const borrow0 = u64(t2 < t0);
  const e1 = t3 - q1;
  const borrow1 = u64(t3 < q1);
  const d1 = e1 - borrow0;
  const borrow = borrow1 + u64(e1 < borrow0);
  const f0 = d0 + h1;
  const carry2 = u64(f0 < h1);
  const g0 = f0 + c;
  const k = carry2 + u64(g0 < c);
  const f1 = d1 + h2;
  const g1 = f1 + k;
  const carry = u64(f1 < h2) + u64(g1 < k);
  const mask: u64 = borrow != carry ? 0xffffffffffffffff : 0;
  const r0 = g0 + (mask & LOW);
  store<u64>(out, r0);
  store<u64>(out, g1 + (mask & HIGH) + u64(r0 < g0), 8);
}

// @ts-ignore: decorator
@inline
export function reduced128(a: usize): bool {
  const a1 = load<u64>(a, 8);
  return a1 < HIGH || (a1 == HIGH && load<u64>(a) < LOW);
}

/** out = a / 2 */
export function halve128(out: usize, a: usize): void {
  const a0 = load<u64>(a);
  const a1 = load<u64>(a, 8);
  // An odd number plus p is even; the 129th bit of the sum comes back as the top bit.
  const odd = a0 & 1;
  const mask: u64 = 0 - odd;
  const s0 = a0 + (mask & LOW);
  const carry0 = u64(s0 < a0);
  const s1 = a1 + (mask & HIGH);
  const carry1 = u64(s1 < a1);
  const r1 = s1 + carry0;
  const top = carry1 + u64(r1 < s1);
  store<u64>(out, (s0 >>> 1) | (r1 << 63));
  store<u64>(out, (r1 >>> 1) | (top << 63), 8);
}
