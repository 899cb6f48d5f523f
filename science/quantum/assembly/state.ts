// The kernel of the state vector: one amplitude is one 128-bit vector (real, imaginary). Offsets into one memory, nothing is allocated here.
// science/quantum/src/state/state.ts says what the operations mean; the plain twin in plain-state.ts gives the same amplitudes to rounding.
// asc: --enable simd --initialMemory 16

/** First free byte of the memory. */
export function base(): usize {
  return (__heap_base + 63) & ~63;
}

// @ts-ignore: decorator
@inline
function swapped(a: v128): v128 {
  return i64x2.shuffle(a, a, 1, 0);
}

/** a times (re + i im), with `im` given as the vector (-im, im). */
// @ts-ignore: decorator
@inline
function times(a: v128, re: v128, im: v128): v128 {
  return f64x2.add(f64x2.mul(a, re), f64x2.mul(swapped(a), im));
}

// @ts-ignore: decorator
@inline
function re(m: usize, i: u32): v128 {
  return v128.load_splat<f64>(m + ((<usize>i) << 4));
}
// @ts-ignore: decorator
@inline
function im(m: usize, i: u32): v128 {
  const x = load<f64>(m + ((<usize>i) << 4) + 8);
  return f64x2.replace_lane(f64x2.splat(x), 0, -x);
}

/** 2 x 2 matrix on qubit q of n. */
export function apply1(p: usize, n: u32, q: u32, m: usize): void {
  const half: u32 = 1 << q;
  const step = (<usize>half) << 4;
  const end = p + ((<usize>1) << (n + 4));
  const ar = re(m, 0);
  const ai = im(m, 0);
  const br = re(m, 1);
  const bi = im(m, 1);
  const cr = re(m, 2);
  const ci = im(m, 2);
  const dr = re(m, 3);
  const di = im(m, 3);
  for (let block = p; block < end; block += step << 1) {
    for (let i = block; i < block + step; i += 16) {
      const x = v128.load(i);
      const y = v128.load(i + step);
      const sx = swapped(x);
      const sy = swapped(y);
      v128.store(i, f64x2.add(f64x2.add(f64x2.mul(x, ar), f64x2.mul(sx, ai)), f64x2.add(f64x2.mul(y, br), f64x2.mul(sy, bi))));
      v128.store(i + step, f64x2.add(f64x2.add(f64x2.mul(x, cr), f64x2.mul(sx, ci)), f64x2.add(f64x2.mul(y, dr), f64x2.mul(sy, di))));
    }
  }
}

/** Real 2 x 2 matrix on qubit q of n: half the work. */
export function apply1real(p: usize, n: u32, q: u32, m: usize): void {
  const step = (<usize>1) << (q + 4);
  const end = p + ((<usize>1) << (n + 4));
  const a = re(m, 0);
  const b = re(m, 1);
  const c = re(m, 2);
  const d = re(m, 3);
  for (let block = p; block < end; block += step << 1) {
    for (let i = block; i < block + step; i += 16) {
      const x = v128.load(i);
      const y = v128.load(i + step);
      v128.store(i, f64x2.add(f64x2.mul(x, a), f64x2.mul(y, b)));
      v128.store(i + step, f64x2.add(f64x2.mul(x, c), f64x2.mul(y, d)));
    }
  }
}

// @ts-ignore: decorator
@inline
function opened(i: u32, bits: usize, count: u32): u32 {
  // Puts a zero at each of the sorted bit places.
  let x = i;
  for (let k: u32 = 0; k < count; k++) {
    const low = ((<u32>1) << load<u32>(bits + (k << 2))) - 1;
    x = ((x & ~low) << 1) | (x & low);
  }
  return x;
}

