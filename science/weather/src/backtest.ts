// A test year forecast as it would have been: everything fitted on earlier days only, leads 1 to 10 days, every day of the year a target.
// Three models of one form differ in what they may see: `own` station only, `federated` through secure sums, `pooled` rows.
import { baseline } from './baseline.ts';
import { type Forecasts, run } from './fit.ts';
import { withoutDoubtful } from './long-doubt.ts';
import { clipped } from './neighbours/judge.ts';
import { bridged } from './neighbours/stand-in.ts';
import { memberPart } from './parts.ts';
import { LANDMARKS, landmarksOfMany } from './predict.ts';
import { MOST_LEAD, type Prepared } from './prepare.ts';
import { type Score, score } from './score.ts';
import { plainSum, type SecureSum } from './secure-sum.ts';
import { ofParts } from './similar-days.ts';

export type Model = 'own' | 'federated' | 'pooled';

/** Score of one model for one target at one lead. */
export interface ScoreRow extends Score {
  readonly station: string;
  readonly variable: string;
  readonly unit: string;
  readonly leadDays: number;
}

/** Fits one model and gives its distributions for every day of the test year. */
export function forecast(p: Prepared, model: Model, sum: SecureSum = plainSum): Forecasts {
  const { network } = p.gated;
  const all = p.targets.map((_, i) => i);
  if (model !== 'own') {
    const fit = (q: Prepared) => {
      const parts = network.stations.flatMap((_, s) => {
        const series = network.series.flatMap((x, k) => (x.station === s ? [k] : []));
        return series.length === 0 ? [] : [memberPart(network, q.released.z, series)];
      });
      return run(q, ofParts(q, parts, model === 'federated' ? sum : undefined), all, landmarksOfMany(q), sum);
    };
    return withoutDoubtful(p, sum, fit);
  }
  const out: Forecasts[number][] = new Array(p.targets.length);
  const z = p.gated.z.map(v => bridged(clipped(v), p.trainEnd));
  for (let s = 0; s < network.stations.length; s++) {
    const mine = all.filter(i => p.targets[i].station === s);
    if (mine.length === 0) continue;
    const series = network.series.flatMap((x, k) => (x.station === s ? [k] : []));
    run(p, ofParts(p, [memberPart(network, z, series)], undefined), mine, LANDMARKS.own, plainSum).forEach((f, i) => {
      out[mine[i]] = f;
    });
  }
  return out;
}

/** Scores a model's forecasts against what was observed; days without an observation do not count. */
export function scoreAll(p: Prepared, forecasts: Forecasts): ScoreRow[] {
  return p.targets.flatMap((target, t) =>
    forecasts[t].map((days, l) => ({
      station: p.gated.network.stations[target.station].name,
      variable: target.variable,
      unit: target.unit,
      leadDays: l + 1,
      ...score(days, target.observed.subarray(p.testFrom, p.testTo)),
    })),
  );
}

/** RMSE of climatology and of damped persistence for the same days, in the order of `scoreAll`. */
export function baselines(p: Prepared) {
  return p.targets.flatMap(target =>
    Array.from({ length: MOST_LEAD }, (_, l) => ({
      station: p.gated.network.stations[target.station].name,
      variable: target.variable,
      leadDays: l + 1,
      ...baseline(target.observed, target.usual, p.trainEnd, p.testFrom, p.testTo, l + 1),
    })),
  );
}
