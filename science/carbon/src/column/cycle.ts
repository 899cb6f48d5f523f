// The five steps of the modified Skarstrom cycle (pressurisation, adsorption, heavy reflux, blowdown, light reflux) over one column.
// The two reflux streams pass through mixing tanks: the light one of this cycle, the heavy one of the cycle before.
import { integrate, type Outcome, type Tolerance } from '../stiff/bdf.ts';
import { type Column, PER_CELL, pressureAndTemperature } from './column.ts';
import { type End, forget } from './kernel.ts';
import type { Operation } from './parameters.ts';
import { ATMOSPHERE_PA, INTEGRALS, step, type Work } from './step.ts';
import { type Tape, tapeOf } from './tape.ts';

/** An amount of gas, per m2 of column: mol and J (above the feed temperature). */
export interface Parcel {
  readonly co2: number;
  readonly n2: number;
  readonly enthalpyJ: number;
}

/** What went through the ends in a cycle. */
export interface Flows {
  readonly feed: Parcel;
  /** CO2-lean product: what adsorption gives after reflux, and the outflow of heavy reflux. */
  readonly light: Parcel;
  /** CO2-rich product: blowdown and the part of the purge's outflow that is not fed back. */
  readonly heavy: Parcel;
  /** CO2 and N2 that adsorption took in at its open light end, net: gas that nobody fed. mol/m2. */
  readonly drawnIn: { readonly co2: number; readonly n2: number };
  readonly workJM2: number;
}

export type Cycle =
  | {
      readonly ok: true;
      readonly state: Float64Array;
      readonly tank: Parcel;
      readonly flows: Flows;
      readonly steps: number;
    }
  | { readonly ok: false; readonly why: string };

const NONE: Parcel = { co2: 0, n2: 0, enthalpyJ: 0 };
const CLOSED: End = { kind: 'closed' };

/** Runs one cycle from `state` (not changed) with the heavy reflux that the tank holds. Adds the tapes of its five steps to `tapes`, an empty one for a step that is left out; tapes of earlier cycles are then forgotten. */
export function runCycle(
  c: Column,
  o: Operation,
  state: Float64Array,
  tank: Parcel,
  tolerance: Tolerance,
  tapes?: Tape[],
): Cycle {
  const { bed } = c;
  if (tapes) forget(c);
  const n = c.cells * PER_CELL;
  const y = new Float64Array(n + INTEGRALS);
  y.set(state);
  let steps = 0;
  let workJM2 = 0;
  let failure: string | undefined;
  const run = (name: string, seconds: number, left: End, right: End, work: Work): { left: Parcel; right: Parcel } => {
    if (failure || seconds === 0) {
      tapes?.push(tapeOf());
      return { left: NONE, right: NONE };
    }
    y.fill(0, n);
    const problem = step(c, left, right, work);
    const tape = tapes && problem.tape();
    if (tape) tapes.push(tape);
    const outcome: Outcome = integrate(problem, 0, seconds, y, tolerance, tape);
    if (!outcome.ok) {
      failure = `${name}: ${outcome.why} at ${outcome.t.toPrecision(3)} s`;
      return { left: NONE, right: NONE };
    }
    steps += outcome.steps;
    workJM2 += y[n + 6];
    return {
      left: { co2: y[n], n2: y[n + 1], enthalpyJ: y[n + 2] },
      right: { co2: y[n + 3], n2: y[n + 4], enthalpyJ: y[n + 5] },
    };
  };
  const gas = { co2: bed.feedCo2, k: bed.feedK };
  const towards = (cell: number, goal: number): ((t: number) => number) => {
    const from = pressureAndTemperature(c, y, cell).pa;
    return t => goal + (from - goal) * Math.exp(-bed.pressureRate * t);
  };
  const feedMolM2S = (o.feedMS * bed.voidFraction * o.highPa) / (bed.gasConstant * bed.feedK);

  const filled = run('pressurisation', o.pressurisationS, { kind: 'inlet', pa: towards(0, o.highPa), ...gas }, CLOSED, {
    kind: 'feed',
    fromPa: ATMOSPHERE_PA,
  });
  const out: End = { kind: 'outlet', pa: () => o.highPa };
  const adsorbed = run('adsorption', o.adsorptionS, { kind: 'flow', molM2S: feedMolM2S, ...gas }, out, {
    kind: 'feed',
    fromPa: ATMOSPHERE_PA,
  });
  const lightTotal = scaled(adsorbed.right, -1);
  const heavyS = amount(tank) > 0 ? o.heavyRefluxS : 0;
  const heavyIn = heavyS > 0 ? inflow(c, tank, heavyS) : CLOSED;
  const heavy = run('heavy reflux', heavyS, heavyIn, out, { kind: 'feed', fromPa: o.lowPa });
  const blown = run('blowdown', o.blowdownS, { kind: 'outlet', pa: towards(0, o.lowPa) }, CLOSED, {
    kind: 'vacuum',
    share: 1,
  });
  const purge = scaled(lightTotal, o.lightReflux);
  const low: End = { kind: 'outlet', pa: () => o.lowPa };
  const purging = o.lightRefluxS > 0 && amount(purge) > 0 ? inflow(c, purge, o.lightRefluxS) : CLOSED;
  const purged = run('light reflux', o.lightRefluxS, low, purging, { kind: 'vacuum', share: 1 - o.heavyReflux });
  if (failure) return { ok: false, why: failure };
  const purgeOut = scaled(purged.left, -1);
  const fed = o.heavyRefluxS > 0 ? o.heavyReflux : 0;
  const usedPurge = o.lightRefluxS > 0 ? o.lightReflux : 0;
  return {
    ok: true,
    state: y.slice(0, n),
    tank: scaled(purgeOut, fed),
    steps,
    flows: {
      feed: sum(filled.left, adsorbed.left),
      light: sum(scaled(lightTotal, 1 - usedPurge), scaled(heavy.right, -1)),
      heavy: sum(scaled(blown.left, -1), scaled(purgeOut, 1 - fed)),
      drawnIn: { co2: Math.max(0, -lightTotal.co2), n2: Math.max(0, -lightTotal.n2) },
      workJM2,
    },
  };
}

/** A tank's content fed evenly over `seconds`. */
function inflow(c: Column, p: Parcel, seconds: number): End {
  const total = amount(p);
  return {
    kind: 'flow',
    molM2S: total / seconds,
    co2: Math.min(1, Math.max(0, p.co2 / total)),
    k: c.bed.feedK + p.enthalpyJ / (total * c.bed.cpGasJMolK),
  };
}

const amount = (p: Parcel) => p.co2 + p.n2;
const scaled = (p: Parcel, f: number): Parcel => ({ co2: f * p.co2, n2: f * p.n2, enthalpyJ: f * p.enthalpyJ });
const sum = (a: Parcel, b: Parcel): Parcel => ({
  co2: a.co2 + b.co2,
  n2: a.n2 + b.n2,
  enthalpyJ: a.enthalpyJ + b.enthalpyJ,
});
