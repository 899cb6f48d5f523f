// What neighbours suggest, from sums that show nobody: for each day and smooth variable the surface of low degree through all stations' standardised
// values. Members send moments (their values times powers of their public coordinates) and get back the totals; each takes its own share out and
// reads the surface at its own place. Fewer totals a day than stations, so no station's value follows from them.
// Trap: with as many totals as stations the sums would be the values.
import { cholesky, choleskySolve } from '@madang/numerics';
import type { Station } from '../network.ts';
import { variables } from '../variables.ts';
import type { WeatherDesign } from './design.ts';

/** Variables that are checked against neighbours, in the order in which they are sent. */
export const CHECKED = variables.filter(v => v.neighbourly).map(v => v.name);
/** A surface of second degree needs this many stations, else it is a plane. */
const FOR_CURVED = 14;
const BITS = 10;
/** Pull of every coefficient to 0, in stations. */
const PULL = 0.3;
/** Coordinates lie within this many standard deviations. */
const REACH = 3;

/** Powers of each station's coordinates; the same for everybody. */
export function bases(stations: readonly Station[]): readonly Float64Array[] {
  const mean = (x: readonly number[]) => x.reduce((a, b) => a + b, 0) / x.length;
  const unit = (x: readonly number[]) => {
    const m = mean(x);
    const sd = Math.sqrt(mean(x.map(v => (v - m) ** 2))) || 1;
    return x.map(v => Math.max(-REACH, Math.min(REACH, (v - m) / sd)));
  };
  const lat = stations.map(s => s.latitude);
  const u = unit(lat);
  const v = unit(stations.map(s => s.longitude * Math.cos((Math.PI * mean(lat)) / 180)));
  const curved = stations.length >= FOR_CURVED;
  return u.map((x, i) => Float64Array.from(curved ? [1, x, v[i], x * x, x * v[i], v[i] * v[i]] : [1, x, v[i]]));
}

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

/** What the others' values of each day make of this place: 0, the usual, where nobody sent any. `sent` is what is to be taken out. */
export function suggested(d: WeatherDesign, totals: ArrayLike<number>, own: Sent): Float64Array {
  const b = bases(d.stations)[own.station];
  const p = b.length;
  const width = momentsADay(d.stations.length);
  const from = CHECKED.indexOf(own.variable) * d.days * width;
  const others = new Float64Array(width);
  const a = new Float64Array(p * p);
  return Float64Array.from({ length: d.days }, (_, day) => {
    for (let k = 0; k < width; k++) others[k] = totals[from + day * width + k];
    if (!Number.isNaN(own.z[day])) addMoments(others, 0, b, own.z[day], -1);
    let k = 0;
    for (let i = 0; i < p; i++) for (let j = i; j < p; j++) a[j * p + i] = others[k++] / 2 ** BITS;
    for (let i = 0; i < p; i++) a[i * p + i] += PULL;
    const c = choleskySolve(
      cholesky(a, p),
      p,
      Float64Array.from(others.subarray(k), x => x / 2 ** BITS),
    );
    return c.reduce((s, v, i) => s + v * b[i], 0);
  });
}
