// The shared stations of weather as one network, for the suites that measure on them; and what some of them spoil.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCsv } from '@madang/numerics';
import { civilOf, type Network, parseDaily, parseStations, type ScoreRow } from '@madang/weather';

const folder = join(process.env['MADANG_SHARED'] ?? '../shared', 'data/climate/weather');

/** All files of the folder and their last year, the one to test on; undefined without the data. */
export function sharedNetwork(): { readonly network: Network; readonly year: number } | undefined {
  if (!existsSync(folder)) return undefined;
  const table = (name: string) => parseCsv(readFileSync(join(folder, name), 'utf8'), name);
  const files = readdirSync(folder).filter(n => /^daily_.*\.csv$/.test(n));
  const network = parseDaily(
    parseStations(table('stations.csv'), 'stations.csv'),
    files.map(file => ({ file, table: table(file) })),
  );
  return { network, year: civilOf(network.first + network.days - 1).year };
}

/** What a station that is wrong sends in place of a day's value. */
export type Wrong = (value: number, day: number, values: Float64Array, series: Network['series'][number]) => number;

/** The network when the stations `who` are wrong on days from `from` on. */
export function spoil(network: Network, who: readonly string[], from: number, wrong: Wrong): Network {
  const bad = new Set(who.map(name => network.stations.findIndex(s => s.name === name)));
  const series = network.series.map(s =>
    bad.has(s.station) ? { ...s, values: s.values.map((v, i) => (i < from ? v : wrong(v, i, s.values, s))) } : s,
  );
  return { ...network, series };
}

/** RMSE of mean temperature in degrees, mean over the stations without some. */
export function rmse(rows: readonly ScoreRow[], lead: number, without: readonly string[] = []): number {
  const mine = rows.filter(
    r => r.variable === 'temp_mean' && r.leadDays === lead && r.n > 0 && !without.includes(r.station),
  );
  return mine.reduce((s, r) => s + r.rmse, 0) / mine.length;
}
