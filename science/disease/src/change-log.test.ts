import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { civilOf, dateOf, dayInWeek, dayOf, weekday, weekEnding, weekOf, weekOfSeason } from './calendar.ts';
import { changeLog, type LogRow, snapshot } from './change-log.ts';

const row = (location: string, period: number, knownFrom: number, value: number): LogRow => ({
  target: 'ILI',
  location,
  period,
  knownFrom,
  value,
});

test('a snapshot is the table as it stood: later rows replace earlier ones, withdrawn values vanish', () => {
  const log = changeLog([
    row('A', 10, 100, 1),
    row('A', 12, 100, 3),
    row('A', 10, 107, 2),
    row('A', 12, 107, Number.NaN),
    row('B', 11, 107, 9),
    row('B', 11, 107, 8),
  ]);
  assert.deepEqual(snapshot(log, 99), []);
  assert.deepEqual([...snapshot(log, 100)[0].values], [1, Number.NaN, 3]);
  const later = snapshot(log, 107);
  assert.deepEqual([...later[0].values], [2]);
  assert.deepEqual([...later[1].values], [8]);
});

test('the order of rows says nothing: a shuffled file is the same log', () => {
  const rows = ['B', 'A', 'C'].flatMap(l => [5, 3, 4].flatMap(p => [row(l, p, 100 + p, p), row(l, p, 110, p + 0.5)]));
  const shuffled = [...rows.filter((_, i) => i % 2 === 1).reverse(), ...rows.filter((_, i) => i % 2 === 0)];
  assert.deepEqual(changeLog(shuffled), changeLog(rows));
});

test('rows known later never change an earlier snapshot', () => {
  const rows = fc.array(
    fc.record({
      location: fc.constantFrom('A', 'B', 'C'),
      period: fc.integer({ min: 0, max: 20 }),
      knownFrom: fc.integer({ min: 0, max: 60 }),
      value: fc.oneof(fc.constant(Number.NaN), fc.double({ min: 0, max: 9, noNaN: true })),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(rows, fc.integer({ min: 0, max: 60 }), (list, day) => {
      const all = list.map(r => ({ target: 'ILI', ...r }));
      const early = all.filter(r => r.knownFrom <= day);
      assert.deepEqual(snapshot(changeLog(all), day), snapshot(changeLog(early), day));
    }),
  );
});

test('days, weeks and seasons', () => {
  assert.equal(dayOf('1970-01-01'), 0);
  assert.equal(dateOf(dayOf('2024-02-29')), '2024-02-29');
  assert.equal(weekday(dayOf('2001-09-09')), 7);
  assert.equal(weekOf(dayOf('2001-09-09')), weekOf(dayOf('2001-09-08')));
  assert.notEqual(weekOf(dayOf('2001-09-09')), weekOf(dayOf('2001-09-10')));
  // Seven days ending on Monday lie mostly in the week before; Thursday to Sunday in their own.
  assert.equal(weekEnding(dayOf('2001-09-10')), weekOf(dayOf('2001-09-09')));
  for (const end of ['2001-09-06', '2001-09-08', '2001-09-09'])
    assert.equal(weekEnding(dayOf(end)), weekOf(dayOf(end)));
  assert.equal(weekOfSeason(weekOf(dayOf('2001-08-05'))), 0);
  assert.throws(() => dayOf('2023-02-30'), /not a day of the calendar/);
  fc.assert(
    fc.property(fc.integer({ min: -200000, max: 200000 }), day => {
      const c = civilOf(day);
      const js = new Date(day * 86400000);
      assert.deepEqual([c.year, c.month, c.dayOfMonth], [js.getUTCFullYear(), js.getUTCMonth() + 1, js.getUTCDate()]);
      assert.equal(dayInWeek(weekOf(day), weekday(day)), day);
    }),
  );
});
