// The mechanistic member: the renewal equation (Fraser 2007, PLoS ONE 2:e758) with a reproduction number that moves. Infections of a day are
// R times the recent ones weighted by the generation time; log R follows its season (learned from all places) with a first-order
// autoregression about it; the published week is the sum of seven days over a background of other illness, seen with noise.
// A particle filter per place reads the last weeks; its particles, run on, are the forecast.
// It is not in the stack: the mean of the members does not gain from it (docs/decisions/0035).
// Trap: what is reported grows with reporting too, so R here is of the signal; and the filter sees nothing but its own place.
import { random } from '@madang/numerics';
import { LEVELS, MEDIAN } from '../levels.ts';
import { type Design, selectRows } from '../panel/design.ts';
import type { Place, Transform } from '../panel/panel.ts';
import { type GenerationTime, INFLUENZA, reproductionNumbers } from '../reproduction.ts';
import { type Member, QUANTILES, type Trained } from './member.ts';

/** How log R moves, learned from all places of a panel. */
export interface RenewalModel {
  readonly generation: GenerationTime;
  /** Mean log R by whole position of the year. */
  readonly season: Float64Array;
  /** Persistence from week to week of the deviation from the season, and the deviation's innovation. */
  readonly persistence: number;
  readonly innovation: number;
  /** Standard deviation of the log of a published value about the modelled one. */
  readonly observation: number;
}

export interface RenewalPlan {
  readonly generation: GenerationTime;
  readonly particles: number;
  /** Weeks that the filter reads. */
  readonly window: number;
}

export const RENEWAL: RenewalPlan = { generation: INFLUENZA, particles: 400, window: 12 };

/** R of a week is held within these, so that no forecast explodes. */
export const R_BOUNDS: readonly [number, number] = [0.4, 2.5];
const LOG_LOW = Math.log(R_BOUNDS[0]);
const LOG_HIGH = Math.log(R_BOUNDS[1]);
/** Days of generation time kept. */
const DAYS = 14;
const POSITIONS = 53;
/** Indices of the 5 % and 95 % levels. */
const LOW = 2;
const HIGH = 20;

/** The daily weights of a gamma generation time, day 1 first; they sum to 1. */
export function generationWeights(g: GenerationTime, days: number = DAYS): Float64Array {
  const shape = (g.meanDays / g.sdDays) ** 2;
  const rate = g.meanDays / g.sdDays ** 2;
  const w = new Float64Array(days);
  // Mass between the half days, by the midpoint rule with ten cells a day.
  for (let d = 0; d < days; d++) {
    for (let c = 0; c < 10; c++) {
      const t = d + 0.5 + (c + 0.5) / 10;
      w[d] += t ** (shape - 1) * Math.exp(-rate * t);
    }
  }
  const sum = w.reduce((a, b) => a + b, 0);
  return w.map(v => v / sum);
}

