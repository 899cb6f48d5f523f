// The first pilot: a pooled histogram of standardised fourth-root increments, made to be summed securely and noised, and the
// forecasts that a place makes from it. A node counts its rows z[t+d] - z[t] in cells (part of the season x step x bin); the
// pooled, noised counts are turned into a smooth location-scale surface by least squares, which averages the noise of thousands of
// cells into some twenty coefficients: post-processing, so it costs no privacy.
// The trap: the scale s is fixed before the period and never recomputed from the rows, else one value would move all of them.
import { cholesky, choleskySolve } from '@madang/numerics';
import { weekOfSeason } from './calendar.ts';
import { LEVELS } from './levels.ts';

/** The public design of the histogram. Cells are ordered part, step, bin (bin fastest). */
export interface PilotSpec {
  /** Weeks ahead, 1 to steps. */
  readonly steps: number;
  /** 4-week parts of the season, by the week of season (from 1 August) of the base week; 13. */
  readonly parts: number;
  /** Inner edges of the bins of a one-week increment; the two outermost bins are open. */
  readonly binEdges: readonly number[];
  /** Edges of step d are those of step 1 times d^spread. */
  readonly spread: number;
  /** Target weeks left out, as week numbers, first and last (a pandemic); both ends count. */
  readonly excluded: readonly (readonly [number, number])[];
}

/** A place's own series with the scale that was fixed before the period. */
export interface PilotSeries {
  /** Week number of values[0]. */
  readonly first: number;
  /** NaN = not known. */
  readonly values: ArrayLike<number>;
  readonly scale: number;
}

/** Fitted surface: increments are distributed as location + spread x Student t with 4 degrees of freedom. */
export interface PilotModel {
  readonly spec: PilotSpec;
  readonly location: Float64Array;
  readonly logSpread: Float64Array;
}

/** Fourth root of the standardised value. */
export const rootOf = (value: number, scale: number): number => (Math.max(0, value) / scale + 0.01) ** 0.25;

/** Inverse of {@link rootOf}, not below 0. */
export const valueFromRoot = (z: number, scale: number): number => Math.max(0, (Math.max(0, z) ** 4 - 0.01) * scale);

/** Number of cells. */
export function cellCount(spec: PilotSpec): number {
  return spec.parts * spec.steps * (spec.binEdges.length + 1);
}

/** 95th percentile of the six years before `beforeWeek`, or undefined with fewer than `least` values or when it is 0. */
export function pilotScale(series: Omit<PilotSeries, 'scale'>, beforeWeek: number, least = 40): number | undefined {
  const known: number[] = [];
  for (
    let i = Math.max(0, beforeWeek - 313 - series.first);
    i < Math.min(series.values.length, beforeWeek - series.first);
    i++
  )
    if (!Number.isNaN(series.values[i])) known.push(series.values[i]);
  if (known.length < least) return undefined;
  known.sort((a, b) => a - b);
  const at = 0.95 * (known.length - 1);
  const low = Math.floor(at);
  const s = known[low] + (at - low) * ((known[low + 1] ?? known[low]) - known[low]);
  return s > 0 ? s : undefined;
}

/** A node's counts. One value is base or target of 2 rows in each step, so it changes the counts by at most 8 a step squared. */
export function incrementHistogram(series: Iterable<PilotSeries>, spec: PilotSpec): Int32Array {
  const out = new Int32Array(cellCount(spec));
  const bins = spec.binEdges.length + 1;
  for (const s of series) {
    for (let t = 0; t < s.values.length; t++) {
      if (Number.isNaN(s.values[t])) continue;
      const z = rootOf(s.values[t], s.scale);
      const part = Math.min(spec.parts - 1, Math.floor((weekOfSeason(s.first + t) * spec.parts) / 52));
      for (let d = 1; d <= spec.steps && t + d < s.values.length; d++) {
        const y = s.values[t + d];
        if (Number.isNaN(y) || isExcluded(spec, s.first + t + d)) continue;
        const bin = slot(spec.binEdges, (rootOf(y, s.scale) - z) / d ** spec.spread);
        out[(part * spec.steps + d - 1) * bins + bin] += 1;
      }
    }
  }
  return out;
}

/** Squared L2 sensitivity of {@link incrementHistogram} to replacing one place-week: 2 rows in each step may leave one cell for another. */
export function squaredSensitivity(spec: PilotSpec): number {
  return 8 * spec.steps;
}

function slot(edges: readonly number[], x: number): number {
  let i = 0;
  while (i < edges.length && x >= edges[i]) i++;
  return i;
}

