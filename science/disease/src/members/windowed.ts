// Windowed quantile autoregression: quantile regression of the increment on a few recent changes, over rows of all places that stood
// within some weeks of the same time of the year (after the Delphi group's seasonal quantile autoregression). A different line for each
// part of the season, and for each quantile.
// The trap: such regressions explode on unlike rows. Features are bounded, coefficients are pulled to 0, and no quantile leaves what the
// window has seen.
import { cholesky, choleskySolve } from '@madang/numerics';
import { LEVELS } from '../levels.ts';
import type { Design } from '../panel/design.ts';
import { type Member, QUANTILES, type Trained } from './member.ts';

export interface WindowedPlan {
  readonly columns: readonly string[];
  /** Periods of the year on either side of the forecast's base. */
  readonly halfWidth: number;
  /** Pull of each coefficient but the constant to 0, in rows. */
  readonly penalty: number;
}

export const WINDOWED: WindowedPlan = {
  columns: ['z0', 'change1', 'change2', 'change4', 'wave1', 'waveDistance', 'climateChange', 'anomaly'],
  halfWidth: 4,
  penalty: 3,
};

/** Levels that are fitted; the others lie between them on the scale of the normal distribution. */
const FITTED = [0.01, 0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 0.99];
const BOUND = 4;
const NEWTON_STEPS = 15;
const YEAR = 52.18;
/** Beyond the outermost increments seen in the window by this share of their range a quantile does not go. */
const MARGIN = 0.1;
/** Rows a coefficient that a window must hold. */
const LEAST_ROWS = 10;

export function windowedMember(name: string, plan: WindowedPlan, position: (period: number) => number): Member {
  return {
    name,
    train(d): Trained {
      const columns = plan.columns.map(c => d.columns.findIndex(x => x.name === c)).filter(k => k >= 0);
      const at = Float64Array.from(d.period, position);
      const fits = new Map<string, Fit | undefined>();
      const fitFor = (place: number, step: number) => {
        const key = `${place}/${step}`;
        if (!fits.has(key)) {
          const rows: number[] = [];
          for (let i = 0; i < d.rows; i++) {
            if (d.step[i] !== step) continue;
            const apart = Math.abs(at[i] - place);
            if (Math.min(apart, YEAR - apart) <= plan.halfWidth) rows.push(i);
          }
          fits.set(
            key,
            rows.length < LEAST_ROWS * (columns.length + 1) ? undefined : fit(d, rows, columns, plan.penalty),
          );
        }
        return fits.get(key);
      };
      return {
        quantiles(rows) {
          const out = new Float32Array(rows.rows * QUANTILES).fill(Number.NaN);
          for (let i = 0; i < rows.rows; i++) {
            const f = fitFor(position(rows.period[i]), rows.step[i]);
            if (f) predict(f, rows, i, out, i * QUANTILES);
          }
          return out;
        },
      };
    },
  };
}

interface Fit {
  readonly columns: readonly number[];
  readonly mean: Float64Array;
  readonly inverse: Float64Array;
  /** Fitted levels x (1 + columns). */
  readonly beta: Float64Array;
  readonly low: number;
  readonly high: number;
}

function fit(d: Design, rows: readonly number[], columns: readonly number[], penalty: number): Fit {
  const p = columns.length + 1;
  const mean = new Float64Array(columns.length);
  const inverse = new Float64Array(columns.length);
  for (const [j, c] of columns.entries()) {
    let n = 0;
    let s = 0;
    let q = 0;
    for (const i of rows) {
      const v = d.x[i * d.width + c];
      if (Number.isNaN(v)) continue;
      n += 1;
      s += v;
      q += v * v;
    }
    mean[j] = n > 0 ? s / n : 0;
    const variance = n > 0 ? q / n - mean[j] ** 2 : 0;
    inverse[j] = variance > 1e-10 ? 1 / Math.sqrt(variance) : 0;
  }
  const x = new Float64Array(rows.length * p);
  const y = Float64Array.from(rows, i => d.y[i]);
  const w = Float64Array.from(rows, i => d.weight[i]);
  for (const [r, i] of rows.entries()) encode(d, i, columns, mean, inverse, x, r * p);
  const sorted = y.slice().sort();
  const low = sorted[0];
  const high = sorted[sorted.length - 1];
  const margin = MARGIN * (high - low);
  const spread = sorted[Math.floor(0.75 * y.length)] - sorted[Math.floor(0.25 * y.length)];
  const width = Math.max(1e-4, 0.15 * spread);
  const beta = new Float64Array(FITTED.length * p);
  for (const [k, level] of FITTED.entries()) {
    const b = new Float64Array(p);
    // Starts from the neighbouring level's line, or from the median of the rows.
    if (k > 0) b.set(beta.subarray((k - 1) * p, k * p));
    else b[0] = sorted[Math.floor(level * (y.length - 1))];
    newton(x, y, w, p, level, width, penalty, b);
    beta.set(b, k * p);
  }
  return { columns, mean, inverse, beta, low: low - margin, high: high + margin };
}

