// One model fitted on a similarity of days: predictions for all targets and leads, calibrated distributions, adapted spreads.
import { adaptSpread } from './adapt.ts';
import { calibrate } from './calibrate.ts';
import type { Distribution } from './distributions.ts';
import { predict, trainedDays } from './predict.ts';
import { MOST_LEAD, type Prepared } from './prepare.ts';
import type { SecureSum } from './secure-sum.ts';
import type { SimilaritySource } from './similar-days.ts';
import type { Target } from './targets.ts';

const WARM_UP_DAYS = 730;

/** Distributions of one model for the test year: `forecasts[target][lead - 1][day - testFrom]`. */
export type Forecasts = readonly (readonly (readonly Distribution[])[])[];

/** Fits the targets `which` on a similarity of at most `most` landmark days and gives their distributions; spreads adapt through `sum`. */
export function run(
  p: Prepared,
  source: SimilaritySource,
  which: readonly number[],
  most: number,
  sum: SecureSum,
): Forecasts {
  const { angles } = p.gated;
  const trained = trainedDays(p);
  const { fitted, withheld } = predict(p, source, which, most);
  let row = 0;
  const warmFrom = Math.max(MOST_LEAD, p.testFrom - WARM_UP_DAYS);
  const raw = which.map(t => {
    const target = p.targets[t];
    const k = target.regressands.length;
    const from = adapts(target) ? warmFrom : p.testFrom;
    return Array.from({ length: MOST_LEAD }, (_, l) => {
      const lead = l + 1;
      const [first, last] = [row, row + k - 1];
      row += k;
      const known: number[] = [];
      for (let d = lead; d < trained + lead; d++) if (!Number.isNaN(target.regressands[0].z[d])) known.push(d);
      const predicted = target.regressands.map((_, j) => {
        const of = withheld[first + j];
        return Float64Array.from(known, d => of[d - lead]);
      });
      const link = calibrate(target, { days: known, predicted, outOf: trained }, angles, lead);
      return Array.from({ length: p.testTo - from }, (_, i) => {
        const issued = from + i - lead;
        const made = issued < trained ? withheld : fitted;
        return link(from + i, made[first][issued], made[last][issued]);
      });
    });
  });
  return adaptAll(p, which, raw, warmFrom, sum);
}

/** Rain's intervals hold more than 90 % by nature (they start at zero, where much of the mass is); there is nothing to adapt. */
const adapts = (target: Target): boolean => target.kind !== 'rain';

/** One spread factor for each variable and lead, learnt as the days from `from` on go by, first on the end of the training years. */
function adaptAll(p: Prepared, which: readonly number[], raw: Forecasts, from: number, sum: SecureSum): Forecasts {
  const out: (readonly Distribution[])[][] = raw.map((leads, i) => (adapts(p.targets[which[i]]) ? [] : [...leads]));
  for (const variable of new Set(which.map(t => p.targets[t].variable))) {
    const group = which.flatMap((t, i) => (p.targets[t].variable === variable && adapts(p.targets[t]) ? [i] : []));
    const observed = group.map(i => p.targets[which[i]].observed.subarray(from, p.testTo));
    for (let l = 0; l < MOST_LEAD; l++) {
      const adapted = adaptSpread(
        group.map(i => raw[i][l]),
        observed,
        l + 1,
        sum,
        p.testFrom - from,
      );
      group.forEach((i, g) => {
        out[i].push(adapted[g]);
      });
    }
  }
  return out;
}
