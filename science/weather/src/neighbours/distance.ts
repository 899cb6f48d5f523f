// How much stations have to say about each other, by the distance between them.
import type { Network, Station } from '../network.ts';

const RANGE_KM = 300;
/** Weight of all neighbours together below which agreement with them says nothing: the nearest is some 700 km away. */
const LONELY = 0.1;

/** Weights of the stations of some series for each other. */
export function weightsAmong({ stations, series: all }: Network, series: readonly number[]): number[][] {
  return series.map(k => series.map(j => weight(stations, all[k].station, all[j].station)));
}

/** exp(-distance / 300 km) + a little, so that lone stations still have somebody to compare with. */
function weight(stations: readonly Station[], a: number, b: number): number {
  return Math.exp(-distanceKm(stations[a], stations[b]) / RANGE_KM) + 0.001;
}

/** Whether a station has nobody near among the others, so that it cannot be told from a broken one. */
export function isLonely(stations: readonly Station[], own: number, others: readonly number[]): boolean {
  return others.reduce((sum, s) => (s === own ? sum : sum + weight(stations, own, s)), 0) < LONELY;
}

/** Great-circle distance (haversine, mean Earth radius 6371 km). */
export function distanceKm(a: Station, b: Station): number {
  const r = Math.PI / 180;
  const h =
    Math.sin(((b.latitude - a.latitude) * r) / 2) ** 2 +
    Math.cos(a.latitude * r) * Math.cos(b.latitude * r) * Math.sin(((b.longitude - a.longitude) * r) / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.min(1, Math.sqrt(h)));
}
