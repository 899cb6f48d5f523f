import assert from 'node:assert/strict';
import test from 'node:test';
import { random } from '@madang/numerics';
import { strangeness } from './strangeness.ts';

const TRAIN = 1100;
const days = TRAIN + 365;

function weather(name: string): Float64Array {
  const rng = random(name);
  const out = new Float64Array(days);
  for (let d = 1; d < days; d++) out[d] = 0.8 * out[d - 1] + 0.6 * rng.normal();
  return out;
}

const expected = weather('here');
const rng = random('own');
const honest = expected.map(v => v + 0.5 * rng.normal());
const elsewhere = weather('there').map((v, d) => 0.3 * expected[d] + 0.95 * v);

test('values of another place, of days long gone and with noise are strange within weeks, and believed again when they mend', () => {
  const kinds = {
    place: elsewhere,
    'five days late': honest.map((_, d) => honest[Math.max(0, d - 5)]),
    noise: honest.map(v => v + rng.normal()),
  };
  for (const [name, values] of Object.entries(kinds)) {
    const own = honest.map((v, d) => (d >= TRAIN && d < TRAIN + 150 ? values[d] : v));
    const strange = strangeness(own, expected, TRAIN);
    assert.ok(
      strange.subarray(0, TRAIN + 1).every(x => x < 1),
      name,
    );
    const found = strange.subarray(TRAIN + 20, TRAIN + 150).filter(x => x > 1).length;
    assert.ok(found > 80, `${name}: ${found} days of 130`);
    assert.ok(
      strange.subarray(TRAIN + 250).every(x => x < 1),
      name,
    );
  }
});

test('who is honest is not strange, nor who has always had the weather of another place', () => {
  assert.ok(strangeness(honest, expected, TRAIN).every(x => x < 1));
  assert.ok(strangeness(elsewhere, expected, TRAIN).every(x => x < 1));
});

test('a place of which neighbours say little is not suspected for the weather it happens to have', () => {
  for (let k = 0; k < 12; k++) {
    const local = weather(`local ${k}`);
    const own = expected.map((v, d) => 0.35 * v + 0.94 * local[d]);
    const said = expected.map(v => 0.35 * v);
    assert.ok(
      strangeness(own, said, TRAIN).every(x => x < 1),
      `local ${k}`,
    );
  }
});
