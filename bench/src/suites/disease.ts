// Disease: a season replayed deadline by deadline beside the hub's ensemble, the noised pilot, one round, and scoring beside the
// reference program in Python. Uses the newest season of the European reference data that has published forecasts.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ChangeLog,
  changeLog,
  dateOf,
  dayOf,
  excludedWeeks,
  type FinalForecast,
  type Forecast,
  fitIncrements,
  HUBS,
  incrementHistogram,
  pilotQuantiles,
  pilotScale,
  pilotSpec,
  readForecasts,
  readTruth,
  recalibrated,
  replayBlock,
  roundsOf,
  scoreForecasts,
  snapshot,
  targetWeek,
  weekEnd,
  weeklyMembers,
  weekOf,
} from '@madang/disease';
import { parseCsv, random } from '@madang/numerics';
import { type BenchSuite, medianSeconds } from '../figure.ts';

const shared = process.env['MADANG_SHARED'] ?? '../shared';
const folder = join(shared, 'data/disease/respicast');
const hub = HUBS.respicast;
const TARGET = 'ILI';

export const disease: BenchSuite = async function* () {
  if (!existsSync(folder)) return;
  const read = (name: string) => parseCsv(readFileSync(join(folder, name), 'utf8'), name);
  const published = readdirSync(folder)
    .filter(f => /^forecasts_\d{4}-\d\d\.csv$/.test(f))
    .sort()
    .at(-1);
  if (published === undefined) return;
  const year = Number(published.slice(10, 14));
  const season = `${year}/${published.slice(15, 17)}`;
  const { levels, forecasts } = readForecasts(read(published), published);
  const truth = readTruth(read('scoring_truth.csv'));
  const baseline = [...new Set(forecasts.map(f => f.model))].find(m => /baseline/i.test(m))!;
  const ensemble = [...new Set(forecasts.map(f => f.model))].find(m => /ensemble/i.test(m))!;
  const request = { levels, truth, baseline, target: TARGET, season };
  yield* scoring(published, season, baseline, () => scoreForecasts({ ...request, forecasts }));

  const log = readLog(read('vintages.csv'));
  const rounds = roundsOf(hub, year, log.knownFrom[0], log.knownFrom[log.knownFrom.length - 1]);
  const plan = { hub, target: TARGET, logs: [log], members: weeklyMembers(), seed: 'bench' };
  const one = await medianSeconds(() => replayBlock(plan, rounds.slice(-1)), 1, 0);
  yield limit('one round, all places, trained afresh', 's', one, 10);

  const start = performance.now();
  const raw = [];
  for (let k = 0; k < rounds.length; k += 8) raw.push(...replayBlock(plan, rounds.slice(k, k + 8)));
  const ours = recalibrated(plan, raw).map(published_);
  yield limit(`season ${season}, ${rounds.length} deadlines, one thread`, 's', (performance.now() - start) / 1000, 300);
  const scored = scoreForecasts({ ...request, forecasts: [...forecasts, ...ours] }).models;
  const of = (m: string) => scored.find(s => s.model === m)!;
  for (const figure of ['relwis', 'gm_loc', 'logrel'] as const) {
    yield {
      name: `stack, ${season} ${TARGET}, ${figure}`,
      unit: 'of the baseline',
      ours: of(OURS)[figure],
      against: { name: ensemble, value: of(ensemble)[figure] },
      smallerIsBetter: true,
      runs: 1,
    };
  }
  for (const [error, epsilon] of [
    [0, 'none'],
    [26, '4.0'],
    [52, '1.9'],
  ] as const) {
    const pilot = pilotSeason(log, rounds, year, error);
    const relwis = scoreForecasts({ ...request, forecasts: [...forecasts, ...pilot] }).models.find(
      s => s.model === OURS,
    )!;
    yield limit(
      `pooled increments, error ${error} a cell, epsilon ${epsilon} for a place-week`,
      'of the baseline',
      relwis.relwis,
      0.85,
    );
  }
};

const OURS = 'ours';

