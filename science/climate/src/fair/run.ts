// The run itself: gas cycle, forcing, temperature, year by year for all members at once. Arrays hold one row of members after the
// other; nothing is made inside the year loop. Order of operations as in FaIR 2.2, whose quirks are part of its numbers: forcing and
// temperature start at 0 at the first bound, and methane's lifetime uses concentrations and temperature from the start of the step.
import { makeDiscretise } from '../energy-balance/system.ts';
import { type Component, compileComponents, compileEesc } from './components.ts';
import { type FairOptions, makeContext, type SharedGas } from './context.ts';
import type { Drivers } from './drivers.ts';
import { type Gas, setAlpha, setDecay, stepForward, stepInverse } from './gas.ts';
import { compileMethaneLifetime } from './methane.ts';
import { energyBalanceOf, type FairModel, type MemberValue } from './parameters.ts';

/** What to keep besides the surface temperature. All off keeps 8 bytes a member and year. */
export interface Keep {
  readonly layers?: boolean;
  readonly forcing?: boolean;
  /** `concentration` only, or also airborne and cumulative amounts, emissions and lifetime scale. */
  readonly gases?: 'concentration' | 'all';
}

/** Kept rows of one gas; `width` columns (1 if it is the same for all members). Bounds x width, but emissions and alpha steps x width. */
export interface GasResult {
  readonly width: number;
  readonly concentration: Float64Array;
  readonly airborne?: Float64Array;
  readonly cumulative?: Float64Array;
  readonly emissions?: Float64Array;
  readonly alpha?: Float64Array;
}

export interface FairResult {
  readonly model: FairModel;
  readonly drivers: Drivers;
  /** Time bounds, in years. */
  readonly bounds: Float64Array;
  /** By layer (the surface first), bounds x members, K above the start. Only the surface unless layers are kept. */
  readonly temperature: readonly Float64Array[];
  /** W/m2, bounds x members, when forcing is kept. */
  readonly forcing?: {
    readonly components: readonly Component[];
    readonly values: readonly Float64Array[];
    readonly total: Float64Array;
  };
  /** By species number. */
  readonly gases: ReadonlyMap<number, GasResult>;
  /** Stratospheric chlorine at the bounds: 1 column or one a member. */
  readonly eesc?: Float64Array;
}

/** A run made ready: the ensemble's propagators are computed once and serve every scenario. */
export type Fair = (drivers: Drivers, keep?: Keep, noise?: Float64Array) => FairResult;

/** Makes an ensemble ready for a step length (years). `noise`, if given to a run: bounds x (layers + 1) x members, see noise.ts. */
export function makeFair(model: FairModel, options: FairOptions = {}, stepYears = 1): Fair {
  const members = model.members.length;
  const layers = model.climate.heatCapacity.length;
  const order = layers + 1;
  const discretise = makeDiscretise(layers);
  const matrix = new Float64Array(order * order * members);
  const vector = new Float64Array(order * members);
  for (let m = 0; m < members; m++) {
    const p = discretise(energyBalanceOf(model, m), stepYears);
    for (let k = 0; k < order * order; k++) matrix[k * members + m] = p.matrix[k];
    for (let k = 0; k < order; k++) vector[k * members + m] = p.vector[k];
  }

  return (drivers, keep = {}, noise) => {
    if (drivers.time.stepYears !== stepYears)
      throw new RangeError(`the ensemble was made for steps of ${stepYears} years, not ${drivers.time.stepYears}`);
    const context = makeContext(model, drivers, options);
    const components = compileComponents(context);
    const updateEesc = compileEesc(context);
    const { count, gases } = context;
    const methane = gases.find(g => g.lifetime === 'chemistry');
    const lifetime = methane ? compileMethaneLifetime(context) : undefined;
    const size = (count + 1) * members;
    let state: Float64Array = new Float64Array(order * members);
    let next: Float64Array = new Float64Array(order * members);
    const surface = new Float64Array(members);
    const scratch = new Float64Array(members);
    const effective = new Float64Array(members);
    const totalRow = new Float64Array(members);
    const sameEfficacy = components.every(c => c.efficacy === 1);
    const temperature = Array.from({ length: keep.layers ? layers : 1 }, () => new Float64Array(size));
    const values = keep.forcing ? components.map(() => new Float64Array(size)) : [];
    const total = keep.forcing ? new Float64Array(size) : totalRow;
    const records = gases.map(g => keepGas(g, count, keep.gases));
    const eesc = context.eescRow && keep.gases ? new Float64Array(size) : undefined;
    if (context.eescRow) eesc?.set(context.eescRow);

    for (let i = 0; i < count; i++) {
      for (let k = 0; k < gases.length; k++) {
        const gas = gases[k];
        if (gas.lifetime === 'chemistry') lifetime!(i, surface, gas.alpha);
        else if (gas.lifetime === 'airborne-fraction') setAlpha(gas, surface, context.options.iirfMax);
        if (gas.lifetime !== 'constant') setDecay(gas, stepYears);
      }
      for (let k = 0; k < gases.length; k++) {
        const gas = gases[k];
        const driver = context.driverOf[gas.species]!;
        if (gas.inverse) stepInverse(gas, driver[i + 1], stepYears);
        else stepForward(gas, driver[i], stepYears);
        const r = records[k];
        if (r) record(r, gas, i);
      }
      updateEesc?.(i);
      if (eesc) eesc.set(context.eescRow!, (i + 1) * members);

      const at = keep.forcing ? (i + 1) * members : 0;
      total.fill(0, at, at + members);
      if (!sameEfficacy) effective.fill(0);
      for (let c = 0; c < components.length; c++) {
        const { compute, feedback, efficacy } = components[c];
        const out = keep.forcing ? values[c] : scratch;
        compute(i, out, at);
        if (feedback !== 0) addProduct(out, at, feedback, surface, members);
        for (let m = 0; m < members; m++) total[at + m] += out[at + m];
        if (!sameEfficacy) addEffective(effective, out, at, efficacy, members);
      }
      if (sameEfficacy) propagate(matrix, vector, state, next, total, at, order, members);
      else propagate(matrix, vector, state, next, effective, 0, order, members);
      if (noise) {
        const o = (i + 1) * order * members;
        for (let k = 0; k < order * members; k++) next[k] += noise[o + k];
      }
      const swap = state;
      state = next;
      next = swap;
      surface.set(state.subarray(members, 2 * members));
      for (let l = 0; l < temperature.length; l++) {
        const row = temperature[l];
        const o = (i + 1) * members;
        const s = (l + 1) * members;
        for (let m = 0; m < members; m++) row[o + m] = state[s + m];
      }
    }

    const kept = new Map<number, GasResult>();
    if (keep.gases) {
      for (const [k, g] of gases.entries()) kept.set(g.species, records[k]!);
      for (const s of context.shared) if (s) kept.set(s.gas.species, sharedResult(s));
    }
    const e = context.find('eesc');
    const chlorine = e < 0 ? undefined : context.concentration(e);
    const start = e < 0 ? 0 : (drivers.series[e]?.[0] ?? Number(context.parameter('baseline_concentration', e)));
    const series = chlorine && 'series' in chlorine ? Float64Array.of(start, ...chlorine.series) : undefined;
    return {
      model,
      drivers,
      bounds: Float64Array.from({ length: count + 1 }, (_, i) => drivers.time.start + i * stepYears),
      temperature,
      ...(keep.forcing ? { forcing: { components, values, total } } : {}),
      gases: kept,
      ...(eesc || series ? { eesc: eesc ?? series } : {}),
    };
  };
}

