// asc: --enable simd --importMemory
// Row arithmetic of the climate model, two members at a time. The twin that says what each function means is src/rows/plain.ts.
// Arguments are byte offsets of rows of f64, 16-byte aligned, with room for one element past an odd end; `n` is the number of members.
// exp: reduction by ln 2 in two parts, Taylor to degree 13. log: the method of fdlibm (e_log.c). Both within 1 ulp.

const MAGIC: f64 = 6755399441055744.0; // 1.5 * 2^52: adding it leaves the nearest integer in the low bits
const UNIT: f64 = 9007199254740992.0; // 2^53

// @ts-ignore: decorator
@inline
function s(x: f64): v128 {
  return f64x2.splat(x);
}

// @ts-ignore: decorator
@inline
function mad(a: v128, b: v128, c: v128): v128 {
  return f64x2.add(f64x2.mul(a, b), c);
}

// @ts-ignore: decorator
@inline
function positive(x: v128): v128 {
  return v128.bitselect(x, s(NaN), f64x2.gt(x, s(0.0)));
}

// @ts-ignore: decorator
@inline
function vexp(x0: v128): v128 {
  const x = f64x2.max(f64x2.min(x0, s(709.0)), s(-708.0));
  const kf = mad(x, s(1.4426950408889634), s(MAGIC));
  const k = f64x2.sub(kf, s(MAGIC));
  let r = f64x2.sub(x, f64x2.mul(k, s(6.93147180369123816490e-1)));
  r = f64x2.sub(r, f64x2.mul(k, s(1.90821492927058770002e-10)));
  // 1/2 + r/6 + … + r^11/13!, in Estrin's order: short chains keep both lanes busy.
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const p0 = mad(s(1.6666666666666666e-1), r, s(0.5));
  const p1 = mad(s(8.333333333333333e-3), r, s(4.1666666666666664e-2));
  const p2 = mad(s(1.984126984126984e-4), r, s(1.388888888888889e-3));
  const p3 = mad(s(2.7557319223985893e-6), r, s(2.48015873015873e-5));
  const p4 = mad(s(2.505210838544172e-8), r, s(2.755731922398589e-7));
  const p5 = mad(s(1.6059043836821613e-10), r, s(2.08767569878681e-9));
  const p = mad(mad(mad(p5, r2, p4), r4, mad(p3, r2, p2)), r4, mad(p1, r2, p0));
  const e = f64x2.add(s(1.0), mad(r2, p, r));
  const scaled = i64x2.add(e, i64x2.shl(kf, 52));
  const low = v128.bitselect(s(0.0), scaled, f64x2.lt(x0, s(-708.0)));
  const high = v128.bitselect(s(Infinity), low, f64x2.gt(x0, s(709.0)));
  return v128.bitselect(high, x0, f64x2.eq(x0, x0));
}

// @ts-ignore: decorator
@inline
function vlog(x: v128): v128 {
  // Exponent and mantissa in [sqrt(1/2), sqrt(2)).
  const bits = i64x2.sub(x, i64x2.splat(0x3fe6a09e00000000));
  const ki = i64x2.shr_s(bits, 52);
  const m = i64x2.add(v128.and(bits, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3fe6a09e00000000));
  // A small integer as f64 by way of the magic number's bits.
  const k = f64x2.sub(i64x2.add(ki, s(MAGIC)), s(MAGIC));
  const f = f64x2.sub(m, s(1.0));
  const h = f64x2.mul(f64x2.mul(f, f), s(0.5));
  const q = f64x2.div(f, f64x2.add(f, s(2.0)));
  const z = f64x2.mul(q, q);
  const w = f64x2.mul(z, z);
  const t1 = f64x2.mul(w, mad(w, mad(w, s(1.531383769920937332e-1), s(2.222219843214978396e-1)), s(3.999999999940941908e-1)));
  const t2 = f64x2.mul(
    z,
    mad(w, mad(w, mad(w, s(1.479819860511658591e-1), s(1.818357216161805012e-1)), s(2.857142874366239149e-1)), s(6.666666666666735130e-1)),
  );
  const r = f64x2.add(t1, t2);
  const inner = mad(q, f64x2.add(h, r), f64x2.mul(k, s(1.90821492927058770002e-10)));
  const out = f64x2.sub(f64x2.mul(k, s(6.93147180369123816490e-1)), f64x2.sub(f64x2.sub(h, inner), f));
  return v128.bitselect(out, s(NaN), f64x2.gt(x, s(0.0)));
}

