// Tight numerical composition of privacy losses by FFT, as an upper bound. The step's distribution is tilted by exp(theta loss) before the transform
// (theta = best Renyi order - 1), so that the composed mass near the wanted epsilon is of order one and delta is right to many digits however small;
// without tilting, round-off of 1e-16 drowns a delta of 1e-12. Window ends by Chernoff; what wraps around is bounded and added.
import { fft, fftPlan, inverseFft } from '@madang/numerics';
import { type LossDistribution, lossDistributions, type Mechanism } from './loss-distribution.ts';

/** A mechanism used `count` times. */
export interface Use {
  readonly mechanism: Mechanism;
  readonly count: number;
}

const WRAP = 1e-12;
const LONGEST = 2 ** 22;
/** Cells of one use's distribution, at most. */
const MOST_CELLS = 2 ** 19;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The least epsilon >= 0 such that all uses together are (epsilon, delta)-DP for one added or removed row: an upper bound, above the true value by about
 * 0.002, or epsilon / 1000 where that is less, but no finer than 0.00002 (more only if that would need over four million cells). Throws RangeError when delta cannot be reached at all.
 */
export function tightEpsilon(uses: readonly Use[], delta: number): number {
  if (!(delta > 0 && delta < 1)) throw new RangeError(`delta: ${delta} is not between 0 and 1`);
  const target = { tilt: (c: Composition) => tiltForDelta(c, delta) };
  return Math.max(...directions(uses, target).map(curve => curve.epsilon(delta)));
}

/** The least delta at epsilon >= 0; an upper bound, of the same accuracy in epsilon. */
export function tightDelta(uses: readonly Use[], epsilon: number): number {
  if (!(epsilon >= 0)) throw new RangeError(`epsilon: ${epsilon} is negative`);
  const target = { tilt: (c: Composition) => ({ theta: tiltForEpsilon(c, epsilon), epsilon }) };
  return Math.max(...directions(uses, target).map(curve => curve.delta(epsilon)));
}

interface Composition {
  readonly step: number;
  readonly parts: readonly { readonly pld: LossDistribution; readonly count: number }[];
}

interface Target {
  tilt(c: Composition): { theta: number; epsilon: number };
}

interface Curve {
  delta(epsilon: number): number;
  epsilon(delta: number): number;
}

/** Both neighbour relations; the step is refined until the second-order error fits. */
function directions(uses: readonly Use[], target: Target): Curve[] {
  if (uses.length === 0) throw new RangeError('composition: nothing was used');
  const total = uses.reduce((n, u) => n + u.count, 0);
  for (const u of uses)
    if (!Number.isInteger(u.count) || u.count < 1)
      throw new RangeError(`count: ${u.count} is not a whole number above 0`);
  return [0, 1].map(direction => {
    const build = (step: number): Composition => ({
      step,
      parts: uses.map(u => ({ pld: lossDistributions(u.mechanism, step)[direction], count: u.count })),
    });
    let composition = build(Math.min(0.05, Math.sqrt(0.1 / total)));
    for (;;) {
      const { theta, epsilon } = target.tilt(composition);
      const error = Math.min(2e-3, Math.max(1e-3 * epsilon, 2e-5));
      // Splitting a cell adds up to step^2 / 12 to the mean and step^2 / 6 to the variance, which the tilt weighs by theta / 2; and no loss moves by more
      // than one step a use.
      const step = Math.max(Math.sqrt((12 * error) / (total * (1 + theta))), error / total);
      const [low, high] = window(composition, theta);
      const span = composition.step * Math.max(...composition.parts.map(c => c.pld.mass.length));
      const wanted = Math.max(step, (1.01 * (high - low)) / LONGEST, span / MOST_CELLS);
      if (composition.step <= 1.1 * wanted) return compose(composition, theta, low, high);
      composition = build(wanted);
    }
  });
}

/** log E[exp(theta loss)] of the finite part, all uses together. */
function logMoment(c: Composition, theta: number): number {
  let sum = 0;
  for (const { pld, count } of c.parts) sum += count * logMomentOf(pld, theta);
  return sum;
}

function logMomentOf({ mass, start, step }: LossDistribution, theta: number): number {
  let [first, last] = [0, mass.length - 1];
  while (first < last && mass[first] === 0) first += 1;
  while (last > first && mass[last] === 0) last -= 1;
  // Largest exponent first, so that nothing overflows.
  const top = theta > 0 ? theta * step * (start + last) : theta * step * (start + first);
  let sum = 0;
  for (let i = first; i <= last; i++) if (mass[i] > 0) sum += mass[i] * Math.exp(theta * step * (start + i) - top);
  return top + Math.log(sum);
}

/** Minimises Chernoff's (log moment + log 1/delta) / theta. */
function tiltForDelta(c: Composition, delta: number): { theta: number; epsilon: number } {
  const bound = (logTheta: number) => (logMoment(c, Math.exp(logTheta)) - Math.log(delta)) / Math.exp(logTheta);
  const logTheta = minimise(bound, -8, 12);
  return { theta: Math.exp(logTheta), epsilon: Math.max(0, bound(logTheta)) };
}

function tiltForEpsilon(c: Composition, epsilon: number): number {
  return Math.exp(minimise(t => logMoment(c, Math.exp(t)) - Math.exp(t) * epsilon, -12, 12));
}

