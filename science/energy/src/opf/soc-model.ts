// Second-order cone relaxation of the AC optimal power flow (Jabr, IEEE Trans. Power Syst. 21:1458, 2006; the SOCWR form of PowerModels).
// Unknowns: w_i = V_i^2; for each pair of neighbours c = V_i V_j cos d, s = V_i V_j sin d; generation; dc lines. Flows are linear in them,
// and c^2 + s^2 = w_i w_j is relaxed to |(2c, 2s, w_i - w_j)| <= w_i + w_j. Any of its constraints may be left out: the bound stays a bound.
import { type ConicModel, ModelBuilder } from '@madang/numerics';
import { admittances } from '../grid/admittance.ts';
import { type Cost, degreeOf, linesOf } from '../grid/cost.ts';
import type { Grid } from '../grid/grid.ts';

/** A pair of neighbouring buses; parallel branches share it. */
export interface Pair {
  readonly from: number;
  readonly to: number;
  /** Limits of the angle difference in radians that all its branches keep. */
  readonly angleMin: number;
  readonly angleMax: number;
}

export function findPairs(grid: Grid): { pairs: Pair[]; pairOf: Int32Array; flipped: Uint8Array } {
  const { branches, buses } = grid;
  const index = new Map<number, number>();
  const pairs: { from: number; to: number; angleMin: number; angleMax: number }[] = [];
  const pairOf = new Int32Array(branches.count);
  const flipped = new Uint8Array(branches.count);
  for (let k = 0; k < branches.count; k++) {
    const f = branches.from[k];
    const t = branches.to[k];
    const key = Math.min(f, t) * buses.count + Math.max(f, t);
    let at = index.get(key);
    if (at === undefined) {
      at = pairs.length;
      index.set(key, at);
      pairs.push({ from: f, to: t, angleMin: -Math.PI, angleMax: Math.PI });
    }
    const pair = pairs[at];
    const low = (branches.angleMinDegree[k] * Math.PI) / 180;
    const high = (branches.angleMaxDegree[k] * Math.PI) / 180;
    flipped[k] = pair.from === f ? 0 : 1;
    pair.angleMin = Math.max(pair.angleMin, flipped[k] ? -high : low);
    pair.angleMax = Math.min(pair.angleMax, flipped[k] ? -low : high);
    pairOf[k] = at;
  }
  return { pairs, pairOf, flipped };
}

/** Where an operating point stands, to leave out limits that are far: angles in radians, voltages and powers per unit. */
export interface OperatingPoint {
  readonly angle: Float64Array;
  readonly voltage: Float64Array;
  readonly power: Float64Array;
  readonly reactive: Float64Array;
  readonly loading: Float64Array;
}

/** Ratings used less than this and angles within this share of their limit are left out of the relaxation. */
const NEAR = 0.5;

