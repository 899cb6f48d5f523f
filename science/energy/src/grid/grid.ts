// The network model: what is in service, by columns, units in the names. Built from a MATPOWER case; isolated buses (type 4) and what hangs
// on them are left out, as are elements with status 0. `row` always gives the row in the file, counted from 1.
import { EnergyError } from '../error.ts';
import { entry, type MatpowerCase } from '../matpower/case.ts';
import { BRANCH, BUS, DCLINE, GEN } from '../matpower/columns.ts';
import { type Cost, FREE, readCost } from './cost.ts';
import { findIslands, type Island } from './islands.ts';

export interface Buses {
  readonly count: number;
  readonly row: Int32Array;
  /** The file's own bus numbers. */
  readonly number: Float64Array;
  /** 1 load (PQ), 2 voltage held (PV), 3 reference. */
  readonly kind: Uint8Array;
  readonly loadMw: Float64Array;
  readonly loadMvar: Float64Array;
  /** Consumed (Gs) and injected (Bs) by shunts at 1 per unit. */
  readonly shuntMw: Float64Array;
  readonly shuntMvar: Float64Array;
  readonly voltagePu: Float64Array;
  readonly angleDegree: Float64Array;
  readonly baseKv: Float64Array;
  readonly voltageMinPu: Float64Array;
  readonly voltageMaxPu: Float64Array;
}

export interface Generators {
  readonly count: number;
  readonly row: Int32Array;
  readonly bus: Int32Array;
  readonly powerMw: Float64Array;
  readonly reactiveMvar: Float64Array;
  readonly powerMinMw: Float64Array;
  readonly powerMaxMw: Float64Array;
  readonly reactiveMinMvar: Float64Array;
  readonly reactiveMaxMvar: Float64Array;
  readonly voltagePu: Float64Array;
  readonly cost: readonly Cost[];
  readonly reactiveCost: readonly Cost[];
}

export interface Branches {
  readonly count: number;
  readonly row: Int32Array;
  /** Rows of the file, those out of service too. */
  readonly rowsInFile: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly resistancePu: Float64Array;
  readonly reactancePu: Float64Array;
  readonly chargingPu: Float64Array;
  /** Long-term rating; Infinity where the file has 0 (no limit). */
  readonly ratingMva: Float64Array;
  /** Off-nominal ratio at the from side; 1 where the file has 0. */
  readonly tap: Float64Array;
  readonly shiftDegree: Float64Array;
  readonly angleMinDegree: Float64Array;
  readonly angleMaxDegree: Float64Array;
}

export interface DcLines {
  readonly count: number;
  readonly row: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Power taken at the from bus; what arrives is power - (loss0 + loss1 power). */
  readonly powerMw: Float64Array;
  readonly powerMinMw: Float64Array;
  readonly powerMaxMw: Float64Array;
  readonly loss0Mw: Float64Array;
  readonly loss1: Float64Array;
  /** Reactive power injected at each end: limits and the file's operating point. */
  readonly reactiveMinFromMvar: Float64Array;
  readonly reactiveMaxFromMvar: Float64Array;
  readonly reactiveMinToMvar: Float64Array;
  readonly reactiveMaxToMvar: Float64Array;
  readonly reactiveFromMvar: Float64Array;
  readonly reactiveToMvar: Float64Array;
  readonly voltageFromPu: Float64Array;
  readonly voltageToPu: Float64Array;
  readonly cost: readonly Cost[];
}

export interface Grid {
  readonly name: string;
  readonly baseMva: number;
  readonly buses: Buses;
  readonly generators: Generators;
  readonly branches: Branches;
  readonly dcLines: DcLines;
  readonly islands: readonly Island[];
  /** Island of each bus. */
  readonly islandOf: Int32Array;
  /** Things that are unusual but can be worked with, one sentence each. */
  readonly warnings: readonly string[];
}

export interface GridOptions {
  /** Costs are needed (optimal power flow): without gencost an error. Default false. */
  readonly needCosts?: boolean;
}

