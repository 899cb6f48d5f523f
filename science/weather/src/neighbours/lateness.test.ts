import assert from 'node:assert/strict';
import test from 'node:test';
import { random } from '@madang/numerics';
import { lateness } from './lateness.ts';

const TRAIN = 700;
const days = TRAIN + 365;

/** Weather that passes slowly, and a member that follows `lag` days later, with an error of its own. */
function made(lag: number, from = 0): { own: Float64Array; expected: Float64Array } {
  const rng = random('late');
  const expected = new Float64Array(days);
  for (let d = 1; d < days; d++) expected[d] = 0.8 * expected[d - 1] + 0.6 * rng.normal();
  const own = expected.map((_, d) => expected[Math.max(0, d < from ? d : d - lag)] + 0.3 * rng.normal());
  return { own, expected };
}

test('values of the day before are seen within weeks, and believed again when they mend', () => {
  const { own, expected } = made(1, TRAIN);
  const { own: honest } = made(0);
  own.set(honest.subarray(TRAIN + 100), TRAIN + 100);
  const late = lateness(own, expected, TRAIN);
  assert.ok(late.subarray(0, TRAIN).every(x => x < 1));
  assert.ok(late.subarray(TRAIN + 21, TRAIN + 100).every(x => x > 1));
  assert.ok(late.subarray(TRAIN + 150).every(x => x < 1));
});

test('who is honest is not suspected, nor who follows its neighbours a day later by nature; days without a value change nothing', () => {
  for (const lag of [0, 1]) {
    const { own, expected } = made(lag);
    assert.ok(lateness(own, expected, TRAIN).every(x => x < 1));
  }
  const { own, expected } = made(1, TRAIN);
  own.fill(Number.NaN, TRAIN + 50, TRAIN + 80);
  const late = lateness(own, expected, TRAIN);
  assert.ok(late[TRAIN + 49] > 1);
  assert.ok(late.subarray(TRAIN + 50, TRAIN + 80).every(x => x === late[TRAIN + 49]));
});