/** Minimises the pinball loss smoothed by a logistic kernel (conquer, He et al. 2023) with a quadratic pull, by damped Newton steps. */
function newton(
  x: Float64Array,
  y: Float64Array,
  w: Float64Array,
  p: number,
  level: number,
  width: number,
  penalty: number,
  b: Float64Array,
): void {
  const gradient = new Float64Array(p);
  const hessian = new Float64Array(p * p);
  for (let step = 0; step < NEWTON_STEPS; step++) {
    gradient.fill(0);
    hessian.fill(0);
    for (let r = 0, at = 0; r < y.length; r++, at += p) {
      let e = y[r];
      for (let k = 0; k < p; k++) e -= x[at + k] * b[k];
      const below = 1 / (1 + Math.exp(Math.max(-40, Math.min(40, e / width))));
      const g = w[r] * (below - level);
      // A floor on the curvature keeps steps short where no row lies near the line.
      const h = w[r] * (Math.max(0.02, below * (1 - below)) / width);
      for (let k = 0; k < p; k++) {
        gradient[k] += g * x[at + k];
        const hx = h * x[at + k];
        for (let j = 0; j <= k; j++) hessian[k * p + j] += hx * x[at + j];
      }
    }
    for (let k = 1; k < p; k++) {
      gradient[k] += (penalty / width) * b[k];
      hessian[k * p + k] += penalty / width;
    }
    for (let k = 0; k < p; k++) hessian[k * p + k] += 1e-9;
    const move = choleskySolve(cholesky(hessian, p), p, gradient);
    let largest = 0;
    for (let k = 0; k < p; k++) {
      b[k] -= move[k];
      largest = Math.max(largest, Math.abs(move[k]));
    }
    if (largest < 1e-4) break;
  }
}

function encode(
  d: Design,
  row: number,
  columns: readonly number[],
  mean: Float64Array,
  inverse: Float64Array,
  out: Float64Array,
  from: number,
): void {
  out[from] = 1;
  for (let j = 0; j < columns.length; j++) {
    const v = (d.x[row * d.width + columns[j]] - mean[j]) * inverse[j];
    out[from + 1 + j] = Number.isNaN(v) ? 0 : Math.max(-BOUND, Math.min(BOUND, v));
  }
}

function predict(f: Fit, d: Design, row: number, out: Float32Array, from: number): void {
  const p = f.columns.length + 1;
  const x = new Float64Array(p);
  encode(d, row, f.columns, f.mean, f.inverse, x, 0);
  const q = new Float64Array(FITTED.length);
  for (let k = 0; k < FITTED.length; k++) {
    let s = 0;
    for (let j = 0; j < p; j++) s += x[j] * f.beta[k * p + j];
    q[k] = Math.max(f.low, Math.min(f.high, s));
  }
  q.sort();
  for (let k = 0, seg = 0; k < QUANTILES; k++) {
    while (seg < FITTED.length - 2 && LEVELS[k] > FITTED[seg + 1]) seg += 1;
    const t = (score(LEVELS[k]) - score(FITTED[seg])) / (score(FITTED[seg + 1]) - score(FITTED[seg]));
    out[from + k] = q[seg] + t * (q[seg + 1] - q[seg]);
  }
}

/** Normal score of a level, by the logistic approximation that is good to 1 % of a deviation between 0.01 and 0.99. */
const score = (level: number) => 5.5556 * (1 - ((1 - level) / level) ** 0.1186);
