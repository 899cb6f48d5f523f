import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { type AbsorberCase, absorb, SHEET_250 } from './absorber.ts';
import { solvent } from './amine.ts';
import { co2Pa, waterPa } from './two-films.ts';

const base: AbsorberCase = {
  diameterM: 10,
  heightM: 15,
  cells: 20,
  pressurePa: 1.05e5,
  packing: SHEET_250,
  gas: { co2: 600, h2o: 350, n2: 3700, o2: 250, k: 315 },
  liquid: { co2: 420, h2o: 14500, mea: 1900, k: 313 },
};
const run = (change: Partial<AbsorberCase> = {}) => {
  const r = absorb({ ...base, ...change });
  assert.ok(r.converged, r.converged ? '' : r.why);
  return r;
};

test('what goes in comes out, and CO2 goes from gas to liquid', () => {
  const r = run();
  assert.ok(r.massError < 1e-6 && r.energyError < 1e-5);
  assert.ok(r.capture > 0.5 && r.capture < 1 && r.richLoading > base.liquid.co2 / base.liquid.mea);
  assert.ok(r.profile.every(c => c.gasK > 300 && c.gasK < 360 && c.co2 >= 0));
});

test('a taller column, more solvent and leaner solvent capture more', () => {
  const capture = run().capture;
  assert.ok(run({ heightM: 30 }).capture > capture);
  assert.ok(run({ liquid: { ...base.liquid, co2: 200 } }).capture > capture);
  const doubled = { co2: 840, h2o: 29000, mea: 3800, k: 313 };
  assert.ok(run({ liquid: doubled }).capture > capture);
});

test('no gas leaves cleaner than the lean solvent allows', () => {
  const r = run({ heightM: 80, cells: 40 });
  const out = (r.gasOut.co2 / (r.gasOut.co2 + r.gasOut.h2o + r.gasOut.n2 + r.gasOut.o2)) * base.pressurePa;
  assert.ok(out >= 0.99 * co2Pa(base.liquid.k, base.liquid.co2 / base.liquid.mea));
});

test('columns at random close their balances and keep to equilibrium at both ends', () => {
  for (let i = 0; i < 12; i++) {
    const r = random(`absorber ${i}`);
    const between = (a: number, b: number) => a + (b - a) * r.uniform();
    const decades = (a: number, b: number) => a * (b / a) ** r.uniform();
    const [diameterM, pressurePa, k] = [decades(0.1, 20), between(1e5, 1.2e5), between(295, 335)];
    const gas = (between(0.3, 2) * (Math.PI / 4) * diameterM ** 2 * pressurePa) / (8.314 * k);
    const [co2, h2o, mea, lean] = [between(0.02, 0.25), between(0.01, 0.12), between(0.06, 0.14), between(0.02, 0.3)];
    const flow = decades(0.5, 10) * gas;
    const liquid = {
      co2: lean * mea * flow,
      h2o: (1 - mea - lean * mea) * flow,
      mea: mea * flow,
      k: between(295, 325),
    };
    const a = absorb({
      ...{ diameterM, heightM: decades(0.5, 80), cells: 24, pressurePa, packing: SHEET_250, liquid },
      gas: { co2: co2 * gas, h2o: h2o * gas, n2: (1 - co2 - h2o) * gas, o2: 0, k },
    });
    assert.ok(a.converged, `column ${i}`);
    assert.ok(a.massError < 1e-9 && a.energyError < 1e-9);
    const over = (l: { co2: number; h2o: number; mea: number; k: number }) => {
      const s = solvent(l.k, l.co2, l.h2o, l.mea);
      return s.henryPaM3Mol * s.freeCo2;
    };
    const out = a.gasOut;
    const outPa = (pressurePa * out.co2) / (out.co2 + out.h2o + out.n2);
    assert.ok(
      outPa >= 0.99 * over(liquid),
      `column ${i}: gas leaves with ${outPa} Pa, lean solvent has ${over(liquid)}`,
    );
    assert.ok(over(a.liquidOut) <= 1.01 * co2 * pressurePa, `column ${i}: rich solvent is past the gas that came in`);
  }
});

