// Gridded forecasts brought to stations: any array with times of issue, lead times, latitudes, longitudes and perhaps members becomes each
// member's value of each day at each station, in the unit of the station's own file.
import type { Station } from '../network.ts';
import { type Variable, variableNamed } from '../variables.ts';
import { type GridArray, type GridFile, readAll, textOf } from './array.ts';
import { dayValue, type How, planDays } from './daily.ts';
import { places } from './places.ts';
import { schedule } from './times.ts';
import { conversion, knownUnits } from './units.ts';

/** A forecast at a station for the day `issuedDay + leadDays` (days since 1970). */
export interface StationForecast {
  readonly station: number;
  readonly issuedDay: number;
  /** Hour of the day of issue, UTC. */
  readonly issuedHour: number;
  readonly leadDays: number;
  /** One value for each member, NaN where missing, in the variable's unit. */
  readonly members: Float64Array;
}

export interface FromGrid {
  readonly forecasts: StationForecast[];
  /** How the file was understood, for people. */
  readonly read: string;
  /** Names of stations that lie outside the grid. */
  readonly outside: readonly string[];
}

export interface GridOptions {
  /** Index values of dimensions that are none of time, lead, place and member, such as a level. */
  readonly select?: ReadonlyMap<string, number>;
  /** Stands in for the file's own units. */
  readonly units?: string;
  /** When the observations' day begins, hours UTC. */
  readonly dayStart?: number;
}

const MEMBERS = [
  'member',
  'members',
  'number',
  'realization',
  'realisation',
  'ensemble',
  'ensemble_member',
  'ens',
  'sample',
];
const OF_DAY: Readonly<Record<string, How>> = {
  temp_min: 'least',
  temp_max: 'most',
  wind_gust: 'most',
  precipitation: 'sum',
};
const INTERVALS = /time\s*:\s*(sum|mean|maximum|minimum)/;

/**
 * All stations' forecasts of `variable` from one array, or from two that are the parts of a wind. Throws naming the array, dimension, unit or
 * value that does not fit.
 */
export function atStations(
  file: GridFile,
  names: readonly string[],
  variable: string,
  stations: readonly Station[],
  options: GridOptions = {},
): FromGrid {
  const target = variableNamed(variable);
  if (!target) throw new Error(`there is no variable "${variable}"`);
  const parts = names.map(n => arrayNamed(file, n));
  const [a, array] = [parts[0], names[0]];
  if (parts.some(p => p.dimensions.join() !== a.dimensions.join() || p.shape.join() !== a.shape.join()))
    throw new Error(`${file.name}: "${names.join('" and "')}" do not have the same dimensions`);
  const strides = a.shape.map((_, d) => a.shape.slice(d + 1).reduce((s, n) => s * n, 1));
  const { issued, steps: lead } = schedule(file, a, array);
  if (issued.dimension >= 0 && issued.dimension === lead.dimension && issued.hours.length > 1)
    throw new Error(`${file.name}, "${array}": times of issue and lead times lie along one dimension; give them two`);
  const where = places(file, a, array, strides, stations);
  const m = a.dimensions.findIndex(
    (d, i) =>
      i !== lead.dimension &&
      i !== issued.dimension &&
      (MEMBERS.includes(d.toLowerCase()) ||
        (file.arrays.has(d) && textOf(file.arrays.get(d)!, 'standard_name') === 'realization')),
  );
  const base = rest(
    file,
    a,
    array,
    [issued.dimension, lead.dimension, m, ...where.dimensions],
    strides,
    options.select,
  );
  const units = options.units ?? textOf(a, 'units');
  const convert = units === '' ? { factor: 1, offset: 0 } : conversion(units, target.unit);
  if (!convert)
    throw new Error(
      `${file.name}, "${array}": the units are "${units}", which is no unit of ${variable} (${knownUnits(target.unit)})`,
    );
  if (units === '' && !options.units)
    throw new Error(
      `${file.name}, "${array}": there is no attribute "units"; say them, e.g. --units "${knownUnits(target.unit).split(',')[0]}"`,
    );
  const stepOrder = [...lead.hours.keys()].sort((p, q) => lead.hours[p] - lead.hours[q]);
  const steps = stepOrder.map(i => lead.hours[i]);
  if (steps.some((h, i) => i > 0 && h === steps[i - 1]))
    throw new Error(`${file.name}, "${array}": a lead time is there twice`);
  const members = m < 0 ? 1 : a.shape[m];
  const stride = (d: number) => (d < 0 ? 0 : strides[d]);
  const inside = stations.flatMap((_, s) => (where.corners[s] ? [s] : []));
  if (inside.length === 0)
    throw new Error(
      `${file.name}: all stations lie outside the grid, the first ${stations[0]?.name} (${stations[0]?.latitude}, ${stations[0]?.longitude})`,
    );
  /** Values of all steps of one issue: [station inside][member][step]. */
  const series = (t: number): Float64Array[][] => {
    const at: number[] = [];
    for (const s of inside)
      for (let k = 0; k < members; k++)
        for (const l of stepOrder)
          for (const c of where.corners[s]!)
            at.push(base + t * stride(issued.dimension) + l * stride(lead.dimension) + k * stride(m) + c.offset);
    const read = parts.map(p => p.read(at));
    let i = 0;
    return inside.map(s =>
      Array.from({ length: members }, () =>
        Float64Array.from(stepOrder, () => {
          let v = 0;
          for (const c of where.corners[s]!) {
            v += c.weight * (read.length === 1 ? read[0][i] : Math.hypot(read[0][i], read[1][i]));
            i += 1;
          }
          return v * convert.factor + convert.offset;
        }),
      ),
    );
  };
  let how: How = convert.rate ? 'rate' : (OF_DAY[variable] ?? 'mean');
  if (how === 'sum' && isTotal(issued.hours.length, steps, series)) how = 'since-start';
  const said = textOf(a, 'GRIB_stepType') || INTERVALS.exec(textOf(a, 'cell_methods'))?.[1] || '';
  const interval = said !== '' ? said !== 'instant' : (how === 'sum' || how === 'since-start') && !lead.inDays;
  const forecasts: StationForecast[] = [];
  const days = new Set<number>();
  issued.hours.forEach((hour, t) => {
    const [issuedDay, issuedHour] = [Math.floor(hour / 24), hour - 24 * Math.floor(hour / 24)];
    const plans = planDays(issuedHour, steps, interval, options.dayStart);
    if (plans.length === 0) return;
    series(t).forEach((byMember, i) => {
      for (const p of plans) {
        days.add(p.leadDays);
        const values = Float64Array.from(byMember, v => plausible(dayValue(p, how, steps, v), target));
        const wrong = values.find(v => v < target.least || v > target.most);
        if (wrong !== undefined)
          throw new Error(
            `${file.name}, "${array}": ${Number(wrong.toPrecision(6))} ${target.unit} at ${stations[inside[i]].name}, issue ${t + 1}, ${p.leadDays} days ahead, is not what ${variable} can be; the units say "${units}"; if they are wrong, give the right ones with --units`,
          );
        forecasts.push({ station: inside[i], issuedDay, issuedHour, leadDays: p.leadDays, members: values });
      }
    });
  });
  if (forecasts.length === 0)
    throw new Error(
      `${file.name}, "${array}": no day is forecast whole by the steps ${steps.slice(0, 8).join(', ')} h`,
    );
  const read = `"${names.join('", "')}" in ${units}, ${how} of ${interval ? 'the hours before each step' : 'the steps'} in a day, days ahead ${[...days].sort((p, q) => p - q).join(' ')}, ${where.how}, ${members} ${members === 1 ? 'member' : 'members'}`;
  return { forecasts, read, outside: stations.flatMap((s, i) => (where.corners[i] ? [] : [s.name])) };
}

