// Trajectory analogues: what happened next, at any place and time, after weeks that looked like these. The forecast is the weighted
// quantiles of the increments that followed the nearest windows. Non-parametric, so it needs no refit to follow a new season; it needs
// the trajectories themselves, so it is for public archives only, never for private series.
import type { Design } from '../panel/design.ts';
import { type Member, QUANTILES, type Trained, weightedQuantiles } from './member.ts';
import { fitTuned, type TunedPlan, tunedMeans } from './tuned.ts';

export interface AnalogPlan {
  /** Columns compared, each with its weight in units of its own standard deviation. */
  readonly columns: Readonly<Record<string, number>>;
  readonly neighbours: number;
  /** Distance added to a row of another signal. */
  readonly otherSignal: number;
  /** At most this many neighbours from one period of one signal, so that one event at many places does not fill the neighbourhood. */
  readonly perPeriod: number;
  /** Rows whose last value is `from` of the place's scale or more take what followed beyond a tuned ridge's forecast, and add their own: near 0 the plain increments say more. */
  readonly upon?: { readonly from: number; readonly plan: TunedPlan };
}

export const TREND_ANALOGS: AnalogPlan['columns'] = {
  change1: 1,
  change2: 1,
  change4: 0.7,
  slope6: 0.7,
  curve6: 0.4,
  rough1: 0.7,
  belowHigh: 0.5,
  sin1Then: 1,
  cos1Then: 1,
  climateChange: 0.8,
  anomaly: 0.4,
  wave2: 0.4,
};

export const LEVEL_ANALOGS: AnalogPlan['columns'] = { ...TREND_ANALOGS, z0: 1, z1: 0.5, mean8: 0.3 };

/** Analogues over all rows of the training design, of the same step. */
export function analogMember(name: string, plan: AnalogPlan): Member {
  return {
    name,
    train(design, seed): Trained {
      const furthest = design.step.reduce((a, b) => Math.max(a, b), 1);
      const linear = plan.upon && fitTuned(design, plan.upon.plan, furthest, `${seed}/linear`);
      const expected = linear && tunedMeans(linear, design);
      const columns = Object.keys(plan.columns).flatMap(c => {
        const k = design.columns.findIndex(x => x.name === c);
        return k < 0 ? [] : [{ k, weight: plan.columns[c] }];
      });
      const m = columns.length;
      const mean = new Float64Array(m);
      const factor = new Float64Array(m);
      for (const [j, c] of columns.entries()) {
        let n = 0;
        let s = 0;
        let q = 0;
        for (let i = 0; i < design.rows; i++) {
          const v = design.x[i * design.width + c.k];
          if (Number.isNaN(v)) continue;
          n += 1;
          s += v;
          q += v * v;
        }
        mean[j] = n > 0 ? s / n : 0;
        const sd = n > 0 ? Math.sqrt(Math.max(1e-12, q / n - mean[j] ** 2)) : 1;
        factor[j] = c.weight / sd;
      }
      const coordinates = (d: Design, i: number, out: Float32Array, from: number) => {
        for (let j = 0; j < m; j++) {
          const v = d.x[i * d.width + columns[j].k];
          out[from + j] = Number.isNaN(v) ? 0 : Math.max(-5, Math.min(5, (v - mean[j]) * factor[j]));
        }
      };
      const signalAt = design.columns.flatMap((c, k) => (c.group === 'signal' ? [k] : []));
      const signalOf = (d: Design, i: number) => signalAt.findIndex(k => d.x[i * d.width + k] === 1);
      // One library a step: coordinates, increments and signals side by side.
      const steps = new Map<number, Library>();
      for (const step of new Set(design.step)) {
        const rows: number[] = [];
        for (let i = 0; i < design.rows; i++) if (design.step[i] === step) rows.push(i);
        const points = new Float32Array(rows.length * m);
        for (const [r, i] of rows.entries()) coordinates(design, i, points, r * m);
        steps.set(step, {
          points,
          y: Float32Array.from(rows, i => design.y[i]),
          beyond: expected && Float32Array.from(rows, i => design.y[i] - expected[i]),
          weight: Float32Array.from(rows, i => design.weight[i]),
          signal: Int16Array.from(rows, i => signalOf(design, i)),
          event: Int32Array.from(rows, i => design.period[i]),
          distance: new Float64Array(rows.length),
        });
      }
      return {
        quantiles(d) {
          const out = new Float32Array(d.rows * QUANTILES).fill(Number.NaN);
          const here = new Float32Array(m);
          const mean = linear && tunedMeans(linear, d);
          for (let i = 0; i < d.rows; i++) {
            const library = steps.get(d.step[i]);
            if (!library) continue;
            coordinates(d, i, here, 0);
            const last = d.panel.transform.backward(d.panel.places[d.place[i]].z[d.base[i]]);
            const high = plan.upon !== undefined && last >= plan.upon.from;
            const what = (high && library.beyond) || library.y;
            nearest(library, what, here, signalOf(d, i), plan, out, i * QUANTILES);
            if (high && mean) for (let k = 0; k < QUANTILES; k++) out[i * QUANTILES + k] += mean[i];
          }
          return out;
        },
      };
    },
  };
}

