// Disease: scores of published forecasts against the reference table that an independent program (the hubs' own definitions, in Python)
// computed before the files' values were rounded to four significant digits; that rounding moves coverage by up to 0.3 %, scores less.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEVELS, type ModelScore, readForecasts, readScores, readTruth, scoreForecasts } from '@madang/disease';
import { parseCsv } from '@madang/numerics';
import type { Reference, ScienceSuite } from '../suite.ts';

const FIGURES = ['wis', 'wis_b', 'relwis', 'gm_loc', 'logrel', 'relae', 'c50', 'c95'] as const;

export const disease: ScienceSuite = async data => {
  const root = join(data, 'disease');
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .filter(hub => existsSync(join(root, hub, 'leaderboard.csv')))
    .flatMap(hub => scoresOf(join(root, hub), hub));
};

function scoresOf(folder: string, hub: string): Reference[] {
  const read = (name: string) => parseCsv(readFileSync(join(folder, name), 'utf8'), name);
  const board = read('leaderboard.csv');
  const [seasons, targets, models] = ['season', 'target', 'model'].map(c => board.text(c));
  const figures = FIGURES.map(c => board.numbers(c));
  const truth = readTruth(read(existsSync(join(folder, 'scoring_truth.csv')) ? 'scoring_truth.csv' : 'truth.csv'));
  const out: Reference[] = [];
  for (const key of [...new Set(seasons.map((s, i) => `${s}\t${targets[i]}`))]) {
    const [season, target] = key.split('\t');
    const label = season.replace('/', '-');
    const rows = models.flatMap((_, i) => (seasons[i] === season && targets[i] === target ? [i] : []));
    const base = rows.find(i => figures[2][i] === 1 && figures[5][i] === 1);
    if (base === undefined) continue;
    const wide = `forecasts_${label}.csv`;
    const peers = `peer_scores_${label}.csv`;
    const forecasts = existsSync(join(folder, wide)) ? readForecasts(read(wide), wide).forecasts : [];
    const scores = existsSync(join(folder, peers)) ? readScores(read(peers)) : [];
    const baseline = models[base];
    const exclude = new Set(['US']);
    const ours = scoreForecasts({ levels: LEVELS, truth, forecasts, scores, baseline, target, season, exclude });
    let cases = 0;
    let largestError = 0;
    for (const m of ours.models) {
      const i = rows.find(r => models[r] === m.model);
      if (i === undefined) continue;
      for (const [k, name] of FIGURES.entries()) {
        cases += 1;
        const want = figures[k][i];
        largestError = Math.max(largestError, Math.abs(m[name as keyof ModelScore & 'wis'] - want) / Math.abs(want));
      }
    }
    if (cases > 0)
      out.push({ name: `scores, ${hub} ${season} ${target}`, cases, largestError, tolerance: 3e-3, unit: 'relative' });
  }
  return out;
}
