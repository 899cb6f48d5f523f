// The parameters of an ensemble, one member a row of a table (the form fair-calibrate writes): climate parameters as `name` or
// `name[layer]`, species parameters as `name[species]`. What a row does not say comes from the species table.
import type { Table } from '@madang/numerics';
import type { EnergyBalance } from '../energy-balance/system.ts';
import { checkEnergyBalance } from '../energy-balance/system.ts';
import { ClimateError } from '../error.ts';
import { SPECIES_NAMES } from './known.ts';
import { impossible, SPECIES_PARAMETERS, type Species, type SpeciesTable } from './species.ts';
import { emissionsFactor } from './units.ts';

/** A parameter: one number when all members share it, else one value a member. */
export type MemberValue = number | Float64Array;

/** Climate parameters of the members; per layer where the physics has layers. Units as in EnergyBalance; sigmas W m-2 yr-1/2. */
export interface ClimateParameters {
  readonly heatCapacity: readonly Float64Array[];
  readonly heatTransfer: readonly Float64Array[];
  readonly deepOceanEfficacy: Float64Array;
  readonly gammaAutocorrelation: Float64Array;
  readonly forcing4co2: Float64Array;
  readonly sigmaEta: Float64Array;
  readonly sigmaXi: Float64Array;
}

/** An ensemble of one structure: members by name, species, and for each parameter name one value a species. Plain data. */
export interface FairModel {
  readonly members: readonly string[];
  readonly species: readonly Species[];
  readonly gasBoxes: number;
  readonly climate: ClimateParameters;
  readonly parameters: Readonly<Record<string, readonly MemberValue[]>>;
}

const CLIMATE = ['gamma_autocorrelation', 'deep_ocean_efficacy', 'sigma_eta', 'sigma_xi', 'forcing_4co2'] as const;
const LAYERED = ['ocean_heat_capacity', 'ocean_heat_transfer'] as const;
/** What FaIR uses when a table of members leaves a parameter out. */
const CLIMATE_DEFAULT: Readonly<Record<string, number>> = {
  gamma_autocorrelation: 2,
  sigma_eta: 0.5,
  sigma_xi: 0.5,
  forcing_4co2: 8,
};
/** Written without a box they hold for every box of the gas, as in FaIR. */
const EVERY_BOX: ReadonlySet<string> = new Set(['partition_fraction', 'unperturbed_lifetime']);
/** Columns that steer a run or describe a member, and are no parameters of the physics. */
const DESCRIPTIVE: ReadonlySet<string> = new Set(['config', 'role', 'seed', 'stochastic_run', 'use_seed', '']);

