// madang weather postprocess: forecasts of numerical or AI weather models, brought to stations and corrected by past errors.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync, inflateSync } from 'node:zlib';
import { formatCsv, parseCsv, random } from '@madang/numerics';
import type { Distribution, Station, StationForecast } from '@madang/weather';
import { type Command, CommandError } from '../command.ts';

export const postprocess: Command = {
  name: 'postprocess',
  summary: 'gridded or station forecasts corrected by EMOS or a distributional network',
  description: [
    'FORECAST is NetCDF classic (.nc), a Zarr version 2 folder (.zarr), or CSV with issue_date, lead_days, station and one or more columns of members.',
    'Gridded files have dimensions time, lead (or step), latitude, longitude and perhaps member. Each station and lead is fitted on targets before',
    '--train-until and applied to those from it on. OUT: station, variable, issue_date, lead_days, mean, sd, q05, q50, q95, observed, crps, provenance.',
  ].join('\n'),
  arguments: [['<forecast>', 'NetCDF classic, Zarr or CSV']],
  options: [
    { flags: '--data <dir>', description: 'observations: stations.csv and daily_*.csv', required: true },
    { flags: '--variable <name>', description: 'variable of the observations', default: 'temp_mean' },
    { flags: '--array <name>', description: 'variable of a gridded file (default: --variable)' },
    {
      flags: '--train-until <date>',
      description: 'first target day that is not used for fitting, yyyy-mm-dd',
      required: true,
    },
    { flags: '--method <name>', description: 'emos or network', default: 'emos' },
    { flags: '--seed <text>', description: 'seed of the network', default: 'postprocess' },
    { flags: '--out <file>', description: 'distributions as CSV', required: true },
  ],
  examples: [
    'madang weather postprocess model.nc --data weather --array t2m --train-until 2008-01-01 --out corrected.csv',
  ],
  async run([file], options) {
    const weather = await import('@madang/weather');
    const { readNetwork } = await import('./read.ts');
    const method = String(options['method']);
    if (method !== 'emos' && method !== 'network')
      throw new CommandError(`--method is emos or network, not "${method}"`, 2);
    const until = weather.dayNumber(String(options['trainUntil']));
    if (until === undefined)
      throw new CommandError(`--train-until wants a date such as 2008-01-01, not "${options['trainUntil']}"`, 2);
    const { network } = readNetwork(String(options['data']));
    const variable = String(options['variable']);
    let rows: StationForecast[];
    try {
      rows = readForecast(String(file), String(options['array'] ?? variable), network.stations, weather);
    } catch (error) {
      if (error instanceof CommandError) throw error;
      throw new CommandError(error instanceof Error ? error.message : String(error), 1, { cause: error });
    }
    // The gate stops impossible observations before they teach anything.
    const gated = weather.gate(network, Math.max(0, Math.min(network.days, until - network.first)));
    const observed = network.stations.map(
      (_, s) => gated.network.series.find(x => x.station === s && x.variable.name === variable)?.values,
    );
    const at = (r: StationForecast) => observed[r.station]?.[r.issuedDay + r.leadDays - network.first] ?? Number.NaN;
    const groups = new Map<string, StationForecast[]>();
    for (const r of rows) {
      const key = `${r.station} ${r.leadDays}`;
      groups.set(key, [...(groups.get(key) ?? []), r]);
    }
    const r = random(String(options['seed']));
    const out: (string | number)[][] = [];
    const skipped: string[] = [];
    let [raw, corrected, scored] = [0, 0, 0];
    const provenance = `madang weather postprocess, ${method}; forecasts ${basename(String(file))}; fitted on targets before ${options['trainUntil']}`;
    for (const group of groups.values()) {
      group.sort((a, b) => a.issuedDay - b.issuedDay);
      const name = network.stations[group[0].station].name;
      const past = group.filter(x => x.issuedDay + x.leadDays < until);
      let apply: (x: StationForecast) => Distribution;
      try {
        const y = past.map(at);
        if (method === 'emos') {
          const e = weather.fitEmos(
            past.map(x => x.mean),
            past.map(x => x.variance),
            y,
          );
          apply = x => weather.applyEmos(e, x.mean, x.variance);
        } else {
          const row = (x: StationForecast) => {
            const a = weather.seasonAngle(x.issuedDay + x.leadDays);
            return [x.mean, Math.sqrt(x.variance), Math.cos(a), Math.sin(a)];
          };
          const m = weather.fitNetwork(past.map(row), y, {}, r);
          apply = x => weather.applyNetwork(m, row(x));
        }
      } catch (error) {
        skipped.push(`${name}, ${group[0].leadDays} days ahead: ${error instanceof Error ? error.message : error}`);
        continue;
      }
      for (const x of group) {
        if (x.issuedDay + x.leadDays < until || Number.isNaN(x.mean)) continue;
        const d = apply(x);
        const y = at(x);
        const score = Number.isNaN(y) ? Number.NaN : weather.crps(d, y);
        if (!Number.isNaN(y)) {
          scored += 1;
          corrected += score;
          raw +=
            x.variance > 0
              ? weather.crps({ kind: 'normal', location: x.mean, scale: Math.sqrt(x.variance) }, y)
              : Math.abs(x.mean - y);
        }
        const q = [0.05, 0.5, 0.95].map(p => weather.quantile(d, p));
        const scale = d.kind === 'rain' ? Number.NaN : d.scale;
        out.push([
          name,
          variable,
          weather.dateOf(x.issuedDay),
          x.leadDays,
          ...[weather.mean(d), scale, ...q, y, score].map(v => (Number.isNaN(v) ? '' : Number(v.toFixed(4)))),
          provenance,
        ]);
      }
    }
    if (out.length === 0)
      throw new CommandError(
        `nothing could be forecast: ${skipped[0] ?? 'no forecasts for targets from --train-until on'}`,
        1,
      );
    const columns = [
      'station',
      'variable',
      'issue_date',
      'lead_days',
      'mean',
      'sd',
      'q05',
      'q50',
      'q95',
      'observed',
      'crps',
      'provenance',
    ];
    writeFileSync(String(options['out']), formatCsv(columns, out));
    const json = {
      ok: true,
      method,
      forecasts: out.length,
      scored,
      crpsRaw: raw / scored,
      crps: corrected / scored,
      skipped,
    };
    const text = `${out.length} forecasts written; CRPS ${json.crps.toFixed(3)} (uncorrected ${json.crpsRaw.toFixed(3)}) on ${scored} that could be scored${skipped.length > 0 ? `\nleft out: ${skipped.join('\n')}` : ''}`;
    return { json, text };
  },
};

