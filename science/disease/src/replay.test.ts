import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { civilDay, dayInWeek, weekOf } from './calendar.ts';
import { changeLog, type LogRow } from './change-log.ts';
import { HUBS, roundsOf } from './hubs.ts';
import { dataNotes } from './notes.ts';
import { recalibrated } from './recalibrate.ts';
import { type ReplayPlan, replayBlock } from './replay.ts';
import { weeklyMembers } from './stack.ts';

const hub = HUBS.respicast;
const start = weekOf(civilDay(2001, 8, 1));
const WEEKS = 185;
const rounds = roundsOf(hub, 2004, civilDay(2001, 1, 1), civilDay(2005, 12, 31)).slice(8, 18);

/** A hub's change log with every kind of trouble; `late` adds rows known after the given day. */
function trouble(late: readonly LogRow[] = []): LogRow[] {
  const rows: LogRow[] = [];
  const published = (week: number) => dayInWeek(week, 7) + 5;
  const put = (location: string, week: number, value: number, known = published(week)) =>
    rows.push({ target: 'ILI', location, period: week, knownFrom: known, value });
  const value = (k: number, i: number, r: ReturnType<typeof random>) =>
    50 * Math.exp(1.6 * Math.cos((2 * Math.PI * (i - 24 - k)) / 52.18) + 0.2 * r.normal());
  for (let k = 0; k < 9; k++) {
    const r = random(`place ${k}`);
    for (let i = 0; i < WEEKS; i++) {
      const v = value(k, i, r);
      const week = start + i;
      if (k === 0) put('VANISHES', week, v);
      else if (k === 1) put('RESCALED', week, v);
      else if (k === 2) put('ZEROS', week, i % 3 === 0 ? v : 0);
      else if (k === 3 && i >= WEEKS - 10) put('NEW', week, v);
      else if (k === 4 && i >= 165) put('MIDSEASON', week, v);
      else if (k === 5) {
        put('TWICE', week, v);
        put('TWICE', week, v);
      } else if (k === 6) put('LARGE', week, v * 1000);
      else if (k === 7) put('NOTHING', week, 0);
      else if (k === 8) put('STEADY', week, v);
    }
  }
  const day = rounds[3];
  for (let i = 0; i < WEEKS; i++) {
    const week = start + i;
    if (published(week) >= day) continue;
    put('VANISHES', week, Number.NaN, day);
    put('VANISHES', week, value(0, i, random(`again ${i}`)), day + 21);
    put('RESCALED', week, 1.13 * value(1, i, random(`again ${i}`)), day);
  }
  // A week withdrawn near the end of a steady series.
  put('STEADY', weekOf(rounds[5]) - 2, Number.NaN, rounds[5]);
  return [...rows, ...late];
}

const plan = (rows: LogRow[]): ReplayPlan => ({
  hub,
  target: 'ILI',
  logs: [changeLog(rows)],
  members: weeklyMembers(),
  seed: 'test',
});

const calm = plan(trouble());
const forecasts = replayBlock(calm, rounds);

test('no trouble in the data gives a crash, a gap or an absurd quantile', () => {
  const final = recalibrated(calm, forecasts);
  assert.equal(final.length, forecasts.length);
  for (const f of final) {
    const q = f.quantiles;
    const largest = f.raw.location === 'LARGE' ? 400000 : 400;
    for (let k = 0; k < q.length; k++) {
      assert.ok(Number.isFinite(q[k]) && q[k] >= 0, `${f.raw.location}: ${q[k]}`);
      assert.ok(k === 0 || q[k] >= q[k - 1], `${f.raw.location}: crossing`);
    }
    assert.ok(q[11] < 4 * largest && q[22] < 20 * largest, `${f.raw.location}: ${q[11]} ${q[22]}`);
  }
  const last = new Set(forecasts.filter(f => f.originDay === rounds[9]).map(f => f.location));
  for (const place of ['VANISHES', 'RESCALED', 'ZEROS', 'NEW', 'MIDSEASON', 'TWICE', 'LARGE', 'STEADY', 'NOTHING'])
    assert.ok(last.has(place), `${place} has no forecast`);
});

test('the notes name what happened to the data', () => {
  const notes = dataNotes(calm.logs[0], 'ILI');
  const kinds = (place: string) => notes.filter(n => n.location === place).map(n => n.kind);
  assert.deepEqual(kinds('VANISHES'), ['vanished', 'returned']);
  assert.ok(kinds('TWICE').includes('duplicate'));
  assert.ok(kinds('NEW').includes('short'));
  assert.ok(kinds('NOTHING').includes('zeros'));
  assert.deepEqual(kinds('LARGE'), []);
});

