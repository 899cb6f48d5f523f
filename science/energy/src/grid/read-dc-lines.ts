// Dc lines in service and their costs, from the matrices "dcline" and "dclinecost".
import { EnergyError } from '../error.ts';
import { entry, type MatpowerCase } from '../matpower/case.ts';
import { DCLINE } from '../matpower/columns.ts';
import { column, contradiction, finite } from './checked.ts';
import { FREE, readCost } from './cost.ts';
import type { DcLines } from './network.ts';

/** Limits follow MATPOWER's rule: a positive Pmin or Pmax binds the sending end, a negative one the receiving end. */
export function readDcLines(
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
