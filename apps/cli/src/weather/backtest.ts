// madang weather backtest: a test year forecast from earlier years only, by each station alone, by all through secure sums, and pooled.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { formatCsv, random } from '@madang/numerics';
import type { Model, Network, Prepared, ScoreRow } from '@madang/weather';
import { type Command, CommandError } from '../command.ts';
import { provenanceLine, writeOrRefuse } from '../results.ts';
import { absent, MODELS, notForecast, report, rounded, summarise, text } from './backtest-report.ts';
import type { Fitted, Task } from './model-worker.ts';
import { citation, withProvenance } from './table.ts';

export const backtest: Command = {
  name: 'backtest',
  summary: 'scores of a test year: own station, federated, pooled',
  description: [
    'Forecasts every day of a test year 1 to 10 days ahead, trained on all earlier days of the data.',
    'DIR holds stations.csv (station, latitude, longitude, elevation_m) and daily_*.csv (DATE, then STATION_variable columns;',
    'temp_* in deg C, precipitation cm, wind m/s, pressure 1000 hPa, radiation 100 W/m2, humidity 0-1, cloud oktas, sunshine hours).',
    'OUT gets the temperatures of the federated model: station, variable, lead_days, n, rmse_C, crps_C, coverage90, provenance;',
    'a station without a single value in the test year has no line. The JSON says in "training" how long the gates and the fits and',
    "forecasts of all three models took together (wall seconds), on how many threads, and each model's own seconds.",
  ].join('\n'),
  options: [
    { flags: '--data <dir>', description: 'folder with stations.csv and daily_*.csv', required: true },
    { flags: '--test-year <year>', description: 'the year to forecast', required: true },
    { flags: '--out <file>', description: 'scores as CSV' },
    { flags: '--issues <file>', description: 'every value that the gates stopped, as CSV' },
    { flags: '--trust-units', description: 'take values whose unit looks wrong as they are' },
    { flags: '--citation <text>', description: "the data's own citation, repeated in OUT" },
  ],
  examples: ['madang weather backtest --data weather --test-year 2008 --out scores.csv --json'],
  async run(_args, options, io) {
    const year = Number(options['testYear']);
    if (!Number.isInteger(year) || year < 1 || year > 9999)
      throw new CommandError(`--test-year wants a year such as 2008, not "${options['testYear']}"`, 2);
    const { readNetwork } = await import('./read.ts');
    const weather = await import('@madang/weather');
    const { network, sources } = readNetwork(String(options['data']), options['trustUnits'] === true, io);
    const started = performance.now();
    const progress = io.progress('models', MODELS.length);
    // Stations alone need not wait until the neighbours' values are checked.
    const alone = inWorker({ model: 'own', network, year }, progress.tick);
    let prepared: Prepared;
    let stopped: ReturnType<typeof summarise>;
    try {
      prepared = weather.prepare(network, year);
      stopped = summarise(prepared);
      const refusal = nothingToForecast(network, prepared, stopped, weather.isForecast);
      if (refusal !== undefined) throw new CommandError(refusal, 1);
    } catch (error) {
      await alone.stop();
      if (error instanceof RangeError) throw new CommandError(error.message, 1, { cause: error });
      throw error;
    }
    for (const s of stopped) io.log(`gate: ${s.text}`);
    const missing = absent(network, prepared, weather.dateOf);
    for (const m of missing.columns)
      io.log(`missing: ${m.column}: ${m.training} training values, ${m.test} of the test year; not filled`);
    if (missing.daysWithoutRow.length > 0)
      io.log(`missing: no row for ${missing.daysWithoutRow.length} days, first ${missing.daysWithoutRow[0]}`);
    for (const line of notForecast(network, prepared, weather.isForecast)) io.log(line);
    if (network.unused.length > 0) io.log(`not used (unknown variables): ${network.unused.join(', ')}`);
    for (const t of prepared.targets)
      if (t.observed.subarray(prepared.testFrom, prepared.testTo).every(Number.isNaN))
        io.log(`not scored: ${network.series[t.series].column}: no value in the test year`);
    const beside = inWorker({ model: 'pooled', prepared }, progress.tick);
    const begun = performance.now();
    const forecasts = weather.forecast(prepared, 'federated');
    const federated = { seconds: secondsSince(begun), rows: weather.scoreAll(prepared, forecasts) };
    progress.tick();
    const [own, pooled] = await Promise.all([alone.fitted, beside.fitted]);
    progress.done();
    const training = {
      seconds: secondsSince(started),
      threads: MODELS.length,
      cores: availableParallelism(),
      models: { own: own.seconds, federated: federated.seconds, pooled: pooled.seconds },
    };
    const verified = weather.verification(prepared, forecasts, [1, 3, 5, 10], random(`verify ${year}`));
    const rows: Record<Model, ScoreRow[]> = { own: own.rows, federated: federated.rows, pooled: pooled.rows };
    const base = weather.baselines(prepared);
    const provenance = provenanceLine({
      command: 'madang weather backtest',
      units: 'deg C for rmse_C and crps_C; share of days for coverage90',
      inputs: sources,
      note: `federated model, test year ${year}, trained on ${prepared.trainEnd} earlier days`,
      cite: citation(options['citation']),
    });
    if (options['out']) writeScores(String(options['out']), rows.federated, provenance);
    if (options['issues']) writeIssues(String(options['issues']), prepared);
    const summary = report(year, prepared, network.stations.length, rows, base, stopped, training, provenance);
    const json = { ...summary, missing, verification: verified };
    return { json, text: text(summary, year) };
  },
};

