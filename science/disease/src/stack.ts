// The stack: which members forecast together, and how their quantiles become one forecast. Equal weights on the transformed scale;
// a member that cannot do a row is left out of that row's mean; quantiles are sorted (crossing repair, Chernozhukov et al. 2010).
import { analogMember, LEVEL_ANALOGS, TREND_ANALOGS } from './members/analogs.ts';
import { type Member, QUANTILES } from './members/member.ts';
import { ownMember } from './members/own.ts';
import { ridgeMember } from './members/ridge.ts';

/** Steps trained; longer gaps are described as the last of them. */
export const STEPS = 6;

/** Shared and own members for weekly respiratory disease, with and without level features. */
export function weeklyMembers(): Member[] {
  const shared = { hidden: 100, penaltyPeriods: 50 };
  const own = { hidden: 0, penaltyPeriods: 200 };
  return [
    ridgeMember('shared ridge', { ...shared, without: [] }, STEPS),
    ridgeMember('shared ridge without level', { ...shared, without: ['level'] }, STEPS),
    ridgeMember('shared linear without level', { ...shared, hidden: 0, without: ['level'] }, STEPS),
    ownMember(ridgeMember('ridge', { ...own, without: [] }, STEPS)),
    ownMember(ridgeMember('ridge without level', { ...own, without: ['level'] }, STEPS)),
    analogMember('analogues', { columns: LEVEL_ANALOGS, neighbours: 120, otherSignal: 0.5, perPeriod: 3 }),
    analogMember('analogues without level', {
      columns: TREND_ANALOGS,
      neighbours: 120,
      otherSignal: 0.5,
      perPeriod: 3,
    }),
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
