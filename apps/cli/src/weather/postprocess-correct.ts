// Forecasts corrected by their past errors: each station, lead and hour of issue is fitted on its days of training and applied to the days after them.
import { type Random, random } from '@madang/numerics';
import {
  type Case,
  type Correction,
  type Distribution,
  dateOf,
  fitCorrection,
  mean,
  ofMembers,
  quantile,
  type StationForecast,
  type Usual,
  usual,
  type Variable,
} from '@madang/weather';
import { CommandError, type Io } from '../command.ts';
import type { Observed } from './postprocess-input.ts';
import type { Request } from './postprocess-request.ts';
import { type Scores, scoresOf, Tally } from './postprocess-scores.ts';
import type { CorrectedForecast } from './postprocess-table.ts';

/** Fewer scored forecasts of a place do not tell whether they beat climatology; its days of training are asked then. */
const FEW = 20;

export interface Corrected {
  readonly forecasts: CorrectedForecast[];
  readonly tally: Tally;
  /** At how many stations and leads each method was taken. */
  readonly used: Map<Correction['method'], number>;
  /** Stations and leads that were left out, and why, a line each. */
  readonly skipped: string[];
  /** Names of the stations whose climatology knows no seasons. */
  readonly seasonless: readonly string[];
  /** Forecasts that lack some of their members, and were used. */
  incomplete: number;
  /** Forecasts that lack most of their members, and were not. */
  gone: number;
}

/** A forecast's mean and variance, what came on its day, and the forecast itself. */
interface Pair extends Case {
  readonly forecast: StationForecast;
}

/** A pair after its correction. */
interface Scored {
  readonly pair: Pair;
  readonly distribution: Distribution;
  readonly scores: Scores;
}

/** Corrects what can be corrected and says what was left out. Throws CommandError (exit 1) where a forecast is there twice. */
export function correctAll(
  forecasts: readonly StationForecast[],
  observed: Observed,
  request: Request,
  io: Io,
): Corrected {
  const { stations, values, first } = observed;
  const { variable, until, trainUntil } = request;
  const climates = climatesOf(forecasts, observed, request);
  const seasonless = [...climates].flatMap(([s, c]) => (c && !c.seasons ? [stations[s].name] : []));
  const tally = new Tally();
  const done: Corrected = { forecasts: [], tally, used: new Map(), skipped: [], seasonless, incomplete: 0, gone: 0 };
  const skip = (place: string, why: string) => done.skipped.push(`${place}: ${why}`);
  const groups = Map.groupBy(forecasts, f => `${f.station} ${f.leadDays} ${f.issuedHour}`);
  // One stream of random numbers for all groups: what a seed gives depends on their order.
  const r = random(request.seed);
  const progress = io.progress('stations and leads', groups.size);
  for (const group of groups.values()) {
    progress.tick();
    const [{ station }] = group;
    const { name } = stations[station];
    const place = placeOf(group[0], name);
    const ordered = inOrderOfIssue(group, place);
    const [own, climate] = [values[station], climates.get(station)];
    if (!own || !climate) {
      skip(place, own ? `fewer than 20 observations before ${trainUntil}` : `no observations of ${variable.name}`);
      continue;
    }
    const pairs = pairsOf(ordered, own, first);
    done.gone += ordered.length - pairs.length;
    done.incomplete += pairs.filter(p => p.forecast.members.some(Number.isNaN)).length;
    const past = pairs.filter(p => p.day < until);
    const correction = fitted(past, request, climate, r);
    if ('why' in correction) {
      skip(place, correction.why);
      continue;
    }
    done.used.set(correction.method, (done.used.get(correction.method) ?? 0) + 1);
    const score = (pair: Pair) => scored(pair, correction, climate);
    const later = pairs.filter(p => p.day >= until).map(score);
    const enough = later.filter(s => !Number.isNaN(s.pair.observed)).length >= FEW;
    const judged = enough ? { as: place, by: later } : { as: `${place} (days of training)`, by: past.map(score) };
    for (const { scores } of judged.by) tally.addToPlace(judged.as, scores);
    for (const s of later) {
      const f = correctedForecast(s, name, variable);
      tally.addToLead(f.leadDays, f.scores, f.observed >= f.q05 && f.observed <= f.q95);
      done.forecasts.push(f);
    }
  }
  progress.done();
  return done;
}

/** The climatology of each station that is forecast, in the order of the forecasts; undefined where too little was observed. */
function climatesOf(
  forecasts: readonly StationForecast[],
  { values, first, trainEnd }: Observed,
  { kind }: Request,
): Map<number, Usual | undefined> {
  const climate = (own?: Float64Array) => own && usual(own, first, trainEnd, kind);
  return new Map([...new Set(forecasts.map(f => f.station))].map(s => [s, climate(values[s])]));
}

/** A station, lead and hour of issue, as people read it. */
const placeOf = ({ leadDays, issuedHour }: StationForecast, station: string): string =>
  `${station}, ${leadDays} days ahead${issuedHour ? `, issued at ${issuedHour} h` : ''}`;

function inOrderOfIssue(group: readonly StationForecast[], place: string): StationForecast[] {
  const ordered = group.toSorted((a, b) => a.issuedDay - b.issuedDay);
  const twice = ordered.find((f, i) => i > 0 && f.issuedDay === ordered[i - 1].issuedDay);
  if (twice) throw new CommandError(`${place}: the forecast of ${dateOf(twice.issuedDay)} is there twice`, 1);
  return ordered;
}

/** The forecasts that have at least half of their members, beside what came; `observed[0]` is of day `first`. */
function pairsOf(forecasts: readonly StationForecast[], observed: Float64Array, first: number): Pair[] {
  return forecasts.flatMap(forecast => {
    const members = ofMembers(forecast.members);
    const day = forecast.issuedDay + forecast.leadDays;
    return members ? [{ ...members, day, observed: observed[day - first] ?? Number.NaN, forecast }] : [];
  });
}

/** What the days of training teach, or why they teach nothing. */
function fitted(
  past: readonly Pair[],
  { kind, method }: Request,
  climate: Usual,
  r: Random,
): Correction | { readonly why: string } {
  try {
    return fitCorrection(past, kind, method, climate, r);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { why: error.message.replace(/^\w+: /, '') };
  }
}

function scored(pair: Pair, correction: Correction, climate: Usual): Scored {
  const distribution = correction.apply(pair);
  const scores = scoresOf(pair.forecast.members, distribution, climate.at(pair.day), pair.observed);
  return { pair, distribution, scores };
}

function correctedForecast(
  { pair, distribution: d, scores }: Scored,
  station: string,
  { name, unit }: Variable,
): CorrectedForecast {
  const { issuedDay, issuedHour, leadDays } = pair.forecast;
  return {
    station,
    variable: name,
    unit,
    issueDate: dateOf(issuedDay),
    issueHour: issuedHour,
    leadDays,
    date: dateOf(pair.day),
    mean: mean(d),
    sd: d.kind === 'rain' ? Number.NaN : d.scale,
    q05: quantile(d, 0.05),
    q50: quantile(d, 0.5),
    q95: quantile(d, 0.95),
    chanceWet: d.kind === 'rain' ? d.wet : Number.NaN,
    observed: pair.observed,
    scores,
  };
}
