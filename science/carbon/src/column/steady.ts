// Cyclic steady state: the state that a cycle reproduces, found by mixing past cycles on two grids instead of running hundreds of
// plain ones. What has not converged is never handed out as a result.
import type { Sorbent } from '../sorbents.ts';
import { anderson } from './anderson.ts';
import { type Column, column, PER_CELL, uniform } from './column.ts';
import { type Flows, runCycle } from './cycle.ts';
import { difference, pack, possible, refine, restrict, type TankScale, unpack } from './packed.ts';
import { type Bed, checkOperation, type Operation } from './parameters.ts';
import { cycleSeconds, figures, type Performance, profile } from './performance.ts';
import { spells } from './spells.ts';

export interface Settings {
  readonly cells: number;
  /** Largest change over a cycle (root mean square of the scaled state) that counts as steady. */
  readonly steady: number;
  /** Largest mass and energy balance error that counts as closed. */
  readonly balance: number;
  readonly mostCycles: number;
}

export const DEFAULTS: Settings = { cells: 30, steady: 4e-4, balance: 2e-3, mostCycles: 400 };

/** Relative tolerance of the time integration of cycles that may count as the answer. */
const FINE = 5e-4;
const FINER = 1e-4;
/** Fine cycles that are corrected on the coarse column. */
const WITH_COARSE = 6;
/** Cells of the quick first search, whose end is the start of the real one. */
const COARSE_CELLS = 10;
/** Secants that mixing remembers. On the coarse column they serve one correction after another. */
const FINE_MEMORY = 12;
const COARSE_MEMORY = 20;

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
  const fine = designOf(column(bed, sorbent, settings.cells, o.highPa), o, tank, FINE_MEMORY);
  const cells = Math.min(COARSE_CELLS, settings.cells);
  const coarse = designOf(column(bed, sorbent, cells, o.highPa), o, tank, COARSE_MEMORY);
  const empty = pack(uniform(coarse.c, o.lowPa, bed.feedK, 0.01), { co2: 0, n2: 0, enthalpyJ: 0 }, tank);
  const first = settle(coarse, empty, new Float64Array(empty.length), {
    within: 3e-3,
    relative: 2e-3,
    most: settings.mostCycles,
  });
  return twoGrids(fine, coarse, refine(first, cells, settings.cells), settings);
}

/** A column with its operation, and what has been learnt of its cycle. */
interface Design {
  readonly c: Column;
  readonly o: Operation;
  readonly tank: TankScale;
  readonly mixing: ReturnType<typeof anderson>;
}

const designOf = (c: Column, o: Operation, tank: TankScale, memory: number): Design => ({
  c,
  o,
  tank,
  mixing: anderson(c.cells * PER_CELL + 3, memory),
});

type Ran =
  | { readonly ok: true; readonly x: Float64Array; readonly flows: Flows; readonly steps: number }
  | { readonly ok: false; readonly why: string };

function cycleFrom(d: Design, x: Float64Array, relative: number): Ran {
  const { state, tank } = unpack(x, d.c.cells, d.tank);
  const done = runCycle(d.c, d.o, state, tank, { relative, absolute: relative * 0.01, mostSteps: 4000 });
  return done.ok ? { ok: true, x: pack(done.state, done.tank, d.tank), flows: done.flows, steps: done.steps } : done;
}

/** On one grid: mixes cycles until a cycle changes the state by `target` only. Gives the best state seen when it does not get there. */
function settle(
  d: Design,
  from: Float64Array,
  target: Float64Array,
  goal: { readonly within: number; readonly relative: number; readonly most: number },
): Float64Array {
  const { mixing } = d;
  mixing.leap();
  let x = from;
  let best = from;
  let least = Number.POSITIVE_INFINITY;
  for (let cycle = 0; cycle < goal.most; cycle++) {
    const ran = cycleFrom(d, x, goal.relative);
    if (!ran.ok) {
      if (x === best || least === Number.POSITIVE_INFINITY) return best;
      // The mixed state was not a possible one: go back to the best and mix anew.
      mixing.forget();
      x = best;
      continue;
    }
    const next = ran.x;
    for (let i = 0; i < next.length; i++) next[i] -= target[i];
    const change = difference(next, x);
    if (change < least) {
      least = change;
      best = next;
    }
    if (change <= goal.within) return next;
    if (change > 2 * least) {
      // Secants of states far away lead astray.
      mixing.forget();
      x = best;
      continue;
    }
    x = possible(mixing.next(x, next), ran.x, d.c.cells);
  }
  return best;
}

