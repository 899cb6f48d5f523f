// Methane lifetime from chemistry and temperature (Thornhill et al. 2021, ACP 21, 1105, as in FaIR 2.1): the scale of the lifetime is
// the product of 1 + sensitivity x change over emissions of the step, concentrations at its start, and surface temperature.
// Trap: concentrations are those at the start of the step, so a source's series is read one step back.
import { ClimateError } from '../error.ts';
import { LEAST_FACTOR } from '../rows/plain.ts';
import type { Context } from './context.ts';
import type { Source } from './linear.ts';
import type { MemberValue } from './parameters.ts';

/** Writes the lifetime scale for step `i`, given the members' surface temperature at its start. */
export type Lifetime = (i: number, temperature: Float64Array, out: Float64Array) => void;

export function compileMethaneLifetime(context: Context): Lifetime {
  const { model, count, rows, constant } = context;
  const shared: Float64Array = new Float64Array(count).fill(1);
  const live: { row: Float64Array; series: Float64Array | undefined; base: Float64Array; sensitivity: Float64Array }[] =
    [];
  const add = (species: number, source: Source | undefined, first: MemberValue | undefined, baseline: string) => {
    const name = model.species[species].name;
    const sensitivity = model.parameters['ch4_lifetime_chemical_sensitivity']?.[species] ?? Number.NaN;
    if (sensitivity === 0) return;
    if (typeof sensitivity === 'number' && Number.isNaN(sensitivity))
      throw new ClimateError(
        'bad-parameter',
        `species "${name}" takes part in chemistry and needs a number for ch4_lifetime_chemical_sensitivity (0 if it has none)`,
      );
    if (!source)
      throw new ClimateError(
        'bad-species-table',
        `species "${name}" changes the methane lifetime, but the run gives it neither emissions nor concentrations`,
      );
    const base = context.parameter(baseline, species);
    if ('row' in source) {
      live.push({ row: source.row, series: undefined, base: constant(base), sensitivity: constant(sensitivity) });
      return;
    }
    const series = first === undefined ? source.series : shift(source.series, Number(first), count);
    if (typeof sensitivity === 'number' && typeof base === 'number') {
      for (let i = 0; i < count; i++) {
        shared[i] *= Math.max(LEAST_FACTOR, 1 + sensitivity * (series[i] - base));
      }
    } else live.push({ row: rows.row(), series, base: constant(base), sensitivity: constant(sensitivity) });
  };
  for (const [i, s] of model.species.entries()) {
    if (s.chemistryFromEmissions) add(i, context.emissions(i), undefined, 'baseline_emissions');
    if (s.chemistryFromConcentration) add(i, context.concentration(i), startOf(context, i), 'baseline_concentration');
  }
  const methane = context.find('ch4');
  const warming = model.parameters['lifetime_temperature_sensitivity']?.[methane] ?? Number.NaN;
  if (typeof warming === 'number' && Number.isNaN(warming))
    throw new ClimateError(
      'bad-parameter',
      `species "${model.species[methane].name}" needs a number for lifetime_temperature_sensitivity`,
    );
  const temperatureSensitivity = constant(warming);

  return (i, temperature, out) => {
    rows.setFactor(out, temperature, temperatureSensitivity, shared[i]);
    for (let k = 0; k < live.length; k++) {
      const { row, series, base, sensitivity } = live[k];
      if (series) row.fill(series[i]);
      rows.mulFactor(out, row, base, sensitivity);
    }
  };
}

/** Concentration at the first bound of a species whose concentration is a series. */
function startOf(context: Context, species: number): MemberValue {
  const own = context.shared[species];
  if (own) return own.concentration[0];
  const driver = context.drivers.series[species];
  if (context.model.species[species].inputMode === 'concentration' && driver) return driver[0];
  return context.parameter('baseline_concentration', species);
}

function shift(series: Float64Array, first: number, count: number): Float64Array {
  const out = new Float64Array(count);
  out[0] = first;
  out.set(series.subarray(0, count - 1), 1);
  return out;
}
