// Scoring forecasts one by one, each against the value that came true.
import type { Forecast, Truth } from '../levels.ts';
import { log1, pit, type WisParts, wis, wisParts } from './wis.ts';

/** Score of one forecast; c50 and c95 say whether the truth lay inside (ends count). */
export interface TargetScore {
  readonly model: string;
  readonly target: string;
  readonly originDate: string;
  readonly horizon: number;
  readonly targetEndDate: string;
  readonly location: string;
  readonly wis: number;
  readonly logWis: number;
  readonly absoluteError: number;
  readonly c50: boolean;
  readonly c95: boolean;
  /** Parts of WIS and the probability integral transform; absent for models known only by their scores. */
  readonly parts?: WisParts;
  readonly pit?: number;
}

/** What hubs write for a target in their own files, and its short name here. */
const SHORT: Readonly<Record<string, string>> = {
  'ILI incidence': 'ILI',
  'ARI incidence': 'ARI',
  'wk inc flu hosp': 'hosp',
};

/** The short name of a target, as hubs' files may write it. */
export function shortTarget(target: string): string {
  return SHORT[target] ?? target;
}

/** Scores of each model by target, deadline, place and week. */
export type Scores = Map<string, Map<string, TargetScore>>;

/** Forecasts, what came true, and which of them count. */
export interface ScoredForecasts {
  /** Levels of every forecast's quantiles, ascending; 0.5, 0.25, 0.75, 0.025 and 0.975 must be among them. */
  readonly levels: readonly number[];
  readonly truth: Iterable<Truth>;
  readonly forecasts: Iterable<Forecast>;
  /** Models known only by their scores; they never replace a forecast that is there. */
  readonly scores?: Iterable<TargetScore>;
  readonly target?: string;
  /** Keeps truth of this label; truth without a label is always kept. */
  readonly season?: string;
  readonly models?: ReadonlySet<string>;
  /** Inclusive ISO days. */
  readonly originFrom?: string;
  readonly originTo?: string;
}

/** Scores by model, and how many forecasts could not be scored. The baseline counts whichever models are asked for. */
export function scoreEach(
  request: ScoredForecasts,
  baseline?: string,
): { byModel: Scores; skipped: { noTruth: number; incomplete: number } } {
  const truth = indexTruth(request);
  const byModel: Scores = new Map();
  const skipped = { noTruth: 0, incomplete: 0 };
  const { levels } = request;
  const at = (t: number) => levels.findIndex(l => Math.abs(l - t) < 1e-9);
  const [i025, i25, i50, i75, i975] = [0.025, 0.25, 0.5, 0.75, 0.975].map(at);
  const wanted = (f: Pick<Forecast, 'model' | 'originDate'>, target: string) =>
    (!request.models || request.models.has(f.model) || f.model === baseline) &&
    (request.target === undefined || target === shortTarget(request.target)) &&
    (request.originFrom === undefined || f.originDate >= request.originFrom) &&
    (request.originTo === undefined || f.originDate <= request.originTo);
  const slot = (model: string) => {
    const known = byModel.get(model);
    if (known) return known;
    const made = new Map<string, TargetScore>();
    byModel.set(model, made);
    return made;
  };
  const logLevels = new Float64Array(levels.length);
  for (const f of request.forecasts) {
    const target = shortTarget(f.target);
    if (!wanted(f, target)) continue;
    const y = truth.get(`${target}\t${f.location}\t${f.targetEndDate}`);
    if (y === undefined) {
      skipped.noTruth += 1;
      continue;
    }
    const q = f.quantiles;
    if (!complete(q, levels.length)) {
      skipped.incomplete += 1;
      continue;
    }
    for (let i = 0; i < levels.length; i++) logLevels[i] = log1(q[i]);
    slot(f.model).set(`${target}\t${f.originDate}\t${f.location}\t${f.targetEndDate}`, {
      model: f.model,
      target,
      originDate: f.originDate,
      horizon: f.horizon,
      targetEndDate: f.targetEndDate,
      location: f.location,
      wis: wis(levels, q, y),
      logWis: wis(levels, logLevels, log1(y)),
      absoluteError: Math.abs(q[i50] - y),
      c50: q[i25] <= y && y <= q[i75],
      c95: q[i025] <= y && y <= q[i975],
      parts: wisParts(levels, q, y),
      pit: pit(levels, q, y),
    });
  }
  for (const s of request.scores ?? []) {
    const target = shortTarget(s.target);
    if (!wanted(s, target)) continue;
    if (truth.size > 0 && !truth.has(`${target}\t${s.location}\t${s.targetEndDate}`)) {
      skipped.noTruth += 1;
      continue;
    }
    const key = `${target}\t${s.originDate}\t${s.location}\t${s.targetEndDate}`;
    const scores = slot(s.model);
    if (!scores.has(key)) scores.set(key, { ...s, target });
  }
  return { byModel, skipped };
}

function indexTruth(request: ScoredForecasts): Map<string, number> {
  const out = new Map<string, number>();
  for (const t of request.truth) {
    if (request.season !== undefined && t.season !== undefined && t.season !== request.season) continue;
    if (Number.isFinite(t.value)) out.set(`${shortTarget(t.target)}\t${t.location}\t${t.date}`, t.value);
  }
  return out;
}

function complete(q: ArrayLike<number>, n: number): boolean {
  if (q.length !== n) return false;
  for (let i = 0; i < n; i++) if (Number.isNaN(q[i])) return false;
  return true;
}