/** Builds and checks the network. Throws EnergyError for what cannot be worked with; lists the merely unusual in `warnings`. */
export function makeGrid(c: MatpowerCase, options: GridOptions = {}): Grid {
  const { bus, branch } = c.matrices;
  const where = c.name;
  const warnings: string[] = [];
  const index = new Map<number, number>();
  const isolated = new Set<number>();
  const keep: number[] = [];
  for (let i = 0; i < bus.rows; i++) {
    const id = entry(bus, i, BUS.number);
    if (!Number.isFinite(id)) throw new EnergyError('not-a-number', `${where}: bus row ${i + 1} has no number`);
    if (index.has(id) || isolated.has(id))
      throw new EnergyError('duplicate', `${where}: bus ${id} (row ${i + 1}) is there twice`);
    const kind = entry(bus, i, BUS.type);
    if (kind === 4) {
      isolated.add(id);
      continue;
    }
    if (kind !== 1 && kind !== 2 && kind !== 3)
      throw new EnergyError(
        'syntax',
        `${where}: bus ${id} (row ${i + 1}) has type ${kind}; types are 1 (load), 2 (voltage held), 3 (reference), 4 (isolated)`,
      );
    index.set(id, keep.length);
    keep.push(i);
  }
  if (keep.length === 0) throw new EnergyError('missing-matrix', `${where}: the matrix "bus" has no bus in service`);
  const busColumn = (k: number, fallback?: number) =>
    column(keep, i =>
      finite(
        entry(bus, i, k),
        () => `${where}: bus ${entry(bus, i, BUS.number)} (row ${i + 1}), column ${k + 1}`,
        fallback,
      ),
    );
  const buses: Buses = {
    count: keep.length,
    row: Int32Array.from(keep, i => i + 1),
    number: busColumn(BUS.number),
    kind: Uint8Array.from(keep, i => entry(bus, i, BUS.type)),
    loadMw: busColumn(BUS.pd),
    loadMvar: busColumn(BUS.qd),
    shuntMw: busColumn(BUS.gs),
    shuntMvar: busColumn(BUS.bs),
    voltagePu: busColumn(BUS.vm),
    angleDegree: busColumn(BUS.va),
    baseKv: busColumn(BUS.baseKv, 0),
    voltageMinPu: busColumn(BUS.vmin),
    voltageMaxPu: busColumn(BUS.vmax),
  };
  for (let i = 0; i < buses.count; i++)
    contradiction(
      buses.voltageMinPu[i],
      buses.voltageMaxPu[i],
      () =>
        `${where}: bus ${buses.number[i]} (row ${buses.row[i]}): Vmin ${buses.voltageMinPu[i]} is above Vmax ${buses.voltageMaxPu[i]}`,
    );

  /** The bus of a number, undefined when it is isolated; throws when there is none. */
  const find = (id: number, what: string): number | undefined => {
    const at = index.get(id);
    if (at === undefined && !isolated.has(id))
      throw new EnergyError('unknown-bus', `${where}: ${what}: bus ${id} does not exist`);
    return at;
  };

  const generators = readGenerators(c, find, options.needCosts === true, warnings);
  const lines: number[] = [];
  const from: number[] = [];
  const to: number[] = [];
  let negative = 0;
  for (let i = 0; i < branch.rows; i++) {
    const what = `branch row ${i + 1} (${entry(branch, i, BRANCH.from)}-${entry(branch, i, BRANCH.to)})`;
    const f = find(entry(branch, i, BRANCH.from), what);
    const t = find(entry(branch, i, BRANCH.to), what);
    if (entry(branch, i, BRANCH.status) !== 1 || f === undefined || t === undefined) continue;
    if (f === t) throw new EnergyError('syntax', `${where}: ${what} leads from a bus to itself`);
    const r = entry(branch, i, BRANCH.r);
    const x = entry(branch, i, BRANCH.x);
    if (r === 0 && x === 0)
      throw new EnergyError(
        'zero-impedance',
        `${where}: ${what} has zero impedance (r = x = 0): merge its buses or give it a small reactance`,
      );
    if (x < 0) negative += 1;
    lines.push(i);
    from.push(f);
    to.push(t);
  }
  if (negative > 0)
    warnings.push(
      `${negative} branch${negative > 1 ? 'es have' : ' has'} a negative reactance (series compensation); taken as given`,
    );
  const branchColumn = (k: number) =>
    column(lines, i => finite(entry(branch, i, k), () => `${where}: branch row ${i + 1}, column ${k + 1}`));
  const branches: Branches = {
    count: lines.length,
    row: Int32Array.from(lines, i => i + 1),
    rowsInFile: branch.rows,
    from: Int32Array.from(from),
    to: Int32Array.from(to),
    resistancePu: branchColumn(BRANCH.r),
    reactancePu: branchColumn(BRANCH.x),
    chargingPu: branchColumn(BRANCH.b),
    ratingMva: column(lines, i => {
      const rate = entry(branch, i, BRANCH.rateA);
      if (Number.isNaN(rate) || rate < 0)
        throw new EnergyError(
          'limits-contradict',
          `${where}: branch row ${i + 1}: rating ${rate} MVA is not possible (0 means no limit)`,
        );
      return rate === 0 ? Number.POSITIVE_INFINITY : rate;
    }),
    tap: branchColumn(BRANCH.tap).map(t => (t === 0 ? 1 : t)),
    shiftDegree: branchColumn(BRANCH.shift),
    ...angleLimits(c, lines),
  };
  const dcLines = readDcLines(c, find, warnings);
  const { islands, islandOf } = findIslands(buses, generators, branches, where);
  return { name: c.name, baseMva: c.baseMva, buses, generators, branches, dcLines, islands, islandOf, warnings };
}