export function exp(out: usize, x: usize, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) v128.store(out + i, vexp(v128.load(x + i)));
}

export function log(out: usize, x: usize, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) v128.store(out + i, vlog(v128.load(x + i)));
}

export function alpha(
  out: usize, g0: usize, g1: usize, iirf0: usize, uptake: usize, warming: usize, airborneFactor: usize,
  airborne: usize, cumulative: usize, temperature: usize, iirfMax: f64, n: i32,
): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) {
    const a = v128.load(airborne + i);
    let x = mad(v128.load(uptake + i), f64x2.sub(v128.load(cumulative + i), a), v128.load(iirf0 + i));
    x = mad(v128.load(warming + i), v128.load(temperature + i), x);
    x = f64x2.min(mad(v128.load(airborneFactor + i), a, x), s(iirfMax));
    const v = f64x2.mul(v128.load(g0 + i), vexp(f64x2.div(x, v128.load(g1 + i))));
    v128.store(out + i, v128.bitselect(v, s(1.0), f64x2.eq(v, v)));
  }
}

export function decay(decayRow: usize, gain: usize, alphaRow: usize, lifetime: usize, fraction: usize, step: f64, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) {
    const scaled = f64x2.mul(v128.load(alphaRow + i), v128.load(lifetime + i));
    const rate = f64x2.div(s(step), scaled);
    const tiny = f64x2.lt(rate, s(9.5367431640625e-7));
    let d: v128;
    if (v128.any_true(tiny)) {
      const lost = f64x2.floor(f64x2.mul(f64x2.sub(rate, f64x2.mul(s(0.5), f64x2.mul(rate, rate))), s(UNIT)));
      d = f64x2.sub(s(1.0), f64x2.mul(lost, s(1.0 / UNIT)));
      if (!i64x2.all_true(tiny)) d = v128.bitselect(d, vexp(f64x2.neg(rate)), tiny);
    } else d = vexp(f64x2.neg(rate));
    v128.store(decayRow + i, d);
    v128.store(gain + i, f64x2.mul(f64x2.mul(v128.load(fraction + i), scaled), f64x2.sub(s(1.0), d)));
  }
}

export function box(boxRow: usize, airborne: usize, gain: usize, decayRow: usize, baseline: usize, emissions: f64, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) {
    const v = mad(v128.load(gain + i), f64x2.sub(s(emissions), v128.load(baseline + i)), f64x2.mul(v128.load(boxRow + i), v128.load(decayRow + i)));
    v128.store(boxRow + i, v);
    v128.store(airborne + i, f64x2.add(v128.load(airborne + i), v));
  }
}

export function setLinear(out: usize, a: usize, b: usize, c: usize, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) v128.store(out + i, mad(v128.load(b + i), v128.load(c + i), v128.load(a + i)));
}

export function addNumber(out: usize, x: f64, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) v128.store(out + i, f64x2.add(v128.load(out + i), s(x)));
}

export function add(out: usize, a: usize, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) v128.store(out + i, f64x2.add(v128.load(out + i), v128.load(a + i)));
}

export function addScaled(out: usize, a: usize, x: f64, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) v128.store(out + i, mad(v128.load(a + i), s(x), v128.load(out + i)));
}

export function addWeighted(out: usize, weight: usize, row: usize, base: usize, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16)
    v128.store(out + i, mad(v128.load(weight + i), f64x2.sub(v128.load(row + i), v128.load(base + i)), v128.load(out + i)));
}

export function setProduct(out: usize, a: usize, b: usize, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) v128.store(out + i, f64x2.mul(v128.load(a + i), v128.load(b + i)));
}

export function addProduct(out: usize, a: usize, b: usize, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) v128.store(out + i, mad(v128.load(a + i), v128.load(b + i), v128.load(out + i)));
}

