// Probabilities, projection and drawing of basis states.

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
