// Histograms of boosted trees with one gradient a row: gradient and second derivative are one vector of two doubles, whole numbers both, so that the
// order of addition does not matter. packages/study/src/kinds/gbdt/histogram.ts says what it does; its plain twin gives the same bytes.
// asc: --enable simd --initialMemory 1

/**
 * out[feature][bin] += pairs[row] for each of `n` rows: `rows` their numbers (32 bits), `bins` row-major bytes, `pairs` 16 bytes a row, `stride` bytes
 * of `out` for a feature.
 */
export function histogram(rows: usize, n: u32, bins: usize, features: u32, pairs: usize, stride: u32, out: usize): void {
  for (const end = rows + (n << 2); rows < end; rows += 4) {
    const row = load<u32>(rows);
    const pair = v128.load(pairs + (row << 4));
    let at = out;
    for (let bin = bins + row * features, last = bin + features; bin < last; bin++, at += stride) {
      const cell = at + ((<usize>load<u8>(bin)) << 4);
      v128.store(cell, f64x2.add(v128.load(cell), pair));
    }
  }
}

/** First byte that this module does not use itself. */
export function base(): usize {
  return __heap_base;
}