/** Mean of log R by season, and how it moves about it, from every place's five-week growth. `position` gives the week of the year. */
export function fitRenewal(
  series: readonly { readonly first: number; readonly values: Float64Array }[],
  position: (period: number) => number,
  generation: GenerationTime = INFLUENZA,
): RenewalModel {
  const sum = new Float64Array(POSITIONS);
  const count = new Float64Array(POSITIONS);
  const tracks: { at: number; x: number }[][] = [];
  const roughness: number[] = [];
  for (const s of series) {
    const track: { at: number; x: number }[] = [];
    for (const r of reproductionNumbers(s.values, generation)) {
      const x = Math.max(LOG_LOW, Math.min(LOG_HIGH, Math.log(r.r)));
      // The window's centre is two weeks before its end.
      const at = s.first + r.at - 2;
      track.push({ at, x });
      const k = Math.floor(position(at));
      sum[k] += x;
      count[k] += 1;
    }
    tracks.push(track);
    for (let i = 2; i < s.values.length; i++) {
      const [a, b, c] = [s.values[i - 2], s.values[i - 1], s.values[i]];
      if (a > 0 && b > 0 && c > 0) roughness.push(Math.abs(Math.log((a * c) / (b * b))));
    }
  }
  const season = smoothSeason(sum, count);
  let xx = 0.01;
  let xy = 0;
  let n = 0;
  const pairs: [number, number][] = [];
  for (const track of tracks) {
    const of = new Map(track.map(t => [t.at, t.x - season[Math.floor(position(t.at))]]));
    for (const [at, x] of of) {
      const y = of.get(at + 5);
      if (y === undefined) continue;
      xx += x * x;
      xy += x * y;
      n += 1;
      pairs.push([x, y]);
    }
  }
  // Windows five weeks apart share no value, so their correlation is not made by the overlap.
  const persistence = Math.max(0.5, Math.min(0.97, Math.max(0.01, xy / xx) ** 0.2));
  const five = persistence ** 5;
  const residual = pairs.reduce((a, [x, y]) => a + (y - five * x) ** 2, 0) / Math.max(1, n);
  const innovation = Math.sqrt(Math.max(0.0004, (residual * (1 - persistence ** 2)) / (1 - five ** 2)));
  roughness.sort((a, b) => a - b);
  // Second differences of white noise have six times its variance; the median of |N| is 0.6745.
  const middle = roughness[roughness.length >> 1] ?? 0.2;
  const observation = Math.max(0.03, Math.min(0.3, middle / 0.6745 / Math.sqrt(6)));
  return { generation, season, persistence, innovation: Math.min(0.25, innovation), observation };
}

function smoothSeason(sum: Float64Array, count: Float64Array): Float64Array {
  const out = new Float64Array(POSITIONS);
  for (let k = 0; k < POSITIONS; k++) {
    let s = 0;
    let n = 3;
    for (let j = -2; j <= 2; j++) {
      const at = (k + j + POSITIONS) % POSITIONS;
      s += sum[at];
      n += count[at];
    }
    out[k] = s / n;
  }
  return out;
}

/** Particles' values of the coming weeks: `ahead` x particles, in the series' unit; and the filtered R of the last week, 2.5, 50, 97.5 %. */
export interface RenewalForecast {
  readonly paths: Float64Array;
  readonly particles: number;
  readonly r: readonly [number, number, number];
}

/**
 * Filters the last weeks of a series (`values[i]` is period `first + i`, NaN = missing, the last one known) and runs it on.
 * Undefined when fewer than two values of the window are positive.
 */
export function renewalForecast(
  model: RenewalModel,
  values: ArrayLike<number>,
  first: number,
  position: (period: number) => number,
  ahead: number,
  seed: string,
  particles: number = RENEWAL.particles,
  window: number = RENEWAL.window,
): RenewalForecast | undefined {
  const last = values.length - 1;
  const from = Math.max(0, last - window + 1);
  const recent: number[] = [];
  for (let i = from; i <= last; i++) if (values[i] > 0) recent.push(values[i]);
  if (recent.length < 2) return undefined;
  // The background of other illness: half of the lowest week of the last year; without most of a year there is none to be told apart.
  let low = Infinity;
  let year = 0;
  for (let i = Math.max(0, last - 51); i <= last; i++) {
    if (!(values[i] >= 0)) continue;
    low = Math.min(low, values[i]);
    year += 1;
  }
  const background = year >= 40 ? 0.5 * low : 0;
  const r = random(seed);
  const w = generationWeights(model.generation);
  const state = {
    infections: new Float64Array(particles * DAYS),
    logR: new Float64Array(particles),
  };
  const start = Math.max(0.02 * recent[0], (values[from] > 0 ? values[from] : recent[0]) - background) / 7;
  for (let p = 0; p < particles; p++) {
    const level = start * Math.exp(0.3 * r.normal());
    const x = season(model, position, first + from) + 0.2 * r.normal();
    state.logR[p] = x;
    // Days before the window grew as R says now.
    const daily = x / model.generation.meanDays;
    for (let d = 0; d < DAYS; d++) state.infections[p * DAYS + d] = level * Math.exp(-daily * d);
  }
  const week = new Float64Array(particles);
  const weight = new Float64Array(particles);
  for (let i = from + 1; i <= last; i++) {
    advance(model, state, w, position, first + i, particles, r, week);
    const v = values[i];
    if (!(v >= 0)) continue;
    for (let p = 0; p < particles; p++) {
      const e =
        (Math.log(v + 0.01 * recent[0]) - Math.log(week[p] + background + 0.01 * recent[0])) / model.observation;
      // Student t with 4 degrees of freedom: one odd week does not kill every particle.
      weight[p] = (1 + (e * e) / 4) ** -2.5;
    }
    resample(state, weight, particles, r.uniform());
  }
  const sorted = state.logR.slice().sort();
  const at = (p: number) => Math.exp(sorted[Math.min(particles - 1, Math.floor(p * particles))]);
  const rNow = [at(0.025), at(0.5), at(0.975)] as const;
  const paths = new Float64Array(ahead * particles);
  for (let d = 1; d <= ahead; d++) {
    advance(model, state, w, position, first + last + d, particles, r, week);
    for (let p = 0; p < particles; p++)
      paths[(d - 1) * particles + p] = (week[p] + background) * Math.exp(model.observation * r.normal());
  }
  return { paths, particles, r: rNow };
}

