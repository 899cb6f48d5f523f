// The gas cycle of FaIR 2 (Leach et al. 2021, eqs. 1-5): up to four boxes a gas, whose lifetimes are scaled by alpha, which may depend on
// the state. A gas whose parameters and lifetimes are the same for all members is run once, ahead of the year loop; others have a row of
// members for each quantity.
// Trap: the reference takes 1 - exp(-x) in double precision, which for the box of 1e9 years keeps only some eight digits, and so moves CO2 by
// 1e-5 ppm; `survival` in rows/plain.ts says which way its published numbers are rounded.
import { MASS_ATMOSPHERE_KG, MOLECULAR_WEIGHT_AIR } from '../earth.ts';
import { ClimateError } from '../error.ts';
import { survival } from '../rows/plain.ts';
import type { AlphaRows, Rows } from '../rows/rows.ts';
import type { FairModel, MemberValue } from './parameters.ts';

/** A gas's parameters, checked. Boxes are those that take any of it. */
export interface GasParameters {
  readonly species: number;
  /** How alpha comes about: fixed, by the integrated airborne fraction, or (methane) by atmospheric chemistry. */
  readonly lifetime: 'constant' | 'airborne-fraction' | 'chemistry';
  readonly inverse: boolean;
  readonly fraction: readonly MemberValue[];
  readonly unperturbedLifetime: readonly MemberValue[];
  readonly g0: MemberValue;
  readonly g1: MemberValue;
  readonly iirf0: MemberValue;
  readonly iirfUptake: MemberValue;
  readonly iirfTemperature: MemberValue;
  readonly iirfAirborne: MemberValue;
  readonly baselineConcentration: MemberValue;
  readonly baselineEmissions: MemberValue;
  readonly molecularWeight: MemberValue;
}

/** Reads and checks a gas's parameters; `chemistry` for methane whose lifetime follows from chemistry. */
export function gasParameters(model: FairModel, species: number, chemistry: boolean): GasParameters {
  const s = model.species[species];
  const need = (p: string): MemberValue => {
    const v = model.parameters[p]?.[species] ?? Number.NaN;
    if (typeof v === 'number' && !Number.isFinite(v))
      throw new ClimateError(
        'bad-parameter',
        `species "${s.name}" needs a number for ${p}, in the species table or for every member`,
      );
    return v;
  };
  const iirf = (p: string) => (chemistry ? 0 : need(p));
  const sensitivities = [iirf('iirf_uptake'), iirf('iirf_temperature'), iirf('iirf_airborne')];
  const used = Array.from({ length: model.gasBoxes }, (_, b) => b).filter(b => need(`partition_fraction${b}`) !== 0);
  return {
    species,
    lifetime: chemistry ? 'chemistry' : sensitivities.every(v => v === 0) ? 'constant' : 'airborne-fraction',
    inverse: s.inputMode === 'concentration',
    fraction: used.map(b => need(`partition_fraction${b}`)),
    unperturbedLifetime: used.map(b => need(`unperturbed_lifetime${b}`)),
    g0: chemistry ? 1 : need('g0'),
    g1: chemistry ? 1 : need('g1'),
    iirf0: iirf('iirf_0'),
    iirfUptake: sensitivities[0],
    iirfTemperature: sensitivities[1],
    iirfAirborne: sensitivities[2],
    baselineConcentration: need('baseline_concentration'),
    baselineEmissions: need('baseline_emissions'),
    molecularWeight: need('molecular_weight'),
  };
}

/** ppm per Gt, ppb per Mt, ppt per kt. */
function concentrationPerEmission(molecularWeight: number): number {
  return 1 / (((MASS_ATMOSPHERE_KG / 1e18) * molecularWeight) / MOLECULAR_WEIGHT_AIR);
}

/** Trajectory of a gas that all members share: concentration, airborne, cumulative at bounds; emissions and alpha by step. */
export interface SharedGas {
  readonly species: number;
  readonly alpha: number;
  readonly concentration: Float64Array;
  readonly airborne: Float64Array;
  readonly cumulative: Float64Array;
  readonly emissions: Float64Array;
}

/** True if a gas is the same for all members whatever they do. */
export function isShared(p: GasParameters): boolean {
  const { species: _s, lifetime, inverse: _i, fraction, unperturbedLifetime, ...rest } = p;
  return (
    lifetime === 'constant' &&
    [...fraction, ...unperturbedLifetime, ...Object.values(rest)].every(v => typeof v === 'number')
  );
}

