// Unit commitment of generators and links: on/off status with start-ups and shut-downs, minimum times, start-up costs (three-binary
// form: Rajan and Takriti, IBM Research Report RC23628, 2005; as PyPSA states it).
import type { Dispatch, Draft } from './draft.ts';
import {
  type Absence,
  addAbsentCapacity,
  addAbsentUnits,
  addReducedDispatch,
  addReducedLimit,
  addSchedule,
  isMaintained,
} from './maintenance.ts';
import { type Components, componentsOf, flagOf, numberOf, valueAt } from './network.ts';
import { addCommittedRamps, addRamps } from './ramps.ts';

export function isCommittable(c: Components, i: number): boolean {
  return flagOf(c, 'committable', i);
}

/** Limits of output as shares of the capacity, loosened where commitment or maintenance states them by rows of its own. */
export function outputLimits(c: Components, i: number): Pick<Dispatch, 'low' | 'high'> {
  const [low, high] = [valueAt(c, 'p_min_pu', i), valueAt(c, 'p_max_pu', i)];
  const maintained = isMaintained(c, i);
  return {
    low: isCommittable(c, i) || maintained ? t => Math.min(0, low(t)) : low,
    high: maintained ? t => Math.max(0, high(t)) : high,
  };
}

export function addUnitCommitment(d: Draft): void {
  for (const list of ['generators', 'links', 'processes']) {
    const c = componentsOf(d.network, list);
    for (let i = 0; i < c.names.length; i++) {
      const away = isMaintained(c, i) && d.isActive(c, i) ? addSchedule(d, c, i) : undefined;
      if (away) d.blocks[list].away[i] = away.first;
      if (isCommittable(c, i)) commit(d, c, i, away);
      else {
        if (away) addReducedDispatch(d, c, i, away);
        addRamps(d, c, i);
      }
    }
  }
}

function commit(d: Draft, c: Components, i: number, away: Absence | undefined): void {
  const { b } = d;
  const T = d.network.time.count;
  const block = d.blocks[c.list];
  const p = block.first[i];
  const nominal = block.nominal[i];
  // A plant of modules commits them one by one: its status counts those that run.
  const module = numberOf(c, 'p_nom_mod', i);
  const modular = module > 0;
  const capacity = modular ? module : numberOf(c, 'p_nom', i);
  const units = !modular ? 1 : nominal >= 0 ? Number.POSITIVE_INFINITY : Math.round(numberOf(c, 'p_nom', i) / module);
  const low = valueAt(c, 'p_min_pu', i);
  const high = valueAt(c, 'p_max_pu', i);
  const standBy = valueAt(c, 'stand_by_cost', i);
  const startCost = valueAt(c, 'start_up_cost', i);
  const stopCost = valueAt(c, 'shut_down_cost', i);
  const upTime = numberOf(c, 'min_up_time', i);
  const downTime = numberOf(c, 'min_down_time', i);
  const upBefore = numberOf(c, 'up_time_before', i);
  const downBefore = numberOf(c, 'down_time_before', i);
  // A unit that was off for some time is off, whatever stands in up_time_before.
  const wasUp = !(downBefore > 0) && upBefore > 0;
  const before = wasUp ? numberOf(c, 'p_init', i) : 0;
  const status = b.columns;
  block.status[i] = status;
  for (let t = 0; t < T; t++) {
    const on = d.active(c, i, t) ? units : 0;
    // What began before the first snapshot must last.
    const mustRun = on > 0 && wasUp && upBefore < upTime && t < upTime - upBefore;
    const mustRest = !wasUp && downBefore > 0 && downBefore < downTime && t < downTime - downBefore;
    b.column(standBy(t) * d.weight[t], mustRun ? 1 : 0, mustRest ? 0 : on, true);
  }
  const start = b.columns;
  for (let t = 0; t < T; t++) b.column(startCost(t), 0, d.active(c, i, t) ? units : 0, true);
  const stop = b.columns;
  for (let t = 0; t < T; t++) b.column(stopCost(t), 0, d.active(c, i, t) ? units : 0, true);
  const chosen = nominal >= 0 && !modular;
  const most = chosen ? largestOutput(d, c, i) : 0;
  const absent = away && addAbsence(d, c, i, away, status, chosen ? Number.NaN : units);
  for (let t = 0; t < T; t++) {
    // A unit that is not there starts and stops nothing, and was off before it came.
    if (!d.active(c, i, t)) continue;
    if (modular && nominal >= 0)
      for (const count of [status + t, start + t, stop + t]) {
        b.row(Number.NEGATIVE_INFINITY, 0);
        b.term(count, module);
        b.term(nominal, -1);
      }
    if (chosen) {
      withinChosen(d, nominal, p + t, status + t, low(t), most);
      if (absent && low(t) !== 0) b.term(absent.first + t, low(t) * absent.share);
    } else
      for (const [limit, lower, upper] of [
        [low(t), 0, Number.POSITIVE_INFINITY],
        [high(t), Number.NEGATIVE_INFINITY, 0],
      ]) {
        b.row(lower, upper);
        b.term(p + t, 1);
        b.term(status + t, -limit * capacity);
        if (absent) b.term(absent.first + t, limit * capacity * absent.share);
      }
    // status - status before = start - stop
    const initial = t === 0 && wasUp ? 1 : 0;
    b.row(initial, initial);
    b.term(status + t, 1);
    if (t > 0) b.term(status + t - 1, -1);
    b.term(start + t, -1);
    b.term(stop + t, 1);
    if (upTime > 1) {
      b.row(0, Number.POSITIVE_INFINITY);
      b.term(status + t, 1);
      for (let s = Math.max(0, t - upTime + 1); s <= t; s++) b.term(start + s, -1);
    }
    if (downTime > 1) {
      // Those that run and those that rest are not more than there are.
      const counted = modular && nominal >= 0;
      b.row(Number.NEGATIVE_INFINITY, counted ? 0 : units);
      b.term(status + t, 1);
      for (let s = Math.max(0, t - downTime + 1); s <= t; s++) b.term(stop + s, 1);
      if (counted) b.term(nominal, -1 / module);
    }
  }
  addCommittedRamps(d, c, i, {
    p,
    status,
    start,
    stop,
    capacity,
    nominal: chosen ? nominal : -1,
    most,
    wasUp,
    before,
  });
}

