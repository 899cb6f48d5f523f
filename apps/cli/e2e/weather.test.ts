// Four met services with two simulated stations each, in real processes: totals of checks and distances over the round protocol, every service's forecast made at
// its own node and signed; nothing of a station is in what became public but the totals.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '@madang/numerics';
import {
  forecastStations,
  publishedRound,
  type StationWeatherQuery,
  type StationWeatherState,
  stationWeather,
} from '@madang/study';
import { openStatement, splitBundle } from '@madang/trust';
import { dateOf, quantile } from '@madang/weather';
import { dailyCsv, madeUpNetwork } from '@madang/weather/study';
import { verifyFolder } from '../src/verify/folder.ts';
import { askTown, HOLDERS, publishedResults, sourceOf, studyNamed } from './ask.ts';

const TITLE = 'The weather of the next ten days, together';
const network = madeUpNetwork(8, 900);
const TRAIN = 890;
const query: StationWeatherQuery = {
  kind: 'station-weather',
  version: 1,
  design: {
    stations: network.stations,
    first: dateOf(network.first),
    days: TRAIN + 10,
    trainDays: TRAIN,
    landmarks: 80,
    stationsAMember: 2,
  },
  numbersARound: 40_000,
};
const textOf = (holder: (typeof HOLDERS)[number]) => {
  const at = HOLDERS.indexOf(holder);
  return dailyCsv(network, [2 * at, 2 * at + 1]);
};

test('weather of four services: exact totals in five rounds, forecasts made at each node and signed; an aggregator and a service die in between', async () => {
  const rounds = stationWeather.rounds(query);
  assert.equal(rounds, 3 + 2);
  const town = await askTown({ title: TITLE, kind: query.kind, query, rounds, filesOf: h => ({ daily: textOf(h) }) });
  try {
    await town.until(s => studyNamed(s, TITLE)?.opening?.rounds['1']?.result !== undefined);
    await Promise.all([town.kill('labour'), town.kill('bank-a')]);
    await Promise.all([town.startNode('labour'), town.startNode('bank-a')]);
    // One pilot forecast and three variables of each service.
    const state = await town.until(s => studyNamed(s, TITLE)?.opening?.returned === true && s.forecasts >= 4 + 8, 180);
    const study = studyNamed(state, TITLE)!;
    assert.equal(study.stage, 'finished', JSON.stringify(study.failure));
    assert.deepEqual([study.shape.encoding, study.shape.field, study.charges.length], ['masked-sum', 32, 0]);
    const results = await publishedResults(town, study);
    const published = results.map(r => publishedRound(r.sums, r.contributors));
    for (const [i, r] of results.entries()) {
      assert.deepEqual(r.contributors, [...HOLDERS].sort());
      const vectors = await Promise.all(
        HOLDERS.map(h => stationWeather.contribute(query, i + 1, sourceOf(textOf(h)), published.slice(0, i))),
      );
      assert.ok(
        r.sums.every((x, k) => x === vectors.reduce((s, v) => s + v[k], 0)),
        `round ${i + 1} is exactly the total`,
      );
    }

    const { size } = await town.hub.status();
    const signed = splitBundle(await town.hub.entries(0, size), 1024)
      .map(e => openStatement(e))
      .filter(s => s.kind === 'forecast.publish' && s.body['opening'] === study.opening!.id);
    assert.deepEqual(
      [...new Set(signed.map(s => `${s.org} ${s.body['target']}`))].sort(),
      HOLDERS.flatMap(h => [`${h} precipitation`, `${h} temp_mean`]).sort(),
    );
    // What labour signed is what its rows and the public totals give.
    const model = stationWeather.modelAfter(query, published) as StationWeatherState;
    const { prepared, forecasts } = await forecastStations(query, sourceOf(textOf('labour')), model);
    const t = prepared.targets.findIndex(x => x.variable === 'temp_mean');
    const station = network.stations[prepared.targets[t].station].name;
    const mine = signed.find(s => s.org === 'labour' && s.body['target'] === 'temp_mean')!;
    const table = parseCsv(new TextDecoder().decode(await town.hub.blob(String(mine.body['csv']))), 'signed');
    const at = table
      .text('location')
      .findIndex(
        (l, i) => l === station && table.text('horizon')[i] === '3' && table.text('output_type_id')[i] === '0.5',
      );
    assert.equal(table.numbers('value')[at], Number(quantile(forecasts[t][2][2], 0.5).toPrecision(6)));
    assert.equal(table.text('target_end_date')[at], dateOf(network.first + TRAIN - 1 + 3));
  } finally {
    await town.stop();
  }
  const report = await verifyFolder(town.home, {});
  assert.notEqual(report.exit, 1, report.reason);
  assert.equal(report.results, 1 + rounds);
});
