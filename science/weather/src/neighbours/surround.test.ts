// How many sums a member sees, that only days that changed are summed again, and what stands in for who is absent.
import assert from 'node:assert/strict';
import test from 'node:test';
import { random } from '@madang/numerics';
import { gate } from '../gate.ts';
import { maskedSum, plainSum } from '../secure-sum.ts';
import { madeUpNetwork } from '../simulate.ts';
import { type Check, fitExpected, renewExpected } from './examine.ts';
import { surroundings } from './surround.ts';

const days = 400;
const networkOf = (stations: number) => {
  const network = madeUpNetwork(stations, days);
  const series = network.series.flatMap((s, k) => (s.variable.name === 'pressure' ? [k] : []));
  const z = gate(network, 380).z;
  return { network, series, values: series.map(k => z[k]) };
};

test('a member sees fewer sums than a third of the others whose values are in them', () => {
  for (const [stations, sums] of [
    [4, 1],
    [9, 1],
    [10, 3],
    [14, 3],
    [18, 5],
  ]) {
    const { network, series } = networkOf(stations);
    assert.ok(surroundings(network, series, plainSum).about.every(a => a.length === sums));
    assert.ok(stations < 9 || sums <= (stations - 1) / 3);
  }
});

test('only days on which somebody sends something else are summed again, to the same sums; masks change nothing', () => {
  const { network, series, values } = networkOf(10);
  const lengths: number[] = [];
  const counting = surroundings(network, series, parts => {
    lengths.push(parts[0].length);
    return plainSum(parts);
  });
  counting.update(values);
  const other = values.map((v, j) => (j === 3 ? v.map((x, d) => (d === 7 ? Number.NaN : x)) : v));
  counting.update(other);
  counting.update(other);
  // Three means for each of ten members, and where somebody sends none the weights below each.
  assert.deepEqual(lengths, [...new Array(10).fill(3 * days), ...new Array(10).fill(6)]);
  const fresh = surroundings(
    network,
    series,
    maskedSum((a, b) => random(`${a}/${b}`)),
  );
  fresh.update(other);
  assert.deepEqual(counting.about, fresh.about);
});

test('where nobody else sends anything, the sums say so', () => {
  const { network, series, values } = networkOf(10);
  const s = surroundings(network, series, plainSum);
  s.update(values.map((v, j) => v.map((x, d) => (d === 7 || (d === 8 && j !== 2) ? Number.NaN : x))));
  assert.ok(s.about.every(a => a.every(v => Number.isNaN(v[7]) && !Number.isNaN(v[9]))));
  assert.ok(s.about.every((a, m) => a.every(v => Number.isNaN(v[8]) === (m === 2))));
});

test('who misses values makes its neighbours look no worse than need be: what was expected of it stands in', () => {
  const { network: made, series } = networkOf(18);
  // Two places close to each other, with weather of their own.
  const network = {
    ...made,
    stations: made.stations.map((s, i) => (i === 5 ? { ...s, longitude: made.stations[4].longitude + 0.1 } : s)),
  };
  const r = random('close');
  const [all, here] = [0, 1].map(() => Float64Array.from({ length: days }, () => r.normal()));
  const values = series.map((_, m) => all.map((v, d) => v + (m === 4 || m === 5 ? here[d] : 0) + 0.3 * r.normal()));
  const gone = (d: number) => d >= 300 && d < 380;
  const z = network.series.map((_, k) => {
    const j = series.indexOf(k);
    return j < 0 ? new Float64Array(days) : values[j].map((v, d) => (j === 5 && gone(d) ? Number.NaN : v));
  });
  const check: Check = {
    series,
    flagged: series.map(() => new Uint8Array(days)),
    suspended: series.map(() => false),
    expected: [],
    learnt: [],
    sent: [],
  };
  const surround = surroundings(network, series, plainSum);
  const errors = () =>
    [4, 6].reduce(
      (s, m) => s + values[m].reduce((e, v, d) => (gone(d) ? e + (v - check.expected[m][d]) ** 2 : e), 0),
      0,
    );
  fitExpected(check, surround, z, 380);
  const without = errors();
  renewExpected(check, surround, z, new Uint8Array(days).fill(1));
  assert.ok(errors() < 0.9 * without, `${errors()}, ${without}`);
});
