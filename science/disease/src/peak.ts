// When will the season peak, and how high? Seasons of all places that stood like this one at the same time of year say what came after:
// the rest of each such season, shifted to the place's present level, gives a peak week and a peak value.
import type { Panel, PanelCalendar, Place } from './panel/panel.ts';

export interface PeakForecast {
  /** Probability that the season's peak has already been. */
  readonly passed: number;
  /** Peak period: 10 %, 50 % and 90 %. */
  readonly period: readonly [number, number, number];
  /** Peak value in the place's unit: 10 %, 50 % and 90 %. */
  readonly value: readonly [number, number, number];
  /** Seasons it rests on. */
  readonly seasons: number;
}

/** Last position of the year that belongs to the season. */
const SEASON_END = 45;
const NEIGHBOURS = 60;

/** Peak of the running season of a place; undefined when fewer than ten past seasons compare. */
export function peakForecast(panel: Panel, place: Place, calendar: PanelCalendar): PeakForecast | undefined {
  const t = place.z.length - 1;
  const position = calendar.position(place.first + t);
  if (position > SEASON_END) return undefined;
  const rest = SEASON_END - position;
  const here = describe(place, t);
  const found: { distance: number; later: number; rise: number }[] = [];
  for (const p of panel.places) {
    for (let i = 4; i + rest < p.z.length; i++) {
      if (p === place && i > t - rest) continue;
      const off = Math.abs(calendar.position(p.first + i) - position);
      if (off > 2 || Number.isNaN(p.z[i])) continue;
      const there = describe(p, i);
      let distance = 0.02 * off;
      for (let k = 0; k < here.length; k++) distance += Math.abs(here[k] - there[k]) || 0;
      let rise = 0;
      let later = 0;
      for (let d = 1; d <= rest; d++) {
        if (p.z[i + d] - p.z[i] > rise) {
          rise = p.z[i + d] - p.z[i];
          later = d;
        }
      }
      found.push({ distance, later, rise });
    }
  }
  found.sort((a, b) => a.distance - b.distance);
  const near = found.slice(0, NEIGHBOURS);
  if (near.length < 10) return undefined;
  const back = Math.floor(position);
  let high = t;
  for (let i = Math.max(0, t - back); i <= t; i++) if (place.z[i] > place.z[high]) high = i;
  const peaks = near.map(n => {
    const z = place.z[t] + n.rise;
    return z > place.z[high]
      ? { period: place.first + t + n.later, z }
      : { period: place.first + high, z: place.z[high] };
  });
  const three = (of: (p: (typeof peaks)[number]) => number): [number, number, number] => {
    const s = peaks.map(of).sort((a, b) => a - b);
    return [s[Math.floor(0.1 * s.length)], s[Math.floor(0.5 * s.length)], s[Math.floor(0.9 * s.length)]];
  };
  return {
    passed: peaks.filter(p => p.period <= place.first + t).length / peaks.length,
    period: three(p => p.period),
    value: three(p => place.scale * panel.transform.backward(p.z)),
    seasons: near.length,
  };
}

/** Level, recent changes and the distance to the mean of eight periods: what makes two moments alike. */
function describe(p: Place, i: number): number[] {
  const z = (lag: number) => (i >= lag ? p.bridged[i - lag] : Number.NaN);
  return [z(0), 2 * (z(0) - z(1)), 1.5 * (z(0) - z(2)), z(0) - z(4)];
}
