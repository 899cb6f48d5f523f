// A column of a table by year, with every row that cannot be used named before anything is run.
import { decimal, type Table } from '@madang/numerics/csv';
import { CommandError } from '../command.ts';

export interface YearlyColumn {
  readonly year: string;
  readonly value: string;
  /** What a value must be, and how to say so; any finite number when absent. */
  readonly check?: readonly [is: (x: number) => boolean, want: string];
  /** Rows of the body to read (from 0); all when absent. */
  readonly rows?: readonly number[];
  /** Empty cells are years that are not given; otherwise they are refused. */
  readonly blanks?: boolean;
}

/** The values by year. Throws naming file, row and column: a year that is no whole number or is there twice, a value that is missing, no number or fails the check. */
export function yearly(t: Table, file: string, column: YearlyColumn): ReadonlyMap<number, number> {
  const [years, values] = [t.text(column.year), t.text(column.value)];
  const [is, want] = column.check ?? [() => true, 'a number'];
  const found = new Map<number, number>();
  const first = new Map<number, number>();
  for (const r of column.rows ?? years.keys()) {
    const refuse = (name: string, why: string) =>
      new CommandError(`${file}, row ${t.line(r)}, column "${name}": ${why}`);
    const year = decimal(years[r]);
    if (!Number.isInteger(year)) throw refuse(column.year, `"${years[r]}" is not a year`);
    if (first.has(year)) throw refuse(column.year, `${year} is there twice, first in row ${first.get(year)}`);
    first.set(year, t.line(r));
    if (column.blanks && values[r].trim() === '') continue;
    const value = decimal(values[r]);
    if (Number.isNaN(value) || !is(value))
      throw refuse(
        column.value,
        `${values[r].trim() === '' ? 'the value is missing' : `"${values[r]}"`}; it must be ${want} (year ${year})`,
      );
    found.set(year, value);
  }
  return found;
}

export const POSITIVE = [(x: number) => x > 0, 'a number above 0'] as const;
