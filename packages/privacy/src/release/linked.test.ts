// Tables that hang together, and attacks on what is published of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import fc from 'fast-check';
import { type CountArray, type LinkedCell, suppressLinkedTables } from './linked.ts';
import { suppressSmallCells } from './suppress.ts';

const key = (at: readonly (number | null)[]) => at.map(a => a ?? '+').join(',');

/** Which inner cells add up to a published one. */
function innerOf(shape: readonly number[], at: readonly (number | null)[]): number[] {
  let cells = [0];
  for (const [k, n] of shape.entries()) {
    const a = at[k];
    const choices = a === null ? Array.from({ length: n }, (_, i) => i) : [a];
    cells = cells.flatMap(c => choices.map(i => c * n + i));
  }
  return cells;
}

/**
 * The attack: every array of whole numbers that agrees with all that is shown, found by trying. Range of each cell asked for; cut off at `most` an inner
 * cell, so that a greatest value may lie higher still.
 */
function attack(
  shape: readonly number[],
  shown: readonly LinkedCell[],
  asked: readonly LinkedCell['at'][],
  most: number,
) {
  const size = shape.reduce((a, b) => a * b, 1);
  const sums = shown
    .filter(c => c.value !== null)
    .map(c => ({ cells: new Set(innerOf(shape, c.at)), total: c.value! }));
  const left = sums.map(s => s.total);
  const open = sums.map(s => s.cells.size);
  const of = Array.from({ length: size }, (_, i) => sums.flatMap((s, j) => (s.cells.has(i) ? [j] : [])));
  const targets = asked.map(at => innerOf(shape, at));
  const ranges = asked.map(() => [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  const trial = new Array<number>(size).fill(0);
  const search = (i: number): void => {
    if (i === size) {
      for (const [j, cells] of targets.entries()) {
        const v = cells.reduce((s, c) => s + trial[c], 0);
        ranges[j] = [Math.min(ranges[j][0], v), Math.max(ranges[j][1], v)];
      }
      return;
    }
    const top = Math.min(most, ...of[i].map(j => left[j]));
    for (let v = 0; v <= top; v++) {
      trial[i] = v;
      for (const j of of[i]) {
        left[j] -= v;
        open[j] -= 1;
      }
      if (of[i].every(j => open[j] > 0 || left[j] === 0)) search(i + 1);
      for (const j of of[i]) {
        left[j] += v;
        open[j] += 1;
      }
    }
  };
  search(0);
  return ranges;
}

const arrayOf = (shape: readonly number[], seed: string | number, most: number): CountArray => {
  const r = random(seed);
  return { shape, values: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => r.below(most)) };
};

const RELEASES: readonly (readonly (readonly number[])[])[] = [
  [[0, 1, 2]],
  [
    [0, 1],
    [0, 2],
  ],
  [
    [0, 1],
    [1, 2],
    [0, 2],
  ],
  [[0, 1], [2]],
];

test('whatever is published together, an attacker who tries every table is left with the width', () => {
  let small = 0;
  for (const [n, tables] of RELEASES.entries())
    for (let seed = 0; seed < 12; seed++) {
      const counts = arrayOf([2, 2, 2], `${n}/${seed}`, 5);
      const rule = { threshold: 3, width: 2 };
      const s = suppressLinkedTables(counts, tables, rule);
      const ranges = attack(
        counts.shape,
        s.tables.flat(),
        s.bounds.map(b => b.at),
        7,
      );
      for (const [j, { at, low, high }] of s.bounds.entries()) {
        const true_ = innerOf(counts.shape, at).reduce((sum, c) => sum + counts.values[c], 0);
        assert.ok(true_ > 0 && true_ < 3 && low <= true_ && high >= true_);
        assert.ok(ranges[j][0] <= low && (ranges[j][1] >= high || high > 7), `${key(at)}: ${ranges[j]} ${low} ${high}`);
        assert.ok(ranges[j][1] - ranges[j][0] >= 2, `${key(at)} of ${tables.join(' ')}: ${ranges[j]}`);
        small += 1;
      }
    }
  assert.ok(small > 40, String(small));
});

test('tables protected one by one give each other away; together they do not', () => {
  // Region x age and region x sex of the same rows: 2 x 2 x 2.
  const counts: CountArray = { shape: [2, 2, 2], values: [1, 9, 2, 8, 9, 9, 9, 9] };
  const rule = { threshold: 4, width: 3 };
  const tables = [
    [0, 1, 2],
    [0, 1],
    [0, 2],
    [1, 2],
  ];
  // One by one: the two-way slices of the three-way table by sex, each with its own totals.
  const sliced: LinkedCell[] = [0, 1].flatMap(sex => {
    const slice = [0, 1].map(r => [0, 1].map(a => counts.values[4 * r + 2 * a + sex]));
    const { cells } = suppressSmallCells(slice, rule);
    return cells.flatMap((row, r) =>
      row.map((value, a) => ({ at: [r === 2 ? null : r, a === 2 ? null : a, sex], value })),
    );
  });
  const margins = [
    [0, 1],
    [0, 2],
    [1, 2],
  ].flatMap(axes => suppressLinkedTables(counts, [axes], rule).tables.flat());
  const [naive] = attack(counts.shape, [...sliced, ...margins], [[0, 0, 0]], 20);
  assert.ok(naive[1] - naive[0] < 3, `found to within ${naive}`);
  const together = suppressLinkedTables(counts, tables, rule);
  for (const [j, range] of attack(
    counts.shape,
    together.tables.flat(),
    together.bounds.map(b => b.at),
    20,
  ).entries())
    assert.ok(range[1] - range[0] >= 3, `${key(together.bounds[j].at)}: ${range}`);
});

test('a cell that two tables share is hidden in both or in none; what is shown is true; totals stand where they can', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
      fc.integer(),
      fc.integer({ min: 2, max: 8 }),
      fc.boolean(),
      (shape, seed, threshold, zeros) => {
        const counts = arrayOf(shape, seed, 60);
        const axes = shape.map((_, k) => k);
        const tables = shape.length > 1 ? [axes.slice(1), axes.slice(0, -1)] : [axes];
        const s = suppressLinkedTables(counts, tables, { threshold, zeros });
        const seen = new Map<string, number | null>();
        let hidden = 0;
        for (const { at, value } of s.tables.flat()) {
          const truth = innerOf(shape, at).reduce((sum, c) => sum + counts.values[c], 0);
          assert.ok(value === null || value === truth);
          if (truth < threshold && (truth > 0 || zeros)) assert.equal(value, null);
          const name = key(at);
          if (seen.has(name)) assert.equal(seen.get(name), value);
          else hidden += value === null ? 1 : 0;
          seen.set(name, value);
        }
        assert.equal(s.primary + s.complementary, hidden);
        for (const { low, high } of s.bounds) assert.ok(low >= 0 && high - low >= threshold);
      },
    ),
    { numRuns: 60 },
  );
});

