// A station's mean temperature must go with its least and its most; a new way to make the mean is no fault.
import assert from 'node:assert/strict';
import test from 'node:test';
import { random } from '@madang/numerics';
import { seasonAngle } from './calendar.ts';
import { gate } from './gate.ts';
import type { Network } from './network.ts';
import { variableNamed } from './variables.ts';

const TRAIN = 800;
const days = TRAIN + 200;

/** One station; `added(name, day)` is added to what it measured. */
function station(names: readonly string[], added: (name: string, day: number) => number): Network {
  const r = random('coherence');
  const weather = new Float64Array(days);
  for (let d = 1; d < days; d++) weather[d] = 0.8 * weather[d - 1] + 2 * r.normal();
  const range = Float64Array.from({ length: days }, () => 4 + r.uniform());
  const part: Readonly<Record<string, number>> = { temp_min: -1, temp_mean: 0, temp_max: 1 };
  return {
    stations: [{ name: 'S', latitude: 50, longitude: 5, elevationM: 10 }],
    series: names.map(name => ({
      station: 0,
      variable: variableNamed(name)!,
      column: `S_${name}`,
      values: weather.map(
        (v, d) => 10 - 9 * Math.cos(seasonAngle(d)) + v + part[name] * range[d] + 0.2 * r.normal() + added(name, d),
      ),
    })),
    first: 0,
    days,
    origins: Array.from({ length: days }, (_, i) => ({ file: 'made-up', row: i + 2 })),
    unused: [],
  };
}

const ALL = ['temp_mean', 'temp_min', 'temp_max'];
const incoherent = (n: Network) => gate(n, TRAIN).issues.filter(i => i.reason.includes('does not go with'));

test('noise in each variable fails within days, with all three temperatures or with two', () => {
  for (const names of [ALL, ['temp_mean', 'temp_max']]) {
    const r = random('noise');
    const found = incoherent(station(names, (_, d) => (d >= TRAIN ? 3.5 * r.normal() : 0)));
    // The other days are out of order, or too far from the season.
    assert.ok(found.length > 60, `${found.length}`);
    assert.ok(found.every(i => i.row! >= TRAIN + 2 && i.rule === 'order'));
    assert.ok(found[0].row! < TRAIN + 30, `row ${found[0].row}`);
  }
});

test('honest days, a mean made in a new way, and one temperature alone are no fault', () => {
  assert.deepEqual(incoherent(station(ALL, () => 0)), []);
  const r = random('window');
  assert.deepEqual(incoherent(station(ALL, (name, d) => (name === 'temp_mean' && d >= TRAIN ? r.normal() : 0))), []);
  assert.deepEqual(incoherent(station(['temp_mean'], (_, d) => (d >= TRAIN ? 8 * (d % 2) : 0))), []);
});
