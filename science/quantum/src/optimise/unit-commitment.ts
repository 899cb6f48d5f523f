// Unit commitment at its smallest: which units run in which hour, at rated output, so that demand is met exactly at least cost. Once as a
// quadratic binary problem (the form that quantum annealers and QAOA take) and once as the mixed-integer program that operators solve.
// Costs: running a unit for an hour, and starting it. Instances are drawn so that an exact schedule exists.
import { type LinearModel, ModelBuilder, type Random } from '@madang/numerics';
import { type Qubo, QuboBuilder } from './qubo.ts';

export interface Commitment {
  readonly units: number;
  readonly hours: number;
  /** Rated output of each unit, MW. */
  readonly ratedMw: readonly number[];
  /** Cost of one hour of running, and of a start; any currency. */
  readonly hourCost: readonly number[];
  readonly startCost: readonly number[];
  /** Demand of each hour, MW. */
  readonly demandMw: readonly number[];
}

/** A problem of units x hours binary variables: 4 units where the size allows, else as many as divide it best. */
export function drawCommitment(variables: number, random: Random): Commitment {
  let units = Math.min(variables, 4);
  while (variables % units !== 0) units -= 1;
  if (units === 1) units = variables;
  const hours = variables / units;
  const ratedMw = Array.from({ length: units }, () => 10 * (2 + random.below(14)));
  const hourCost = ratedMw.map(p => Math.round(p * (20 + 40 * random.uniform())));
  const startCost = hourCost.map(c => Math.round(c * (0.2 + 0.8 * random.uniform())));
  const demandMw = Array.from({ length: hours }, () => {
    let d = 0;
    while (d === 0) d = ratedMw.reduce((sum, p) => sum + (random.below(2) ? p : 0), 0);
    return d;
  });
  return { units, hours, ratedMw, hourCost, startCost, demandMw };
}

/** Variable of unit u in hour t. */
const at = (c: Commitment, u: number, t: number): number => t * c.units + u;

/** Cost of a schedule, and how far it misses demand in all hours together. */
export function commitmentCost(
  c: Commitment,
  x: ArrayLike<number>,
): { readonly cost: number; readonly missedMw: number } {
  let cost = 0;
  let missedMw = 0;
  for (let t = 0; t < c.hours; t++) {
    let made = 0;
    for (let u = 0; u < c.units; u++) {
      if (!x[at(c, u, t)]) continue;
      made += c.ratedMw[u];
      cost += c.hourCost[u];
      if (t === 0 || !x[at(c, u, t - 1)]) cost += c.startCost[u];
    }
    missedMw += Math.abs(made - c.demandMw[t]);
  }
  return { cost, missedMw };
}

/** Demand as a squared penalty, large enough that missing it by the smallest step never pays. */
export function commitmentQubo(c: Commitment): Qubo {
  const q = new QuboBuilder(c.units * c.hours);
  // All outputs are multiples of 10 MW, so a miss is at least 10: its penalty must exceed what dropping any schedule could save.
  const most = c.hours * c.hourCost.reduce((s, h, u) => s + h + c.startCost[u], 0);
  const penalty = most / 100;
  for (let t = 0; t < c.hours; t++) {
    for (let u = 0; u < c.units; u++) {
      q.add(at(c, u, t), c.hourCost[u] + c.startCost[u]);
      if (t > 0) q.addPair(at(c, u, t), at(c, u, t - 1), -c.startCost[u]);
    }
    q.addSquare(
      c.ratedMw.map((p, u) => [at(c, u, t), p] as const),
      c.demandMw[t],
      penalty,
    );
  }
  return q.build();
}

/** The same as a mixed-integer program: demand as an equation, starts as variables. The first units x hours columns are the schedule. */
export function commitmentModel(c: Commitment): LinearModel {
  const m = new ModelBuilder();
  for (let t = 0; t < c.hours; t++) for (let u = 0; u < c.units; u++) m.column(c.hourCost[u], 0, 1, true);
  for (let t = 0; t < c.hours; t++) {
    m.row(c.demandMw[t], c.demandMw[t]);
    for (let u = 0; u < c.units; u++) m.term(at(c, u, t), c.ratedMw[u]);
    for (let u = 0; u < c.units; u++) {
      const start = m.column(c.startCost[u], 0, 1);
      m.row(0, Number.POSITIVE_INFINITY);
      m.term(start, 1);
      m.term(at(c, u, t), -1);
      if (t > 0) m.term(at(c, u, t - 1), 1);
    }
  }
  return m.build();
}
