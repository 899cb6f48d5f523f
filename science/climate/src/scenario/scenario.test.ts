import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '@madang/numerics';
import fc from 'fast-check';
import { ClimateError } from '../error.ts';
import { readDriverTable } from '../fair/drivers.ts';
import { harmonise } from './harmonise.ts';
import { infill } from './infill.ts';
import { asTable, edit, readScenario, rowOf, type Scenario } from './table.ts';

const scenario = (name: string, from: number, rows: Record<string, readonly number[]>): Scenario => ({
  name,
  years: Float64Array.from(Object.values(rows)[0], (_, k) => from + k + 0.5),
  rows: Object.entries(rows).map(([species, v]) => ({
    species,
    unit: 'Mt X/yr',
    values: Float64Array.from(v),
    source: 'made',
    history: [],
  })),
});
const values = (s: Scenario, species: string) => [...rowOf(s, species).values];

test('a scenario survives being written and read, with its history', () => {
  const s = edit(
    scenario('plan', 2020, { CH4: [100, 100, 100, 100, 100] }),
    [{ kind: 'scale', species: 'CH4', from: 2021, to: 2022, factor: 0.5 }],
    'pledge | of 2021',
  );
  assert.deepEqual(values(s, 'CH4'), [100, 75, 50, 50, 50]);
  const back = readScenario(readDriverTable(asTable(s), 'emissions', 'made'), 'plan');
  assert.deepEqual(values(back, 'CH4'), values(s, 'CH4'));
  assert.match(rowOf(back, 'CH4').history[0], /scale times 0.5 Mt X\/yr, 2021-2022: pledge \/ of 2021/);
});

test('edits: set, add, errors that name the species', () => {
  const s = scenario('plan', 2020, { CO2: [40, 40, 40, 40] });
  assert.deepEqual(
    values(edit(s, [{ kind: 'set', species: 'CO2', from: 2022, to: 2023, value: 0 }], 'x'), 'CO2'),
    [40, 40, 20, 0],
  );
  assert.deepEqual(
    values(edit(s, [{ kind: 'add', species: 'CO2', from: 2020, to: 2020, amount: -50 }], 'x'), 'CO2'),
    [-10, -10, -10, -10],
  );
  assert.throws(
    () => edit(s, [{ kind: 'set', species: 'SF6', from: 2020, to: 2020, value: 0 }], 'x'),
    /"plan" has no species "SF6"; it has: CO2/,
  );
  assert.throws(
    () => edit(s, [{ kind: 'set', species: 'CO2', from: 2030, to: 2031, value: 0 }], 'x'),
    /after the scenario's last year/,
  );
});

test('a cell that is no number is named', () => {
  const t = readDriverTable(
    parseCsv('scenario,region,variable,unit,2020.5,2021.5\na,World,CO2,Gt CO2/yr,1,\n'),
    'emissions',
    'E.csv',
  );
  assert.throws(() => readScenario(t, 'a'), /E\.csv, row 2 \(CO2\), column "2021\.5"/);
});

test('harmonised: history before, continuous at the base year, its own again after convergence', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 8, maxLength: 8 }),
      fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 5, maxLength: 5 }),
      fc.constantFrom('ratio' as const, 'offset' as const, 'auto' as const),
      (future, past, method) => {
        const s = scenario('plan', 2020, { CH4: future });
        const h = scenario('history', 2018, { CH4: past });
        const out = harmonise(s, h, { baseYear: 2022, method, convergence: 2026 });
        const got = values(out, 'CH4');
        assert.equal(out.years[0], 2018.5);
        for (let k = 0; k < 5; k++) assert.equal(got[k], past[k]);
        for (let k = 6; k < 8; k++) assert.ok(Math.abs(got[k + 2] - future[k]) < 1e-9, 'own value after convergence');
        const kept = values(harmonise(s, h, { baseYear: 2022, method: 'offset' }), 'CH4');
        for (let k = 3; k < 8; k++) assert.ok(Math.abs(kept[k + 2] - future[k] - (past[4] - future[2])) < 1e-9);
      },
    ),
    { numRuns: 50 },
  );
});

test('harmonisation by offset where a ratio cannot hold, and refusals', () => {
  const s = scenario('plan', 2020, { CO2: [10, 5, -5] });
  const h = scenario('history', 2019, { CO2: [11, 12] });
  const out = harmonise(s, h, { baseYear: 2020 });
  assert.deepEqual(values(out, 'CO2'), [11, 12, 7, -3]);
  assert.match(rowOf(out, 'CO2').history[0], /offset 2/);
  assert.throws(() => harmonise(s, h, { baseYear: 2025 }), /base year 2025 in history "history"/);
  assert.throws(
    () => harmonise(scenario('plan', 2020, { CO2: [0, 1, 2] }), h, { baseYear: 2020, method: 'ratio' }),
    ClimateError,
  );
});

test('infilling: by ratio, from the closest, between scenarios', () => {
  const db = [
    scenario('low', 2020, { CO2: [10, 10], BC: [1, 2] }),
    scenario('high', 2020, { CO2: [30, 30], BC: [5, 4] }),
  ];
  const s = scenario('mine', 2020, { CO2: [20, 12] });
  assert.deepEqual(values(infill(s, db, { species: 'BC', lead: 'CO2', method: 'ratio' }), 'BC'), [3, 1.8]);
  assert.deepEqual(values(infill(s, db, { species: 'BC', lead: 'CO2', method: 'closest' }), 'BC'), [1, 2]);
  assert.deepEqual(values(infill(s, db, { species: 'BC', lead: 'CO2', method: 'interpolate' }), 'BC'), [3, 2.2]);
  assert.throws(() => infill(s, db, { species: 'CO2', lead: 'CO2', method: 'ratio' }), /has CO2 already/);
  assert.throws(() => infill(s, [], { species: 'BC', lead: 'CO2', method: 'ratio' }), /no scenario to fill BC from/);
});