/** What of the capacity, or of the running units (at most `units`; NaN where the capacity is chosen), is away. */
function addAbsence(d: Draft, c: Components, i: number, away: Absence, status: number, units: number): Absence {
  if (Number.isNaN(units)) {
    const absent = addAbsentCapacity(d, c, i, away);
    addReducedLimit(d, c, i, absent, 'high');
    return absent;
  }
  const most = Number.isFinite(units) ? units : numberOf(c, 'p_nom_max', i) / numberOf(c, 'p_nom_mod', i);
  return addAbsentUnits(d, c, i, away, status, most);
}

/** Output of a unit of chosen capacity: within its limits when it is on, none when it is off. */
function withinChosen(d: Draft, nominal: number, p: number, status: number, low: number, most: number): void {
  const { b } = d;
  b.row(Number.NEGATIVE_INFINITY, 0);
  b.term(p, 1);
  b.term(status, -most);
  if (low === 0) return;
  b.row(-most, Number.POSITIVE_INFINITY);
  b.term(p, 1);
  b.term(nominal, -low);
  b.term(status, -most);
}

/** More than a unit can ever put out: its largest capacity, or ten times all load. */
function largestOutput(d: Draft, c: Components, i: number): number {
  const high = valueAt(c, 'p_max_pu', i);
  let share = 0;
  for (let t = 0; t < d.network.time.count; t++) share = Math.max(share, high(t));
  const capacity = numberOf(c, 'p_nom_max', i);
  if (Number.isFinite(capacity) && capacity > 0) return capacity * share;
  const loads = componentsOf(d.network, 'loads');
  let peak = 0;
  for (let t = 0; t < d.network.time.count; t++) {
    let sum = 0;
    for (let k = 0; k < loads.names.length; k++) sum += Math.abs(valueAt(loads, 'p_set', k)(t));
    peak = Math.max(peak, sum);
  }
  return 10 * Math.max(1, peak) * share;
}
