// Cyclic steady state: the state that a cycle reproduces, found by Anderson's mixing of past cycles (Walker and Ni, SIAM J. Numer. Anal. 49,
// 2011) instead of hundreds of plain cycles. What has not converged is never handed out as a result.
import { cholesky, choleskySolve } from '@madang/numerics';
import type { Sorbent } from '../sorbents.ts';
import { type Column, column, PER_CELL, pressureAndTemperature, uniform } from './column.ts';
import { type Flows, type Parcel, runCycle } from './cycle.ts';
import { type Bed, checkOperation, type Operation } from './parameters.ts';

export interface Settings {
  readonly cells: number;
  /** Largest change over a cycle (root mean square of the scaled state) that counts as steady. */
  readonly steady: number;
  /** Largest mass and energy balance error that counts as closed. */
  readonly balance: number;
  readonly mostCycles: number;
}

export const DEFAULTS: Settings = { cells: 30, steady: 4e-4, balance: 2e-3, mostCycles: 300 };

/** Relative tolerance of the time integration of cycles that may count as the answer. */
const FINE = 5e-4;
const FINER = 2e-5;
/** Fine cycles that are corrected on the coarse column. */
const WITH_COARSE = 10;
/** Cells of the quick first search, whose end is the start of the real one. */
const COARSE_CELLS = 10;

/** Figures of a design at cyclic steady state. */
export interface Performance {
  /** CO2 in the heavy product over all of it. */
  readonly purity: number;
  /** CO2 in the heavy product over the CO2 of both products: the CO2 fed, but for the mass error, and never more than all of it. */
  readonly recovery: number;
  readonly energyKwhPerTonne: number;
  /** mol CO2 in the product per kg of sorbent and hour. */
  readonly productivityMolKgH: number;
  /** Largest of |in - out| / in over CO2 and N2. */
  readonly massError: number;
  /** |enthalpy in - out| over the heat of adsorption that a cycle moves. */
  readonly energyError: number;
}

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

const MEMORY = 12;

/** Finds the cyclic steady state of a design. Throws RangeError for an operating point that cannot be. */
export function steadyState(bed: Bed, sorbent: Sorbent, o: Operation, settings: Settings = DEFAULTS): Steady {
  const problem = checkOperation(o);
  if (problem) throw new RangeError(problem);
  const feedMol = (o.feedMS * bed.voidFraction * o.highPa * o.adsorptionS) / (bed.gasConstant * bed.feedK);
  const tank = { mol: Math.max(feedMol, 1e-9), energyJ: Math.max(feedMol * bed.cpGasJMolK * 10, 1e-9) };
  const fine = designOf(column(bed, sorbent, settings.cells, o.highPa), o, tank);
  const cells = Math.min(COARSE_CELLS, settings.cells);
  const coarse = designOf(column(bed, sorbent, cells, o.highPa), o, tank);
  const empty = pack(uniform(coarse.c, o.lowPa, bed.feedK, 0.01), { co2: 0, n2: 0, enthalpyJ: 0 }, tank);
  const first = settle(coarse, empty, new Float64Array(empty.length), {
    within: 3e-3,
    relative: 2e-3,
    most: settings.mostCycles,
  });
  return twoGrids(fine, coarse, refine(first, cells, settings.cells), settings);
}

/** A column with its operation; `cycle` gives the packed state after a cycle. */
interface Design {
  readonly c: Column;
  readonly o: Operation;
  readonly tank: TankScale;
}

const designOf = (c: Column, o: Operation, tank: TankScale): Design => ({ c, o, tank });

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
  const mixing = anderson(from.length);
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
    x = possible(mixing.next(x, next), ran.x, d.c.cells);
  }
  return best;
}

/**
 * Cycles of the fine column, each followed by a correction of what is smooth on the coarse one (full approximation scheme, Brandt 1977): slow
 * modes (heat, far ends) are smooth, and a coarse cycle costs a tenth. Anderson mixes the corrected steps.
 */
function twoGrids(fine: Design, coarse: Design, start: Float64Array, settings: Settings): Steady {
  const { c, o } = fine;
  const same = c.cells === coarse.c.cells;
  const mixing = anderson(start.length);
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
    // A front that wanders slowly defeats the coarse column: then cycles alone are mixed, integrated closely enough for small differences to count.
    const alone = same || cycle > WITH_COARSE;
    const relative = cycle === 1 ? 1e-3 : cycle > WITH_COARSE ? FINER : FINE;
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
    x = possible(mixing.next(x, next), ran.x, c.cells);
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
  const solved = settle(coarse, z, target, { within: Math.max(0.2 * change, 1e-4), relative, most: 25 });
  const move = refine(
    solved.map((v, i) => v - z[i] - rest[i]),
    nc,
    nf,
  );
  return after.map((v, i) => v + move[i]);
}

/** Cell values of a finer column averaged over the cells of a coarser one. */
function restrict(x: Float64Array, from: number, to: number): Float64Array {
  const out = new Float64Array(to * PER_CELL + 3);
  for (let j = 0; j < to; j++) {
    const [a, b] = [(j * from) / to, ((j + 1) * from) / to];
    for (let i = Math.floor(a); i < Math.min(from, Math.ceil(b - 1e-9)); i++) {
      const share = (Math.min(b, i + 1) - Math.max(a, i)) / (b - a);
      for (let v = 0; v < PER_CELL; v++) out[j * PER_CELL + v] += share * x[i * PER_CELL + v];
    }
  }
  out.set(x.subarray(from * PER_CELL), to * PER_CELL);
  return out;
}

