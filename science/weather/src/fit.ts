// One model fitted on a similarity of days: predictions for all targets and leads, calibrated distributions, adapted spreads.
import { adaptSpread } from './adapt.ts';
import { calibrateNormal, calibrateRain } from './calibrate.ts';
import { knownDays } from './climatology.ts';
import type { DistanceSource } from './distances.ts';
import { type Distribution, distributionsOf, type Normals } from './distributions.ts';
import { predict, trainedDays } from './predict.ts';
import { MOST_LEAD, type Prepared } from './prepare.ts';
import type { SecureSum } from './secure-sum.ts';

const WARM_UP_DAYS = 730;

/** Distributions of one model for the test year: `forecasts[target][lead - 1][day - testFrom]`. */
export type Forecasts = readonly (readonly (readonly Distribution[])[])[];

/** Fits the targets `which` on the similarity to at most `most` landmark days and gives their distributions; spreads adapt through `sum`. */
export function run(
  p: Prepared,
  source: DistanceSource,
  which: readonly number[],
  most: number,
  sum: SecureSum,
): Forecasts {
  const outOf = trainedDays(p);
  const { fitted, withheld } = predict(p, source, which, most);
  // By day of issue: days that train have withheld predictions, later ones those of the whole fit.
  for (const [r, made] of withheld.entries()) made.set(fitted[r].subarray(outOf), outOf);
  let row = 0;
  const targets = which.map(t => {
    const target = p.targets[t];
    const rows = Array.from({ length: MOST_LEAD }, () => target.regressands.map(() => withheld[row++]));
    return { target, rows, out: [] as Distribution[][] };
  });
  // Spreads adapt on the end of the training years first.
  const warmFrom = Math.max(MOST_LEAD, p.testFrom - WARM_UP_DAYS);
  for (const group of Map.groupBy(targets, ({ target }) => target.variable).values()) {
    const observed = group.map(({ target }) => target.observed.subarray(warmFrom, p.testTo));
    for (let leadDays = 1; leadDays <= MOST_LEAD; leadDays++) {
      const spreads: Normals[] = [];
      for (const { target, rows, out } of group) {
        const days = knownDays(target.regressands[0].z, leadDays, outOf + leadDays);
        const pairs = { days, predicted: rows[leadDays - 1], leadDays, outOf };
        // Rain's intervals hold more than 90 % by nature (they start at zero, where much of the mass is); there is nothing to adapt.
        if (target.kind === 'rain') out.push(calibrateRain(target, pairs, p.testFrom, p.testTo));
        else spreads.push(calibrateNormal(target, pairs, p.gated.angles, warmFrom, p.testTo));
      }
      if (spreads.length === 0) continue;
      adaptSpread(spreads, observed, leadDays, sum);
      for (const [i, s] of spreads.entries()) group[i].out.push(distributionsOf(s, p.testFrom - warmFrom));
    }
  }
  return targets.map(({ out }) => out);
}
