// The stack: which members forecast together, and how their quantiles become one forecast. Equal weights on the transformed scale;
// a member that cannot do a row is left out of that row's mean; quantiles are sorted (crossing repair, Chernozhukov et al. 2010).
import { analogMember, LEVEL_ANALOGS, TREND_ANALOGS } from './members/analogs.ts';
import { BOOSTING, boostingMember } from './members/boosting.ts';
import { type Member, QUANTILES } from './members/member.ts';
import { ownMember } from './members/own.ts';
import { ridgeMember } from './members/ridge.ts';
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
    ownMember(ridgeMember('own ridge', { without: ['level'], hidden: 0, penaltyPeriods: 200 }, STEPS)),
    analogMember('analogues', { ...analogues, columns: LEVEL_ANALOGS }),
    analogMember('analogues without level', { ...analogues, columns: TREND_ANALOGS }),
  ];
}

/** The members for monthly disease with covariates; months are fewer than weeks, so the penalties are smaller. */
export function monthlyMembers(steps: number): Member[] {
  const tuned = { without: ['level'], hidden: 0, penaltyPeriods: 15, correctionPeriods: 60, leastPeriods: 48 };
  const analogues = { neighbours: 120, otherSignal: 0.5, perPeriod: 6 };
  return [
    tunedMember('tuned ridge', tuned, steps),
    tunedMember('tuned ridge with level', { ...tuned, without: [] }, steps),
    boostingMember('boosting upon the tuned ridge', { ...BOOSTING, upon: tuned }),
    boostingMember('boosting', BOOSTING),
    analogMember('analogues', { ...analogues, columns: LEVEL_ANALOGS }),
  ];
}

/** Members that a federation trains with one upload a participant and round, and each place's own twin. */
export function federatedMembers(): Member[] {
  const own = { hidden: 0, penaltyPeriods: 200 };
  return [
    tunedMember('tuned ridge', TUNED, STEPS),
    tunedMember('tuned ridge with level', { ...TUNED, without: [], hidden: 60 }, STEPS),
    ownMember(ridgeMember('own ridge', { ...own, without: ['level'] }, STEPS)),
  ];
}

/** For the comparison of training together with training alone: one kind of model, the shared one with its corrections. */
export function togetherMembers(): Member[] {
  return [
    tunedMember('together ridge', TUNED, STEPS),
    ownMember(ridgeMember('own ridge', { without: ['level'], hidden: 0, penaltyPeriods: 200 }, STEPS)),
    analogMember('together analogues', { columns: LEVEL_ANALOGS, neighbours: 120, otherSignal: 0.5, perPeriod: 3 }),
  ];
}

/** The same kind of model at each place alone: own rows, own features, own climatology, and nothing from any other place. */
export function aloneMembers(): Member[] {
  const ridge = { hidden: 0, penaltyPeriods: 200 };
  const { wave1: _, wave2: __, ...columns } = LEVEL_ANALOGS;
  const analogues = { columns, neighbours: 60, otherSignal: 0, perPeriod: 3 };
  return [
    ownMember(ridgeMember('alone ridge without level', { ...ridge, without: ['level', 'wave'] }, STEPS), LEAST_ALONE),
    ownMember(ridgeMember('alone ridge', { ...ridge, without: ['wave'] }, STEPS), LEAST_ALONE),
    ownMember(analogMember('alone analogues', analogues), LEAST_ALONE),
  ];
}

/** A place alone forecasts with whatever it has, down to this many periods. */
const LEAST_ALONE = 20;

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