function propagate(
  matrix: Float64Array,
  vector: Float64Array,
  state: Float64Array,
  next: Float64Array,
  forcing: Float64Array,
  at: number,
  order: number,
  members: number,
): void {
  // The first row of the matrix has one element that is not 0: nothing in the ocean acts back on the lagged forcing.
  for (let m = 0; m < members; m++) next[m] = matrix[m] * state[m] + vector[m] * forcing[at + m];
  for (let r = 1; r < order; r++) {
    const o = r * members;
    for (let m = 0; m < members; m++) next[o + m] = vector[o + m] * forcing[at + m];
    for (let c = 0; c < order; c++) {
      const k = (r * order + c) * members;
      const s = c * members;
      for (let m = 0; m < members; m++) next[o + m] += matrix[k + m] * state[s + m];
    }
  }
}

function addProduct(out: Float64Array, at: number, weight: MemberValue, row: Float64Array, members: number): void {
  if (typeof weight === 'number') for (let m = 0; m < members; m++) out[at + m] += weight * row[m];
  else for (let m = 0; m < members; m++) out[at + m] += weight[m] * row[m];
}

function addEffective(sum: Float64Array, out: Float64Array, at: number, efficacy: MemberValue, members: number): void {
  if (typeof efficacy === 'number') for (let m = 0; m < members; m++) sum[m] += efficacy * out[at + m];
  else for (let m = 0; m < members; m++) sum[m] += efficacy[m] * out[at + m];
}

function keepGas(gas: Gas, count: number, keep: Keep['gases']): GasResult | undefined {
  if (!keep) return undefined;
  const bounds = () => new Float64Array((count + 1) * gas.width);
  const concentration = bounds();
  concentration.set(gas.concentration);
  if (keep === 'concentration') return { width: gas.width, concentration };
  const each = () => new Float64Array(count * gas.width);
  return {
    width: gas.width,
    concentration,
    airborne: bounds(),
    cumulative: bounds(),
    emissions: each(),
    alpha: each(),
  };
}

function record(r: GasResult, gas: Gas, i: number): void {
  const o = (i + 1) * gas.width;
  r.concentration.set(gas.concentration, o);
  r.airborne?.set(gas.airborne, o);
  r.cumulative?.set(gas.cumulative, o);
  r.emissions?.set(gas.emissions, i * gas.width);
  r.alpha?.set(gas.alpha, i * gas.width);
}

function sharedResult(s: SharedGas): GasResult {
  return {
    width: 1,
    concentration: s.concentration,
    airborne: s.airborne,
    cumulative: s.cumulative,
    emissions: s.emissions,
    alpha: new Float64Array(s.emissions.length).fill(s.gas.alpha[0]),
  };
}
