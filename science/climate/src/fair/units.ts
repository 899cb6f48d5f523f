// Units of the drivers. Emissions are "<mass> <compound>/<time>", concentrations ppm, ppb or ppt, forcing W/m2.
// What a species is counted in follows from its type: Gt CO2/yr, Mt CH4/yr, Mt N2O/yr, Mt for short-lived forcers, kt for other gases.
import { SECONDS_PER_YEAR } from '../earth.ts';
import { ClimateError } from '../error.ts';
import { SPECIES_NAMES } from './known.ts';
import type { Species } from './species.ts';

const GRAMS: Readonly<Record<string, number>> = {
  Gt: 1e15,
  Pg: 1e15,
  Tg: 1e12,
  Mt: 1e12,
  kt: 1e9,
  Gg: 1e9,
  t: 1e6,
  kg: 1e3,
  g: 1,
};
const YEARS: Readonly<Record<string, number>> = {
  yr: 1,
  year: 1,
  a: 1,
  day: (24 * 3600) / SECONDS_PER_YEAR,
  s: 1 / SECONDS_PER_YEAR,
};
const RATIO: Readonly<Record<string, number>> = { ppm: 1e-6, ppb: 1e-9, ppt: 1e-12 };

/** Molecular weights (g/mol) of what emissions are also counted in. */
const WEIGHTS: Readonly<Record<string, number>> = {
  C: 12.011,
  NO2: 46.006,
  NO: 30.006,
  N: 14.007,
  N2: 28.014,
  SO2: 64.069,
  S: 32.07,
};
/** Short-lived forcers whose name is not their compound. */
const COMPOUND: Readonly<Record<string, string>> = { NOx: 'NO2', 'NOx aviation': 'NO2' };

/** Other names of a compound, counted alike. */
const ALSO: Readonly<Record<string, string>> = { NO2: 'NOx', VOC: 'NMVOC' };

/** Mass unit and compound that a species' emissions are counted in, per year; `free` where its name is known to no set. */
export function emissionsUnit(species: Species): {
  readonly mass: 'Gt' | 'Mt' | 'kt';
  readonly compound: string;
  readonly free?: boolean;
} {
  switch (species.type) {
    case 'co2':
    case 'co2 ffi':
    case 'co2 afolu':
      return { mass: 'Gt', compound: 'CO2' };
    case 'ch4':
      return { mass: 'Mt', compound: 'CH4' };
    case 'n2o':
      return { mass: 'Mt', compound: 'N2O' };
    case 'sulfur':
      return { mass: 'Mt', compound: 'SO2' };
    case 'black carbon':
      return { mass: 'Mt', compound: 'BC' };
    case 'organic carbon':
      return { mass: 'Mt', compound: 'OC' };
    case 'nox aviation':
      return { mass: 'Mt', compound: 'NO2' };
    default:
      return {
        mass: species.greenhouseGas ? 'kt' : 'Mt',
        compound: COMPOUND[species.name] ?? species.name.replace(/[- ]/g, ''),
        free: !SPECIES_NAMES.has(species.name),
      };
  }
}

/** Mixing ratio that a species' concentration is counted in. */
export function concentrationUnit(species: Species): 'ppm' | 'ppb' | 'ppt' {
  return species.type === 'co2' ? 'ppm' : species.type === 'ch4' || species.type === 'n2o' ? 'ppb' : 'ppt';
}

/** Factor from `unit` to the species' own emissions unit. `weights`: molecular weight by compound name. `where` opens the message. */
export function emissionsFactor(
  unit: string,
  species: Species,
  weights: ReadonlyMap<string, number>,
  where: string,
): number {
  const own = emissionsUnit(species);
  const wanted = `${own.mass} ${own.compound}/yr`;
  const refuse = (why: string) =>
    new ClimateError('bad-unit', `${where}: unit "${unit}" does not convert to ${wanted}: ${why}`);
  const parts = splitUnit(unit.trim());
  if (!parts) throw refuse('write it as "<mass> <compound>/<time>", for example "Mt CH4/yr"');
  const [mass, compound, time] = parts;
  if (!(mass in GRAMS)) throw refuse(`mass "${mass}" is not one of ${Object.keys(GRAMS).join(', ')}`);
  if (!(time in YEARS)) throw refuse(`time "${time}" is not one of ${Object.keys(YEARS).join(', ')}`);
  const scale = GRAMS[mass] / GRAMS[own.mass] / YEARS[time];
  const plain = compound.replaceAll('-', '');
  if (plain === own.compound || plain === ALSO[own.compound]) return scale;
  const from = weights.get(plain) ?? WEIGHTS[plain];
  const to = weights.get(own.compound) ?? WEIGHTS[own.compound];
  // A species that no set knows: what its unit calls it is its own, unless that is another substance.
  if (own.free && from === undefined) return scale;
  if (from === undefined || to === undefined)
    throw refuse(`no molecular weight is known for both "${compound}" and "${own.compound}"`);
  if (!SAME_ELEMENT.some(set => set.includes(plain) && set.includes(own.compound)))
    throw refuse(`"${compound}" is another substance than "${own.compound}"`);
  // N2 carries both nitrogen atoms of N2O, N only one of them: an emission "in N" of N2O counts two atoms a molecule.
  const atoms = own.compound === 'N2O' && plain === 'N' ? 2 : 1;
  return (scale * to) / from / atoms;
}

/** Mass, compound and time of "Mt CH4/yr", "MtCH4/yr" or "Mt CH4 yr-1"; undefined of anything else. */
function splitUnit(unit: string): readonly string[] | undefined {
  const m = /^(.+?) *\/ *(\S+)$/.exec(unit) ?? /^(.+?) +(\S+?)\^?-1$/.exec(unit);
  const amount = m && (/^(\S+) +(\S+)$/.exec(m[1]) ?? /^(Gt|Pg|Tg|Mt|kt|Gg|kg|t|g)([A-Z]\S*)$/.exec(m[1]));
  return m && amount ? [amount[1], amount[2], m[2]] : undefined;
}

/** Names of one substance counted in different ways; anything else is another substance and never converts. */
const SAME_ELEMENT: readonly (readonly string[])[] = [
  ['CO2', 'C'],
  ['CH4', 'C'],
  ['CO', 'C'],
  ['N2O', 'N', 'N2'],
  ['NO2', 'NO', 'N'],
  ['NH3', 'N'],
  ['SO2', 'S'],
];

/** Factor from a mixing ratio to the species' own. */
export function concentrationFactor(unit: string, species: Species, where: string): number {
  const own = concentrationUnit(species);
  const u = unit.trim();
  if (!(u in RATIO))
    throw new ClimateError('bad-unit', `${where}: unit "${unit}" does not convert to ${own}; use ppm, ppb or ppt`);
  return RATIO[u] / RATIO[own];
}

/** Forcing has one unit; others are refused. */
export function forcingFactor(unit: string, where: string): number {
  if (/^(W\/m2|W\/m\^2|W m-2|W\/m²)$/.test(unit.trim())) return 1;
  throw new ClimateError('bad-unit', `${where}: unit "${unit}" does not convert to W/m2`);
}
