// Isotherms and temperature swing against the reference data; tolerances as agreed with them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseCsv } from '@madang/numerics';
import { sharedData, without } from '../../../scripts/shared-data.ts';
import { loading } from './isotherms.ts';
import { readSorbent } from './sorbents.ts';
import { readSwingCases } from './swing-file.ts';
import { temperatureSwing } from './temperature-swing.ts';

test('dual-site Langmuir test points to 1e-6', { skip: without('carbon') }, () => {
  const points = parseCsv(readFileSync(sharedData('carbon/isotherm_test_points.csv'), 'utf8'));
  const table = parseCsv(readFileSync(sharedData('carbon/dual_site_langmuir_parameters.csv'), 'utf8'));
  const numbers = ['T_K', 'P_Pa', 'y_CO2', 'q_CO2_mol_kg', 'q_N2_mol_kg'].map(c => points.numbers(c));
  let seen = 0;
  points.text('material').forEach((m, i) => {
    const row = /row (\d+)/.exec(m)?.[1];
    if (!row) return;
    seen += 1;
    const [k, pa, y, q1, q2] = numbers.map(c => c[i]);
    const [a, b] = loading(readSorbent(table, 't', row).isotherm, k, pa * y, pa * (1 - y));
    assert.ok(Math.abs(a / q1 - 1) < 1e-6 && Math.abs(b / q2 - 1) < 1e-6);
  });
  assert.ok(seen > 0);
});

test('temperature swing: streams within 1 % of the published', { skip: without('carbon') }, () => {
  const file = sharedData('carbon/idaes_tsa_reference.json');
  const json = JSON.parse(readFileSync(file, 'utf8'));
  const { plant, cases } = readSwingCases(json, file);
  cases.forEach((c, i) => {
    const r = temperatureSwing(c.sorbent, c.design, plant);
    const want = json.cases[i].published;
    for (const [got, name] of [
      [r.richCo2MolS, 'co2_rich_CO2_mol_s'],
      [r.richN2MolS, 'co2_rich_N2_mol_s'],
      [r.velocityMS, 'velocity_in_m_s'],
    ] as const)
      assert.ok(Math.abs(got / want[name] - 1) < 0.01, `${c.name} ${name}`);
  });
});

test('a swing that cannot be is refused in words', { skip: without('carbon') }, () => {
  const file = sharedData('carbon/idaes_tsa_reference.json');
  const { plant, cases } = readSwingCases(JSON.parse(readFileSync(file, 'utf8')), file);
  const { sorbent, design } = cases[0];
  assert.throws(
    () => temperatureSwing(sorbent, { ...design, heatingK: design.desorptionK - 1 }, plant),
    /warmer than desorption/,
  );
  // Slips of units: bar for Pa, mm for m, g/cm3 for kg/m3, kJ for J, degrees Celsius.
  const refused = (s: object, d: object, why: RegExp) =>
    assert.throws(() => temperatureSwing({ ...sorbent, ...s }, { ...design, ...d }, plant), why);
  refused({}, { pressurePa: 1 }, /pressure of 1 Pa; it must be between 1000 and/);
  refused({}, { bedHeightM: 1000 * design.bedHeightM }, /bed height of/);
  refused({ solidKgM3: 1.1 }, {}, /density of the solid of 1\.1 kg\/m3/);
  refused({ heatJMol: [-62.9, 0] }, {}, /-62\.9 J\/mol; is it in kJ\/mol\?/);
  refused({}, { adsorptionK: 40 }, /temperature of adsorption of 40 K/);
  assert.throws(() => readSwingCases({ ...JSON.parse(readFileSync(file, 'utf8')), cases: [] }, 'f.json'), /no case/);
  assert.throws(() => readSwingCases({ adsorbents: {}, cases: [{ adsorbent: 'x' }] }, 'f.json'), /f\.json/);
});
