// The scenario maker as the page needs it: an ensemble made ready once, then levers in and a band of warming out. The same code draws the first
// picture at the hub and moves it in the reader's browser.
import {
  type Band,
  type Drivers,
  type Levers,
  make,
  makeBand,
  makeFair,
  molecularWeights,
  readDrivers,
  readDriverTable,
  readMembers,
  readSpecies,
  spannedTime,
} from '@madang/climate';
import { parseCsv } from '@madang/numerics';
import { REFERENCE } from './sliders.ts';

/** Texts of the tables of an ensemble, as `madang climate fair` takes them as files. */
export interface ClimateTables {
  readonly emissions: string;
  readonly configs: string;
  readonly species: string;
  readonly forcing?: string;
  readonly scenario: string;
}

export interface ClimateAnswer {
  readonly band: Band;
  /** Years of `fossil` and `total`: the first half-way year is firstYear + 0.5. */
  readonly firstYear: number;
  /** CO2 from fossil fuel less what is captured, Gt/yr. */
  readonly fossil: Float64Array;
}

export interface ClimateRun {
  readonly members: number;
  readonly scenario: string;
  answer(levers: Levers): ClimateAnswer;
}

/** Reads the tables. Throws ClimateError with table, row and column named. */
export function climateRun(tables: ClimateTables): ClimateRun {
  const read = (name: 'emissions' | 'configs' | 'species' | 'forcing') => parseCsv(tables[name] ?? '', name);
  const species = readSpecies(read('species'), 'species');
  const { model } = readMembers(read('configs'), species, 'configs');
  const drivers = [readDriverTable(read('emissions'), 'emissions', 'emissions')];
  if (tables.forcing !== undefined) drivers.push(readDriverTable(read('forcing'), 'forcing', 'forcing'));
  const base: Drivers = readDrivers({
    species: model.species,
    tables: drivers,
    scenario: tables.scenario,
    time: spannedTime(drivers),
    weights: molecularWeights(species),
  }).drivers;
  const bandOf = makeBand(makeFair(model), model, REFERENCE, [5, 50, 95]);
  const fossil = model.species.findIndex(s => s.type === 'co2 ffi' && s.inputMode === 'emissions');
  // The first run keeps the past, which no lever changes.
  bandOf(base);
  return {
    members: model.members.length,
    scenario: tables.scenario,
    answer(levers) {
      const { drivers: changed } = make(base, model.species, levers);
      return { band: bandOf(changed), firstYear: changed.time.start, fossil: changed.series[fossil]! };
    },
  };
}
