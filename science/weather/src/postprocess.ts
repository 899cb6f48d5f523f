// Forecasts of other models at one station and lead, corrected by their past errors: EMOS or a distributional network about the station's climatology.
// Rain: the chance of any by a logistic, the amount by a gamma regression on the cube root of the forecast. Climatology itself is always given too.
import type { Random } from '@madang/numerics';
import { windowMeans } from './baseline.ts';
import { seasonAngle } from './calendar.ts';
import { fitGamma, fitLogistic } from './calibrate.ts';
import { fitClimatology } from './climatology.ts';
import { crps, type Distribution } from './distributions.ts';
import { applyEmos, applyNetwork, fitEmos, fitNetwork, isCheck, type Shape } from './emos.ts';
import { WET_CM } from './variables.ts';

/** One forecast of an ensemble for a day, and what came (NaN when it is not known). */
export interface Case {
  /** Days since 1970 of the day forecast. */
  readonly day: number;
  readonly mean: number;
  /** Between members; 0 for a single forecast. */
  readonly variance: number;
  readonly observed: number;
}

export interface Correction {
  /** What was fitted: a network that does not beat EMOS on the rows kept for the check gives way to it. */
  readonly method: 'emos' | 'network' | 'logistic and gamma';
  readonly apply: (c: Case) => Distribution;
}

/** What a station would say on any day without a forecast, from its training days; undefined with fewer than 20. */
export type Usual = (day: number) => Distribution;

export const KINDS: Readonly<Record<string, Shape | 'rain'>> = {
  temp_mean: 'normal',
  temp_min: 'normal',
  temp_max: 'normal',
  pressure: 'normal',
  wind_speed: 'cut-normal',
  wind_gust: 'cut-normal',
  precipitation: 'rain',
};

/** Mean and variance of the members that are there; undefined when fewer than half are. */
export function ofMembers(members: ArrayLike<number>): { mean: number; variance: number } | undefined {
  const known = Array.from(members).filter(v => !Number.isNaN(v));
  if (known.length === 0 || known.length < members.length / 2) return undefined;
  const mean = known.reduce((a, b) => a + b, 0) / known.length;
  const squares = known.reduce((s, v) => s + (v - mean) ** 2, 0);
  return { mean, variance: known.length > 1 ? squares / (known.length - 1) : 0 };
}

/** CRPS of the members as they are (Gneiting and Raftery 2007, equation 21); missing ones take no part. */
export function ensembleCrps(members: ArrayLike<number>, y: number): number {
  const x = Float64Array.from(Array.from(members).filter(v => !Number.isNaN(v))).sort();
  const n = x.length;
  let [apart, spread] = [0, 0];
  for (let i = 0; i < n; i++) {
    apart += Math.abs(x[i] - y) / n;
    spread += (2 * (2 * i + 1 - n) * x[i]) / (n * n);
  }
  return apart - spread / 2;
}

