// The kinds of forcer of FaIR 2.2 (Smith et al. 2018; Leach et al. 2021) and the table that declares them, one species a row.
// A species is told by its `type`, never by its name: names, order and number are the caller's.
import type { Table } from '@madang/numerics';
import { ClimateError } from '../error.ts';

export type InputMode = 'emissions' | 'concentration' | 'forcing' | 'calculated';

const MODES = {
  'co2 ffi': ['emissions'],
  'co2 afolu': ['emissions'],
  co2: ['emissions', 'calculated', 'concentration', 'forcing'],
  ch4: ['emissions', 'concentration', 'forcing'],
  n2o: ['emissions', 'concentration', 'forcing'],
  'cfc-11': ['emissions', 'concentration', 'forcing'],
  'other halogen': ['emissions', 'concentration', 'forcing'],
  'f-gas': ['emissions', 'concentration', 'forcing'],
  sulfur: ['emissions'],
  'black carbon': ['emissions'],
  'organic carbon': ['emissions'],
  'other slcf': ['emissions'],
  'nox aviation': ['emissions'],
  eesc: ['concentration', 'calculated'],
  ozone: ['calculated', 'forcing'],
  ari: ['calculated', 'forcing'],
  aci: ['calculated', 'forcing'],
  contrails: ['calculated', 'forcing'],
  lapsi: ['calculated', 'forcing'],
  'h2o stratospheric': ['calculated', 'forcing'],
  'land use': ['calculated', 'forcing'],
  volcanic: ['forcing'],
  solar: ['forcing'],
  unspecified: ['forcing'],
} as const satisfies Record<string, readonly InputMode[]>;

export type SpeciesType = keyof typeof MODES;

/** Types of which a model may hold more than one. */
const MANY: ReadonlySet<string> = new Set(['other halogen', 'f-gas', 'other slcf', 'unspecified']);

export interface Species {
  readonly name: string;
  readonly type: SpeciesType;
  readonly inputMode: InputMode;
  readonly greenhouseGas: boolean;
  /** Its emissions enter aerosol, ozone and methane lifetime relations. */
  readonly chemistryFromEmissions: boolean;
  /** Its concentration does. */
  readonly chemistryFromConcentration: boolean;
}

/** Names of the parameters a species may have; `partition_fraction` and `unperturbed_lifetime` are followed by the gas box number. */
export const SPECIES_PARAMETERS: readonly string[] = [
  'tropospheric_adjustment',
  'forcing_efficacy',
  'forcing_temperature_feedback',
  'forcing_scale',
  'molecular_weight',
  'baseline_concentration',
  'forcing_reference_concentration',
  'forcing_reference_emissions',
  'iirf_0',
  'iirf_airborne',
  'iirf_uptake',
  'iirf_temperature',
  'baseline_emissions',
  'g0',
  'g1',
  'greenhouse_gas_radiative_efficiency',
  'contrails_radiative_efficiency',
  'erfari_radiative_efficiency',
  'h2o_stratospheric_factor',
  'lapsi_radiative_efficiency',
  'land_use_cumulative_emissions_to_forcing',
  'ozone_radiative_efficiency',
  'cl_atoms',
  'br_atoms',
  'fractional_release',
  'aci_scale',
  'aci_shape',
  'ch4_lifetime_chemical_sensitivity',
  'lifetime_temperature_sensitivity',
];

/** Why a number cannot be this parameter of a greenhouse gas, whatever the other numbers are; undefined where it can. */
export function impossible(parameter: string, x: number): string | undefined {
  const positive = /^(unperturbed_lifetime\d+|molecular_weight)$/.test(parameter);
  if (positive && x <= 0) return `${x}; it must be positive`;
  const notNegative = /^(partition_fraction\d+|(baseline|forcing_reference)_concentration)$/.test(parameter);
  return notNegative && x < 0 ? `${x}; it must not be negative` : undefined;
}

