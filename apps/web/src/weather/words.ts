// How weather is spoken of on its page.
import type { ForecastRow } from './model.ts';

/** What is drawn as a fan, the key picture first. */
export const FANS = [
  { key: 'temp_mean', name: 'Mean temperature of the day' },
  { key: 'temp_max', name: 'Highest temperature of the day' },
  { key: 'temp_min', name: 'Lowest temperature of the day' },
  { key: 'wind_speed', name: 'Mean wind of the day' },
] as const;

export const degrees = (x: number) => x.toFixed(1).replace('-', '−');

/** Units as people write them. */
export function unitOf(r: Pick<ForecastRow, 'unit'>): string {
  return r.unit === 'deg C' ? '°C' : r.unit;
}

/** `NORTH_HILL` as "North Hill". */
export const stationName = (s: string) =>
  s
    .toLowerCase()
    .replaceAll('_', ' ')
    .replace(/\b\p{L}/gu, c => c.toUpperCase());
