// Cyclic steady state: the state that a cycle reproduces, found by Anderson's mixing of past cycles (Walker and Ni, SIAM J. Numer. Anal. 49,
// 2011) instead of hundreds of plain cycles. What has not converged is never handed out as a result.
import { cholesky, choleskySolve } from '@madang/numerics';
import { type Column, column, PER_CELL, pressureAndTemperature, uniform } from './column.ts';
import { type Flows, type Parcel, runCycle } from './cycle.ts';
import { type Bed, checkOperation, type Operation } from './parameters.ts';
import type { Sorbent } from '../sorbents.ts';

export interface Settings {
  readonly cells: number;
  /** Largest change over a cycle (root mean square of the scaled state) that counts as steady. */
  readonly steady: number;
  /** Largest mass and energy balance error that counts as closed. */
  readonly balance: number;
  readonly mostCycles: number;
}

export const DEFAULTS: Settings = { cells: 30, steady: 2e-4, balance: 1e-3, mostCycles: 150 };

/** Figures of a design at cyclic steady state. */
export interface Performance {
  /** CO2 in the heavy product over all of it. */
  readonly purity: number;
  /** CO2 in the heavy product over CO2 fed. */
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
      readonly profile: readonly { readonly pa: number; readonly k: number; readonly co2: number; readonly loadCo2: number; readonly loadN2: number }[];
    })
  | { readonly converged: false; readonly why: string; readonly cycles: number; readonly change: number; readonly massError: number; readonly energyError: number };

const MEMORY = 12;

/** Finds the cyclic steady state of a design. Throws RangeError for an operating point that cannot be. */
export function steadyState(bed: Bed, sorbent: Sorbent, o: Operation, settings: Settings = DEFAULTS): Steady {
  const problem = checkOperation(o);
  if (problem) throw new RangeError(problem);
  const c = column(bed, sorbent, settings.cells, o.highPa);
  const feedMol = (o.feedMS * bed.voidFraction * o.highPa * o.adsorptionS) / (bed.gasConstant * bed.feedK);
  const tankScale = { mol: Math.max(feedMol, 1e-9), energyJ: Math.max(feedMol * bed.cpGasJMolK * 10, 1e-9) };
  let x = pack(uniform(c, o.lowPa, bed.feedK, 0.01), { co2: 0, n2: 0, enthalpyJ: 0 }, tankScale);
  const mixing = anderson(x.length);
  let change = Number.POSITIVE_INFINITY;
  let massError = Number.NaN;
  let energyError = Number.NaN;
  let failures = 0;
  let plain: Float64Array | undefined;
  for (let cycle = 1; cycle <= settings.mostCycles; cycle++) {
    const relative = change > 0.02 ? 1e-3 : change > 2e-3 ? 2e-4 : 3e-5;
    const tolerance = { relative, absolute: relative * 0.01, mostSteps: 4000 };
    const { state, tank } = unpack(x, c.cells, tankScale);
    const done = runCycle(c, o, state, tank, tolerance);
    if (!done.ok) {
      failures += 1;
      if (!plain || failures > 5) return { converged: false, why: done.why, cycles: cycle, change, massError, energyError };
      // The mixed state was not a possible one: go on from the last cycle's own end.
      x = plain;
      plain = undefined;
      mixing.forget();
      continue;
    }
    const next = pack(done.state, done.tank, tankScale);
    change = difference(next, x);
    const p = figures(c, o, done.flows);
    ({ massError, energyError } = p);
    if (relative <= 3e-5 && change <= settings.steady && massError <= settings.balance && energyError <= settings.balance) {
      if (!(p.purity > 0 && p.purity <= 1 + 1e-6 && p.recovery > 0 && p.recovery <= 1 + settings.balance))
        return { converged: false, why: 'the cycle gives no CO2-rich product', cycles: cycle, change, massError, energyError };
      return { ...p, converged: true, cycles: cycle, change, steps: done.steps, cycleS: cycleSeconds(o), flows: done.flows, profile: profile(c, done.state) };
    }
    plain = next;
    x = possible(mixing.next(x, next), next, c.cells);
  }
  return { converged: false, why: `not steady after ${settings.mostCycles} cycles`, cycles: settings.mostCycles, change, massError, energyError };
}

const cycleSeconds = (o: Operation) => o.pressurisationS + o.adsorptionS + o.heavyRefluxS + o.blowdownS + o.lightRefluxS;

function figures(c: Column, o: Operation, f: Flows): Performance {
  const { bed, sorbent } = c;
  const heat =
    Math.abs(sorbent.heatJMol[0]) * Math.max(f.heavy.co2, 0.05 * f.feed.co2) + Math.abs(sorbent.heatJMol[1]) * Math.max(0, f.heavy.n2);
  const sensible = bed.cpGasJMolK * (f.feed.co2 + f.feed.n2);
  const sorbentKgM2 = c.solidKgM3 * bed.lengthM;
  const off = (from: number, light: number, heavy: number) => Math.abs(from - light - heavy) / Math.max(from, 1e-12);
  return {
    purity: f.heavy.co2 / (f.heavy.co2 + f.heavy.n2),
    recovery: f.heavy.co2 / f.feed.co2,
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
    loadCo2: y[j * 5 + 2] * c.scale.load,
    loadN2: y[j * 5 + 3] * c.scale.load,
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
    const amount = i < n ? i % PER_CELL !== 4 : i < n + 2;
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

