// What neighbours suggest, from sums that show nobody: for each day and smooth variable the surface of low degree through all stations' standardised
// values. Members send moments (their values times powers of their public coordinates) and get back the totals; each takes its own share out and
// reads the surface at its own place. Fewer totals a day than stations, so no station's value follows from them.
// Trap: with as many totals as stations the sums would be the values.
import { bridged } from '../neighbours/stand-in.ts';
import { bases, FOR_CURVED, REACH, surfaceThrough } from '../surface.ts';
import { variables } from '../variables.ts';
import type { WeatherDesign } from './design.ts';

/** Variables that are checked against neighbours, in the order in which they are sent. */
export const CHECKED = variables.filter(v => v.neighbourly).map(v => v.name);
const BITS = 10;
/** Where a day's moments say how many values there are: the product of the first power, 1, with itself. */
const PRESENT = 0;

/** Totals a day and variable: the triangle of products of powers, and powers times value. */
export function momentsADay(stations: number): number {
  const p = stations >= FOR_CURVED ? 6 : 3;
  return (p * (p + 1)) / 2 + p;
}

/** No member's number is larger. */
export const mostMoment = (d: WeatherDesign, clip: number): number =>
  d.stationsAMember * (Math.ceil(REACH ** 2 * Math.max(REACH ** 2, clip) * 2 ** BITS) + 1);

/** One checked series of a member: days that are NaN are not sent. */
export interface Sent {
  readonly station: number;
  readonly variable: string;
  readonly z: Float64Array;
}

/** A member's moments: for each checked variable and day as in `momentsADay`. */
export function momentsOf(d: WeatherDesign, sent: readonly Sent[]): Float64Array {
  const all = bases(d.stations);
  const width = momentsADay(d.stations.length);
  const out = new Float64Array(CHECKED.length * d.days * width);
  for (const s of sent) {
    const from = CHECKED.indexOf(s.variable) * d.days * width;
    const own = all[s.station];
    for (let i = 0; i < d.days; i++) if (!Number.isNaN(s.z[i])) addMoments(out, from + i * width, own, s.z[i]);
  }
  return out;
}

function addMoments(out: Float64Array, at: number, b: Float64Array, z: number, sign = 1): void {
  let k = at;
  for (let i = 0; i < b.length; i++)
    for (let j = i; j < b.length; j++) out[k++] += sign * Math.round(b[i] * b[j] * 2 ** BITS);
  for (let i = 0; i < b.length; i++) out[k++] += sign * Math.round(b[i] * z * 2 ** BITS);
}

/** What the others' values of each day make of this place: NaN where nobody sent any. `sent` is what is to be taken out. */
export function suggested(d: WeatherDesign, totals: ArrayLike<number>, own: Sent): Float64Array {
  const b = bases(d.stations)[own.station];
  return Float64Array.from({ length: d.days }, (_, day) => {
    const others = dayOf(d, totals, own.variable, day);
    if (!Number.isNaN(own.z[day])) addMoments(others, 0, b, own.z[day], -1);
    if (others[PRESENT] === 0) return Number.NaN;
    return surfaceOf(others, b.length).reduce((s, v, i) => s + v * b[i], 0);
  });
}

/** Slopes and curves of the surface of pressure on each day, as in circulation.ts. */
export function circulationOf(d: WeatherDesign, totals: ArrayLike<number>): readonly Float64Array[] {
  const p = bases(d.stations)[0].length;
  const found = Array.from({ length: p - 1 }, () => new Float64Array(d.days));
  for (let day = 0; day < d.days; day++) {
    const moments = dayOf(d, totals, 'pressure', day);
    const c = moments[PRESENT] === 0 ? undefined : surfaceOf(moments, p);
    found.forEach((f, i) => {
      f[day] = c?.[i + 1] ?? Number.NaN;
    });
  }
  return found.map(f => bridged(f, d.trainDays));
}

function dayOf(d: WeatherDesign, totals: ArrayLike<number>, variable: string, day: number): Float64Array {
  const width = momentsADay(d.stations.length);
  const from = (CHECKED.indexOf(variable) * d.days + day) * width;
  return Float64Array.from({ length: width }, (_, k) => totals[from + k]);
}

function surfaceOf(moments: Float64Array, p: number): Float64Array {
  const products = new Float64Array(p * p);
  let k = 0;
  for (let i = 0; i < p; i++) for (let j = i; j < p; j++) products[j * p + i] = moments[k++] / 2 ** BITS;
  return surfaceThrough(products, p)(moments.subarray(k).map(x => x / 2 ** BITS));
}