/** More than any panel has. */
const SIGNALS = 256;

interface Library {
  readonly points: Float32Array;
  readonly y: Float32Array;
  /** What of `y` the ridge did not expect, where there is one. */
  readonly beyond: Float32Array | undefined;
  readonly weight: Float32Array;
  readonly signal: Int16Array;
  /** Period of the base. */
  readonly event: Int32Array;
  /** Room for the distances of one forecast row. */
  readonly distance: Float64Array;
}

function nearest(
  library: Library,
  what: Float32Array,
  here: Float32Array,
  signal: number,
  plan: AnalogPlan,
  out: Float32Array,
  from: number,
): void {
  const m = here.length;
  const n = library.y.length;
  const { points, distance } = library;
  const penalty = plan.otherSignal ** 2;
  for (let r = 0, at = 0; r < n; r++, at += m) {
    let s = library.signal[r] === signal ? 0 : penalty;
    for (let j = 0; j < m; j++) {
      const d = points[at + j] - here[j];
      s += d * d;
    }
    distance[r] = s;
  }
  const limit = kthSmallest(distance, Math.min(plan.neighbours * 4, n));
  const candidates: number[] = [];
  for (let r = 0; r < n; r++) if (distance[r] <= limit) candidates.push(r);
  candidates.sort((a, b) => distance[a] - distance[b] || a - b);
  const chosen: number[] = [];
  const taken = new Map<number, number>();
  for (const r of candidates) {
    if (chosen.length >= plan.neighbours) break;
    const event = library.event[r] * SIGNALS + library.signal[r];
    const already = taken.get(event) ?? 0;
    if (already >= plan.perPeriod) continue;
    taken.set(event, already + 1);
    chosen.push(r);
  }
  const edge = distance[chosen[chosen.length - 1]] + 1e-12;
  // Closer ones count more; a row at the edge of the neighbourhood counts a quarter.
  const values = Float64Array.from(chosen, r => what[r]);
  const weights = Float64Array.from(chosen, r => library.weight[r] * (1 - (0.75 * distance[r]) / edge));
  weightedQuantiles(values, weights, out, from);
}

/** The k-th smallest value (k from 1), by histogram refinement; `values` is left as it is. */
function kthSmallest(values: Float64Array, k: number): number {
  let low = Infinity;
  let high = -Infinity;
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  let before = 0;
  let open = values;
  const counts = new Uint32Array(256);
  for (let round = 0; round < 6; round++) {
    const width = (high - low) / 256;
    if (!(width > 0)) return high;
    counts.fill(0);
    for (const v of open) counts[Math.min(255, Math.floor((v - low) / width))] += 1;
    let b = 0;
    while (b < 255 && before + counts[b] < k) before += counts[b++];
    high = low + (b + 1) * width;
    low += b * width;
    if (counts[b] <= 4) break;
    const [from, to] = [low, high];
    open = open.filter(v => v >= from && v <= to);
  }
  return high;
}
