// Complex numbers as 128-bit vectors (real, imaginary), and the bit places that the kernel's loops share.

// @ts-ignore: decorator
@inline
export function swapped(a: v128): v128 {
  return i64x2.shuffle(a, a, 1, 0);
}

/** a times (re + i im), with `im` given as the vector (-im, im). */
// @ts-ignore: decorator
@inline
export function times(a: v128, re: v128, im: v128): v128 {
  return f64x2.add(f64x2.mul(a, re), f64x2.mul(swapped(a), im));
}

// @ts-ignore: decorator
@inline
export function product(a: v128, b: v128): v128 {
  const i = f64x2.mul(i64x2.shuffle(b, b, 1, 1), f64x2(-1, 1));
  return f64x2.add(f64x2.mul(a, i64x2.shuffle(b, b, 0, 0)), f64x2.mul(swapped(a), i));
}

/** Real part of entry i of a list of complex numbers, in both lanes. */
// @ts-ignore: decorator
@inline
export function re(m: usize, i: u32): v128 {
  return v128.load_splat<f64>(m + ((<usize>i) << 4));
}

/** Imaginary part of entry i as (-im, im). */
// @ts-ignore: decorator
@inline
export function im(m: usize, i: u32): v128 {
  const x = load<f64>(m + ((<usize>i) << 4) + 8);
  return f64x2.replace_lane(f64x2.splat(x), 0, -x);
}

// @ts-ignore: decorator
@inline
export function isOne(a: v128): bool {
  return f64x2.extract_lane(a, 0) === 1 && f64x2.extract_lane(a, 1) === 0;
}

/** Puts a zero at each of the sorted bit places. */
// @ts-ignore: decorator
@inline
export function opened(i: u32, bits: usize, count: u32): u32 {
  let x = i;
  for (let k: u32 = 0; k < count; k++) {
    const low = ((<u32>1) << load<u32>(bits + (k << 2))) - 1;
    x = ((x & ~low) << 1) | (x & low);
  }
  return x;
}
