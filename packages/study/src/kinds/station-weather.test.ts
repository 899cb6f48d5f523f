// Weather as a study: totals over members give every station the forecast that all rows in one place give; what a day's totals show is less than its
// stations; two members whose instruments fail cost the others no more than two that send nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dateOf, forecast, prepare, scoreAll } from '@madang/weather';
import { checkLength, dailyCsv, madeUpNetwork, type WeatherDesign } from '@madang/weather/study';
import type { PublishedRound } from './kind.ts';
import {
  forecastStations,
  type StationWeatherQuery,
  type StationWeatherState,
  stationWeather,
} from './station-weather.ts';

const STATIONS = 8;
const network = madeUpNetwork(STATIONS, 3 * 365);
const design: WeatherDesign = {
  stations: network.stations,
  first: dateOf(network.first),
  days: network.days,
  trainDays: 2 * 365,
  landmarks: 200,
  stationsAMember: 2,
};
const query: StationWeatherQuery = { kind: 'station-weather', version: 1, design, numbersARound: 100_000 };
const source = (text: string) => ({ file: async () => text, query: async () => [] });
type Made = typeof network;

/** Four members with two stations each; forecasts scored at each. */
async function studyOf(
  n: Made,
  landmarks = design.landmarks,
  members = [
    [0, 1],
    [2, 3],
    [4, 5],
    [6, 7],
  ],
) {
  const q = stationWeather.parse(JSON.stringify({ ...query, design: { ...design, landmarks } }));
  const { maximum, length } = stationWeather.shape(q);
  const tables = members.map(m => source(dailyCsv(n, m)));
  const rounds: PublishedRound[] = [];
  for (let round = 1; round <= stationWeather.rounds(q); round++) {
    const vectors = await Promise.all(tables.map(t => stationWeather.contribute(q, round, t, rounds)));
    for (const v of vectors)
      assert.ok(v.length === length && Array.prototype.every.call(v, x => x >= 0 && x <= maximum));
    const sums = Float64Array.from(vectors[0], (_, i) => vectors.reduce((s, v) => s + v[i], 0));
    rounds.push({ sums, contributors: vectors.length });
  }
  const state = stationWeather.modelAfter(q, rounds) as StationWeatherState;
  const found = await Promise.all(tables.map(t => forecastStations(q, t, state)));
  return { rounds: rounds.length, rows: found.flatMap(f => scoreAll(f.prepared, f.forecasts)), found };
}

const rmse = (rows: ReturnType<typeof scoreAll>, lead: number, without: readonly string[] = []) => {
  const mine = rows.filter(r => r.variable === 'temp_mean' && r.leadDays === lead && !without.includes(r.station));
  return mine.reduce((s, r) => s + r.rmse, 0) / mine.length;
};

test('four members, each with its own rows, forecast as all rows in one place would, and better than each alone', async () => {
  const { rounds, rows } = await studyOf(network);
  assert.equal(rounds, 3 + 3);
  const p = prepare(network, 2003);
  const pooled = scoreAll(p, forecast(p, 'pooled'));
  const own = scoreAll(p, forecast(p, 'own'));
  for (const lead of [1, 2, 3])
    assert.ok(rmse(rows, lead) < 1.005 * rmse(pooled, lead), `${lead}: ${rmse(rows, lead)}, ${rmse(pooled, lead)}`);
  assert.ok(rmse(rows, 1) < 0.93 * rmse(own, 1), `${rmse(rows, 1)} against ${rmse(own, 1)}`);
});

test('two members whose instruments fail in the test year cost the others less than 1 % of what two silent ones do', async () => {
  const bad = [2, 5];
  const spoilt = (to: (v: number) => number): Made => ({
    ...network,
    series: network.series.map(s =>
      bad.includes(s.station) ? { ...s, values: s.values.map((v, i) => (i >= design.trainDays ? to(v) : v)) } : s,
    ),
  });
  const each = Array.from({ length: STATIONS }, (_, s) => [s]);
  const without = bad.map(s => `S${s}`);
  const silent = rmse(
    (
      await studyOf(
        spoilt(() => Number.NaN),
        60,
        each,
      )
    ).rows,
    1,
    without,
  );
  for (const to of [(v: number) => v * 10 + 3, (v: number) => v + 15]) {
    const corrupt = rmse((await studyOf(spoilt(to), 60, each)).rows, 1, without);
    assert.ok(corrupt < 1.01 * silent, `${corrupt} against ${silent}`);
  }
});

test('a day shows fewer totals of values than it has stations; rows of other stations, gaps in the design and too many stations are refused', async () => {
  const q = stationWeather.parse(JSON.stringify(query));
  // Four checked variables, one of which no station has; six sums of who is present and three of values, for eight stations.
  assert.equal(checkLength(design), 4 * design.days * 9 + 1);
  await assert.rejects(stationWeather.contribute(q, 1, source(dailyCsv(network, [0, 1, 2]))), /allows 2 a member/);
  await assert.rejects(stationWeather.contribute(q, 1, source('DATE,NOWHERE_temp_mean\n2001-01-01,3\n')), /NOWHERE/);
  assert.throws(
    () => stationWeather.parse(JSON.stringify({ ...query, design: { ...design, days: 10 } })),
    /days must be/,
  );
  // As many landmark days as pooled rows have where the query names none; never more than the training days.
  const shapeWith = (landmarks?: number) =>
    stationWeather.shape(stationWeather.parse(JSON.stringify({ ...query, design: { ...design, landmarks } })));
  assert.deepEqual(shapeWith(), shapeWith(design.trainDays));
  assert.deepEqual(shapeWith(4000), shapeWith(design.trainDays));
  assert.equal(stationWeather.sensitivitySquared(q, 'person'), undefined);
  assert.match(stationWeather.describe(q).join(' '), /without noise/);
});
