// The kinds of study from which a member forecasts its own places: which rounds make a model, how it is read from them, and what it says of a place.

import type { Study } from '@madang/charter';
import { dayOf, fitIncrements, pilotQuantiles, SUMS, sharedRidgeForecasts, snapshot } from '@madang/disease';
import {
  forecastSeries,
  type PooledIncrementsQuery,
  pooledIncrements,
  type ResultDocument,
  readVintages,
  type SharedRidgeQuery,
  type SharedRidgeState,
  sharedRidge,
} from '@madang/study';
import { fromUtf8 } from '@madang/trust';
import type { Desk } from './desk.ts';
import { earlierRounds } from './earlier.ts';

/** A target week of one place: 23 quantiles in the unit of the series. */
export interface WeekForecast {
  readonly location: string;
  /** The last week that was known. */
  readonly base: number;
  readonly week: number;
  readonly quantiles: ArrayLike<number>;
}

/** What a study asks for, and how it is answered. */
export interface ForecastPlan {
  readonly targets: readonly string[];
  /** Days whose knowledge a model is made from, and days on which forecasts are made; the newest model before a day serves it. */
  readonly asOf: readonly string[];
  readonly deadlines: readonly string[];
  /** Rounds that a model takes. */
  readonly roundsAModel: number;
  /** Reads the model whose last round this is; undefined while something is not to be had. Its answer forecasts the given weeks of this member's places. */
  model(
    desk: Desk,
    study: Study,
    round: number,
  ): Promise<
    ((vintages: string, target: string, deadline: string, weeks: readonly number[]) => WeekForecast[]) | undefined
  >;
}

/** A query that also says for which deadlines forecasts are wanted; absent means only the asOf days themselves. */
type WithDeadlines = PooledIncrementsQuery & { readonly deadlines?: readonly string[] };

/** The plan of a study of a kind that forecasts, from its query's text; undefined for other kinds. */
export function forecastPlan(kind: string, text: string): ForecastPlan | undefined {
  switch (kind) {
    case pooledIncrements.kind:
      return pilotPlan(pooledIncrements.parse(text) as WithDeadlines);
    case sharedRidge.kind:
      return ridgePlan(sharedRidge.parse(text));
    default:
      return undefined;
  }
}

function pilotPlan(q: WithDeadlines): ForecastPlan {
  return {
    targets: q.targets,
    asOf: q.asOf,
    deadlines: q.deadlines ?? q.asOf,
    roundsAModel: 1,
    async model(desk, study, round) {
      const result = await desk.hub.blob(study.opening!.rounds[String(round)].result!.digest);
      if (!result) return undefined;
      const { decoded } = JSON.parse(fromUtf8(result)) as ResultDocument;
      const { counts, noiseDeviation } = decoded as { counts: number[]; noiseDeviation: number };
      const model = fitIncrements(counts, q.spec, noiseDeviation);
      return (vintages, target, deadline, weeks) =>
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
    },
  };
}

function ridgePlan(q: SharedRidgeQuery): ForecastPlan {
  return {
    targets: [q.target],
    asOf: q.asOf,
    deadlines: q.deadlines ?? q.asOf,
    roundsAModel: SUMS.length,
    async model(desk, study, round) {
      const rounds = await earlierRounds(desk, study, round + 1);
      if (!rounds) return undefined;
      const fit = (sharedRidge.modelAfter(q, rounds) as SharedRidgeState).models.at(-1)!;
      return (vintages, target, deadline, weeks) => {
        const series = snapshot(readVintages(vintages), dayOf(deadline)).filter(s => s.target === target);
        const bases = new Map(series.map(s => [s.location, s.first + s.values.length - 1]));
        return sharedRidgeForecasts(q.spec, fit, series, weeks).map(f => ({ ...f, base: bases.get(f.location)! }));
      };
    },
  };
}
