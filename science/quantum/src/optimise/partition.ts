// Splitting a grid into two halves of equal size so that the lines cut carry least: as a quadratic binary problem and as a mixed-integer one.
// Instances: buses at random places, each joined to its nearest neighbours, lines weighted by capacity.
import { type LinearModel, ModelBuilder, type Random } from '@madang/numerics';
import { QuantumError } from '../error.ts';
import { type Qubo, QuboBuilder } from './qubo.ts';

export interface Partition {
  readonly buses: number;
  readonly lines: readonly { readonly from: number; readonly to: number; readonly capacityMw: number }[];
}

/** An even number of buses. */
export function drawPartition(buses: number, random: Random): Partition {
  if (buses % 2 !== 0)
    throw new QuantumError('argument', `a grid is split into equal halves: the size must be even, not ${buses}`);
  const x = Array.from({ length: buses }, () => [random.uniform(), random.uniform()] as const);
  const lines = new Map<string, { from: number; to: number; capacityMw: number }>();
  for (let i = 0; i < buses; i++) {
    const near = Array.from({ length: buses }, (_, j) => j)
      .filter(j => j !== i)
      .sort(
        (a, b) => Math.hypot(x[a][0] - x[i][0], x[a][1] - x[i][1]) - Math.hypot(x[b][0] - x[i][0], x[b][1] - x[i][1]),
      );
    for (const j of near.slice(0, 3)) {
      const [from, to] = [Math.min(i, j), Math.max(i, j)];
      if (!lines.has(`${from} ${to}`))
        lines.set(`${from} ${to}`, { from, to, capacityMw: 50 * (1 + random.below(10)) });
    }
  }
  return { buses, lines: [...lines.values()] };
}

/** Capacity cut, and by how many buses the halves differ from equal. */
export function partitionCost(
  p: Partition,
  x: ArrayLike<number>,
): { readonly cutMw: number; readonly unevenBuses: number } {
  let cutMw = 0;
  for (const l of p.lines) if (Boolean(x[l.from]) !== Boolean(x[l.to])) cutMw += l.capacityMw;
  let ones = 0;
  for (let i = 0; i < p.buses; i++) ones += x[i] ? 1 : 0;
  return { cutMw, unevenBuses: Math.abs(ones - p.buses / 2) };
}

export function partitionQubo(p: Partition): Qubo {
  const q = new QuboBuilder(p.buses);
  // Moving a bus from the larger half costs at most the capacity at it, and saves the penalty at least once. The larger half has more than half
  // of all buses, so the one with the least capacity there has no more than the lower median of all.
  const atBus = new Float64Array(p.buses);
  for (const l of p.lines) {
    q.add(l.from, l.capacityMw);
    q.add(l.to, l.capacityMw);
    q.addPair(l.from, l.to, -2 * l.capacityMw);
    atBus[l.from] += l.capacityMw;
    atBus[l.to] += l.capacityMw;
  }
  const penalty = 1 + atBus.sort()[p.buses / 2 - 1];
  q.addSquare(
    Array.from({ length: p.buses }, (_, i) => [i, 1] as const),
    p.buses / 2,
    penalty,
  );
  return q.build();
}

/** The first `buses` columns are the sides. */
export function partitionModel(p: Partition): LinearModel {
  const m = new ModelBuilder();
  // Bus 0 is fixed on side 0: the mirror image of an answer is the same answer.
  for (let i = 0; i < p.buses; i++) m.column(0, 0, i === 0 ? 0 : 1, true);
  m.row(p.buses / 2, p.buses / 2);
  for (let i = 0; i < p.buses; i++) m.term(i, 1);
  for (const l of p.lines) {
    const cut = m.column(l.capacityMw, 0, 1);
    for (const [a, b] of [
      [l.from, l.to],
      [l.to, l.from],
    ]) {
      m.row(0, Number.POSITIVE_INFINITY);
      m.term(cut, 1);
      m.term(a, -1);
      m.term(b, 1);
    }
  }
  return m.build();
}
