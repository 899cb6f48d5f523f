// Comparing scored models with a baseline, each on the targets that both have, and only there.
import type { Scores, TargetScore } from './targets.ts';
import type { WisParts } from './wis.ts';

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

const mean = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;

/** The models with at least `minShare` of the baseline's targets, ascending by gm_loc. The baseline must have scores. */
export function compare(byModel: Scores, baseline: string, minShare: number): ModelScore[] {
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
