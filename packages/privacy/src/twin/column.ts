// Columns of a table as their owner sees them, and reading and writing of their values. Types come from the file and are taken as public.
// Calendar arithmetic is written out (proleptic Gregorian days), since packages have no clock and no Date.

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
    if (given.every(v => DATE.test(v))) return ordered('date', 0, v => daysOf(v));
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

/** Days since 1970-01-01 (Hinnant's days_from_civil). */
export function daysOf(date: string): number {
  const [, year, month, day] = DATE.exec(date)!.map(Number);
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719468;
}

export function dateOf(days: number): string {
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const ofEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36524) - Math.floor(ofEra / 146096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}
