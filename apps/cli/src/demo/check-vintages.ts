// What a series file must be before fourteen processes start on it: what is wrong is named by row and column. Missing weeks are allowed.
import { dayOf } from '@madang/disease';
import type { Table } from '@madang/numerics';
import { CommandError } from '../command.ts';

/**
 * Checks dates, values (numbers from 0; empty: withdrawn) and that no row contradicts another. Throws CommandError with exit 1, naming file, row and
 * column; with exit 2 when a column is absent. Returns the rows that say again what an earlier one says: they are harmless here and count once.
 */
export function checkVintages(table: Table, path: string): ReadonlySet<number> {
  for (const column of ['location', 'date', 'as_of', 'value'])
    if (!table.has(column))
      throw new CommandError(`${path}: no column "${column}"; location, date, as_of and value are needed`, 2);
  const wrong = (row: number, column: string, why: string): never => {
    throw new CommandError(`${path}, row ${table.line(row)}, column "${column}": ${why}`);
  };
  for (const column of ['date', 'as_of']) {
    const good = new Set<string>();
    for (const [i, day] of table.text(column).entries()) {
      if (good.has(day)) continue;
      try {
        dayOf(day);
      } catch (error) {
        wrong(i, column, (error as Error).message);
      }
      good.add(day);
    }
  }
  let values: Float64Array;
  try {
    values = table.numbers('value');
  } catch (error) {
    throw new CommandError((error as Error).message, 1, { cause: error });
  }
  const [locations, dates, known] = ['location', 'date', 'as_of'].map(c => table.text(c));
  const targets = table.has('target') ? table.text('target') : undefined;
  const said = new Map<string, number>();
  const repeated = new Set<number>();
  for (let i = 0; i < values.length; i++) {
    if (values[i] < 0) wrong(i, 'value', `${values[i]} is below 0; a rate or a count was expected`);
    const key = `${targets?.[i] ?? ''}\t${locations[i]}\t${dates[i]}\t${known[i]}`;
    const before = said.get(key);
    if (before !== undefined && !Object.is(before, values[i]))
      wrong(
        i,
        'value',
        `${values[i]} where an earlier row says ${before} for ${locations[i]}, ${dates[i]} as of ${known[i]}; keep one of them`,
      );
    if (before !== undefined) repeated.add(i);
    said.set(key, values[i]);
  }
  return repeated;
}
