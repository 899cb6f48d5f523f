// Privacy loss distributions on a grid, rounded by "connect the dots" (Doroshenko, Ghazi, Kamath, Kumar, Manurangsi 2022): the mass of a cell is split
// between its two ends so that both hypotheses keep their probability. The grid's curve delta(epsilon) is then never below the true one and equals it
// at the grid points; the error is of second order in the step.
import { erfc } from '@madang/numerics';

/** P(loss = step (start + i)) = mass[i]; `infinite` is the probability of an unbounded loss. One direction of neighbours. */
export interface LossDistribution {
  readonly step: number;
  readonly start: number;
  readonly mass: Float64Array;
  readonly infinite: number;
}

/** A mechanism of sensitivity 1 unless said otherwise. */
export type Mechanism =
  /** Gaussian noise `sigma`; each row taken with probability q (default 1), fresh and secret each time; neighbours by one added or removed row. */
  | { readonly kind: 'gaussian'; readonly sigma: number; readonly q?: number }
  | { readonly kind: 'laplace'; readonly scale: number }
  /** Whole-number noise of variance parameter s^2 on a whole-number statistic; `sensitivity` is its largest change of one coordinate. */
  | { readonly kind: 'discrete-gaussian'; readonly variance: number; readonly sensitivity?: number }
  /** Any (epsilon, delta) mechanism, by its worst case: randomised response. */
  | { readonly kind: 'approximate'; readonly epsilon: number; readonly delta: number };

/** Tails beyond this many standard deviations (probability 1.8e-33) count as unbounded loss. */
const REACH = 12;

/** The distributions of one use, for a removed row and for an added one (the same array twice where the mechanism is symmetric). */
export function lossDistributions(m: Mechanism, step: number): readonly [LossDistribution, LossDistribution] {
  switch (m.kind) {
    case 'gaussian':
      if (!(m.sigma > 0)) throw new RangeError(`sigma: ${m.sigma} is not positive`);
      if (m.q !== undefined && !(m.q > 0 && m.q <= 1))
        throw new RangeError(`sampling probability: ${m.q} is not above 0 and at most 1`);
      return [sampledGaussian(m.sigma, m.q ?? 1, step, 'remove'), sampledGaussian(m.sigma, m.q ?? 1, step, 'add')];
    case 'laplace':
      return twice(laplace(m.scale, step));
    case 'discrete-gaussian':
      return twice(discreteGaussianLoss(m.variance, m.sensitivity ?? 1, step));
    case 'approximate': {
      const p = (1 - m.delta) / (1 + Math.exp(-m.epsilon));
      return twice(
        fromAtoms(
          [
            [m.epsilon, p],
            [-m.epsilon, 1 - m.delta - p],
          ],
          step,
          m.delta,
        ),
      );
    }
  }
}

const twice = (d: LossDistribution) => [d, d] as const;

/** P: mixture (1-q) N(0, s^2) + q N(1, s^2); Q: N(0, s^2); loss log P/Q under P (remove) or log Q/P under Q (add). */
function sampledGaussian(s: number, q: number, step: number, direction: 'remove' | 'add'): LossDistribution {
  const loss = (x: number) => {
    const y = Math.log(q) + (2 * x - 1) / (2 * s * s);
    const z = Math.log1p(-q);
    return y > z ? y + Math.log1p(Math.exp(z - y)) : z + Math.log1p(Math.exp(y - z));
  };
  /** The x where the loss is `l`; minus infinity where no x has one so small. */
  const at = (l: number) => {
    const ratio = (Math.expm1(l) + q) / q;
    return ratio > 0 ? s * s * (l > 30 ? l - Math.log(q) : Math.log(ratio)) + 0.5 : Number.NEGATIVE_INFINITY;
  };
  const [low, high] = [loss(-REACH * s), loss(1 + REACH * s)];
  const cells = (i: number) => {
    // Cell i of the loss's own axis, (step i, step (i + 1)], as an interval of x.
    const [a, b] = direction === 'remove' ? [at(step * i), at(step * (i + 1))] : [at(-step * (i + 1)), at(-step * i)];
    const zero = normalInterval(a / s, b / s);
    const mixture = (1 - q) * zero + q * normalInterval((a - 1) / s, (b - 1) / s);
    return direction === 'remove' ? ([mixture, zero] as const) : ([zero, mixture] as const);
  };
  const [from, to] = direction === 'remove' ? [low, high] : [-high, -low];
  const tail = erfc(REACH * Math.SQRT1_2);
  return fromCells(Math.floor(from / step), Math.ceil(to / step), cells, step, tail);
}