/** Both 0 or beyond a full turn means no limit (MATPOWER manual, table B-3). */
function angleLimits(c: MatpowerCase, lines: readonly number[]) {
  const { branch } = c.matrices;
  const lower = new Float64Array(lines.length);
  const upper = new Float64Array(lines.length);
  for (const [k, i] of lines.entries()) {
    let lo = branch.columns > BRANCH.angmin ? entry(branch, i, BRANCH.angmin) : -360;
    let hi = branch.columns > BRANCH.angmax ? entry(branch, i, BRANCH.angmax) : 360;
    if (Number.isNaN(lo) || Number.isNaN(hi) || (lo === 0 && hi === 0)) {
      lo = -360;
      hi = 360;
    }
    if (lo <= -360) lo = Number.NEGATIVE_INFINITY;
    if (hi >= 360) hi = Number.POSITIVE_INFINITY;
    contradiction(lo, hi, () => `${c.name}: branch row ${i + 1}: angmin ${lo} is above angmax ${hi}`);
    lower[k] = lo;
    upper[k] = hi;
  }
  return { angleMinDegree: lower, angleMaxDegree: upper };
}

function readGenerators(
  c: MatpowerCase,
  find: (id: number, what: string) => number | undefined,
  needCosts: boolean,
  warnings: string[],
): Generators {
  const { gen, gencost } = c.matrices;
  if (needCosts && !gencost)
    throw new EnergyError(
      'missing-matrix',
      `${c.name}: the matrix "gencost" is missing; an optimal power flow needs costs`,
    );
  if (gencost && gencost.rows !== gen.rows && gencost.rows !== 2 * gen.rows)
    throw new EnergyError(
      'cost',
      `${c.name}: "gencost" has ${gencost.rows} rows for ${gen.rows} generators; one each (or two, with reactive costs) is needed`,
    );
  const rows: number[] = [];
  const bus: number[] = [];
  for (let i = 0; i < gen.rows; i++) {
    const at = find(entry(gen, i, GEN.bus), `gen row ${i + 1}`);
    if (!(entry(gen, i, GEN.status) > 0)) continue;
    if (at === undefined) {
      warnings.push(`gen row ${i + 1} stands at an isolated bus and is left out`);
      continue;
    }
    rows.push(i);
    bus.push(at);
  }
  const pick = (k: number, open = false) =>
    column(rows, i => {
      const v = entry(gen, i, k);
      return open && !Number.isNaN(v) ? v : finite(v, () => `${c.name}: gen row ${i + 1}, column ${k + 1}`);
    });
  const out = {
    count: rows.length,
    row: Int32Array.from(rows, i => i + 1),
    bus: Int32Array.from(bus),
    powerMw: pick(GEN.pg),
    reactiveMvar: pick(GEN.qg),
    powerMinMw: pick(GEN.pmin, true),
    powerMaxMw: pick(GEN.pmax, true),
    reactiveMinMvar: pick(GEN.qmin, true),
    reactiveMaxMvar: pick(GEN.qmax, true),
    voltagePu: pick(GEN.vg),
    cost: rows.map(i => (gencost ? readCost(gencost, i, `${c.name}: gencost row ${i + 1}`) : FREE)),
    reactiveCost:
      gencost && gencost.rows === 2 * gen.rows && gen.rows > 0
        ? rows.map(i => readCost(gencost, gen.rows + i, `${c.name}: gencost row ${gen.rows + i + 1}`))
        : [],
  };
  for (let g = 0; g < out.count; g++) {
    contradiction(
      out.powerMinMw[g],
      out.powerMaxMw[g],
      () => `${c.name}: gen row ${out.row[g]}: Pmin ${out.powerMinMw[g]} is above Pmax ${out.powerMaxMw[g]}`,
    );
    contradiction(
      out.reactiveMinMvar[g],
      out.reactiveMaxMvar[g],
      () => `${c.name}: gen row ${out.row[g]}: Qmin ${out.reactiveMinMvar[g]} is above Qmax ${out.reactiveMaxMvar[g]}`,
    );
  }
  return out;
}

