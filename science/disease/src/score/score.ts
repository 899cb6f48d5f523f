// Comparing models of a forecast hub with its baseline: the reference data's own definitions (ratio of means, pairwise
// tournament, geometric mean by place, log score, coverage). A model is compared on the targets that both have, and only there.
import { compare, type ModelScore } from './compare.ts';
import { type ScoredForecasts, type Scores, scoreEach, type TargetScore } from './targets.ts';

export interface ScoreRequest extends ScoredForecasts {
  readonly baseline: string;
  readonly exclude?: ReadonlySet<string>;
  /** Keep only targets that every model has. */
  readonly common?: boolean;
  /** Leave out models with a smaller share of the baseline's targets. */
  readonly minShare?: number;
  readonly by?: 'location' | 'horizon' | 'target';
}

export interface ScoreResult {
  /** Ascending by gm_loc. With `by`, all groups one after the other. */
  readonly models: readonly (ModelScore & { readonly group?: string })[];
  /** Forecasts that could not be scored. */
  readonly skipped: { readonly noTruth: number; readonly incomplete: number };
}

/** Scores forecasts against truth and compares the models. Throws a RangeError when the baseline has no scored target. */
export function scoreForecasts(request: ScoreRequest): ScoreResult {
  const { byModel, skipped } = scoreEach(request, request.baseline);
  if (request.exclude) {
    for (const scores of byModel.values())
      for (const [key, s] of scores) if (request.exclude.has(s.location)) scores.delete(key);
  }
  const baseline = byModel.get(request.baseline);
  if (!baseline?.size)
    throw new RangeError(
      `no scored target of the baseline "${request.baseline}"; models with scores: ${[...byModel.keys()].join(', ') || 'none'}`,
    );
  if (request.common) keepCommon(byModel);
  if (!request.by) return { models: compare(byModel, request.baseline, request.minShare ?? 0), skipped };
  const by = request.by;
  const groupOf = (s: TargetScore) => (by === 'target' ? s.target : by === 'location' ? s.location : String(s.horizon));
  const groups = [...new Set([...baseline.values()].map(groupOf))].sort((a, b) =>
    by === 'horizon' ? Number(a) - Number(b) : a < b ? -1 : 1,
  );
  const models = groups.flatMap(group => {
    const part: Scores = new Map();
    for (const [m, scores] of byModel) part.set(m, new Map([...scores].filter(([, s]) => groupOf(s) === group)));
    return compare(part, request.baseline, request.minShare ?? 0).map(r => ({ group, ...r }));
  });
  return { models, skipped };
}

function keepCommon(byModel: Scores): void {
  const all = [...byModel.values()];
  const common = new Set([...all[0].keys()].filter(k => all.every(m => m.has(k))));
  for (const m of all) for (const k of m.keys()) if (!common.has(k)) m.delete(k);
}
