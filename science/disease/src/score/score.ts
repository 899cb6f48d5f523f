// Comparing models of a forecast hub with its baseline: the reference data's own definitions (ratio of means, pairwise
// tournament, geometric mean by place, log score, coverage). A model is compared on the targets that both have, and only there.
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

/** One line of the comparison. Ratios below 1 are better than the baseline. Field names are those of hub leaderboards. */
export interface ModelScore {
  readonly model: string;
  /** Targets that the baseline has too, and their share of the baseline's. */
  readonly n: number;
  readonly share: number;
  /** Mean WIS on those, and the baseline's on the same. */
  readonly wis: number;
  readonly wis_b: number;
  /** wis / wis_b: places on a large scale weigh most. */
  readonly relwis: number;
  /** Pairwise tournament (geometric mean of ratios to every model), divided by the baseline's own. */
  readonly theta: number;
  /** Geometric mean over (target, location) of the ratio of mean WIS: every place weighs the same. */
  readonly gm_loc: number;
  /** Ratio of mean WIS of log(1 + x). */
  readonly logrel: number;
  /** Ratio of the mean absolute errors of the medians. */
  readonly relae: number;
  readonly c50: number;
  readonly c95: number;
  /** Means of the parts of WIS; undefined for a model known only by its scores. */
  readonly parts?: WisParts;
  /** Shares of the probability integral transform in ten equal bins: 0.1 each when calibrated. */
  readonly pit?: readonly number[];
}