const season = (m: RenewalModel, position: (period: number) => number, period: number) =>
  m.season[Math.min(POSITIONS - 1, Math.floor(position(period)))];

interface State {
  /** Newest day first, `DAYS` a particle. */
  infections: Float64Array;
  logR: Float64Array;
}

/** One week: R moves once, infections day by day; `week` receives the sums. */
function advance(
  m: RenewalModel,
  state: State,
  w: Float64Array,
  position: (period: number) => number,
  period: number,
  particles: number,
  r: ReturnType<typeof random>,
  week: Float64Array,
): void {
  const before = season(m, position, period - 1);
  const now = season(m, position, period);
  for (let p = 0; p < particles; p++) {
    const x = now + m.persistence * (state.logR[p] - before) + m.innovation * r.normal();
    state.logR[p] = Math.max(LOG_LOW, Math.min(LOG_HIGH, x));
    const R = Math.exp(state.logR[p]);
    const days = state.infections.subarray(p * DAYS, (p + 1) * DAYS);
    let sum = 0;
    for (let day = 0; day < 7; day++) {
      let s = 0;
      for (let d = 0; d < DAYS; d++) s += w[d] * days[d];
      const fresh = R * s;
      days.copyWithin(1, 0, DAYS - 1);
      days[0] = fresh;
      sum += fresh;
    }
    week[p] = sum;
  }
}

/** Systematic resampling (Kitagawa 1996). */
function resample(state: State, weight: Float64Array, particles: number, u: number): void {
  let total = 0;
  for (const v of weight) total += v;
  if (!(total > 0)) return;
  const infections = new Float64Array(state.infections.length);
  const logR = new Float64Array(particles);
  let sum = weight[0];
  let k = 0;
  for (let p = 0; p < particles; p++) {
    const at = ((p + u) / particles) * total;
    while (sum < at && k < particles - 1) sum += weight[++k];
    infections.set(state.infections.subarray(k * DAYS, (k + 1) * DAYS), p * DAYS);
    logR[p] = state.logR[k];
  }
  state.infections = infections;
  state.logR = logR;
}

/** Values in units of the place's scale from the transformed series. */
const natural = (place: Place, transform: Transform, end: number) =>
  Float64Array.from(place.z.subarray(0, end), z => (Number.isNaN(z) ? z : transform.backward(z)));

/** Places and bases of the training design on which the spread is checked, and how far it may be corrected. */
const CHECKED = 150;
const SPREAD_LIMITS: readonly [number, number] = [0.6, 3];

