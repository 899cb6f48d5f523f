// How much stations have to say about each other, by the distance between them and by direction.
import type { Network, Station } from '../network.ts';

const RANGE_KM = 300;
/** Weight of all neighbours together below which agreement with them says nothing: the nearest is some 700 km away. */
const LONELY = 0.1;
/** Distances over which means of neighbours are made, in the order in which more stations allow more of them. */
const RANGES_KM = [RANGE_KM, 120, 1200];
/** Sums a member sees of so many others' values: fewer than a third of them, so that none of their values follows. */
const FOR_RANGES = 10;
const FOR_SLOPES = 15;
/** Degrees of latitude or, at the equator, of longitude that weigh a neighbour's value fully in a slope; the farthest weigh as three times that. */
const SLOPE_DEGREES = 5;
const FARTHEST = 3;

/** What the sums about a member are made of: means within several ranges; in the widest also slopes northwards and eastwards. */
export interface Surround {
  /** Per range: weight of member j in the sums about member m, `[range][m][j]`. */
  readonly ranges: readonly (readonly (readonly number[])[])[];
  /** Per direction: the factor of the widest range's weight. */
  readonly slopes: readonly (readonly (readonly number[])[])[];
}

/** Weights of the stations of some series for each other. */
export function surroundOf({ stations, series: all }: Network, series: readonly number[]): Surround {
  const among = (of: (a: Station, b: Station) => number) =>
    series.map(k => series.map(j => of(stations[all[k].station], stations[all[j].station])));
  const ranges = series.length < FOR_RANGES ? RANGES_KM.slice(0, 1) : RANGES_KM;
  const factor = (degrees: number) => Math.max(-FARTHEST, Math.min(FARTHEST, degrees / SLOPE_DEGREES));
  const directions = [
    (a: Station, b: Station) => factor(b.latitude - a.latitude),
    (a: Station, b: Station) => factor((b.longitude - a.longitude) * Math.cos((Math.PI * a.latitude) / 180)),
  ];
  return {
    ranges: ranges.map(range => among((a, b) => weight(a, b, range))),
    slopes: series.length < FOR_SLOPES ? [] : directions.map(among),
  };
}

/** exp(-distance / range) + a little, so that lone stations still have somebody to compare with. */
const weight = (a: Station, b: Station, rangeKm: number): number => Math.exp(-distanceKm(a, b) / rangeKm) + 0.001;

/** Whether a station has nobody near among the others, so that it cannot be told from a broken one. */
export function isLonely(stations: readonly Station[], own: number, others: readonly number[]): boolean {
  return others.reduce((sum, s) => (s === own ? sum : sum + weight(stations[own], stations[s], RANGE_KM)), 0) < LONELY;
}

/** Great-circle distance (haversine, mean Earth radius 6371 km). */
export function distanceKm(a: Station, b: Station): number {
  const r = Math.PI / 180;
  const h =
    Math.sin(((b.latitude - a.latitude) * r) / 2) ** 2 +
    Math.cos(a.latitude * r) * Math.cos(b.latitude * r) * Math.sin(((b.longitude - a.longitude) * r) / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.min(1, Math.sqrt(h)));
}