/** 2 x 2 matrix on qubit q where the bits of `mask` read `wanted`. `bits`: the sorted places of q and of the mask, `count` of them. */
export function applyControlled(p: usize, n: u32, q: u32, wanted: u32, bits: usize, count: u32, m: usize): void {
  const groups = (<u32>1) << (n - count);
  const step = (<usize>1) << (q + 4);
  const ar = re(m, 0);
  const ai = im(m, 0);
  const br = re(m, 1);
  const bi = im(m, 1);
  const cr = re(m, 2);
  const ci = im(m, 2);
  const dr = re(m, 3);
  const di = im(m, 3);
  const run = min((<u32>1) << load<u32>(bits), groups);
  for (let g: u32 = 0; g < groups; g += run) {
    const first = p + ((<usize>(opened(g, bits, count) | wanted)) << 4);
    const last = first + ((<usize>run) << 4);
    for (let i = first; i < last; i += 16) {
      const x = v128.load(i);
      const y = v128.load(i + step);
      v128.store(i, f64x2.add(times(x, ar, ai), times(y, br, bi)));
      v128.store(i + step, f64x2.add(times(x, cr, ci), times(y, dr, di)));
    }
  }
}

/** Swaps the two halves of qubit q where the mask reads `wanted`: X, CX, CCX. */
export function applyFlip(p: usize, n: u32, q: u32, wanted: u32, bits: usize, count: u32): void {
  const groups = (<u32>1) << (n - count);
  const step = (<usize>1) << (q + 4);
  const run = min((<u32>1) << load<u32>(bits), groups);
  for (let g: u32 = 0; g < groups; g += run) {
    const first = p + ((<usize>(opened(g, bits, count) | wanted)) << 4);
    const last = first + ((<usize>run) << 4);
    for (let i = first; i < last; i += 16) {
      const x = v128.load(i);
      v128.store(i, v128.load(i + step));
      v128.store(i + step, x);
    }
  }
}

/** Multiplies by a phase where the sorted bits read `wanted`. */
export function applyPhase(p: usize, n: u32, wanted: u32, bits: usize, count: u32, real: f64, imaginary: f64): void {
  const groups = (<u32>1) << (n - count);
  const r = f64x2.splat(real);
  const s = f64x2.replace_lane(f64x2.splat(imaginary), 0, -imaginary);
  const run = count === 0 ? groups : min((<u32>1) << load<u32>(bits), groups);
  for (let g: u32 = 0; g < groups; g += run) {
    const first = p + ((<usize>(opened(g, bits, count) | wanted)) << 4);
    const last = first + ((<usize>run) << 4);
    for (let i = first; i < last; i += 16) v128.store(i, times(v128.load(i), r, s));
  }
}

/** 4 x 4 matrix on qubits a (low bit of the matrix) and b. */
export function apply2(p: usize, n: u32, a: u32, b: u32, m: usize): void {
  const lo = min(a, b);
  const hi = max(a, b);
  const sa = (<usize>1) << (a + 4);
  const sb = (<usize>1) << (b + 4);
  const sl = (<usize>1) << (lo + 4);
  const sh = (<usize>1) << (hi + 4);
  const end = p + ((<usize>1) << (n + 4));
  for (let i = p; i < end; i += sh << 1)
    for (let j = i; j < i + sh; j += sl << 1)
      for (let k = j; k < j + sl; k += 16) {
        const v0 = v128.load(k);
        const v1 = v128.load(k + sa);
        const v2 = v128.load(k + sb);
        const v3 = v128.load(k + sa + sb);
        const w0 = swapped(v0);
        const w1 = swapped(v1);
        const w2 = swapped(v2);
        const w3 = swapped(v3);
        for (let r: u32 = 0; r < 4; r++) {
          const t = r << 2;
          const x = f64x2.add(f64x2.mul(v0, re(m, t)), f64x2.mul(w0, im(m, t)));
          const y = f64x2.add(f64x2.mul(v1, re(m, t + 1)), f64x2.mul(w1, im(m, t + 1)));
          const z = f64x2.add(f64x2.mul(v2, re(m, t + 2)), f64x2.mul(w2, im(m, t + 2)));
          const u = f64x2.add(f64x2.mul(v3, re(m, t + 3)), f64x2.mul(w3, im(m, t + 3)));
          v128.store(k + (r & 1 ? sa : 0) + (r & 2 ? sb : 0), f64x2.add(f64x2.add(x, y), f64x2.add(z, u)));
        }
      }
}

