// Weather of many met services' stations, forecast together (science/weather/study): rounds of moments, by which each member checks its values against
// its neighbours', then blocks of distances between days. Each member forecasts its own stations from the totals, at its own node.
// The sums bear no noise: weather is no person's. What a steward must know is what can be told from a sum; the design keeps fewer sums a day than stations.
import { parseCsv } from '@madang/numerics';
import {
  CHECKS,
  checkDesign,
  checkLength,
  checkNumbers,
  distanceBlock,
  forecastOwn,
  landmarksOf,
  type Member,
  makeMember,
  mostCheckNumber,
  mostDistanceNumber,
  ownNetwork,
  releaseOwn,
  type WeatherDesign,
} from '@madang/weather/study';
import { type IteratedStudyKind, iteratedSums } from './iterated-sums.ts';
import { type DataSource, parseObject } from './kind.ts';
import { type Ask, type Learner, mostOf } from './learner.ts';

export interface StationWeatherQuery {
  readonly kind: 'station-weather';
  readonly version: 1;
  readonly design: WeatherDesign;
  /** Numbers that a distance round carries at most. */
  readonly numbersARound: number;
}

export interface StationWeatherState {
  /** Totals of the rounds so far, in order. */
  readonly totals: readonly Float64Array[];
}

type Learned = Learner<Member, StationWeatherState>;

export const stationWeather: IteratedStudyKind<StationWeatherQuery> = iteratedSums<
  StationWeatherQuery,
  Member,
  StationWeatherState
>({
  kind: 'station-weather',
  parse: parseStationWeather,
  learner: learnerOf,
  data: memberOf,
  // There is no unit that noise would protect, so no charge can be declared.
  unit: () => ({ name: '', rows: 1 }),
  withoutNoise:
    'weather is measured in public view and says nothing of a person; only totals over members are released',
  sharing: () => 'ring-32',
  describe: q => [
    `Compares the days from ${q.design.first} on, ${q.design.days} of them, at ${q.design.stations.length} stations, by today's and yesterday's standardised, clipped weather.`,
    `${CHECKS} rounds: moments of each day's values over the stations' coordinates, for checks against neighbours. Then distances between days.`,
    'Forecasts of the own stations are made at this node and published.',
  ],
  publish: () => undefined,
});

function blocksOf(q: StationWeatherQuery): { readonly days: number; readonly count: number } {
  const days = Math.max(1, Math.floor(q.numbersARound / landmarksOf(q.design).length));
  return { days, count: Math.ceil(q.design.days / days) };
}

function learnerOf(q: StationWeatherQuery): Learned {
  const { design: d } = q;
  checkDesign(d);
  const blocks = blocksOf(q);
  const landmarks = landmarksOf(d).length;
  const check: Ask = {
    label: "moments of the day's weather over the stations",
    length: checkLength(d),
    limit: BigInt(mostCheckNumber(d)),
    rowDiameterSquared: 0n,
  };
  const range = (block: number) => [block * blocks.days, Math.min(d.days, (block + 1) * blocks.days)] as const;
  const distance = (block: number): Ask => {
    const [from, to] = range(block);
    return {
      label: `distances of days ${from + 1} to ${to}`,
      length: (to - from) * landmarks,
      limit: BigInt(mostDistanceNumber(d)),
      rowDiameterSquared: 0n,
    };
  };
  return {
    kind: 'station-weather',
    most: mostOf(CHECKS + blocks.count, [check, distance(0)]),
    start: () => ({ totals: [] }),
    ask({ totals }) {
      if (totals.length < CHECKS) return check;
      return totals.length < CHECKS + blocks.count ? distance(totals.length - CHECKS) : undefined;
    },
    node: member => ({
      encode({ totals }) {
        if (totals.length < CHECKS) return checkNumbers(d, member, totals);
        const [from, to] = range(totals.length - CHECKS);
        return distanceBlock(d, member, releaseOwn(d, member, totals.slice(0, CHECKS)), from, to);
      },
    }),
    absorb: ({ totals }, sum) => ({ totals: [...totals, Float64Array.from(sum as Float64Array, Number)] }),
  };
}

async function memberOf(q: StationWeatherQuery, source: DataSource): Promise<Member> {
  return makeMember(q.design, ownNetwork(q.design, parseCsv(await source.file('daily'), 'daily.csv'), 'daily.csv'));
}

/** Forecasts of a member's own stations from the totals of all rounds. */
export async function forecastStations(q: StationWeatherQuery, source: DataSource, { totals }: StationWeatherState) {
  const member = await memberOf(q, source);
  const checks = totals.slice(0, CHECKS);
  const distances = new Float64Array(q.design.days * landmarksOf(q.design).length);
  let at = 0;
  for (const b of totals.slice(CHECKS)) {
    distances.set(b, at);
    at += b.length;
  }
  if (at !== distances.length) throw new RangeError('station-weather: the totals are not of all rounds');
  return forecastOwn(q.design, member, releaseOwn(q.design, member, checks), checks, distances);
}

function parseStationWeather(text: string): StationWeatherQuery {
  const q = parseObject(text, 'the query') as unknown as StationWeatherQuery;
  if (q.kind !== 'station-weather' || q.version !== 1)
    throw new Error('station-weather: kind and version must be "station-weather" and 1');
  if (!Number.isSafeInteger(q.numbersARound) || q.numbersARound < 1000 || q.numbersARound > 2_000_000)
    throw new Error('station-weather: numbersARound must be 1,000 to 2,000,000');
  checkDesign(q.design);
  return q;
}