function isExcluded(spec: PilotSpec, week: number): boolean {
  return spec.excluded.some(([a, b]) => week >= a && week <= b);
}

/** The design of the pilot: 13 parts, 5 steps, 30 bins; 1,950 cells. `excluded` as in {@link PilotSpec}. */
export function pilotSpec(excluded: PilotSpec['excluded']): PilotSpec {
  const binEdges = Array.from({ length: 29 }, (_, i) => ((i - 14) * 12) / 1000);
  return { steps: 5, parts: 13, binEdges, spread: 0.75, excluded };
}

/** Harmonics of the year at a week of season, the constant first. */
function seasonWaves(week: number, harmonics: number): number[] {
  const out = [1];
  for (let k = 1; k <= harmonics; k++) {
    const a = (2 * Math.PI * k * (week + 0.5)) / 52.18;
    out.push(Math.sin(a), Math.cos(a));
  }
  return out;
}

/** Location grows with the step from 0: waves x (d, d^2). */
function locationBasis(week: number, step: number): Float64Array {
  const d = step / 5;
  return Float64Array.from(seasonWaves(week, 3).flatMap(f => [f * d, f * d * d]));
}

/** Log spread: waves, and growth with the step that may differ by season. */
function spreadBasis(week: number, step: number): Float64Array {
  const w = seasonWaves(week, 2);
  const g = Math.log(step);
  return Float64Array.from([...w, g, g * w[1], g * w[2]]);
}

/** Student t with 4 degrees of freedom: distribution function, density, quantile (closed forms). */
const t4 = {
  cdf(x: number): number {
    if (!Number.isFinite(x)) return x > 0 ? 1 : 0;
    const a = x / Math.sqrt(4 + x * x);
    return 0.5 + a * (0.75 - 0.25 * a * a);
  },
  pdf: (x: number): number => (Number.isFinite(x) ? 0.375 * (1 + (x * x) / 4) ** -2.5 : 0),
  quantile(p: number): number {
    const alpha = 4 * p * (1 - p);
    const r = Math.sqrt(alpha);
    const q = Math.cos(Math.acos(r) / 3) / r;
    return Math.sign(p - 0.5) * 2 * Math.sqrt(Math.max(0, q - 1));
  },
};

/**
 * Fits the surface to pooled counts, which may be noised and negative. Deterministic; a few milliseconds.
 * `noisePerCell` is the standard deviation of the noise that was added; the louder, the stronger the pull to the starting surface.
 * Damped Gauss-Newton on squared differences of counts, the rows in each (part, step) being fitted along.
 */