function limit(name: string, unit: string, ours: number, value: number) {
  return { name, unit, ours, against: { name: 'limit', value }, smallerIsBetter: true, runs: 1 };
}

async function* scoring(file: string, season: string, baseline: string, run: () => unknown) {
  const ours = await medianSeconds(run, 5);
  const program = join(shared, 'tools/wis.py');
  const scratch = mkdtempSync(join(tmpdir(), 'madang-bench-'));
  const truth = join(scratch, 'truth.csv');
  writeFileSync(truth, readFileSync(join(folder, 'scoring_truth.csv')));
  let peer: number | undefined;
  if (existsSync(program)) {
    const args = [program, '--truth', truth, '--forecasts', join(folder, file), '--baseline', baseline];
    try {
      peer = await medianSeconds(() => execFileSync('python3', [...args, '--target', TARGET, '--season', season]), 3);
    } catch {
      peer = undefined;
    }
  }
  rmSync(scratch, { recursive: true });
  yield {
    name: 'scoring a season of four models',
    unit: 's',
    ours,
    against: {
      name: 'reference program (Python, with reading)',
      value: peer,
      note: peer === undefined ? 'not installed' : '',
    },
    smallerIsBetter: true,
    runs: 5,
  };
}

function readLog(t: ReturnType<typeof parseCsv>): ChangeLog {
  const [targets, locations, dates, known] = ['target', 'location', 'date', 'as_of'].map(c => t.text(c));
  const values = t.numbers('value');
  return changeLog(
    targets.map((target, i) => ({
      target,
      location: locations[i],
      period: weekOf(dayOf(dates[i])),
      knownFrom: dayOf(known[i]),
      value: values[i],
    })),
  );
}

function published_(f: FinalForecast): Forecast {
  return {
    model: OURS,
    target: TARGET,
    originDate: dateOf(f.raw.originDay),
    horizon: f.raw.horizon,
    targetEndDate: dateOf(weekEnd(hub, f.raw.week)),
    location: f.raw.location,
    quantiles: f.quantiles,
  };
}

/** The pilot with five releases, as docs/decisions/0030 describes it. */
function pilotSeason(log: ChangeLog, rounds: readonly number[], year: number, error: number): Forecast[] {
  const spec = pilotSpec(excludedWeeks(TARGET));
  const start = weekOf(dayOf(`${year}-10-01`));
  const scales = new Map<string, number>();
  for (const s of snapshot(log, rounds[0]))
    if (s.target === TARGET) scales.set(s.location, pilotScale(s, start) ?? Number.NaN);
  const out: Forecast[] = [];
  let model: ReturnType<typeof fitIncrements> | undefined;
  const every = Math.ceil(rounds.length / 5);
  for (const [k, day] of rounds.entries()) {
    const table = snapshot(log, day).filter(s => s.target === TARGET);
    if (!model || k % every === 0) {
      const members = table.flatMap(s => {
        const scale = scales.get(s.location) ?? Number.NaN;
        return Number.isNaN(scale) ? [] : [{ ...s, scale }];
      });
      const r = random(`bench ${k}`);
      const noised = Array.from(incrementHistogram(members, spec), c => c + Math.round(error * r.normal()));
      model = fitIncrements(noised, spec, error);
    }
    for (const s of table) {
      const last = s.first + s.values.length - 1;
      const frozen = scales.get(s.location) ?? Number.NaN;
      const scale = Number.isNaN(frozen) ? pilotScale(s, last + 1, 2) : frozen;
      if (scale === undefined) continue;
      for (const horizon of hub.horizons) {
        const week = targetWeek(hub, day, horizon);
        if (week <= last) continue;
        const quantiles = pilotQuantiles(model, last, s.values[s.values.length - 1], scale, week - last);
        const targetEndDate = dateOf(weekEnd(hub, week));
        out.push({
          model: OURS,
          target: TARGET,
          originDate: dateOf(day),
          horizon,
          targetEndDate,
          location: s.location,
          quantiles,
        });
      }
    }
  }
  return out;
}
