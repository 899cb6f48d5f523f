// Slopes and curves of the pressure are those of the field; too few stations give none. And what becomes of stations that are lonely, new or gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { forecast, scoreAll } from './backtest.ts';
import { circulation } from './circulation.ts';
import { gate } from './gate.ts';
import { release } from './neighbours/release.ts';
import type { Network } from './network.ts';
import { prepare } from './prepare.ts';
import { maskedSum, plainSum } from './secure-sum.ts';
import { madeUpNetwork } from './simulate.ts';

const network = madeUpNetwork(8, 2 * 365);

/** The network with its stations laid out on a grid, and one value of `z` a series and day. */
function field(stations: number, of: (latitude: number, longitude: number) => number) {
  const made = madeUpNetwork(stations, 400);
  const list = made.stations.map((s, i) => ({ ...s, latitude: 45 + (i % 4), longitude: 5 + Math.floor(i / 4) }));
  const z = made.series.map(({ station }) =>
    new Float64Array(400).fill(of(list[station].latitude, list[station].longitude)),
  );
  return { network: { ...made, stations: list }, z };
}

test('a field that rises to the north has a slope and nothing else; one that rises both ways from the middle is curved', () => {
  const rising = field(16, latitude => latitude - 46.5);
  const [north, east, ...curves] = circulation(rising.network, rising.z, plainSum).map(c => c[0]);
  assert.ok(north > 1 && Math.abs(east) < 0.01 && curves.every(c => Math.abs(c) < 0.01), `${north} ${east} ${curves}`);
  const trough = field(16, latitude => (latitude - 46.5) ** 2);
  const [slope, , curve] = circulation(trough.network, trough.z, plainSum).map(c => c[0]);
  assert.ok(Math.abs(slope) < 0.01 && curve > 1, `${slope} ${curve}`);
});

test('sums of fewer than six stations would tell their values: there is no circulation; masks change nothing', () => {
  const few = field(5, latitude => latitude);
  assert.deepEqual(circulation(few.network, few.z, plainSum), []);
  const { network: n, z } = field(8, (latitude, longitude) => latitude - longitude / 9);
  const masked = maskedSum((a, b) => random(`${a}/${b}`));
  assert.deepEqual(circulation(n, z, masked), circulation(n, z, plainSum));
});

test('a station with weather of its own is suspended among neighbours, and not where it has none', () => {
  const r = random('alone');
  const odd = (away: boolean): Network => ({
    ...network,
    stations: network.stations.map((s, i) => (i === 3 && away ? { ...s, latitude: 70, longitude: 60 } : s)),
    series: network.series.map(s => (s.station === 3 ? { ...s, values: s.values.map(() => 8 + r.normal()) } : s)),
  });
  const suspended = (n: Network) => release(gate({ ...n, series: n.series.slice() }, 600), plainSum).suspended;
  assert.deepEqual(suspended(odd(false)), [3]);
  assert.deepEqual(suspended(odd(true)), []);
});

/** The network with one station measuring only from a day on. */
const from = (n: Network, day: number): Network => ({
  ...n,
  series: n.series.map(s =>
    s.station === 4 ? { ...s, values: s.values.map((v, i) => (i < day ? Number.NaN : v)) } : s,
  ),
});

test('a station that starts late is taught by what its neighbours suggest of the days before, not that all were usual', () => {
  const late = prepare(from(madeUpNetwork(8, 3 * 365), 340), 2003);
  const [shared, own] = (['pooled', 'own'] as const).map(
    m =>
      scoreAll(late, forecast(late, m)).find(x => x.station === 'S4' && x.variable === 'temp_mean' && x.leadDays === 1)!
        .rmse,
  );
  assert.ok(shared < own / 2, `${shared} against ${own} alone`);
});

test('a station that has not seen every season is not forecast', () => {
  const of = (day: number) => prepare(from(network, day), 2002).targets.filter(t => t.station === 4).length;
  assert.deepEqual([of(0), of(220), of(10)], [2, 0, 2]);
});
