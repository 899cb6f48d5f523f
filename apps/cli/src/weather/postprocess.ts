// madang weather postprocess: forecasts of numerical or AI weather models, brought to stations and corrected by past errors.
import { basename } from 'node:path';
import { formatCsv } from '@madang/numerics';
import { type Command, CommandError } from '../command.ts';
import { provenanceLine, writeOrRefuse } from '../results.ts';
import { lacking, methods, report, text } from './postprocess-report.ts';
import { COLUMNS, cells } from './postprocess-table.ts';
import { citation, withProvenance } from './table.ts';

const CITE =
  'Gneiting et al. 2005, Mon. Wea. Rev. 133, 1098 (EMOS); Thorarinsdottir and Gneiting 2010, J. R. Stat. Soc. A 173, 371 (wind); Rasp and Lerch 2018, Mon. Wea. Rev. 146, 3885 (network)';
/** So many files are named in the provenance; of more, their number is said. */
const NAMED = 8;

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
    const { checkedRequest, wantedOfFiles } = await import('./postprocess-request.ts');
    const { readNetwork } = await import('./read.ts');
    const { fingerprint } = await import('./read-forecast.ts');
    const { mustBeMeasured, observedOf, readForecasts } = await import('./postprocess-input.ts');
    const { correctAll } = await import('./postprocess-correct.ts');

    const request = checkedRequest(options);
    const { variable, trainUntil } = request;
    const { network } = readNetwork(String(options['data']), options['trustUnits'] === true, io);
    mustBeMeasured(network, variable);
    const paths = (Array.isArray(files) ? files : [files]).map(String);
    const given = readForecasts(paths, wantedOfFiles(options, request), network.stations, io);
    const observed = observedOf(network, request, given.forecasts, io);
    const corrected = correctAll(given.forecasts, observed, request, io);
    const { forecasts, skipped, tally } = corrected;
    if (forecasts.length === 0)
      throw new CommandError(
        `nothing could be forecast: ${skipped[0] ?? `no forecasts for days from ${trainUntil} on`}`,
        1,
      );

    const missing = lacking(corrected, trainUntil);
    for (const line of missing) io.log(line);
    for (const place of skipped) io.log(`left out: ${place}`);
    for (const place of tally.worse()) io.log(`no better than climatology: ${place}`);

    const provenance = provenanceLine({
      command: 'madang weather postprocess',
      units: `${variable.unit} for mean, sd, q05, q50, q95, observed and crps; 1 for chance_wet`,
      inputs: paths.slice(0, NAMED).map(f => ({ name: basename(f), sha256: fingerprint(f) })),
      note: `${methods(corrected)}; fitted on days before ${trainUntil}; ${given.read.join(' | ')}${paths.length > NAMED ? `; ${paths.length} files, the first ${NAMED} are named` : ''}`,
      cite: citation(options['citation'], CITE),
    });
    writeOrRefuse(String(options['out']), formatCsv(COLUMNS, withProvenance(forecasts.map(cells), provenance)));
    return { json: report(request, given, corrected, missing, provenance), text: text(corrected, variable.unit) };
  },
};
