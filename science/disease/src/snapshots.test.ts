import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { snapshot } from './change-log.ts';
import { logOfSnapshots, type Snapshot } from './snapshots.ts';

const table = (
  knownFrom: number,
  values: Readonly<Record<string, readonly (number | undefined)[]>>,
  from = 100,
  source = 'a',
): Snapshot => ({
  source,
  knownFrom,
  rows: Object.entries(values).flatMap(([location, v]) =>
    v.flatMap((value, i) => (value === undefined ? [] : [{ target: 'ILI', location, period: from + i, value }])),
  ),
});
const known = (log: ReturnType<typeof logOfSnapshots>, day: number) =>
  Object.fromEntries(snapshot(log, day).map(s => [s.location, [s.first, ...s.values]]));

test('only what changed is a row; a revision holds from its day on', () => {
  const log = logOfSnapshots([table(20, { IT: [1, 5, 3] }), table(10, { IT: [1, 2] })]);
  assert.equal(log.value.length, 4);
  assert.deepEqual(known(log, 19), { IT: [100, 1, 2] });
  assert.deepEqual(known(log, 20), { IT: [100, 1, 5, 3] });
});

test('a place that vanishes is withdrawn until it comes back; one that another source never had is not', () => {
  const log = logOfSnapshots([
    table(10, { IT: [1, 2], FR: [7, 8] }),
    table(10, { 'GB-ENG': [4] }, 100, 'b'),
    table(20, { FR: [7, 8, 9] }),
    table(30, { IT: [1, 2, 3], FR: [7, 8, 9] }),
  ]);
  assert.deepEqual(known(log, 20), { FR: [100, 7, 8, 9], 'GB-ENG': [100, 4] });
  assert.deepEqual(known(log, 30)['IT'], [100, 1, 2, 3]);
});

test('what lies before the first week of a later table keeps its value', () => {
  const log = logOfSnapshots([table(10, { FR: [1, 2, 3] }), table(20, { FR: [30, 4] }, 102)]);
  assert.deepEqual(known(log, 20), { FR: [100, 1, 2, 30, 4] });
});

test('the table as known on any day is the newest one of that day, whatever came before', () => {
  const cells = fc.array(fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }), { minLength: 1, maxLength: 5 });
  const tables = fc.array(fc.record({ A: cells, B: cells }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(tables, all => {
      // An anchor makes every table begin in the same week.
      const log = logOfSnapshots(all.map((t, i) => table(10 * i, { ...t, anchor: [1] })));
      for (const [i, t] of all.entries()) {
        const at = known(log, 10 * i);
        for (const place of ['A', 'B'] as const) {
          const [first = 100, ...values] = at[place] ?? [];
          const found = t[place].map((_, k) => values[100 + k - first] ?? Number.NaN);
          assert.deepEqual(
            found,
            t[place].map(v => v ?? Number.NaN),
          );
        }
      }
    }),
  );
});
