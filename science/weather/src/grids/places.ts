// Where stations lie in a grid: four points around each with bilinear weights on a latitude-longitude grid, the nearest point on any other.
import { distanceKm } from '../neighbours/distance.ts';
import type { Station } from '../network.ts';
import { type GridArray, type GridFile, readAll, textOf } from './array.ts';

/** A point of the array, as a step from its beginning, and its weight. */
export interface Corner {
  readonly offset: number;
  readonly weight: number;
}

/** Grid points of each station; undefined for those outside. `dimensions` are those of the array that place it. */
export interface Places {
  readonly dimensions: readonly number[];
  readonly how: string;
  readonly corners: readonly (readonly Corner[] | undefined)[];
}

const NAMES = { latitude: ['latitude', 'lat', 'nav_lat'], longitude: ['longitude', 'lon', 'nav_lon'] } as const;

/** Throws when the array has no latitudes and longitudes. */
export function places(
  file: GridFile,
  a: GridArray,
  array: string,
  strides: readonly number[],
  stations: readonly Station[],
): Places {
  const find = (role: keyof typeof NAMES): GridArray => {
    const fits = (name: string, c: GridArray) =>
      c !== a &&
      c.dimensions.length > 0 &&
      c.dimensions.every(d => a.dimensions.includes(d)) &&
      ((NAMES[role] as readonly string[]).includes(name.toLowerCase()) || textOf(c, 'standard_name') === role);
    for (const [name, c] of file.arrays) if (fits(name, c)) return c;
    throw new Error(
      `${file.name}, "${array}": no ${role} among its coordinates (${a.dimensions.join(', ')}); a variable "${role}" along one or two of these was expected`,
    );
  };
  const [lat, lon] = [find('latitude'), find('longitude')];
  const dims = (c: GridArray) => c.dimensions.map(d => a.dimensions.indexOf(d));
  const [y, x] = [readAll(lat), readAll(lon)];
  if (lat.dimensions.length === 1 && lon.dimensions.length === 1 && lat.dimensions[0] !== lon.dimensions[0]) {
    const [dy, dx] = [dims(lat)[0], dims(lon)[0]];
    const corners = stations.map(s =>
      bilinear(y, x, s)?.map(c => ({ offset: c.y * strides[dy] + c.x * strides[dx], weight: c.weight })),
    );
    return { dimensions: [dy, dx], how: 'bilinear', corners };
  }
  if (lat.dimensions.join() !== lon.dimensions.join())
    throw new Error(`${file.name}, "${array}": latitudes and longitudes have different dimensions`);
  const along = dims(lat);
  const offset = (k: number) => {
    let rest = k;
    let out = 0;
    for (let d = along.length - 1; d >= 0; d--) {
      out += (rest % lat.shape[d]) * strides[along[d]];
      rest = Math.floor(rest / lat.shape[d]);
    }
    return out;
  };
  const corners = stations.map(s => {
    const k = nearest(y, x, s);
    return k === undefined ? undefined : [{ offset: offset(k), weight: 1 }];
  });
  return { dimensions: along, how: 'nearest grid point', corners };
}

/** The four grid points around a station with their weights; longitudes go round. Undefined when the station lies outside the grid. */
export function bilinear(
  lat: Float64Array,
  lon: Float64Array,
  s: Station,
): { y: number; x: number; weight: number }[] | undefined {
  const rows = between(lat, s.latitude);
  const round = (v: number) => v - 360 * Math.floor(v / 360);
  let found: [number, number, number] | undefined;
  for (const turn of [0, 360, -360]) found ??= between(lon, s.longitude + turn);
  if (!found && lon.length > 1) {
    // Between the last meridian and the first.
    const [last, first] = [round(lon[lon.length - 1]), round(lon[0])];
    const gap = round(first - last);
    if (gap <= widest(lon) && round(s.longitude - last) <= gap)
      found = [lon.length - 1, 0, round(s.longitude - last) / gap];
  }
  if (!rows || !found) return undefined;
  const [y0, y1, fy] = rows;
  const [x0, x1, fx] = found;
  return [
    { y: y0, x: x0, weight: (1 - fy) * (1 - fx) },
    { y: y0, x: x1, weight: (1 - fy) * fx },
    { y: y1, x: x0, weight: fy * (1 - fx) },
    { y: y1, x: x1, weight: fy * fx },
  ].filter(c => c.weight > 1e-12);
}

/** The neighbours on an axis around a value and how far it is from the first; undefined outside, and in a gap of the axis. */
function between(axis: Float64Array, v: number): [number, number, number] | undefined {
  const most = widest(axis);
  for (let i = 0; i + 1 < axis.length; i++) {
    const [a, b] = [axis[i], axis[i + 1]];
    if (((a <= v && v <= b) || (b <= v && v <= a)) && Math.abs(b - a) <= most)
      return [i, i + 1, a === b ? 0 : (v - a) / (b - a)];
  }
  return undefined;
}

/** One and a half median steps: a region cut from 0 to 360 degrees across Greenwich has a gap, over which nothing may be interpolated. */
function widest(axis: Float64Array): number {
  const steps = axis
    .subarray(1)
    .map((v, i) => Math.abs(v - axis[i]))
    .sort();
  return 1.5 * (steps[steps.length >> 1] ?? 0);
}

/** The nearest of scattered points; undefined when it is farther than one and a half times what it is from the next point of the grid. */
function nearest(lat: Float64Array, lon: Float64Array, s: Station): number | undefined {
  const closest = (p: Station, but: number) => {
    let [best, least] = [-1, Number.POSITIVE_INFINITY];
    for (let k = 0; k < lat.length; k++) {
      // Degrees first: a distance on the sphere is dear.
      if (k === but || Math.abs(lat[k] - p.latitude) * 111 > least) continue;
      const d = distanceKm(p, { ...p, latitude: lat[k], longitude: lon[k] });
      if (d < least) [best, least] = [k, d];
    }
    return [best, least] as const;
  };
  const [k, far] = closest(s, -1);
  if (k < 0) return undefined;
  const [, spacing] = closest({ ...s, latitude: lat[k], longitude: lon[k] }, k);
  return far <= 1.5 * spacing ? k : undefined;
}
