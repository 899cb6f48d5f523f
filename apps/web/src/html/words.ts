// How pages say dates, numbers, places and states. One language so far; dates and numbers come from Intl, so that others can follow.

import { STATES } from './states.ts';

const DAY_MS = 86_400_000;
const locale = 'en-GB';
const dayFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
const shortDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const momentFormat = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});
const integerFormat = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
const listFormat = new Intl.ListFormat(locale, { type: 'conjunction' });

/** Days since 1970 of an ISO date. NaN if it is none. */
export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

export function isoDate(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** `2025-01-15` as "15 January 2025". */
export function longDate(date: string): string {
  const day = dayNumber(date);
  return Number.isNaN(day) ? date : dayFormat.format(day * DAY_MS);
}

/** `2025-01-15` as "15 Jan". */
export function shortDate(date: string): string {
  const day = dayNumber(date);
  return Number.isNaN(day) ? date : shortDay.format(day * DAY_MS);
}

/** Log time (seconds since 1970) as day and minute in UTC. */
export function moment(seconds: number): string {
  return `${momentFormat.format(seconds * 1000)} UTC`;
}

export function count(n: number): string {
  return integerFormat.format(n);
}

/** "1 place", "33 places". */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

export function listed(items: readonly string[]): string {
  return listFormat.format(items);
}

/** A rate or count with three significant digits, and no more than the size needs. */
export function quantity(x: number): string {
  if (!Number.isFinite(x)) return '–';
  const digits = Math.abs(x) >= 100 ? 0 : Math.abs(x) >= 10 ? 1 : 2;
  return x.toLocaleString(locale, { maximumFractionDigits: digits }).replace('-', '−');
}

export function bytes(n: number): string {
  if (n < 1000) return `${n} bytes`;
  return n < 1_000_000 ? `${Math.round(n / 1000)} KB` : `${(n / 1_000_000).toFixed(1)} MB`;
}

/** Nations of the United Kingdom have ISO 3166-2 codes that Intl does not name. */
const PARTS: Readonly<Record<string, string>> = {
  'GB-ENG': 'England',
  'GB-NIR': 'Northern Ireland',
  'GB-SCT': 'Scotland',
  'GB-WLS': 'Wales',
  UK: 'United Kingdom',
  EL: 'Greece',
};

/** Name of a place from its code, or the code itself when nobody gave it a name. */
export function placeName(code: string): string {
  if (PARTS[code]) return PARTS[code];
  const state = STATES.get(code);
  if (state) return state.name;
  if (!/^[A-Z]{2}$/.test(code)) return code;
  return regions.of(code) ?? code;
}

/** What a tile says of a place: its code without what every neighbour has too. */
export function placeCode(code: string): string {
  return STATES.get(code)?.code ?? code.replace(/^GB-/, '');
}

const TARGETS: Readonly<Record<string, { readonly name: string; readonly unit?: string }>> = {
  ili: { name: 'influenza-like illness (ILI)' },
  ari: { name: 'acute respiratory infection (ARI)' },
  hosp: { name: 'hospital admissions with influenza', unit: 'admissions a week' },
};

/** "influenza-like illness (ILI)", or the target's own short name. */
export function targetName(target: string): string {
  return TARGETS[target.toLowerCase()]?.name ?? target.toUpperCase();
}

/** Unit that a target has everywhere, where places do not name their own. */
export function targetUnit(target: string): string | undefined {
  return TARGETS[target.toLowerCase()]?.unit;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