/** P: Laplace at 0; Q: Laplace at 1, scale b; loss (|x - 1| - |x|) / b. */
function laplace(b: number, step: number): LossDistribution {
  if (!(b > 0)) throw new RangeError(`scale: ${b} is not positive`);
  const edge = 1 / b;
  const cells = (i: number) => {
    const lo = Math.max(step * i, -edge);
    const hi = Math.min(step * (i + 1), edge);
    if (hi <= lo) return [0, 0] as const;
    // loss = (1 - 2x) / b between the two centres
    const [xa, xb] = [(1 - b * hi) / 2, (1 - b * lo) / 2];
    return [
      0.5 * Math.exp(-xa / b) * -Math.expm1((xa - xb) / b),
      0.5 * Math.exp((xb - 1) / b) * -Math.expm1((xa - xb) / b),
    ] as const;
  };
  const inner = fromCells(Math.floor(-edge / step), Math.ceil(edge / step), cells, step, 0);
  const outer = fromAtoms(
    [
      [edge, 0.5],
      [-edge, 0.5 * Math.exp(-edge)],
    ],
    step,
    0,
  );
  return addDistributions(inner, outer);
}

function discreteGaussianLoss(variance: number, sensitivity: number, step: number): LossDistribution {
  const reach = Math.ceil(REACH * Math.sqrt(variance) + sensitivity);
  if (!(reach < 2e6)) throw new RangeError(`variance: ${variance} has too many values for a table; use the Gaussian`);
  let total = 0;
  for (let x = -reach; x <= reach; x++) total += Math.exp((-x * x) / (2 * variance));
  const atoms: [number, number][] = [];
  for (let x = -reach; x <= reach; x++) {
    const loss = (sensitivity * sensitivity - 2 * x * sensitivity) / (2 * variance);
    atoms.push([loss, Math.exp((-x * x) / (2 * variance)) / total]);
  }
  return fromAtoms(atoms, step, 1e-31);
}

/** Cells i = from … to - 1 with their probabilities under both hypotheses; what lies outside is inside `infinite`. */
function fromCells(
  from: number,
  to: number,
  cells: (i: number) => readonly [number, number],
  step: number,
  infinite: number,
): LossDistribution {
  const mass = new Float64Array(to - from + 1);
  for (let i = from; i < to; i++) {
    const [p, q] = cells(i);
    const upper = Math.min(p, Math.max(0, (p - Math.exp(step * i) * q) / -Math.expm1(-step)));
    mass[i - from] += p - upper;
    mass[i - from + 1] += upper;
  }
  return { step, start: from, mass, infinite };
}

function fromAtoms(atoms: readonly (readonly [number, number])[], step: number, infinite: number): LossDistribution {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [loss] of atoms) {
    low = Math.min(low, loss);
    high = Math.max(high, loss);
  }
  const start = Math.floor(low / step);
  const mass = new Float64Array(Math.ceil(high / step) - start + 2);
  for (const [loss, p] of atoms) {
    const i = Math.floor(loss / step);
    const upper = Math.max(0, Math.min(1, Math.expm1(step * i - loss) / Math.expm1(-step)));
    mass[i - start] += p * (1 - upper);
    mass[i - start + 1] += p * upper;
  }
  return { step, start, mass, infinite };
}

function addDistributions(a: LossDistribution, b: LossDistribution): LossDistribution {
  const start = Math.min(a.start, b.start);
  const end = Math.max(a.start + a.mass.length, b.start + b.mass.length);
  const mass = new Float64Array(end - start);
  for (const d of [a, b]) for (let i = 0; i < d.mass.length; i++) mass[d.start - start + i] += d.mass[i];
  return { step: a.step, start, mass, infinite: a.infinite + b.infinite };
}

/** P(a < Z <= b) from the tail in which it is small. */
function normalInterval(a: number, b: number): number {
  if (b <= a) return 0;
  return a > 0
    ? 0.5 * (erfc(a * Math.SQRT1_2) - erfc(b * Math.SQRT1_2))
    : 0.5 * (erfc(-b * Math.SQRT1_2) - erfc(-a * Math.SQRT1_2));
}
