// The scenario maker as the page needs it: an ensemble made ready once, then levers in and a band of warming out. The same code draws the first
// picture at the hub and moves it in the reader's browser.
import {
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
import { type OwnEmissions, ownEmissions, slipOfUnit } from './own.ts';
import type { PlanResult } from './plan.ts';
import { REFERENCE } from './sliders.ts';

/** Texts of the tables of an ensemble, as `madang climate fair` takes them as files. */
export interface ClimateTables {
  readonly emissions: string;
  readonly configs: string;
  readonly species: string;
  readonly forcing?: string;
  readonly scenario: string;
}

export interface ClimateRun {
  readonly members: number;
  readonly scenario: string;
  answer(levers: Levers): PlanResult;
  /** The same ensemble under a reader's own emissions, and what was taken from where. Throws with file, row and column. */
  own(file: { readonly text: string; readonly name: string }): { readonly run: ClimateRun; readonly own: OwnEmissions };
}

/** Reads the tables. Throws ClimateError with table, row and column named. */
export function climateRun(tables: ClimateTables): ClimateRun {
  const read = (name: 'configs' | 'species' | 'forcing') => parseCsv(tables[name] ?? '', name);
  const species = readSpecies(read('species'), 'species');
  const { model } = readMembers(read('configs'), species, 'configs');
  const weights = molecularWeights(species);
  const driversOf = (emissions: string, name: string): Drivers => {
    const all = [readDriverTable(parseCsv(emissions, name), 'emissions', name)];
    if (tables.forcing !== undefined) all.push(readDriverTable(read('forcing'), 'forcing', 'forcing'));
    const time = spannedTime(all);
    return readDrivers({ species: model.species, tables: all, scenario: tables.scenario, time, weights }).drivers;
  };
  const base = driversOf(tables.emissions, 'emissions');
  const fossil = model.species.findIndex(s => s.type === 'co2 ffi' && s.inputMode === 'emissions');
  const runOf = (drivers: Drivers, scenario: string): ClimateRun => {
    const bandOf = makeBand(makeFair(model), model, REFERENCE, [5, 50, 95]);
    // The first run keeps the past, which no lever changes.
    bandOf(drivers);
    return {
      members: model.members.length,
      scenario,
      answer(levers) {
        const { drivers: changed } = make(drivers, model.species, levers);
        const { firstYear, warming, final } = bandOf(changed);
        return { firstYear, rows: warming, final, fossil: changed.series[fossil]! };
      },
      own(file) {
        const own = ownEmissions(file, tables.emissions, tables.scenario);
        const mine = driversOf(own.text, file.name);
        const slip = slipOfUnit(mine, base, model);
        if (slip) throw new Error(`${file.name}: ${slip}`);
        return { run: runOf(mine, own.scenario), own };
      },
    };
  };
  return runOf(base, tables.scenario);
}