/** Rows of `state`, `next`, `matrix` (by rows) and `vector` lie `stride` bytes apart. Row 0 of the matrix has one element. */
export function propagate(state: usize, next: usize, matrix: usize, vector: usize, forcing: usize, order: usize, stride: usize, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) {
    const f = v128.load(forcing + i);
    for (let r: usize = 0; r < order; r++) {
      let sum = f64x2.mul(v128.load(vector + r * stride + i), f);
      const row = matrix + r * order * stride + i;
      const columns: usize = r == 0 ? 1 : order;
      for (let c: usize = 0; c < columns; c++) sum = mad(v128.load(row + c * stride), v128.load(state + c * stride + i), sum);
      v128.store(next + r * stride + i, sum);
    }
    for (let r: usize = 0; r < order; r++) v128.store(state + r * stride + i, v128.load(next + r * stride + i));
  }
}

export function setFactor(out: usize, row: usize, sensitivity: usize, common: f64, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16)
    v128.store(out + i, f64x2.mul(s(common), positive(mad(v128.load(row + i), v128.load(sensitivity + i), s(1.0)))));
}

export function mulFactor(out: usize, row: usize, base: usize, sensitivity: usize, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) {
    const f = mad(f64x2.sub(v128.load(row + i), v128.load(base + i)), v128.load(sensitivity + i), s(1.0));
    v128.store(out + i, f64x2.mul(v128.load(out + i), f64x2.max(f, s(0.01))));
  }
}

export function aerosolCloud(out: usize, scale: usize, logBaseline: usize, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) {
    const l = f64x2.sub(vlog(f64x2.add(s(1.0), v128.load(out + i))), v128.load(logBaseline + i));
    v128.store(out + i, f64x2.mul(v128.load(scale + i), l));
  }
}

export function meinshausenCo2(out: usize, c: usize, nn: usize, c0: usize, scale: usize, offset: usize, n: i32): void {
  const a: f64 = -2.4785e-7;
  const b: f64 = 0.00075906;
  const d: f64 = 5.2488;
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) {
    const base = v128.load(c0 + i);
    const x = f64x2.sub(v128.load(c + i), base);
    const most = s(-b / (2 * a));
    let alphaC = f64x2.add(f64x2.add(s(d), f64x2.mul(f64x2.mul(s(a), x), x)), f64x2.mul(s(b), x));
    alphaC = v128.bitselect(s(d - (b * b) / (4 * a)), alphaC, f64x2.gt(x, most));
    alphaC = v128.bitselect(s(d), alphaC, f64x2.le(x, s(0.0)));
    alphaC = f64x2.sub(alphaC, f64x2.mul(s(0.0021492), f64x2.sqrt(v128.load(nn + i))));
    const f = f64x2.mul(alphaC, vlog(f64x2.div(v128.load(c + i), base)));
    v128.store(out + i, f64x2.sub(f64x2.mul(f, v128.load(scale + i)), v128.load(offset + i)));
  }
}

export function meinshausenCh4(out: usize, m: usize, nn: usize, m0: usize, scale: usize, offset: usize, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) {
    const root = f64x2.sqrt(v128.load(m + i));
    const e = f64x2.add(f64x2.sub(f64x2.mul(s(-8.9603e-5), root), f64x2.mul(s(0.00012462), f64x2.sqrt(v128.load(nn + i)))), s(0.045194));
    const f = f64x2.mul(e, f64x2.sub(root, f64x2.sqrt(v128.load(m0 + i))));
    v128.store(out + i, f64x2.sub(f64x2.mul(f, v128.load(scale + i)), v128.load(offset + i)));
  }
}

export function meinshausenN2o(out: usize, c: usize, m: usize, nn: usize, n0: usize, scale: usize, offset: usize, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) {
    const root = f64x2.sqrt(v128.load(nn + i));
    let e = f64x2.add(f64x2.mul(s(-0.00034197), f64x2.sqrt(v128.load(c + i))), f64x2.mul(s(0.00025455), root));
    e = f64x2.add(f64x2.sub(e, f64x2.mul(s(0.00024357), f64x2.sqrt(v128.load(m + i)))), s(0.12173));
    const f = f64x2.mul(e, f64x2.sub(root, f64x2.sqrt(v128.load(n0 + i))));
    v128.store(out + i, f64x2.sub(f64x2.mul(f, v128.load(scale + i)), v128.load(offset + i)));
  }
}
