// The shared stations of weather as one network, for the suites that measure on them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCsv } from '@madang/numerics';
import { civilOf, type Network, parseDaily, parseStations } from '@madang/weather';

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
