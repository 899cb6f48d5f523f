// The kinds of study from which a member forecasts what is its own: after which rounds, and what files of hubverse rows it then signs.
import type { Study } from '@madang/charter';
import {
  dateOf,
  dayOf,
  fitIncrements,
  hubOfTargets,
  LEVELS,
  pilotQuantiles,
  SUMS,
  sharedRidgeForecasts,
  snapshot,
  targetWeek,
  weekEnd,
} from '@madang/disease';
import {
  type DataSource,
  forecastSeries,
  forecastStations,
  type PooledIncrementsQuery,
  pooledIncrements,
  type ResultDocument,
  readVintages,
  type SharedRidgeQuery,
  type SharedRidgeState,
  type StationWeatherQuery,
  type StationWeatherState,
  sharedRidge,
  stationWeather,
} from '@madang/study';
import { fromUtf8 } from '@madang/trust';
import type { Desk } from './desk.ts';
import { earlierRounds } from './earlier.ts';

/** origin_date, target, target_end_date, horizon, location, output_type, output_type_id, value. */
export type HubverseRow = readonly (string | number)[];

/** What is signed as one statement. */
export interface ForecastFile {
  readonly target: string;
  /** The day whose knowledge it rests on. */
  readonly asOf: string;
  readonly rows: readonly HubverseRow[];
}

export interface ForecastPlan {
  /** Rounds that a model takes: forecasts follow each whole number of them. */
  readonly roundsAModel: number;
  /** The files that follow from the model whose last round this is; undefined while something is not to be had. */
  files(desk: Desk, study: Study, round: number, source: DataSource): Promise<Iterable<ForecastFile> | undefined>;
}

/** Names of the models in hubverse files, by kind of study. */
export const MODELS: Readonly<Record<string, string>> = {
  [pooledIncrements.kind]: 'madang-pooledIncrements',
  [sharedRidge.kind]: 'madang-sharedRidge',
  [stationWeather.kind]: 'madang-stationWeather',
};

/** The plan of a study of a kind that forecasts, from its query's text; undefined for other kinds. */
export function forecastPlan(kind: string, text: string): ForecastPlan | undefined {
  switch (kind) {
    case pooledIncrements.kind:
      return pilotPlan(pooledIncrements.parse(text) as WithDeadlines);
    case sharedRidge.kind:
      return ridgePlan(sharedRidge.parse(text));
    case stationWeather.kind:
      return weatherPlan(stationWeather.parse(text));
    default:
      return undefined;
  }
}

const quantileRows = (head: readonly (string | number)[], quantiles: ArrayLike<number>): HubverseRow[] =>
  LEVELS.map((level, i) => [...head, 'quantile', level, Number(quantiles[i].toPrecision(6))]);

/** A target week of one place: 23 quantiles in the unit of the series. */
interface WeekForecast {
  readonly location: string;
  /** The last week that was known. */
  readonly base: number;
  readonly week: number;
  readonly quantiles: ArrayLike<number>;
}

/** Days whose knowledge a model is made from, and days on which forecasts are made; the newest model before a day serves it. */
interface Weekly {
  readonly targets: readonly string[];
  readonly asOf: readonly string[];
  readonly deadlines: readonly string[];
}
type WeeklyModel = (vintages: string, target: string, deadline: string, weeks: readonly number[]) => WeekForecast[];

/** A place that was silent longer (weeks) gets no forecast. */
const LONGEST_SILENCE = 6;

function* weeklyFiles(q: Weekly, release: number, model: WeeklyModel, vintages: string): Generator<ForecastFile> {
  const [from, before] = [q.asOf[release - 1], q.asOf[release]];
  for (const asOf of q.deadlines.filter(d => d >= from && (before === undefined || d < before))) {
    for (const target of q.targets) {
      // Horizons and ends of weeks are those of the hub that asks for the target.
      const hub = hubOfTargets([target]);
      const weeks = hub.horizons.map(h => targetWeek(hub, dayOf(asOf), h));
      const rows = model(vintages, target, asOf, weeks)
        .filter(f => weeks[0] - f.base <= LONGEST_SILENCE)
        .flatMap(({ location, week, quantiles }) => {
          const end = dateOf(weekEnd(hub, week));
          return quantileRows([asOf, target, end, hub.horizons[weeks.indexOf(week)], location], quantiles);
        });
      yield { target, asOf, rows };
    }
  }
}

