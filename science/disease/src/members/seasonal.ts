// A short regression for each week of the season: rows add to the sums of their base's week and step, and the fit of a week adds up the
// sums of the weeks around it (after the Delphi group's windowed seasonal autoregression). Location, log scale and shape as in ridge.ts,
// so a federation trains it with the same three uploads: a window is a sum of sums.
// The trap: a window holds few weeks, and such regressions explode on unlike rows. Coefficients are pulled to 0, features are bounded,
// and no centre leaves the increments seen.
import { cholesky, choleskySolve } from '@madang/numerics';
import type { Design } from '../panel/design.ts';
import { type Encoding, type Moments, makeEncoding, momentsOf } from './encoding.ts';
import { type Member, QUANTILES, type Trained } from './member.ts';
import { SCALE_ROOM } from './ridge.ts';
import { SHAPE_CELLS, shapeCell, shapeQuantiles } from './ridge-shape.ts';
import { LOG_FLOOR } from './ridge-sums.ts';
import { perStep, stepUnit } from './units.ts';

export interface SeasonalPlan {
  /** Features, by name (panel/features.ts). */
  readonly columns: readonly string[];
  /** Weeks of the season on either side. */
  readonly halfWidth: number;
  /** Pull of each coefficient to 0, in periods seen in the window; the constant bears a tenth. */
  readonly penaltyPeriods: number;
}

export const SEASONAL: SeasonalPlan = {
  columns: [
    ...['z0', 'z1', 'mean8', 'seasonHigh', 'belowHigh', 'change1', 'change2', 'change4', 'slope6', 'curve6', 'rough1'],
    ...['wave1', 'waveDistance', 'climateChange', 'climateThen', 'anomaly'],
  ],
  halfWidth: 6,
  penaltyPeriods: 4,
};

/** Whole positions of a year. */
const POSITIONS = 53;
/** Fewer periods in a window than this and its weeks have no forecast. */
const LEAST_PERIODS = 5;

/** A vector of sums for each position and step, and the sum over a window of positions. */
class Cells {
  readonly values: Float64Array;
  readonly #size: number;
  readonly #steps: number;

  constructor(steps: number, size: number) {
    this.#size = size;
    this.#steps = steps;
    this.values = new Float64Array(POSITIONS * steps * size);
  }

