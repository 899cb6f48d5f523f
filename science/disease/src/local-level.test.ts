import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { asItMayHaveBeen, withoutNoise } from './local-level.ts';
import { firstReleaseVariance } from './source-noise.ts';

const sigma = 5;
const noise = { target: 'hosp', sigma };
const r = random('local level');
const series = (mean: number) => {
  const truth = Float64Array.from({ length: 40 }, (_, i) =>
    Math.max(0, Math.round(mean * Math.exp(0.8 * Math.sin(i / 6)) + Math.sqrt(mean) * r.normal())),
  );
  // Two releases of each week but the newest.
  const values = truth.map((v, i) =>
    Math.round(v + (i === 39 ? Math.sqrt(firstReleaseVariance(sigma)) : sigma) * r.normal()),
  );
  return { truth, seen: { target: 'hosp', location: 'A', first: 100, values } };
};

test('the newest of small counts come nearer to the truth, large ones stay as they are', () => {
  let raw = 0;
  let smooth = 0;
  const places = Array.from({ length: 100 }, () => series(6));
  const table = withoutNoise(
    places.map(p => p.seen),
    noise,
  );
  for (const [k, { truth, seen }] of places.entries()) {
    const out = table[k].values;
    for (let i = 32; i < 40; i++) {
      raw += (seen.values[i] - truth[i]) ** 2;
      smooth += (out[i] - truth[i]) ** 2;
    }
    assert.deepEqual(out.subarray(0, 32), seen.values.subarray(0, 32));
  }
  assert.ok(smooth < 0.7 * raw, `${smooth / raw} of the squared error`);
  const { seen } = series(3000);
  const out = withoutNoise([seen], noise)[0].values;
  assert.ok(out.every((v, i) => Math.abs(v / seen.values[i] - 1) < 0.002));
});

test('gaps stay gaps, none of the newest and nothing drawn falls below 0, other signals are not touched', () => {
  const { seen } = series(4);
  const gaps = { ...seen, values: seen.values.map((v, i) => (i < 3 || i === 35 || i === 36 ? Number.NaN : v)) };
  const out = withoutNoise([gaps], noise)[0].values;
  assert.deepEqual(Array.from(out, Number.isNaN), Array.from(gaps.values, Number.isNaN));
  assert.ok(out.subarray(32).every(v => Number.isNaN(v) || v >= 0));
  const draw = asItMayHaveBeen([gaps], noise, 'one')[0].values;
  assert.deepEqual(Array.from(draw, Number.isNaN), Array.from(gaps.values, Number.isNaN));
  assert.ok(draw.every(v => Number.isNaN(v) || v >= 0));
  const other = { ...seen, target: 'ILI' };
  assert.equal(withoutNoise([other], noise)[0], other);
});

test('a draw varies as the truth does, best guesses less; the doubt of the last value is about its error', () => {
  const places = Array.from({ length: 200 }, () => series(8));
  const seen = places.map((p, k) => ({ ...p.seen, location: `${k}` }));
  const rough = (values: Float64Array) => {
    let sum = 0;
    for (let i = 33; i < 40; i++) sum += (values[i] - values[i - 1]) ** 2;
    return sum;
  };
  const total = (of: (k: number) => Float64Array) => places.reduce((t, _, k) => t + rough(of(k)), 0);
  const guesses = withoutNoise(seen, noise);
  const draws = asItMayHaveBeen(seen, noise, 'one');
  const truth = total(k => places[k].truth);
  const [drawn, guessed, noised] = [draws, guesses, seen].map(table => total(k => table[k].values) / truth);
  assert.ok(guessed < 0.7 && noised > 2, `${guessed} of the truth's variation, noised ${noised}`);
  assert.ok(drawn > 0.75 && drawn < 1.33, `${drawn} of the truth's variation`);
  const error = Math.sqrt(
    places.reduce((t, p, k) => t + (guesses[k].values[39] - p.truth[39]) ** 2, 0) / places.length,
  );
  const doubt = Math.sqrt(guesses.reduce((t, g) => t + (g.doubt ?? 0) ** 2, 0) / places.length);
  assert.ok(doubt / error > 0.75 && doubt / error < 1.33, `${doubt} for an error of ${error}`);
  assert.deepEqual(asItMayHaveBeen(seen, noise, 'one'), draws);
  assert.notDeepEqual(asItMayHaveBeen(seen, noise, 'two'), draws);
});
