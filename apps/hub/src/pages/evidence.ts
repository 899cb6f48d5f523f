// What public figures say about a place's signed forecasts: the series as known on each deadline, the reproduction number and the chance of an
// unusually high week from nothing later than that, and the score once the truth is known, beside the baseline's and the ensemble's on the same weeks.
import {
  alertThreshold,
  dateOf,
  dayInWeek,
  dayOf,
  exceedance,
  INFLUENZA,
  LEVELS,
  persistenceQuantiles,
  reproductionNumbers,
  type Series,
  snapshot,
  weekOf,
  wis,
} from '@madang/disease';
import type { Fan, FanEvidence, FanPoint, Observation, Outcome, PlaceEvidence } from '@madang/web';
import type { PlaceFigures } from './figures.ts';

/** Weeks of the series that a page draws. */
const SHOWN_WEEKS = 120;
/** Weeks of a reproduction number. */
const WINDOW = 5;
/** Name of the baseline that is computed here where nobody published one. */
const PERSISTENCE = 'persistence (last value known, with past changes)';
const RATES = { forward: (v: number) => v, backward: (v: number) => Math.max(0, v) };

/** A fan never changes, and neither do the figures while the hub runs. */
const made = new WeakMap<Fan, FanEvidence>();

/** `quantilesOf` gives the 23 quantiles of a point, as they were signed. */
export function placeEvidence(
  figures: PlaceFigures,
  fans: readonly Fan[],
  quantilesOf: (p: FanPoint) => Float64Array | undefined,
): PlaceEvidence {
  const peers = { baseline: new Map<string, Float64Array>(), ensemble: new Map<string, Float64Array>() };
  const names: { baseline?: string; ensemble?: string } = {};
  for (const p of figures.peers) {
    peers[p.role].set(`${p.origin} ${p.date}`, p.quantiles);
    names[p.role] ??= p.model;
  }
  const [newest] = snapshot(figures.log, Number.MAX_SAFE_INTEGER);
  const computed = names.baseline === undefined && fans.length > 0;
  return {
    ...(figures.unit === undefined ? {} : { unit: figures.unit }),
    observed: newest ? observations(newest, figures.weekEnds) : [],
    fans: fans.map(fan => {
      const same = made.get(fan) ?? fanEvidence(figures, fan, quantilesOf, peers, computed);
      made.set(fan, same);
      return same;
    }),
    ...(computed
      ? { baselineName: PERSISTENCE }
      : names.baseline === undefined
        ? {}
        : { baselineName: names.baseline }),
    ...(names.ensemble === undefined ? {} : { ensembleName: names.ensemble }),
  };
}

function fanEvidence(
  figures: PlaceFigures,
  fan: Fan,
  quantilesOf: (p: FanPoint) => Float64Array | undefined,
  peers: Readonly<Record<'baseline' | 'ensemble', ReadonlyMap<string, Float64Array>>>,
  computed: boolean,
): FanEvidence {
  const [series] = snapshot(figures.log, dayOf(fan.asOf));
  const threshold = series && alertThreshold(series.values);
  // Of the last five weeks alone: an estimate that ends earlier says nothing about now.
  const [recent] = series ? reproductionNumbers(series.values.subarray(-WINDOW), INFLUENZA, WINDOW) : [];
  const outcomes = fan.points.map((p): Outcome => {
    const [own, y] = [quantilesOf(p), figures.truth.get(p.date)];
    const about = { date: p.date, horizon: p.horizon };
    if (y === undefined || !own) return about;
    const score = (q: Float64Array | undefined) => (q?.every(v => !Number.isNaN(v)) ? wis(LEVELS, q, y) : undefined);
    const key = `${fan.asOf} ${p.date}`;
    const baseline = score(computed ? persistenceOf(series, p.date) : peers.baseline.get(key));
    const ensemble = score(peers.ensemble.get(key));
    return {
      ...about,
      observed: y,
      inside50: y >= p.low50 && y <= p.high50,
      inside95: y >= p.low95 && y <= p.high95,
      wis: wis(LEVELS, own, y),
      ...(baseline === undefined ? {} : { baseline }),
      ...(ensemble === undefined ? {} : { ensemble }),
    };
  });
  return {
    known: series ? observations(series, figures.weekEnds) : [],
    ...(recent
      ? {
          rt: {
            date: dateIn(series!, series!.values.length - 1, figures.weekEnds),
            r: recent.r,
            low: recent.low,
            high: recent.high,
          },
        }
      : {}),
    ...(threshold === undefined ? {} : { threshold }),
    chances: threshold === undefined ? [] : fan.points.map(p => exceedance(quantilesOf(p) ?? [], threshold)),
    outcomes,
  };
}

function persistenceOf(series: Series | undefined, date: string): Float64Array | undefined {
  if (!series) return undefined;
  const step = weekOf(dayOf(date)) - (series.first + series.values.length - 1);
  return step > 0 ? persistenceQuantiles(series.values, step, 1, RATES) : undefined;
}

const dateIn = (s: Series, i: number, weekEnds: number) => dateOf(dayInWeek(s.first + i, weekEnds));

function observations(s: Series, weekEnds: number): Observation[] {
  const out: Observation[] = [];
  for (let i = Math.max(0, s.values.length - SHOWN_WEEKS); i < s.values.length; i++)
    if (!Number.isNaN(s.values[i])) out.push({ date: dateIn(s, i, weekEnds), value: s.values[i] });
  return out;
}
