// The stack: which members forecast together, and how their quantiles become one forecast. Small whole weights on the transformed scale,
// one set for established places and one for newcomers (docs/decisions/0034); a member that cannot do a row is left out of that row's
// mean; quantiles are sorted (crossing repair, Chernozhukov et al. 2010).
import { empiricalQuantiles } from './baselines.ts';
import { weekOfSeason } from './calendar.ts';
import { analogMember, LEVEL_ANALOGS, TREND_ANALOGS } from './members/analogs.ts';
import { BOOSTING, boostingMember } from './members/boosting.ts';
import { type Member, QUANTILES, type Trained } from './members/member.ts';
import { LEAST_PERIODS, ownMember } from './members/own.ts';
import { ridgeMember } from './members/ridge.ts';
import { SEASONAL, seasonalMember } from './members/seasonal.ts';
import { tunedMember } from './members/tuned.ts';
import { WINDOWED, windowedMember } from './members/windowed.ts';
import { type Design, selectRows } from './panel/design.ts';

/** Steps trained; longer gaps are described as the last of them. */
export const STEPS = 6;

/** Penalties: shared models in periods (docs/decisions/0111), a place's own correction in periods (members/ridge.ts, members/tuned.ts). */
export const TUNED = { without: ['level'], hidden: 0, penaltyPeriods: 100, correctionPeriods: 250 } as const;

const weighted = (established: number, newcomer: number, member: Member): Member => ({
  ...member,
  weight: { established, newcomer },
});

/**
 * Every member that was weighed for weekly respiratory disease: linear, trees, analogues and regressions by season, with and without level
 * features. The bench `disease-weights` chooses among them on other seasons than the one it scores.
 */
export function candidateMembers(): Member[] {
  const analogues = { neighbours: 120, otherSignal: 0.5, perPeriod: 3 };
  return [
    boostingMember('boosting upon the tuned ridge', { ...BOOSTING, without: ['level'], upon: TUNED }),
    boostingMember('boosting', BOOSTING),
    boostingMember('boosting without level', { ...BOOSTING, without: ['level'] }),
    ownMember(ridgeMember('ridge', { without: ['level'], hidden: 0, penaltyPeriods: 200 }, STEPS)),
    tunedMember('tuned ridge', TUNED, STEPS),
    tunedMember('tuned ridge with level', { ...TUNED, without: [] }, STEPS),
    analogMember('analogues', { ...analogues, columns: LEVEL_ANALOGS }),
    analogMember('analogues without level', { ...analogues, columns: TREND_ANALOGS }),
    windowedMember('windowed quantile regression', WINDOWED, weekOfSeason),
    seasonalMember('by season', SEASONAL, weekOfSeason, STEPS),
  ];
}

/** Weights of the stack: members of {@link candidateMembers} by name, at established places and at newcomers (docs/decisions/0034). */
const WEEKLY: Readonly<Record<string, readonly [established: number, newcomer: number]>> = {
  'boosting upon the tuned ridge': [2, 1],
  boosting: [1, 1],
  'own ridge': [1, 1],
  analogues: [1, 1],
  'analogues without level': [0, 1],
  'windowed quantile regression': [0, 1],
};

/** The members for weekly respiratory disease, with their weights. */
export function weeklyMembers(): Member[] {
  return candidateMembers().flatMap(m => (WEEKLY[m.name] ? [weighted(...WEEKLY[m.name], m)] : []));
}

/**
 * Members that a federation trains from sums, one upload a participant and round, and each place's own twin. The windowed regression takes
 * a round for each of its Newton steps (a gradient and a Hessian are sums), the others three.
 */
export function federatedMembers(): Member[] {
  return [
    tunedMember('tuned ridge', TUNED, STEPS),
    weighted(1, 0, tunedMember('tuned ridge with level', { ...TUNED, without: [] }, STEPS)),
    weighted(0, 1, seasonalMember('by season', SEASONAL, weekOfSeason, STEPS)),
    weighted(0, 1, windowedMember('windowed quantile regression', WINDOWED, weekOfSeason)),
    ownMember(ridgeMember('own ridge', { without: ['level'], hidden: 0, penaltyPeriods: 200 }, STEPS)),
  ];
}

