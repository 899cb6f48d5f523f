// Weather: training and forecasting a test year of all stations, each model by itself on one thread.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCsv } from '@madang/numerics';
import { civilOf, forecast, type Model, parseDaily, parseStations, prepare } from '@madang/weather';
import { type BenchSuite, medianSeconds } from '../figure.ts';

const folder = join(process.env['MADANG_SHARED'] ?? '../shared', 'data/climate/weather');

export const weather: BenchSuite = async function* () {
  if (!existsSync(folder)) return;
  const table = (name: string) => parseCsv(readFileSync(join(folder, name), 'utf8'), name);
  const files = readdirSync(folder).filter(n => /^daily_.*\.csv$/.test(n));
  const network = parseDaily(
    parseStations(table('stations.csv'), 'stations.csv'),
    files.map(file => ({ file, table: table(file) })),
  );
  const year = civilOf(network.first + network.days - 1).year;
  let total = 0;
  const figure = (name: string, ours: number) => {
    total += ours;
    return { name, unit: 's', ours, smallerIsBetter: true, runs: 3 };
  };
  yield figure('gates and climatologies', await medianSeconds(() => prepare(network, year), 3));
  const p = prepare(network, year);
  for (const model of ['own', 'federated', 'pooled'] as const satisfies readonly Model[])
    yield figure(`training and test year ${year}, ${model}`, await medianSeconds(() => forecast(p, model), 3, 0));
  yield {
    name: 'all together on one thread',
    unit: 's',
    ours: total,
    against: { name: 'limit on two cores, doubled', value: 20 },
    smallerIsBetter: true,
    runs: 1,
  };
};
