// Planned maintenance: a unit is away for a number of events, each over the fewest snapshots in a row that last its duration; when, the
// program chooses (as PyPSA 1.4 states it). Away is 0 or 1, so its products with a chosen capacity or a count of running units are exact
// as four inequalities each (McCormick, Math. Programming 10:147, 1976).
import { EnergyError } from '../error.ts';
import type { Draft } from './draft.ts';
import { type Components, flagOf, numberOf, valueAt } from './network.ts';

export function isMaintained(c: Components, i: number): boolean {
  return flagOf(c, 'maintainable', i);
}

/** What maintenance takes from a unit: `share` of each column from `first` on (one a snapshot). */
export interface Absence {
  readonly first: number;
  readonly share: number;
}

/** Adds the columns that say when a unit is away (1) and that every event begins and lasts. */
export function addSchedule(d: Draft, c: Components, i: number): Absence {
  const { b } = d;
  const { count } = d.network.time;
  const share = numberOf(c, 'maintenance_pu', i);
  if (!(share >= 0 && share <= 1)) throw contradiction(c, i, `maintenance_pu ${share} is not within 0 and 1`);
  const last = lastSnapshots(d, c, i);
  const first = b.columns;
  for (let t = 0; t < count; t++) b.column(0, 0, d.active(c, i, t) ? 1 : 0);
  const start = b.columns;
  for (let t = 0; t < count; t++) b.column(0, 0, last[t] < 0 ? 0 : 1, true);
  const events = numberOf(c, 'maintenance_events', i);
  b.row(events, events);
  for (let t = 0; t < count; t++) if (last[t] >= 0) b.term(start + t, 1);
  // From one snapshot to the next: those that begin come, those that ended are back.
  for (let t = 0, ended = 0; t < count; t++) {
    b.row(0, 0);
    b.term(first + t, 1);
    if (t > 0) b.term(first + t - 1, -1);
    b.term(start + t, -1);
    for (; ended < t && last[ended] < t; ended++) if (last[ended] >= 0) b.term(start + ended, 1);
  }
  return { first, share };
}

/** The last snapshot of an event that begins in each snapshot; -1 where none can begin. */
function lastSnapshots(d: Draft, c: Components, i: number): Int32Array {
  const { count, generators } = d.network.time;
  const duration = numberOf(c, 'maintenance_duration', i);
  const events = numberOf(c, 'maintenance_events', i);
  if (!(duration > 0)) throw contradiction(c, i, `maintenance_duration must be above 0, not ${duration}`);
  if (!(events > 0)) throw contradiction(c, i, `maintenance_events must be above 0, not ${events}`);
  const horizon = generators.reduce((s, h) => s + h, 0);
  if (duration * events > horizon)
    throw contradiction(c, i, `${events} times ${duration} h of maintenance do not fit into ${horizon} h`);
  const last = new Int32Array(count).fill(-1);
  const gone = new Int32Array(count + 1);
  for (let t = 0; t < count; t++) gone[t + 1] = gone[t] + (d.active(c, i, t) ? 0 : 1);
  const hours = duration * (1 - 1e-6);
  for (let from = 0, to = 0, sum = 0; from < count; from++) {
    while (to < count && sum < hours) sum += generators[to++];
    if (sum >= hours && gone[from] === gone[to]) last[from] = to - 1;
    sum -= generators[from];
  }
  return last;
}