/** Values of a coarse column at the centres of a finer one's cells, linear between and constant beyond the outermost centres. */
function refine(x: Float64Array, from: number, to: number): Float64Array {
  if (from === to) return x;
  const out = new Float64Array(to * PER_CELL + 3);
  for (let j = 0; j < to; j++) {
    const at = Math.min(from - 1, Math.max(0, ((j + 0.5) * from) / to - 0.5));
    const low = Math.min(from - 2, Math.floor(at));
    for (let v = 0; v < PER_CELL; v++) {
      const a = x[low * PER_CELL + v];
      out[j * PER_CELL + v] = a + (at - low) * (x[(low + 1) * PER_CELL + v] - a);
    }
  }
  out.set(x.subarray(from * PER_CELL), to * PER_CELL);
  return out;
}

const cycleSeconds = (o: Operation) =>
  o.pressurisationS + o.adsorptionS + o.heavyRefluxS + o.blowdownS + o.lightRefluxS;

function figures(c: Column, o: Operation, f: Flows): Performance {
  const { bed, sorbent } = c;
  const heat =
    Math.abs(sorbent.heatJMol[0]) * Math.max(f.heavy.co2, 0.05 * f.feed.co2) +
    Math.abs(sorbent.heatJMol[1]) * Math.max(0, f.heavy.n2);
  const sensible = bed.cpGasJMolK * (f.feed.co2 + f.feed.n2);
  const sorbentKgM2 = c.solidKgM3 * bed.lengthM;
  const off = (from: number, light: number, heavy: number) => Math.abs(from - light - heavy) / Math.max(from, 1e-12);
  return {
    purity: f.heavy.co2 / (f.heavy.co2 + f.heavy.n2),
    recovery: f.heavy.co2 / (f.heavy.co2 + Math.max(0, f.light.co2)),
    energyKwhPerTonne: f.workJM2 / 3.6e6 / Math.max(f.heavy.co2 * 0.04401e-3, 1e-15),
    productivityMolKgH: (f.heavy.co2 / sorbentKgM2 / cycleSeconds(o)) * 3600,
    massError: Math.max(off(f.feed.co2, f.light.co2, f.heavy.co2), off(f.feed.n2, f.light.n2, f.heavy.n2)),
    energyError: Math.abs(f.feed.enthalpyJ - f.light.enthalpyJ - f.heavy.enthalpyJ) / Math.max(heat, sensible),
  };
}

function profile(c: Column, y: Float64Array) {
  return Array.from({ length: c.cells }, (_, j) => ({
    ...pressureAndTemperature(c, y, j),
    co2: y[j * 5] / (y[j * 5] + y[j * 5 + 1]),
    loadCo2: y[j * 5 + 3] * c.scale.load,
    loadN2: y[j * 5 + 4] * c.scale.load,
  }));
}

type TankScale = { readonly mol: number; readonly energyJ: number };

function pack(state: Float64Array, tank: Parcel, s: TankScale): Float64Array {
  const x = new Float64Array(state.length + 3);
  x.set(state);
  x.set([tank.co2 / s.mol, tank.n2 / s.mol, tank.enthalpyJ / s.energyJ], state.length);
  return x;
}

function unpack(x: Float64Array, cells: number, s: TankScale): { state: Float64Array; tank: Parcel } {
  const n = cells * PER_CELL;
  return { state: x.slice(0, n), tank: { co2: x[n] * s.mol, n2: x[n + 1] * s.mol, enthalpyJ: x[n + 2] * s.energyJ } };
}

function difference(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += (a[i] - b[i]) ** 2;
  return Math.sqrt(s / a.length);
}

/** Keeps amounts from going below a hundredth of what the plain cycle gave. */
function possible(mixed: Float64Array, plain: Float64Array, cells: number): Float64Array {
  const n = cells * PER_CELL;
  for (let i = 0; i < mixed.length; i++) {
    const amount = i < n ? i % PER_CELL !== 2 : i < n + 2;
    if (amount && !(mixed[i] > 0.01 * plain[i])) mixed[i] = 0.01 * plain[i];
  }
  return mixed;
}

/** Anderson mixing of depth MEMORY with a light ridge on its least squares. */
function anderson(n: number) {
  let pastX: Float64Array[] = [];
  let pastG: Float64Array[] = [];
  return {
    forget() {
      pastX = [];
      pastG = [];
    },
    next(x: Float64Array, g: Float64Array): Float64Array {
      pastX.push(x.slice());
      pastG.push(g.slice());
      if (pastX.length > MEMORY) {
        pastX.shift();
        pastG.shift();
      }
      const m = pastX.length - 1;
      if (m < 1) return g.slice();
      const residual = (k: number, i: number) => pastG[k][i] - pastX[k][i];
      const a = new Float64Array(m * m);
      const b = new Float64Array(m);
      for (let p = 0; p < m; p++) {
        for (let i = 0; i < n; i++) b[p] += (residual(m, i) - residual(p, i)) * residual(m, i);
        for (let q = 0; q <= p; q++) {
          let s = 0;
          for (let i = 0; i < n; i++) s += (residual(m, i) - residual(p, i)) * (residual(m, i) - residual(q, i));
          a[p * m + q] = s;
          a[q * m + p] = s;
        }
      }
      let trace = 0;
      for (let p = 0; p < m; p++) trace += a[p * m + p];
      for (let p = 0; p < m; p++) a[p * m + p] += 1e-10 * trace + 1e-30;
      const w = choleskySolve(cholesky(a, m), m, b);
      const out = g.slice();
      for (let p = 0; p < m; p++) for (let i = 0; i < n; i++) out[i] -= w[p] * (g[i] - pastG[p][i]);
      return out;
    },
  };
}
