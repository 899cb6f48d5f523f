// Structured queries only: what the kind writes as SQL, what it refuses, what its numbers mean.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type StatisticsQuery, sqlOf, statistics } from './statistics.ts';

const base: StatisticsQuery = {
  kind: 'statistics',
  version: 1,
  view: 'visits',
  rowsPerPerson: 2,
  person: 'patient',
  where: [{ column: 'age', op: '>=', value: 65 }],
  measure: { op: 'sum', column: 'days', min: 0, max: 30, step: 1 },
  maximumRows: 1000,
};

test('names and values cannot carry SQL', () => {
  for (const view of ['visits; DROP TABLE x', 'a"b', '', '1a'])
    assert.throws(() => statistics.parse(JSON.stringify({ ...base, view })), /plain column or view name/);
  const where = [{ column: 'name', op: '=', value: "x' OR '1'='1" }];
  const sql = sqlOf(statistics.parse(JSON.stringify({ ...base, where })));
  assert.match(sql, /'x'' OR ''1''=''1'/);
  assert.throws(
    () => statistics.parse(JSON.stringify({ ...base, where: [{ column: 'a', op: 'LIKE', value: 'x' }] })),
    /not one of/,
  );
});

test('bad measures are named', () => {
  assert.throws(
    () => statistics.parse(JSON.stringify({ ...base, measure: { op: 'mean' } })),
    /count, sum or histogram/,
  );
  assert.throws(
    () => statistics.parse(JSON.stringify({ ...base, measure: { op: 'sum', column: 'x', min: 5, max: 1, step: 1 } })),
    /min < max/,
  );
  assert.throws(
    () => statistics.parse(JSON.stringify({ ...base, measure: { op: 'histogram', column: 'x', edges: [3, 2] } })),
    /ascending/,
  );
  assert.throws(() => statistics.parse('[]'), /not an object/);
});

test('the sensitivity covers adding or removing one person, by brute force on sums', async () => {
  const q = statistics.parse(JSON.stringify(base));
  const bound = statistics.sensitivitySquared(q, 'person')!;
  assert.equal(statistics.sensitivitySquared(q, 'household'), undefined);
  // Two rows of the largest value change count by 2 and the scaled total by 60.
  assert.ok(2 ** 2 + 60 ** 2 <= bound);
});

test('sums decode to the unit of the column', async () => {
  const q = statistics.parse(
    JSON.stringify({ ...base, measure: { op: 'sum', column: 'days', min: 10, max: 20, step: 0.5 } }),
  );
  const rows = [{ n: 4n, total: 30n }];
  const measurement = await statistics.contribute(q, 1, { file: async () => '', query: async () => rows });
  assert.deepEqual(Array.from(measurement), [4, 30]);
  assert.deepEqual((statistics.decode(q, [4, 30], 0) as { sum: number }).sum, 55);
});
