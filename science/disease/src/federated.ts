// The shared ridge trained by a federation: three rounds of sums (moments; Gram matrix and moment; scale, then shape), each node sending
// sums of its own rows only. Secure aggregation shows nobody but their total, and the total gives exactly the pooled model, which an
// auditor can solve again from the published aggregates. Rows, and the corrections of tuned.ts, stay at the node.
import { choleskySolve } from '@madang/numerics';
import type { Series } from './change-log.ts';
import { type Moments, makeEncoding, momentsOf } from './members/encoding.ts';
import { fitRidge, type RidgeModel, type RidgePlan } from './members/ridge.ts';
import { shapeQuantiles, shapeSums } from './members/ridge-shape.ts';
import { ridgeFactor, ridgeSums, scaleSums } from './members/ridge-sums.ts';
import { perStep } from './members/units.ts';
import { type Design, selectRows, trainingDesign } from './panel/design.ts';
import { featureMaker } from './panel/features.ts';
import { makePanel, weeklyCalendar } from './panel/panel.ts';

/** What is published after a round: named totals, in the order released. */
export interface Released {
  readonly name: 'moments' | 'gram' | 'scale' | 'shape';
  readonly numbers: number;
}

/** Adds noise to a total in place, or leaves it; every total that is published passes through it, none goes round it. */
export type Noise = (total: Float64Array, name: Released['name']) => void;

/** Total of equal-length vectors, as an aggregation shows it. */
export function total(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts[0]?.length ?? 0);
  for (const p of parts) {
    if (p.length !== out.length)
      throw new RangeError(`total: a part has ${p.length} numbers where ${out.length} were expected`);
    for (let i = 0; i < out.length; i++) out[i] += p[i];
  }
  return out;
}

/** Trains over the nodes' rows by sums alone. Without noise the model equals the pooled one (to rounding of the sums). */
export function federatedRidge(
  rows: readonly Design[],
  plan: RidgePlan,
  steps: number,
  noise: Noise = () => {},
): { readonly model: RidgeModel; readonly released: readonly Released[] } {
  const nodes = rows.map(perStep);
  const released: Released[] = [];
  const round = (name: Released['name'], parts: Float64Array[]) => {
    const sum = total(parts);
    noise(sum, name);
    released.push({ name, numbers: sum.length });
    return sum;
  };
  const width = nodes[0].width;
  const first = round(
    'moments',
    nodes.map(d => join([momentsOf(d).weight, momentsOf(d).sum, momentsOf(d).square])),
  );
  const moments: Moments = {
    weight: first.slice(0, width),
    sum: first.slice(width, 2 * width),
    square: first.slice(2 * width),
  };
  const encoding = makeEncoding(nodes[0].columns, moments, plan);
  const p = encoding.size;
  const second = round(
    'gram',
    nodes.map(d => {
      const s = ridgeSums(d, encoding);
      return join([packLower(s.gram, p), s.moment, Float64Array.of(s.weight)]);
    }),
  );
  const cells = (p * (p + 1)) / 2;
  const sums = {
    size: p,
    gram: unpackLower(second.subarray(0, cells), p),
    moment: second.slice(cells, cells + p),
    weight: second[cells + p],
  };
  // How many periods the rows span is public: it is the calendar, not the rows.
  const periods = new Set(nodes.flatMap(d => [...new Set(d.period)])).size;
  const factor = ridgeFactor(sums, plan.penaltyPeriods / Math.max(1, periods));
  const location = choleskySolve(factor, p, sums.moment);
  const third = round(
    'scale',
    nodes.map(d => scaleSums(d, encoding, location)),
  );
  const scale = choleskySolve(factor, p, third);
  const fourth = round(
    'shape',
    nodes.map(d => shapeSums(d, encoding, location, scale, steps)),
  );
  return { model: { encoding, location, scale, shape: shapeQuantiles(fourth, steps), steps, perStep: true }, released };
}

function join(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

function packLower(a: Float64Array, n: number): Float64Array {
  const out = new Float64Array((n * (n + 1)) / 2);
  for (let i = 0, k = 0; i < n; i++) for (let j = 0; j <= i; j++) out[k++] = a[i * n + j];
  return out;
}

function unpackLower(packed: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0, k = 0; i < n; i++) for (let j = 0; j <= i; j++) out[i * n + j] = packed[k++];
  return out;
}

/** One node a place against all rows at hand: the largest difference of a location coefficient. */
export function federatedAgainstPooled(series: readonly Series[]): number {
  const calendar = weeklyCalendar(() => []);
  const panel = makePanel(series, calendar);
  const signals = [...new Set(series.map(s => s.target))].sort();
  const d = trainingDesign(panel, featureMaker(panel, calendar, signals), { steps: 4, weight: () => 1 });
  const nodes = [...new Set(d.place)].map(p => selectRows(d, i => d.place[i] === p));
  const plan = { without: [], hidden: 60, seed: 'public', penaltyPeriods: 50 };
  const a = federatedRidge(nodes, plan, 4).model.location;
  const b = fitRidge(d, plan, 4).location;
  return a.reduce((m, v, i) => Math.max(m, Math.abs(v - b[i])), 0);
}
