// asc: --enable simd --enable relaxed-simd --initialMemory 1
// C += s A B^T on row-major doubles at byte addresses, the one product under every step of the regression (src/dense/products.ts); and fixed point.
// Tiled so that a strip of B stays in the cache; four rows of A by two of B at a time, two doubles a lane. Eight sums are as many as two units for
// fused multiply-add keep busy; "relaxed" leaves to the machine whether products are rounded before they are added.

const DEPTH: i32 = 256;
const STRIP: i32 = 64;

@inline
function sum(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

@inline
function put(p: usize, v: v128, tail: f64, s: f64): void {
  store<f64>(p, load<f64>(p) + s * (sum(v) + tail));
}

/** c, a, b: byte addresses; ldc, lda, ldb: row lengths in doubles; C is rows x cols, A rows x depth, B cols x depth; s: a factor. */
export function abt(
  c: usize, ldc: i32, a: usize, lda: i32, rows: i32, b: usize, ldb: i32, cols: i32, depth: i32, s: f64,
): void {
  for (let k0 = 0; k0 < depth; k0 += DEPTH) {
    const kn = min(DEPTH, depth - k0);
    for (let j0 = 0; j0 < cols; j0 += STRIP) {
      const jn = min(j0 + STRIP, cols);
      let i = 0;
      for (; i + 4 <= rows; i += 4) {
        const pa = a + ((<usize>i * lda + k0) << 3);
        let j = j0;
        for (; j + 2 <= jn; j += 2) {
          block(c + ((<usize>i * ldc + j) << 3), ldc, pa, lda, b + ((<usize>j * ldb + k0) << 3), ldb, kn, s);
        }
        for (; j < jn; j++) {
          for (let r = 0; r < 4; r++) {
            single(c + (((<usize>i + r) * ldc + j) << 3), pa + ((<usize>r * lda) << 3), b + ((<usize>j * ldb + k0) << 3), kn, s);
          }
        }
      }
      for (; i < rows; i++) {
        for (let j = j0; j < jn; j++) {
          single(c + ((<usize>i * ldc + j) << 3), a + ((<usize>i * lda + k0) << 3), b + ((<usize>j * ldb + k0) << 3), kn, s);
        }
      }
    }
  }
}

@inline
function block(c: usize, ldc: i32, a: usize, lda: i32, b: usize, ldb: i32, n: i32, s: f64): void {
  let a0 = a, a1 = a + ((<usize>lda) << 3), a2 = a1 + ((<usize>lda) << 3), a3 = a2 + ((<usize>lda) << 3);
  let b0 = b, b1 = b + ((<usize>ldb) << 3);
  let c00 = f64x2.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  let x: v128, y: v128, v: v128;
  const end = a0 + ((<usize>(n & ~3)) << 3);
  while (a0 < end) {
    x = v128.load(b0); y = v128.load(b1);
    v = v128.load(a0);
    c00 = f64x2.relaxed_madd(v, x, c00); c01 = f64x2.relaxed_madd(v, y, c01);
    v = v128.load(a1);
    c10 = f64x2.relaxed_madd(v, x, c10); c11 = f64x2.relaxed_madd(v, y, c11);
    v = v128.load(a2);
    c20 = f64x2.relaxed_madd(v, x, c20); c21 = f64x2.relaxed_madd(v, y, c21);
    v = v128.load(a3);
    c30 = f64x2.relaxed_madd(v, x, c30); c31 = f64x2.relaxed_madd(v, y, c31);
    x = v128.load(b0, 16); y = v128.load(b1, 16);
    v = v128.load(a0, 16);
    c00 = f64x2.relaxed_madd(v, x, c00); c01 = f64x2.relaxed_madd(v, y, c01);
    v = v128.load(a1, 16);
    c10 = f64x2.relaxed_madd(v, x, c10); c11 = f64x2.relaxed_madd(v, y, c11);
    v = v128.load(a2, 16);
    c20 = f64x2.relaxed_madd(v, x, c20); c21 = f64x2.relaxed_madd(v, y, c21);
    v = v128.load(a3, 16);
    c30 = f64x2.relaxed_madd(v, x, c30); c31 = f64x2.relaxed_madd(v, y, c31);
    a0 += 32; a1 += 32; a2 += 32; a3 += 32; b0 += 32; b1 += 32;
  }
  if (n & 2) {
    x = v128.load(b0); y = v128.load(b1);
    v = v128.load(a0);
    c00 = f64x2.relaxed_madd(v, x, c00); c01 = f64x2.relaxed_madd(v, y, c01);
    v = v128.load(a1);
    c10 = f64x2.relaxed_madd(v, x, c10); c11 = f64x2.relaxed_madd(v, y, c11);
    v = v128.load(a2);
    c20 = f64x2.relaxed_madd(v, x, c20); c21 = f64x2.relaxed_madd(v, y, c21);
    v = v128.load(a3);
    c30 = f64x2.relaxed_madd(v, x, c30); c31 = f64x2.relaxed_madd(v, y, c31);
    a0 += 16; a1 += 16; a2 += 16; a3 += 16; b0 += 16; b1 += 16;
  }
  let p = 0.0, q = 0.0, u0 = 0.0, u1 = 0.0, u2 = 0.0, u3 = 0.0;
  if (n & 1) {
    p = load<f64>(b0); q = load<f64>(b1);
    u0 = load<f64>(a0); u1 = load<f64>(a1); u2 = load<f64>(a2); u3 = load<f64>(a3);
  }
  const row = (<usize>ldc) << 3;
  put(c, c00, u0 * p, s); put(c + 8, c01, u0 * q, s); c += row;
  put(c, c10, u1 * p, s); put(c + 8, c11, u1 * q, s); c += row;
  put(c, c20, u2 * p, s); put(c + 8, c21, u2 * q, s); c += row;
  put(c, c30, u3 * p, s); put(c + 8, c31, u3 * q, s);
}

@inline
function single(c: usize, a: usize, b: usize, n: i32, s: f64): void {
  let v = f64x2.splat(0);
  const even = n & ~1;
  for (let k = 0; k < even; k += 2) {
    v = f64x2.relaxed_madd(v128.load(a + ((<usize>k) << 3)), v128.load(b + ((<usize>k) << 3)), v);
  }
  put(c, v, n & 1 ? load<f64>(a + ((<usize>even) << 3)) * load<f64>(b + ((<usize>even) << 3)) : 0.0, s);
}

/** to[i] (32 bits) = floor(from[i] scale + 1/2) for i < n; returns the largest |from[i]|, Infinity where one is no number. Beyond the range it writes the nearest end. */
export function fix(from: usize, to: usize, n: i32, scale: f64): f64 {
  const by = f64x2.splat(scale), half = f64x2.splat(0.5);
  let most = f64x2.splat(0);
  let i = 0;
  for (; i + 2 <= n; i += 2) {
    const v = v128.load(from + ((<usize>i) << 3));
    most = f64x2.max(most, f64x2.abs(v));
    const whole = f64x2.floor(f64x2.add(f64x2.mul(v, by), half));
    v128.store64_lane(to + ((<usize>i) << 2), i32x4.trunc_sat_f64x2_s_zero(whole), 0);
  }
  let top = max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
  if (i < n) {
    const v = load<f64>(from + ((<usize>i) << 3));
    top = max(top, abs(v));
    const whole = f64x2.splat(floor(v * scale + 0.5));
    store<i32>(to + ((<usize>i) << 2), i32x4.extract_lane(i32x4.trunc_sat_f64x2_s_zero(whole), 0));
  }
  return top == top ? top : Infinity;
}
