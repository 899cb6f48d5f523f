// Tables of separate files: an array behind them that has them all as margins, or the reason why there is none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { joinTables, type NamedTable } from './join.ts';
import { sumOver } from './linked.ts';

const LEVELS: Record<string, readonly string[]> = {
  a: ['0', '1', '2'],
  b: ['0', '1'],
  c: ['0', '1', '2'],
  d: ['0', '1'],
};

/** Margins of random counts over a, b, c, d; each table's axes in the order written. */
function margins(seed: string, tables: readonly string[]): NamedTable[] {
  const names = Object.keys(LEVELS);
  const r = random(seed);
  const shape = names.map(n => LEVELS[n].length);
  const values = Array.from({ length: shape.reduce((x, y) => x * y, 1) }, () => (r.uniform() < 0.3 ? 0 : r.below(50)));
  return tables.map(t => {
    const axes = [...t];
    const kept = axes.map(a => names.indexOf(a)).sort((x, y) => x - y);
    const sum = sumOver({ shape, values }, kept);
    return {
      name: `${t}.csv`,
      axes: kept.map(k => names[k]),
      levels: kept.map(k => LEVELS[names[k]]),
      counts: sum.values,
    };
  });
}

test('tables without a circle are margins of the array, in any order, sharing much or nothing', () => {
  for (const tables of [
    ['ab', 'bc'],
    ['ab', 'cd', 'bc'],
    ['abc', 'bcd', 'ac'],
    ['a', 'bd'],
    ['ad', 'b', 'ac', 'ab'],
  ])
    for (let seed = 0; seed < 20; seed++) {
      const given = margins(`${seed}`, tables);
      const joined = joinTables(given);
      assert.ok(Array.from(joined.counts.values).every(v => Number.isSafeInteger(v) && v >= 0));
      for (const [i, t] of given.entries()) {
        const axes = [...joined.tables[i]];
        const ascending = [...axes].sort((x, y) => x - y);
        const sum = sumOver(joined.counts, ascending);
        // Both by name of the combination, since the axes may stand in another order.
        const named = (
          order: readonly number[],
          values: ArrayLike<number>,
          level: (k: number, i: number) => string,
        ) => {
          const sizes = order.map(k => joined.levels[k].length);
          const out = new Map<string, number>();
          for (let cell = 0; cell < values.length; cell++) {
            let rest = cell;
            const parts: string[] = [];
            for (let k = order.length - 1; k >= 0; k--) {
              parts.push(`${joined.axes[order[k]]}=${level(order[k], rest % sizes[k])}`);
              rest = Math.floor(rest / sizes[k]);
            }
            out.set(parts.sort().join(), values[cell]);
          }
          return out;
        };
        const mine = named(ascending, sum.values, (k, n) => joined.levels[k][n]);
        const theirs = named(axes, t.counts, (k, n) => t.levels[t.axes.indexOf(joined.axes[k])][n]);
        assert.deepEqual(new Map([...mine].sort()), new Map([...theirs].sort()), `${tables} ${t.name}`);
      }
    }
});

test('tables that disagree are named with the category; a circle is refused; so is what is too large', () => {
  const [ab, bc] = margins('x', ['ab', 'bc']);
  const counts = Array.from(bc.counts);
  counts[3] += 2; // b = 1, c = 0
  assert.throws(() => joinTables([ab, { ...bc, counts }]), /ab\.csv and bc\.csv disagree on b 1: \d+ and \d+/);
  const [a, cd] = margins('x', ['a', 'cd']);
  assert.throws(
    () => joinTables([a, { ...cd, counts: Array.from(cd.counts).map(v => v + 1) }]),
    /disagree on all rows/,
  );
  assert.throws(() => joinTables(margins('x', ['ab', 'bc', 'ac'])), /close a circle over a, c/);
  const wide = (axis: string): NamedTable => {
    const levels = [Array.from({ length: 2000 }, (_, i) => `${i}`)];
    return { name: axis, axes: [axis], levels, counts: new Float64Array(2000) };
  };
  assert.throws(() => joinTables([wide('p'), wide('q')]), /more than a million/);
  assert.throws(() => joinTables([]), /none is given/);
});
