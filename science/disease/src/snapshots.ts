// From whole tables, published one after the other, to a change log: a row each time a value appears, changes or is withdrawn.
// The traps: a later table may begin later (what lies before its first week keeps its value), a place may vanish whole and come back
// (withdrawn until then), and tables of different sources of the same signal do not withdraw each other's places.
import { type ChangeLog, changeLog, type LogRow, type SeriesName } from './change-log.ts';

/** One table of one source as it stood on a day; rows in any order, of the same place and period the last counts. */
export interface Snapshot {
  readonly source: string;
  /** Day from which it was known. */
  readonly knownFrom: number;
  readonly rows: readonly (SeriesName & { readonly period: number; readonly value: number })[];
}

/** The change log of snapshots in any order; of two of the same source and day the later in the list counts. NaN values are as absent. */
export function logOfSnapshots(snapshots: readonly Snapshot[]): ChangeLog {
  const order = [...snapshots].sort((a, b) => a.knownFrom - b.knownFrom);
  const known = new Map<string, Map<string, Map<number, number>>>();
  const changes: LogRow[] = [];
  for (const { source, knownFrom, rows } of order) {
    for (const target of new Set(rows.map(r => r.target))) {
      const key = `${source}\t${target}`;
      const before = known.get(key) ?? new Map<string, Map<number, number>>();
      known.set(key, before);
      const now = new Map<string, Map<number, number>>();
      let first = Number.POSITIVE_INFINITY;
      for (const r of rows) {
        if (r.target !== target || Number.isNaN(r.value)) continue;
        let series = now.get(r.location);
        if (!series) {
          series = new Map();
          now.set(r.location, series);
        }
        series.set(r.period, r.value);
        if (r.period < first) first = r.period;
      }
      for (const [location, series] of now) {
        const old = before.get(location) ?? new Map<number, number>();
        before.set(location, old);
        for (const [period, value] of series) {
          if (old.get(period) === value) continue;
          old.set(period, value);
          changes.push({ target, location, period, knownFrom, value });
        }
      }
      for (const [location, old] of before) {
        const series = now.get(location);
        for (const period of [...old.keys()]) {
          if (period < first || series?.has(period)) continue;
          old.delete(period);
          changes.push({ target, location, period, knownFrom, value: Number.NaN });
        }
      }
    }
  }
  return changeLog(changes);
}
