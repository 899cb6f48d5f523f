// Cyclic steady state: the state that a cycle reproduces, found by Newton's iteration (repeat.ts) first on a column of a few cells, then on the one that is asked for.
// What has not converged is never handed out as a result.
import type { Sorbent } from '../sorbents.ts';
import { column, uniform } from './column.ts';
import type { Flows } from './cycle.ts';
import { type Design, pack, refine, unpack } from './packed.ts';
import { type Bed, checkOperation, type Operation } from './parameters.ts';
import { cycleSeconds, figures, type Performance, profile } from './performance.ts';
import { type Ran, repeat } from './repeat.ts';

export interface Settings {
  readonly cells: number;
  /** Largest change over a cycle (root mean square of the scaled state) that counts as steady. */
  readonly steady: number;
  /** Largest mass and energy balance error that counts as closed. */
  readonly balance: number;
  readonly mostCycles: number;
}

export const DEFAULTS: Settings = { cells: 30, steady: 4e-4, balance: 2e-3, mostCycles: 400 };

/** Relative tolerance of the time integration, of cycles that may count as the answer and of the first search. */
const FINE = 5e-4;
const COARSE = 2e-3;
/** Cells of the first search, whose end is the start of the real one, and the change that ends it. */
const COARSE_CELLS = 10;
const COARSE_STEADY = 3e-3;
/** Cycles of the first search that run as they are: the bed fills. */
const FILLING = 4;

const DRAWS_IN = 'the bed takes up more than is fed and draws gas in at the light end; feed faster or adsorb longer';
export type Steady =
  | (Performance & {
      readonly converged: true;
      readonly cycles: number;
      readonly change: number;
      readonly steps: number;
      readonly cycleS: number;
      readonly flows: Flows;
      /** Cell by cell at the end of the cycle. */
      readonly profile: readonly {
        readonly pa: number;
        readonly k: number;
        readonly co2: number;
        readonly loadCo2: number;
        readonly loadN2: number;
      }[];
    })
  | {
      readonly converged: false;
      readonly why: string;
      readonly cycles: number;
      readonly change: number;
      readonly massError: number;
      readonly energyError: number;
    };

/** Finds the cyclic steady state of a design. Throws RangeError for an operating point that cannot be. */
export function steadyState(bed: Bed, sorbent: Sorbent, o: Operation, settings: Settings = DEFAULTS): Steady {
  const problem = checkOperation(o);
  if (problem) throw new RangeError(problem);
  const feedMol = (o.feedMS * bed.voidFraction * o.highPa * o.adsorptionS) / (bed.gasConstant * bed.feedK);
  const tank = { mol: Math.max(feedMol, 1e-9), energyJ: Math.max(feedMol * bed.cpGasJMolK * 10, 1e-9) };
  const design = (cells: number): Design => ({ c: column(bed, sorbent, cells, o.highPa), o, tank });
  const cells = Math.min(COARSE_CELLS, settings.cells);
  const coarse = design(cells);
  const empty = pack(uniform(coarse.c, o.lowPa, bed.feedK, 0.01), { co2: 0, n2: 0, enthalpyJ: 0 }, tank);
  const roughly = { relative: COARSE, plain: FILLING, most: settings.mostCycles };
  const first = repeat(coarse, empty, { ...roughly, open: ({ change }) => change / COARSE_STEADY }, design);
  const fine = design(settings.cells);
  let answer: Steady | undefined;
  let last = { change: Number.POSITIVE_INFINITY, massError: Number.NaN, energyError: Number.NaN };
  const failed = (why: string, cycles: number): Steady => ({ converged: false, why, cycles, ...last });
  const open = (ran: Ran): number => {
    const { change, flows, cycle } = ran;
    const p = figures(fine.c, o, flows);
    const { massError, energyError } = p;
    last = { change, massError, energyError };
    const unsteady = change / settings.steady;
    const worst = Math.max(unsteady, massError / settings.balance, energyError / settings.balance);
    // Such a cycle can repeat and even balance, yet part of its gas comes from nowhere.
    const { feed, drawnIn } = flows;
    if (unsteady <= 1 && Math.max(drawnIn.co2 / feed.co2, drawnIn.n2 / feed.n2) > settings.balance)
      answer = failed(DRAWS_IN, cycle);
    else if (worst > 1) return worst;
    else if (!(p.purity > 0 && p.purity <= 1 + 1e-6 && p.recovery > 0 && p.recovery <= 1))
      answer = failed('the cycle gives no CO2-rich product', cycle);
    else {
      const { state } = unpack(ran.x, settings.cells, tank);
      const { steps } = ran;
      const found = { cycles: cycle, change, steps, cycleS: cycleSeconds(o), flows, profile: profile(fine.c, state) };
      answer = { ...p, converged: true, ...found };
    }
    return 0;
  };
  const goal = { relative: FINE, plain: 0, most: settings.mostCycles, open };
  const { cycles, why } = repeat(fine, refine(first.x, cells, settings.cells), goal, design);
  return answer ?? failed(why ?? `not steady after ${settings.mostCycles} cycles`, cycles);
}
