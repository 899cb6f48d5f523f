// The weighted interval score, Bracher, Ray, Gneiting, Reich 2021 (PLoS Comput Biol 17:e1008618), in its quantile form:
// with N symmetric levels, WIS(F, y) = 1/N sum_i 2 (1{y <= q_i} - t_i)(q_i - y). Smaller is better; the unit is that of y.
// The trap: the mean of interval scores has K + 1/2 in its denominator; the two forms agree only with the median included.

/** WIS of quantiles `q` at `levels` when `y` came true. `q` need not be sorted; nothing is clipped. */
export function wis(levels: ArrayLike<number>, q: ArrayLike<number>, y: number): number {
  let sum = 0;
  for (let i = 0; i < levels.length; i++) sum += 2 * ((y <= q[i] ? 1 : 0) - levels[i]) * (q[i] - y);
  return sum / levels.length;
}

/** Natural logarithm of 1 + x with x taken as 0 when negative: the scale of LogWIS. */
export function log1(x: number): number {
  return Math.log1p(Math.max(0, x));
}

/** The three parts of WIS: width of the intervals, and the penalties for missing above and below. They add up to {@link wis}. */
export interface WisParts {
  readonly spread: number;
  /** The truth was below: the forecast was too high. */
  readonly over: number;
  /** The truth was above: the forecast was too low. */
  readonly under: number;
}

/** Decomposition of WIS (Bracher et al. 2021, section 2.2). `levels` symmetric with the median in the middle. */
export function wisParts(levels: ArrayLike<number>, q: ArrayLike<number>, y: number): WisParts {
  const n = levels.length;
  const k = n >> 1;
  const median = q[k];
  let spread = 0;
  let over = 0.5 * Math.max(0, median - y);
  let under = 0.5 * Math.max(0, y - median);
  for (let i = 0; i < k; i++) {
    const low = q[i];
    const high = q[n - 1 - i];
    spread += levels[i] * (high - low);
    over += Math.max(0, low - y);
    under += Math.max(0, y - high);
  }
  const c = 1 / (k + 0.5);
  return { spread: c * spread, over: c * over, under: c * under };
}

/**
 * Probability integral transform of `y` under the forecast: the level at which the quantile function passes it, by interpolation;
 * below the lowest quantile half of its level, above the highest half way to 1. Uniform over many targets when calibrated.
 */
export function pit(levels: ArrayLike<number>, q: ArrayLike<number>, y: number): number {
  const n = levels.length;
  if (y < q[0]) return levels[0] / 2;
  if (y > q[n - 1]) return (1 + levels[n - 1]) / 2;
  // Where quantiles are equal (many zeros) the middle of their levels is taken.
  let low = 0;
  while (low < n - 1 && q[low + 1] < y) low++;
  let high = low;
  while (high < n - 1 && q[high + 1] <= y) high++;
  if (q[low] === y || high - low > 1) return (levels[q[low] === y ? low : low + 1] + levels[high]) / 2;
  const up = Math.min(n - 1, low + 1);
  const width = q[up] - q[low];
  return width > 0 ? levels[low] + ((levels[up] - levels[low]) * (y - q[low])) / width : levels[low];
}
