// madang disease score: compares forecasts with a hub's baseline by weighted interval score.
import type { Forecast, ModelScore, TargetScore, Truth } from '@madang/disease';
import type { Table } from '@madang/numerics';
import { type Command, CommandError } from '../command.ts';
import { readTable } from './files.ts';

const list = (v: unknown) => (Array.isArray(v) ? (v as string[]) : []);
const text = (v: unknown) => (typeof v === 'string' ? v : undefined);
const names = (v: unknown) => (typeof v === 'string' ? new Set(v.split(',').map(s => s.trim())) : undefined);

export const score: Command = {
  name: 'score',
  summary: 'score quantile forecasts against truth: WIS, relative WIS, coverage',
  description: `Compares every model with the baseline on the targets that both have.

Truth: CSV with target,location,date,value (season optional). Forecasts: CSV in the wide form (model,target,origin_date,
horizon,target_end_date,location,q0.01 … q0.99) or hubverse long form. Scores: CSV with per-target scores of models whose
forecasts are not at hand. Columns: relwis ratio of mean WIS, theta pairwise tournament, gm_loc geometric mean over places,
logrel ratio on log(1+x), relae ratio of absolute errors, c50 and c95 coverage. Below 1 is better than the baseline.`,
  options: [
    { flags: '--truth <file>', description: 'observed values', required: true },
    { flags: '--forecasts <files...>', description: 'forecast files' },
    { flags: '--scores <files...>', description: 'per-target score files' },
    { flags: '--baseline <model>', description: 'the model to divide by', required: true },
    { flags: '--target <name>', description: 'only this target, e.g. ILI' },
    { flags: '--season <label>', description: 'only truth of this season, where the file has a season column' },
    { flags: '--exclude <locations>', description: 'locations to leave out, separated by commas' },
    { flags: '--models <names>', description: 'only these models (and the baseline)' },
    { flags: '--origin-from <date>', description: 'first deadline' },
    { flags: '--origin-to <date>', description: 'last deadline' },
    { flags: '--common', description: 'only targets that every model has' },
    { flags: '--min-share <share>', description: "least share of the baseline's targets", default: '0' },
    { flags: '--by <what>', description: 'one block for each location, horizon or target' },
  ],
  examples: [
    'madang disease score --truth truth.csv --forecasts hub.csv ours.csv --target ILI --baseline respicast-quantileBaseline',
  ],
  async run(_, o) {
    const { readForecasts, readScores, readTruth, scoreForecasts } = await import('@madang/disease');
    const by = text(o['by']);
    if (by !== undefined && by !== 'location' && by !== 'horizon' && by !== 'target')
      throw new CommandError(`--by takes location, horizon or target, not "${by}"`, 2);
    const minShare = Number(o['minShare']);
    if (!(minShare >= 0 && minShare <= 1))
      throw new CommandError(`--min-share takes a number from 0 to 1, not "${o['minShare']}"`, 2);
    if (list(o['forecasts']).length + list(o['scores']).length === 0)
      throw new CommandError('nothing to score: give --forecasts or --scores', 2);
    const truth: Truth[] = await named(String(o['truth']), readTruth);
    const forecasts: Forecast[] = [];
    let levels: readonly number[] | undefined;
    for (const file of list(o['forecasts'])) {
      const model = (file.split(/[\\/]/).pop() ?? file).replace(/\.[^.]*$/, '').replace(/^\d{4}-\d\d-\d\d-/, '');
      const part = await named(file, t => readForecasts(t, model));
      levels ??= part.levels;
      if (part.levels.join() !== levels.join())
        throw new CommandError(
          `${file}: quantile levels ${part.levels.join(' ')} differ from those of the first file (${levels.join(' ')})`,
        );
      for (const f of part.forecasts) forecasts.push(f);
    }
    const scores: TargetScore[] = [];
    for (const file of list(o['scores'])) for (const s of readScores(await readTable(file))) scores.push(s);
    try {
      const { models, skipped } = scoreForecasts({
        levels: levels ?? [0.025, 0.25, 0.5, 0.75, 0.975],
        truth,
        forecasts,
        scores,
        baseline: String(o['baseline']),
        target: text(o['target']),
        season: text(o['season']),
        exclude: names(o['exclude']),
        models: names(o['models']),
        originFrom: text(o['originFrom']),
        originTo: text(o['originTo']),
        common: o['common'] === true,
        minShare,
        by,
      });
      return { json: { models, skipped }, text: format(models) };
    } catch (error) {
      if (error instanceof RangeError) throw new CommandError(error.message, 1, { cause: error });
      throw error;
    }
  },
};

/** Reads a file, its name in front of what is wrong with it. */
async function named<T>(file: string, read: (table: Table) => T): Promise<T> {
  const table = await readTable(file);
  try {
    return read(table);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CommandError(`${file}, ${error.message}`, 1, { cause: error });
  }
}

function format(models: readonly (ModelScore & { readonly group?: string })[]): string {
  const columns = ['n', 'share', 'wis', 'wis_b', 'relwis', 'theta', 'gm_loc', 'logrel', 'relae', 'c50', 'c95'] as const;
  const width = Math.max(6, ...models.map(m => m.model.length)) + 1;
  const lines: string[] = [];
  let group: string | undefined;
  for (const m of models) {
    if (lines.length === 0 || m.group !== group) {
      if (m.group !== undefined) lines.push(`# ${m.group}`);
      lines.push(`${'model'.padEnd(width)}${columns.map(c => c.padStart(9)).join('')}`);
      group = m.group;
    }
    const cells = columns.map(c => (c === 'n' ? String(m.n) : m[c].toFixed(3)).padStart(9));
    lines.push(`${m.model.padEnd(width)}${cells.join('')}`);
  }
  return lines.join('\n');
}