/** A query that also says for which deadlines forecasts are wanted; absent means only the asOf days themselves. */
type WithDeadlines = PooledIncrementsQuery & { readonly deadlines?: readonly string[] };

function pilotPlan(q: WithDeadlines): ForecastPlan {
  return {
    roundsAModel: 1,
    async files(desk, study, round, source) {
      const result = await desk.hub.blob(study.opening!.rounds[String(round)].result!.digest);
      if (!result) return undefined;
      const { decoded } = JSON.parse(fromUtf8(result)) as ResultDocument;
      const { counts, noiseDeviation } = decoded as { counts: number[]; noiseDeviation: number };
      const model = fitIncrements(counts, q.spec, noiseDeviation);
      const weekly: WeeklyModel = (vintages, target, deadline, weeks) =>
        forecastSeries(vintages, { ...q, targets: [target] }, deadline).flatMap(({ location, series }) => {
          const { first, values, scale } = series;
          const base = first + values.length - 1;
          const last = values[values.length - 1];
          return weeks.flatMap(week =>
            week > base
              ? [{ location, base, week, quantiles: pilotQuantiles(model, base, last, scale, week - base) }]
              : [],
          );
        });
      const days = { targets: q.targets, asOf: q.asOf, deadlines: q.deadlines ?? q.asOf };
      return weeklyFiles(days, round, weekly, await source.file('vintages'));
    },
  };
}

function ridgePlan(q: SharedRidgeQuery): ForecastPlan {
  return {
    roundsAModel: SUMS.length,
    async files(desk, study, round, source) {
      const rounds = await earlierRounds(desk, study, round + 1);
      if (!rounds) return undefined;
      const fit = (sharedRidge.modelAfter(q, rounds) as SharedRidgeState).models.at(-1)!;
      const weekly: WeeklyModel = (vintages, target, deadline, weeks) => {
        const series = snapshot(readVintages(vintages), dayOf(deadline)).filter(s => s.target === target);
        const bases = new Map(series.map(s => [s.location, s.first + s.values.length - 1]));
        return sharedRidgeForecasts(q.spec, fit, series, weeks).map(f => ({ ...f, base: bases.get(f.location)! }));
      };
      const days = { targets: [q.target], asOf: q.asOf, deadlines: q.deadlines ?? q.asOf };
      return weeklyFiles(days, round / SUMS.length, weekly, await source.file('vintages'));
    },
  };
}

/** The ten days after the last one that trained: one file a variable. */
function weatherPlan(q: StationWeatherQuery): ForecastPlan {
  const rounds = stationWeather.rounds(q);
  return {
    roundsAModel: rounds,
    async files(desk, study, round, source) {
      const published = await earlierRounds(desk, study, round + 1);
      if (!published) return undefined;
      const state = stationWeather.modelAfter(q, published) as StationWeatherState;
      const { dateOf, quantile } = await import('@madang/weather');
      const { prepared, forecasts } = await forecastStations(q, source, state);
      const { network } = prepared.gated;
      const issued = network.first + prepared.trainEnd - 1;
      const byVariable = new Map<string, HubverseRow[]>();
      for (const [t, target] of prepared.targets.entries()) {
        const rows = byVariable.get(target.variable) ?? [];
        byVariable.set(target.variable, rows);
        for (const [l, days] of forecasts[t].entries()) {
          const distribution = days[l];
          if (!distribution) continue;
          const { name } = network.stations[target.station];
          const head = [dateOf(issued), target.variable, dateOf(issued + l + 1), l + 1, name];
          rows.push(
            ...quantileRows(
              head,
              LEVELS.map(p => quantile(distribution, p)),
            ),
          );
        }
      }
      return [...byVariable].map(([target, rows]) => ({ target, asOf: dateOf(issued), rows }));
    },
  };
}