/** Losses outside have probability at most WRAP each side under the tilted law. */
function window(c: Composition, theta: number): [number, number] {
  const base = logMoment(c, theta);
  const upper = (logS: number) => (logMoment(c, theta + Math.exp(logS)) - base - Math.log(WRAP)) / Math.exp(logS);
  const lower = (logS: number) => (logMoment(c, theta - Math.exp(logS)) - base - Math.log(WRAP)) / Math.exp(logS);
  return [-lower(minimise(lower, -8, 10)), upper(minimise(upper, -8, 10))];
}

function compose(c: Composition, theta: number, low: number, high: number): Curve {
  const { step } = c;
  const first = Math.floor(low / step) - 1;
  const n = 2 ** Math.max(4, Math.ceil(Math.log2((high - low) / step + 4)));
  const plan = fftPlan(n);
  const re = new Float64Array(n).fill(1);
  const im = new Float64Array(n);
  let logScale = 0;
  let infinite = 0;
  for (const { pld, count } of c.parts) {
    const log = logMomentOf(pld, theta);
    const a = new Float64Array(n);
    const b = new Float64Array(n);
    for (let i = 0; i < pld.mass.length; i++) {
      const k = (((pld.start + i) % n) + n) % n;
      if (pld.mass[i] > 0) a[k] += pld.mass[i] * Math.exp(theta * step * (pld.start + i) - log);
    }
    fft(plan, a, b);
    multiplyPower(re, im, a, b, count);
    logScale += count * log;
    infinite += -Math.expm1(count * Math.log1p(-pld.infinite));
  }
  inverseFft(plan, re, im);
  // From the top down: above[j] = P(loss >= j), scaled[j] = sum of P(loss) exp(-loss) relative to exp(-loss of j).
  const above = new Float64Array(n + 1);
  const scaled = new Float64Array(n + 1);
  for (let j = n - 1; j >= 0; j--) {
    const k = (((first + j) % n) + n) % n;
    const p = Math.max(0, re[k]) * Math.exp(logScale - theta * step * (first + j));
    above[j] = above[j + 1] + p;
    scaled[j] = scaled[j + 1] * Math.exp(-step) + p;
  }
  // What lies above the window was folded below it: at most WRAP of the tilted mass, whose untilted weight falls with the loss.
  const missing = (epsilon: number) => Math.min(1, infinite + WRAP * Math.exp(Math.min(0, logScale - theta * epsilon)));
  /** delta at the grid point `first + j`, without what is missing; only losses above count. */
  const deltaAt = (j: number) => above[j] - scaled[j];
  return {
    delta(epsilon) {
      const j = Math.max(0, Math.ceil(epsilon / step) - first);
      if (j > n) return missing(epsilon);
      const value = above[j] - scaled[j] * Math.exp(epsilon - step * (first + j));
      return Math.min(1, Math.max(0, value) + missing(epsilon));
    },
    epsilon(delta) {
      let [lo, hi] = [0, n];
      const zero = Math.max(0, -first);
      if (zero < n && deltaAt(zero) + missing(step * (first + zero)) <= delta && first + zero === 0) return 0;
      // delta falls with epsilon
      while (lo < hi) {
        const mid = (lo + hi) >> 1;
        if (deltaAt(mid) + missing(step * (first + mid)) <= delta) hi = mid;
        else lo = mid + 1;
      }
      if (lo === n || (lo === 0 && first > 0))
        throw new RangeError(`delta: ${delta} cannot be reached; the mechanisms alone lose ${infinite}`);
      const rest = delta - missing(step * (first + lo - 1));
      const fraction = (above[lo] - rest) / scaled[lo];
      return Math.max(0, Math.min(step * (first + lo), step * (first + lo) + Math.log(Math.max(fraction, 1e-300))));
    },
  };
}

/** (re, im) *= (a, b)^count, element by element, by repeated squaring. */
function multiplyPower(re: Float64Array, im: Float64Array, a: Float64Array, b: Float64Array, count: number): void {
  for (let i = 0; i < re.length; i++) {
    let [x, y] = [a[i], b[i]];
    let [u, v] = [re[i], im[i]];
    for (let k = count; k > 0; k = Math.floor(k / 2)) {
      if (k % 2 === 1) {
        const t = u * x - v * y;
        v = u * y + v * x;
        u = t;
      }
      const t = x * x - y * y;
      y = 2 * x * y;
      x = t;
    }
    re[i] = u;
    im[i] = v;
  }
}

/** Golden section for a unimodal function. */
function minimise(f: (x: number) => number, from: number, to: number): number {
  let [lo, hi] = [from, to];
  let [x, y] = [hi - GOLDEN * (hi - lo), lo + GOLDEN * (hi - lo)];
  let [fx, fy] = [f(x), f(y)];
  for (let i = 0; i < 24; i++) {
    if (fx <= fy || Number.isNaN(fy)) {
      [hi, y, fy] = [y, x, fx];
      x = hi - GOLDEN * (hi - lo);
      fx = f(x);
    } else {
      [lo, x, fx] = [x, y, fy];
      y = lo + GOLDEN * (hi - lo);
      fy = f(y);
    }
  }
  return fx <= fy ? x : y;
}
