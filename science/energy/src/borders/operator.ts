// One operator's side of planning across borders: its own plan, held privately, answers prices with flows; and the two numbers that certify a
// result: its cost at agreed flows, and the least of its cost and trade at agreed prices.
import { conicBound, type LinearModel, solveQuadratic } from '@madang/numerics';
import type { PlanNetwork } from '../plan/network.ts';
import { buildPlan, type PlanOptions, type PlanProgram } from '../plan/program.ts';
import type { Answer, Ask, Border } from './consensus.ts';

export interface Operator {
  readonly name: string;
  readonly program: PlanProgram;
  answer(asks: readonly Ask[]): Answer;
  /** Cost of the own plan when every border's flow is given; Infinity when it cannot be met. */
  costAt(flows: ReadonlyMap<string, Float64Array>): number;
  /** Least of own cost + price times flow: summed over operators, a lower bound on the joint optimum. */
  boundAt(prices: ReadonlyMap<string, Float64Array>): number;
}

/** Makes an operator of its network and the borders that it has an end at. */
export function makeOperator(
  name: string,
  network: PlanNetwork,
  borders: readonly Border[],
  options: PlanOptions = {},
): Operator {
  const ends = borders.flatMap(b => {
    const sign = b.from.operator === name ? -1 : b.to.operator === name ? 1 : 0;
    if (sign === 0) return [];
    return [{ border: b.name, bus: sign < 0 ? b.from.bus : b.to.bus, sign: sign as 1 | -1, capacityMw: b.capacityMw }];
  });
  const program = buildPlan(network, { ...options, borders: ends });
  const { model, weight } = program;
  const T = network.time.count;
  const signOf = new Map(ends.map(e => [e.border, e.sign]));
  const column = (border: string) => {
    const first = program.borders.get(border);
    if (first === undefined) throw new RangeError(`operator "${name}" has no end at border "${border}"`);
    return first;
  };
  return {
    name,
    program,
    answer(asks) {
      const cost = model.cost.slice();
      const rows: number[] = [...(model.hessian?.rows ?? [])];
      const values: number[] = [...(model.hessian?.values ?? [])];
      for (const a of asks) {
        const first = column(a.border);
        for (let t = 0; t < T; t++) {
          cost[first + t] += weight[t] * (a.price[t] - a.rho * a.target[t]);
          rows.push(first + t);
          values.push(weight[t] * a.rho);
        }
      }
      const at = Int32Array.from(rows);
      const s = solveQuadratic(
        { ...model, cost, hessian: { rows: at, cols: at, values: Float64Array.from(values) } },
        { tolerance: 1e-8 },
      );
      if (s.status !== 'optimal') throw new RangeError(`operator "${name}": its plan is ${s.status} (${s.detail})`);
      return new Map(asks.map(a => [a.border, s.x.slice(column(a.border), column(a.border) + T)]));
    },
    costAt(flows) {
      const columnLower = model.columnLower.slice();
      const columnUpper = model.columnUpper.slice();
      for (const [border, flow] of flows) {
        if (!signOf.has(border)) continue;
        columnLower.set(flow, column(border));
        columnUpper.set(flow, column(border));
      }
      const s = solveQuadratic({ ...model, columnLower, columnUpper });
      return s.status === 'optimal' ? s.objective : Number.POSITIVE_INFINITY;
    },
    boundAt(prices) {
      const cost = model.cost.slice();
      for (const [border, price] of prices) {
        const sign = signOf.get(border);
        if (sign === undefined) continue;
        // The sender (sign -1) bears +price, the receiver -price.
        for (let t = 0; t < T; t++) cost[column(border) + t] -= sign * weight[t] * price[t];
      }
      const priced: LinearModel = { ...model, cost };
      const s = solveQuadratic(priced);
      return s.status === 'optimal'
        ? Math.min(s.objective, boundOrLess(priced, s.rowDual, s.objective))
        : Number.NEGATIVE_INFINITY;
    },
  };
}

/** The proven bound where the duals prove one, else the solver's optimum. */
function boundOrLess(model: LinearModel, rowDual: Float64Array, optimum: number): number {
  const bound = conicBound(model, rowDual);
  return Number.isFinite(bound) ? bound : optimum;
}