export interface ScoreRequest {
  /** Levels of every forecast's quantiles, ascending; 0.5, 0.25, 0.75, 0.025 and 0.975 must be among them. */
  readonly levels: readonly number[];
  readonly truth: Iterable<Truth>;
  readonly forecasts: Iterable<Forecast>;
  /** Models known only by their scores; they never replace a forecast that is there. */
  readonly scores?: Iterable<TargetScore>;
  readonly baseline: string;
  readonly target?: string;
  /** Keeps truth of this label; truth without a label is always kept. */
  readonly season?: string;
  readonly exclude?: ReadonlySet<string>;
  readonly models?: ReadonlySet<string>;
  /** Inclusive ISO days. */
  readonly originFrom?: string;
  readonly originTo?: string;
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

type Scores = Map<string, Map<string, TargetScore>>;

/** Scores forecasts against truth and compares the models. Throws a RangeError when the baseline has no scored target. */
export function scoreForecasts(request: ScoreRequest): ScoreResult {
  const truth = indexTruth(request);
  const { byModel, skipped } = collect(request, truth);
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

/** Scores forecasts one by one; those without truth or with missing quantiles are left out. */
export function scoreTargets(
  levels: readonly number[],
  truth: Iterable<Truth>,
  forecasts: Iterable<Forecast>,
): TargetScore[] {
  const { byModel } = collect({ levels, forecasts }, indexTruth({ truth }));
  return [...byModel.values()].flatMap(m => [...m.values()]);
}

function indexTruth(request: Pick<ScoreRequest, 'truth' | 'season'>): Map<string, number> {
  const out = new Map<string, number>();
  for (const t of request.truth) {
    if (request.season !== undefined && t.season !== undefined && t.season !== request.season) continue;
    if (Number.isFinite(t.value)) out.set(`${shortTarget(t.target)}\t${t.location}\t${t.date}`, t.value);
  }
  return out;
}

function collect(
  request: Omit<ScoreRequest, 'truth' | 'baseline'> & { baseline?: string },
  truth: Map<string, number>,
): { byModel: Scores; skipped: { noTruth: number; incomplete: number } } {
  const byModel: Scores = new Map();
  const skipped = { noTruth: 0, incomplete: 0 };
  const { levels } = request;
  const at = (t: number) => levels.findIndex(l => Math.abs(l - t) < 1e-9);
  const [i025, i25, i50, i75, i975] = [0.025, 0.25, 0.5, 0.75, 0.975].map(at);
  const wanted = (f: Pick<Forecast, 'model' | 'originDate'>, target: string) =>
    (!request.models || request.models.has(f.model) || f.model === request.baseline) &&
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

function complete(q: ArrayLike<number>, n: number): boolean {
  if (q.length !== n) return false;
  for (let i = 0; i < n; i++) if (Number.isNaN(q[i])) return false;
  return true;
}

function keepCommon(byModel: Scores): void {
  const all = [...byModel.values()];
  const common = new Set([...all[0].keys()].filter(k => all.every(m => m.has(k))));
  for (const m of all) for (const k of m.keys()) if (!common.has(k)) m.delete(k);
}

const mean = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;

function compare(byModel: Scores, baseline: string, minShare: number): ModelScore[] {
  const base = byModel.get(baseline)!;
  const shared = (a: Map<string, TargetScore>, b: Map<string, TargetScore>) =>
    [...a.keys()].filter(k => b.has(k)).sort();
  const models = [...byModel.keys()].filter(m => {
    const n = shared(byModel.get(m)!, base).length;
    return n >= Math.max(1, minShare * base.size);
  });
  const theta = tournament(byModel, models);
  const rows = models.map(model => {
    const own = byModel.get(model)!;
    const keys = shared(own, base);
    const a = keys.map(k => own.get(k)!);
    const b = keys.map(k => base.get(k)!);
    const places = new Map<string, [number, number]>();
    for (let i = 0; i < a.length; i++) {
      const key = `${a[i].target}\t${a[i].location}`;
      const sum = places.get(key) ?? [0, 0];
      places.set(key, [sum[0] + a[i].wis, sum[1] + b[i].wis]);
    }
    const logs = [...places.values()].filter(([x, y]) => x > 0 && y > 0).map(([x, y]) => Math.log(x / y));
    const w = mean(a.map(s => s.wis));
    const wb = mean(b.map(s => s.wis));
    return {
      model,
      n: keys.length,
      share: keys.length / base.size,
      wis: w,
      wis_b: wb,
      relwis: w / wb,
      theta: theta.get(model)! / theta.get(baseline)!,
      gm_loc: logs.length > 0 ? Math.exp(mean(logs)) : Number.NaN,
      logrel: mean(a.map(s => s.logWis)) / mean(b.map(s => s.logWis)),
      relae: mean(a.map(s => s.absoluteError)) / mean(b.map(s => s.absoluteError)),
      c50: mean(a.map(s => (s.c50 ? 1 : 0))),
      c95: mean(a.map(s => (s.c95 ? 1 : 0))),
      ...calibration(a),
    };
  });
  return rows.sort((x, y) => (x.gm_loc < y.gm_loc ? -1 : x.gm_loc > y.gm_loc ? 1 : 0));
}

function calibration(scores: readonly TargetScore[]): Pick<ModelScore, 'parts' | 'pit'> {
  const parts = scores.flatMap(s => (s.parts ? [s.parts] : []));
  if (parts.length < scores.length) return {};
  const bins = new Array<number>(10).fill(0);
  for (const s of scores) bins[Math.min(9, Math.floor((s.pit ?? 0) * 10))] += 1 / scores.length;
  const spread = mean(parts.map(p => p.spread));
  return { parts: { spread, over: mean(parts.map(p => p.over)), under: mean(parts.map(p => p.under)) }, pit: bins };
}

/** For each model the geometric mean over all models of the ratio of mean WIS on the targets both have. */
function tournament(byModel: Scores, models: readonly string[]): Map<string, number> {
  const out = new Map<string, number>();
  for (const m of models) {
    const own = byModel.get(m)!;
    const logs: number[] = [];
    for (const other of models) {
      const theirs = byModel.get(other)!;
      let x = 0;
      let y = 0;
      for (const [k, s] of own) {
        const t = theirs.get(k);
        if (!t) continue;
        x += s.wis;
        y += t.wis;
      }
      if (x > 0 && y > 0) logs.push(Math.log(x) - Math.log(y));
    }
    out.set(m, Math.exp(mean(logs)));
  }
  return out;
}
