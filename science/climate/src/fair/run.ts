// The run itself: gas cycle, forcing, temperature, year by year for all members at once. Arrays hold one row of members after the
// other; nothing is made inside the year loop. Order of operations as in FaIR 2.2, whose quirks are part of its numbers: forcing and
// temperature start at 0 at the first bound, and methane's lifetime uses concentrations and temperature from the start of the step.
import { makeDiscretise } from '../energy-balance/system.ts';
import type { Rows } from '../rows/rows.ts';
import { type Component, compileComponents, compileEesc } from './components.ts';
import { type Context, type FairOptions, makeContext, rowFrom } from './context.ts';
import type { Drivers } from './drivers.ts';
import { type Gas, type SharedGas, setDecay, stepForward, stepInverse } from './gas.ts';
import { compileMethaneLifetime } from './methane.ts';
import { energyBalanceOf, type FairModel } from './parameters.ts';

/** What to keep besides the surface temperature. All off keeps 8 bytes a member and year. */
export interface Keep {
  readonly layers?: boolean;
  readonly forcing?: boolean;
  /** `concentration` only, or also airborne and cumulative amounts, emissions and lifetime scale; of CO2 alone with `co2`. */
  readonly gases?: 'co2' | 'concentration' | 'all';
  /**
   * Called at every bound with the members' surface temperature and, if the run has it, CO2 (one number if all members share it): rows of the run's
   * own, which the next step overwrites. Temperature is then not kept.
   */
  readonly watch?: (surface: Float64Array, co2: Float64Array | undefined) => void;
  /** Keep the whole state at the start of every so many steps, to resume from. */
  readonly checkpointEvery?: number;
}

/** The state of all members at the start of a step: rows in an order that only this file knows. */
export interface Checkpoint {
  readonly step: number;
  readonly rows: readonly Float64Array[];
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
  /** By layer (the surface first), bounds x members, K above the start. Only the surface unless layers are kept, none when it is watched; deep ones are NaN under a prescribed temperature. */
  readonly temperature: readonly Float64Array[];
  /** W/m2, bounds x members, when forcing is kept. */
  readonly forcing?: {
    readonly components: readonly Component[];
    readonly values: readonly Float64Array[];
    readonly total: Float64Array;
  };
  /** By species number. */
  readonly gases: ReadonlyMap<number, GasResult>;
  readonly checkpoints: readonly Checkpoint[];
  /** Stratospheric chlorine at the bounds: 1 column or one a member. */
  readonly eesc?: Float64Array;
}

/**
 * A run made ready: the ensemble's propagators are computed once and serve every scenario. With `resume`, steps before the checkpoint's
 * are not run and their rows stay 0: the caller knows them from the run that kept the checkpoint, whose drivers must be the same until then.
 */
export type Fair = (drivers: Drivers, keep?: Keep, noise?: Float64Array, resume?: Checkpoint) => FairResult;

