// Columns of a table as their owner sees them, and reading and writing of their values. Types come from the file and are taken as public.
import { civilDay, dateOf } from '@madang/numerics';

export type ColumnKind = 'number' | 'date' | 'month' | 'category';

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Decimal places of numbers; 0 for whole numbers, dates (days) and months. */
  readonly decimals: number;
  /** One number a row (NaN missing) for ordered kinds. */
  readonly numbers?: Float64Array;
  /** One text a row ('' missing) for categories. */
  readonly texts?: readonly string[];
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const MONTH = /^(\d{4})-(\d{2})$/;
const NUMBER = /^[+-]?(\d+)(?:\.(\d+))?(?:e[+-]?\d+)?$/i;

/** Reads a column; a kind holds only if every value that is not empty fits it. At most nine decimals are kept. */
export function readColumn(name: string, values: readonly string[]): Column {
  const texts = values.map(v => v.trim());
  const given = texts.filter(v => v !== '' && !/^(na|nan|null)$/i.test(v));
  const missing = (v: string) => v === '' || /^(na|nan|null)$/i.test(v);
  const ordered = (kind: ColumnKind, decimals: number, read: (v: string) => number): Column => ({
    name,
    kind,
    decimals,
    numbers: Float64Array.from(texts, v => (missing(v) ? Number.NaN : read(v))),
  });
  if (given.length > 0) {
    if (given.every(v => DATE.test(v))) return ordered('date', 0, dayOf);
    if (given.every(v => MONTH.test(v)))
      return ordered('month', 0, v => Number(v.slice(0, 4)) * 12 + Number(v.slice(5)) - 1);
    if (given.every(v => NUMBER.test(v) && !/^0\d/.test(v))) {
      let decimals = 0;
      for (const v of given) decimals = Math.max(decimals, /e/i.test(v) ? 9 : (NUMBER.exec(v)?.[2]?.length ?? 0));
      return ordered('number', Math.min(9, decimals), Number);
    }
  }
  return { name, kind: 'category', decimals: 0, texts: texts.map(v => (missing(v) ? '' : v)) };
}

/** A number of an ordered column as its file would write it. */
export function writeNumber(column: Pick<Column, 'kind' | 'decimals'>, x: number): string {
  switch (column.kind) {
    case 'date':
      return dateOf(Math.floor(x));
    case 'month': {
      const m = Math.floor(x);
      return `${pad(Math.floor(m / 12), 4)}-${pad((m % 12) + 1, 2)}`;
    }
    default:
      return x.toFixed(column.decimals);
  }
}

const pad = (n: number, width: number) => String(n).padStart(width, '0');

/** Day number of a date as its column writes it. */
function dayOf(date: string): number {
  const [, year, month, day] = DATE.exec(date)!.map(Number);
  return civilDay(year, month, day);
}