/**
 * For the comparison of training together with training alone: what a place alone has, and beside it the shared ridge with the place's
 * correction. A newcomer's own models are weak: it takes the shared ridge and the others' trajectories for three of them each.
 */
export function togetherMembers(): Member[] {
  // Pulled as the place's own models are, and corrected at any place with a season's rows (docs/decisions/0111).
  const together = { ...TUNED, penaltyPeriods: 200, correctionPeriods: 80, leastPeriods: 40 };
  const analogues = { columns: LEVEL_ANALOGS, neighbours: 120, otherSignal: 0.5, perPeriod: 3 };
  return [
    weighted(1, 3, tunedMember('together ridge', together, STEPS)),
    weighted(0, 3, analogMember('together analogues', analogues)),
    ...aloneMembers(),
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

/** Weight of a member at a place with so many periods to learn from. */
const weightAt = (m: Member, history: number) => m.weight?.[history >= LEAST_PERIODS ? 'established' : 'newcomer'] ?? 1;

/**
 * Weighted mean of the members' quantiles for each row (rows x 23), sorted. `history` gives the periods that a row's place had in training. A member
 * is asked only for rows where it counts; a row that none of these can do takes the plain mean of those that can, and where there is none
 * the place's own past changes: there is always a forecast. No member's word counts for more than `most` of the row.
 */
export function averageQuantiles(
  members: readonly Member[],
  trained: readonly Trained[],
  rows: Design,
  history: (row: number) => number,
  most: (row: number) => number = () => Number.POSITIVE_INFINITY,
): Float64Array {
  const out = new Float64Array(rows.rows * QUANTILES);
  const total = new Float64Array(rows.rows);
  const add = (t: Trained, weightOf: (row: number) => number) => {
    const asked: number[] = [];
    for (let i = 0; i < rows.rows; i++) if (weightOf(i) > 0) asked.push(i);
    if (asked.length === 0) return;
    const q = t.quantiles(asked.length === rows.rows ? rows : selectRows(rows, i => weightOf(i) > 0));
    for (const [k, i] of asked.entries()) {
      const w = weightOf(i);
      if (Number.isNaN(q[k * QUANTILES])) continue;
      total[i] += w;
      const limit = most(i);
      for (let j = 0; j < QUANTILES; j++) out[i * QUANTILES + j] += w * Math.min(limit, q[k * QUANTILES + j]);
    }
  };
  for (const [m, t] of trained.entries()) add(t, i => weightAt(members[m], history(i)));
  const left = new Set(Array.from(total.keys()).filter(i => total[i] === 0));
  if (left.size > 0) for (const t of trained) add(t, i => (left.has(i) ? 1 : 0));
  for (let i = 0; i < rows.rows; i++) {
    const q = out.subarray(i * QUANTILES, (i + 1) * QUANTILES);
    if (total[i] > 0) for (let j = 0; j < QUANTILES; j++) q[j] /= total[i];
    else q.set(pastChanges(rows.panel.places[rows.place[i]].z.subarray(0, rows.base[i] + 1), rows.step[i]));
    q.sort();
  }
  return out;
}

/** Quantiles of no change with the spread of the place's own changes over as many periods, both ways; a few values more stand for what is unseen. */
function pastChanges(z: Float64Array, step: number): Float64Array {
  const changes = [0.1, 0.2].flatMap(c => [c * Math.sqrt(step), -c * Math.sqrt(step)]);
  for (let i = step; i < z.length; i++) {
    const c = z[i] - z[i - step];
    if (!Number.isNaN(c)) changes.push(c, -c);
  }
  return empiricalQuantiles(changes) ?? new Float64Array(QUANTILES);
}
