// A particle filter for the renewal model of one place: it reads the last weeks, and its particles, run on, are the forecast. A published
// week is the sum of seven days over a background of other illness, seen with Student noise.
// Trap: the filter sees nothing but its own place, so it knows of a wave only once it has come.
import { random } from '@madang/numerics';
import { DAYS, generationWeights, LOG_R_BOUNDS, POSITIONS, type RenewalModel } from './model.ts';

/** Particles, and weeks that the filter reads. */
const PARTICLES = 400;
const WINDOW = 12;

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
  particles: number = PARTICLES,
  window: number = WINDOW,
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
    state.logR[p] = Math.max(LOG_R_BOUNDS[0], Math.min(LOG_R_BOUNDS[1], x));
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
