import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exampleClimate } from './example.ts';
import { climateQuery, differenceOf, planCommand, planFrom, planText } from './plan.ts';
import { climateRun } from './run.ts';
import { idleValues, leversOf, SLIDERS, valuesFrom } from './sliders.ts';

const plans = fc.record(Object.fromEntries(SLIDERS.map(s => [s.key, fc.integer({ min: s.low, max: s.high })])), {
  noNullPrototype: true,
});

test('a plan comes back from its text and from its address', () =>
  fc.assert(
    fc.property(plans, plans, (plan, kept) => {
      assert.deepEqual(planFrom(planText(plan)), plan);
      const address = new URLSearchParams(climateQuery(plan, kept));
      assert.deepEqual(
        valuesFrom(k => address.get(k)),
        plan,
      );
      assert.deepEqual(planFrom(address.get('with')!), kept);
    }),
  ));

test('texts that say no plan are plans at rest; a scenario’s name cannot leave its place in the command', () => {
  for (const text of ['', 'price', 'price:', 'price:-1', 'x:1,,:', 'coal:1e9', '__proto__:1'])
    assert.deepEqual(planFrom(text), idleValues, text);
  assert.match(
    planCommand({ ...idleValues, methane: 30 }, 'a "b" $(c)'),
    /--scenario "a b \(c\)" --methane 0\.3@2026-2040/,
  );
});

test('members are compared with themselves: the band of a difference is narrower than the difference of bands', () => {
  const run = climateRun(exampleClimate());
  const [plan, none] = [{ ...idleValues, price: 300 }, idleValues].map(v => run.answer(leversOf(v)));
  const [low, median, high] = differenceOf(plan, none);
  assert.ok(low < median && median < high && high < 0);
  const spread = (r: typeof plan) => r.rows[r.rows.length - 1] - r.rows[r.rows.length - 3];
  assert.ok(high - low < 0.5 * spread(none));
  assert.deepEqual(differenceOf(none, none), [0, 0, 0]);
});