function arrayNamed(file: GridFile, name: string): GridArray {
  const a = file.arrays.get(name);
  if (a) return a;
  const fields = [...file.arrays].flatMap(([n, x]) => (x.dimensions.length > 2 ? [n] : []));
  throw new Error(
    `${file.name}: no array "${name}"; there ${fields.length === 1 ? 'is' : 'are'} ${fields.join(', ') || 'none of three dimensions or more'}`,
  );
}

/** Where in the other dimensions: 0 where there is but one, else the index that `select` names by its coordinate. */
function rest(
  file: GridFile,
  a: GridArray,
  array: string,
  used: readonly number[],
  strides: readonly number[],
  select: ReadonlyMap<string, number> | undefined,
): number {
  let base = 0;
  a.dimensions.forEach((d, i) => {
    if (used.includes(i) || a.shape[i] === 1) return;
    const coordinate = file.arrays.get(d);
    const values = coordinate ? Array.from(readAll(coordinate)) : Array.from({ length: a.shape[i] }, (_, k) => k);
    const wanted = select?.get(d);
    const k = wanted === undefined ? -1 : values.indexOf(wanted);
    if (k < 0)
      throw new Error(
        `${file.name}, "${array}": the dimension "${d}" has ${a.shape[i]} values (${values.slice(0, 12).join(', ')}); choose one with --select ${d}=${values[0]}`,
      );
    base += k * strides[i];
  });
  return base;
}

/** Packing leaves a dry day a hair below zero, and a full humidity a hair above one. */
const plausible = (v: number, { least, most }: Variable): number => {
  const hair = 1e-3 * (most - least);
  return v < least && v > least - hair && least === 0 ? 0 : v;
};

/** Whether amounts never fall from one step to the next: then they are totals since the start of the forecast. */
function isTotal(issues: number, steps: readonly number[], series: (t: number) => Float64Array[][]): boolean {
  if (steps.length < 2) return false;
  const every = Math.max(1, Math.floor(issues / 20));
  for (let t = 0; t < issues; t += every)
    for (const byMember of series(t))
      for (const v of byMember)
        for (let l = 1; l < v.length; l++) if (v[l] < v[l - 1] - 1e-3 * (0.1 + v[l - 1])) return false;
  return true;
}
