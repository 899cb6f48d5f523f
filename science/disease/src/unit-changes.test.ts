import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayInWeek } from './calendar.ts';
import { changeLog } from './change-log.ts';
import { HUBS } from './hubs.ts';
import { tunedMember } from './members/tuned.ts';
import { dataNotes } from './notes.ts';
import { recalibrated } from './recalibrate.ts';
import { replayBlock } from './replay.ts';
import { STEPS, TUNED } from './stack.ts';
import { inNewestUnit, unitChanges } from './unit-changes.ts';

const FIRST = 1700;
const WEEKS = 190;
/** A winter's wave each year; the last week lies in its rise. */
const course = (i: number) => 60 * Math.exp(1.5 * Math.cos((2 * Math.PI * (i - 40)) / 52.18) + 0.1 * Math.sin(7 * i));
const series = (value: (i: number) => number, weeks = WEEKS) => ({
  target: 'ILI',
  location: 'X',
  first: FIRST,
  values: Float64Array.from({ length: weeks }, (_, i) => value(i)),
});
const stepped = (factor: number, from: number) => (i: number) => course(i) * (i >= from ? factor : 1);

test('a step by a hundred or a thousand that stays is a new unit, and all weeks are brought into it', () => {
  for (const factor of [1000, 100, 0.001]) {
    const { values } = inNewestUnit(series(stepped(factor, WEEKS - 5)));
    assert.equal(values.length, WEEKS);
    for (const [i, v] of values.entries()) assert.ok(Math.abs(v / (factor * course(i)) - 1) < 1e-12, `${factor}, ${i}`);
  }
  // There and back again.
  const twice = inNewestUnit(series(i => course(i) * (i >= 100 && i < 130 ? 1000 : 1)));
  for (const [i, v] of twice.values.entries()) assert.ok(Math.abs(v / course(i) - 1) < 1e-12, `${i}`);
});

test('newest values that fell to under a hundredth are not used before there are four', () => {
  const fallen = inNewestUnit(series(stepped(0.001, WEEKS - 3)));
  assert.equal(fallen.values.length, WEEKS - 3);
  assert.equal(fallen.values[WEEKS - 4], course(WEEKS - 4));
});

test('waves, zeros, seasons with nothing between and small counts are no unit', () => {
  const wild = series(i => (i % 52 < 20 ? Number.NaN : course(i) * (i % 52 === 20 ? 0.001 : 1)));
  const small = series(i => (i % 3 === 0 ? 12 : i % 3 === 1 ? 0 : 0.1));
  const wave = series(i => course(i) ** 2);
  const ended = series(i => (i < WEEKS - 8 ? course(i) : 0));
  for (const s of [wild, small, wave, ended, series(course), series(stepped(1000, 30))])
    assert.equal(inNewestUnit(s), s);
  assert.deepEqual(unitChanges(new Float64Array(0)), { changes: [] });
});

/** Six places, the first as told. */
const logOf = (odd: (i: number) => number) =>
  changeLog(
    Array.from({ length: 6 }, (_, k) => k).flatMap(k =>
      Array.from({ length: WEEKS }, (_, i) => ({
        target: 'ILI',
        location: `P${k}`,
        period: FIRST + i,
        knownFrom: dayInWeek(FIRST + i, 7) + 5,
        value: k === 0 ? odd(i) : course(i + (k % 3)) * (1 + 0.05 * Math.sin(i * (k + 1))),
      })),
    ),
  );
const day = dayInWeek(FIRST + WEEKS, 3) + 7;
const planOf = (odd: (i: number) => number) => ({
  hub: HUBS.respicast,
  target: 'ILI',
  logs: [logOf(odd)],
  members: [tunedMember('ridge', TUNED, STEPS)],
  seed: '1',
});

test('a place that changed its unit is forecast as one that always had it, and the notes say so', () => {
  const forecast = (odd: (i: number) => number) => replayBlock(planOf(odd), [day]);
  const changed = forecast(stepped(1000, WEEKS - 5));
  const always = forecast(i => 1000 * course(i));
  assert.equal(changed.length, always.length);
  for (const [i, f] of changed.entries())
    for (const [k, q] of f.increments.entries()) assert.ok(Math.abs(q - always[i].increments[k]) < 1e-9);
  const notes = dataNotes(logOf(stepped(1000, WEEKS - 5)), 'ILI', day);
  assert.ok(notes.some(n => n.location === 'P0' && n.kind === 'rescaled' && n.note.includes('about 1000 times')));
});

test('what came in another unit than a forecast was made in says nothing of its spread', () => {
  const plan = planOf(stepped(1000, WEEKS - 5));
  const raw = replayBlock(plan, [day - 35, day]);
  const spreads = (without: string) =>
    recalibrated(
      plan,
      raw.filter(f => f.originDay === day || f.location !== without),
    )
      .filter(f => f.raw.originDay === day)
      .map(f => f.spread);
  assert.deepEqual(spreads('P0'), spreads('none'));
  assert.notDeepEqual(spreads('P1'), spreads('none'));
});