function readForecast(
  file: string,
  array: string,
  stations: readonly Station[],
  weather: typeof import('@madang/weather'),
): StationForecast[] {
  if (!existsSync(file)) throw new CommandError(`there is no forecast ${file}`, 2);
  if (statSync(file).isDirectory()) {
    const read = (key: string) => {
      const path = join(file, key);
      return existsSync(path) && statSync(path).isFile() ? new Uint8Array(readFileSync(path)) : undefined;
    };
    const names = readdirSync(file).filter(n => existsSync(join(file, n, '.zarray')));
    const grid = weather.readZarr(
      read,
      names,
      file,
      (bytes, codec) => new Uint8Array(codec === 'zlib' ? inflateSync(bytes) : gunzipSync(bytes)),
    );
    return weather.atStations(grid, array, stations);
  }
  if (/\.nc$/i.test(file))
    return weather.atStations(weather.parseNetcdf(new Uint8Array(readFileSync(file)), file), array, stations);
  return fromCsv(file, stations, weather);
}

/** issue_date, lead_days, station; every other column is a member. */
function fromCsv(
  file: string,
  stations: readonly Station[],
  weather: typeof import('@madang/weather'),
): StationForecast[] {
  const table = parseCsv(readFileSync(file, 'utf8'), file);
  const [dates, names, leads] = [table.text('issue_date'), table.text('station'), table.numbers('lead_days')];
  const members = table.columns.filter(
    c => !['issue_date', 'station', 'lead_days', 'variable', 'provenance'].includes(c),
  );
  if (members.length === 0) throw new Error(`${file}: no column of forecasts beside issue_date, lead_days and station`);
  const values = members.map(c => table.numbers(c));
  return dates.map((date, i) => {
    const issuedDay = weather.dayNumber(date);
    if (issuedDay === undefined) throw new Error(`${file}, row ${i + 2}, column "issue_date": "${date}" is not a date`);
    const station = stations.findIndex(s => s.name === names[i]);
    if (station < 0) throw new Error(`${file}, row ${i + 2}, column "station": there is no station "${names[i]}"`);
    if (!Number.isInteger(leads[i]) || leads[i] < 0)
      throw new Error(`${file}, row ${i + 2}, column "lead_days": ${leads[i]} is not a whole number of days`);
    const v = values.map(c => c[i]);
    const mean = v.reduce((a, b) => a + b, 0) / v.length;
    const variance = v.length > 1 ? v.reduce((a, b) => a + (b - mean) ** 2, 0) / (v.length - 1) : 0;
    return { station, issuedDay, leadDays: leads[i], mean, variance };
  });
}