/** 2^t matrix on any targets where the mask reads `wanted`. `offsets`: for each row the byte offset of its amplitude; `work`: 2^t vectors. */
export function applyMany(p: usize, n: u32, t: u32, wanted: u32, bits: usize, count: u32, offsets: usize, m: usize, work: usize): void {
  const groups = (<u32>1) << (n - count);
  const rows = (<u32>1) << t;
  for (let g: u32 = 0; g < groups; g++) {
    const first = p + ((<usize>(opened(g, bits, count) | wanted)) << 4);
    for (let r: u32 = 0; r < rows; r++) v128.store(work + (r << 4), v128.load(first + load<u32>(offsets + (r << 2))));
    for (let r: u32 = 0; r < rows; r++) {
      let sum = f64x2.splat(0);
      let at = m + ((<usize>(r * rows)) << 4);
      for (let c: u32 = 0; c < rows; c++) {
        sum = f64x2.add(sum, times(v128.load(work + (c << 4)), re(at, 0), im(at, 0)));
        at += 16;
      }
      v128.store(first + load<u32>(offsets + (r << 2)), sum);
    }
  }
}

/**
 * Multiplies amplitude x by c · prod over set bits j of l_j · prod over pairs j < k of set bits of q_jk: any run of phase gates in one pass.
 * `linear`: m complex factors; `pairs`: m x m complex factors (row j, column k > j); `inverse`: their conjugates; `low`: bits of a chunk;
 * `table`: room for 2 * 2^low + m + 1 complex numbers, of which the first 2^low are the pair factors within the low bits (fillTable).
 */
export function applyQuadratic(p: usize, m: u32, low: u32, linear: usize, pairs: usize, inverse: usize, table: usize, cr: f64, ci: f64): void {
  const size = (<u32>1) << low;
  const build = table + ((<usize>size) << 4);
  const factor = build + ((<usize>size) << 4);
  for (let j: u32 = 0; j < m; j++) v128.store(factor + (j << 4), v128.load(linear + (j << 4)));
  let constant = f64x2.replace_lane(f64x2.splat(ci), 0, cr);
  const chunks = (<u32>1) << (m - low);
  let high: u32 = 0;
  for (let g: u32 = 0; g < chunks; g++) {
    if (g > 0) {
      // Gray code: one bit of the high part turns; the factors of all other bits change by the pair with it.
      const bit = low + ctz<u32>(g);
      const on = (high & ((<u32>1) << bit)) === 0;
      const own = v128.load(factor + (bit << 4));
      constant = product(constant, on ? own : conjugate(own));
      const source = on ? pairs : inverse;
      for (let j: u32 = 0; j < m; j++) {
        if (j === bit) continue;
        const at = source + ((<usize>(min(j, bit) * m + max(j, bit))) << 4);
        v128.store(factor + (j << 4), product(v128.load(factor + (j << 4)), v128.load(at)));
      }
      high ^= (<u32>1) << bit;
    }
    v128.store(build, constant);
    for (let j: u32 = 0; j < low; j++) {
      const f = v128.load(factor + (j << 4));
      const fr = f64x2.splat(f64x2.extract_lane(f, 0));
      const y = f64x2.extract_lane(f, 1);
      const fi = f64x2.replace_lane(f64x2.splat(y), 0, -y);
      const span = (<usize>1) << (j + 4);
      for (let i: usize = 0; i < span; i += 16) v128.store(build + span + i, times(v128.load(build + i), fr, fi));
    }
    const first = p + ((<usize>high) << 4);
    const bytes = (<usize>size) << 4;
    for (let i: usize = 0; i < bytes; i += 16)
      v128.store(first + i, product(v128.load(first + i), product(v128.load(build + i), v128.load(table + i))));
  }
}

