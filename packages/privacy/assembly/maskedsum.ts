// The kernel of masked sum: fixed-point encoding minus a mask, and addition, in the rings of 2^32 and 2^64, over offsets into one memory.
// packages/privacy/src/maskedsum/kernel.ts says what each function does; its plain twin gives the same bytes.
// asc: --enable simd --initialMemory 4

/**
 * Added to a number below 2^22 (single) or 2^51 (double) in size, these leave it rounded half to even in the low bits: one addition, no conversion.
 * They lie in memory since V8 makes a constant vector anew in every turn of a loop, which halves the speed.
 */
const singleMagic = memory.data<f32>([12582912.0]); // 1.5 * 2^23
const doubleMagic = memory.data<f64>([6755399441055744.0]); // 1.5 * 2^52
const SINGLE_REACH: f64 = 4194304.0; // 2^22
const DOUBLE_REACH: f64 = 2251799813685248.0; // 2^51

/** Two doubles, rounded: each in a lane of 64 bits, two's complement. */
// @ts-ignore: decorator
@inline
function rounded(inside: v128, scale: v128, magic: v128): v128 {
  return i64x2.sub(f64x2.add(f64x2.mul(inside, scale), magic), magic);
}

// @ts-ignore: decorator
@inline
function clip2(x: v128, low: v128, high: v128): v128 {
  return f64x2.pmin(f64x2.pmax(x, low), high);
}

/** How many lanes were counted as moved, or -1 if one was no number. */
// @ts-ignore: decorator
@inline
function outcome(nan: v128, moved: v128): i32 {
  return v128.any_true(nan) ? -1 : i32(i64x2.extract_lane(moved, 0) + i64x2.extract_lane(moved, 1));
}

/** mask[i] = round(clip(values[i]) * scale) - mask[i] modulo 2^32. n is a multiple of 4. Returns how many were clipped, or -1 for a NaN. */
export function encode32from32(values: usize, mask: usize, n: u32, clip: f64, scale: f64): i32 {
  // In single precision where that loses nothing: the scale only moves the exponent. (What is so small that the product is subnormal rounds to zero.)
  if (<f64>(<f32>clip) == clip && isPowerOfTwo(scale) && clip * scale <= SINGLE_REACH)
    return encodeSingle(values, mask, n, <f32>clip, <f32>scale);
  const high = f64x2.splat(clip);
  const low = f64x2.splat(-clip);
  const s = f64x2.splat(scale);
  const magic = f64x2.splat(load<f64>(doubleMagic));
  let moved = i64x2.splat(0);
  let nan = i64x2.splat(0);
  for (const end = mask + (n << 2); mask < end; mask += 16, values += 16) {
    const four = v128.load(values);
    const x = f64x2.promote_low_f32x4(four);
    const y = f64x2.promote_low_f32x4(i64x2.shuffle(four, four, 1, 0));
    const a = clip2(x, low, high);
    const b = clip2(y, low, high);
    nan = v128.or(nan, f32x4.ne(four, four));
    moved = i64x2.sub(i64x2.sub(moved, f64x2.ne(x, a)), f64x2.ne(y, b));
    const steps = i32x4.shuffle(rounded(a, s, magic), rounded(b, s, magic), 0, 2, 4, 6);
    v128.store(mask, i32x4.sub(steps, v128.load(mask)));
  }
  return outcome(nan, moved);
}

/** A power of two from 2^-100 to 2^100. */
function isPowerOfTwo(x: f64): bool {
  const bits = reinterpret<u64>(x);
  const exponent = i32(bits >>> 52) - 1023;
  return (bits & 0xfffffffffffff) == 0 && exponent >= -100 && exponent <= 100;
}

function encodeSingle(values: usize, mask: usize, n: u32, clip: f32, scale: f32): i32 {
  const high = f32x4.splat(clip);
  const low = f32x4.splat(-clip);
  const s = f32x4.splat(scale);
  const magic = f32x4.splat(load<f32>(singleMagic));
  let moved = i32x4.splat(0);
  let nan = i32x4.splat(0);
  for (const end = mask + (n << 2); mask < end; mask += 16, values += 16) {
    const x = v128.load(values);
    const inside = f32x4.pmin(f32x4.pmax(x, low), high);
    nan = v128.or(nan, f32x4.ne(x, x));
    moved = i32x4.sub(moved, f32x4.ne(x, inside));
    const steps = i32x4.sub(f32x4.add(f32x4.mul(inside, s), magic), magic);
    v128.store(mask, i32x4.sub(steps, v128.load(mask)));
  }
  if (v128.any_true(nan)) return -1;
  return (
    i32x4.extract_lane(moved, 0) +
    i32x4.extract_lane(moved, 1) +
    i32x4.extract_lane(moved, 2) +
    i32x4.extract_lane(moved, 3)
  );
}

export function encode32from64(values: usize, mask: usize, n: u32, clip: f64, scale: f64): i32 {
  const high = f64x2.splat(clip);
  const low = f64x2.splat(-clip);
  const s = f64x2.splat(scale);
  const magic = f64x2.splat(load<f64>(doubleMagic));
  let moved = i64x2.splat(0);
  let nan = i64x2.splat(0);
  for (const end = mask + (n << 2); mask < end; mask += 16, values += 32) {
    const x = v128.load(values);
    const y = v128.load(values, 16);
    const a = clip2(x, low, high);
    const b = clip2(y, low, high);
    nan = v128.or(nan, v128.or(f64x2.ne(x, x), f64x2.ne(y, y)));
    moved = i64x2.sub(i64x2.sub(moved, f64x2.ne(x, a)), f64x2.ne(y, b));
    const steps = i32x4.shuffle(rounded(a, s, magic), rounded(b, s, magic), 0, 2, 4, 6);
    v128.store(mask, i32x4.sub(steps, v128.load(mask)));
  }
  return outcome(nan, moved);
}

// @ts-ignore: decorator
@inline
function encode64<T>(values: usize, mask: usize, n: u32, clip: f64, scale: f64): i32 {
  if (clip * scale <= DOUBLE_REACH) {
    const high = f64x2.splat(clip);
    const low = f64x2.splat(-clip);
    const s = f64x2.splat(scale);
    const magic = f64x2.splat(load<f64>(doubleMagic));
    let moved = i64x2.splat(0);
    let nan = i64x2.splat(0);
    for (const end = mask + (n << 3); mask < end; mask += 16, values += 2 * sizeof<T>()) {
      const x = sizeof<T>() == 8 ? v128.load(values) : f64x2.promote_low_f32x4(v128.load64_zero(values));
      const inside = clip2(x, low, high);
      nan = v128.or(nan, f64x2.ne(x, x));
      moved = i64x2.sub(moved, f64x2.ne(x, inside));
      v128.store(mask, i64x2.sub(rounded(inside, s, magic), v128.load(mask)));
    }
    return outcome(nan, moved);
  }
  let clipped = 0;
  let bad = false;
  for (const end = mask + (n << 3); mask < end; mask += 8, values += sizeof<T>()) {
    const x = <f64>load<T>(values);
    bad = bad || x != x;
    clipped += i32(x > clip) + i32(x < -clip);
    store<i64>(mask, <i64>nearest(min(max(x, -clip), clip) * scale) - load<i64>(mask));
  }
  return bad ? -1 : clipped;
}

export function encode64from32(values: usize, mask: usize, n: u32, clip: f64, scale: f64): i32 {
  return encode64<f32>(values, mask, n, clip, scale);
}

export function encode64from64(values: usize, mask: usize, n: u32, clip: f64, scale: f64): i32 {
  return encode64<f64>(values, mask, n, clip, scale);
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
