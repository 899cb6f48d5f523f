import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayInWeek } from './calendar.ts';
import { changeLog, type LogRow } from './change-log.ts';
import { dataNotes } from './notes.ts';

const FIRST = 1700;
const WEEKS = 120;
const day = dayInWeek(FIRST + WEEKS, 5);

/** A steady series for each place; `value` may change what it reports, undefined = nothing. */
function notesOf(places: Readonly<Record<string, (week: number) => number | undefined>>) {
  const rows: LogRow[] = Object.entries(places).flatMap(([location, value]) =>
    Array.from({ length: WEEKS }, (_, i) => i).flatMap(i => {
      const v = value(i);
      const period = FIRST + i;
      return v === undefined
        ? []
        : [{ target: 'ILI', location, period, knownFrom: dayInWeek(period, 7) + 5, value: v }];
    }),
  );
  return dataNotes(changeLog(rows), 'ILI', day);
}

const steady = (i: number) => 40 + (i % 7);

test('a place that reports as usual has no note', () => {
  assert.deepEqual(notesOf({ STEADY: steady, ZEROS: i => (i % 9 === 0 ? 0 : steady(i)) }), []);
});

test('a place silent for weeks before the deadline is named', () => {
  const notes = notesOf({
    STEADY: steady,
    LATE: i => (i < WEEKS - 2 ? steady(i) : undefined),
    SILENT: i => (i < 90 ? steady(i) : undefined),
  });
  assert.deepEqual(
    notes.map(n => [n.location, n.kind]),
    [['SILENT', 'ended']],
  );
  assert.match(
    notes[0].note,
    /^no value of the 30 weeks before \d{4}-\d\d-\d\d; forecasts start from the last one there is$/,
  );
});

test('a fall to a thousandth is named on the day on which it is first seen, and as a new unit when it stays', () => {
  const notes = notesOf({ STEADY: steady, FALLS: i => (i < 80 ? steady(i) : steady(i) / 1000) });
  assert.deepEqual(
    notes.map(n => [n.location, n.kind, n.note]),
    [
      ['FALLS', 'outlier', '1 values are under a 100th of the week before; not used while they are the newest'],
      [
        'FALLS',
        'rescaled',
        'from the week of 2004-02-09 values are about 0.001 times those before; earlier weeks are brought into that unit',
      ],
    ],
  );
});
