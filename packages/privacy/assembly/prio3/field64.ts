// Field64, p = 2^64 - 2^32 + 1: 2^64 = 2^32 - 1 and 2^96 = -1 modulo p, so a product is reduced without multiplying.
// Elements in memory are 8 bytes, always below p.

export const P64: u64 = 0xffffffff00000001;
const EPSILON: u64 = 0xffffffff;
/** Generates the subgroup of order 2^32: 7^4294967295. */
export const GENERATOR64: u64 = 0x185629dcda58878c;

// @ts-ignore: decorator
@inline
export function add64(a: u64, b: u64): u64 {
  const t = P64 - b;
  const d = a - t;
  return d + (a < t ? P64 : 0);
}

// @ts-ignore: decorator
@inline
export function sub64(a: u64, b: u64): u64 {
  const d = a - b;
  return d + (a < b ? P64 : 0);
}

// @ts-ignore: decorator
@inline
export function mul64(a: u64, b: u64): u64 {
  const a0 = a & EPSILON;
  const a1 = a >>> 32;
  const b0 = b & EPSILON;
  const b1 = b >>> 32;
  const low = a * b;
  const middle = a1 * b0 + ((a0 * b0) >>> 32);
  const other = a0 * b1 + (middle & EPSILON);
  const high = a1 * b1 + (middle >>> 32) + (other >>> 32);
  // low + high * 2^64, with high = h1 * 2^32 + h0: low - h1 + h0 * (2^32 - 1)
  const h1 = high >>> 32;
  const h0 = high & EPSILON;
  let t = low - h1;
  t -= low < h1 ? EPSILON : 0;
  const u = (h0 << 32) - h0;
  let r = t + u;
  r += r < u ? EPSILON : 0;
  return r >= P64 ? r - P64 : r;
}
