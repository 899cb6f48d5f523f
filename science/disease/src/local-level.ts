// The newest values of a noised copy, brought nearer to the truth: a local level whose steps have the size that weekly counts have, seen
// through noise of known size; Kalman filter and fixed-interval smoother (Durbin and Koopman 2012, chapter 2). It reads the copy alone, so
// it costs no privacy. Large counts stay as they are, a count of five under noise of five takes after its neighbours.
// The trap: smoothed values vary less than true ones. They serve as the base of forecasts; what is learned, spread above all, is learned
// from the copy as it is.
import type { Series } from './change-log.ts';
import type { SourceNoise } from './source-noise.ts';

/** Values smoothed, from the last one back: as far as features look. */
const NEWEST = 8;
/** Variance of a week's step: twice the count (two draws of chance) and the square of this share of it (FluSight 2022/23). */
const STEP_SHARE = 0.3;

/** The series with its newest values smoothed; of another signal than the noised one, as it is. */
export function withoutNoise(s: Series, { target, sigma }: SourceNoise): Series {
  if (s.target !== target) return s;
  const n = s.values.length;
  const from = s.values.findIndex(v => !Number.isNaN(v));
  const level = new Float64Array(n);
  const variance = new Float64Array(n);
  const before = new Float64Array(n);
  level[from] = s.values[from];
  variance[from] = sigma ** 2;
  for (let i = from + 1; i < n; i++) {
    before[i] = variance[i - 1] + 2 * Math.max(1, level[i - 1]) + (STEP_SHARE * level[i - 1]) ** 2;
    // All but the newest value are means of two releases.
    const noise = sigma ** 2 / (i === n - 1 ? 1 : 2);
    const gain = Number.isNaN(s.values[i]) ? 0 : before[i] / (before[i] + noise);
    level[i] = level[i - 1] + (gain > 0 ? gain * (s.values[i] - level[i - 1]) : 0);
    variance[i] = (1 - gain) * before[i];
  }
  const values = s.values.slice();
  let next = level[n - 1];
  for (let i = n - 1; i >= Math.max(from, n - NEWEST); i--) {
    if (i < n - 1) next = level[i] + (variance[i] / before[i + 1]) * (next - level[i]);
    if (!Number.isNaN(values[i])) values[i] = next;
  }
  return { ...s, values };
}
