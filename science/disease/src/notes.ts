// What a reader of the forecasts should know about the data behind them: histories that vanished or came back, whole histories rescaled,
// rows given twice, places with little history, long silent or with nothing but zeros. Nothing is repaired here; it is only said.
import { dateOf, dayInWeek, weekOf } from './calendar.ts';
import type { ChangeLog } from './change-log.ts';
import { OUTLIER_FACTOR, slipsOf } from './outliers.ts';
import { unitChanges } from './unit-changes.ts';

export interface DataNote {
  readonly kind:
    | 'vanished'
    | 'returned'
    | 'rescaled'
    | 'duplicate'
    | 'short'
    | 'zeros'
    | 'outlier'
    | 'withdrawn'
    | 'future'
    | 'weekday'
    | 'gaps'
    | 'ended'
    | 'column';
  readonly target: string;
  readonly location: string;
  /** Day on which it became known; absent for what holds of the whole series. */
  readonly date?: string;
  readonly note: string;
}

/** Periods that must change together before it is called a change of the whole history. */
const WHOLE = 26;
const SHORT = 30;
/** A week at so small a part of the one before is a new unit or a slip, not the end of a wave. */
const FALL = 100;
/** A place whose newest value is older than this at the end is silent; a week or two is the usual delay of reports. */
const SILENT = 4;

/** Notes on one target's series, as far as the log goes up to `day`. */
export function dataNotes(log: ChangeLog, target: string, day = Number.POSITIVE_INFINITY): DataNote[] {
  const out: DataNote[] = [];
  for (const [s, name] of log.names.entries()) {
    if (name.target !== target) continue;
    const say = (kind: DataNote['kind'], note: string, at?: number) =>
      out.push({ kind, ...name, ...(at === undefined ? {} : { date: dateOf(at) }), note });
    const now = new Map<number, number>();
    let gone = 0;
    let duplicates = 0;
    let future = 0;
    for (const [known, rows] of daysOf(log, s, day)) {
      let withdrawn = 0;
      let back = 0;
      let far = 0;
      let fallen = 0;
      const largest = largestOf(now.values());
      const newest = largestOf(now.keys());
      const ratios: number[] = [];
      const seen = new Set<number>();
      for (const i of rows) {
        const p = log.period[i];
        if (p > weekOf(known)) {
          future += 1;
          continue;
        }
        if (seen.has(p)) duplicates += 1;
        seen.add(p);
        const before = now.get(p);
        const v = log.value[i];
        if (Number.isNaN(v)) {
          if (before !== undefined) withdrawn += 1;
          now.delete(p);
          continue;
        }
        if (before === undefined) back += 1;
        else if (before > 0 && v > 0 && v !== before) ratios.push(v / before);
        if (largest > 0 && now.size >= 52 && v > OUTLIER_FACTOR * largest) far += 1;
        if (p > newest && v > 0 && FALL * v < (now.get(p - 1) ?? 0)) fallen += 1;
        now.set(p, v);
      }
      if (withdrawn >= WHOLE) {
        gone += withdrawn;
        say('vanished', `${withdrawn} values were withdrawn at once`, known);
      } else if (gone >= WHOLE && back >= WHOLE) {
        gone = 0;
        say('returned', `${back} values came back`, known);
      }
      if (withdrawn > 0 && withdrawn < WHOLE) say('withdrawn', `${withdrawn} values were withdrawn`, known);
      if (far > 0 && far < WHOLE)
        say(
          'outlier',
          `${far} values exceed ${OUTLIER_FACTOR} times all before; not used while they are the newest`,
          known,
        );
      if (fallen > 0 && fallen < WHOLE)
        say(
          'outlier',
          `${fallen} values are under a ${FALL}th of the week before; not used while they are the newest`,
          known,
        );
      ratios.sort((a, b) => a - b);
      const middle = ratios[ratios.length >> 1];
      if (ratios.length >= WHOLE && Math.abs(Math.log(middle)) > 0.02)
        say('rescaled', `${ratios.length} values were multiplied by about ${middle.toFixed(3)}`, known);
    }
    if (future > 0) say('future', `${future} rows are dated later than they became known; not used`);
    if (duplicates > 0) say('duplicate', `${duplicates} rows repeat a week of the same day; the last one counts`);
    const periods = [...now.keys()].sort((a, b) => a - b);
    const slips = slipsOf(Float64Array.from(periods, p => now.get(p)!));
    if (slips.length > 0)
      say('outlier', `${slips.length} values of the past exceed ${OUTLIER_FACTOR} times what is usual there; not used`);
    for (const { week, factor } of unitsOf(now))
      say(
        'rescaled',
        `from the week of ${dateOf(dayInWeek(week, 1))} values are about ${factor} times those before; earlier weeks are brought into that unit`,
      );
    if (now.size > 0 && now.size < SHORT)
      say('short', `only ${now.size} values; forecast from the other places' experience`);
    if (now.size > 0 && [...now.values()].every(v => v === 0)) say('zeros', 'all values are 0; the forecast is 0');
    const end = Math.min(day, log.knownFrom[log.knownFrom.length - 1]);
    const last = periods[periods.length - 1];
    if (last !== undefined && weekOf(end) - last > SILENT)
      say(
        'ended',
        `no value of the ${weekOf(end) - last - 1} weeks before ${dateOf(end)}; forecasts start from the last one there is`,
      );
  }
  return out;
}

/** First weeks in a new unit, and the new unit by the old one. */
function unitsOf(known: ReadonlyMap<number, number>) {
  const first = known.size > 0 ? Math.min(...known.keys()) : 0;
  const weeks = known.size > 0 ? Math.max(...known.keys()) - first + 1 : 0;
  const values = Float64Array.from({ length: weeks }, (_, i) => known.get(first + i) ?? Number.NaN);
  const slips = new Set(slipsOf(values));
  return unitChanges(values.map((v, i) => (slips.has(i) ? Number.NaN : v))).changes.map(c => ({
    week: first + c.at,
    factor: c.factor,
  }));
}

function largestOf(values: Iterable<number>): number {
  let largest = 0;
  for (const v of values) if (v > largest) largest = v;
  return largest;
}

function daysOf(log: ChangeLog, series: number, day: number): Map<number, number[]> {
  const out = new Map<number, number[]>();
  for (let i = 0; i < log.series.length && log.knownFrom[i] <= day; i++) {
    if (log.series[i] !== series) continue;
    const rows = out.get(log.knownFrom[i]);
    if (rows) rows.push(i);
    else out.set(log.knownFrom[i], [i]);
  }
  return out;
}
