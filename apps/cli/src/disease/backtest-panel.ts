// The panel part of `madang disease backtest`: the last periods of a table without a change log, each forecast from the periods before,
// and scored against quantiles of the same time of year, since the table holds the truth too.
import { join } from 'node:path';
import type { Forecast, ModelScore, PanelConfig, PanelData, PanelForecast, Truth } from '@madang/disease';
import { CommandError, type Io, type Options, type Outcome } from '../command.ts';
import { readPanelFile, readText } from './files.ts';
import { MODEL, writeAtomically } from './forecast-file.ts';
import { roundsProgress, runBlocks, threadsOf } from './replay-pool.ts';
import type { PanelTask } from './replay-worker.ts';

/** Replays the panel of `--hub dengue` or `--config FILE` and writes the wide quantile form. */
export async function backtestPanel(o: Options, io: Io, started: number): Promise<Outcome> {
  const { LEVELS, panelBlocks, panelTargets } = await import('@madang/disease');
  const { formatCsv } = await import('@madang/numerics');
  const config = await configOf(o);
  const path = join(String(o['data']), config.file);
  const data = await readPanelFile(path, config);
  const { series, disease, notes } = data;
  if (!series.some(s => s.values.some(v => !Number.isNaN(v))))
    throw new CommandError(
      `${path}: no ${series.length === 0 ? 'rows' : `value in column "${config.value}"`}; a panel of values by place was expected`,
    );
  const targets = panelTargets(series, disease);
  const base = { kind: 'panel' as const, panel: path, config, targets, seed: String(o['seed']) };
  const tasks = panelBlocks(targets, disease).map((rounds, id): PanelTask => ({ ...base, id, rounds }));
  const out = String(o['out']);
  const options = { threads: threadsOf(o['threads']), resume: `${out}.part`, progress: roundsProgress(io, tasks) };
  const forecasts = (await runBlocks(tasks, options)).flat();
  const columns = ['model', 'target', 'origin_date', 'horizon', 'target_end_date', 'location'];
  const rows = forecasts.map(f => [
    MODEL,
    config.name,
    f.origin,
    f.horizon,
    f.targetEnd,
    f.location,
    ...Array.from(f.quantiles, q => Number(q.toPrecision(6))),
  ]);
  await writeAtomically(out, formatCsv([...columns, ...LEVELS.map(t => `q${t}`)], rows));
  const score = await scoreOf(data, forecasts, targets, config.name);
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const places = new Set(forecasts.map(f => f.location)).size;
  const origins = tasks.reduce((n, t) => n + t.rounds.length, 0);
  const said = score
    ? `; against quantiles of the same time of year ${score.relwis.toFixed(3)} pooled, ${score.gm_loc.toFixed(3)} per place, ${score.logrel.toFixed(3)} log (${score.n} targets)`
    : '';
  return {
    json: {
      model: MODEL,
      ...(o['hub'] === undefined ? {} : { hub: o['hub'] }),
      target: o['hub'] === undefined ? config.name : String(o['target'] ?? 'panel'),
      origins,
      places,
      forecasts: forecasts.length,
      out,
      seconds,
      score: score ?? null,
      notes,
    },
    text: `${forecasts.length} forecasts of ${places} places from ${origins} origins, ${seconds} s: ${out}${said}`,
  };
}

/** The config asked for: a file's, or one of the two for dengue. */
async function configOf(o: Options): Promise<PanelConfig> {
  const { DENGUE, DENGUE_NATIONAL, panelDisease } = await import('@madang/disease');
  if (o['config'] === undefined) {
    const name = String(o['target'] ?? 'panel');
    if (name !== 'panel' && name !== 'national')
      throw new CommandError(`--target of dengue takes panel or national, not "${name}"`, 2);
    return { panel: DENGUE, national: DENGUE_NATIONAL }[name];
  }
  const path = String(o['config']);
  try {
    const config = JSON.parse(await readText(path)) as PanelConfig;
    panelDisease(config);
    return config;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError)
      throw new CommandError(`${path}: ${error.message}`, 2, { cause: error });
    throw error;
  }
}

/** Periods on either side that are the same time of year: a month, or two weeks. */
const SAME_TIME = { month: 1, week: 2 } as const;

/** Ours against the seasonal quantiles, where both have a forecast and the truth is known; undefined when there is no such target. */
async function scoreOf(
  { series, disease }: PanelData,
  forecasts: readonly PanelForecast[],
  [from, to]: readonly [number, number],
  target: string,
): Promise<ModelScore | undefined> {
  const { LEVELS, scoreForecasts, seasonalQuantiles } = await import('@madang/disease');
  const { perYear } = disease.calendar;
  const [year, halfWidth] = perYear === 52 ? [52.18, SAME_TIME.week] : [perYear, SAME_TIME.month];
  const all: Forecast[] = forecasts.map(f => ({
    ...f,
    model: MODEL,
    target,
    originDate: f.origin,
    targetEndDate: f.targetEnd,
  }));
  const truth: Truth[] = [];
  const reference = 'seasonal-quantile';
  for (const s of series) {
    const location = disease.groupColumn === undefined ? s.location : `${s.target}:${s.location}`;
    for (let period = Math.max(from, s.first); period <= to; period++) {
      const value = s.values[period - s.first];
      if (value === undefined || Number.isNaN(value)) continue;
      const targetEndDate = disease.nameOf(period);
      truth.push({ target, location, date: targetEndDate, value });
      for (const horizon of disease.horizons) {
        const known = s.values.subarray(0, Math.max(0, period - horizon - s.first + 1));
        const quantiles = seasonalQuantiles(known, s.first, period, year, halfWidth);
        const originDate = disease.nameOf(period - horizon);
        if (quantiles) all.push({ model: reference, target, originDate, horizon, targetEndDate, location, quantiles });
      }
    }
  }
  if (!all.some(f => f.model === reference)) return undefined;
  const { models } = scoreForecasts({ levels: LEVELS, truth, forecasts: all, baseline: reference });
  return models.find(m => m.model === MODEL);
}
