// asc: --enable simd --enable relaxed-simd --initialMemory 1
// C += s A B^T on row-major matrices at byte addresses, in doubles or singles, the one product under every step of the regressions
// (src/dense/products.ts); and fixed point.
// Tiled so that a strip of B stays in the cache; four rows of A by two of B at a time, a register of numbers at once. Eight sums are as many as two
// units for fused multiply-add keep busy; "relaxed" leaves to the machine whether products are rounded before they are added.

/** Bytes of a row of a tile. */
const DEPTH_BYTES: i32 = 2048;
const STRIP: i32 = 64;

/** Adds s times the sums over all lanes of `x` and of `y` (and what is left of an odd depth, already summed in the first two lanes) to two neighbours in memory. */
@inline
function put2<T>(c: usize, x: v128, y: v128, tail: v128, s: v128): void {
  if (sizeof<T>() == 8) {
    const both = f64x2.add(v128.shuffle<f64>(x, y, 0, 2), v128.shuffle<f64>(x, y, 1, 3));
    v128.store(c, f64x2.relaxed_madd(s, f64x2.add(both, tail), v128.load(c)));
  } else {
    const halves = f32x4.add(v128.shuffle<f32>(x, y, 0, 1, 4, 5), v128.shuffle<f32>(x, y, 2, 3, 6, 7));
    const both = f32x4.add(v128.shuffle<f32>(halves, halves, 0, 2, 0, 2), v128.shuffle<f32>(halves, halves, 1, 3, 1, 3));
    v128.store64_lane(c, f32x4.relaxed_madd(s, f32x4.add(both, tail), v128.load64_zero(c)), 0);
  }
}

/** c, a, b: byte addresses; ldc, lda, ldb: row lengths in numbers; C is rows x cols, A rows x depth, B cols x depth; s: a factor. */
@inline
function product<T>(
  c: usize, ldc: i32, a: usize, lda: i32, rows: i32, b: usize, ldb: i32, cols: i32, depth: i32, s: f64,
): void {
  const DEPTH: i32 = DEPTH_BYTES / <i32>sizeof<T>();
  const rowA = <usize>lda * sizeof<T>(), rowB = <usize>ldb * sizeof<T>(), rowC = <usize>ldc * sizeof<T>();
  for (let k0 = 0; k0 < depth; k0 += DEPTH) {
    const kn = min(DEPTH, depth - k0);
    const ak = a + <usize>k0 * sizeof<T>(), bk = b + <usize>k0 * sizeof<T>();
    for (let j0 = 0; j0 < cols; j0 += STRIP) {
      const jn = min(j0 + STRIP, cols);
      let i = 0;
      for (; i + 4 <= rows; i += 4) {
        const pa = ak + <usize>i * rowA, pc = c + <usize>i * rowC;
        let j = j0;
        for (; j + 2 <= jn; j += 2) block<T>(pc + <usize>j * sizeof<T>(), rowC, pa, rowA, bk + <usize>j * rowB, rowB, kn, s);
        for (; j < jn; j++) {
          for (let r: usize = 0; r < 4; r++) single<T>(pc + r * rowC + <usize>j * sizeof<T>(), pa + r * rowA, bk + <usize>j * rowB, kn, s);
        }
      }
      for (; i < rows; i++) {
        for (let j = j0; j < jn; j++) {
          single<T>(c + <usize>i * rowC + <usize>j * sizeof<T>(), ak + <usize>i * rowA, bk + <usize>j * rowB, kn, s);
        }
      }
    }
  }
}

export function abt64(c: usize, ldc: i32, a: usize, lda: i32, rows: i32, b: usize, ldb: i32, cols: i32, depth: i32, s: f64): void {
  product<f64>(c, ldc, a, lda, rows, b, ldb, cols, depth, s);
}

