// The stack: which members forecast together, and how their quantiles become one forecast. Equal weights on the transformed scale;
// a member that cannot do a row is left out of that row's mean; quantiles are sorted (crossing repair, Chernozhukov et al. 2010).
import { analogMember, LEVEL_ANALOGS, TREND_ANALOGS } from './members/analogs.ts';
import { BOOSTING, boostingMember } from './members/boosting.ts';
import { type Member, QUANTILES } from './members/member.ts';
import { tunedMember } from './members/tuned.ts';

/** Steps trained; longer gaps are described as the last of them. */
export const STEPS = 6;

/** Penalties: shared models in periods, a place's own correction in periods (members/ridge.ts, members/tuned.ts). */
const TUNED = { without: ['level'], hidden: 0, penaltyPeriods: 50, correctionPeriods: 250 } as const;

/** The members for weekly respiratory disease: linear, trees and analogues, with and without level features. */
export function weeklyMembers(): Member[] {
  const analogues = { neighbours: 120, otherSignal: 0.5, perPeriod: 3 };
  return [
    tunedMember('tuned ridge', TUNED, STEPS),
    boostingMember('boosting upon the tuned ridge', { ...BOOSTING, without: ['level'], upon: TUNED }),
    boostingMember('boosting', BOOSTING),
    analogMember('analogues', { ...analogues, columns: LEVEL_ANALOGS }),
    analogMember('analogues without level', { ...analogues, columns: TREND_ANALOGS }),
  ];
}

/** Mean of the members' quantiles for each row (rows x 23), sorted; a row that no member can do stays NaN. */
export function averageQuantiles(members: readonly Float32Array[], rows: number): Float64Array {
  const out = new Float64Array(rows * QUANTILES);
  for (let i = 0; i < rows; i++) {
    const at = i * QUANTILES;
    let n = 0;
    for (const m of members) {
      if (Number.isNaN(m[at])) continue;
      n += 1;
      for (let k = 0; k < QUANTILES; k++) out[at + k] += m[at + k];
    }
    for (let k = 0; k < QUANTILES; k++) out[at + k] = n > 0 ? out[at + k] / n : Number.NaN;
    if (n > 0) out.subarray(at, at + QUANTILES).sort();
  }
  return out;
}