test('a table of two axes comes out protected as the two-way method has it, within a few cells', () => {
  const counts = arrayOf([6, 7], 'two', 90);
  const rows = Array.from({ length: 6 }, (_, r) => Array.from(counts.values).slice(7 * r, 7 * r + 7));
  const rule = { threshold: 10 };
  const [linked, flow] = [suppressLinkedTables(counts, [[0, 1]], rule), suppressSmallCells(rows, rule)];
  assert.equal(linked.primary, flow.primary);
  assert.ok(linked.complementary <= flow.complementary + 4, `${linked.complementary} against ${flow.complementary}`);
  assert.match(linked.statement, /two numbers at least 10 apart agree with everything that is shown/);
});

test('an axis that no table has is no burden; what cannot be is refused', () => {
  const counts = arrayOf([3, 4, 5], 'axes', 40);
  const one = suppressLinkedTables(counts, [[0, 1]], { threshold: 5 });
  const flat = Array.from({ length: 12 }, (_, i) =>
    Array.from({ length: 5 }, (_v, k) => counts.values[5 * i + k]).reduce((a, b) => a + b, 0),
  );
  const two = suppressLinkedTables({ shape: [3, 4], values: flat }, [[0, 1]], { threshold: 5 });
  assert.deepEqual(
    one.tables[0].map(c => c.value),
    two.tables[0].map(c => c.value),
  );
  assert.deepEqual(one.tables[0][0].at.length, 3);
  for (const [bad, tables, message] of [
    [counts, [[3]], /there is no axis 3; there are 3/],
    [counts, [], /none is asked for/],
    [{ shape: [2], values: [1] }, [[0]], /1 where 2 need 2/],
    [{ shape: [2], values: [1, -1] }, [[0]], /number 1, -1, is not a count/],
    [{ shape: [0], values: [] }, [[0]], /is no table/],
  ] as const)
    assert.throws(() => suppressLinkedTables(bad as CountArray, tables, { threshold: 5 }), message);
  assert.throws(() => suppressLinkedTables(counts, [[0]], { threshold: 1 }), /threshold/);
});
