import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import fc from 'fast-check';
import { checkContributors, isolated, type Release } from './contributors.ts';
import { boundsOf, withTotals } from './flow.ts';
import { roundAtRandom, roundToBase } from './rounding.ts';
import { suppressSmallCells } from './suppress.ts';

/** All tables of counts up to `most` with the same published cells: what a patient reader finds. */
function bruteBounds(counts: number[][], hidden: ReadonlySet<number>, cell: number, most: number): [number, number] {
  const t = withTotals(counts);
  const across = t.columns + 1;
  const free = [...hidden].filter(c => c % across < t.columns && c < t.rows * across);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const trial = counts.map(r => [...r]);
  const search = (k: number) => {
    if (k === free.length) {
      const other = withTotals(trial);
      for (const [i, v] of other.values.entries()) if (!hidden.has(i) && v !== t.values[i]) return;
      low = Math.min(low, other.values[cell]);
      high = Math.max(high, other.values[cell]);
      return;
    }
    const [r, c] = [Math.floor(free[k] / across), free[k] % across];
    for (let v = 0; v <= most; v++) {
      trial[r][c] = v;
      search(k + 1);
    }
    trial[r][c] = counts[r][c];
  };
  search(0);
  return [low, high];
}

test('bounds equal those of trying every table', () => {
  const r = random('bounds');
  for (let n = 0; n < 25; n++) {
    const counts = Array.from({ length: 2 }, () => Array.from({ length: 3 }, () => r.below(4)));
    const t = withTotals(counts);
    const hidden = new Set<number>();
    for (let i = 0; i < t.values.length; i++) if (r.uniform() < 0.45) hidden.add(i);
    for (const cell of hidden) {
      const [low, high] = boundsOf(t, hidden, cell);
      const [least, greatest] = bruteBounds(counts, hidden, cell, 6);
      assert.equal(low, least, JSON.stringify({ counts, hidden: [...hidden], cell }));
      // The search is cut off at 6 a cell.
      assert.ok(high === greatest || high > 6, `${high} ${greatest}`);
    }
  }
});

test('one hidden cell in a row gets companions: a rectangle of four', () => {
  const s = suppressSmallCells(
    [
      [20, 3, 40],
      [30, 50, 60],
      [12, 80, 90],
    ],
    { threshold: 5 },
  );
  assert.deepEqual([s.primary, s.complementary], [1, 3]);
  assert.equal(s.cells[0][1], null);
  assert.equal(s.cells[3][3], 385, 'the grand total stays');
  assert.ok(s.bounds[0][3] - s.bounds[0][2] >= 5);
});

test('every small cell keeps a wide enough range, in any table', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 2, max: 11 }),
      fc.integer(),
      (rows, columns, threshold, seed) => {
        const r = random(seed);
        const counts = Array.from({ length: rows }, () =>
          Array.from({ length: columns }, () => (r.uniform() < 0.5 ? r.below(6) : r.below(200))),
        );
        const s = suppressSmallCells(counts, { threshold });
        const t = withTotals(counts);
        const hidden = new Set(s.cells.flat().flatMap((v, i) => (v === null ? [i] : [])));
        for (const [i, v] of t.values.entries()) {
          if (v > 0 && v < threshold) {
            assert.ok(hidden.has(i));
            const [low, high] = boundsOf(t, hidden, i);
            assert.ok(high - low >= threshold && low <= v && v <= high, `cell ${i}: ${low} to ${high}`);
          }
          if (!hidden.has(i)) assert.equal(s.cells.flat()[i], v);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('a table in which cheap cycles are used up is not hidden whole', () => {
  const s = suppressSmallCells(
    [
      [1, 4, 8, 278, 1],
      [60, 9, 254, 2, 198],
      [236, 67, 77, 6, 5],
      [91, 204, 5, 67, 233],
    ],
    { threshold: 10, width: 15 },
  );
  assert.ok(s.cells.flat().filter(v => v !== null).length >= 10);
  assert.equal(s.bounds.length, 9);
  for (const [, , low, high] of s.bounds) assert.ok(high - low >= 15);
});

test('a small total is hidden too; a table without small cells is left whole', () => {
  const s = suppressSmallCells(
    [
      [1, 2],
      [50, 60],
    ],
    { threshold: 5 },
  );
  assert.equal(s.cells[0][2], null);
  const whole = suppressSmallCells(
    [
      [0, 12],
      [50, 60],
    ],
    { threshold: 5 },
  );
  assert.deepEqual([whole.primary, whole.complementary], [0, 0]);
  assert.ok(
    suppressSmallCells(
      [
        [0, 12],
        [50, 60],
      ],
      { threshold: 5, zeros: true },
    ).primary > 0,
  );
  assert.throws(() => suppressSmallCells([[1, 2], [3]], { threshold: 5 }), /row 1 has 1 cells/);
  assert.throws(() => suppressSmallCells([[1.5]], { threshold: 5 }), /not a count/);
});

const release = (id: string, contributors: string): Release => ({ id, family: 'f', contributors: [...contributors] });

test('minimum, differencing by one or two, and sets that isolate only together', () => {
  const rule = { minimum: 3, differencing: 'withhold' } as const;
  const code = (next: Release, earlier: Release[], more = {}) => {
    const v = checkContributors(next, earlier, { ...rule, ...more });
    return v.ok ? 'ok' : v.refusal.code;
  };
  assert.equal(code(release('1', 'ab'), []), 'too-few-contributors');
  assert.equal(code(release('1', 'abcd'), [], { aggregators: ['c', 'd'] }), 'too-few-contributors');
  assert.equal(code(release('2', 'abcd'), [release('1', 'abc')]), 'differencing');
  assert.equal(code(release('2', 'abcx'), [release('1', 'abcy')]), 'differencing');
  assert.equal(code(release('2', 'abcd'), [release('1', 'abc')], { differencing: 'accept' }), 'ok');
  assert.equal(code(release('2', 'abcdef'), [release('1', 'abc')]), 'ok');
  assert.equal(
    code(release('2', 'abc'), [release('1', 'abc')]),
    'ok',
    'the same set again shows nothing new about a partner',
  );
  // abc + def + … : no two differ by less than three, yet abcdefg - abc - def = g.
  assert.equal(code(release('3', 'abcdefg'), [release('1', 'abc'), release('2', 'def')]), 'isolates');
  assert.equal(code({ ...release('2', 'abcd'), family: 'g' }, [release('1', 'abc')]), 'ok');
});

test('isolated finds exactly the unit vectors in the span', () => {
  assert.deepEqual(isolated([release('1', 'abc'), release('2', 'bcd'), release('3', 'ad')]), ['a', 'd']);
  assert.deepEqual(isolated([release('1', 'abc'), release('2', 'def')]), []);
  assert.deepEqual(isolated([release('1', 'ab'), release('2', 'bc'), release('3', 'ac')]), ['a', 'b', 'c']);
});

test('rounding is stated; random rounding is right on average', () => {
  assert.deepEqual(roundToBase([0, 2, 3, 7, 12], 5).values, [0, 0, 5, 5, 10]);
  assert.match(roundToBase([1], 5).statement, /nearest 5.*off by 2/);
  const r = random('round');
  const { values } = roundAtRandom(new Float64Array(30_000).fill(7), 5, n =>
    Uint8Array.from({ length: n }, () => r.below(256)),
  );
  assert.ok(values.every(v => v === 5 || v === 10));
  assert.ok(Math.abs(values.reduce((a, b) => a + b, 0) / values.length - 7) < 0.06);
  assert.throws(() => roundToBase([1], 0), /base 0/);
});
