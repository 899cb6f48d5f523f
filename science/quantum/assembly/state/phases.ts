// Phases: one where some bits read as wanted, and any run of phases on one and two bits in a single pass.
import { isOne, opened, product, times } from './complex';

/** Multiplies by a phase where the sorted bits read `wanted`. */
export function applyPhase(p: usize, n: u32, wanted: u32, bits: usize, count: u32, at: usize): void {
  const groups = (<u32>1) << (n - count);
  const r = v128.load_splat<f64>(at);
  const imaginary = load<f64>(at + 8);
  const s = f64x2.replace_lane(f64x2.splat(imaginary), 0, -imaginary);
  const run = count === 0 ? groups : min((<u32>1) << load<u32>(bits), groups);
  for (let g: u32 = 0; g < groups; g += run) {
    const first = p + ((<usize>(opened(g, bits, count) | wanted)) << 4);
    const last = first + ((<usize>run) << 4);
    for (let i = first; i < last; i += 16) v128.store(i, times(v128.load(i), r, s));
  }
}

/** Sets bit `on` among `m` places: the constant takes its factor, every other factor the pair with it. */
// @ts-ignore: decorator
@inline
function turn(constant: v128, factors: usize, pairs: usize, m: u32, on: u32): v128 {
  const row = pairs + ((<usize>(on * m)) << 4);
  const own = v128.load(factors + ((<usize>on) << 4));
  for (let j: u32 = 0; j < m; j++) {
    const at = factors + (j << 4);
    v128.store(at, product(v128.load(at), v128.load(row + (j << 4))));
  }
  return product(constant, own);
}

/**
 * Multiplies amplitude x by c · prod over set bits j of l_j · prod over pairs j < k of set bits of q_jk, on a block of 2^k amplitudes whose other
 * bits are those of `outer` (bit i of it is place k + i). `data`: c, then m factors l_j, then m x m factors q (1 on the diagonal), then 2^low
 * products of the pairs within the low bits, used when `dense`. `work`: room for 2m + 2^low numbers. Factors of exactly 1 cost nothing.
 */
export function applyQuadratic(p: usize, k: u32, m: u32, low: u32, outer: u32, dense: u32, data: usize, work: usize): void {
  const linear = data + 16;
  const pairs = linear + ((<usize>m) << 4);
  const table = pairs + ((<usize>(m * m)) << 4);
  const factors = work + ((<usize>m) << 4);
  const build = factors + ((<usize>m) << 4);
  const bytes = (<usize>1) << (low + 4);
  memory.copy(work, linear, (<usize>m) << 4);
  let constant = v128.load(data);
  for (let rest = outer; rest !== 0; rest &= rest - 1) constant = turn(constant, work, pairs, m, k + ctz<u32>(rest));
  for (let high: u32 = 0; high < (<u32>1) << (k - low); high++) {
    memory.copy(factors, work, (<usize>k) << 4);
    let c = constant;
    for (let rest = high; rest !== 0; rest &= rest - 1) {
      // Only places inside the block matter from here on.
      const on = low + ctz<u32>(rest);
      const row = pairs + ((<usize>(on * m)) << 4);
      c = product(c, v128.load(factors + (on << 4)));
      for (let j: u32 = 0; j < k; j++) {
        const at = factors + (j << 4);
        v128.store(at, product(v128.load(at), v128.load(row + (j << 4))));
      }
    }
    const first = p + ((<usize>high) << (low + 4));
    let plain = true;
    for (let j: u32 = 0; j < low; j++) if (!isOne(v128.load(factors + (j << 4)))) plain = false;
    if (plain && !dense) {
      if (isOne(c)) continue;
      const x = f64x2.extract_lane(c, 1);
      const r = i64x2.shuffle(c, c, 0, 0);
      const s = f64x2.replace_lane(f64x2.splat(x), 0, -x);
      for (let i: usize = 0; i < bytes; i += 16) v128.store(first + i, times(v128.load(first + i), r, s));
      continue;
    }
    v128.store(build, c);
    for (let j: u32 = 0; j < low; j++) {
      const f = v128.load(factors + (j << 4));
      const x = f64x2.extract_lane(f, 1);
      const fr = i64x2.shuffle(f, f, 0, 0);
      const fi = f64x2.replace_lane(f64x2.splat(x), 0, -x);
      const span = (<usize>1) << (j + 4);
      for (let i: usize = 0; i < span; i += 16) v128.store(build + span + i, times(v128.load(build + i), fr, fi));
    }
    if (dense) {
      for (let i: usize = 0; i < bytes; i += 16)
        v128.store(first + i, product(v128.load(first + i), product(v128.load(build + i), v128.load(table + i))));
    } else {
      for (let i: usize = 0; i < bytes; i += 16) v128.store(first + i, product(v128.load(first + i), v128.load(build + i)));
    }
  }
}

/** Fills the table of `applyQuadratic`: 2^low products of the pairs within the low bits. */
export function fillTable(m: u32, low: u32, pairs: usize, table: usize): void {
  v128.store(table, f64x2(1, 0));
  for (let j: u32 = 0; j < low; j++) {
    const span: u32 = 1 << j;
    for (let x: u32 = 0; x < span; x++) {
      let f = v128.load(table + (x << 4));
      for (let i: u32 = 0; i < j; i++) if ((x >> i) & 1) f = product(f, v128.load(pairs + ((i * m + j) << 4)));
      v128.store(table + ((x + span) << 4), f);
    }
  }
}
