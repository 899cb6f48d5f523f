// Ramps of generators and links: |p_t - p_(t-1)| within a share of the capacity, with shares of their own while a unit starts or stops.
import type { Draft } from './draft.ts';
import { type Components, hasSeries, numberOf, valueAt } from './network.ts';

/** Columns of a unit that is committed (one a snapshot from each on), and what was before the first snapshot. */
export interface Committed {
  readonly p: number;
  readonly status: number;
  readonly start: number;
  readonly stop: number;
  /** Given capacity, or that of one module. */
  readonly capacity: number;
  /** Column of the capacity where it is chosen freely, else -1. */
  readonly nominal: number;
  /** More than a unit of chosen capacity can put out. */
  readonly most: number;
  readonly wasUp: boolean;
  /** Output before the first snapshot; NaN when it is not known. */
  readonly before: number;
}

/** Ramps of a unit that may be off. */
export function addCommittedRamps(d: Draft, c: Components, i: number, unit: Committed): void {
  const { b } = d;
  const { p, status, capacity, nominal, before } = unit;
  const up = ratioOf(c, i, 'ramp_limit_up');
  const down = ratioOf(c, i, 'ramp_limit_down');
  const startRamp = numberOf(c, 'ramp_limit_start_up', i);
  const stopRamp = numberOf(c, 'ramp_limit_shut_down', i);
  const su = Number.isNaN(startRamp) ? 1 : startRamp;
  const sd = Number.isNaN(stopRamp) ? 1 : stopRamp;
  const was = unit.wasUp ? 1 : 0;
  for (let t = 0; t < d.network.time.count; t++) {
    if (!follows(d, c, i, t, before)) continue;
    const limitUp = Number.isNaN(up(t)) ? (Number.isNaN(startRamp) ? Number.NaN : 1) : up(t);
    const limitDown = Number.isNaN(down(t)) ? (Number.isNaN(stopRamp) ? Number.NaN : 1) : down(t);
    if (nominal >= 0) {
      // Products of status and chosen capacity, by a large constant: a row binds where its count of units is one.
      if (!Number.isNaN(limitUp)) {
        within(d, unit, t, 1, limitUp, t > 0 ? status + t - 1 : undefined);
        within(d, unit, t, 1, su, unit.start + t);
      }
      if (!Number.isNaN(limitDown)) {
        within(d, unit, t, -1, limitDown, status + t);
        within(d, unit, t, -1, sd, unit.stop + t);
      }
      continue;
    }
    if (!Number.isNaN(limitUp)) {
      b.row(Number.NEGATIVE_INFINITY, t > 0 ? 0 : before + (limitUp - su) * capacity * was);
      b.term(p + t, 1);
      if (t > 0) {
        b.term(p + t - 1, -1);
        b.term(status + t - 1, -(limitUp - su) * capacity);
      }
      b.term(status + t, -su * capacity);
    }
    if (!Number.isNaN(limitDown)) {
      b.row(t > 0 ? 0 : before - sd * capacity * was, Number.POSITIVE_INFINITY);
      b.term(p + t, 1);
      if (t > 0) {
        b.term(p + t - 1, -1);
        b.term(status + t - 1, sd * capacity);
      }
      b.term(status + t, (limitDown - sd) * capacity);
    }
  }
}

/** sign (p_t - p_(t-1)) <= share of the chosen capacity where the column `on` is one; without a column, where the unit was on before. */
function within(d: Draft, unit: Committed, t: number, sign: 1 | -1, share: number, on: number | undefined): void {
  const { b } = d;
  const known = on === undefined && unit.wasUp ? unit.most : 0;
  b.row(Number.NEGATIVE_INFINITY, unit.most - known + (t === 0 ? sign * unit.before : 0));
  b.term(unit.p + t, sign);
  if (t > 0) b.term(unit.p + t - 1, -sign);
  b.term(unit.nominal, -share);
  if (on !== undefined) b.term(on, unit.most);
}

/** True when the output of snapshot t is tied to that of the one before. */
function follows(d: Draft, c: Components, i: number, t: number, before: number): boolean {
  if (!d.active(c, i, t)) return false;
  // Without p_init nothing is known of the output before the first snapshot.
  if (t === 0) return !Number.isNaN(before);
  return d.network.time.period[t] === d.network.time.period[t - 1];
}

/** Ramps of units that are always on: |p_t - p_(t-1)| within a share of the capacity. */
export function addRamps(d: Draft, c: Components, i: number): void {
  const { b } = d;
  const block = d.blocks[c.list];
  const up = ratioOf(c, i, 'ramp_limit_up');
  const down = ratioOf(c, i, 'ramp_limit_down');
  const p = block.first[i];
  const nominal = block.nominal[i];
  const capacity = numberOf(c, 'p_nom', i);
  const before = numberOf(c, 'p_init', i);
  for (let t = 0; t < d.network.time.count; t++) {
    if (!follows(d, c, i, t, before)) continue;
    for (const [limit, sign] of [
      [up(t), 1],
      [down(t), -1],
    ]) {
      if (Number.isNaN(limit)) continue;
      b.row(Number.NEGATIVE_INFINITY, (nominal < 0 ? limit * capacity : 0) + (t === 0 ? sign * before : 0));
      b.term(p + t, sign);
      if (t > 0) b.term(p + t - 1, -sign);
      if (nominal >= 0) b.term(nominal, -limit);
    }
  }
}

function ratioOf(c: Components, i: number, attribute: string): (t: number) => number {
  if (!hasSeries(c, attribute, i) && Number.isNaN(numberOf(c, attribute, i))) return () => Number.NaN;
  return valueAt(c, attribute, i);
}
