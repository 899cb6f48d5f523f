// Training rows and forecast rows in one form: a dense matrix of features with increments z[t+d] - z[t] beside it.
import type { Column, FeatureMaker } from './features.ts';
import { LEAST_VALUES, type Panel, type Place } from './panel.ts';

/** Rows of features, row-major; NaN = missing. Forecast rows have no `y`. */
export interface Design {
  /** The panel that `place` and `base` point into, for members that need trajectories. */
  readonly panel: Panel;
  readonly rows: number;
  readonly width: number;
  readonly columns: readonly Column[];
  readonly x: Float32Array;
  /** Increment to the target; empty for forecast rows. */
  readonly y: Float32Array;
  readonly weight: Float32Array;
  /** Index of the place in the panel, base index t, step d. */
  readonly place: Int32Array;
  readonly base: Int32Array;
  /** Period of the base. */
  readonly period: Int32Array;
  readonly step: Int32Array;
}

export interface TrainingPlan {
  /** Steps trained, 1 to this. */
  readonly steps: number;
  /** Weight of a row by the signal and target period; 0 leaves it out. */
  readonly weight: (target: string, period: number) => number;
  /** Rows begin with bases of this period, and what was known before it alone decides whether a place has history enough. */
  readonly from?: number;
  /** Larger increments are a change of unit, not of disease, and nothing to learn from; absent = none is too large. */
  readonly largest?: number;
  /** Factor on the weight of a row by what is known of the noise in its values; 1 when left out. */
  readonly reliability?: (place: Place, base: number, step: number) => number;
}

/** All rows of a panel whose base and target are known. Places with too little history are left out. */
export function trainingDesign(panel: Panel, features: FeatureMaker, plan: TrainingPlan): Design {
  const place: number[] = [];
  const base: number[] = [];
  const step: number[] = [];
  const weight: number[] = [];
  for (const [p, s] of panel.places.entries()) {
    const start = plan.from === undefined ? 0 : Math.max(0, plan.from - s.first);
    const history = plan.from === undefined ? s.z : s.z.subarray(0, start);
    let known = 0;
    for (const v of history) if (!Number.isNaN(v)) known += 1;
    if (known < LEAST_VALUES) continue;
    for (let t = start; t < s.z.length; t++) {
      if (Number.isNaN(s.z[t])) continue;
      for (let d = 1; d <= plan.steps && t + d < s.z.length; d++) {
        if (Number.isNaN(s.z[t + d]) || Math.abs(s.z[t + d] - s.z[t]) > (plan.largest ?? Infinity)) continue;
        const w = plan.weight(s.target, s.first + t + d) * (plan.reliability?.(s, t, d) ?? 1);
        if (w <= 0) continue;
        place.push(p);
        base.push(t);
        step.push(d);
        weight.push(w);
      }
    }
  }
  const design = fillDesign(panel, features, place, base, step);
  const y = Float32Array.from(place, (p, i) => panel.places[p].z[base[i] + step[i]] - panel.places[p].z[base[i]]);
  return { ...design, y, weight: Float32Array.from(weight) };
}

/** Rows for forecasts: place, base index and step as given; steps beyond `lastStep` are described as that one, but for the season. */
export function forecastDesign(
  panel: Panel,
  features: FeatureMaker,
  wanted: readonly { readonly place: number; readonly base: number; readonly step: number }[],
  lastStep: number,
): Design {
  const design = fillDesign(
    panel,
    features,
    wanted.map(q => q.place),
    wanted.map(q => q.base),
    wanted.map(q => q.step),
  );
  const k = design.columns.findIndex(c => c.group === 'step');
  for (let i = 0; i < design.rows; i++) {
    const d = Math.min(lastStep, design.step[i]);
    design.step[i] = d;
    design.x[i * design.width + k] = d;
  }
  return design;
}

function fillDesign(panel: Panel, features: FeatureMaker, place: number[], base: number[], step: number[]): Design {
  const width = features.width;
  const x = new Float32Array(place.length * width);
  for (let i = 0; i < place.length; i++) features.fill(place[i], base[i], step[i], x, i * width);
  return {
    panel,
    rows: place.length,
    width,
    columns: features.columns,
    x,
    y: new Float32Array(0),
    weight: new Float32Array(place.length).fill(1),
    place: Int32Array.from(place),
    base: Int32Array.from(base),
    period: Int32Array.from(base, (t, i) => panel.places[place[i]].first + t),
    step: Int32Array.from(step),
  };
}

/** Name of a design's place. Indices change from one panel to the next, when a place vanishes or returns; names do not. */
export function placeName(d: Design, place: number): string {
  const { target, location } = d.panel.places[place];
  return `${target}\t${location}`;
}

/** Base periods of each place in a design, by name: what a model of the place alone has to learn from. */
export function periodsByPlace(d: Design): Map<string, number> {
  const seen = new Map<string, Set<number>>();
  for (let i = 0; i < d.rows; i++) {
    const name = placeName(d, d.place[i]);
    const periods = seen.get(name);
    if (periods) periods.add(d.period[i]);
    else seen.set(name, new Set([d.period[i]]));
  }
  return new Map([...seen].map(([name, periods]) => [name, periods.size]));
}

/** The rows for which `keep` holds. */
export function selectRows(d: Design, keep: (row: number) => boolean): Design {
  const rows: number[] = [];
  for (let i = 0; i < d.rows; i++) if (keep(i)) rows.push(i);
  const x = new Float32Array(rows.length * d.width);
  for (const [k, i] of rows.entries()) x.set(d.x.subarray(i * d.width, (i + 1) * d.width), k * d.width);
  const pick = <T extends Float32Array | Int32Array>(a: T, make: (n: number) => T): T => {
    const out = make(a.length === 0 ? 0 : rows.length);
    if (a.length > 0) for (let k = 0; k < rows.length; k++) out[k] = a[rows[k]];
    return out;
  };
  const f = (n: number) => new Float32Array(n);
  const g = (n: number) => new Int32Array(n);
  return {
    panel: d.panel,
    rows: rows.length,
    width: d.width,
    columns: d.columns,
    x,
    y: pick(d.y, f),
    weight: pick(d.weight, f),
    place: pick(d.place, g),
    base: pick(d.base, g),
    period: pick(d.period, g),
    step: pick(d.step, g),
  };
}