export function abt32(c: usize, ldc: i32, a: usize, lda: i32, rows: i32, b: usize, ldb: i32, cols: i32, depth: i32, s: f64): void {
  product<f32>(c, ldc, a, lda, rows, b, ldb, cols, depth, s);
}

@inline
function block<T>(c: usize, rowC: usize, a: usize, rowA: usize, b: usize, rowB: usize, n: i32, s: f64): void {
  const lanes: i32 = 16 / <i32>sizeof<T>();
  let a0 = a, a1 = a + rowA, a2 = a1 + rowA, a3 = a2 + rowA;
  let b0 = b, b1 = b + rowB;
  let c00 = i64x2.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  const whole = n & ~(lanes - 1);
  const end = a0 + <usize>whole * sizeof<T>();
  while (a0 < end) {
    const x = v128.load(b0), y = v128.load(b1);
    let v = v128.load(a0);
    c00 = v128.relaxed_madd<T>(v, x, c00); c01 = v128.relaxed_madd<T>(v, y, c01);
    v = v128.load(a1);
    c10 = v128.relaxed_madd<T>(v, x, c10); c11 = v128.relaxed_madd<T>(v, y, c11);
    v = v128.load(a2);
    c20 = v128.relaxed_madd<T>(v, x, c20); c21 = v128.relaxed_madd<T>(v, y, c21);
    v = v128.load(a3);
    c30 = v128.relaxed_madd<T>(v, x, c30); c31 = v128.relaxed_madd<T>(v, y, c31);
    a0 += 16; a1 += 16; a2 += 16; a3 += 16; b0 += 16; b1 += 16;
  }
  let t0 = i64x2.splat(0), t1 = t0, t2 = t0, t3 = t0;
  for (let k = whole; k < n; k++) {
    const last = pair<T>(b0, b1);
    t0 = v128.add<T>(t0, v128.mul<T>(v128.splat<T>(load<T>(a0)), last)); t1 = v128.add<T>(t1, v128.mul<T>(v128.splat<T>(load<T>(a1)), last));
    t2 = v128.add<T>(t2, v128.mul<T>(v128.splat<T>(load<T>(a2)), last)); t3 = v128.add<T>(t3, v128.mul<T>(v128.splat<T>(load<T>(a3)), last));
    a0 += sizeof<T>(); a1 += sizeof<T>(); a2 += sizeof<T>(); a3 += sizeof<T>(); b0 += sizeof<T>(); b1 += sizeof<T>();
  }
  const by = v128.splat<T>(<T>s);
  put2<T>(c, c00, c01, t0, by); c += rowC;
  put2<T>(c, c10, c11, t1, by); c += rowC;
  put2<T>(c, c20, c21, t2, by); c += rowC;
  put2<T>(c, c30, c31, t3, by);
}

/** The numbers at `p` and `q` in the first two lanes. */
@inline
function pair<T>(p: usize, q: usize): v128 {
  return sizeof<T>() == 8 ? v128.load64_lane(q, v128.load64_zero(p), 1) : v128.load32_lane(q, v128.load32_zero(p), 1);
}

@inline
function single<T>(c: usize, a: usize, b: usize, n: i32, s: f64): void {
  const lanes: i32 = 16 / <i32>sizeof<T>();
  let v = i64x2.splat(0);
  const whole = n & ~(lanes - 1);
  const end = a + <usize>whole * sizeof<T>();
  for (; a < end; a += 16, b += 16) v = v128.relaxed_madd<T>(v128.load(a), v128.load(b), v);
  let sum: T = v128.extract_lane<T>(v, 0) + v128.extract_lane<T>(v, 1);
  if (sizeof<T>() == 4) sum += v128.extract_lane<T>(v, 2) + v128.extract_lane<T>(v, 3);
  for (let k = whole; k < n; k++, a += sizeof<T>(), b += sizeof<T>()) sum += load<T>(a) * load<T>(b);
  store<T>(c, load<T>(c) + <T>s * sum);
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
