// The other ways of FaIR 2.2 against FaIR itself (variants.jsonl, one case a line, made with its release 2.2.5): four forcing formulae, drivers by concentration and
// by forcing, other sets of species, efficacies, feedbacks, methane's own lifetime, steps shorter than a year, prescribed temperature. Each case names its changes to the reference inputs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseCsv } from '@madang/numerics';
import { sharedData, without } from '../../../../scripts/shared-data.ts';
import { plainRows } from '../rows/plain.ts';
import { wasmRows } from '../rows/wasm.ts';
import {
  concentrationAt,
  type DriverTable,
  forcingAt,
  type GhgMethod,
  makeFair,
  molecularWeights,
  readDrivers,
  readDriverTable,
  readMembers,
  readSpecies,
  steps,
} from './index.ts';

type Rows = readonly (readonly (number | null)[])[];
interface Case {
  readonly name: string;
  readonly set: 'basic' | 'cal141';
  readonly ghgMethod: GhgMethod;
  readonly ch4Method: 'thornhill2021' | 'leach2021';
  /** Start, end and step, years, where they are not the set's. */
  readonly time?: readonly [number, number, number];
  /** Prescribed temperature: rises from 0 at the start by so many K a year. */
  readonly warmingPerYear?: number;
  readonly drop: readonly string[];
  readonly modes: Record<string, string>;
  readonly concentration: Record<string, readonly [number, number]>;
  readonly forcing: Record<string, readonly [number, number]>;
  readonly parameters: readonly (readonly [string, string, number])[];
  readonly bounds: readonly number[];
  readonly members: readonly string[];
  readonly temperature: Rows;
  readonly total: Rows;
  readonly speciesForcing: Record<string, Rows>;
  readonly speciesConcentration: Record<string, Rows>;
  readonly speciesEmissions: Record<string, Rows>;
}
const cases = readFileSync(new URL('./variants.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Case);
const file = (f: string) => readFileSync(sharedData(`climate/fair/${f}`), 'utf8');

/** The species table without the dropped species and with the changed modes. */
function speciesOf(c: Case) {
  const [header, ...rows] = file(`${c.set}_species_configs_properties.csv`).trim().split(/\r?\n/);
  const mode = header.split(',').indexOf('input_mode');
  const kept = rows.flatMap(line => {
    const cells = line.split(',');
    if (c.drop.includes(cells[0])) return [];
    cells[mode] = c.modes[cells[0]] ?? cells[mode];
    return [cells.join(',')];
  });
  return readSpecies(parseCsv([header, ...kept].join('\n')), 'species');
}

/** A table that gives some species two values, over the years of the basic set. */
function ramps(given: Case['concentration'], unit: (species: string) => string): string {
  const rows = Object.entries(given).map(([s, [a, b]]) => `ramp,World,${s},${unit(s)},${a},${b}`);
  return ['scenario,region,variable,unit,2000,2050', ...rows].join('\n');
}

function runCase(c: Case, kernel = wasmRows()) {
  const species = speciesOf(c);
  const { model } = readMembers(
    parseCsv(file(c.set === 'basic' ? 'basic_configs.csv' : 'cal141_parameters.csv')),
    species,
    'members',
    c.members,
  );
  const parameters = structuredClone(model.parameters) as Record<string, (number | Float64Array)[]>;
  for (const [p, s, v] of c.parameters) {
    const i = species.species.findIndex(x => x.name === s);
    if (p === 'unperturbed_lifetime') for (let b = 0; b < 4; b++) parameters[`${p}${b}`][i] = v;
    else parameters[p][i] = v;
  }
  const table = (text: string, kind: DriverTable['kind']) => readDriverTable(parseCsv(text), kind, kind);
  const tables =
    c.set === 'cal141'
      ? [table(file('cal141_emissions.csv'), 'emissions'), table(file('cal141_volcanic_solar.csv'), 'forcing')]
      : [
          table(file('basic_emissions.csv'), 'emissions'),
          table(file('basic_concentration.csv'), 'concentration'),
          table(file('basic_forcing.csv'), 'forcing'),
          table(
            ramps(c.concentration, s => (s === 'CO2' ? 'ppm' : 'ppb')),
            'concentration',
          ),
          table(
            ramps(c.forcing, () => 'W/m2'),
            'forcing',
          ),
        ];
  const [start, end, stepYears] = c.time ?? (c.set === 'basic' ? [2000, 2050, 1] : [1750, 2100, 1]);
  const { drivers } = readDrivers({
    species: species.species,
    tables,
    scenario: c.set === 'basic' ? 'ramp' : 'medium-extension',
    time: { start, end, stepYears },
    weights: molecularWeights(species),
    interpolate: c.set === 'basic',
  });
  const options = { ghgMethod: c.ghgMethod, ch4Method: c.ch4Method, ...(kernel ? { kernel } : {}) };
  const fair = makeFair({ ...model, parameters }, options, stepYears);
  if (c.warmingPerYear === undefined) return fair(drivers, { layers: true, forcing: true, gases: 'all' });
  const rate = c.warmingPerYear * stepYears;
  const temperature = Float64Array.from({ length: steps(drivers.time) + 1 }, (_, t) => t * rate);
  return fair({ ...drivers, temperature }, { forcing: true, gases: 'all' });
}

for (const c of cases) {
  test(`as FaIR: ${c.name} (${c.set})`, { skip: without('climate/fair') }, () => {
    const r = runCase(c);
    const M = c.members.length;
    const compare = (what: string, tolerance: number, rows: Rows, at: (t: number, m: number) => number) => {
      for (const [k, t] of c.bounds.entries())
        for (let m = 0; m < M; m++) {
          const expected = rows[k][m];
          const ours = at(t, m);
          // FaIR has a number where we have none only for values it never uses.
          if (expected === null) assert.ok(Number.isNaN(ours) || ours === 0, `${what} at ${t}: ${ours}, FaIR has none`);
          else
            assert.ok(
              Math.abs(ours - expected) <= tolerance * Math.max(1, Math.abs(expected)),
              `${what} at ${t}: ${ours}, FaIR ${expected}`,
            );
        }
    };
    compare('temperature', 1e-7, c.temperature, (t, m) => r.temperature[0][t * M + m]);
    compare('total forcing', 1e-7, c.total, (t, m) => r.forcing!.total[t * M + m]);
    const index = (s: string) => r.model.species.findIndex(x => x.name === s);
    for (const [s, rows] of Object.entries(c.speciesForcing))
      compare(`forcing of ${s}`, 1e-7, rows, (t, m) => forcingAt(r, index(s), t, m));
    for (const [s, rows] of Object.entries(c.speciesConcentration))
      if (r.gases.has(index(s)))
        compare(`concentration of ${s}`, 3e-8, rows, (t, m) => concentrationAt(r, index(s), t, m));
    for (const [s, rows] of Object.entries(c.speciesEmissions)) {
      const g = r.gases.get(index(s));
      if (g) compare(`emissions of ${s}`, 1e-6, rows, (t, m) => g.emissions![g.width === 1 ? t - 1 : (t - 1) * M + m]);
    }
  });
}

test('the kernel and its plain twin agree', {
  skip: without('climate/fair') || (wasmRows() ? false : 'no WebAssembly SIMD here'),
}, () => {
  for (const c of cases) {
    const a = runCase(c, wasmRows());
    const b = runCase(c, plainRows);
    for (const [k, v] of a.temperature[0].entries())
      assert.ok(Math.abs(v - b.temperature[0][k]) < 1e-9, `${c.name}: ${v}`);
  }
});
