// One table of honest use: the same problem by QAOA, by simulated annealing and by a mixed-integer solver, by size; and from which size on a
// quantum machine could be the faster one, extrapolated from what was measured (a fit over few small sizes: an order of magnitude, not a promise).
import type { LinearSolver, Random } from '@madang/numerics';
import { anneal } from './anneal.ts';
import { drawPartition, partitionCost, partitionModel, partitionQubo } from './partition.ts';
import { qaoa } from './qaoa.ts';
import { type Qubo, quboValue } from './qubo.ts';
import { assumedHardware, type Hardware, qaoaRotations, type Resources, resources } from './resources.ts';
import { commitmentCost, commitmentModel, commitmentQubo, drawCommitment } from './unit-commitment.ts';

export type Problem = 'uc' | 'partition';

export interface StudyRow {
  /** Binary variables, one qubit each. */
  readonly size: number;
  readonly method: 'qaoa' | 'annealing' | string;
  /** Cost of a schedule, or capacity cut, plus the penalty where the rules are broken; of QAOA the best of its shots. */
  readonly value: number;
  readonly seconds: number;
  /** (value - optimum) / |optimum|, with the optimum proven by the solver; undefined when it proved none. */
  readonly gap: number | undefined;
  /** Demand is met, or the halves are equal. */
  readonly feasible: boolean;
  /** Of QAOA: probability that one shot is optimal, the mean value of one shot with its gap, and how many shots were taken. */
  readonly successProbability?: number;
  readonly expectation?: number;
  readonly expectationGap?: number;
  readonly shots?: number;
}

export interface StudyOptions {
  readonly sizes: readonly number[];
  readonly random: Random;
  readonly solver: LinearSolver;
  /** Seconds on a clock that only goes forward. */
  readonly clock: () => number;
  readonly rounds?: number;
  readonly onStep?: (what: string) => void;
}

export interface Crossover {
  readonly hardware: string;
  /** Fitted growth by variable: time doubles every this many variables. */
  readonly quantumDoubling: number | undefined;
  readonly classicalDoubling: number | undefined;
  /** Variables from which the quantum side would be faster, if the fits went on for ever; undefined for never. */
  readonly size: number | undefined;
  /** What that size, or the largest run, would need. */
  readonly needs: Resources;
  readonly needsAtSize: number;
}

interface Instance {
  readonly qubo: Qubo;
  readonly model: Parameters<LinearSolver['solve']>[0];
  feasible(x: ArrayLike<number>): boolean;
}

/** An instance of a size, the same for the same stream of random numbers. */
export function instanceOf(problem: Problem, size: number, random: Random): Instance {
  if (problem === 'uc') {
    const c = drawCommitment(size, random);
    return { qubo: commitmentQubo(c), model: commitmentModel(c), feasible: x => commitmentCost(c, x).missedMw === 0 };
  }
  const p = drawPartition(size, random);
  return { qubo: partitionQubo(p), model: partitionModel(p), feasible: x => partitionCost(p, x).unevenBuses === 0 };
}

/** Classical sizes beyond the asked ones, for the fit of the solver's growth. */
const FURTHER = [24, 48, 96, 192];
const SOLVER_LIMIT_SECONDS = 10;
/** Shots of QAOA, of which the best counts. */
const SHOTS = 1000;