export function fitIncrements(counts: ArrayLike<number>, spec: PilotSpec, noisePerCell = 0): PilotModel {
  if (counts.length !== cellCount(spec))
    throw new RangeError(`fitIncrements: ${counts.length} counts where the design has ${cellCount(spec)} cells`);
  const bins = spec.binEdges.length + 1;
  const cells: { at: number; loc: Float64Array; spr: Float64Array; edges: Float64Array }[] = [];
  for (let part = 0, at = 0; part < spec.parts; part++) {
    for (let step = 1; step <= spec.steps; step++, at += bins) {
      const week = ((part + 0.5) * 52) / spec.parts - 0.5;
      const edges = Float64Array.from([-Infinity, ...spec.binEdges.map(e => e * step ** spec.spread), Infinity]);
      cells.push({ at, loc: locationBasis(week, step), spr: spreadBasis(week, step), edges });
    }
  }
  const nl = cells[0].loc.length;
  const ns = cells[0].spr.length;
  const n = nl + ns;
  let theta = new Float64Array(n);
  theta[nl] = Math.log(spec.binEdges[spec.binEdges.length - 1] / 3);
  theta[nl + 5] = 0.5;
  const start = theta.slice();
  const prior = Float64Array.from(
    theta,
    (_, i) => PRIOR + (noisePerCell / (i < nl ? LOCATION_PRIOR : SPREAD_PRIOR)) ** 2,
  );
  const evaluate = (th: Float64Array, a?: Float64Array, g?: Float64Array) => {
    let loss = 0;
    for (let k = 0; k < n; k++) loss += prior[k] * (th[k] - start[k]) ** 2;
    const f = new Float64Array(bins);
    const dm = new Float64Array(bins);
    const ds = new Float64Array(bins);
    for (const c of cells) {
      const mu = dot(c.loc, th, 0);
      const sd = spreadOf(dot(c.spr, th, nl));
      let cdf = 0;
      let pdf = 0;
      let pdfU = 0;
      let ff = 0;
      let fn = 0;
      for (let b = 0; b < bins; b++) {
        const u = (c.edges[b + 1] - mu) / sd;
        const next = t4.cdf(u);
        const p = t4.pdf(u);
        const pu = Number.isFinite(u) ? p * u : 0;
        f[b] = next - cdf;
        dm[b] = (pdf - p) / sd;
        ds[b] = pdfU - pu;
        cdf = next;
        pdf = p;
        pdfU = pu;
        ff += f[b] * f[b];
        fn += f[b] * counts[c.at + b];
      }
      const rows = Math.max(0, fn / ff);
      for (let b = 0; b < bins; b++) {
        const r = counts[c.at + b] - rows * f[b];
        loss += r * r;
      }
      if (!a || !g || rows === 0) continue;
      // Normal equations in (location, spread) of this cell, then out to the coefficients.
      let mm = 0;
      let ms = 0;
      let ss = 0;
      let rm = 0;
      let rs = 0;
      for (let b = 0; b < bins; b++) {
        const r = counts[c.at + b] - rows * f[b];
        const m = rows * dm[b];
        const s = rows * ds[b];
        mm += m * m;
        ms += m * s;
        ss += s * s;
        rm += m * r;
        rs += s * r;
      }
      for (let i = 0; i < n; i++) {
        const bi = i < nl ? c.loc[i] : c.spr[i - nl];
        g[i] += bi * (i < nl ? rm : rs);
        for (let j = 0; j <= i; j++) {
          const bj = j < nl ? c.loc[j] : c.spr[j - nl];
          a[i * n + j] += bi * bj * (i < nl ? mm : j < nl ? ms : ss);
        }
      }
    }
    return loss;
  };
  let damping = 1e-3;
  for (let iteration = 0; iteration < 60; iteration++) {
    const a = new Float64Array(n * n);
    const g = new Float64Array(n);
    const loss = evaluate(theta, a, g);
    for (let i = 0; i < n; i++) {
      g[i] -= prior[i] * (theta[i] - start[i]);
      a[i * n + i] += prior[i];
    }
    let improved = 0;
    for (let attempt = 0; attempt < 12; attempt++) {
      const m = a.slice();
      for (let i = 0; i < n; i++) m[i * n + i] += damping * (a[i * n + i] + 1e-9);
      const step = choleskySolve(cholesky(m, n), n, g);
      const next = theta.map((v, i) => v + step[i]);
      const better = evaluate(next);
      if (better < loss) {
        improved = (loss - better) / loss;
        theta = next;
        damping = Math.max(1e-9, damping / 4);
        break;
      }
      damping *= 5;
    }
    if (improved < 1e-9) break;
  }
  return { spec, location: theta.slice(0, nl), logSpread: theta.slice(nl) };
}

/** Least pull towards no drift and a common spread, in squared counts. */
const PRIOR = 2000;
/** Standard deviations of the coefficients about the starting surface that are expected before any data. */
const LOCATION_PRIOR = 0.1;
const SPREAD_PRIOR = 0.3;

function dot(basis: Float64Array, theta: Float64Array, from: number): number {
  let s = 0;
  for (let i = 0; i < basis.length; i++) s += basis[i] * theta[from + i];
  return s;
}

/** Steps beyond this are treated as this one: a series silent for months says nothing more about its drift. */
const LAST_STEP = 8;

/** 23 quantiles, in the unit of the value, `step` weeks (1 or more) after week `baseWeek` whose value was `lastValue`. */
export function pilotQuantiles(
  model: PilotModel,
  baseWeek: number,
  lastValue: number,
  scale: number,
  step: number,
): Float64Array {
  const z = rootOf(lastValue, scale);
  const week = weekOfSeason(baseWeek);
  const d = Math.min(LAST_STEP, step);
  const mu = dot(locationBasis(week, d), model.location, 0);
  const spread = spreadOf(dot(spreadBasis(week, d), model.logSpread, 0));
  return Float64Array.from(LEVELS, p => valueFromRoot(z + mu + spread * t4.quantile(p), scale));
}

/** {@link fitIncrements} and {@link pilotQuantiles} in one, for a single forecast. */
export function quantilesFromHistogram(
  counts: ArrayLike<number>,
  spec: PilotSpec,
  at: { readonly baseWeek: number; readonly lastValue: number; readonly scale: number; readonly step: number },
  noisePerCell = 0,
): Float64Array {
  return pilotQuantiles(fitIncrements(counts, spec, noisePerCell), at.baseWeek, at.lastValue, at.scale, at.step);
}

const spreadOf = (log: number) => Math.exp(Math.min(2, Math.max(-7, log)));
