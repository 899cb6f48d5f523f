// The kernel of masked sum: fixed-point encoding minus a mask, and addition, in the rings of 2^32 and 2^64, over offsets into one memory.
// packages/privacy/src/maskedsum/kernel.ts says what each function does; its plain twin gives the same bytes.
// asc: --enable simd --initialMemory 4

// @ts-ignore: decorator
@inline
function encodePair(x: v128, low: v128, high: v128, scale: v128): v128 {
  return f64x2.nearest(f64x2.mul(f64x2.pmin(f64x2.pmax(x, low), high), scale));
}

// @ts-ignore: decorator
@inline
function outside(x: v128, low: v128, high: v128): v128 {
  return v128.or(f64x2.lt(x, low), f64x2.gt(x, high));
}

// @ts-ignore: decorator
@inline
function outcome(nan: v128, clipped: v128): i32 {
  return v128.any_true(nan) ? -1 : i32(i64x2.extract_lane(clipped, 0) + i64x2.extract_lane(clipped, 1));
}

/** mask[i] = round(clip(values[i]) * scale) - mask[i] modulo 2^32. n is a multiple of 4. Returns how many were clipped, or -1 for a NaN. */
export function encode32from32(values: usize, mask: usize, n: u32, clip: f64, scale: f64): i32 {
  if (<f64>(<f32>clip) == clip && isPowerOfTwo(scale)) return encodeSingle(values, mask, n, <f32>clip, <f32>scale);
  const high = f64x2.splat(clip);
  const low = f64x2.splat(-clip);
  const s = f64x2.splat(scale);
  let clipped = i64x2.splat(0);
  let nan = i64x2.splat(0);
  for (let i: u32 = 0; i < n; i += 4) {
    const four = v128.load(values + (i << 2));
    const a = f64x2.promote_low_f32x4(four);
    const b = f64x2.promote_low_f32x4(i64x2.shuffle(four, four, 1, 0));
    nan = v128.or(nan, f32x4.ne(four, four));
    clipped = i64x2.sub(i64x2.sub(clipped, outside(a, low, high)), outside(b, low, high));
    const qa = i32x4.trunc_sat_f64x2_s_zero(encodePair(a, low, high, s));
    const qb = i32x4.trunc_sat_f64x2_s_zero(encodePair(b, low, high, s));
    const at = mask + (i << 2);
    v128.store(at, i32x4.sub(i64x2.shuffle(qa, qb, 0, 2), v128.load(at)));
  }
  return outcome(nan, clipped);
}

/** A power of two from 2^-100 to 2^100. */
function isPowerOfTwo(x: f64): bool {
  const bits = reinterpret<u64>(x);
  const exponent = i32(bits >>> 52) - 1023;
  return (bits & 0xfffffffffffff) == 0 && exponent >= -100 && exponent <= 100;
}

/**
 * The same in single precision, where that loses nothing: the scale only moves the exponent, and what is too large for 24 bits is whole.
 * (A value so small that the product is subnormal rounds to zero either way.)
 */
function encodeSingle(values: usize, mask: usize, n: u32, clip: f32, scale: f32): i32 {
  const high = f32x4.splat(clip);
  const low = f32x4.splat(-clip);
  const s = f32x4.splat(scale);
  let clipped = i32x4.splat(0);
  let nan = i32x4.splat(0);
  for (let i: u32 = 0; i < n; i += 4) {
    const x = v128.load(values + (i << 2));
    nan = v128.or(nan, f32x4.ne(x, x));
    clipped = i32x4.sub(clipped, v128.or(f32x4.lt(x, low), f32x4.gt(x, high)));
    const q = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(f32x4.pmin(f32x4.pmax(x, low), high), s)));
    const at = mask + (i << 2);
    v128.store(at, i32x4.sub(q, v128.load(at)));
  }
  if (v128.any_true(nan)) return -1;
  return (
    i32x4.extract_lane(clipped, 0) +
    i32x4.extract_lane(clipped, 1) +
    i32x4.extract_lane(clipped, 2) +
    i32x4.extract_lane(clipped, 3)
  );
}

export function encode32from64(values: usize, mask: usize, n: u32, clip: f64, scale: f64): i32 {
  const high = f64x2.splat(clip);
  const low = f64x2.splat(-clip);
  const s = f64x2.splat(scale);
  let clipped = i64x2.splat(0);
  let nan = i64x2.splat(0);
  for (let i: u32 = 0; i < n; i += 4) {
    const a = v128.load(values + (i << 3));
    const b = v128.load(values + (i << 3), 16);
    nan = v128.or(nan, v128.or(f64x2.ne(a, a), f64x2.ne(b, b)));
    clipped = i64x2.sub(i64x2.sub(clipped, outside(a, low, high)), outside(b, low, high));
    const qa = i32x4.trunc_sat_f64x2_s_zero(encodePair(a, low, high, s));
    const qb = i32x4.trunc_sat_f64x2_s_zero(encodePair(b, low, high, s));
    const at = mask + (i << 2);
    v128.store(at, i32x4.sub(i64x2.shuffle(qa, qb, 0, 2), v128.load(at)));
  }
  return outcome(nan, clipped);
}

// @ts-ignore: decorator
@inline
function encode64(x: f64, at: usize, clip: f64, scale: f64): void {
  const q = <i64>nearest(min(max(x, -clip), clip) * scale);
  store<i64>(at, q - load<i64>(at));
}

export function encode64from32(values: usize, mask: usize, n: u32, clip: f64, scale: f64): i32 {
  let clipped = 0;
  let nan = false;
  for (let i: u32 = 0; i < n; i++) {
    const x = <f64>load<f32>(values + (i << 2));
    nan = nan || x != x;
    clipped += i32(x > clip) + i32(x < -clip);
    encode64(x, mask + (i << 3), clip, scale);
  }
  return nan ? -1 : clipped;
}

export function encode64from64(values: usize, mask: usize, n: u32, clip: f64, scale: f64): i32 {
  let clipped = 0;
  let nan = false;
  for (let i: u32 = 0; i < n; i++) {
    const x = load<f64>(values + (i << 3));
    nan = nan || x != x;
    clipped += i32(x > clip) + i32(x < -clip);
    encode64(x, mask + (i << 3), clip, scale);
  }
  return nan ? -1 : clipped;
}

/** target[i] += source[i]; `bytes` is a multiple of 16. */
export function add32(target: usize, source: usize, bytes: u32): void {
  for (const end = target + bytes; target < end; target += 16, source += 16)
    v128.store(target, i32x4.add(v128.load(target), v128.load(source)));
}

export function sub32(target: usize, source: usize, bytes: u32): void {
  for (const end = target + bytes; target < end; target += 16, source += 16)
    v128.store(target, i32x4.sub(v128.load(target), v128.load(source)));
}

export function add64(target: usize, source: usize, bytes: u32): void {
  for (const end = target + bytes; target < end; target += 16, source += 16)
    v128.store(target, i64x2.add(v128.load(target), v128.load(source)));
}

export function sub64(target: usize, source: usize, bytes: u32): void {
  for (const end = target + bytes; target < end; target += 16, source += 16)
    v128.store(target, i64x2.sub(v128.load(target), v128.load(source)));
}

/** First byte that this module does not use itself. */
export function base(): usize {
  return __heap_base;
}
