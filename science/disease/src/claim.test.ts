import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { claimOf, type Pair } from './claim.ts';
import { LEVELS } from './levels.ts';

/** Weekly pairs of one place; `global` and `local` are how far each forecast's median misses, in widths. */
function pairs(location: string, weeks: number, local: number, global: number, newcomer = false): Pair[] {
  const r = random(location);
  return Array.from({ length: weeks }, (_, k) => {
    const truth = 100 + 5 * r.normal();
    const quantiles = (miss: number) => LEVELS.map(t => truth + 20 * (miss + t - 0.5));
    const [a, b] = [local, global].map(m => quantiles(m * (1 + 0.2 * r.normal())));
    return { target: 'ILI', location, originDay: 20_000 + 7 * k, scale: 100, local: a, global: b, truth, newcomer };
  });
}

test('who wins is said place by place, losers are named, newcomers stand apart', () => {
  const c = claimOf([
    ...pairs('BETTER', 30, 1, 0.8),
    ...pairs('EVEN', 30, 1, 1),
    ...pairs('WORSE', 30, 1, 1.3),
    ...pairs('NEW', 30, 1, 0.4, true),
  ]);
  assert.deepEqual(
    c.places.map(p => [p.location, p.verdict]),
    [
      ['BETTER', 'together wins'],
      ['EVEN', 'no clear difference'],
      ['WORSE', 'alone wins'],
    ],
  );
  assert.deepEqual(
    c.newcomers.map(p => [p.location, p.n, p.verdict]),
    [['NEW', 30, 'together wins']],
  );
  const product = c.places.reduce((a, p) => a * p.ratio, 1);
  assert.ok(Math.abs(c.ratio - product ** (1 / 3)) < 1e-12, 'the geometric mean over places');
  assert.match(c.statement, /over 3 places .*; alone wins at ILI WORSE\.$/);
});

test('two months or less decide nothing, however far apart the two are', () => {
  for (const weeks of [1, 4]) {
    const c = claimOf(pairs('SHORT', weeks, 1, 0.3));
    assert.equal(c.places[0].verdict, 'no clear difference');
    assert.match(c.statement, /^No clear difference over 1 place /);
  }
  assert.equal(claimOf(pairs('SHORT', 12, 1, 0.3)).places[0].verdict, 'together wins');
});

test('with nothing to compare there is no claim', () => {
  assert.throws(() => claimOf([]), /no target was forecast both ways and came true/);
});
