// Gridded forecasts brought to stations: any array with dimensions for issue time, lead time, latitude, longitude and perhaps members becomes rows
// of ensemble mean and variance at each station, by bilinear interpolation. Names of dimensions as the usual archives write them.
import { dayNumber } from '../calendar.ts';
import type { Station } from '../network.ts';

export interface GridArray {
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
  /** Row-major; NaN where missing. */
  readonly data: Float64Array;
  readonly units: string;
}

export interface GridFile {
  readonly name: string;
  readonly arrays: ReadonlyMap<string, GridArray>;
}

/** A forecast at a station, made on `issuedDay` (days since 1970) for `issuedDay + leadDays`. */
export interface StationForecast {
  readonly station: number;
  readonly issuedDay: number;
  readonly leadDays: number;
  readonly mean: number;
  /** Between members; 0 for a single forecast. */
  readonly variance: number;
}

const ROLES = {
  time: ['time', 'init_time', 'forecast_reference_time', 'issue_time'],
  lead: ['lead', 'lead_time', 'step', 'prediction_timedelta', 'lead_days'],
  latitude: ['latitude', 'lat'],
  longitude: ['longitude', 'lon'],
  member: ['member', 'number', 'realization', 'ensemble'],
} as const;
type Role = keyof typeof ROLES;

/** All stations' forecasts of one variable. Throws naming the dimension or the station that does not fit. */
export function atStations(file: GridFile, variable: string, stations: readonly Station[]): StationForecast[] {
  const a = file.arrays.get(variable);
  if (!a) throw new Error(`${file.name}: no variable "${variable}"; there are ${[...file.arrays.keys()].join(', ')}`);
  const axis = (role: Role) =>
    a.dimensions.findIndex(d => (ROLES[role] as readonly string[]).includes(d.toLowerCase()));
  const needed = (role: Role) => {
    const i = axis(role);
    if (i < 0)
      throw new Error(
        `${file.name}, "${variable}": no dimension for ${role} (one of ${ROLES[role].join(', ')}) among ${a.dimensions.join(', ')}`,
      );
    return i;
  };
  const [t, l, y, x, m] = [needed('time'), needed('lead'), needed('latitude'), needed('longitude'), axis('member')];
  const coordinate = (i: number) => {
    const c = file.arrays.get(a.dimensions[i]);
    if (!c || c.data.length !== a.shape[i])
      throw new Error(`${file.name}: dimension "${a.dimensions[i]}" has no coordinate variable of its length`);
    return c;
  };
  const issued = days(coordinate(t), file.name);
  const leads = leadDays(coordinate(l), file.name);
  const [lat, lon] = [coordinate(y).data, coordinate(x).data];
  const strides = a.shape.map((_, d) => a.shape.slice(d + 1).reduce((s, n) => s * n, 1));
  const kelvin = /^(k|kelvin)$/i.test(a.units.trim()) ? 273.15 : 0;
  const members = m < 0 ? 1 : a.shape[m];
  const out: StationForecast[] = [];
  stations.forEach((s, station) => {
    const corners = bilinear(lat, lon, s, file.name);
    issued.forEach((issuedDay, ti) => {
      leads.forEach((lead, li) => {
        let sum = 0;
        let squares = 0;
        for (let k = 0; k < members; k++) {
          let v = 0;
          for (const c of corners)
            v +=
              c.weight *
              a.data[
                ti * strides[t] + li * strides[l] + c.y * strides[y] + c.x * strides[x] + (m < 0 ? 0 : k * strides[m])
              ];
          v -= kelvin;
          sum += v;
          squares += v * v;
        }
        const mean = sum / members;
        out.push({
          station,
          issuedDay,
          leadDays: lead,
          mean,
          variance: members > 1 ? Math.max(0, (squares - members * mean * mean) / (members - 1)) : 0,
        });
      });
    });
  });
  return out;
}

/** The four grid points around a station with their weights; longitudes go round. Throws when the station lies outside the grid. */
export function bilinear(
  lat: Float64Array,
  lon: Float64Array,
  s: Station,
  name: string,
): { y: number; x: number; weight: number }[] {
  const outside = (what: string): never => {
    throw new Error(`${name}: station ${s.name} (${s.latitude}, ${s.longitude}) lies outside the grid's ${what}`);
  };
  const between = (axis: Float64Array, v: number): [number, number, number] | undefined => {
    for (let i = 0; i + 1 < axis.length; i++) {
      const [a, b] = [axis[i], axis[i + 1]];
      if ((a <= v && v <= b) || (b <= v && v <= a)) return [i, i + 1, a === b ? 0 : (v - a) / (b - a)];
    }
    return undefined;
  };
  const [y0, y1, fy] = between(lat, s.latitude) ?? outside('latitudes');
  const round = (v: number) => v - 360 * Math.floor(v / 360);
  let found: [number, number, number] | undefined;
  for (const turn of [0, 360, -360]) found ??= between(lon, s.longitude + turn);
  if (!found && lon.length > 1) {
    // Between the last meridian and the first.
    const [last, first] = [round(lon[lon.length - 1]), round(lon[0])];
    const gap = round(first - last);
    const step = Math.abs(lon[1] - lon[0]);
    if (gap <= 1.5 * step && round(s.longitude - last) <= gap)
      found = [lon.length - 1, 0, round(s.longitude - last) / gap];
  }
  const [x0, x1, fx] = found ?? outside('longitudes');
  return [
    { y: y0, x: x0, weight: (1 - fy) * (1 - fx) },
    { y: y0, x: x1, weight: (1 - fy) * fx },
    { y: y1, x: x0, weight: fy * (1 - fx) },
    { y: y1, x: x1, weight: fy * fx },
  ].filter(c => c.weight > 1e-12);
}

function days(c: GridArray, name: string): number[] {
  const m = /^(days|hours|minutes|seconds) since (\d{4}-\d{1,2}-\d{1,2})/.exec(c.units.trim());
  if (!m)
    throw new Error(
      `${name}: the units of time are "${c.units}"; "days since 2000-01-01" or hours, minutes, seconds were expected`,
    );
  const [year, month, day] = m[2].split('-');
  const epoch = dayNumber(`${year}${month.padStart(2, '0')}${day.padStart(2, '0')}`);
  if (epoch === undefined) throw new Error(`${name}: ${m[2]} is not a date`);
  const per = { days: 1, hours: 24, minutes: 1440, seconds: 86400 }[m[1]] ?? 1;
  return Array.from(c.data, v => Math.floor(epoch + v / per + 1e-9));
}

function leadDays(c: GridArray, name: string): number[] {
  const unit =
    /^(days?|d|hours?|h|seconds?|s|nanoseconds?|ns)\b/.exec(c.units.trim())?.[1] ??
    (c.units.trim() === '' ? 'days' : undefined);
  if (unit === undefined)
    throw new Error(`${name}: the units of the lead time are "${c.units}"; days, hours or seconds were expected`);
  const per = unit.startsWith('d') ? 1 : unit.startsWith('h') ? 24 : unit.startsWith('n') ? 864e11 : 86400;
  return Array.from(c.data, v => Math.round(v / per));
}
