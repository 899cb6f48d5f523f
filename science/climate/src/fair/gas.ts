// The gas cycle of FaIR 2 (Leach et al. 2021, eqs. 1-5): up to four boxes a gas, whose lifetimes are scaled by alpha, which depends on the
// state. A gas is a block of `width` columns: the members, or a single column when neither parameters nor state differ between them.
// Trap: the reference takes 1 - exp(-x) in double precision, which for the box of 1e9 years keeps only some eight digits, and so moves CO2 by
// 1e-5 ppm; see `survival` for the rounding that its published numbers carry.
import { MASS_ATMOSPHERE_KG, MOLECULAR_WEIGHT_AIR } from '../earth.ts';
import { ClimateError } from '../error.ts';
import type { FairModel, MemberValue } from './parameters.ts';

export interface Gas {
  readonly species: number;
  readonly width: number;
  /** How alpha comes about: fixed, by the integrated airborne fraction, or (methane) by atmospheric chemistry. */
  readonly lifetime: 'constant' | 'airborne-fraction' | 'chemistry';
  readonly inverse: boolean;
  /** Numbers of the boxes that take any of the gas. */
  readonly boxCount: number;
  readonly fraction: Float64Array;
  readonly unperturbedLifetime: Float64Array;
  readonly g0: Float64Array;
  readonly g1: Float64Array;
  readonly iirf0: Float64Array;
  readonly iirfUptake: Float64Array;
  readonly iirfTemperature: Float64Array;
  readonly iirfAirborne: Float64Array;
  readonly baselineConcentration: Float64Array;
  readonly baselineEmissions: Float64Array;
  readonly concentrationPerEmission: Float64Array;
  // State, at the latest time bound (alpha and emissions: of the latest step).
  readonly alpha: Float64Array;
  readonly decay: Float64Array;
  readonly gain: Float64Array;
  readonly boxes: Float64Array;
  readonly airborne: Float64Array;
  readonly cumulative: Float64Array;
  readonly concentration: Float64Array;
  readonly emissions: Float64Array;
}

/** Builds a gas at its baseline. `shareable` gases with constant lifetime and the same parameters for all members have width 1. */
export function makeGas(model: FairModel, species: number, chemistry: boolean): Gas {
  const s = model.species[species];
  const members = model.members.length;
  const get = (p: string): MemberValue => model.parameters[p]?.[species] ?? Number.NaN;
  const need = (p: string): MemberValue => {
    const v = get(p);
    if (typeof v === 'number' && !Number.isFinite(v))
      throw new ClimateError(
        'bad-parameter',
        `species "${s.name}" needs a number for ${p}, in the species table or for every member`,
      );
    return v;
  };
  const zero = (v: MemberValue) => v === 0;
  const iirf = chemistry
    ? ([0, 0, 0, 0] as const)
    : ([need('iirf_0'), need('iirf_uptake'), need('iirf_temperature'), need('iirf_airborne')] as const);
  const lifetime = chemistry
    ? 'chemistry'
    : zero(iirf[1]) && zero(iirf[2]) && zero(iirf[3])
      ? 'constant'
      : 'airborne-fraction';
  const g0 = chemistry ? 1 : need('g0');
  const g1 = chemistry ? 1 : need('g1');
  const used: number[] = [];
  for (let b = 0; b < model.gasBoxes; b++) if (!zero(need(`partition_fraction${b}`))) used.push(b);
  const fraction = used.map(b => need(`partition_fraction${b}`));
  const tau = used.map(b => need(`unperturbed_lifetime${b}`));
  const baselineConcentration = need('baseline_concentration');
  const baselineEmissions = need('baseline_emissions');
  const weight = need('molecular_weight');
  const everything = [...iirf, g0, g1, ...fraction, ...tau, baselineConcentration, baselineEmissions, weight];
  const width = lifetime === 'constant' && everything.every(v => typeof v === 'number') ? 1 : members;

  const spread = (v: MemberValue) => (typeof v === 'number' ? new Float64Array(width).fill(v) : v);
  const stack = (rows: readonly MemberValue[]) => {
    const out = new Float64Array(rows.length * width);
    for (const [b, v] of rows.entries()) out.set(spread(v), b * width);
    return out;
  };
  const perEmission = Float64Array.from(
    spread(weight),
    w => 1 / (((MASS_ATMOSPHERE_KG / 1e18) * w) / MOLECULAR_WEIGHT_AIR),
  );
  return {
    species,
    width,
    lifetime,
    inverse: s.inputMode === 'concentration',
    boxCount: used.length,
    fraction: stack(fraction),
    unperturbedLifetime: stack(tau),
    g0: spread(g0),
    g1: spread(g1),
    iirf0: spread(iirf[0]),
    iirfUptake: spread(iirf[1]),
    iirfTemperature: spread(iirf[2]),
    iirfAirborne: spread(iirf[3]),
    baselineConcentration: spread(baselineConcentration),
    baselineEmissions: spread(baselineEmissions),
    concentrationPerEmission: perEmission,
    alpha: new Float64Array(width).fill(1),
    decay: new Float64Array(used.length * width),
    gain: new Float64Array(used.length * width),
    boxes: new Float64Array(used.length * width),
    airborne: new Float64Array(width),
    cumulative: new Float64Array(width),
    concentration: Float64Array.from(spread(baselineConcentration)),
    emissions: new Float64Array(width),
  };
}