/** Builds the relaxation; undefined when a cost is of a kind that it cannot bound (not convex). */
export function buildSocModel(grid: Grid, near: OperatingPoint): ConicModel | undefined {
  const { buses, generators, branches, dcLines, baseMva } = grid;
  const nb = buses.count;
  const ng = generators.count;
  const nd = dcLines.count;
  const { pairs, pairOf, flipped } = findPairs(grid);
  const np = pairs.length;
  const y = admittances(branches);
  const b = new ModelBuilder();
  for (let i = 0; i < nb; i++) b.column(0, buses.voltageMinPu[i] ** 2, buses.voltageMaxPu[i] ** 2);
  const boxes = pairs.map(p =>
    pairBox(
      p.angleMin,
      p.angleMax,
      buses.voltageMinPu[p.from] * buses.voltageMinPu[p.to],
      buses.voltageMaxPu[p.from] * buses.voltageMaxPu[p.to],
    ),
  );
  const cos = nb;
  for (const box of boxes) b.column(0, box[0], box[1]);
  const sin = cos + np;
  for (const box of boxes) b.column(0, box[2], box[3]);
  const power = b.columns;
  for (let g = 0; g < ng; g++) b.column(0, generators.powerMinMw[g] / baseMva, generators.powerMaxMw[g] / baseMva);
  const reactive = b.columns;
  for (let g = 0; g < ng; g++)
    b.column(0, generators.reactiveMinMvar[g] / baseMva, generators.reactiveMaxMvar[g] / baseMva);
  const dcPower = b.columns;
  for (let d = 0; d < nd; d++) b.column(0, dcLines.powerMinMw[d] / baseMva, dcLines.powerMaxMw[d] / baseMva);
  const dcFrom = b.columns;
  for (let d = 0; d < nd; d++)
    b.column(0, dcLines.reactiveMinFromMvar[d] / baseMva, dcLines.reactiveMaxFromMvar[d] / baseMva);
  const dcTo = b.columns;
  for (let d = 0; d < nd; d++)
    b.column(0, dcLines.reactiveMinToMvar[d] / baseMva, dcLines.reactiveMaxToMvar[d] / baseMva);
  const costs: { column: number; cost: Cost; low: number; high: number; at: number }[] = [
    ...generators.cost.map((cost, g) => ({
      column: power + g,
      cost,
      low: generators.powerMinMw[g],
      high: generators.powerMaxMw[g],
      at: near.power[g] * baseMva,
    })),
    ...generators.reactiveCost.map((cost, g) => ({
      column: reactive + g,
      cost,
      low: generators.reactiveMinMvar[g],
      high: generators.reactiveMaxMvar[g],
      at: near.reactive[g] * baseMva,
    })),
    ...dcLines.cost.map((cost, d) => ({
      column: dcPower + d,
      cost,
      low: dcLines.powerMinMw[d],
      high: dcLines.powerMaxMw[d],
      at: dcLines.powerMinMw[d],
    })),
  ];
  for (const c of costs) if (!addLowerCost(b, c.column, c.cost, baseMva, c.low, c.high, c.at)) return undefined;

  const incident: number[][] = Array.from({ length: nb }, () => []);
  for (let k = 0; k < branches.count; k++) {
    incident[branches.from[k]].push(k);
    incident[branches.to[k]].push(~k);
  }
  const made: number[][] = Array.from({ length: nb }, () => []);
  for (let g = 0; g < ng; g++) made[generators.bus[g]].push(g);
  const lines: number[][] = Array.from({ length: nb }, () => []);
  for (let d = 0; d < nd; d++) {
    lines[dcLines.from[d]].push(d);
    lines[dcLines.to[d]].push(~d);
  }
  /** Adds flow of branch k (end 0 from, 1 to; part 0 real, 1 reactive) to the open row. */
  const flow = (k: number, end: number, part: number) => {
    const sign = flipped[k] ? -1 : 1;
    const c = cos + pairOf[k];
    const s = sin + pairOf[k];
    if (end === 0) {
      b.term(branches.from[k], part === 0 ? y.gff[k] : -y.bff[k]);
      b.term(c, part === 0 ? y.gft[k] : -y.bft[k]);
      b.term(s, sign * (part === 0 ? y.bft[k] : y.gft[k]));
    } else {
      b.term(branches.to[k], part === 0 ? y.gtt[k] : -y.btt[k]);
      b.term(c, part === 0 ? y.gtf[k] : -y.btf[k]);
      b.term(s, -sign * (part === 0 ? y.btf[k] : y.gtf[k]));
    }
  };
  for (let i = 0; i < nb; i++)
    for (const part of [0, 1]) {
      let need = (part === 0 ? buses.loadMw[i] : buses.loadMvar[i]) / baseMva;
      for (const d of lines[i]) if (d < 0 && part === 0) need += dcLines.loss0Mw[~d] / baseMva;
      // outflow + shunt - generation = -load
      b.row(-need, -need);
      b.term(i, (part === 0 ? buses.shuntMw[i] : -buses.shuntMvar[i]) / baseMva);
      for (const k of incident[i]) flow(k < 0 ? ~k : k, k < 0 ? 1 : 0, part);
      for (const g of made[i]) b.term((part === 0 ? power : reactive) + g, -1);
      for (const d of lines[i]) {
        if (part === 0) b.term(dcPower + (d < 0 ? ~d : d), d < 0 ? -(1 - dcLines.loss1[~d]) : 1);
        else b.term(d < 0 ? dcTo + ~d : dcFrom + d, -1);
      }
    }
  for (let p = 0; p < np; p++) {
    const { from, to, angleMin, angleMax } = pairs[p];
    const d = near.angle[from] - near.angle[to];
    if (angleMax < Math.PI / 2 && d > NEAR * angleMax) {
      b.row(Number.NEGATIVE_INFINITY, 0);
      b.term(sin + p, 1);
      b.term(cos + p, -Math.tan(angleMax));
    }
    if (angleMin > -Math.PI / 2 && d < NEAR * angleMin) {
      b.row(0, Number.POSITIVE_INFINITY);
      b.term(sin + p, 1);
      b.term(cos + p, -Math.tan(angleMin));
    }
  }
  const cones: { first: number; size: number }[] = [];
  for (let p = 0; p < np; p++) {
    const { from, to } = pairs[p];
    cones.push({ first: b.rows, size: 4 });
    b.row(0, 0);
    b.term(from, 1);
    b.term(to, 1);
    b.row(0, 0);
    b.term(cos + p, 2);
    b.row(0, 0);
    b.term(sin + p, 2);
    b.row(0, 0);
    b.term(from, 1);
    b.term(to, -1);
  }
  for (let k = 0; k < branches.count; k++) {
    if (!(near.loading[k] > NEAR)) continue;
    const rating = branches.ratingMva[k] / baseMva;
    for (const end of [0, 1]) {
      cones.push({ first: b.rows, size: 3 });
      b.row(-rating, -rating);
      for (const part of [0, 1]) {
        b.row(0, 0);
        flow(k, end, part);
      }
    }
  }
  return { ...b.build(), cones };
}