/** Climatology of a series whose index 0 is day `first`, from days before index `trainEnd`. With parts of the year unseen it has no seasons. */
export function usual(values: Float64Array, first: number, trainEnd: number, kind: Shape | 'rain'): Usual | undefined {
  const known = values.subarray(0, trainEnd).filter(v => !Number.isNaN(v));
  if (known.length < 20) return undefined;
  // A year of 366 days beside the training, for which nothing is known, carries the climatology to any day.
  const long = new Float64Array(trainEnd + 366).fill(Number.NaN);
  long.set(values.subarray(0, trainEnd));
  const angles = Float64Array.from(long, (_, i) =>
    i < trainEnd ? seasonAngle(first + i) : (2 * Math.PI * (i - trainEnd)) / 366,
  );
  const whole = !windowMeans(long, first, trainEnd).subarray(trainEnd).some(Number.isNaN);
  const curve = (of: (v: number) => number) => {
    const x = long.map(of);
    if (whole) return fitClimatology(x, angles, trainEnd);
    const some = x.filter(v => !Number.isNaN(v));
    const mean = some.reduce((a, b) => a + b, 0) / some.length;
    const sd = Math.sqrt(some.reduce((s, v) => s + (v - mean) ** 2, 0) / some.length);
    return { mean: x.fill(mean), sd: new Float64Array(x.length).fill(Math.max(sd, 1e-6)) };
  };
  const place = (day: number) => trainEnd + (Math.round((seasonAngle(day) * 366) / (2 * Math.PI)) % 366);
  if (kind !== 'rain') {
    const { mean, sd } = curve(v => v);
    return day => ({ kind, location: mean[place(day)], scale: sd[place(day)] });
  }
  const wet = curve(v => (Number.isNaN(v) ? v : v >= WET_CM ? 1 : 0));
  const amount = fitGamma(
    [...known].filter(v => v >= WET_CM).map(() => 0),
    [...known].filter(v => v >= WET_CM),
  );
  return day => ({
    kind,
    wet: Math.min(0.98, Math.max(0.02, wet.mean[place(day)])),
    mean: Math.exp(amount.intercept),
    shape: amount.shape,
  });
}

/** Fits past cases in time order. Throws RangeError when there are too few. */
export function fitCorrection(
  past: readonly Case[],
  kind: Shape | 'rain',
  method: 'emos' | 'network',
  climate: Usual,
  r: Random,
): Correction {
  const cases = past.filter(c => !Number.isNaN(c.observed + c.mean));
  if (kind === 'rain') return fitRain(cases);
  const centre = (c: Case) => {
    const d = climate(c.day);
    return d.kind === 'rain' ? 0 : d.location;
  };
  const emos = (some: readonly Case[]): Correction => {
    const of = (f: (c: Case) => number) => some.map(f);
    const e = fitEmos(
      of(c => c.mean),
      of(c => c.variance),
      of(c => c.observed),
      { kind, centres: of(centre) },
    );
    return { method: 'emos', apply: c => applyEmos(e, c.mean, c.variance, centre(c)) };
  };
  if (method === 'emos') return emos(cases);
  const row = (c: Case) => {
    const a = seasonAngle(c.day);
    return [c.mean - centre(c), Math.sqrt(c.variance), Math.cos(a), Math.sin(a)];
  };
  const m = fitNetwork(
    cases.map(row),
    cases.map(c => c.observed),
    { kind, centres: cases.map(centre) },
    r,
  );
  const network: Correction = { method: 'network', apply: c => applyNetwork(m, row(c), centre(c)) };
  const check = cases.filter((_, i) => isCheck(i, cases.length));
  const others = cases.filter((_, i) => !isCheck(i, cases.length));
  const score = (k: Correction) => check.reduce((s, c) => s + crps(k.apply(c), c.observed), 0);
  return score(network) < score(emos(others)) ? network : emos(cases);
}

function fitRain(cases: readonly Case[]): Correction {
  if (cases.length < 20)
    throw new RangeError(`only ${cases.length} pairs of forecast and observation; at least 20 are needed`);
  const most = Math.max(...cases.map(c => c.mean));
  // In units in which the pull of the logistic to a slope of 1 is light.
  const x = (c: Case) => 10 * Math.cbrt(Math.min(most, Math.max(0, c.mean)));
  const [a, b] = fitLogistic(
    cases.map(x),
    cases.map(c => (c.observed >= WET_CM ? 1 : 0)),
  );
  const wet = cases.filter(c => c.observed >= WET_CM);
  const amount = fitGamma(
    wet.map(x),
    wet.map(c => c.observed),
  );
  return {
    method: 'logistic and gamma',
    apply: c => ({
      kind: 'rain',
      wet: 1 / (1 + Math.exp(-(a + b * x(c)))),
      mean: Math.exp(amount.intercept + amount.slope * x(c)),
      shape: amount.shape,
    }),
  };
}
