// madang weather postprocess: forecasts of numerical or AI weather models, brought to stations and corrected by past errors.
import { basename } from 'node:path';
import { formatCsv, random } from '@madang/numerics';
import type { Case, Correction, StationForecast, Usual } from '@madang/weather';
import { type Command, CommandError } from '../command.ts';
import { provenanceLine, writeOrRefuse } from '../results.ts';
import { citation, withProvenance } from './table.ts';

const CITE =
  'Gneiting et al. 2005, Mon. Wea. Rev. 133, 1098 (EMOS); Thorarinsdottir and Gneiting 2010, J. R. Stat. Soc. A 173, 371 (wind); Rasp and Lerch 2018, Mon. Wea. Rev. 146, 3885 (network)';
const COLUMNS = [
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
  'unit',
  'issue_hour',
  'date',
  'chance_wet',
  'crps_raw',
  'crps_climatology',
  'provenance',
];
/** Fewer scored forecasts of a station and lead do not tell whether they beat climatology. */
const FEW = 20;

export const postprocess: Command = {
  name: 'postprocess',
  summary: 'gridded or station forecasts corrected by EMOS or a distributional network',
  description: [
    'FORECAST is one file or several: NetCDF classic (CDF-1, CDF-2, CDF-5), a Zarr folder or its zip (version 2 or 3; zstd, gzip, zlib, lz4, blosc or',
    'none), or CSV with issue_date, lead_days, station, perhaps issue_hour, variable and unit, and a column for each member. NetCDF-4 and GRIB are not',
    'read (nccopy -k cdf5; cdo -f nc2 copy). Gridded files have times of issue, lead times, latitudes, longitudes and perhaps members, under the names of',
    'CF, ECMWF, NOAA or WeatherBench. Steps of a day become its mean, least (temp_min), most (temp_max, wind_gust) or sum (precipitation); days are UTC',
    'unless --day-start says otherwise, and one forecast in part only is left out. lead_days is the day forecast minus the day of issue.',
    'Each station, lead and hour of issue is fitted on days before --train-until and applied to those from it on, about the climatology of the station.',
    `OUT: ${COLUMNS.join(', ')}.`,
  ].join('\n'),
  arguments: [['<forecast...>', 'NetCDF classic, Zarr or CSV']],
  options: [
    { flags: '--data <dir>', description: 'observations: stations.csv and daily_*.csv', required: true },
    {
      flags: '--variable <name>',
      description:
        'of the observations: temp_mean, temp_min, temp_max, wind_speed, wind_gust, pressure or precipitation',
      default: 'temp_mean',
    },
    {
      flags: '--array <name>',
      description: 'array of a gridded file (default: --variable); two for a wind from its parts, u10,v10',
    },
    { flags: '--select <dim=value>', description: 'which of a further dimension, e.g. level=1000' },
    { flags: '--units <unit>', description: 'unit of the forecasts, in place of what the file says' },
    {
      flags: '--day-start <hour>',
      description: "UTC hour at which the observations' day begins, -12 to 12",
      default: '0',
    },
    {
      flags: '--train-until <date>',
      description: 'first day forecast that is not used for fitting, yyyy-mm-dd',
      required: true,
    },
    { flags: '--method <name>', description: 'emos or network', default: 'emos' },
    { flags: '--seed <text>', description: 'seed of the network', default: 'postprocess' },
    { flags: '--trust-units', description: 'take observations whose unit looks wrong as they are' },
    { flags: '--citation <text>', description: "the data's own citation, repeated in OUT" },
    { flags: '--out <file>', description: 'distributions as CSV', required: true },
  ],
  examples: [
    'madang weather postprocess model.nc --data weather --array t2m --train-until 2008-01-01 --out corrected.csv',
  ],
  async run([files], options, io) {
    const weather = await import('@madang/weather');
    const { readNetwork } = await import('./read.ts');
    const { readForecast, fingerprint } = await import('./read-forecast.ts');
    const method = String(options['method'] ?? 'emos');
    if (method !== 'emos' && method !== 'network')
      throw new CommandError(`--method is emos or network, not "${method}"`, 2);
    const until = weather.dayNumber(String(options['trainUntil']));
    if (until === undefined)
      throw new CommandError(`--train-until wants a date such as 2008-01-01, not "${options['trainUntil']}"`, 2);
    const dayStart = Number(options['dayStart'] ?? 0);
    if (!(Math.abs(dayStart) <= 12))
      throw new CommandError(`--day-start wants an hour from -12 to 12, not "${options['dayStart']}"`, 2);
    const name = String(options['variable'] ?? 'temp_mean');
    const variable = weather.variableNamed(name);
    const kind = weather.KINDS[name];
    if (!variable || !kind)
      throw new CommandError(`--variable is one of ${Object.keys(weather.KINDS).join(', ')}, not "${name}"`, 2);
    if (kind === 'rain' && method === 'network')
      throw new CommandError('--method network is for temperature, wind and pressure; rain has --method emos', 2);
    const { network } = readNetwork(String(options['data']), options['trustUnits'] === true, io);
    const own = new Map(network.series.flatMap(s => (s.variable.name === name ? [[s.station, s] as const] : [])));
    if (own.size === 0)
      throw new CommandError(`the observations have no column STATION_${name}; there is nothing to correct by`, 1);
    const wanted = {
      variable,
      arrays: String(options['array'] ?? name).split(','),
      select: selection(options['select']),
      dayStart,
      ...(options['units'] ? { units: String(options['units']) } : {}),
    };
    const list = (Array.isArray(files) ? files : [files]).map(String);
    const rows: StationForecast[] = [];
    const outside = new Set<string>();
    const reads = new Set<string>();
    for (const file of list) {
      try {
        const got = readForecast(file, wanted, network.stations, weather);
        for (const f of got.forecasts) rows.push(f);
        for (const s of got.outside) outside.add(s);
        reads.add(got.read);
      } catch (error) {
        if (error instanceof CommandError) throw error;
        throw new CommandError(error instanceof Error ? error.message : String(error), 1, { cause: error });
      }
    }
    for (const read of reads) io.log(`read: ${read}`);
    if (outside.size > 0) io.log(`outside the grid, not forecast: ${[...outside].join(', ')}`);
    // The gate stops impossible observations before they teach anything.
    const trainEnd = Math.max(0, Math.min(network.days, until - network.first));
    if (trainEnd === 0)
      throw new CommandError(
        `the observations begin on ${weather.dateOf(network.first)}: none is before --train-until ${options['trainUntil']}`,
        1,
      );
    const gated = weather.gate(network, trainEnd);
    const mine = new Set(rows.flatMap(f => own.get(f.station)?.column ?? []));
    const stopped = Map.groupBy(
      gated.issues.filter(i => mine.has(i.column)),
      i => i.column,
    );
    for (const [column, [i, ...more]] of stopped)
      io.log(
        `gate: ${i.file}, row ${i.row}, column "${column}": ${i.value} on ${i.date}: ${i.reason}${more.length > 0 ? ` (and ${more.length} more of this column)` : ''}`,
      );
    const values = network.stations.map(
      (_, s) => gated.network.series.find(x => x.station === s && x.variable.name === name)?.values,
    );
    const groups = new Map<string, StationForecast[]>();
    for (const f of rows) {
      const key = `${f.station} ${f.leadDays} ${f.issuedHour}`;
      const group = groups.get(key);
      if (group) group.push(f);
      else groups.set(key, [f]);
    }
    const r = random(String(options['seed'] ?? 'postprocess'));
    const out: (string | number)[][] = [];
    const skipped: string[] = [];
    const tally = new Tally();
    const used = new Map<string, number>();
    let [incomplete, gone] = [0, 0];
    const climates = new Map<number, Usual | undefined>();
    const progress = io.progress('stations and leads', groups.size);
    for (const group of groups.values()) {
      progress.tick();
      group.sort((a, b) => a.issuedDay - b.issuedDay);
      const [{ station, leadDays, issuedHour }] = group;
      const place = `${network.stations[station].name}, ${leadDays} days ahead${issuedHour ? `, issued at ${issuedHour} h` : ''}`;
      const twice = group.findIndex((f, i) => i > 0 && f.issuedDay === group[i - 1].issuedDay);
      if (twice >= 0)
        throw new CommandError(`${place}: the forecast of ${weather.dateOf(group[twice].issuedDay)} is there twice`, 1);
      const observed = values[station];
      if (!observed) {
        skipped.push(`${place}: no observations of ${name}`);
        continue;
      }
      if (!climates.has(station)) climates.set(station, weather.usual(observed, network.first, trainEnd, kind));
      const climate = climates.get(station);
      if (!climate) {
        skipped.push(`${place}: fewer than 20 observations before ${options['trainUntil']}`);
        continue;
      }
      const cases = group.flatMap((f): (Case & { f: StationForecast })[] => {
        const some = weather.ofMembers(f.members);
        if (!some) gone += 1;
        else if (f.members.some(Number.isNaN)) incomplete += 1;
        const day = f.issuedDay + f.leadDays;
        return some ? [{ ...some, day, observed: observed[day - network.first] ?? Number.NaN, f }] : [];
      });
      const past = cases.filter(c => c.day < until);
      let correction: Correction;
      try {
        correction = weather.fitCorrection(past, kind, method, climate, r);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        skipped.push(`${place}: ${error.message.replace(/^\w+: /, '')}`);
        continue;
      }
      used.set(correction.method, (used.get(correction.method) ?? 0) + 1);
      const score = (c: Case & { f: StationForecast }) => {
        const d = correction.apply(c);
        const known = !Number.isNaN(c.observed);
        const scores = known
          ? [
              weather.ensembleCrps(c.f.members, c.observed),
              weather.crps(d, c.observed),
              weather.crps(climate.at(c.day), c.observed),
            ]
          : [Number.NaN, Number.NaN, Number.NaN];
        return { d, scores };
      };
      const later = cases.filter(c => c.day >= until);
      const scorable = later.filter(c => !Number.isNaN(c.observed)).length;
      if (scorable < FEW)
        for (const c of past) tally.add(`${place} (days of training)`, undefined, score(c).scores, false);
      for (const c of later) {
        const { d, scores } = score(c);
        const q = [0.05, 0.5, 0.95].map(p => weather.quantile(d, p));
        tally.add(place, leadDays, scores, c.observed >= q[0] && c.observed <= q[2], scorable >= FEW);
        const number = (v: number) => (Number.isNaN(v) ? '' : Number(v.toFixed(4)));
        out.push([
          network.stations[station].name,
          name,
          weather.dateOf(c.f.issuedDay),
          leadDays,
          number(weather.mean(d)),
          d.kind === 'rain' ? '' : number(d.scale),
          ...q.map(number),
          number(c.observed),
          number(scores[1]),
          variable.unit,
          issuedHour,
          weather.dateOf(c.day),
          d.kind === 'rain' ? number(d.wet) : '',
          number(scores[0]),
          number(scores[2]),
        ]);
      }
    }
    progress.done();
    if (out.length === 0)
      throw new CommandError(
        `nothing could be forecast: ${skipped[0] ?? `no forecasts for days from ${options['trainUntil']} on`}`,
        1,
      );
    const flat = [...climates].flatMap(([s, c]) => (c && !c.seasons ? [network.stations[s].name] : []));
    const missing = [
      ...(flat.length > 0
        ? [
            `observations before ${options['trainUntil']} do not cover the year, so no seasons are known: ${flat.join(', ')}`,
          ]
        : []),
      ...(used.get('climatology')
        ? [
            `the forecasts do not beat climatology on days of training, which is given instead, at ${used.get('climatology')} stations and leads`,
          ]
        : []),
      ...(incomplete > 0 ? [`${incomplete} forecasts lack some of their members; the others were used`] : []),
      ...(gone > 0 ? [`${gone} forecasts lack most of their members, or a step; not used`] : []),
    ];
    const worse = tally.worse();
    for (const line of [
      ...missing,
      ...skipped.map(s => `left out: ${s}`),
      ...worse.map(w => `no better than climatology: ${w}`),
    ])
      io.log(line);
    const methods = [...used].map(([m, n]) => `${m} at ${n} stations and leads`).join(', ');
    const provenance = provenanceLine({
      command: 'madang weather postprocess',
      units: `${variable.unit} for mean, sd, q05, q50, q95, observed and crps; 1 for chance_wet`,
      inputs: list.slice(0, 8).map(f => ({ name: basename(f), sha256: fingerprint(f) })),
      note: `${methods}; fitted on days before ${options['trainUntil']}; ${[...reads].join(' | ')}${list.length > 8 ? `; ${list.length} files, the first 8 are named` : ''}`,
      cite: citation(options['citation'], CITE),
    });
    writeOrRefuse(String(options['out']), formatCsv(COLUMNS, withProvenance(out, provenance)));
    const all = tally.all();
    const json = {
      ok: true,
      method,
      used: Object.fromEntries(used),
      forecasts: out.length,
      scored: all.n,
      ...(all.n > 0
        ? { crpsRaw: all.raw, crps: all.corrected, crpsClimatology: all.climatology, coverage90: all.coverage90 }
        : {}),
      leads: tally.leads(),
      noBetterThanClimatology: worse,
      skipped,
      outside: [...outside],
      missing,
      read: [...reads],
      provenance,
    };
    const text = [
      `${out.length} forecasts written (${methods}).`,
      all.n > 0
        ? `CRPS in ${variable.unit} on ${all.n} that could be scored: ${all.corrected.toFixed(3)}, uncorrected ${all.raw.toFixed(3)}, climatology ${all.climatology.toFixed(3)}; ${(100 * all.coverage90).toFixed(1)} % inside the 90 % interval.`
        : 'None could be scored: there are no observations of those days.',
      ...json.leads.map(
        l =>
          `  ${String(l.leadDays).padStart(3)} days ahead  ${l.crps.toFixed(3)}  uncorrected ${l.crpsRaw.toFixed(3)}  climatology ${l.crpsClimatology.toFixed(3)}  inside ${(100 * l.coverage90).toFixed(1)} %`,
      ),
    ].join('\n');
    return { json, text };
  },
};

