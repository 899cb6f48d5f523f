// A node's rows of the shared ridge, and what each of them gives to each sum.
import type { Series } from '../change-log.ts';
import type { Encoding } from '../members/encoding.ts';
import { excludedWeeks } from '../pandemic.ts';
import { type Design, trainingDesign } from '../panel/design.ts';
import { COLUMNS, featureMaker } from '../panel/features.ts';
import { makePanel, weeklyCalendar } from '../panel/panel.ts';
import { trainingPlan } from '../training-plan.ts';
import { LOG_CENTRE, LOG_HALF, SHARED_FEATURES, type SharedRidgeSpec } from './spec.ts';

export const CALENDAR = weeklyCalendar(target => excludedWeeks(target));
/** Standardised features are moved to within ± this. */
const FEATURE_BOUND = 4;
/** Added to |residual| before the logarithm. */
const FLOOR = 0.002;
/** Shapes reach this far in asinh of the standardised residual. */
export const SHAPE_REACH = 3.2;
const STEP = COLUMNS.findIndex(c => c.name === 'step');

/** Training rows: bases from week `from` on, with scales and climatologies of the weeks before it. Series are of one target. */
export function sharedRidgeRows(series: readonly Series[], s: SharedRidgeSpec, from: number): Design {
  const panel = makePanel(series, CALENDAR, undefined, undefined, from);
  const { weight } = trainingPlan(series[0]?.target ?? '');
  return trainingDesign(panel, featureMaker(panel, CALENDAR, []), { steps: s.steps, weight, from });
}

/** The public map from a design's row to columns: a constant, then each term in its unit, 0 where missing; the whole at most `rowNorm` long. */
export function sharedRidgeEncoding(s: SharedRidgeSpec): Encoding {
  const terms = s.terms.map(term => {
    const [name, times] = term.split('*');
    const [centre, spread] = SHARED_FEATURES[name];
    return { at: COLUMNS.findIndex(c => c.name === name), centre, spread, grows: times !== undefined };
  });
  const size = 1 + terms.length;
  return {
    size,
    encode({ x, width }, row, out, from) {
      out[from] = 1;
      let square = 1;
      for (const [k, t] of terms.entries()) {
        const raw = (x[row * width + t.at] - t.centre) / t.spread;
        const v = Number.isNaN(raw) ? 0 : clip(raw, FEATURE_BOUND) * (t.grows ? x[row * width + STEP] / s.steps : 1);
        out[from + 1 + k] = v;
        square += v * v;
      }
      if (square <= s.rowNorm ** 2) return;
      const shrink = s.rowNorm / Math.sqrt(square);
      for (let k = from; k < from + size; k++) out[k] *= shrink;
    },
  };
}

/** What was solved so far: nothing before the first sum. */
export interface Solved {
  readonly location?: Float64Array;
  readonly scale?: Float64Array;
}

/**
 * Calls `add(k, value)` for every number of every row: without `location` the upper triangle of w x x' and then w x y; without `scale`
 * w x log |residual|; with both the weight in the cell of the standardised residual.
 */
export function eachRow(d: Design, s: SharedRidgeSpec, solved: Solved, add: (k: number, value: number) => void): void {
  const encoding = sharedRidgeEncoding(s);
  const p = encoding.size;
  const x = new Float64Array(p);
  const { location, scale } = solved;
  for (let i = 0; i < d.rows; i++) {
    encoding.encode(d, i, x, 0);
    const w = d.weight[i];
    const y = clip(d.y[i], s.targetBound);
    if (!location) {
      let k = 0;
      for (let a = 0; a < p; a++) for (let b = a; b < p; b++) add(k++, w * x[a] * x[b]);
      for (let a = 0; a < p; a++) add(k++, w * x[a] * y);
    } else if (!scale) {
      const log = clip(Math.log(Math.abs(y - dot(x, location)) + FLOOR) - LOG_CENTRE, LOG_HALF);
      for (let a = 0; a < p; a++) add(a, w * x[a] * log);
    } else {
      const u = Math.asinh((y - dot(x, location)) / Math.exp(LOG_CENTRE + dot(x, scale)));
      const cell = Math.floor(((u / SHAPE_REACH + 1) * s.cells) / 2);
      const group = s.shapes === 'one' ? 0 : d.step[i] - 1;
      add(group * s.cells + Math.max(0, Math.min(s.cells - 1, cell)), w);
    }
  }
}

function clip(x: number, bound: number): number {
  return Math.min(bound, Math.max(-bound, x));
}

export function dot(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let k = 0; k < a.length; k++) s += a[k] * b[k];
  return s;
}