/** Adds a cost from below: exact up to the second degree and for piecewise lines, tangents above. False when it is not convex. */
function addLowerCost(
  b: ModelBuilder,
  column: number,
  cost: Cost,
  baseMva: number,
  low: number,
  high: number,
  at: number,
): boolean {
  let lines: { slope: number; intercept: number }[];
  if (cost.kind === 'piecewise') lines = linesOf(cost);
  else if (degreeOf(cost) <= 2) {
    const [c0 = 0, c1 = 0, c2 = 0] = cost.coefficients;
    if (c2 < 0) return false;
    b.offset += c0;
    b.addCost(column, c1 * baseMva);
    if (c2 > 0) b.curvature(column, column, 2 * c2 * baseMva * baseMva);
    return true;
  } else {
    // Only a third degree has a second derivative that its ends decide.
    const c = cost.coefficients;
    const bend = (p: number) => 2 * c[2] + 6 * c[3] * p;
    if (c.length > 4 || !(bend(low) >= 0 && bend(high) >= 0)) return false;
    const points = [...Array.from({ length: 9 }, (_, k) => low + ((high - low) * k) / 8), at];
    lines = points.map(p => {
      const slope = c[1] + 2 * c[2] * p + 3 * c[3] * p * p;
      return { slope, intercept: c[0] + c[1] * p + c[2] * p * p + c[3] * p ** 3 - slope * p };
    });
  }
  const ends = lines.flatMap(l => [l.slope * low + l.intercept, l.slope * high + l.intercept]).filter(Number.isFinite);
  const e = b.column(1, ends.length > 0 ? Math.min(...ends) : Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  for (const l of lines) {
    b.row(l.intercept, Number.POSITIVE_INFINITY);
    b.term(e, 1);
    b.term(column, -l.slope * baseMva);
  }
  return true;
}

/** Smallest box that holds V_i V_j (cos d, sin d): [cosMin, cosMax, sinMin, sinMax]. */
export function pairBox(angleMin: number, angleMax: number, least: number, most: number): [number, number, number, number] {
  const low = Math.max(-Math.PI, angleMin);
  const high = Math.min(Math.PI, angleMax);
  const range = (f: (d: number) => number, inner: readonly number[]) => {
    const at = [low, high, ...inner.filter(d => d > low && d < high)].map(f);
    const [a, b] = [Math.min(...at), Math.max(...at)];
    return [a < 0 ? a * most : a * least, b > 0 ? b * most : b * least];
  };
  const c = range(Math.cos, [0]);
  const s = range(Math.sin, [-Math.PI / 2, Math.PI / 2]);
  return [c[0], c[1], s[0], s[1]];
}
