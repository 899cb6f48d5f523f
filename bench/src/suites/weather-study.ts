// Weather as a live study, a station a member, over the last year of the reference data: the kind's own rounds, a plain sum in the place of the
// aggregators, held against the model of pooled rows. And what two members that send wrong values cost the others. Takes some minutes.
import { random } from '@madang/numerics';
import {
  forecastStations,
  playStudy,
  type StationWeatherQuery,
  type StationWeatherState,
  stationWeather,
} from '@madang/study';
import { dateOf, forecast, type Network, prepare, type ScoreRow, scoreAll } from '@madang/weather';
import { dailyCsv } from '@madang/weather/study';
import type { BenchSuite } from '../figure.ts';
import { rmse, sharedNetwork, spoil, type Wrong } from '../weather-network.ts';

const LEADS = [1, 2, 3, 5];
/** Stations in the middle of the network, whose neighbours lean on them. */
const LIARS = ['BASEL', 'DUSSELDORF'];

export const weatherStudy: BenchSuite = async function* () {
  const shared = sharedNetwork();
  if (!shared) return;
  const { network, year } = shared;
  const p = prepare(network, year);
  const pooled = scoreAll(p, forecast(p, 'pooled'));
  const study = await playWeather(network, p.trainEnd);
  for (const lead of LEADS)
    yield {
      name: `${year}, day ${lead}, ${network.stations.length} stations: RMSE of mean temperature in the live study`,
      unit: 'C',
      ours: rmse(study, lead),
      against: { name: 'pooled rows', value: rmse(pooled, lead) },
      smallerIsBetter: true,
      runs: 1,
    };

  const federated = (n: Network) => {
    const q = prepare(n, year);
    return rmse(scoreAll(q, forecast(q, 'federated')), 1, LIARS);
  };
  const all = federated(network);
  // Those who fall silent in the test year cost more than those whom nobody ever trained on.
  const silent = new Map([p.trainEnd, 0].map(from => [from, federated(spoil(network, LIARS, from, () => Number.NaN))]));
  for (const [name, from, wrong] of wrongs(p.trainEnd)) {
    const ours = federated(spoil(network, LIARS, from, wrong));
    const against = (other: string, value: number) => ({
      name: `${LIARS.join(' and ')} send ${name}: day 1 RMSE of the others`,
      unit: 'C',
      ours,
      against: { name: other, value },
      smallerIsBetter: true,
      runs: 1,
    });
    yield against('all send what they measured', all);
    yield against('those two send nothing in its place', silent.get(from)!);
  }
};

/** Plays the study with every station a member of its own and scores what each forecasts of itself. */
async function playWeather(network: Network, trainDays: number): Promise<ScoreRow[]> {
  const query: StationWeatherQuery = stationWeather.parse(
    JSON.stringify({
      kind: 'station-weather',
      version: 1,
      design: {
        stations: network.stations,
        first: dateOf(network.first),
        days: network.days,
        trainDays,
        stationsAMember: 1,
      },
      numbersARound: 2_000_000,
    }),
  );
  const sources = network.stations.map((s, station) => {
    const text = dailyCsv(network, [station]);
    return { owner: s.name, files: ['daily'], file: async () => text, query: async () => [] };
  });
  const rounds = await playStudy(stationWeather, query, sources);
  const state = stationWeather.modelAfter(query, rounds) as StationWeatherState;
  const scores: ScoreRow[] = [];
  for (const source of sources) {
    const { prepared, forecasts } = await forecastStations(query, source, state);
    scores.push(...scoreAll(prepared, forecasts));
  }
  return scores;
}

/** Ways of being wrong, the day from which, and what becomes of a value. From the start means that the training years are spoilt as well. */
function wrongs(testFrom: number): [string, number, Wrong][] {
  const rng = random('wrong values');
  const each: [string, Wrong][] = [
    ['one constant', () => 10],
    ['values times 1,000', v => v * 1000],
    ['values with their sign changed', v => -v],
    ['values of 2 days before', (_, i, values) => values[Math.max(0, i - 2)]],
    ['values of 5 days before', (_, i, values) => values[Math.max(0, i - 5)]],
    ['values 8 too high', v => v + 8],
    ['numbers drawn at random', () => 10 + 10 * rng.normal()],
  ];
  return each.flatMap(([name, wrong]): [string, number, Wrong][] => [
    [`${name} in the test year`, testFrom, wrong],
    [`${name} from the start`, 0, wrong],
  ]);
}