test('a value that becomes known late does not move an earlier forecast by a bit', () => {
  const day = rounds[4];
  const late: LogRow[] = [
    { target: 'ILI', location: 'STEADY', period: start + 100, knownFrom: day + 1, value: 12345 },
    { target: 'ILI', location: 'LARGE', period: weekOf(day) - 2, knownFrom: day + 1, value: 7 },
    { target: 'ARI', location: 'STEADY', period: start + 3, knownFrom: day + 1, value: 7 },
    { target: 'ILI', location: 'UNHEARD', period: start + 3, knownFrom: day + 1, value: 7 },
  ];
  const moved = plan(trouble(late));
  const again = recalibrated(moved, replayBlock(moved, rounds));
  const before = recalibrated(calm, forecasts);
  const upTo = (list: typeof before) => list.filter(f => f.raw.originDay <= day);
  assert.deepEqual(upTo(again), upTo(before));
  assert.notDeepEqual(
    again.filter(f => f.raw.originDay > day),
    before.filter(f => f.raw.originDay > day),
  );
});

test('histories that arrive within a block are learned from at once, and earlier rounds know nothing of them', () => {
  const rows = trouble().filter(r => !['VANISHES', 'RESCALED'].includes(r.location));
  const early = weekOf(rounds[0]) - 40;
  const arriving = rows.map(r => (r.period < early ? { ...r, knownFrom: Math.max(r.knownFrom, rounds[2]) } : r));
  const members = [weeklyMembers()[2]];
  const some = { ...plan(arriving), members };
  const of = (list: ReturnType<typeof replayBlock>, day: number) => list.filter(f => f.originDay === day);
  const block = replayBlock(some, rounds.slice(0, 4));
  assert.deepEqual(of(block, rounds[2]), replayBlock(some, [rounds[2]]), 'trained again');
  const never = { ...plan(arriving.filter(r => r.knownFrom < rounds[2])), members };
  assert.deepEqual(of(block, rounds[1]), of(replayBlock(never, rounds.slice(0, 2)), rounds[1]));
  assert.notDeepEqual(
    of(replayBlock(some, rounds.slice(2, 4)), rounds[3]),
    replayBlock(some, [rounds[3]]),
    'else once',
  );
});

test('a further log teaches; it is not forecast, and what it holds of the own places counts once', () => {
  const members = weeklyMembers().filter(m => m.name === 'analogues');
  const [day] = rounds;
  const alone = replayBlock({ ...calm, members }, [day]);
  const twice = replayBlock({ ...calm, members, logs: [calm.logs[0], calm.logs[0]] }, [day]);
  assert.deepEqual(twice, alone);
  const abroad = changeLog(trouble().map(r => ({ ...r, location: `${r.location} ABROAD` })));
  const more = replayBlock({ ...calm, members, logs: [calm.logs[0], abroad] }, [day]);
  assert.deepEqual(
    more.map(f => f.location),
    alone.map(f => f.location),
  );
  assert.notDeepEqual(more, alone);
});

test('a place that vanishes leaves the models of the others with the others', () => {
  // AWAY comes first in the log and is withdrawn after the training round: every index behind it shifts by one.
  const rows: LogRow[] = [];
  const first = weekOf(rounds[0]) - 180;
  for (const [k, location] of ['AWAY', 'EARLY', 'LATE'].entries()) {
    const r = random(location);
    for (let week = first; week < weekOf(rounds[1]); week++) {
      const peak = k === 1 ? 14 : 40;
      const value = 50 * Math.exp(1.5 * Math.cos((2 * Math.PI * (week - first - peak)) / 52.18) + 0.05 * r.normal());
      rows.push({ target: 'ILI', location, period: week, knownFrom: dayInWeek(week, 7) + 5, value });
    }
  }
  const gone = rows
    .filter(r => r.location === 'AWAY' && r.knownFrom < rounds[1])
    .map(r => ({ ...r, knownFrom: rounds[1], value: Number.NaN }));
  const members = [weeklyMembers()[2]];
  const forecast = (log: LogRow[]) =>
    replayBlock({ ...plan(log), members }, rounds.slice(0, 2)).filter(f => f.originDay === rounds[1]);
  const whole = forecast(rows).filter(f => f.location !== 'AWAY');
  const without = forecast([...rows, ...gone]);
  assert.deepEqual(new Set(without.map(f => f.location)), new Set(['EARLY', 'LATE']));
  assert.deepEqual(without, whole);
});

test('the same seed gives the same forecasts, to the bit', () => {
  assert.deepEqual(
    replayBlock(plan(trouble()), rounds.slice(0, 2)),
    forecasts.filter(f => f.originDay <= rounds[1]),
  );
});
