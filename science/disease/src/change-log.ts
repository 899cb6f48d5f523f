// What was known on a date: a change log of a table (a row each time a value appears, changes or is withdrawn) and the table as it
// stood at a deadline. Every forecast that claims to replay the past must read its data through `snapshot`.

/** Columns of equal length, ascending by `knownFrom`; a later row of the same series and period replaces an earlier one. */
export interface ChangeLog {
  /** Names of the series that `series` points to. */
  readonly names: readonly SeriesName[];
  readonly series: Int32Array;
  /** Period the value belongs to: week or month number (calendar.ts). */
  readonly period: Int32Array;
  /** Day from which the row was known. */
  readonly knownFrom: Int32Array;
  /** NaN: withdrawn. */
  readonly value: Float64Array;
}

export interface SeriesName {
  readonly target: string;
  readonly location: string;
}

/** One series without holes in time: `values[i]` belongs to period `first + i`; NaN = not known. */
export interface Series extends SeriesName {
  readonly first: number;
  readonly values: Float64Array;
  /** Further series known with it, each as long as `values` or longer; index as `values`. */
  readonly covariates?: readonly Float64Array[];
}

export interface LogRow extends SeriesName {
  readonly period: number;
  readonly knownFrom: number;
  readonly value: number;
}

/**
 * Builds a change log from rows in any order: the order of a file says nothing but which of two rows of the same series, period and day
 * wins (the later). Series are numbered by the day on which they appear, then by name.
 */
export function changeLog(rows: readonly LogRow[]): ChangeLog {
  const order = Array.from(rows.keys()).sort((a, b) => {
    const [x, y] = [rows[a], rows[b]];
    return (
      x.knownFrom - y.knownFrom ||
      compare(x.target, y.target) ||
      compare(x.location, y.location) ||
      x.period - y.period ||
      a - b
    );
  });
  const index = new Map<string, number>();
  const names: SeriesName[] = [];
  const series = new Int32Array(rows.length);
  const period = new Int32Array(rows.length);
  const knownFrom = new Int32Array(rows.length);
  const value = new Float64Array(rows.length);
  for (let i = 0; i < order.length; i++) {
    const r = rows[order[i]];
    const key = `${r.target}\t${r.location}`;
    let s = index.get(key);
    if (s === undefined) {
      s = names.length;
      index.set(key, s);
      names.push({ target: r.target, location: r.location });
    }
    series[i] = s;
    period[i] = r.period;
    knownFrom[i] = r.knownFrom;
    value[i] = r.value;
  }
  return { names, series, period, knownFrom, value };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The table as known at the end of `day`: a series for each name that has at least one value then. */
export function snapshot(log: ChangeLog, day: number): Series[] {
  const n = log.names.length;
  const low = new Int32Array(n).fill(0x7fffffff);
  const high = new Int32Array(n).fill(-0x80000000);
  let end = 0;
  for (; end < log.series.length && log.knownFrom[end] <= day; end++) {
    const s = log.series[end];
    if (log.period[end] < low[s]) low[s] = log.period[end];
    if (log.period[end] > high[s]) high[s] = log.period[end];
  }
  const values = log.names.map((_, s) => new Float64Array(Math.max(0, high[s] - low[s] + 1)).fill(Number.NaN));
  for (let i = 0; i < end; i++) values[log.series[i]][log.period[i] - low[log.series[i]]] = log.value[i];
  return log.names.flatMap((name, s) => {
    const last = values[s].findLastIndex(v => !Number.isNaN(v));
    return last < 0 ? [] : [{ ...name, first: low[s], values: values[s].subarray(0, last + 1) }];
  });
}
