// Planning across borders where nobody shows its grid (science/energy/borders): in every round each operator says which flow it wishes over each of its
// borders at the agreed price, and the totals of costs and of lower bounds certify how far the agreed flows are from the joint optimum.
// A border's two wishes stand in places of their own, so they become public: that is what operators agree to show. Costs are seen as totals only.
// Trap: a round without one of the operators says nothing about its borders; it is left out, not taken for a wish of zero.
import {
  askOf,
  type Border,
  type ConsensusState,
  consensusStep,
  makeOperator,
  type Operator,
  readFolder,
  startConsensus,
} from '@madang/energy/borders';
import { type IteratedStudyKind, iteratedSums } from './iterated-sums.ts';
import { type DataSource, parseObject } from './kind.ts';
import { type Ask, type Learner, mostOf } from './learner.ts';

export interface BorderPlanningQuery {
  readonly kind: 'border-planning';
  readonly version: 1;
  /** Operators are organisations; flows are positive from the one to the other. */
  readonly borders: readonly Border[];
  /** Snapshots of every operator's network; the same weights everywhere. */
  readonly snapshots: number;
  readonly mostRounds: number;
  /** First weight of the quadratic term per MW^2. */
  readonly rho: number;
  /** Ends when the certified gap to the joint optimum is below this share, e.g. 0.001. */
  readonly gap: number;
  /** No operator's cost, nor the total, is larger, in their currency; costs are summed in whole units. */
  readonly mostCost: number;
}

export interface BorderPlan {
  /** Total cost of plans that all can carry out at these flows. */
  readonly cost: number;
  /** No joint planner with all grids can do better than this. */
  readonly bound: number;
  readonly gap: number;
  readonly flowsMw: Readonly<Record<string, readonly number[]>>;
  readonly prices: Readonly<Record<string, readonly number[]>>;
}

export interface BorderPlanningState {
  readonly consensus: ConsensusState;
  /** Total cost of everybody alone: flows of zero. */
  readonly alone?: number;
  readonly best?: BorderPlan;
  readonly rounds: number;
}

/** Files of an operator's network (a PyPSA folder) are declared as grid/NAME.csv. */
const GRID = 'grid/';
const FLOW_UNITS_A_MW = 1 << 20;

export const borderPlanning: IteratedStudyKind<BorderPlanningQuery> = iteratedSums<
  BorderPlanningQuery,
  Operator | undefined,
  BorderPlanningState
>({
  kind: 'border-planning',
  parse: parseBorderPlanning,
  learner: learnerOf,
  data: operatorOf,
  unit: () => ({ name: '', rows: 1 }),
  withoutNoise:
    'flows over borders are what operators agreed to show; of their costs only the total over all operators is released',
  sharing: () => 'ring-64',
  describe: q => [
    `Plans ${q.snapshots} snapshots with the operators ${operatorsOf(q).join(', ')} over the borders ${q.borders.map(b => b.name).join(', ')}, within ${100 * q.gap} % of the joint optimum.`,
    'Becomes public in every round: the flow that this operator wishes over each of its borders and snapshots at the agreed price.',
    'Becomes public as a total over all operators: the cost of the own plan at the agreed flows, and its least cost at the agreed prices. With two operators each can take its own from it.',
    'Does not leave the node: the grid, demand, plants, the plan.',
  ],
  publish: (_, { best, rounds, alone, consensus }) =>
    best && { ...best, alone, rounds, disagreementMw: consensus.disagreementMw },
});

const operatorsOf = (q: BorderPlanningQuery) => [...new Set(q.borders.flatMap(b => [b.from.operator, b.to.operator]))];

/** This node's side; undefined for a member that operates no end of a border and only helps to hide the totals. */
async function operatorOf(q: BorderPlanningQuery, source: DataSource): Promise<Operator | undefined> {
  const name = source.owner;
  if (name === undefined || !operatorsOf(q).includes(name)) return undefined;
  const names = (source.files ?? []).filter(f => f.startsWith(GRID));
  const texts = await Promise.all(names.map(async f => [f.slice(GRID.length), await source.file(f)] as const));
  const network = readFolder(new Map(texts));
  if (network.time.count !== q.snapshots)
    throw new Error(`border-planning: this grid has ${network.time.count} snapshots, the study ${q.snapshots}`);
  return makeOperator(name, network, q.borders);
}