test('finer cells change the answer little', () => {
  assert.ok(Math.abs(run({ cells: 80 }).capture - run({ cells: 40 }).capture) < 0.01);
});

test('vapour pressure of water, and refusals in words', () => {
  assert.ok(Math.abs(waterPa(373.15) / 101325 - 1) < 0.005 && Math.abs(waterPa(313.15) / 7384 - 1) < 0.01);
  assert.throws(() => absorb({ ...base, liquid: { ...base.liquid, co2: 1500 } }), /leaves no free amine/);
  assert.throws(() => absorb({ ...base, gas: { ...base.gas, n2: -1 } }), /gas n2 is -1/);
  assert.throws(() => absorb({ ...base, cells: 2 }), /2 cells/);
  assert.throws(() => absorb({ ...base, heightM: 15_000 }), /a height of 15000 m; it must be between 0\.05 and 150 m/);
  assert.throws(() => absorb({ ...base, pressurePa: 1.05 }), /a pressure of 1\.05 Pa/);
  const thousandth = { co2: 0.42, h2o: 14.5, mea: 1.9, k: 313 };
  assert.throws(() => absorb({ ...base, liquid: thousandth }), /load is 0\.018 m3\/m2\/h; packings/);
});

// IDAES 2.13's solvent column (`MEAColumn`, 40 elements, ipopt with SPRAL) run at points beside that of its own test: flows in mol/s, lean is the
// mole fraction of CO2 in the solvent; the rest as in idaes_mea_absorber_reference.json.
const TURBINE = { co2: 0.041, n2: 0.763, o2: 0.122 };
const BASE = { liquid: 24000, gas: 19000, mix: TURBINE, lean: 0.022, heightM: 21.6, inK: [313.15, 313.15] };
const IDAES = [
  { ...BASE, name: 'less solvent', liquid: 17000, capture: 0.686309, rich: 0.485901, outK: [324.1785, 315.2612] },
  { ...BASE, name: 'more gas', gas: 24000, capture: 0.767026, rich: 0.485892, outK: [325.0382, 315.2618] },
  { ...BASE, name: 'solvent less lean', lean: 0.033, capture: 0.630778, rich: 0.486127, outK: [323.3411, 315.2438] },
  {
    ...BASE,
    name: 'less than half the height',
    heightM: 10,
    capture: 0.949515,
    rich: 0.480179,
    outK: [326.7344, 315.5314],
  },
  { ...BASE, name: 'warmer', inK: [323.15, 318.15], capture: 0.956997, rich: 0.482387, outK: [328.7771, 316.6733] },
  {
    ...BASE,
    name: 'gas of burnt coal, twice the solvent',
    mix: { co2: 0.11, n2: 0.734, o2: 0.082 },
    liquid: 48000,
    capture: 0.775,
    rich: 0.506771,
    outK: [335.5048, 316.0365],
  },
];

for (const p of IDAES)
  test(`IDAES at another point: ${p.name}`, () => {
    const r = run({
      diameterM: 18,
      heightM: p.heightM,
      cells: 40,
      pressurePa: 1e5,
      gas: { co2: p.mix.co2 * p.gas, h2o: 0.074 * p.gas, n2: p.mix.n2 * p.gas, o2: p.mix.o2 * p.gas, k: p.inK[0] },
      liquid: { co2: p.lean * p.liquid, h2o: (0.89 - p.lean) * p.liquid, mea: 0.11 * p.liquid, k: p.inK[1] },
    });
    assert.ok(Math.abs(r.capture / p.capture - 1) < 0.003 && Math.abs(r.richLoading / p.rich - 1) < 0.003);
    assert.ok(Math.abs(r.gasOut.k - p.outK[0]) < 0.15 && Math.abs(r.liquidOut.k - p.outK[1]) < 0.05);
  });