  window(cell: number, halfWidth: number): Float64Array {
    const out = new Float64Array(this.#size);
    const step = cell % this.#steps;
    const position = (cell - step) / this.#steps;
    for (let j = -halfWidth; j <= halfWidth; j++) {
      const from = (((position + j + POSITIONS) % POSITIONS) * this.#steps + step) * this.#size;
      for (let k = 0; k < out.length; k++) out[k] += this.values[from + k];
    }
    return out;
  }
}

/** Coefficients of every cell (position x step); a cell with too little to go by has no `factor`. */
interface SeasonalModel {
  readonly encoding: Encoding;
  readonly cellOf: (d: Design, row: number) => number;
  readonly known: readonly boolean[];
  readonly location: Float64Array;
  readonly scale: Float64Array;
  /** steps x 23. */
  readonly shape: Float64Array;
  readonly steps: number;
  /** Least and largest increment seen, in units of its step. */
  readonly range: readonly [number, number];
}

export function seasonalMember(
  name: string,
  plan: SeasonalPlan,
  position: (period: number) => number,
  steps: number,
): Member {
  return {
    name,
    train(rows): Trained {
      const model = fitSeasonal(perStep(rows), plan, position, steps);
      return { quantiles: d => seasonalQuantiles(model, d) };
    },
  };
}

function fitSeasonal(
  d: Design,
  plan: SeasonalPlan,
  position: (period: number) => number,
  steps: number,
): SeasonalModel {
  const encoding = encodingOf(d.columns, momentsOf(d), plan.columns);
  const cellOf = (e: Design, i: number) =>
    Math.min(POSITIONS - 1, Math.floor(position(e.period[i]))) * steps + Math.min(steps, e.step[i]) - 1;
  const p = encoding.size;
  const cells = POSITIONS * steps;
  const z = new Float64Array(p);
  const each = (use: (row: number, cell: number) => void) => {
    for (let i = 0; i < d.rows; i++) {
      encoding.encode(d, i, z, 0);
      use(i, cellOf(d, i));
    }
  };
  const gram = new Cells(steps, p * p);
  const moment = new Cells(steps, p);
  const weight = new Cells(steps, 1);
  const range: [number, number] = [Infinity, -Infinity];
  each((i, c) => {
    const w = d.weight[i];
    weight.values[c] += w;
    range[0] = Math.min(range[0], d.y[i]);
    range[1] = Math.max(range[1], d.y[i]);
    for (let a = 0; a < p; a++) {
      const v = w * z[a];
      moment.values[c * p + a] += v * d.y[i];
      for (let b = 0; b <= a; b++) gram.values[(c * p + a) * p + b] += v * z[b];
    }
  });
  // Which periods the rows span is public: it is the calendar, not the rows.
  const periods = new Cells(1, 1);
  for (const t of new Set(d.period)) periods.values[Math.min(POSITIONS - 1, Math.floor(position(t)))] += 1;
  const factors = Array.from({ length: cells }, (_, c) => {
    const total = weight.window(c, plan.halfWidth)[0];
    const seen = periods.window((c - (c % steps)) / steps, plan.halfWidth)[0];
    if (!(total > 0) || seen < LEAST_PERIODS) return undefined;
    const g = gram.window(c, plan.halfWidth);
    const pull = (plan.penaltyPeriods / seen) * total;
    for (let a = 0; a < p; a++) g[a * p + a] += (a === 0 ? 0.1 : 1) * pull + 1e-9;
    return cholesky(g, p);
  });
  const solved = (sums: Cells) => {
    const out = new Float64Array(cells * p);
    for (const [c, f] of factors.entries()) if (f) out.set(choleskySolve(f, p, sums.window(c, plan.halfWidth)), c * p);
    return out;
  };
  const location = solved(moment);
  const logs = new Cells(steps, p);
  each((i, c) => {
    const log = d.weight[i] * Math.log(Math.abs(d.y[i] - at(z, location, c)) + LOG_FLOOR);
    for (let a = 0; a < p; a++) logs.values[c * p + a] += log * z[a];
  });
  const scale = solved(logs);
  const counts = new Float64Array(steps * SHAPE_CELLS);
  each((i, c) => {
    if (!factors[c]) return;
    const u = (d.y[i] - at(z, location, c)) / Math.exp(at(z, scale, c));
    counts[(c % steps) * SHAPE_CELLS + shapeCell(u)] += d.weight[i];
  });
  const known = factors.map(f => f !== undefined);
  return { encoding, cellOf, known, location, scale, shape: shapeQuantiles(counts, steps), steps, range };
}

/** Only the named features, none of them multiplied by the step: each step has its own fit. */
function encodingOf(columns: Design['columns'], moments: Moments, names: readonly string[]): Encoding {
  const used = columns.map(c => ({
    ...c,
    group: names.includes(c.name) || c.group === 'step' ? c.group : ('covariate' as const),
    growsWithStep: false,
  }));
  return makeEncoding(used, moments, { without: ['covariate'], hidden: 0, seed: '' });
}

function at(z: Float64Array, coefficients: Float64Array, cell: number): number {
  let s = 0;
  for (let a = 0; a < z.length; a++) s += z[a] * coefficients[cell * z.length + a];
  return s;
}

function seasonalQuantiles(m: SeasonalModel, d: Design): Float32Array {
  const out = new Float32Array(d.rows * QUANTILES).fill(Number.NaN);
  const z = new Float64Array(m.encoding.size);
  for (let i = 0; i < d.rows; i++) {
    const c = m.cellOf(d, i);
    if (!m.known[c]) continue;
    m.encoding.encode(d, i, z, 0);
    const centre = Math.max(m.range[0], Math.min(m.range[1], at(z, m.location, c)));
    const usual = m.scale[c * z.length];
    const spread = Math.exp(Math.min(1, usual + SCALE_ROOM, at(z, m.scale, c)));
    const unit = stepUnit(d.step[i]);
    const from = (c % m.steps) * QUANTILES;
    for (let k = 0; k < QUANTILES; k++) out[i * QUANTILES + k] = unit * (centre + spread * m.shape[from + k]);
  }
  return out;
}
