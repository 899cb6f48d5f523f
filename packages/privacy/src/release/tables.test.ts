import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { releaseTables, type TableRelease } from './tables.ts';

const rule = { threshold: 10, base: 1 };
const made = (...args: Parameters<typeof releaseTables>): TableRelease => {
  const r = releaseTables(...args);
  assert.ok(r.ok);
  return r;
};

test('one axis: intervals are what the sum leaves, and the published words do not tell small counts from others', () => {
  const counts = { shape: [4], values: [3, 25, 12, 60] };
  const r = made(counts, [[0]], rule);
  assert.deepEqual(
    r.cells.map(c => c.value),
    [null, 25, null, 60, 100],
  );
  assert.deepEqual([r.small, r.complementary, r.proof], [1, 1, 'exact']);
  assert.deepEqual(
    r.intervals.map(i => [i.at, i.low, i.high]),
    [
      [[0], 0, 15],
      [[2], 0, 15],
    ],
  );
  assert.match(r.statement, /2 of 5 in all\. Counts are not rounded\.$/);
});

test('rounding is applied to what is shown, once for each count, and stated', () => {
  const counts = { shape: [2, 2, 2], values: [3, 40, 30, 61, 12, 80, 25, 92] };
  const plain = made(
    counts,
    [
      [0, 1],
      [0, 2],
    ],
    rule,
  );
  const near = made(
    counts,
    [
      [0, 1],
      [0, 2],
    ],
    { ...rule, base: 5 },
  );
  for (const [i, c] of plain.cells.entries())
    if (c.value === null) assert.equal(near.cells[i].value, null);
    else assert.equal(near.cells[i].value, Math.floor((c.value + 2.5) / 5) * 5);
  assert.match(near.statement, /nearest 5.*off by 2/);
  assert.deepEqual([near.small, near.intervals], [plain.small, plain.intervals]);
  const keys = near.cells.map(c => JSON.stringify(c.at));
  assert.equal(new Set(keys).size, keys.length, 'a cell of two tables stands once');
  const r = random('round');
  const bytes = (n: number) => Uint8Array.from({ length: n }, () => r.below(256));
  const chance = made(counts, [[0, 1]], { ...rule, base: 5, randomBytes: bytes });
  assert.ok(chance.cells.every(c => c.value === null || c.value % 5 === 0));
  assert.match(chance.rounding, /at random/);
});

test('intervals of a two-way table cover the truth, and the width for every small count', () => {
  for (let seed = 0; seed < 40; seed++) {
    const r = random(`two/${seed}`);
    const values = Array.from({ length: 20 }, () => (r.uniform() < 0.4 ? r.below(12) : r.below(300)));
    const t = made({ shape: [4, 5], values }, [[0, 1]], { ...rule, width: 15 });
    const hidden = t.cells.filter(c => c.value === null);
    assert.equal(hidden.length, t.intervals.length);
    for (const { at, low, high } of t.intervals) {
      let truth = 0;
      for (const [i, v] of values.entries())
        if ((at[0] ?? Math.floor(i / 5)) === Math.floor(i / 5) && (at[1] ?? i % 5) === i % 5) truth += v;
      assert.ok(low <= truth && truth <= high);
      if (truth > 0 && truth < 10) assert.ok(high - low >= 15, `${at}: ${low} to ${high}`);
    }
  }
});

test('where everything would have to be hidden, nothing is released; wrong rules are named', () => {
  const r = releaseTables({ shape: [3], values: [1, 2, 3] }, [[0]], rule);
  assert.ok(!r.ok);
  assert.match(r.refusal.why, /all 4 must be hidden: nothing is left to publish/);
  assert.throws(() => releaseTables({ shape: [2], values: [1, 2] }, [[0]], { ...rule, width: 0 }), /width: 0/);
  assert.throws(() => releaseTables({ shape: [2], values: [50, 60] }, [[0]], { ...rule, base: 0.5 }), /base 0.5/);
  assert.throws(() => releaseTables({ shape: [2], values: [1, 2] }, [[1]], rule), /no axis 1/);
});
