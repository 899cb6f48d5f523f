// What is refused is a slip of units; sorbents as they are measured, at the ends of what is known, are not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DualSiteLangmuir, Pair } from './isotherms.ts';
import { implausible } from './plausible.ts';
import { randomDesign } from './testing/random-design.ts';

/** Zeolite 13X with round numbers, per mol/m3. */
const ZEOLITE: DualSiteLangmuir = {
  kind: 'dual-site Langmuir',
  basis: 'concentration',
  qsb: [3, 5.8],
  qsd: [2.5, 0],
  b0: [8.65e-7, 2.5e-6],
  d0: [2.63e-8, 0],
  dUb: [-36_600, -15_800],
  dUd: [-35_700, 0],
};
const HEAT: Pair = [-36_000, -15_800];
const each = (p: Pair, by: number): Pair => [p[0] * by, p[1] * by];
const seen = (change: Partial<DualSiteLangmuir>, heat: Pair = HEAT) => implausible({ ...ZEOLITE, ...change }, heat);

test('sorbents as they are measured pass', () => {
  assert.equal(seen({}), undefined);
  // Measured at one temperature; no nitrogen; a trace of a second site of any energy from a fit.
  assert.equal(seen({ dUb: [0, 0], dUd: [0, 0], b0: [2e-2, 1e-3], d0: [5e-2, 0] }), undefined);
  assert.equal(seen({ qsb: [3, 0] }, [-36_000, 0]), undefined);
  assert.equal(seen({ qsd: [1e-4, 0], d0: [1e-12, 0], dUd: [-90_000, 0] }), undefined);
  // An amine that binds CO2 at 40 Pa with 100 kJ/mol, a framework that holds 48 mol/kg when full, a weak one.
  const amine = { b0: [Math.exp(-90_000 / 2478.8) * 60, 2.5e-6], dUb: [-90_000, -15_800], qsd: [0, 0] } as const;
  assert.equal(seen(amine, [-95_000, -15_800]), undefined);
  const roomy = {
    basis: 'pressure',
    qsb: [48, 48],
    qsd: [0, 0],
    b0: [8.06e-10, 1.11e-9],
    dUb: [-14_000, -10_000],
  } as const;
  assert.equal(seen(roomy, [-14_000, -10_000]), undefined);
  for (let k = 0; k < 300; k++) {
    const { sorbent } = randomDesign(k);
    assert.equal(implausible(sorbent.isotherm, sorbent.heatJMol), undefined, `design ${k}`);
  }
});

test('slips of units are named', () => {
  const told = (change: Partial<DualSiteLangmuir>, heat: Pair, why: RegExp, column: string) => {
    const slip = seen(change, heat);
    assert.ok(slip);
    assert.match(slip.why, why);
    assert.ok(slip.columns.includes(column), slip.columns.join());
  };
  told({}, each(HEAT, 1e-3), /is it in kJ\/mol/, 'heat_of_adsorption_CO2_J_mol');
  told({}, [-36_000, -15.8], /is it in kJ\/mol/, 'heat_of_adsorption_N2_J_mol');
  told({ dUb: each(ZEOLITE.dUb, 1e-3) }, HEAT, /is it in kJ\/mol/, 'dU_b_CO2_J_mol');
  told({ dUd: [-35.7, 0] }, HEAT, /is it in kJ\/mol/, 'dU_d_CO2_J_mol');
  // kcal/mol as kJ, times 1000: a quarter.
  told({}, [-8600, -3776], /Clausius/, 'heat_of_adsorption_CO2_J_mol');
  told({}, [-150_000, -15_800], /Clausius/, 'heat_of_adsorption_CO2_J_mol');
  // mol/g, cm3/g at standard conditions, mg/g; per mol/m3 called per Pa; the other way round (of a sorbent a fiftieth as strong: this one would still pass); per kPa.
  told({ qsb: each(ZEOLITE.qsb, 1e-3), qsd: each(ZEOLITE.qsd, 1e-3) }, HEAT, /next to nothing/, 'qsb_CO2_mol_kg');
  told({ qsb: each(ZEOLITE.qsb, 22.4), qsd: each(ZEOLITE.qsd, 22.4) }, HEAT, /room for/, 'qsb_CO2_mol_kg');
  told({ basis: 'pressure' }, HEAT, /nitrogen/, 'basis');
  told({ b0: each(ZEOLITE.b0, 0.02 / 2479), d0: each(ZEOLITE.d0, 0.02 / 2479) }, HEAT, /next to nothing/, 'basis');
  const perKpa = { basis: 'pressure', b0: each(ZEOLITE.b0, 1 / 2.479), d0: each(ZEOLITE.d0, 1 / 2.479) } as const;
  told(perKpa, HEAT, /nitrogen/, 'b0_N2');
});
