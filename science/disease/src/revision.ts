// Nowcasting from the change log: how values of an age were revised later, learned place by place from what was known at a deadline, and
// applied to the last values of each series (after the delay-ratio methods of nowcasting, e.g. baselinenowcast).
// The trap: a whole history rescaled on one day looks like a revision of every week; medians and bounds keep it out.
import type { ChangeLog, Series } from './change-log.ts';
import type { Transform } from './panel/panel.ts';

/** How the newest values of a series will probably move, on the transformed scale. */
export interface Revision {
  /** Expected shift of the last value, of the one before it, and so on. */
  readonly shift: readonly number[];
  /** Standard deviation of the last value's shift about that. */
  readonly sd: number;
}

/** Values corrected, beginning with the last. */
const DEPTH = 3;
/** A value is taken as final this many days later than the age that is studied. */
const MATURE_DAYS = 28;
/** Periods looked back on. */
const WINDOW = 75;
/** Revisions seen at other places that one place's own must outweigh. */
const PRIOR = 12;
/** Shifts larger than this on the transformed scale are taken as a change of definition. */
const LARGEST = 0.25;

/**
 * Revisions for each series of a table as known on `day`. `endOf` gives the last day of a period. Only rows known by `day` are read.
 * The key is `target\tlocation`.
 */
export function revisionsAt(
  log: ChangeLog,
  day: number,
  table: readonly Series[],
  scaleOf: (s: Series) => number | undefined,
  endOf: (period: number) => number,
  transform: Transform,
): Map<string, Revision> {
  const history = historyOf(log, day);
  const seen = new Map<string, { own: number[][]; target: string }>();
  const pooled = new Map<string, number[][]>();
  for (const s of table) {
    const scale = scaleOf(s);
    const rows = history.get(`${s.target}\t${s.location}`);
    if (scale === undefined || !rows) continue;
    const last = s.first + s.values.length - 1;
    const own: number[][] = [];
    for (let back = 0; back < DEPTH; back++) {
      const age = day - endOf(last - back);
      const shifts: number[] = [];
      for (let p = last - WINDOW; p < last - back; p++) {
        if (day - endOf(p) < age + MATURE_DAYS) continue;
        const then = valueAt(rows.get(p), endOf(p) + age);
        const now = s.values[p - s.first];
        if (then === undefined || Number.isNaN(then) || now === undefined || Number.isNaN(now)) continue;
        const shift = transform.forward(now / scale) - transform.forward(then / scale);
        if (Math.abs(shift) <= LARGEST) shifts.push(shift);
      }
      own.push(shifts);
    }
    seen.set(`${s.target}\t${s.location}`, { own, target: s.target });
    const pool = pooled.get(s.target) ?? own.map(() => []);
    for (let back = 0; back < DEPTH; back++) pool[back].push(...own[back]);
    pooled.set(s.target, pool);
  }
  const out = new Map<string, Revision>();
  for (const [key, { own, target }] of seen) {
    const pool = pooled.get(target)!;
    const shift = own.map((x, back) => (x.length * centre(x) + PRIOR * centre(pool[back])) / (x.length + PRIOR));
    const spread = (x: readonly number[], c: number) => x.reduce((a, v) => a + (v - c) ** 2, 0);
    const n = own[0].length;
    const poolSpread = pool[0].length > 0 ? spread(pool[0], centre(pool[0])) / pool[0].length : 0;
    out.set(key, { shift, sd: Math.sqrt((spread(own[0], shift[0]) + PRIOR * poolSpread) / (n + PRIOR)) });
  }
  return out;
}

/** Mean of the middle half: as steady as a median, and smoother. */
function centre(x: readonly number[]): number {
  if (x.length === 0) return 0;
  const s = Float64Array.from(x).sort();
  const a = Math.floor(s.length / 4);
  const part = s.subarray(a, s.length - a);
  return part.reduce((t, v) => t + v, 0) / part.length;
}

type Rows = { readonly knownFrom: number; readonly value: number }[];

function historyOf(log: ChangeLog, day: number): Map<string, Map<number, Rows>> {
  const out = new Map<string, Map<number, Rows>>();
  const bySeries = log.names.map(n => {
    const m = new Map<number, Rows>();
    out.set(`${n.target}\t${n.location}`, m);
    return m;
  });
  for (let i = 0; i < log.series.length && log.knownFrom[i] <= day; i++) {
    const m = bySeries[log.series[i]];
    const rows = m.get(log.period[i]);
    const row = { knownFrom: log.knownFrom[i], value: log.value[i] };
    if (rows) rows.push(row);
    else m.set(log.period[i], [row]);
  }
  return out;
}

function valueAt(rows: Rows | undefined, day: number): number | undefined {
  let value: number | undefined;
  for (const r of rows ?? []) if (r.knownFrom <= day) value = r.value;
  return value;
}

/** Inverse of the standard normal distribution at the forecast levels, for adding revision noise to quantiles. */
const NORMAL: readonly number[] = [
  -2.326348, -1.959964, -1.644854, -1.281552, -1.036433, -0.841621, -0.67449, -0.524401, -0.38532, -0.253347, -0.125661,
  0, 0.125661, 0.253347, 0.38532, 0.524401, 0.67449, 0.841621, 1.036433, 1.281552, 1.644854, 1.959964, 2.326348,
];

/** Widens quantiles of an increment by independent normal noise of the base value (variances add at each level). */
export function widen(increments: Float64Array, sd: number): Float64Array {
  const median = increments[11];
  return increments.map((q, k) => median + Math.sign(NORMAL[k]) * Math.hypot(q - median, sd * NORMAL[k]));
}
