// One table of weekly values out of a hub's repository, whatever its columns are called upstream.
import type { Table } from '@madang/numerics';
import { CommandError } from '../command.ts';
import type { Layout } from './upstream-layout.ts';

/** Dates that are not the hub's last day of a week, by weekday, and the table where the first stands. */
export interface OddDays {
  readonly weekEnds: number;
  readonly days: Map<number, { n: number; readonly first: string }>;
}

export interface Row {
  readonly target: string;
  readonly location: string;
  readonly period: number;
  readonly value: number;
  readonly source?: string;
  readonly asOf?: number;
}

export const lastPeriod = (rows: readonly { readonly period: number }[]) =>
  rows.reduce((m, r) => Math.max(m, r.period), 0);

/** What tables say where nothing is known: R writes NA, Python nan. */
const MISSING = /^\s*(nan?|null)?\s*$/i;

/** Rows of one table of weekly values: `target` for tables that do not name theirs. Rows of signals that we do not forecast are left out; odd dates are counted. */
export async function rowsOf(
  csv: string,
  target: string | undefined,
  layout: Layout,
  name: string,
  odd: OddDays,
): Promise<Row[]> {
  const { decimal, parseCsv } = await import('@madang/numerics');
  const { dayOf, weekday, weekEnding } = await import('@madang/disease');
  let table: Table;
  try {
    table = parseCsv(csv, name);
  } catch (error) {
    throw new CommandError((error as Error).message, 1, { cause: error });
  }
  const column = (...names: string[]) => names.find(n => table.has(n));
  const need = (what: string, ...names: string[]) => {
    const c = column(...names);
    if (c === undefined)
      throw new CommandError(
        `${name}: no column for the ${what} (${names.join(', ')}); it has ${table.columns.join(', ')}`,
      );
    return c;
  };
  const dateColumn = need('end of the week', 'truth_date', 'target_end_date', 'date');
  const valueColumn = need('value', 'value', 'observation');
  const locations = table.text(need('place', 'location'));
  const dates = table.text(dateColumn);
  const values = table.text(valueColumn);
  const targets = column('target') ? table.text('target') : undefined;
  const sources = column('data_source') ? table.text('data_source') : undefined;
  const asOf = column('as_of') ? table.text('as_of') : undefined;
  const days = new Map<string, number>();
  const dayIn = (text: string, row: number, c: string) => {
    let d = days.get(text);
    if (d === undefined) {
      try {
        d = dayOf(text);
      } catch (error) {
        throw new CommandError(`${name}, row ${table.line(row)}, column "${c}": ${(error as Error).message}`, 1, {
          cause: error,
        });
      }
      days.set(text, d);
    }
    return d;
  };
  const out: Row[] = [];
  for (let i = 0; i < table.length; i++) {
    const named = targets ? layout.names[targets[i]] : target;
    if (named === undefined || (target !== undefined && named !== target)) continue;
    const value = decimal(values[i]);
    if (!(value >= 0) && !MISSING.test(values[i]))
      throw new CommandError(
        `${name}, row ${table.line(i)}, column "${valueColumn}": "${values[i]}" is not a number of 0 or more`,
      );
    const end = dayIn(dates[i], i, dateColumn);
    const on = weekday(end);
    if (on !== odd.weekEnds) {
      const seen = odd.days.get(on) ?? { n: 0, first: name };
      odd.days.set(on, seen);
      seen.n += 1;
    }
    const period = weekEnding(end);
    out.push({
      target: named,
      location: locations[i],
      period,
      value,
      ...(sources ? { source: sources[i] } : {}),
      ...(asOf ? { asOf: dayIn(asOf[i], i, 'as_of') } : {}),
    });
  }
  return out;
}
