// Methane lifetime from chemistry and temperature (Thornhill et al. 2021, ACP 21, 1105, as in FaIR 2.1): the scale of the lifetime is
// the product of 1 + sensitivity x change over emissions of the step, concentrations at its start, and surface temperature.
// Trap: concentrations are those at the start of the step, so a source's series is read one step back.
import { ClimateError } from '../error.ts';
import type { Context } from './context.ts';
import type { Source } from './linear.ts';
import type { MemberValue } from './parameters.ts';

/** Writes the lifetime scale for step `i`, given the members' surface temperature at its start. */
export type Lifetime = (i: number, temperature: Float64Array, out: Float64Array) => void;

export function compileMethaneLifetime(context: Context): Lifetime {
  const { model, members, count } = context;
  const shared = new Float64Array(count).fill(1);
  const live: { source: Source; back: Float64Array | undefined; base: Float64Array; sensitivity: Float64Array }[] = [];
  const spread = (v: MemberValue) => (typeof v === 'number' ? new Float64Array(members).fill(v) : v);
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
    if (
      'series' in source &&
      typeof sensitivity === 'number' &&
      typeof base === 'number' &&
      (first === undefined || typeof first === 'number')
    ) {
      for (let i = 0; i < count; i++) {
        const x = first === undefined ? source.series[i] : i === 0 ? first : source.series[i - 1];
        shared[i] *= 1 + sensitivity * (x - base);
      }
      return;
    }
    const back = 'series' in source && first !== undefined ? shift(source.series, Number(first), count) : undefined;
    live.push({ source, back, base: spread(base), sensitivity: spread(sensitivity) });
  };
  for (const [i, s] of model.species.entries()) {
    if (s.chemistryFromEmissions) add(i, context.emissions(i), undefined, 'baseline_emissions');
    if (s.chemistryFromConcentration) add(i, context.concentration(i), startOf(context, i), 'baseline_concentration');
  }
  const methane = context.find('ch4');
  const warming = context.model.parameters['lifetime_temperature_sensitivity']?.[methane] ?? Number.NaN;
  if (typeof warming === 'number' && Number.isNaN(warming))
    throw new ClimateError(
      'bad-parameter',
      `species "${model.species[methane].name}" needs a number for lifetime_temperature_sensitivity`,
    );
  const temperatureSensitivity = spread(warming);

  return (i, temperature, out) => {
    const common = shared[i];
    for (let m = 0; m < members; m++) out[m] = common * (1 + temperature[m] * temperatureSensitivity[m]);
    for (let k = 0; k < live.length; k++) {
      const { source, back, base, sensitivity } = live[k];
      if ('row' in source) {
        const row = source.row;
        for (let m = 0; m < members; m++) out[m] *= 1 + (row[m] - base[m]) * sensitivity[m];
      } else {
        const x = (back ?? source.series)[i];
        for (let m = 0; m < members; m++) out[m] *= 1 + (x - base[m]) * sensitivity[m];
      }
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