export function runStudy(problem: Problem, options: StudyOptions): { rows: StudyRow[]; crossover: Crossover[] } {
  const { clock, solver } = options;
  const rounds = options.rounds ?? 3;
  const rows: StudyRow[] = [];
  const classicalTimes: [number, number][] = [];
  const shotsNeeded: [number, number][] = [];
  const timed = <T>(run: () => T): [T, number] => {
    const start = clock();
    const out = run();
    return [out, clock() - start];
  };
  const solve = (instance: Instance) => {
    const [s, seconds] = timed(() => solver.solve(instance.model, { seconds: SOLVER_LIMIT_SECONDS, mipGap: 0 }));
    return { s, seconds };
  };
  const annealed = (instance: Instance, size: number) =>
    timed(() => anneal(instance.qubo, options.random.fork(`anneal ${size}`)));
  /** The best that classical computing does: the solver, or annealing where it finds the solver's optimum sooner. */
  const noteClassical = (size: number, optimum: number, solverSeconds: number, a: number, annealSeconds: number) =>
    void classicalTimes.push([size, clean(a - optimum) <= 0 ? Math.min(solverSeconds, annealSeconds) : solverSeconds]);
  for (const size of options.sizes) {
    const instance = instanceOf(problem, size, options.random.fork(`${problem} ${size}`));
    options.onStep?.(`${solver.name} ${size}`);
    const { s, seconds } = solve(instance);
    const x = Array.from(s.x.subarray(0, size), v => Math.round(v));
    const value = s.x.length > 0 ? quboValue(instance.qubo, x) : Number.NaN;
    const optimum = s.status === 'optimal' ? value : undefined;
    const gap = (v: number) =>
      optimum === undefined ? undefined : clean((v - optimum) / Math.max(1e-12, Math.abs(optimum)));
    rows.push({
      size,
      method: solver.name,
      value: clean(value),
      seconds,
      gap: gap(value),
      feasible: instance.feasible(x),
    });
    options.onStep?.(`annealing ${size}`);
    const [a, annealSeconds] = annealed(instance, size);
    if (optimum !== undefined) noteClassical(size, optimum, seconds, a.value, annealSeconds);
    rows.push({
      size,
      method: 'annealing',
      value: clean(a.value),
      seconds: annealSeconds,
      gap: gap(a.value),
      feasible: instance.feasible(a.x),
    });
    options.onStep?.(`QAOA ${size}`);
    const [q, qaoaSeconds] = timed(() =>
      qaoa(instance.qubo, options.random.fork(`qaoa ${size}`), { rounds, shots: SHOTS }),
    );
    rows.push({
      size,
      method: 'qaoa',
      value: clean(q.value),
      seconds: qaoaSeconds,
      gap: gap(q.value),
      feasible: instance.feasible(q.x),
      successProbability: q.successProbability,
      expectation: clean(q.expectation),
      ...(optimum !== undefined && { expectationGap: gap(q.expectation)! }),
      shots: SHOTS,
    });
    if (q.successProbability > 0) shotsNeeded.push([size, shotsFor(q.successProbability)]);
  }
  const largest = Math.max(...options.sizes);
  for (const size of FURTHER) {
    if (size <= largest) continue;
    options.onStep?.(`${solver.name} ${size}`);
    const instance = instanceOf(problem, size, options.random.fork(`${problem} ${size}`));
    const { s, seconds } = solve(instance);
    if (s.status !== 'optimal') break;
    const optimum = quboValue(
      instance.qubo,
      Array.from(s.x.subarray(0, size), v => Math.round(v)),
    );
    const [a, annealSeconds] = annealed(instance, size);
    noteClassical(size, optimum, seconds, a.value, annealSeconds);
  }
  const crossover = assumedHardware.map(h =>
    crossoverOn(problem, h, rounds, shotsNeeded, classicalTimes, largest, options.random),
  );
  return { rows, crossover };
}

/** Rounding noise of sums of penalties is not shown. */
const clean = (v: number) => (Math.abs(v) < 1e-9 ? 0 : Number(v.toPrecision(12)));

/** Shots until the optimum is seen with probability 0.99. */
const shotsFor = (p: number) => Math.max(1, Math.log(0.01) / Math.log1p(-Math.min(p, 1 - 1e-15)));

/** Straight line through (x, ln y): intercept and slope. */
function fit(points: readonly (readonly [number, number])[]): { a: number; b: number } | undefined {
  if (points.length < 2) return undefined;
  const n = points.length;
  const mx = points.reduce((s, [x]) => s + x, 0) / n;
  const my = points.reduce((s, [, y]) => s + Math.log(y), 0) / n;
  const sxx = points.reduce((s, [x]) => s + (x - mx) ** 2, 0);
  if (sxx === 0) return undefined;
  const b = points.reduce((s, [x, y]) => s + (x - mx) * (Math.log(y) - my), 0) / sxx;
  return { a: my - b * mx, b };
}

function crossoverOn(
  problem: Problem,
  hardware: Hardware,
  rounds: number,
  shots: readonly [number, number][],
  classical: readonly [number, number][],
  largest: number,
  random: Random,
): Crossover {
  const needsOf = (size: number): Resources => {
    const { qubo } = instanceOf(problem, size, random.fork(`needs ${size}`));
    return resources(size, qaoaRotations(qubo, rounds), hardware);
  };
  const q = fit(shots);
  const c = fit(classical);
  const doubling = (f: { b: number } | undefined) => (f && f.b > 0 ? Math.LN2 / f.b : undefined);
  let size: number | undefined;
  // Only beyond what was measured, and only where QAOA would stay ahead: at small sizes fixed costs decide, not growth.
  if (q && c && q.b < c.b)
    for (let n = largest; n <= 4096 && size === undefined; n = n < 64 ? n + 4 : Math.ceil((n * 1.1) / 4) * 4)
      if (q.a + q.b * n + Math.log(needsOf(n).secondsPerShot) < c.a + c.b * n) size = n;
  const at = size ?? largest;
  return {
    hardware: hardware.name,
    quantumDoubling: doubling(q),
    classicalDoubling: doubling(c),
    size,
    needs: needsOf(at),
    needsAtSize: at,
  };
}
