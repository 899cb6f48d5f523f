// The state that a cycle reproduces, by Newton's iteration: a cycle says how far it is from repeating, the linearised cycle (linear.ts) which change of its start would make it repeat,
// also where heat or a front needs hundreds of cycles to settle. A step is damped as if it were that many cycles only (pseudo-transient continuation, Kelley and Keyes, SIAM J. Numer. Anal. 35,
// 508, 1998), the fewer the worse the last one did.
import { gmres } from '../stiff/gmres.ts';
import { type Flows, runCycle } from './cycle.ts';
import { linearCycle } from './linear.ts';
import { type Design, difference, pack, possible, refine, restrict, unpack } from './packed.ts';
import type { Tape } from './tape.ts';

/** Damping, 1 over a number of cycles: of the first step, and between which bounds it falls after a good step and rises after a bad one. */
const DAMPING = { first: 0.02, fall: 0.2, least: 1e-3, rise: 5, risen: 0.02, most: 0.2 };
/** Share of the linear equations' residual that may stay, and most products for it. */
const LINEAR = 0.1;
const PRODUCTS = 40;
/** Share of what is open that a hardly damped step is expected to leave. */
const LEFT = 0.2;
/** When no more than NEAR was open, a step that leaves ASTRAY times more is taken back. */
const NEAR = 10;
const ASTRAY = 10;
/** Cycles after which the noise of the time integration may be what stays open: it then gets closer. */
const ROUGH = 4;
const CLOSER = 0.2;
/** Most cells whose tapes are kept (some 50 MB); a column of more is corrected on one of so many. */
const TAPED_CELLS = 60;
const FAILURES = 8;

/** A cycle that was run. */
export interface Ran {
  readonly cycle: number;
  /** Its end. */
  readonly x: Float64Array;
  /** Root mean square by which the end differs from the start. */
  readonly change: number;
  readonly flows: Flows;
  readonly steps: number;
}

export interface Goal {
  /** Relative tolerance of the time integration of the first cycles. */
  readonly relative: number;
  /** Cycles that run as they are before the first step. */
  readonly plain: number;
  readonly most: number;
  /** What is still open after a cycle: 1 would do. */
  open(ran: Ran): number;
}

/** Looks for the state from `from` on. Gives the last cycle's end, and why no further cycle could be run if that ended the search. `coarser` makes the column of fewer cells. */
export function repeat(
  d: Design,
  from: Float64Array,
  goal: Goal,
  coarser: (cells: number) => Design,
): { readonly x: Float64Array; readonly cycles: number; readonly why?: string } {
  const taped = d.c.cells > TAPED_CELLS ? coarser(TAPED_CELLS) : d;
  let x = from;
  let safe = from;
  let damping = DAMPING.first;
  let before = Number.POSITIVE_INFINITY;
  let expected = Number.POSITIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  let failures = 0;
  const worse = () => {
    damping = Math.min(DAMPING.most, Math.max(DAMPING.risen, DAMPING.rise * damping));
  };
  for (let cycle = 1; cycle <= goal.most; cycle++) {
    // A cycle that is expected to be the last one needs no tapes.
    const stepping = cycle > goal.plain && expected > 1;
    const tapes: Tape[] | undefined = stepping && taped === d ? [] : undefined;
    const relative = cycle > goal.plain + ROUGH ? CLOSER * goal.relative : goal.relative;
    const ran = cycleFrom(d, x, relative, tapes);
    expected = Number.POSITIVE_INFINITY;
    if (!ran.ok) {
      failures += 1;
      if (x === safe || failures > FAILURES) return { x: safe, cycles: cycle, why: ran.why };
      // The step led to a state that cannot be: go on from the last cycle's own end.
      x = safe;
      worse();
      continue;
    }
    const open = goal.open({ ...ran, cycle, change: difference(ran.x, x) });
    if (open <= 1) return { x: ran.x, cycles: cycle };
    if (least < NEAR && open > ASTRAY * least) {
      x = safe;
      worse();
      continue;
    }
    if (cycle > goal.plain) {
      if (open < 0.5 * before) damping = Math.max(DAMPING.least, DAMPING.fall * damping);
      else if (open > 1.5 * before) worse();
      before = open;
    }
    least = Math.min(least, open);
    safe = ran.x;
    x = stepping ? possible(stepped(d, taped, x, ran.x, tapes, relative, damping), ran.x, d.c.cells) : ran.x;
    if (stepping && damping < DAMPING.first) expected = LEFT * open;
  }
  return { x: safe, cycles: goal.most };
}

type Cycled =
  | { readonly ok: true; readonly x: Float64Array; readonly flows: Flows; readonly steps: number }
  | { readonly ok: false; readonly why: string };

function cycleFrom(d: Design, x: Float64Array, relative: number, tapes?: Tape[]): Cycled {
  const { state, tank } = unpack(x, d.c.cells, d.tank);
  const done = runCycle(d.c, d.o, state, tank, { relative, absolute: relative * 0.01, mostSteps: 4000 }, tapes);
  return done.ok ? { ok: true, x: pack(done.state, done.tank, d.tank), flows: done.flows, steps: done.steps } : done;
}

/** Where Newton's step leads from the start `x` of a cycle that ended in `end`; by the tapes of that cycle, or of one of the smaller column `taped`. */
function stepped(
  d: Design,
  taped: Design,
  x: Float64Array,
  end: Float64Array,
  tapes: Tape[] | undefined,
  relative: number,
  damping: number,
): Float64Array {
  const change = end.map((v, i) => v - x[i]);
  if (tapes) {
    const move = gmres(linearCycle(d, tapes), change, damping, LINEAR, PRODUCTS);
    return move.map((v, i) => x[i] + v);
  }
  const [many, few] = [d.c.cells, taped.c.cells];
  const smaller: Tape[] = [];
  if (!cycleFrom(taped, restrict(x, many, few), relative, smaller).ok) return end;
  const rest = restrict(change, many, few);
  const move = gmres(linearCycle(taped, smaller), rest, damping, LINEAR, PRODUCTS);
  const beyond = refine(
    move.map((v, i) => v - rest[i]),
    few,
    many,
  );
  return end.map((v, i) => v + beyond[i]);
}
