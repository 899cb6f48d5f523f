// The time axis of a PyPSA folder: snapshots.csv with its weights, investment_periods.csv.
// Trap: the labels stand in a column "timestep", "snapshot" or "name", or nowhere.
import type { Table } from '@madang/numerics';
import { EnergyError } from '../error.ts';
import type { InvestmentPeriod, TimeAxis } from './network.ts';

/** Reads the axis; one snapshot of weight 1 when there is no snapshots.csv. Throws EnergyError naming file, row and column. */
export function readTime(snapshots: Table | undefined, years: Table | undefined): TimeAxis {
  const count = snapshots?.length ?? 1;
  const ones = new Float64Array(count).fill(1);
  const weights = (name: string) => {
    for (const c of [name, 'weightings'])
      if (snapshots?.has(c)) {
        const w = snapshots.numbers(c);
        for (const [i, v] of w.entries())
          if (!Number.isFinite(v))
            throw new EnergyError(
              'not-a-number',
              `snapshots.csv, row ${snapshots.line(i)}, column "${c}": a weight is missing`,
            );
        return w;
      }
    return ones;
  };
  const labelColumn = ['timestep', 'snapshot', 'name', ''].find(c => snapshots?.has(c));
  let labels = labelColumn !== undefined ? snapshots!.text(labelColumn) : ones.length === 1 ? ['now'] : [];
  if (labels.length !== count) labels = Array.from({ length: count }, (_, i) => String(i));
  const periods: InvestmentPeriod[] = [];
  const period = new Int32Array(count);
  if (years && years.length > 0) {
    const key = years.columns.find(c => c === 'period' || c === 'investment_period') ?? years.columns[0];
    const year = years.numbers(key);
    for (let k = 0; k < years.length; k++)
      periods.push({
        year: year[k],
        objective: years.has('objective') ? years.numbers('objective')[k] : 1,
        years: years.has('years') ? years.numbers('years')[k] : 1,
      });
    if (!snapshots?.has('period'))
      throw new EnergyError('missing-column', 'snapshots.csv: with investment_periods.csv a column "period" is needed');
    const of = snapshots.numbers('period');
    for (let t = 0; t < count; t++) {
      period[t] = periods.findIndex(p => p.year === of[t]);
      if (period[t] < 0)
        throw new EnergyError(
          'unknown-name',
          `snapshots.csv, row ${snapshots.line(t)}: period ${of[t]} is not in investment_periods.csv`,
        );
    }
  } else periods.push({ year: 0, objective: 1, years: 1 });
  return {
    count,
    labels,
    objective: weights('objective'),
    stores: weights('stores'),
    generators: weights('generators'),
    period,
    periods,
  };
}
