// A made-up network for tests and simulated studies: a wave of weather that passes over stations in turn, so that neighbours know tomorrow.
import { formatCsv, type Random, random } from '@madang/numerics';
import { civilDay, dateOf, seasonAngle } from './calendar.ts';
import type { Network, Series } from './network.ts';
import { variableNamed } from './variables.ts';

/** `stations` stations 100 km apart in a row; temperature, pressure and rain from 1 January `year` for `days` days. */
export function madeUpNetwork(stations: number, days: number, year = 2001, r: Random = random('network')): Network {
  const first = civilDay(year, 1, 1);
  const list = Array.from({ length: stations }, (_, i) => ({
    name: `S${i}`,
    latitude: 50,
    longitude: 1.4 * i,
    elevationM: 100,
  }));
  const wave = new Float64Array(days + stations);
  for (let i = 1; i < wave.length; i++) wave[i] = 0.75 * wave[i - 1] + r.normal();
  const variable = (name: string) => {
    const v = variableNamed(name);
    if (!v) throw new Error(name);
    return v;
  };
  const series: Series[] = list.flatMap((s, i) => {
    const state = (d: number) => wave[d + stations - 1 - Math.floor(i / 2)];
    const make = (name: string, of: (d: number) => number): Series => ({
      station: i,
      variable: variable(name),
      column: `${s.name}_${name}`,
      values: Float64Array.from({ length: days }, (_, d) => of(d)),
    });
    return [
      make('temp_mean', d => 10 - 9 * Math.cos(seasonAngle(first + d)) + 3 * state(d) + 0.5 * r.normal()),
      make('pressure', d => 1.015 - 0.006 * state(d) + 0.001 * r.normal()),
      make('precipitation', d => Math.max(0, -0.4 * state(d) + 0.3 * r.normal() - 0.1)),
    ];
  });
  return {
    stations: list,
    series,
    first,
    days,
    origins: Array.from({ length: days }, (_, i) => ({ file: 'made-up', row: i + 2 })),
    unused: [],
  };
}

/** The daily table of some stations of a network, as a member keeps it: DATE, then STATION_variable columns. */
export function dailyCsv(n: Network, stations: readonly number[]): string {
  const mine = n.series.filter(s => stations.includes(s.station));
  const cell = (v: number) => (Number.isNaN(v) ? '' : String(Number(v.toPrecision(8))));
  return formatCsv(
    ['DATE', ...mine.map(s => s.column)],
    Array.from({ length: n.days }, (_, i) => [dateOf(n.first + i), ...mine.map(s => cell(s.values[i]))]),
  );
}