/** Limits follow MATPOWER's rule: a positive Pmin or Pmax binds the sending end, a negative one the receiving end. */
function readDcLines(
  c: MatpowerCase,
  find: (id: number, what: string) => number | undefined,
  warnings: string[],
): DcLines {
  const { dcline, dclinecost } = c.matrices;
  const rows: number[] = [];
  const from: number[] = [];
  const to: number[] = [];
  if (dclinecost && dcline && dclinecost.rows !== dcline.rows)
    throw new EnergyError('cost', `${c.name}: "dclinecost" has ${dclinecost.rows} rows for ${dcline.rows} dc lines`);
  for (let i = 0; dcline && i < dcline.rows; i++) {
    const what = `dcline row ${i + 1}`;
    const f = find(entry(dcline, i, DCLINE.from), what);
    const t = find(entry(dcline, i, DCLINE.to), what);
    if (entry(dcline, i, DCLINE.status) !== 1) continue;
    if (f === undefined || t === undefined) {
      warnings.push(`${what} ends at an isolated bus and is left out`);
      continue;
    }
    rows.push(i);
    from.push(f);
    to.push(t);
  }
  const pick = (k: number, open = false) =>
    column(rows, i => {
      const v = entry(dcline!, i, k);
      return open && !Number.isNaN(v) ? v : finite(v, () => `${c.name}: dcline row ${i + 1}, column ${k + 1}`);
    });
  const loss0Mw = pick(DCLINE.loss0);
  const loss1 = pick(DCLINE.loss1);
  const sent = (arriving: number, k: number) => (arriving + loss0Mw[k]) / (1 - loss1[k]);
  const powerMinMw = pick(DCLINE.pmin).map((p, k) => (p >= 0 ? p : sent(p, k)));
  const powerMaxMw = pick(DCLINE.pmax).map((p, k) => (p >= 0 ? p : sent(p, k)));
  for (let k = 0; k < rows.length; k++) {
    if (!(loss1[k] < 1))
      throw new EnergyError(
        'limits-contradict',
        `${c.name}: dcline row ${rows[k] + 1}: loss1 = ${loss1[k]} would lose all power`,
      );
    contradiction(powerMinMw[k], powerMaxMw[k], () => `${c.name}: dcline row ${rows[k] + 1}: Pmin is above Pmax`);
  }
  return {
    count: rows.length,
    row: Int32Array.from(rows, i => i + 1),
    from: Int32Array.from(from),
    to: Int32Array.from(to),
    powerMw: pick(DCLINE.pf),
    powerMinMw,
    powerMaxMw,
    loss0Mw,
    loss1,
    reactiveMinFromMvar: pick(DCLINE.qminf, true),
    reactiveMaxFromMvar: pick(DCLINE.qmaxf, true),
    reactiveMinToMvar: pick(DCLINE.qmint, true),
    reactiveMaxToMvar: pick(DCLINE.qmaxt, true),
    reactiveFromMvar: pick(DCLINE.qf),
    reactiveToMvar: pick(DCLINE.qt),
    voltageFromPu: pick(DCLINE.vf),
    voltageToPu: pick(DCLINE.vt),
    cost: rows.map(i => (dclinecost ? readCost(dclinecost, i, `${c.name}: dclinecost row ${i + 1}`) : FREE)),
  };
}

function column(rows: readonly number[], value: (row: number) => number): Float64Array {
  return Float64Array.from(rows, value);
}

function finite(v: number, what: () => string, fallback?: number): number {
  if (Number.isFinite(v)) return v;
  if (fallback !== undefined) return fallback;
  throw new EnergyError('not-a-number', `${what()}: ${v} is not a number that can be used`);
}

function contradiction(lower: number, upper: number, message: () => string): void {
  if (lower > upper) throw new EnergyError('limits-contradict', message());
}
