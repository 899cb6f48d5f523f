// Weather against its reference: the baseline scores, and how far below damped persistence the federated forecast stays.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCsv } from '@madang/numerics';
import { baselines, forecast, parseDaily, parseStations, prepare, scoreAll } from '@madang/weather';
import type { ScienceSuite } from '../suite.ts';

const LIMITS = [0.82, 0.89, 0.94];

export const weather: ScienceSuite = async data => {
  const folder = join(data, 'climate/weather');
  const file = existsSync(folder) ? readdirSync(folder).find(n => /^baseline_scores_\d{4}\.csv$/.test(n)) : undefined;
  if (!file) return [];
  const table = (name: string) => parseCsv(readFileSync(join(folder, name), 'utf8'), name);
  const reference = table(file);
  const year = Number(/\d{4}/.exec(file)?.[0]);
  const stations = parseStations(table('stations.csv'), 'stations.csv');
  const daily = readdirSync(folder).filter(n => /^daily_.*\.csv$/.test(n));
  const p = prepare(
    parseDaily(
      stations,
      daily.map(name => ({ file: name, table: table(name) })),
    ),
    year,
  );
  const ours = new Map(baselines(p).map(b => [`${b.station} ${b.variable} ${b.leadDays}`, b]));
  const [names, variables, leads] = [
    reference.text('station'),
    reference.text('variable'),
    reference.numbers('lead_days'),
  ];
  const [climatology, damped] = [
    reference.numbers('rmse_climatology_C'),
    reference.numbers('rmse_damped_persistence_C'),
  ];
  let worst = 0;
  const dampedOf = new Map<string, number>();
  names.forEach((name, i) => {
    const key = `${name} ${variables[i]} ${leads[i]}`;
    const mine = ours.get(key);
    dampedOf.set(key, damped[i]);
    worst = Math.max(
      worst,
      mine ? Math.abs(mine.climatologyRmse - climatology[i]) : 9,
      mine ? Math.abs(mine.dampedRmse - damped[i]) : 9,
    );
  });
  const scores = scoreAll(p, forecast(p, 'federated')).filter(r => r.variable === 'temp_mean');
  return [
    {
      name: 'climatology and damped persistence',
      cases: 2 * names.length,
      largestError: worst,
      tolerance: 5e-3,
      unit: 'deg C',
    },
    ...LIMITS.map((tolerance, l) => {
      const rows = scores.filter(r => r.leadDays === l + 1 && dampedOf.has(`${r.station} temp_mean ${l + 1}`));
      const total =
        rows.reduce((s, r) => s + r.rmse, 0) /
        rows.reduce((s, r) => s + (dampedOf.get(`${r.station} temp_mean ${l + 1}`) ?? 0), 0);
      return {
        name: `mean temperature, day ${l + 1}, over damped persistence`,
        cases: rows.length,
        largestError: total,
        tolerance,
        unit: 'ratio',
      };
    }),
  ];
};
