import assert from 'node:assert/strict';
import test from 'node:test';
import { random } from '@madang/numerics';
import { bridged, standIn } from './stand-in.ts';

const days = 4000;
const train = 3500;

/** Weather that is worth 0.8 of itself a day later. */
function weather(name: string): Float64Array {
  const rng = random(name);
  const out = new Float64Array(days);
  for (let d = 1; d < days; d++) out[d] = 0.8 * out[d - 1] + 0.6 * rng.normal();
  return out;
}

const without = (v: Float64Array, gone: (d: number) => boolean) => v.map((x, d) => (gone(d) ? Number.NaN : x));
const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 0.08, `${a}, ${b}`);

test('a gap is bridged by what the last known day is worth so much later, and not for ever', () => {
  const v = weather('gap');
  const found = bridged(
    without(v, d => d > 3800),
    train,
  );
  assert.deepEqual(found.subarray(0, 3801), v.subarray(0, 3801));
  for (const ago of [1, 2, 5]) near(found[3800 + ago] / v[3800], 0.8 ** ago);
  assert.ok(found.subarray(3811).every(x => x === 0));
  // Days before the first known one, and what lies after the training days, decide nothing.
  assert.ok(
    bridged(
      without(v, d => d < 10),
      train,
    )
      .subarray(0, 10)
      .every(x => x === 0),
  );
  const later = v.map((x, d) => (d >= train && d <= 3800 ? -x : x));
  const other = bridged(
    without(later, d => d > 3800),
    train,
  );
  assert.equal(other[3801], -found[3801]);
});

test('what is missing is what neighbours suggest and what the station last said beyond that; a value in doubt says nothing', () => {
  const [shared, own] = [weather('shared'), weather('own')];
  const values = without(
    shared.map((x, d) => x + own[d]),
    d => d > 3800,
  );
  const doubted = new Uint8Array(days);
  const found = standIn(values, shared, doubted, train);
  near((found[3801] - shared[3801]) / own[3800], 0.8);
  assert.deepEqual(found.subarray(0, 3801), values.subarray(0, 3801));
  doubted[3800] = 1;
  const doubtful = standIn(values, shared, doubted, train);
  assert.deepEqual(doubtful.subarray(3800), shared.subarray(3800));
});

test('where nobody said anything, neighbours and station are remembered each as long as it lasts', () => {
  const shared = weather('shared');
  const rng = random('passing');
  const own = shared.map(() => 0.5 * rng.normal());
  const gone = (d: number) => d > 3800 || d % 7 === 3;
  const found = standIn(
    without(
      shared.map((x, d) => x + own[d]),
      gone,
    ),
    without(shared, gone),
    new Uint8Array(days),
    train,
  );
  near(found[3801], 0.8 * shared[3800]);
});