/** Fills the first 2^low entries of a table with the pair factors within the low bits. */
export function fillTable(m: u32, low: u32, pairs: usize, table: usize): void {
  v128.store(table, f64x2.replace_lane(f64x2.splat(0), 0, 1));
  for (let j: u32 = 0; j < low; j++) {
    const span: u32 = 1 << j;
    for (let x: u32 = 0; x < span; x++) {
      let f = v128.load(table + (x << 4));
      for (let i: u32 = 0; i < j; i++) if ((x >> i) & 1) f = product(f, v128.load(pairs + ((i * m + j) << 4)));
      v128.store(table + ((x + span) << 4), f);
    }
  }
}

// @ts-ignore: decorator
@inline
function product(a: v128, b: v128): v128 {
  const r = i64x2.shuffle(b, b, 0, 0);
  const i = f64x2.mul(i64x2.shuffle(b, b, 1, 1), sign());
  return f64x2.add(f64x2.mul(a, r), f64x2.mul(swapped(a), i));
}
// @ts-ignore: decorator
@inline
function sign(): v128 {
  return f64x2(-1, 1);
}
// @ts-ignore: decorator
@inline
function conjugate(a: v128): v128 {
  return f64x2.mul(a, f64x2(1, -1));
}

/** Copies 2^k amplitudes whose inner bits are at the sorted places `bits` (the first `low` of them 0 … low-1) to `to`; `outer` gives the rest. */
export function gather(p: usize, outer: u32, offsets: usize, runs: u32, runBytes: u32, to: usize): void {
  const from = p + ((<usize>outer) << 4);
  for (let r: u32 = 0; r < runs; r++) {
    memory.copy(to, from + load<u32>(offsets + (r << 2)), runBytes);
    to += runBytes;
  }
}

/** The way back of gather. */
export function scatter(p: usize, outer: u32, offsets: usize, runs: u32, runBytes: u32, from: usize): void {
  const to = p + ((<usize>outer) << 4);
  for (let r: u32 = 0; r < runs; r++) {
    memory.copy(to + load<u32>(offsets + (r << 2)), from, runBytes);
    from += runBytes;
  }
}

/** Sum of squares where qubit q is 1; all of them for q >= n. */
export function weight(p: usize, n: u32, q: u32): f64 {
  let sum = f64x2.splat(0);
  const end = p + ((<usize>1) << (n + 4));
  if (q >= n) {
    for (let i = p; i < end; i += 16) {
      const x = v128.load(i);
      sum = f64x2.add(sum, f64x2.mul(x, x));
    }
  } else {
    const step = (<usize>1) << (q + 4);
    for (let block = p + step; block < end; block += step << 1)
      for (let i = block; i < block + step; i += 16) {
        const x = v128.load(i);
        sum = f64x2.add(sum, f64x2.mul(x, x));
      }
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Keeps the half where qubit q is `outcome`, times `scale`, and clears the other. */
export function collapse(p: usize, n: u32, q: u32, outcome: u32, scale: f64): void {
  const step = (<usize>1) << (q + 4);
  const end = p + ((<usize>1) << (n + 4));
  const f = f64x2.splat(scale);
  for (let block = p; block < end; block += step << 1) {
    const kept = block + (outcome ? step : 0);
    for (let i = kept; i < kept + step; i += 16) v128.store(i, f64x2.mul(v128.load(i), f));
    memory.fill(block + (outcome ? 0 : step), 0, step);
  }
}

/** For `count` sorted numbers in [0, 1): the basis state at which the running sum of squares passes each, as f64. */
export function sample(p: usize, n: u32, draws: usize, count: u32, out: usize): void {
  const size = (<u32>1) << n;
  let j: u32 = 0;
  let last: u32 = 0;
  let x = v128.load(p);
  let y = f64x2.mul(x, x);
  let sum = f64x2.extract_lane(y, 0) + f64x2.extract_lane(y, 1);
  for (let i: u32 = 0; i < count; i++) {
    const d = load<f64>(draws + (i << 3));
    while (sum <= d && j < size - 1) {
      j += 1;
      x = v128.load(p + ((<usize>j) << 4));
      y = f64x2.mul(x, x);
      const w = f64x2.extract_lane(y, 0) + f64x2.extract_lane(y, 1);
      if (w > 0) last = j;
      sum += w;
    }
    store<f64>(out + (i << 3), <f64>(sum <= d ? last : j));
  }
}