const secondsSince = (begun: number) => rounded((performance.now() - begun) / 1000, 2);

/** Why no column, or no temperature of those that are there, can be forecast, with the first value that a gate stopped; undefined where all is well. */
function nothingToForecast(
  network: Network,
  p: Prepared,
  stopped: ReturnType<typeof summarise>,
  isForecast: (variable: string) => boolean,
): string | undefined {
  const wanted = network.series.filter(s => isForecast(s.variable.name));
  if (wanted.length === 0)
    return 'there is nothing to forecast: no column STATION_temp_mean, _temp_min, _temp_max, _precipitation or _wind_speed';
  const inDegrees = wanted.filter(s => s.variable.unit === 'deg C');
  const must = inDegrees.length > 0 ? inDegrees : wanted;
  if (p.targets.some(t => must.includes(network.series[t.series]))) return undefined;
  const columns = must.map(s => s.column);
  const first = stopped.find(s => columns.includes(s.column));
  return `there is nothing to forecast: ${columns.length} columns such as ${columns[0]} have too few training values in some season${first ? `; ${first.text}; units are those of "madang weather backtest --help"` : ''}`;
}

/** Fits and scores one model on a thread of its own. */
function inWorker(task: Task, done: () => void): { readonly fitted: Promise<Fitted>; stop(): Promise<unknown> } {
  const worker = new Worker(new URL('./model-worker.ts', import.meta.url), { workerData: task });
  const fitted = new Promise<Fitted>((resolve, reject) => {
    worker.once('message', (f: Fitted) => {
      done();
      resolve(f);
    });
    worker.once('error', reject);
  });
  // Who stops a thread no longer waits for what it would have said.
  fitted.catch(() => {});
  return { fitted, stop: () => worker.terminate() };
}

function writeScores(file: string, rows: readonly ScoreRow[], provenance: string): void {
  const columns = ['station', 'variable', 'lead_days', 'n', 'rmse_C', 'crps_C', 'coverage90', 'provenance'];
  const lines = rows
    .filter(r => r.unit === 'deg C' && r.n > 0)
    .map(r => [r.station, r.variable, r.leadDays, r.n, r.rmse.toFixed(4), r.crps.toFixed(4), r.coverage90.toFixed(4)]);
  writeOrRefuse(file, formatCsv(columns, withProvenance(lines, provenance)));
}

function writeIssues(file: string, p: Prepared): void {
  const columns = ['file', 'row', 'column', 'date', 'value', 'rule', 'reason'];
  const lines = p.issues.map(i => [i.file ?? '', i.row ?? '', i.column, i.date ?? '', i.value ?? '', i.rule, i.reason]);
  writeOrRefuse(file, formatCsv(columns, lines));
}