/**
 * Cycles of the fine column, each followed by a correction of what is smooth on the coarse one (full approximation scheme, Brandt 1977): slow
 * modes (heat, far ends) are smooth, and a coarse cycle costs a tenth. Anderson mixes the corrected steps.
 */
function twoGrids(fine: Design, coarse: Design, start: Float64Array, settings: Settings): Steady {
  const { c, o, mixing } = fine;
  const same = c.cells === coarse.c.cells;
  const spell = spells();
  let x = start;
  let safe: Float64Array | undefined;
  let change = Number.POSITIVE_INFINITY;
  let massError = Number.NaN;
  let energyError = Number.NaN;
  let failures = 0;
  const failed = (why: string, cycles: number): Steady => ({
    converged: false,
    why,
    cycles,
    change,
    massError,
    energyError,
  });
  for (let cycle = 1; cycle <= settings.mostCycles; cycle++) {
    // A front that wanders slowly defeats the coarse column: then the fine one goes on alone, and what is mixed is integrated closely enough for
    // small differences to count.
    const slow = cycle > WITH_COARSE;
    const alone = same || slow;
    const relative = cycle === 1 ? 1e-3 : slow && !spell.plain ? FINER : FINE;
    if (cycle === WITH_COARSE + 1) mixing.forget();
    const ran = cycleFrom(fine, x, relative);
    if (!ran.ok) {
      failures += 1;
      if (!safe || failures > 5) return failed(ran.why, cycle);
      // The corrected state was not a possible one: go on from the last cycle's own end.
      x = safe;
      safe = undefined;
      mixing.forget();
      continue;
    }
    change = difference(ran.x, x);
    const p = figures(c, o, ran.flows);
    ({ massError, energyError } = p);
    // Such a cycle can repeat and even balance, yet part of its gas comes from nowhere.
    const { feed, drawnIn } = ran.flows;
    const unfed = Math.max(drawnIn.co2 / feed.co2, drawnIn.n2 / feed.n2);
    if (relative <= FINE && change <= settings.steady && unfed > settings.balance)
      return failed(
        'the bed takes up more than is fed and draws gas in at the light end; feed faster or adsorb longer',
        cycle,
      );
    if (
      relative <= FINE &&
      change <= settings.steady &&
      massError <= settings.balance &&
      energyError <= settings.balance
    ) {
      if (!(p.purity > 0 && p.purity <= 1 + 1e-6 && p.recovery > 0 && p.recovery <= 1))
        return failed('the cycle gives no CO2-rich product', cycle);
      return {
        ...p,
        converged: true,
        cycles: cycle,
        change,
        steps: ran.steps,
        cycleS: cycleSeconds(o),
        flows: ran.flows,
        profile: profile(c, unpack(ran.x, c.cells, fine.tank).state),
      };
    }
    safe = ran.x;
    const next = alone ? ran.x : corrected(fine, coarse, x, ran.x, change);
    const open = Math.max(change / settings.steady, massError / settings.balance, energyError / settings.balance);
    if (slow && spell.turned(open)) mixing.forget();
    x = spell.plain ? next : possible(mixing.next(x, next), ran.x, c.cells);
  }
  return failed(`not steady after ${settings.mostCycles} cycles`, settings.mostCycles);
}

/** The end of a cycle, `after`, plus how far the coarse column says that its smooth part is still from steady. */
function corrected(
  fine: Design,
  coarse: Design,
  before: Float64Array,
  after: Float64Array,
  change: number,
): Float64Array {
  const [nf, nc] = [fine.c.cells, coarse.c.cells];
  const z = restrict(before, nf, nc);
  const rest = restrict(after, nf, nc).map((v, i) => v - z[i]);
  const relative = 1e-3;
  const ran = cycleFrom(coarse, z, relative);
  if (!ran.ok) return after;
  const target = ran.x.map((v, i) => v - z[i] - rest[i]);
  const solved = settle(coarse, z, target, { within: Math.max(0.1 * change, 2e-4), relative, most: 10 });
  const move = refine(
    solved.map((v, i) => v - z[i] - rest[i]),
    nc,
    nf,
  );
  return after.map((v, i) => v + move[i]);
}
