// N-1 security: after the loss of any passive branch the others stay within their ratings. Flows after an outage are linear in those before
// it (line outage distribution factors), so the violated pairs are added as rows and the plan is solved again until none is left.
import {
  analyse,
  check,
  factorize,
  type LinearModel,
  type LinearSolver,
  newFactor,
  solveRefined,
} from '@madang/numerics';
import { componentsOf, numberOf, valueAt } from './network.ts';
import type { PlanProgram } from './program.ts';
import { type PlanResult, readPlan } from './solve.ts';

export interface SecureResult {
  readonly result: PlanResult;
  /** Rows that were needed. */
  readonly added: number;
  readonly rounds: number;
}

/** Factors: share of the flow of outage k that moves to branch l; outages that part the network have none. */
export function outageFactors(program: PlanProgram): (Float64Array | undefined)[] {
  const { passive } = program;
  const buses = componentsOf(program.network, 'buses').names.length;
  const rows: number[] = [];
  const cols: number[] = [];
  const values: number[] = [];
  const put = (i: number, j: number, v: number) => {
    rows.push(i);
    cols.push(j);
    values.push(v);
  };
  let largest = 0;
  for (const { branch } of passive) {
    const b = 1 / branch.impedance;
    largest = Math.max(largest, Math.abs(b));
    put(branch.from, branch.from, b);
    put(branch.to, branch.to, b);
    put(branch.to, branch.from, -b);
  }
  // A faint tie of every bus to ground fixes the angles of each part.
  for (let i = 0; i < buses; i++) put(i, i, 1e-9 * Math.max(largest, 1));
  const factor = newFactor(analyse(buses, rows, cols));
  const matrix = Float64Array.from(values);
  factorize(factor, matrix);
  const rhs = new Float64Array(buses);
  const angle = new Float64Array(buses);
  return passive.map(({ branch: out }, k) => {
    rhs.fill(0);
    rhs[out.from] = 1;
    rhs[out.to] = -1;
    solveRefined(factor, matrix, rhs, angle);
    const share = (angle[out.from] - angle[out.to]) / out.impedance;
    if (1 - share < 1e-6) return undefined;
    return Float64Array.from(passive, ({ branch: l }, j) =>
      j === k ? -1 : (angle[l.from] - angle[l.to]) / l.impedance / (1 - share),
    );
  });
}

/** Solves the plan so that it survives the loss of every single passive branch. */
export function solveSecure(program: PlanProgram, solver: LinearSolver, rounds = 30): SecureResult {
  const { passive, blocks, network } = program;
  const T = network.time.count;
  const factors = outageFactors(program);
  const open = solver.open(program.model);
  let added = 0;
  const seen = new Set<string>();
  const extra: { upper: number; columns: number[]; values: number[] }[] = [];
  try {
    for (let round = 1; ; round++) {
      const s = open.solve();
      const duals = s.rowDual.slice(0, program.model.rows);
      const result = readPlan(program, { ...s, rowDual: duals });
      if (s.status !== 'optimal' || round > rounds)
        return {
          result: round > rounds ? { ...result, status: 'limit', detail: 'security rounds used up' } : result,
          added,
          rounds: round,
        };
      let found = 0;
      for (const [k, factor] of factors.entries()) {
        if (!factor) continue;
        for (const [l, target] of passive.entries()) {
          if (l === k || Math.abs(factor[l]) < 1e-9) continue;
          const c = componentsOf(network, target.list);
          const block = blocks[target.list];
          const nominal = block.nominal[target.index];
          const limit = valueAt(c, 's_max_pu', target.index);
          const capacity = nominal >= 0 ? s.x[nominal] : numberOf(c, 's_nom', target.index);
          const own = block.first[target.index];
          const lost = blocks[passive[k].list].first[passive[k].index];
          for (let t = 0; t < T; t++) {
            const flow = s.x[own + t] + factor[l] * s.x[lost + t];
            const over = Math.abs(flow) - limit(t) * capacity;
            const key = `${k} ${l} ${t} ${flow > 0}`;
            if (over <= 1e-6 * Math.max(1, capacity) || seen.has(key)) continue;
            seen.add(key);
            const sign = flow > 0 ? 1 : -1;
            const columns = [own + t, lost + t];
            const values = [sign, sign * factor[l]];
            if (nominal >= 0) {
              columns.push(nominal);
              values.push(-limit(t));
            }
            const upper = nominal >= 0 ? 0 : limit(t) * capacity;
            open.addRow(Number.NEGATIVE_INFINITY, upper, columns, values);
            extra.push({ upper, columns, values });
            found += 1;
          }
        }
      }
      added += found;
      if (found === 0) {
        const { objective, bound, gap, primalViolation } = check(extended(program.model, extra), s.x, s.rowDual);
        return {
          result: { ...result, objective, bound, gap: Math.max(0, gap), primalViolation },
          added,
          rounds: round,
        };
      }
    }
  } finally {
    open.close();
  }
}

/** The model with the rows that security needed, for the checker. */
function extended(
  model: LinearModel,
  extra: readonly { upper: number; columns: number[]; values: number[] }[],
): LinearModel {
  const starts = [...model.starts];
  for (const e of extra) starts.push(starts[starts.length - 1] + e.values.length);
  return {
    ...model,
    rows: model.rows + extra.length,
    rowLower: Float64Array.from([...model.rowLower, ...extra.map(() => Number.NEGATIVE_INFINITY)]),
    rowUpper: Float64Array.from([...model.rowUpper, ...extra.map(e => e.upper)]),
    starts: Int32Array.from(starts),
    indices: Int32Array.from([...model.indices, ...extra.flatMap(e => e.columns)]),
    values: Float64Array.from([...model.values, ...extra.flatMap(e => e.values)]),
  };
}