/** The renewal model as a member: its dynamics from the places of the training design, one filter for each place and base. */
export function renewalMember(name: string, plan: RenewalPlan, position: (period: number) => number): Member {
  return {
    name,
    train(d, seed): Trained {
      const { panel } = d;
      const models = new Map<string, RenewalModel>();
      for (const target of new Set(panel.places.map(p => p.target))) {
        const series = panel.places
          .filter(p => p.target === target)
          .map(p => ({ first: p.first, values: natural(p, panel.transform, p.z.length) }));
        models.set(target, fitRenewal(series, position, plan.generation));
      }
      const raw = (rows: Design) => renewalQuantiles(models, rows, plan, position, seed);
      const spread = spreadOf(d, raw);
      return {
        quantiles(rows) {
          const q = raw(rows);
          for (let i = 0; i < rows.rows; i++) {
            const of = q.subarray(i * QUANTILES, (i + 1) * QUANTILES);
            const middle = of[MEDIAN];
            for (let k = 0; k < QUANTILES; k++) of[k] = middle + (spread.get(rows.step[i]) ?? 1) * (of[k] - middle);
          }
          return q;
        },
      };
    },
  };
}

/** For each step the factor with which nine of ten past values lie within the 90 % interval: the model's own idea of noise is too modest. */
function spreadOf(d: Design, raw: (rows: Design) => Float32Array): Map<number, number> {
  const bases = [...new Set(Array.from(d.base, (t, i) => `${d.place[i]}/${t}`))];
  const stride = Math.max(1, Math.floor(bases.length / CHECKED));
  const checked = new Set(bases.filter((_, k) => k % stride === 0));
  const rows = selectRows(d, i => checked.has(`${d.place[i]}/${d.base[i]}`));
  const q = raw(rows);
  const ratios = new Map<number, number[]>();
  for (let i = 0; i < rows.rows; i++) {
    const of = q.subarray(i * QUANTILES, (i + 1) * QUANTILES);
    if (Number.isNaN(of[0])) continue;
    const off = rows.y[i] - of[MEDIAN];
    const half = Math.max(1e-6, off > 0 ? of[HIGH] - of[MEDIAN] : of[MEDIAN] - of[LOW]);
    const list = ratios.get(rows.step[i]) ?? [];
    list.push(Math.abs(off) / half);
    ratios.set(rows.step[i], list);
  }
  return new Map(
    [...ratios].map(([step, r]) => {
      const nine = r.sort((a, b) => a - b)[Math.floor(0.9 * (r.length - 1))];
      return [step, Math.max(SPREAD_LIMITS[0], Math.min(SPREAD_LIMITS[1], nine))];
    }),
  );
}

function renewalQuantiles(
  models: ReadonlyMap<string, RenewalModel>,
  d: Design,
  plan: RenewalPlan,
  position: (period: number) => number,
  seed: string,
): Float32Array {
  const out = new Float32Array(d.rows * QUANTILES).fill(Number.NaN);
  const { places, transform } = d.panel;
  const furthest = d.step.reduce((a, b) => Math.max(a, b), 1);
  const made = new Map<string, RenewalForecast | undefined>();
  for (let i = 0; i < d.rows; i++) {
    const place = places[d.place[i]];
    const model = models.get(place.target);
    if (!model) continue;
    const key = `${d.place[i]}/${d.base[i]}`;
    if (!made.has(key)) {
      const values = natural(place, transform, d.base[i] + 1);
      const own = `${seed}/${place.target}/${place.location}/${d.period[i]}`;
      made.set(key, renewalForecast(model, values, place.first, position, furthest, own, plan.particles, plan.window));
    }
    const f = made.get(key);
    if (!f) continue;
    const z = f.paths
      .slice((d.step[i] - 1) * f.particles, d.step[i] * f.particles)
      .map(v => transform.forward(v))
      .sort();
    for (let k = 0; k < QUANTILES; k++) {
      const at = Math.max(0, Math.min(f.particles - 1, LEVELS[k] * f.particles - 0.5));
      const low = Math.floor(at);
      const v = z[low] + (at - low) * ((z[low + 1] ?? z[low]) - z[low]);
      out[i * QUANTILES + k] = v - place.z[d.base[i]];
    }
  }
  return out;
}
