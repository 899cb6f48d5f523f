// Reading a run's result: per species and member, sums by group, and what follows from temperature and forcing after the run.
import { JOULES_PER_W_M2_YEAR } from '../earth.ts';
import type { MemberValue } from './parameters.ts';
import type { FairResult } from './run.ts';
import type { SpeciesType } from './species.ts';

const at = (v: MemberValue, m: number) => (typeof v === 'number' ? v : v[m]);

/** Number of the species of a type, or -1. */
export function speciesOf(result: FairResult, type: SpeciesType): number {
  return result.model.species.findIndex(s => s.type === type);
}

/** Concentration at bound `t` of one member, in the species' unit; NaN if the species has none or gases were not kept. */
export function concentrationAt(result: FairResult, species: number, t: number, member: number): number {
  if (result.model.species[species]?.type === 'eesc') {
    const e = result.eesc;
    return e === undefined
      ? Number.NaN
      : e.length === result.bounds.length
        ? e[t]
        : e[t * result.model.members.length + member];
  }
  const g = result.gases.get(species);
  return g === undefined ? Number.NaN : g.width === 1 ? g.concentration[t] : g.concentration[t * g.width + member];
}

/**
 * Emissions of the step that begins at bound `t`, per year and in the species' unit: given, or those that lead to a concentration that is given.
 * NaN past the last step, and of a species that has none. Needs all of the gases kept.
 */
export function emissionsAt(result: FairResult, species: number, t: number, member: number): number {
  const g = result.gases.get(species);
  if (g) return g.emissions?.[g.width === 1 ? t : t * g.width + member] ?? Number.NaN;
  const given = result.model.species[species].inputMode === 'emissions' ? result.drivers.series[species] : undefined;
  return given?.[t] ?? Number.NaN;
}

/** What of a gas's emissions is in the air, what was emitted since the start (its unit of emissions without the year), or the scale of its lifetime. */
export function gasAt(
  result: FairResult,
  species: number,
  what: 'airborne' | 'cumulative' | 'alpha',
  t: number,
  member: number,
): number {
  const g = result.gases.get(species);
  return g?.[what]?.[g.width === 1 ? t : t * g.width + member] ?? Number.NaN;
}

/** Forcing of one species at bound `t`, W/m2; NaN if it has none. Needs forcing and gases kept. */
export function forcingAt(result: FairResult, species: number, t: number, member: number): number {
  const members = result.model.members.length;
  const f = result.forcing;
  const c = f ? f.components.findIndex(x => x.species.includes(species)) : -1;
  if (!f || c < 0) return Number.NaN;
  if (f.components[c].species.length === 1) return f.values[c][t * members + member];
  // One of several gases whose forcing was summed in the run: linear in its own concentration.
  if (t === 0) return 0;
  const p = (name: string, missing: number) => {
    const v = at(result.model.parameters[name]?.[species] ?? missing, member);
    return Number.isNaN(v) ? missing : v;
  };
  const change = concentrationAt(result, species, t, member) - p('baseline_concentration', 0);
  const scale = p('forcing_scale', 1) * (1 + p('tropospheric_adjustment', 0));
  const warming = result.temperature[0][(t - 1) * members + member];
  return (
    0.001 * p('greenhouse_gas_radiative_efficiency', 0) * change * scale +
    p('forcing_temperature_feedback', 0) * warming
  );
}

/** Kinds of forcing a table groups by: one species' type, or `halogenated` for all other greenhouse gases. */
export type ForcingGroup = SpeciesType | 'halogenated';

/** The rows (bounds x members) of a group, or undefined if nothing in the run belongs to it. One component is given as it is, not copied. */
export function forcingGroup(result: FairResult, group: ForcingGroup): Float64Array | undefined {
  const f = result.forcing;
  if (!f) return undefined;
  const belongs = (s: number) => {
    const x = result.model.species[s];
    return group === 'halogenated' ? x.greenhouseGas && !['co2', 'ch4', 'n2o'].includes(x.type) : x.type === group;
  };
  const parts = f.components.flatMap((c, k) => (belongs(c.species[0]) ? [f.values[k]] : []));
  if (parts.length < 2) return parts[0];
  const out = Float64Array.from(parts[0]);
  for (const p of parts.slice(1)) for (let k = 0; k < out.length; k++) out[k] += p[k];
  return out;
}

/** Energy imbalance at the top of the atmosphere, W/m2, bounds x members. Needs layers and forcing kept. */
export function imbalance(result: FairResult): Float64Array {
  const { model, temperature, forcing } = result;
  const members = model.members.length;
  const layers = model.climate.heatCapacity.length;
  if (!forcing || temperature.length < layers)
    throw new RangeError('imbalance needs a run that kept layers and forcing');
  const transfer = model.climate.heatTransfer;
  const efficacy = model.climate.deepOceanEfficacy;
  const out = new Float64Array(forcing.total.length);
  for (let k = 0; k < out.length; k++) {
    const m = k % members;
    out[k] =
      forcing.total[k] -
      transfer[0][m] * temperature[0][k] +
      (1 - efficacy[m]) * transfer[layers - 1][m] * (temperature[layers - 2][k] - temperature[layers - 1][k]);
  }
  return out;
}

/** Change of the ocean's heat content since the first bound, J, from the imbalance. */
export function oceanHeat(result: FairResult, toa: Float64Array): Float64Array {
  const members = result.model.members.length;
  const out = new Float64Array(toa.length);
  for (let k = members; k < out.length; k++) out[k] = out[k - members] + toa[k];
  const factor = result.drivers.time.stepYears * JOULES_PER_W_M2_YEAR;
  for (let k = 0; k < out.length; k++) out[k] *= factor;
  return out;
}

/** Lifetime of a gas with one box at step `t`, years: alpha x unperturbed lifetime. NaN past the last step. */
export function lifetimeAt(result: FairResult, species: number, t: number, member: number): number {
  const alpha = result.gases.get(species)?.alpha;
  if (!alpha) return Number.NaN;
  const width = result.gases.get(species)!.width;
  const a = alpha[width === 1 ? t : t * width + member] ?? Number.NaN;
  return a * at(result.model.parameters['unperturbed_lifetime0'][species], member);
}

/** Why a run has no temperature at some bound, in a sentence that names member, year and, if it is one, the gas; or undefined. */
export function failure(result: FairResult): string | undefined {
  const { model, bounds } = result;
  const members = model.members.length;
  const k = result.temperature[0].findIndex(v => !Number.isFinite(v));
  if (k < 0) return undefined;
  const m = k % members;
  const t = Math.floor(k / members);
  const where = `member ${model.members[m]}, ${bounds[t]}`;
  for (const [s, species] of model.species.entries()) {
    const c = concentrationAt(result, s, t, m);
    if (['co2', 'ch4', 'n2o'].includes(species.type) && c <= 0)
      return `${where}: the concentration of ${species.name} falls to ${c.toPrecision(4)}; the drivers take out more than the model holds`;
  }
  return `${where}: the temperature is not a finite number; the member's parameters or the drivers are outside what the model bears`;
}
