// Forecasts of other models at one station and lead, corrected by their past errors: EMOS or a distributional network about the station's climatology.
// Rain: the chance of any by a logistic on the forecast's cube root, the amount by a gamma regression on its logarithm. Climatology itself is always given too.
import type { Random } from '@madang/numerics';
import { windowMeans } from './baseline.ts';
import { seasonAngle } from './calendar.ts';
import { fitGamma } from './calibrate.ts';
import { fitClimatology } from './climatology.ts';
import { crps, type Distribution } from './distributions.ts';
import { applyEmos, applyNetwork, fitEmos, fitNetwork, type Shape } from './emos.ts';
import { minimise } from './minimise.ts';
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
  /** What was taken: a network that does not beat EMOS gives way to it, and all give way to a climatology that they do not beat. */
  readonly method: 'emos' | 'network' | 'logistic and gamma' | 'climatology';
  readonly apply: (c: Case) => Distribution;
}

/** What a station would say on any day without a forecast, from its training days. */
export interface Usual {
  at(day: number): Distribution;
  /** False when parts of the year were never observed: then it is the same on all days. */
  readonly seasons: boolean;
}

/** Fewer cases are not fitted (nor could a fifth be left out); a network wants two years. */
const FEWEST = 25;
const FEWEST_FOR_NETWORK = 730;
/** A network has to be better than EMOS by this on what was withheld, since it was stopped by it. */
const NETWORK_GAIN = 0.99;

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

/** Climatology of a series whose index 0 is day `first`, from days before index `trainEnd`; undefined with fewer than 20 values. */
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
    return { seasons: whole, at: day => ({ kind, location: mean[place(day)], scale: sd[place(day)] }) };
  }
  const wet = curve(v => (Number.isNaN(v) ? v : v >= WET_CM ? 1 : 0));
  const amount = fitGamma(
    [...known].filter(v => v >= WET_CM).map(() => 0),
    [...known].filter(v => v >= WET_CM),
  );
  return {
    seasons: whole,
    at: day => ({
      kind,
      wet: Math.min(0.98, Math.max(0.02, wet.mean[place(day)])),
      mean: Math.exp(amount.intercept),
      shape: amount.shape,
    }),
  };
}

/**
 * Fits past cases in time order. What is chosen, network, EMOS or climatology, is chosen on cases that the fit has not seen. Throws RangeError when there
 * are too few.
 */
export function fitCorrection(
  past: readonly Case[],
  kind: Shape | 'rain',
  method: 'emos' | 'network',
  climate: Usual,
  r: Random,
): Correction {
  const cases = past.filter(c => !Number.isNaN(c.observed + c.mean));
  if (cases.length < FEWEST)
    throw new RangeError(`only ${cases.length} pairs of forecast and observation; at least ${FEWEST} are needed`);
  const fit = (some: readonly Case[]) => (kind === 'rain' ? fitRain(some) : emos(some, kind, climate));
  const withheld = FIFTHS.reduce(
    (s, f) => s + total(fifth(cases, f), fit(cases.filter((_, i) => fifthOf(i, cases.length) !== f))),
    0,
  );
  if (withheld >= total(cases, { apply: c => climate.at(c.day) }))
    return { method: 'climatology', apply: c => climate.at(c.day) };
  if (method === 'network' && kind !== 'rain' && cases.length >= FEWEST_FOR_NETWORK) {
    const found = networks(cases, kind, climate, r);
    if (found.withheld < NETWORK_GAIN * withheld) return found;
  }
  return fit(cases);
}

/** Stretches of time, so that what is withheld is not the morrow of what is known. */
const FIFTHS = [0, 1, 2, 3, 4];
const fifthOf = (i: number, n: number) => Math.floor((5 * i) / n);
const fifth = (cases: readonly Case[], f: number) => cases.filter((_, i) => fifthOf(i, cases.length) === f);
const total = (cases: readonly Case[], { apply }: Pick<Correction, 'apply'>) =>
  cases.reduce((s, c) => s + crps(apply(c), c.observed), 0);

const centre = (climate: Usual, c: Case) => {
  const d = climate.at(c.day);
  return d.kind === 'rain' ? 0 : d.location;
};

function emos(cases: readonly Case[], kind: Shape, climate: Usual): Correction {
  const of = (f: (c: Case) => number) => cases.map(f);
  const centres = of(c => centre(climate, c));
  const e = fitEmos(
    of(c => c.mean),
    of(c => c.variance),
    of(c => c.observed),
    { kind, centres },
  );
  return { method: 'emos', apply: c => applyEmos(e, c.mean, c.variance, centre(climate, c)) };
}

/** Five networks, each stopped by a fifth that it has not seen, and the score of each on that fifth; their mean is what is said. */
function networks(
  cases: readonly Case[],
  kind: Shape,
  climate: Usual,
  r: Random,
): Correction & { readonly withheld: number } {
  const row = (c: Case) => {
    const a = seasonAngle(c.day);
    return [c.mean - centre(climate, c), Math.sqrt(c.variance), Math.cos(a), Math.sin(a)];
  };
  const rows = cases.map(row);
  const observed = cases.map(c => c.observed);
  const centres = cases.map(c => centre(climate, c));
  const five = FIFTHS.map(f => {
    const check = (i: number) => fifthOf(i, cases.length) === f;
    const m = fitNetwork(rows, observed, { kind, centres, check }, r);
    return (c: Case) => applyNetwork(m, row(c), centre(climate, c));
  });
  const apply = (c: Case): Distribution => {
    let [location, scale] = [0, 0];
    for (const one of five) {
      const d = one(c);
      if (d.kind === 'rain') continue;
      location += d.location / five.length;
      scale += d.scale / five.length;
    }
    return { kind, location, scale };
  };
  const withheld = five.reduce((s, one, f) => s + total(fifth(cases, f), { apply: one }), 0);
  return { method: 'network', apply, withheld };
}

function fitRain(cases: readonly Case[]): Correction {
  const most = Math.max(...cases.map(c => c.mean));
  const x = (c: Case) => Math.cbrt(Math.min(most, Math.max(0, c.mean)));
  const [a, b] = logistic(
    cases.map(x),
    cases.map(c => (c.observed >= WET_CM ? 1 : 0)),
  );
  const size = (c: Case) => Math.log(WET_CM + Math.min(most, Math.max(0, c.mean)));
  const wet = cases.filter(c => c.observed >= WET_CM);
  const amount = fitGamma(
    wet.map(size),
    wet.map(c => c.observed),
  );
  return {
    method: 'logistic and gamma',
    apply: c => ({
      kind: 'rain',
      wet: 1 / (1 + Math.exp(-(a + b * x(c)))),
      mean: Math.exp(amount.intercept + amount.slope * size(c)),
      shape: amount.shape,
    }),
  };
}

/** Intercept and slope by greatest likelihood; a light pull to none keeps them finite where the forecast parts wet from dry without fault. */
function logistic(x: readonly number[], y: readonly number[]): [number, number] {
  const f = (v: Float64Array, g: Float64Array) => {
    let total = 0;
    g.fill(0);
    for (let i = 0; i < x.length; i++) {
      const z = v[0] + v[1] * x[i];
      total += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - y[i] * z;
      const e = 1 / (1 + Math.exp(-z)) - y[i];
      g[0] += e / x.length;
      g[1] += (e * x[i]) / x.length;
    }
    for (let k = 0; k < 2; k++) g[k] += (0.01 * v[k]) / x.length;
    return (total + 0.005 * (v[0] ** 2 + v[1] ** 2)) / x.length;
  };
  const { x: found } = minimise(f, [0, 0]);
  return [found[0], found[1]];
}