/** Dispatch of a unit that is not committed, within what is not away. */
export function addReducedDispatch(d: Draft, c: Components, i: number, away: Absence): void {
  const nominal = d.blocks[c.list].nominal[i];
  if (nominal >= 0) {
    const absent = addAbsentCapacity(d, c, i, away);
    addReducedLimit(d, c, i, absent, 'high');
    addReducedLimit(d, c, i, absent, 'low');
    return;
  }
  const capacity = numberOf(c, 'p_nom', i);
  if (!Number.isFinite(capacity)) throw contradiction(c, i, 'a unit that is maintained needs a finite p_nom');
  const p = d.blocks[c.list].first[i];
  for (const [attribute, low] of [
    ['p_max_pu', false],
    ['p_min_pu', true],
  ] as const) {
    const limit = valueAt(c, attribute, i);
    for (let t = 0; t < d.network.time.count; t++) {
      const most = limit(t) * capacity;
      if (most === 0 || !d.active(c, i, t)) continue;
      d.b.row(low ? most : Number.NEGATIVE_INFINITY, low ? Number.POSITIVE_INFINITY : most);
      d.b.term(p + t, 1);
      d.b.term(away.first + t, most * away.share);
    }
  }
}

/** One limit of a unit of chosen capacity, as a share of what is not away. */
export function addReducedLimit(d: Draft, c: Components, i: number, absent: Absence, side: 'low' | 'high'): void {
  const limit = valueAt(c, side === 'low' ? 'p_min_pu' : 'p_max_pu', i);
  const { first, nominal } = d.blocks[c.list];
  for (let t = 0; t < d.network.time.count; t++) {
    const v = limit(t);
    if (v === 0 || !d.active(c, i, t)) continue;
    d.b.row(side === 'low' ? 0 : Number.NEGATIVE_INFINITY, side === 'low' ? Number.POSITIVE_INFINITY : 0);
    d.b.term(first[i] + t, 1);
    d.b.term(nominal[i], -v);
    d.b.term(absent.first + t, v * absent.share);
  }
}

/** Adds the chosen capacity that is away: capacity times away. */
export function addAbsentCapacity(d: Draft, c: Components, i: number, away: Absence): Absence {
  const most = numberOf(c, 'p_nom_max', i);
  if (!Number.isFinite(most))
    throw contradiction(c, i, 'a chosen capacity that is maintained needs a finite p_nom_max');
  return addProduct(d, c, i, away, d.blocks[c.list].nominal[i], 0, numberOf(c, 'p_nom_min', i), most);
}

/** Adds the count of running units that are away: units (one column a snapshot from `status` on, at most `most`) times away. */
export function addAbsentUnits(
  d: Draft,
  c: Components,
  i: number,
  away: Absence,
  status: number,
  most: number,
): Absence {
  if (!Number.isFinite(most)) throw contradiction(c, i, 'modules that are maintained need a finite p_nom_max');
  return addProduct(d, c, i, away, status, 1, 0, most);
}

/** Columns z_t = x_t away_t for a column x (or, with a step of 1, one a snapshot) between `least` and `most`. */
function addProduct(
  d: Draft,
  c: Components,
  i: number,
  away: Absence,
  x: number,
  step: 0 | 1,
  least: number,
  most: number,
): Absence {
  const { b } = d;
  const first = b.columns;
  for (let t = 0; t < d.network.time.count; t++) b.column(0, 0, d.active(c, i, t) ? Number.POSITIVE_INFINITY : 0);
  const row = (t: number, lower: number, upper: number, ofX: number, ofAway: number) => {
    b.row(lower, upper);
    b.term(first + t, 1);
    if (ofX !== 0) b.term(x + step * t, ofX);
    if (ofAway !== 0) b.term(away.first + t, ofAway);
  };
  for (let t = 0; t < d.network.time.count; t++) {
    if (!d.active(c, i, t)) continue;
    row(t, Number.NEGATIVE_INFINITY, -least, -1, -least);
    row(t, Number.NEGATIVE_INFINITY, 0, 0, -most);
    row(t, -most, Number.POSITIVE_INFINITY, -1, -most);
    if (least > 0) row(t, 0, Number.POSITIVE_INFINITY, 0, -least);
  }
  return { first, share: away.share };
}

function contradiction(c: Components, i: number, what: string): EnergyError {
  return new EnergyError('limits-contradict', `${c.list}.csv, "${c.names[i]}": ${what}`);
}