/** Makes an ensemble ready for a step length (years). `noise`, if given to a run: bounds x (layers + 1) x members, see noise.ts. */
export function makeFair(model: FairModel, options: FairOptions = {}, stepYears = 1): Fair {
  const members = model.members.length;
  const layers = model.climate.heatCapacity.length;
  const order = layers + 1;
  const discretise = makeDiscretise(layers);
  const matrix = Array.from({ length: order * order }, () => new Float64Array(members));
  const vector = Array.from({ length: order }, () => new Float64Array(members));
  for (let m = 0; m < members; m++) {
    const p = discretise(energyBalanceOf(model, m), stepYears);
    for (let k = 0; k < order * order; k++) matrix[k][m] = p.matrix[k];
    for (let k = 0; k < order; k++) vector[k][m] = p.vector[k];
  }

  return (drivers, keep = {}, noise, resume) => {
    if (drivers.time.stepYears !== stepYears)
      throw new RangeError(`the ensemble was made for steps of ${stepYears} years, not ${drivers.time.stepYears}`);
    const context = makeContext(model, drivers, options);
    const prescribed = prescribedTemperature(drivers, context.count);
    const { count, gases, rows, constant } = context;
    const components = compileComponents(context);
    const updateEesc = compileEesc(context);
    const efficacies = components.map(c => (c.efficacy === 1 ? undefined : constant(c.efficacy)));
    const feedbacks = components.map(c => (c.feedback === 0 ? undefined : constant(c.feedback)));
    const lifetime = gases.some(g => g.lifetime === 'chemistry') ? compileMethaneLifetime(context) : undefined;
    const propagate = compilePropagation(rows, matrix, vector, order);
    const { state } = propagate;
    const out = rows.row();
    const total = rows.row();
    const effective = efficacies.some(e => e) ? rows.row() : total;
    const size = (count + 1) * members;
    const temperature = Array.from({ length: keep.watch ? 0 : keep.layers ? layers : 1 }, () => new Float64Array(size));
    const values = keep.forcing ? components.map(() => new Float64Array(size)) : [];
    const totals = keep.forcing ? new Float64Array(size) : undefined;
    const kept = (species: number) => keep.gases !== 'co2' || model.species[species].type === 'co2';
    const records = gases.map(g => (kept(g.species) ? keepGas(g, count, keep.gases) : undefined));
    const eesc = context.eescRow && keep.gases && keep.gases !== 'co2' ? new Float64Array(size) : undefined;
    if (context.eescRow) eesc?.set(context.eescRow);
    for (const gas of gases) {
      if (gas.lifetime !== 'constant') continue;
      rows.alpha(gas.alpha, gas, state[1], context.options.iirfMax);
      setDecay(gas, rows, stepYears);
    }

    const everything = [
      ...state,
      ...(context.eescRow ? [context.eescRow] : []),
      ...gases.flatMap(g => [...g.boxes, g.airborne, g.cumulative, g.concentration]),
    ];
    if (resume) for (const [k, row] of everything.entries()) row.set(resume.rows[k]);
    const checkpoints: Checkpoint[] = [];

    if (prescribed) {
      state[1].fill(prescribed[0]);
      temperature[0]?.fill(prescribed[0], 0, members);
      for (const row of state.slice(2)) row.fill(Number.NaN);
      for (const layer of temperature.slice(1)) layer.fill(Number.NaN);
    }
    const watch = keep.watch && watching(keep.watch, context, state[1]);
    watch?.(resume?.step ?? 0);
    for (let i = resume?.step ?? 0; i < count; i++) {
      if (prescribed) state[1].fill(prescribed[i]);
      if (keep.checkpointEvery && i % keep.checkpointEvery === 0)
        checkpoints.push({ step: i, rows: everything.map(row => row.slice()) });
      for (let k = 0; k < gases.length; k++) {
        const gas = gases[k];
        if (gas.lifetime === 'constant') continue;
        if (gas.lifetime === 'chemistry') lifetime!(i, state[1], gas.alpha);
        else rows.alpha(gas.alpha, gas, state[1], context.options.iirfMax);
        setDecay(gas, rows, stepYears);
      }
      for (let k = 0; k < gases.length; k++) {
        const gas = gases[k];
        const driver = context.driverOf[gas.species]!;
        if (gas.inverse) stepInverse(gas, driver[i + 1], stepYears);
        else stepForward(gas, rows, driver[i], stepYears);
        const r = records[k];
        if (r) record(r, gas, i);
      }
      updateEesc?.(i);
      const at = (i + 1) * members;
      eesc?.set(context.eescRow!, at);

      total.fill(0);
      if (effective !== total) effective.fill(0);
      for (let c = 0; c < components.length; c++) {
        components[c].compute(i, out);
        const feedback = feedbacks[c];
        if (feedback) rows.addProduct(out, feedback, state[1]);
        rows.add(total, out);
        const efficacy = efficacies[c];
        if (effective === total) {
          // One sum serves both.
        } else if (efficacy) rows.addProduct(effective, efficacy, out);
        else rows.add(effective, out);
        values[c]?.set(out, at);
      }
      totals?.set(total, at);
      if (prescribed) state[1].fill(prescribed[i + 1]);
      else propagate.step(effective);
      if (noise && !prescribed) propagate.disturb(noise, (i + 1) * order * members);
      for (let l = 0; l < temperature.length; l++) temperature[l].set(state[l + 1], at);
      watch?.(i + 1);
    }

    const results = new Map<number, GasResult>();
    if (keep.gases) {
      for (const [k, g] of gases.entries()) if (records[k]) results.set(g.species, records[k]);
      for (const s of context.shared) if (s && kept(s.species)) results.set(s.species, sharedResult(s));
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
      ...(totals ? { forcing: { components, values, total: totals } } : {}),
      gases: results,
      checkpoints,
      ...(eesc || series ? { eesc: eesc ?? series } : {}),
    };
  };
}