/** Sets alpha from the state at the step's start; `temperature` is the surface's, one value a column. */
export function setAlpha(gas: Gas, temperature: Float64Array, iirfMax: number): void {
  const { width, alpha, g0, g1, iirf0, iirfUptake, iirfTemperature, iirfAirborne, airborne, cumulative } = gas;
  for (let m = 0; m < width; m++) {
    const a = airborne[m];
    const iirf =
      iirf0[m] + iirfUptake[m] * (cumulative[m] - a) + iirfTemperature[m] * temperature[m] + iirfAirborne[m] * a;
    const value = g0[m] * Math.exp(Math.min(iirf, iirfMax) / g1[m]);
    // g0 underflows to 0 and exp overflows for gases of many thousand years (CF4): then the lifetime does not change.
    alpha[m] = Number.isNaN(value) ? 1 : value;
  }
}

const UNIT = 2 ** 53;

/**
 * exp(-x) for x > 0. For tiny x the next double at or above the true value: so the vector library under the reference rounds, which the
 * expected CO2 shows (errors fall from 9e-6 to 3e-7 ppm against rounding to nearest). Both differ from the exact value by less than 2e-16.
 */
export function survival(x: number): number {
  return x < 2 ** -20 ? 1 - Math.floor((x - 0.5 * x * x) * UNIT) / UNIT : Math.exp(-x);
}

/** Sets each box's decay over the step and its gain per unit of emission rate, from alpha. */
export function setDecay(gas: Gas, stepYears: number): void {
  const { width, boxCount, alpha, decay, gain, fraction, unperturbedLifetime } = gas;
  for (let b = 0; b < boxCount; b++) {
    const o = b * width;
    for (let m = 0; m < width; m++) {
      const rate = stepYears / (alpha[m] * unperturbedLifetime[o + m]);
      const d = survival(rate);
      decay[o + m] = d;
      gain[o + m] = (fraction[o + m] / rate) * (1 - d) * stepYears;
    }
  }
}

/** One step forward under an emission rate (the same for all columns): concentration from emissions. */
export function stepForward(gas: Gas, emissions: number, stepYears: number): void {
  const { width, boxCount, decay, gain, boxes, airborne, concentration } = gas;
  airborne.fill(0);
  for (let b = 0; b < boxCount; b++) {
    const o = b * width;
    for (let m = 0; m < width; m++) {
      const v = gain[o + m] * (emissions - gas.baselineEmissions[m]) + boxes[o + m] * decay[o + m];
      boxes[o + m] = v;
      airborne[m] += v;
    }
  }
  for (let m = 0; m < width; m++) {
    concentration[m] = gas.baselineConcentration[m] + gas.concentrationPerEmission[m] * airborne[m];
    gas.emissions[m] = emissions;
    gas.cumulative[m] += emissions * stepYears;
  }
}

/** One step with the concentration at its end given: the emissions that lead there. */
export function stepInverse(gas: Gas, target: number, stepYears: number): void {
  const { width, boxCount, decay, gain, boxes, airborne, concentration } = gas;
  for (let m = 0; m < width; m++) {
    let remaining = 0;
    let taken = 0;
    for (let b = 0; b < boxCount; b++) {
      remaining += boxes[b * width + m] * decay[b * width + m];
      taken += gain[b * width + m];
    }
    const burden = (target - gas.baselineConcentration[m]) / gas.concentrationPerEmission[m];
    const e = (burden - remaining) / taken;
    for (let b = 0; b < boxCount; b++) {
      const i = b * width + m;
      boxes[i] = e * gain[i] + boxes[i] * decay[i];
    }
    airborne[m] = burden;
    concentration[m] = target;
    gas.emissions[m] = e + gas.baselineEmissions[m];
    gas.cumulative[m] += gas.emissions[m] * stepYears;
  }
}
