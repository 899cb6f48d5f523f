// The reproduction number from weekly data: growth rate of a log-linear fit over a short window, turned into R by the moment generating
// function of a gamma generation time (Wallinga and Lipsitch 2007, Proc R Soc B 274:599): R = (1 + r b)^a, shape a, scale b.
// The trap: rates of consultation grow with reporting too; R here says how fast the signal grows, not how many people are infected.

export interface GenerationTime {
  readonly meanDays: number;
  readonly sdDays: number;
}

/** Seasonal influenza: mean 3.6 days, standard deviation 1.6 (Cowling et al. 2009, Epidemiology 20:344; serial interval). */
export const INFLUENZA: GenerationTime = { meanDays: 3.6, sdDays: 1.6 };

export interface Reproduction {
  /** Index of the last value of the window. */
  readonly at: number;
  readonly r: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** Growth a week, on the log scale. */
  readonly growth: number;
}

/** Two-sided 97.5 % quantiles of Student's t for 1 to 10 degrees of freedom; 1.96 beyond is near enough for intervals. */
const T975 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

/** R at the end of each window of `window` weeks (4 or more) in which all values are positive. */
export function reproductionNumbers(values: ArrayLike<number>, g: GenerationTime, window = 5): Reproduction[] {
  if (window < 4)
    throw new RangeError(`reproductionNumbers: a window of ${window} weeks has no interval; give 4 or more`);
  const shape = (g.meanDays / g.sdDays) ** 2;
  const scaleWeeks = g.sdDays ** 2 / g.meanDays / 7;
  const rOf = (growth: number) => Math.max(0, 1 + growth * scaleWeeks) ** shape;
  const out: Reproduction[] = [];
  const centre = (window - 1) / 2;
  const sxx = (window * (window * window - 1)) / 12;
  const t = T975[window - 3] ?? 2;
  for (let end = window - 1; end < values.length; end++) {
    const y: number[] = [];
    for (let i = end - window + 1; i <= end; i++) if (values[i] > 0) y.push(Math.log(values[i]));
    if (y.length < window) continue;
    const mean = y.reduce((a, b) => a + b, 0) / window;
    const growth = y.reduce((s, v, i) => s + (i - centre) * (v - mean), 0) / sxx;
    const rest = y.reduce((s, v, i) => s + (v - mean - growth * (i - centre)) ** 2, 0);
    const half = t * Math.sqrt(rest / (window - 2) / sxx);
    out.push({ at: end, growth, r: rOf(growth), low: rOf(growth - half), high: rOf(growth + half) });
  }
  return out;
}
