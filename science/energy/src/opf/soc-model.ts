// Second-order cone relaxation of the AC optimal power flow in branch-flow form (Farivar and Low, IEEE Trans. Power Syst. 28:2554, 2013).
// Unknowns: w_i = V_i^2; for each branch the real and reactive power P, Q into its series impedance and the squared current l; generation;
// dc lines. All is linear but P^2 + Q^2 = l w, relaxed to <=. It equals the relaxation in products of voltages (SOCWR of PowerModels), but
// stays well scaled on stiff branches, where products of voltages agree in most digits. Parallel branches are tied by equal products.
// Any of its constraints may be left out: the bound stays a bound.
import { type ConicModel, ModelBuilder } from '@madang/numerics';
import { type Cost, degreeOf, linesOf } from '../grid/cost.ts';
import type { Grid } from '../grid/network.ts';

/** Where an operating point stands: it scales the cones and tells which ratings are far (angles in radians, the rest per unit). */
export interface OperatingPoint {
  readonly voltage: Float64Array;
  readonly power: Float64Array;
  readonly reactive: Float64Array;
  /** Share of each rating in use. */
  readonly loading: Float64Array;
  /** Apparent power at the from end. */
  readonly apparent: Float64Array;
}

/** The relaxation, and where each branch's unknowns (P, Q, l at `series + 3 k`) and cone (4 rows from `firstCone + 4 k`) are. */
export interface SocModel {
  readonly model: ConicModel;
  readonly series: number;
  readonly firstCone: number;
  /** Scale of each branch's cone. */
  readonly scale: Float64Array;
}

/** Ratings used less than this are left out of the relaxation. */
const NEAR = 0.2;