/** What a table of species declares: the species and, by parameter name, one default per species (NaN where the cell says so). */
export interface SpeciesTable {
  readonly species: readonly Species[];
  readonly gasBoxes: number;
  readonly defaults: ReadonlyMap<string, Float64Array>;
}

/** Reads the table; `name` is for messages. Throws `bad-species-table` naming row and column. */
export function readSpecies(table: Table, name: string): SpeciesTable {
  for (const c of ['type', 'input_mode'])
    if (!table.has(c)) throw new ClimateError('missing-column', `${name}: no column "${c}"`);
  // The names stand in the column name, else in the first, whatever it is called (FaIR's own files leave its header empty).
  const names = table.text(table.has('name') ? 'name' : table.columns[0]).map(s => s.trim());
  const types = table.text('type').map(s => s.trim().toLowerCase());
  const modes = table.text('input_mode').map(s => s.trim().toLowerCase());
  const flag = (column: string): readonly boolean[] => {
    if (!table.has(column)) throw new ClimateError('missing-column', `${name}: no column "${column}"`);
    return table.text(column).map((s, i) => {
      const v = s.trim().toLowerCase();
      if (v === '1' || v === '1.0' || v === 'true') return true;
      if (v === '0' || v === '0.0' || v === 'false') return false;
      throw refuse(i, column, `"${s}" is not 0 or 1`);
    });
  };
  const refuse = (i: number, column: string, why: string) =>
    new ClimateError('bad-species-table', `${name}, row ${table.line(i)}, column "${column}" (${names[i]}): ${why}`);

  const gas = flag('greenhouse_gas');
  const fromEmissions = flag('aerosol_chemistry_from_emissions');
  const fromConcentration = flag('aerosol_chemistry_from_concentration');
  const seen = new Map<string, number>();
  const species = names.map((n, i): Species => {
    const type = types[i];
    const allowed = (MODES as Record<string, readonly InputMode[] | undefined>)[type];
    if (n === '') throw refuse(i, 'name', 'the name is empty');
    if (names.indexOf(n) !== i)
      throw refuse(i, 'name', `the species is declared twice, first in row ${table.line(names.indexOf(n))}`);
    if (!allowed) throw refuse(i, 'type', `"${type}" is not a type; the types are: ${Object.keys(MODES).join(', ')}`);
    if (!(allowed as readonly string[]).includes(modes[i]))
      throw refuse(
        i,
        'input_mode',
        `"${modes[i]}" is not possible for type "${type}"; possible: ${allowed.join(', ')}`,
      );
    const first = seen.get(type);
    if (first !== undefined && !MANY.has(type))
      throw refuse(i, 'type', `type "${type}" may occur once; row ${table.line(first)} has it too`);
    seen.set(type, i);
    return {
      name: n,
      type: type as SpeciesType,
      inputMode: modes[i] as InputMode,
      greenhouseGas: gas[i],
      chemistryFromEmissions: fromEmissions[i],
      chemistryFromConcentration: fromConcentration[i],
    };
  });

  const defaults = new Map<string, Float64Array>();
  let gasBoxes = 0;
  for (const column of table.columns) {
    const box = /^(?:partition_fraction|unperturbed_lifetime)(\d+)$/.exec(column);
    if (box) gasBoxes = Math.max(gasBoxes, Number(box[1]) + 1);
    if (!box && !SPECIES_PARAMETERS.includes(column)) continue;
    const values = table.numbers(column);
    for (const [i, x] of values.entries()) {
      const why = gas[i] ? impossible(column, x) : undefined;
      if (why) throw refuse(i, column, `it is ${why}`);
    }
    defaults.set(column, values);
  }
  for (let b = 0; b < gasBoxes; b++)
    for (const p of ['partition_fraction', 'unperturbed_lifetime'])
      if (!defaults.has(`${p}${b}`))
        throw new ClimateError('missing-column', `${name}: no column "${p}${b}", though box ${gasBoxes - 1} is there`);
  return { species, gasBoxes, defaults };
}
