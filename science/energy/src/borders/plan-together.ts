// Runs the rounds of planning across borders in one process: for tests and for operators who already sit at one table. A study carries the
// same asks and answers between organisations.
import {
  askOf,
  type Border,
  type ConsensusOptions,
  type ConsensusState,
  consensusStep,
  startConsensus,
} from './consensus.ts';
import type { Operator } from './operator.ts';

export interface TogetherOptions extends ConsensusOptions {
  /** Stop when the certified gap is below this; default 1e-3. */
  readonly gap?: number;
  readonly rounds?: number;
  /** The gap is certified every so many rounds (it costs two more answers); default 10. */
  readonly certifyEvery?: number;
}

export interface TogetherResult {
  readonly state: ConsensusState;
  /** Cost of a plan that all can carry out at the agreed flows; best found. */
  readonly cost: number;
  /** Lower bound on what a joint planner with all data could reach. */
  readonly bound: number;
  readonly gap: number;
  readonly flows: ReadonlyMap<string, Float64Array>;
  readonly prices: ReadonlyMap<string, Float64Array>;
}

/** Plans together until the gap is certified or the rounds are used up. */
export function planTogether(
  operators: readonly Operator[],
  borders: readonly Border[],
  options: TogetherOptions = {},
): TogetherResult {
  const snapshots = operators[0].program.network.time.count;
  if (operators.some(o => o.program.network.time.count !== snapshots))
    throw new RangeError('planTogether: the operators have different numbers of snapshots');
  let state = startConsensus(borders, snapshots, options);
  let best: TogetherResult | undefined;
  let bound = Number.NEGATIVE_INFINITY;
  const every = options.certifyEvery ?? 10;
  const rounds = options.rounds ?? 300;
  while (state.round < rounds) {
    const answers = new Map(operators.map(o => [o.name, o.answer(askOf(state, o.name))]));
    state = consensusStep(state, answers);
    if (state.round % every !== 0 && state.round < rounds) continue;
    const flows = new Map(state.borders.map(b => [b.border.name, b.flow]));
    const prices = new Map(state.borders.map(b => [b.border.name, b.price]));
    const cost = operators.reduce((sum, o) => sum + o.costAt(flows), 0);
    bound = Math.max(
      bound,
      operators.reduce((sum, o) => sum + o.boundAt(prices), 0),
    );
    if (!best || cost < best.cost) best = { state, cost, bound, gap: 0, flows, prices };
    const gap = (best.cost - bound) / Math.max(1, Math.abs(best.cost));
    best = { ...best, bound, gap };
    if (gap < (options.gap ?? 1e-3)) break;
  }
  if (!best) throw new RangeError('planTogether: at least one round is needed');
  return { ...best, state };
}
