// Habits of FaIR that a table may rely on: what a column without a box means, which scales touch which forcing, whose chlorine counts, units.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '@madang/numerics';
import { forcingAt, makeFair, readDrivers, readDriverTable, readMembers, readSpecies, spannedTime } from './index.ts';
import { TINY_MEMBERS, TINY_SPECIES, tinyEmissions, tinyForcing } from './tiny.ts';
import { emissionsFactor } from './units.ts';

/** The small model with more species, members' columns and forcing. */
function run(more: { species?: string; columns?: Record<string, number>; forcing?: string } = {}) {
  const species = readSpecies(parseCsv(TINY_SPECIES + (more.species ?? '')), 'S.csv');
  const extra = Object.entries(more.columns ?? {});
  const [head, ...rows] = TINY_MEMBERS.trim().split('\n');
  const members = [[head, ...extra.map(e => e[0])].join(), ...rows.map(r => [r, ...extra.map(e => e[1])].join())];
  const { model } = readMembers(parseCsv(members.join('\n')), species, 'P.csv');
  const tables = [
    readDriverTable(parseCsv(tinyEmissions()), 'emissions', 'E.csv'),
    readDriverTable(parseCsv(`${tinyForcing()}\n${more.forcing ?? ''}`), 'forcing', 'V.csv'),
  ];
  const request = { species: species.species, tables, scenario: 'plan', time: spannedTime(tables), weights: new Map() };
  return makeFair(model)(readDrivers(request).drivers, { forcing: true, gases: 'all', layers: true });
}

test('a lifetime written without a box is the lifetime of every box', () => {
  const whole = run({ columns: { 'unperturbed_lifetime[CH4]': 10 } });
  const boxes = run({ columns: Object.fromEntries([0, 1, 2, 3].map(b => [`unperturbed_lifetime${b}[CH4]`, 10])) });
  assert.deepEqual(whole.temperature, boxes.temperature);
  assert.notDeepEqual(whole.temperature, run().temperature);
});

test('a scale touches solar and volcanic forcing that is given, and no other', () => {
  const line = (name: string) => [name, 'World', 'W/m2', ...Array.from({ length: 61 }, () => 0.5)].join();
  const row = (name: string, type: string) =>
    `${name},${type},forcing,0,0,0,nan,nan,nan,nan,nan,nan,nan,nan,0,1,0,1,nan,nan,nan,nan,nan,nan,nan,nan,nan,nan,0,nan\n`;
  const r = run({
    species: row('Volcanic', 'volcanic') + row('Ozone', 'ozone'),
    columns: { 'forcing_scale[Volcanic]': 2, 'forcing_scale[Ozone]': 2 },
    forcing: [line('Volcanic'), line('Ozone')].join('\n'),
  });
  const at = (name: string) =>
    forcingAt(
      r,
      r.model.species.findIndex(s => s.name === name),
      5,
      0,
    );
  assert.deepEqual([at('Volcanic'), at('Ozone')], [1, 0.5]);
});

test('units in the ways that tables write them', () => {
  const table = readSpecies(parseCsv(TINY_SPECIES), 'S.csv').species;
  const of = (type: string, name = type) => ({ ...table.find(s => s.type === 'solar')!, type: type as 'co2', name });
  const factor = (unit: string, species: ReturnType<typeof of>) =>
    emissionsFactor(unit, species, new Map([['CO2', 44.009]]), 'E.csv');
  assert.equal(factor('MtCO2/yr', of('co2 ffi')), 1e-3);
  assert.equal(factor('Gt CO2 yr-1', of('co2 ffi')), 1);
  assert.ok(Math.abs(factor('PgC/yr', of('co2 ffi')) - 44.009 / 12.011) < 1e-12);
  assert.equal(factor('Mt NOx/yr', of('other slcf', 'NOx')), 1);
  assert.equal(factor('kt HFO/yr', { ...of('f-gas', 'A new gas'), greenhouseGas: true }), 1);
  for (const unit of ['ppm', 'Gt', 'Gt CH4/yr', 'Gt CO2/month', 'stone CO2/yr', 'GtCO2', ''])
    assert.throws(() => factor(unit, of('co2 ffi')), /does not convert to Gt CO2\/yr/, unit);
  assert.throws(
    () => factor('kt SO2/yr', { ...of('f-gas', 'A new gas'), greenhouseGas: true }),
    /another substance|no molecular/,
  );
});

test('with a temperature that is given, deep layers are no numbers and the surface is what was given', () => {
  const { drivers, model } = run();
  const temperature = Float64Array.from({ length: 61 }, (_, t) => t / 100);
  const r = makeFair(model)({ ...drivers, temperature }, { layers: true, forcing: true, gases: 'all' });
  assert.equal(r.temperature[0][2 * 40 + 1], 0.4);
  assert.ok(r.temperature[1].every(Number.isNaN));
});