/** Reads the members. `only` keeps the named ones, in that order. Also names the columns that were left aside, and a default that was used. */
export function readMembers(
  table: Table,
  speciesTable: SpeciesTable,
  name: string,
  only?: readonly string[],
): { readonly model: FairModel; readonly ignored: readonly string[] } {
  const { species, gasBoxes, defaults } = speciesTable;
  // Members' names stand in the column config, else in the first, whatever it is called (tables of pandas leave its header empty).
  const named = table.has('config') ? 'config' : table.columns[0];
  const all = table.text(named).map(s => s.trim());
  const place = new Map<string, number>();
  for (const [i, m] of all.entries()) {
    if (place.has(m))
      throw new ClimateError(
        'bad-parameter',
        `${name}, row ${table.line(i)}: member "${m}" is there twice, first in row ${table.line(place.get(m)!)}`,
      );
    place.set(m, i);
  }
  const twice = table.columns.find((c, i) => table.columns.indexOf(c) !== i);
  if (twice !== undefined) throw new ClimateError('bad-parameter', `${name}: column "${twice}" is there twice`);
  const nameless = place.get('');
  if (nameless !== undefined)
    throw new ClimateError(
      'bad-parameter',
      `${name}, row ${table.line(nameless)}, column "${named}": a member needs a name`,
    );
  const rows = (only ?? all).map(m => {
    const r = place.get(m);
    if (r === undefined) throw new ClimateError('unknown-parameter', `${name}: no member "${m}"`);
    return r;
  });
  if (rows.length === 0) throw new ClimateError('bad-parameter', `${name}: there is no member`);
  const index = new Map(species.map((s, i) => [s.name, i]));
  const numbers = (column: string): Float64Array => {
    const values = table.numbers(column);
    const out = new Float64Array(rows.length);
    for (let k = 0; k < out.length; k++) {
      const v = values[rows[k]];
      if (!Number.isFinite(v))
        throw new ClimateError(
          'bad-number',
          `${name}, row ${table.line(rows[k])}, column "${column}" (member ${all[rows[k]]}): a finite number is missing`,
        );
      out[k] = v;
    }
    return out;
  };

  const possible = (parameter: string, column: string): Float64Array => {
    const out = numbers(column);
    for (let k = 0; k < out.length; k++) {
      const why = impossible(parameter, out[k]);
      if (why)
        throw new ClimateError(
          'bad-parameter',
          `${name}, row ${table.line(rows[k])}, column "${column}" (member ${all[rows[k]]}): it is ${why}`,
        );
    }
    return out;
  };

  const parameters: Record<string, MemberValue[]> = {};
  for (const [p, values] of defaults) parameters[p] = Array.from(values);
  const climate: Record<string, Float64Array> = {};
  const layered: Record<string, Float64Array[]> = { ocean_heat_capacity: [], ocean_heat_transfer: [] };
  const ignored: string[] = [];
  const speciesParameter = (parameter: string, inside: string | undefined, column: string): void => {
    parameters[parameter] ??= new Array<MemberValue>(species.length).fill(Number.NaN);
    const row = parameters[parameter];
    if (inside === undefined) {
      const value = uniform(numbers(column));
      for (const [i, s] of species.entries()) if (belongs(parameter, s)) row[i] = value;
    } else {
      const i = index.get(inside);
      if (i !== undefined) row[i] = uniform(species[i].greenhouseGas ? possible(parameter, column) : numbers(column));
      else if (SPECIES_NAMES.has(inside))
        ignored.push(`${name}, column "${column}": the species is not in the species table`);
      else throw new ClimateError('unknown-species', `${name}, column "${column}": unknown species "${inside}"`);
    }
  };
  for (const column of table.columns) {
    if (column === named) continue;
    const m = /^([^[]+)(?:\[(.*)\])?$/.exec(column.trim());
    const base = m?.[1] ?? column;
    const inBrackets = m?.[2];
    if (inBrackets === undefined && DESCRIPTIVE.has(base)) continue;
    if ((LAYERED as readonly string[]).includes(base)) {
      if (inBrackets === undefined || !/^\d+$/.test(inBrackets))
        throw new ClimateError('unknown-parameter', `${name}, column "${column}": give the layer, as "${base}[0]"`);
      layered[base][Number(inBrackets)] = numbers(column);
    } else if ((CLIMATE as readonly string[]).includes(base) && inBrackets === undefined)
      climate[base] = numbers(column);
    else if (EVERY_BOX.has(base)) {
      for (let b = 0; b < gasBoxes; b++) speciesParameter(`${base}${b}`, inBrackets, column);
    } else if (SPECIES_PARAMETERS.includes(base) || /^(partition_fraction|unperturbed_lifetime)\d+$/.test(base)) {
      speciesParameter(base, inBrackets, column);
    } else if (inBrackets !== undefined)
      throw new ClimateError(
        'unknown-parameter',
        `${name}, column "${column}": "${base}" is no parameter of the model`,
      );
    else ignored.push(`${name}, column "${column}": not a parameter of the model`);
  }

  if (!climate['gamma_autocorrelation'])
    ignored.push(
      `${name}: no column "gamma_autocorrelation"; FaIR's default ${CLIMATE_DEFAULT['gamma_autocorrelation']} is used`,
    );

  const asked = table.has('stochastic_run') ? table.text('stochastic_run') : [];
  if (rows.some(r => /^ *(1(\.0)?|true) *$/i.test(asked[r] ?? '')))
    ignored.push(`${name}, column "stochastic_run": noise is drawn where the run asks for it, not the table`);

  const layers = layered.ocean_heat_capacity.length;
  for (const p of LAYERED)
    for (let l = 0; l < Math.max(layers, layered.ocean_heat_transfer.length, 2); l++)
      if (!layered[p][l]) throw new ClimateError('missing-column', `${name}: no column "${p}[${l}]"`);
  const count = rows.length;
  const value = (p: string): Float64Array => {
    if (climate[p]) return climate[p];
    const d = CLIMATE_DEFAULT[p];
    if (d === undefined) throw new ClimateError('missing-column', `${name}: no column "${p}"`);
    return new Float64Array(count).fill(d);
  };
  const model: FairModel = {
    members: rows.map(r => all[r]),
    species,
    gasBoxes,
    climate: {
      heatCapacity: layered.ocean_heat_capacity,
      heatTransfer: layered.ocean_heat_transfer,
      deepOceanEfficacy: value('deep_ocean_efficacy'),
      gammaAutocorrelation: value('gamma_autocorrelation'),
      forcing4co2: value('forcing_4co2'),
      sigmaEta: value('sigma_eta'),
      sigmaXi: value('sigma_xi'),
    },
    parameters,
  };
  for (let m = 0; m < count; m++)
    checkEnergyBalance(energyBalanceOf(model, m), `${name}, row ${table.line(rows[m])} (member ${model.members[m]})`);
  return { model, ignored };
}

/** The energy balance parameters of one member. */
export function energyBalanceOf(model: FairModel, member: number): EnergyBalance {
  const c = model.climate;
  return {
    heatCapacity: c.heatCapacity.map(l => l[member]),
    heatTransfer: c.heatTransfer.map(l => l[member]),
    deepOceanEfficacy: c.deepOceanEfficacy[member],
    gammaAutocorrelation: c.gammaAutocorrelation[member],
    forcing4co2: c.forcing4co2[member],
  };
}

/** The same model with members `from` (inclusive) to `to` (exclusive), for a share of the work. */
export function sliceMembers(model: FairModel, from: number, to: number): FairModel {
  const cut = (v: MemberValue): MemberValue => (typeof v === 'number' ? v : v.slice(from, to));
  const c = model.climate;
  return {
    ...model,
    members: model.members.slice(from, to),
    climate: {
      heatCapacity: c.heatCapacity.map(l => l.slice(from, to)),
      heatTransfer: c.heatTransfer.map(l => l.slice(from, to)),
      deepOceanEfficacy: c.deepOceanEfficacy.slice(from, to),
      gammaAutocorrelation: c.gammaAutocorrelation.slice(from, to),
      forcing4co2: c.forcing4co2.slice(from, to),
      sigmaEta: c.sigmaEta.slice(from, to),
      sigmaXi: c.sigmaXi.slice(from, to),
    },
    parameters: Object.fromEntries(Object.entries(model.parameters).map(([k, v]) => [k, v.map(cut)])),
  };
}

/** Molecular weight by compound name, for unit conversion. */
export function molecularWeights(table: SpeciesTable): ReadonlyMap<string, number> {
  const weights = table.defaults.get('molecular_weight');
  return new Map(
    table.species.flatMap((s, i) =>
      weights && weights[i] > 0 ? [[s.name.replaceAll('-', ''), weights[i]] as const] : [],
    ),
  );
}

/** A parameter written without a species belongs to one type where only one has it, else to every species. */
function belongs(parameter: string, s: Species): boolean {
  if (parameter === 'aci_scale') return s.type === 'aci';
  if (parameter === 'lifetime_temperature_sensitivity') return s.type === 'ch4';
  return true;
}

function uniform(values: Float64Array): MemberValue {
  for (let m = 1; m < values.length; m++) if (values[m] !== values[0]) return values;
  return values[0];
}

/** Factor from `unit` to what the model counts the emissions of a species in; `where` opens the message of an error. */
export function emissionsFactorOf(model: FairModel, species: number, unit: string, where: string): number {
  const weights = new Map(
    model.species.flatMap((s, i) => {
      const w = model.parameters['molecular_weight']?.[i];
      return typeof w === 'number' && w > 0 ? [[s.name.replaceAll('-', ''), w] as const] : [];
    }),
  );
  return emissionsFactor(unit, model.species[species], weights, where);
}
