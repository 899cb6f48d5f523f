// What the members of a weather study agree on beforehand, all of it public: stations, days, landmark days. And a member's own table put into it.
import type { Table } from '@madang/numerics';
import { dateOf, dayNumber } from '../calendar.ts';
import { type Network, parseDaily, type Station } from '../network.ts';
import { chooseLandmarks } from '../parts.ts';
import { LANDMARKS } from '../predict.ts';

export interface WeatherDesign {
  /** Every station of every member. */
  readonly stations: readonly Station[];
  /** First day, yyyy-mm-dd; days in all; those before `trainDays` train, the others are forecast. */
  readonly first: string;
  readonly days: number;
  readonly trainDays: number;
  /** Landmark days, spread over the training days; all of them where fewer. Without it 1,800, as where the rows of more than 4,000 days are pooled. */
  readonly landmarks?: number;
  /** No member has more stations. */
  readonly stationsAMember: number;
}

/** Throws a RangeError that names the member at fault. */
export function checkDesign(d: WeatherDesign): void {
  const need = (ok: boolean, what: string) => {
    if (!ok) throw new RangeError(`weather design: ${what}`);
  };
  const whole = (x: number, low: number, high: number) => Number.isInteger(x) && x >= low && x <= high;
  need(typeof d === 'object' && d !== null, 'it must be an object');
  need(Array.isArray(d.stations) && d.stations.length >= 3 && d.stations.length <= 5000, 'stations must be 3 to 5,000');
  const names = new Set<string>();
  for (const s of d.stations) {
    need(typeof s?.name === 'string' && /^[A-Za-z0-9_-]{1,40}$/.test(s.name), 'each station needs a name');
    need(!names.has(s.name), `station "${s.name}" is there twice`);
    names.add(s.name);
    need(
      Math.abs(s.latitude) <= 90 && Math.abs(s.longitude) <= 360 && Number.isFinite(s.elevationM),
      `station "${s.name}" needs latitude, longitude and elevationM`,
    );
  }
  need(dayNumber(d.first) !== undefined, 'first must be a date');
  need(whole(d.days, 380, 40_000), 'days must be 380 to 40,000');
  need(whole(d.trainDays, 365, d.days - 1), 'trainDays must be at least 365 and leave a day to forecast');
  need(d.landmarks === undefined || whole(d.landmarks, 20, 4000), 'landmarks must be 20 to 4,000');
  need(whole(d.stationsAMember, 1, 1000), 'stationsAMember must be 1 to 1,000');
}

export const landmarksOf = (d: WeatherDesign): Int32Array =>
  chooseLandmarks(d.trainDays, d.landmarks ?? LANDMARKS.strong);

/** A member's daily table (DATE, then STATION_variable columns of its own stations) in the design's calendar. Throws naming row and column. */
export function ownNetwork(d: WeatherDesign, table: Table, file: string): Network {
  const n = parseDaily(d.stations, [{ file, table }]);
  const mine = new Set(n.series.map(s => s.station));
  if (mine.size > d.stationsAMember)
    throw new RangeError(`${file}: ${mine.size} stations, but the study allows ${d.stationsAMember} a member`);
  const first = dayNumber(d.first) as number;
  const shift = n.first - first;
  if (shift >= d.days || shift + n.days <= 0)
    throw new RangeError(`${file}: no day from ${d.first} to ${dateOf(first + d.days - 1)}`);
  const place = <T>(length: number, empty: T, at: (i: number) => T): T[] =>
    Array.from({ length: d.days }, (_, i) => (i >= shift && i < shift + length ? at(i - shift) : empty));
  return {
    ...n,
    first,
    days: d.days,
    series: n.series.map(s => ({ ...s, values: Float64Array.from(place(n.days, Number.NaN, i => s.values[i])) })),
    origins: place<Network['origins'][number]>(n.days, undefined, i => n.origins[i]),
  };
}
