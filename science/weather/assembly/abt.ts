// asc: --enable simd --enable relaxed-simd --initialMemory 1
// C += s A B^T on row-major doubles at byte addresses, the one product under every step of the regression (src/dense/products.ts); and fixed point.
// Tiled so that a strip of B stays in the cache; four rows of A by two of B at a time, two doubles a lane. Eight sums are as many as two units for
// fused multiply-add keep busy; "relaxed" leaves to the machine whether products are rounded before they are added.

const DEPTH: i32 = 256;
const STRIP: i32 = 64;

/** Adds s times the sums over both lanes of `x` and of `y` (and what is left of an odd depth) to two neighbours in memory. */
@inline
function put2(c: usize, x: v128, y: v128, tail: v128, s: v128): void {
  const both = f64x2.add(v128.shuffle<f64>(x, y, 0, 2), v128.shuffle<f64>(x, y, 1, 3));
  v128.store(c, f64x2.relaxed_madd(s, f64x2.add(both, tail), v128.load(c)));
}

@inline
function put(p: usize, v: v128, tail: f64, s: f64): void {
  store<f64>(p, load<f64>(p) + s * (f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1) + tail));
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
  const end = a0 + ((<usize>(n & ~1)) << 3);
  while (a0 < end) {
    const x = v128.load(b0), y = v128.load(b1);
    let v = v128.load(a0);
    c00 = f64x2.relaxed_madd(v, x, c00); c01 = f64x2.relaxed_madd(v, y, c01);
    v = v128.load(a1);
    c10 = f64x2.relaxed_madd(v, x, c10); c11 = f64x2.relaxed_madd(v, y, c11);
    v = v128.load(a2);
    c20 = f64x2.relaxed_madd(v, x, c20); c21 = f64x2.relaxed_madd(v, y, c21);
    v = v128.load(a3);
    c30 = f64x2.relaxed_madd(v, x, c30); c31 = f64x2.relaxed_madd(v, y, c31);
    a0 += 16; a1 += 16; a2 += 16; a3 += 16; b0 += 16; b1 += 16;
  }
  const row = (<usize>ldc) << 3, by = f64x2.splat(s);
  let t0 = f64x2.splat(0), t1 = t0, t2 = t0, t3 = t0;
  if (n & 1) {
    const last = v128.load64_lane(b1, v128.load64_zero(b0), 1);
    t0 = f64x2.mul(v128.load64_splat(a0), last); t1 = f64x2.mul(v128.load64_splat(a1), last);
    t2 = f64x2.mul(v128.load64_splat(a2), last); t3 = f64x2.mul(v128.load64_splat(a3), last);
  }
  put2(c, c00, c01, t0, by); c += row;
  put2(c, c10, c11, t1, by); c += row;
  put2(c, c20, c21, t2, by); c += row;
  put2(c, c30, c31, t3, by);
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

/** Added to a whole number below 2^51, this leaves it in the low bits of the sum. */
const WHOLE = 6755399441055744.0;

@inline
function wholeOf(v: v128, by: v128): v128 {
  return f64x2.add(f64x2.floor(f64x2.add(f64x2.mul(v, by), f64x2.splat(0.5))), f64x2.splat(WHOLE));
}

/** to[i] (32 bits) = floor(from[i] scale + 1/2) for i < n; returns the largest |from[i]|, Infinity where one is no number. What does not fit 32 bits is written without meaning. */
export function fix(from: usize, to: usize, n: i32, scale: f64): f64 {
  const by = f64x2.splat(scale);
  let most = f64x2.splat(0), odd = f64x2.splat(0);
  let i = 0;
  for (; i + 4 <= n; i += 4, from += 32, to += 16) {
    const v = v128.load(from), w = v128.load(from, 16);
    most = f64x2.pmax(f64x2.pmax(most, f64x2.abs(v)), f64x2.abs(w));
    odd = v128.or(odd, v128.or(f64x2.ne(v, v), f64x2.ne(w, w)));
    v128.store(to, v128.shuffle<i32>(wholeOf(v, by), wholeOf(w, by), 0, 2, 4, 6));
  }
  let top = max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
  let bad = v128.any_true(odd);
  for (; i < n; i++, from += 8, to += 4) {
    const v = load<f64>(from);
    top = max(top, abs(v));
    bad = bad || v != v;
    store<i32>(to, i32x4.extract_lane(wholeOf(f64x2.splat(v), by), 0));
  }
  return bad ? Infinity : top;
}
