// Planning across borders where nobody shows its grid: operators exchange border flows and prices only, and reach the joint optimum by
// consensus (alternating direction method of multipliers: Boyd et al., Foundations and Trends in Machine Learning 3:1, 2011, section 7).
// The coordinator's step is a pure function of the last state and the operators' answers, so that any transport can carry the rounds.
// Trap: costs are linear, so flows swing between equal plans; the quadratic term damps that, and the price is the average that settles.

export interface Border {
  readonly name: string;
  /** The flow is positive from this operator's bus … */
  readonly from: { readonly operator: string; readonly bus: string };
  /** … to this one's. */
  readonly to: { readonly operator: string; readonly bus: string };
  readonly capacityMw: number;
}

/** What an operator is asked: the flow that minimises its cost + sum over t of weight (price flow + rho/2 (flow - target)^2), signed so. */
export interface Ask {
  readonly border: string;
  /** Price of the flow in the operator's cost, per MW and snapshot of weight 1. */
  readonly price: Float64Array;
  readonly target: Float64Array;
  readonly rho: number;
}

/** What it answers: its wish for each border's flow, in the border's direction. Nothing else of its plan is told. */
export type Answer = ReadonlyMap<string, Float64Array>;

export interface ConsensusState {
  readonly round: number;
  readonly rho: number;
  readonly borders: readonly BorderState[];
  /** Largest disagreement in MW, and largest move of the agreed flow in MW, of the last round. */
  readonly disagreementMw: number;
  readonly movedMw: number;
}

export interface BorderState {
  readonly border: Border;
  readonly flow: Float64Array;
  /** Price of the sending operator's flow; the receiving one sees its negative. */
  readonly price: Float64Array;
}

export interface ConsensusOptions {
  /** First weight of the quadratic term, per MW^2; default 0.05. */
  readonly rho?: number;
}

export function startConsensus(
  borders: readonly Border[],
  snapshots: number,
  options: ConsensusOptions = {},
): ConsensusState {
  return {
    round: 0,
    rho: options.rho ?? 0.05,
    borders: borders.map(border => ({ border, flow: new Float64Array(snapshots), price: new Float64Array(snapshots) })),
    disagreementMw: Number.POSITIVE_INFINITY,
    movedMw: Number.POSITIVE_INFINITY,
  };
}

/** What one operator is asked in this round. */
export function askOf(state: ConsensusState, operator: string): Ask[] {
  const out: Ask[] = [];
  for (const { border, flow, price } of state.borders) {
    if (border.from.operator === operator) out.push({ border: border.name, price, target: flow, rho: state.rho });
    if (border.to.operator === operator)
      out.push({ border: border.name, price: price.map(p => -p), target: flow, rho: state.rho });
  }
  return out;
}

/** Next state from all answers. Throws when one is missing. */
export function consensusStep(state: ConsensusState, answers: ReadonlyMap<string, Answer>): ConsensusState {
  let disagreement = 0;
  let moved = 0;
  let primal = 0;
  let dual = 0;
  const borders = state.borders.map(({ border, flow, price }) => {
    const a = answers.get(border.from.operator)?.get(border.name);
    const b = answers.get(border.to.operator)?.get(border.name);
    if (!a || !b) throw new RangeError(`consensusStep: an answer for border "${border.name}" is missing`);
    const next = new Float64Array(flow.length);
    const nextPrice = new Float64Array(flow.length);
    for (let t = 0; t < flow.length; t++) {
      next[t] = (a[t] + b[t]) / 2;
      nextPrice[t] = price[t] + (state.rho * (a[t] - b[t])) / 2;
      disagreement = Math.max(disagreement, Math.abs(a[t] - b[t]));
      moved = Math.max(moved, Math.abs(next[t] - flow[t]));
      primal += (a[t] - b[t]) ** 2 / 2;
      dual += 2 * (state.rho * (next[t] - flow[t])) ** 2;
    }
    return { border, flow: next, price: nextPrice };
  });
  // Balances the two residuals (section 3.4.1): too much disagreement asks for more weight, too much movement for less.
  const [p, d] = [Math.sqrt(primal) * state.rho, Math.sqrt(dual)];
  const rho =
    state.round % 5 === 4 ? (p > 5 * d ? state.rho * 1.6 : d > 5 * p ? state.rho / 1.6 : state.rho) : state.rho;
  return { round: state.round + 1, rho, borders, disagreementMw: disagreement, movedMw: moved };
}