function learnerOf(q: BorderPlanningQuery): Learner<Operator | undefined, BorderPlanningState> {
  const T = q.snapshots;
  const places = 2 * q.borders.length * T;
  const largestFlow = Math.max(...q.borders.map(b => b.capacityMw)) * FLOW_UNITS_A_MW;
  const ask: Ask = {
    label: 'wished flows, and totals of cost and bound',
    length: places + 2,
    limit: BigInt(Math.ceil(Math.max(largestFlow, q.mostCost)) + 1),
    rowDiameterSquared: 0n,
  };
  const flowsOf = (s: ConsensusState) => new Map(s.borders.map(b => [b.border.name, b.flow]));
  const pricesOf = (s: ConsensusState) => new Map(s.borders.map(b => [b.border.name, b.price]));
  /** Where an operator's wish for border `b` stands. */
  const placeOf = (b: number, end: 'from' | 'to') => (2 * b + (end === 'from' ? 0 : 1)) * T;
  return {
    kind: 'border-planning',
    most: mostOf(q.mostRounds, [ask]),
    start: () => ({ consensus: startConsensus(q.borders, T, { rho: q.rho }), rounds: 0 }),
    ask: s => (s.rounds < q.mostRounds && !(s.best && s.best.gap <= q.gap) ? ask : undefined),
    node: operator => ({
      encode({ consensus }) {
        const out = new Float64Array(ask.length);
        if (!operator) return out;
        const answer = operator.answer(askOf(consensus, operator.name));
        for (const [b, { name, from, to, capacityMw }] of q.borders.entries()) {
          const wish = answer.get(name);
          if (!wish) continue;
          const at = placeOf(b, from.operator === operator.name ? 'from' : 'to');
          if (from.operator !== operator.name && to.operator !== operator.name) continue;
          for (let t = 0; t < T; t++)
            out[at + t] = Math.round(Math.max(-capacityMw, Math.min(capacityMw, wish[t])) * FLOW_UNITS_A_MW);
        }
        const bounded = (x: number) => Math.round(Math.max(-q.mostCost, Math.min(q.mostCost, x)));
        out[places] = bounded(operator.costAt(flowsOf(consensus)));
        out[places + 1] = bounded(Math.floor(operator.boundAt(pricesOf(consensus))));
        return out;
      },
    }),
    absorb(state, sum, _contributors, set) {
      const here = set?.split(' ');
      const rounds = state.rounds + 1;
      if (here && !operatorsOf(q).every(o => here.includes(o))) return { ...state, rounds };
      const answers = new Map(operatorsOf(q).map(o => [o, new Map<string, Float64Array>()]));
      for (const [b, { name, from, to }] of q.borders.entries())
        for (const [end, operator] of [
          ['from', from.operator],
          ['to', to.operator],
        ] as const) {
          const at = placeOf(b, end);
          const flows = Float64Array.from({ length: T }, (_, t) => Number(sum[at + t]) / FLOW_UNITS_A_MW);
          answers.get(operator)!.set(name, flows);
        }
      const cost = Number(sum[places]);
      const bound = Number(sum[places + 1]);
      // An operator that cannot carry out the flows says its largest cost; such flows are no plan.
      const possible = cost < q.mostCost;
      const best = better(state, possible ? cost : undefined, bound);
      const alone = state.rounds === 0 && possible ? cost : state.alone;
      return {
        consensus: consensusStep(state.consensus, answers),
        rounds,
        ...(alone === undefined ? {} : { alone }),
        ...(best ? { best } : {}),
      };
    },
  };
}

/** The cheapest flows so far and the highest bound so far; both stay true whatever comes later. */
function better(s: BorderPlanningState, cost: number | undefined, bound: number): BorderPlan | undefined {
  const least = Math.max(bound, s.best?.bound ?? Number.NEGATIVE_INFINITY);
  const plain = (of: 'flow' | 'price') =>
    Object.fromEntries(s.consensus.borders.map(b => [b.border.name, Array.from(b[of])]));
  const plan =
    cost !== undefined && cost < (s.best?.cost ?? Number.POSITIVE_INFINITY)
      ? { cost, flowsMw: plain('flow'), prices: plain('price') }
      : s.best;
  return plan && { ...plan, bound: least, gap: (plan.cost - least) / Math.max(1, Math.abs(plan.cost)) };
}

function parseBorderPlanning(text: string): BorderPlanningQuery {
  const q = parseObject(text, 'the query') as unknown as BorderPlanningQuery;
  const need = (ok: boolean, what: string) => {
    if (!ok) throw new Error(`border-planning: ${what}`);
  };
  need(q.kind === 'border-planning' && q.version === 1, 'kind and version must be "border-planning" and 1');
  need(Array.isArray(q.borders) && q.borders.length > 0 && q.borders.length <= 500, 'borders must be 1 to 500');
  const names = new Set<string>();
  for (const b of q.borders) {
    const end = (e: Border['from'] | undefined) => typeof e?.operator === 'string' && typeof e.bus === 'string';
    need(typeof b?.name === 'string' && b.name.length > 0 && !names.has(b.name), 'each border needs a name of its own');
    names.add(b.name);
    need(
      end(b.from) && end(b.to) && b.from.operator !== b.to.operator,
      `border "${b.name}" needs two operators' buses`,
    );
    need(b.capacityMw > 0 && b.capacityMw <= 1e6, `border "${b.name}" needs a capacity of up to 1,000,000 MW`);
  }
  const whole = (x: number, low: number, high: number) => Number.isSafeInteger(x) && x >= low && x <= high;
  need(whole(q.snapshots, 1, 10_000), 'snapshots must be 1 to 10,000');
  need(whole(q.mostRounds, 1, 1000), 'mostRounds must be 1 to 1,000');
  need(q.rho > 0 && q.rho <= 1e6, 'rho must be above 0');
  need(q.gap > 0 && q.gap < 1, 'gap must be a share between 0 and 1');
  need(whole(q.mostCost, 1, 2 ** 46), 'mostCost must be a whole number of up to 2^46');
  return q;
}