/** Builds the relaxation; undefined when a cost is of a kind that it cannot bound (not convex). */
export function buildSocModel(grid: Grid, near: OperatingPoint): SocModel | undefined {
  const { buses, generators, branches, dcLines, baseMva } = grid;
  const nb = buses.count;
  const ng = generators.count;
  const nd = dcLines.count;
  const nl = branches.count;
  const b = new ModelBuilder();
  for (let i = 0; i < nb; i++) b.column(0, buses.voltageMinPu[i] ** 2, buses.voltageMaxPu[i] ** 2);
  /** Columns of branch k: P at series + 3 k, Q next, l next. */
  const series = b.columns;
  for (let k = 0; k < nl; k++) {
    const z = Math.hypot(branches.resistancePu[k], branches.reactancePu[k]);
    const most = buses.voltageMaxPu[branches.from[k]] / branches.tap[k];
    const least = buses.voltageMinPu[branches.from[k]] / branches.tap[k];
    const rating = branches.ratingMva[k] / baseMva + (Math.abs(branches.chargingPu[k]) / 2) * most * most;
    let current = ((most + buses.voltageMaxPu[branches.to[k]]) / z) ** 2;
    if (Number.isFinite(rating) && least > 0) current = Math.min(current, (rating / least) ** 2);
    const power = Math.min(rating, most * Math.sqrt(current));
    b.column(0, -power, power);
    b.column(0, -power, power);
    b.column(0, 0, current);
  }
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
  for (let k = 0; k < nl; k++) {
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
  const inner = (k: number) => 1 / branches.tap[k] ** 2; // w behind the transformer, per w of the bus
  /** Adds the flow into branch k at one end (0 from, 1 to), real (0) or reactive (1), to the open row. */
  const flow = (k: number, end: number, part: number) => {
    const p = series + 3 * k;
    const half = branches.chargingPu[k] / 2;
    if (end === 0) {
      b.term(p + part, 1);
      if (part === 1) b.term(branches.from[k], -half * inner(k));
      return;
    }
    b.term(p + part, -1);
    b.term(p + 2, part === 0 ? branches.resistancePu[k] : branches.reactancePu[k]);
    if (part === 1) b.term(branches.to[k], -half);
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
  for (let k = 0; k < nl; k++) {
    // Voltage drop: w_t = w - 2 (r P + x Q) + |z|^2 l.
    const r = branches.resistancePu[k];
    const x = branches.reactancePu[k];
    const p = series + 3 * k;
    b.row(0, 0);
    b.term(branches.to[k], 1);
    b.term(branches.from[k], -inner(k));
    b.term(p, 2 * r);
    b.term(p + 1, 2 * x);
    b.term(p + 2, -(r * r + x * x));
  }
  /**
   * Adds cos(turn) Re + sin(turn) Im, times `by`, of the product of the voltages across branch k (behind its transformer):
   * Re = w - r P - x Q, Im = x P - r Q.
   */
  const product = (k: number, cos: number, sin: number) => {
    const r = branches.resistancePu[k];
    const x = branches.reactancePu[k];
    const p = series + 3 * k;
    b.term(branches.from[k], cos * inner(k));
    b.term(p, -cos * r + sin * x);
    b.term(p + 1, -cos * x - sin * r);
  };
  for (let k = 0; k < nl; k++) {
    const shift = branches.shiftDegree[k];
    const high = ((branches.angleMaxDegree[k] - shift) * Math.PI) / 180;
    const low = ((branches.angleMinDegree[k] - shift) * Math.PI) / 180;
    // Im <= tan(high) Re, written with sine and cosine so that no angle is special; both limits must lie within half a turn.
    if (!(high - low < Math.PI && Math.abs(high) < Math.PI / 2 && Math.abs(low) < Math.PI / 2)) continue;
    b.row(0, Number.POSITIVE_INFINITY);
    product(k, Math.sin(high), -Math.cos(high));
    b.row(0, Number.POSITIVE_INFINITY);
    product(k, -Math.sin(low), Math.cos(low));
  }
  const first = new Map<number, number>();
  for (let k = 0; k < nl; k++) {
    const [f, t] = [branches.from[k], branches.to[k]];
    const key = Math.min(f, t) * nb + Math.max(f, t);
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, k);
      continue;
    }
    // Parallel branches see the same product of voltages: tap e^(j shift) times theirs, mirrored when they run the other way.
    const mirrored = branches.from[other] !== f ? -1 : 1;
    for (const part of [0, 1]) {
      b.row(0, 0);
      for (const [j, sign, mirror] of [
        [k, 1, mirrored],
        [other, -1, 1],
      ]) {
        const turn = (branches.shiftDegree[j] * Math.PI) / 180;
        const size = sign * branches.tap[j];
        // Re of e^(j turn) (Re + j Im) is cos Re - sin Im; Im of it is sin Re + cos Im.
        if (part === 0) product(j, size * Math.cos(turn), -size * Math.sin(turn));
        else product(j, size * mirror * Math.sin(turn), size * mirror * Math.cos(turn));
      }
    }
  }
  const cones: { first: number; size: number }[] = [];
  const firstCone = b.rows;
  const scale = new Float64Array(nl);
  for (let k = 0; k < nl; k++) {
    const p = series + 3 * k;
    // |(2P, 2Q, a w - l/a)| <= a w + l/a with a the size of the current, so that both sides of the difference are alike.
    const a = Math.max(0.1, near.apparent[k] / near.voltage[branches.from[k]]);
    scale[k] = a;
    cones.push({ first: b.rows, size: 4 });
    b.row(0, 0);
    b.term(branches.from[k], a * inner(k));
    b.term(p + 2, 1 / a);
    b.row(0, 0);
    b.term(p, 2);
    b.row(0, 0);
    b.term(p + 1, 2);
    b.row(0, 0);
    b.term(branches.from[k], a * inner(k));
    b.term(p + 2, -1 / a);
  }
  for (let k = 0; k < nl; k++) {
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
  return { model: { ...b.build(), cones }, series, firstCone, scale };
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
  const known = ends.length === 2 * lines.length;
  const e = b.column(
    1,
    known ? Math.min(...ends) : Number.NEGATIVE_INFINITY,
    known ? Math.max(...ends) : Number.POSITIVE_INFINITY,
  );
  for (const l of lines) {
    b.row(l.intercept, Number.POSITIVE_INFINITY);
    b.term(e, 1);
    b.term(column, -l.slope * baseMva);
  }
  return true;
}