/** `level=1000,height=2` as a map. */
function selection(text: unknown): ReadonlyMap<string, number> {
  if (!text) return new Map();
  return new Map(
    String(text)
      .split(',')
      .map((pair): [string, number] => {
        const [dimension, value] = pair.split('=');
        if (value === undefined || value.trim() === '' || !Number.isFinite(Number(value)))
          throw new CommandError(`--select wants a dimension and a number, such as level=1000, not "${pair}"`, 2);
        return [dimension.trim(), Number(value)];
      }),
  );
}

interface Sums {
  n: number;
  raw: number;
  corrected: number;
  climatology: number;
  inside: number;
}

/** Sums of scores by lead, and by station and lead. */
class Tally {
  readonly #leads = new Map<number, Sums>();
  readonly #places = new Map<string, Sums>();

  /** `scores`: raw, corrected, climatology; NaN takes no part. Without a lead it counts for the place alone, with `judged` false for the lead alone. */
  add(place: string, lead: number | undefined, scores: readonly number[], inside: boolean, judged = true): void {
    if (scores.some(Number.isNaN)) return;
    const into = <K>(map: Map<K, Sums>, key: K) => {
      const s = map.get(key) ?? { n: 0, raw: 0, corrected: 0, climatology: 0, inside: 0 };
      map.set(key, s);
      s.n += 1;
      s.raw += scores[0];
      s.corrected += scores[1];
      s.climatology += scores[2];
      s.inside += inside ? 1 : 0;
    };
    if (lead !== undefined) into(this.#leads, lead);
    if (judged) into(this.#places, place);
  }

  leads() {
    return [...this.#leads]
      .sort(([a], [b]) => a - b)
      .map(([leadDays, s]) => {
        const m = means(s);
        return {
          leadDays,
          n: m.n,
          crpsRaw: m.raw,
          crps: m.corrected,
          crpsClimatology: m.climatology,
          coverage90: m.coverage90,
        };
      });
  }

  all() {
    const total = { n: 0, raw: 0, corrected: 0, climatology: 0, inside: 0 };
    for (const s of this.#leads.values()) for (const k of Object.keys(total) as (keyof Sums)[]) total[k] += s[k];
    return means(total);
  }

  /** Where the corrected forecasts score no better than climatology. */
  worse(): string[] {
    return [...this.#places].flatMap(([place, s]) =>
      s.corrected < s.climatology
        ? []
        : [
            `${place}: CRPS ${(s.corrected / s.n).toFixed(3)}, climatology ${(s.climatology / s.n).toFixed(3)} on ${s.n} days`,
          ],
    );
  }
}

const means = (s: Sums) => ({
  n: s.n,
  raw: s.raw / s.n,
  corrected: s.corrected / s.n,
  climatology: s.climatology / s.n,
  coverage90: s.inside / s.n,
});