/** Shows a bound's rows to who watches. */
function watching(watch: NonNullable<Keep['watch']>, { find, gases, shared }: Context, surface: Float64Array) {
  const species = find('co2');
  const own = gases.find(g => g.species === species)?.concentration;
  const common = shared[species]?.concentration;
  return (bound: number) => watch(surface, own ?? common?.subarray(bound, bound + 1));
}

/** The drivers' temperature, checked. */
function prescribedTemperature(drivers: Drivers, count: number): Float64Array | undefined {
  const given = drivers.temperature;
  if (!given) return undefined;
  if (given.length !== count + 1 || !given.every(Number.isFinite))
    throw new RangeError(`a prescribed temperature needs ${count + 1} finite numbers, one a time bound`);
  return given;
}

/** State rows (the lagged forcing, then the layers from the surface down) and what moves them on by a step. */
function compilePropagation(
  rows: Rows,
  matrix: readonly Float64Array[],
  vector: readonly Float64Array[],
  order: number,
): {
  state: Float64Array[];
  step: (forcing: Float64Array) => void;
  disturb: (noise: Float64Array, at: number) => void;
} {
  const zeros = () => Array.from({ length: order }, () => rowFrom(rows, 0));
  const state = zeros();
  const next = zeros();
  const matrixRows = matrix.map(v => rowFrom(rows, v));
  const vectorRows = vector.map(v => rowFrom(rows, v));
  return {
    state,
    step: forcing => rows.propagate(state, next, matrixRows, vectorRows, forcing),
    disturb(noise, at) {
      for (let r = 0; r < order; r++) {
        const o = at + r * rows.members;
        for (let m = 0; m < rows.members; m++) state[r][m] += noise[o + m];
      }
    },
  };
}

function keepGas(gas: Gas, count: number, keep: Keep['gases']): GasResult | undefined {
  if (!keep) return undefined;
  const width = gas.concentration.length;
  const bounds = () => new Float64Array((count + 1) * width);
  const concentration = bounds();
  concentration.set(gas.concentration);
  if (keep !== 'all') return { width, concentration };
  const each = () => new Float64Array(count * width);
  return { width, concentration, airborne: bounds(), cumulative: bounds(), emissions: each(), alpha: each() };
}

function record(r: GasResult, gas: Gas, i: number): void {
  const o = (i + 1) * r.width;
  r.concentration.set(gas.concentration, o);
  r.airborne?.set(gas.airborne, o);
  r.cumulative?.set(gas.cumulative, o);
  r.emissions?.set(gas.emissions, i * r.width);
  r.alpha?.set(gas.alpha, i * r.width);
}

function sharedResult(s: SharedGas): GasResult {
  return {
    width: 1,
    concentration: s.concentration,
    airborne: s.airborne,
    cumulative: s.cumulative,
    emissions: s.emissions,
    alpha: new Float64Array(s.emissions.length).fill(s.alpha),
  };
}
