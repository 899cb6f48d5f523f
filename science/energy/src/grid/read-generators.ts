// Generators in service and their costs, from the matrices "gen" and "gencost".
import { EnergyError } from '../error.ts';
import { entry, type MatpowerCase } from '../matpower/case.ts';
import { GEN } from '../matpower/columns.ts';
import { column, contradiction, finite } from './checked.ts';
import { FREE, readCost } from './cost.ts';
import type { Generators } from './network.ts';

/** `find` gives the index of a bus by its number, undefined when it is isolated, and throws when there is none. */
export function readGenerators(
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
