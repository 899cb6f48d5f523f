// Unit commitment and ramps of generators and links: on/off status with start-ups and shut-downs, minimum times, start-up costs (three-binary
// form: Rajan and Takriti, IBM Research Report RC23628, 2005; as PyPSA states it).
import { EnergyError } from '../error.ts';
import { type Components, componentsOf, flagOf, hasSeries, numberOf, valueAt } from './network.ts';
import type { Draft } from './program.ts';

export function isCommittable(c: Components, i: number): boolean {
  return flagOf(c, 'committable', i);
}

export function addUnitCommitment(d: Draft): void {
  for (const list of ['generators', 'links']) {
    const c = componentsOf(d.network, list);
    for (let i = 0; i < c.names.length; i++) {
      if (isCommittable(c, i)) commit(d, c, i);
      else ramp(d, c, i);
    }
  }
}

function commit(d: Draft, c: Components, i: number): void {
  const { b } = d;
  const T = d.network.time.count;
  const block = d.blocks[c.list];
  if (block.nominal[i] >= 0)
    throw new EnergyError(
      'unsupported',
      `${c.list}.csv, "${c.names[i]}": a unit cannot be both committable and extendable`,
    );
  const p = block.first[i];
  const capacity = numberOf(c, 'p_nom', i);
  const low = valueAt(c, 'p_min_pu', i);
  const high = valueAt(c, 'p_max_pu', i);
  const standBy = valueAt(c, 'stand_by_cost', i);
  const startCost = valueAt(c, 'start_up_cost', i);
  const stopCost = valueAt(c, 'shut_down_cost', i);
  const upTime = numberOf(c, 'min_up_time', i);
  const downTime = numberOf(c, 'min_down_time', i);
  const upBefore = numberOf(c, 'up_time_before', i);
  const downBefore = numberOf(c, 'down_time_before', i);
  const wasUp = upBefore > 0;
  const status = b.columns;
  block.status[i] = status;
  for (let t = 0; t < T; t++) {
    const on = d.active(c, i, t) ? 1 : 0;
    // What began before the first snapshot must last.
    const mustRun = on === 1 && wasUp && upBefore < upTime && t < upTime - upBefore;
    const mustRest = !wasUp && downBefore > 0 && downBefore < downTime && t < downTime - downBefore;
    b.column(standBy(t) * d.weight[t], mustRun ? 1 : 0, mustRest ? 0 : on, true);
  }
  const start = b.columns;
  for (let t = 0; t < T; t++) b.column(startCost(t), 0, 1, true);
  const stop = b.columns;
  for (let t = 0; t < T; t++) b.column(stopCost(t), 0, 1, true);
  const up = ratioOf(c, i, 'ramp_limit_up');
  const down = ratioOf(c, i, 'ramp_limit_down');
  const startRamp = numberOf(c, 'ramp_limit_start_up', i);
  const stopRamp = numberOf(c, 'ramp_limit_shut_down', i);
  for (let t = 0; t < T; t++) {
    b.row(0, Number.POSITIVE_INFINITY);
    b.term(p + t, 1);
    b.term(status + t, -low(t) * capacity);
    b.row(Number.NEGATIVE_INFINITY, 0);
    b.term(p + t, 1);
    b.term(status + t, -high(t) * capacity);
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
      b.row(Number.NEGATIVE_INFINITY, 1);
      b.term(status + t, 1);
      for (let s = Math.max(0, t - downTime + 1); s <= t; s++) b.term(stop + s, 1);
    }
    if (t === 0) continue;
    const [u, v] = [up(t), down(t)];
    const su = Number.isNaN(startRamp) ? 1 : startRamp;
    const sd = Number.isNaN(stopRamp) ? 1 : stopRamp;
    if (!Number.isNaN(u) || !Number.isNaN(startRamp)) {
      const limit = Number.isNaN(u) ? 1 : u;
      b.row(Number.NEGATIVE_INFINITY, 0);
      b.term(p + t, 1);
      b.term(p + t - 1, -1);
      b.term(status + t - 1, -(limit - su) * capacity);
      b.term(status + t, -su * capacity);
    }
    if (!Number.isNaN(v) || !Number.isNaN(stopRamp)) {
      const limit = Number.isNaN(v) ? 1 : v;
      b.row(0, Number.POSITIVE_INFINITY);
      b.term(p + t, 1);
      b.term(p + t - 1, -1);
      b.term(status + t, (limit - sd) * capacity);
      b.term(status + t - 1, sd * capacity);
    }
  }
}

/** Ramps of units that are always on: |p_t - p_(t-1)| within a share of the capacity. */
function ramp(d: Draft, c: Components, i: number): void {
  const { b } = d;
  const block = d.blocks[c.list];
  const up = ratioOf(c, i, 'ramp_limit_up');
  const down = ratioOf(c, i, 'ramp_limit_down');
  const p = block.first[i];
  const nominal = block.nominal[i];
  const capacity = numberOf(c, 'p_nom', i);
  for (let t = 1; t < d.network.time.count; t++) {
    if (d.network.time.period[t] !== d.network.time.period[t - 1] || !d.active(c, i, t)) continue;
    for (const [limit, sign] of [
      [up(t), 1],
      [down(t), -1],
    ]) {
      if (Number.isNaN(limit)) continue;
      b.row(Number.NEGATIVE_INFINITY, nominal < 0 ? limit * capacity : 0);
      b.term(p + t, sign);
      b.term(p + t - 1, -sign);
      if (nominal >= 0) b.term(nominal, -limit);
    }
  }
}

function ratioOf(c: Components, i: number, attribute: string): (t: number) => number {
  if (!hasSeries(c, attribute, i) && Number.isNaN(numberOf(c, attribute, i))) return () => Number.NaN;
  return valueAt(c, attribute, i);
}
