// Builds the network model of a MATPOWER case; isolated buses (type 4) and what hangs on them are left out, as are elements with status 0.
import { EnergyError } from '../error.ts';
import { entry, type MatpowerCase } from '../matpower/case.ts';
import { BRANCH, BUS } from '../matpower/columns.ts';
import { column, contradiction, finite } from './checked.ts';
import { findIslands } from './islands.ts';
import type { Branches, Buses, Grid } from './network.ts';
import { readDcLines } from './read-dc-lines.ts';
import { readGenerators } from './read-generators.ts';

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