/** Runs a shared gas through all steps; `driver` holds emissions by step, or concentrations at bounds. */
export function runShared(
  p: GasParameters,
  driver: Float64Array,
  count: number,
  stepYears: number,
  iirfMax: number,
): SharedGas {
  const number = (v: MemberValue) => v as number;
  const value = number(p.g0) * Math.exp(Math.min(number(p.iirf0), iirfMax) / number(p.g1));
  const alpha = Number.isNaN(value) ? 1 : value;
  const perEmission = concentrationPerEmission(number(p.molecularWeight));
  const baseline = number(p.baselineConcentration);
  const natural = number(p.baselineEmissions);
  const rates = p.unperturbedLifetime.map(tau => stepYears / (alpha * number(tau)));
  const decay = Float64Array.from(rates, survival);
  const gain = Float64Array.from(rates, (rate, b) => (number(p.fraction[b]) / rate) * (1 - decay[b]) * stepYears);
  const concentration = new Float64Array(count + 1);
  const airborne = new Float64Array(count + 1);
  const cumulative = new Float64Array(count + 1);
  const emissions = p.inverse ? new Float64Array(count) : driver;
  concentration[0] = p.inverse ? driver[0] : baseline;
  if (p.inverse) {
    const boxes = new Float64Array(decay.length);
    const taken = gain.reduce((a, b) => a + b, 0);
    for (let i = 0; i < count; i++) {
      let remaining = 0;
      for (let b = 0; b < boxes.length; b++) remaining += boxes[b] * decay[b];
      const burden = (driver[i + 1] - baseline) / perEmission;
      const e = (burden - remaining) / taken;
      for (let b = 0; b < boxes.length; b++) boxes[b] = e * gain[b] + boxes[b] * decay[b];
      airborne[i + 1] = burden;
      emissions[i] = e + natural;
    }
  } else {
    for (let b = 0; b < decay.length; b++) {
      let box = 0;
      const g = gain[b];
      const d = decay[b];
      for (let i = 0; i < count; i++) {
        box = g * (emissions[i] - natural) + box * d;
        airborne[i + 1] += box;
      }
    }
  }
  for (let i = 0; i < count; i++) {
    concentration[i + 1] = p.inverse ? driver[i + 1] : baseline + perEmission * airborne[i + 1];
    cumulative[i + 1] = cumulative[i] + emissions[i] * stepYears;
  }
  return { species: p.species, alpha, concentration, airborne, cumulative, emissions };
}

/** A gas with rows of members: parameters, then the state at the latest bound (alpha and emissions: of the latest step). */
export interface Gas extends AlphaRows {
  readonly species: number;
  readonly lifetime: GasParameters['lifetime'];
  readonly inverse: boolean;
  readonly fraction: readonly Float64Array[];
  readonly unperturbedLifetime: readonly Float64Array[];
  readonly baselineConcentration: Float64Array;
  readonly baselineEmissions: Float64Array;
  readonly concentrationPerEmission: Float64Array;
  readonly alpha: Float64Array;
  readonly decay: readonly Float64Array[];
  readonly gain: readonly Float64Array[];
  readonly boxes: readonly Float64Array[];
  readonly concentration: Float64Array;
  readonly emissions: Float64Array;
}

/** Lays a gas out in rows, at its baseline. `constant` gives the row of a parameter. */
export function makeGas(p: GasParameters, rows: Rows, constant: (v: MemberValue) => Float64Array): Gas {
  const each = <T>(make: () => T) => p.fraction.map(make);
  const weight = p.molecularWeight;
  const concentration = rows.row();
  concentration.set(constant(p.baselineConcentration));
  return {
    species: p.species,
    lifetime: p.lifetime,
    inverse: p.inverse,
    fraction: p.fraction.map(constant),
    unperturbedLifetime: p.unperturbedLifetime.map(constant),
    g0: constant(p.g0),
    g1: constant(p.g1),
    iirf0: constant(p.iirf0),
    iirfUptake: constant(p.iirfUptake),
    iirfTemperature: constant(p.iirfTemperature),
    iirfAirborne: constant(p.iirfAirborne),
    baselineConcentration: constant(p.baselineConcentration),
    baselineEmissions: constant(p.baselineEmissions),
    concentrationPerEmission: constant(
      typeof weight === 'number' ? concentrationPerEmission(weight) : weight.map(concentrationPerEmission),
    ),
    alpha: rows.row(),
    decay: each(() => rows.row()),
    gain: each(() => rows.row()),
    boxes: each(() => rows.row()),
    airborne: rows.row(),
    cumulative: rows.row(),
    concentration,
    emissions: rows.row(),
  };
}

/** Sets each box's decay over the step and its gain per unit of emission rate, from alpha. */
export function setDecay(gas: Gas, rows: Rows, stepYears: number): void {
  for (let b = 0; b < gas.boxes.length; b++)
    rows.decay(gas.decay[b], gas.gain[b], gas.alpha, gas.unperturbedLifetime[b], gas.fraction[b], stepYears);
}

/** One step forward under an emission rate, the same for all members: concentration from emissions. */
export function stepForward(gas: Gas, rows: Rows, emissions: number, stepYears: number): void {
  gas.airborne.fill(0);
  for (let b = 0; b < gas.boxes.length; b++)
    rows.box(gas.boxes[b], gas.airborne, gas.gain[b], gas.decay[b], gas.baselineEmissions, emissions);
  rows.setLinear(gas.concentration, gas.baselineConcentration, gas.concentrationPerEmission, gas.airborne);
  gas.emissions.fill(emissions);
  rows.addNumber(gas.cumulative, emissions * stepYears);
}

/** One step with the concentration at its end given: the emissions that lead there. */
export function stepInverse(gas: Gas, target: number, stepYears: number): void {
  const { boxes, decay, gain } = gas;
  for (let m = 0; m < gas.concentration.length; m++) {
    let remaining = 0;
    let taken = 0;
    for (let b = 0; b < boxes.length; b++) {
      remaining += boxes[b][m] * decay[b][m];
      taken += gain[b][m];
    }
    const burden = (target - gas.baselineConcentration[m]) / gas.concentrationPerEmission[m];
    const e = (burden - remaining) / taken;
    for (let b = 0; b < boxes.length; b++) boxes[b][m] = e * gain[b][m] + boxes[b][m] * decay[b][m];
    gas.airborne[m] = burden;
    gas.concentration[m] = target;
    gas.emissions[m] = e + gas.baselineEmissions[m];
    gas.cumulative[m] += gas.emissions[m] * stepYears;
  }
}
