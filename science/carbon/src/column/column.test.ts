import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import type { Sorbent } from '../sorbents.ts';
import { integrate } from '../stiff/bdf.ts';
import { BED as bed } from '../testing/random-design.ts';
import { column, inventory, PER_CELL, pressureAndTemperature, uniform } from './column.ts';
import { checkOperation, type Operation, readBed } from './parameters.ts';
import { DEFAULTS, steadyState } from './steady.ts';
import { compressionJMol, step } from './step.ts';

// Round numbers of the size of zeolite 13X; nothing here is taken from a file.

const zeolite: Sorbent = {
  name: 'like 13X',
  isotherm: {
    kind: 'dual-site Langmuir',
    basis: 'concentration',
    qsb: [3, 5.8],
    qsd: [2.5, 0],
    b0: [9e-7, 2.5e-6],
    d0: [2.6e-8, 0],
    dUb: [-36600, -15800],
    dUd: [-35700, 0],
  },
  particleDensityKgM3: 1130,
  heatJMol: [-36000, -15800],
};
const operation: Operation = {
  highPa: 1e5,
  lowPa: 3000,
  feedMS: 1,
  pressurisationS: 20,
  adsorptionS: 150,
  heavyRefluxS: 60,
  blowdownS: 30,
  lightRefluxS: 80,
  lightReflux: 0.03,
  heavyReflux: 0.7,
};

test('a column at rest stays at rest, at the pressure and temperature it was given', () => {
  const c = column(bed, zeolite, 8, 1e5);
  const y = uniform(c, 4e4, 320, 0.3);
  const { pa, k } = pressureAndTemperature(c, y, 3);
  assert.ok(Math.abs(pa - 4e4) < 1e-6 && Math.abs(k - 320) < 1e-9);
  const out = new Float64Array(y.length);
  step(c, { kind: 'closed' }, { kind: 'closed' }, { kind: 'none' }).derivative(0, y, out);
  for (const v of out) assert.ok(Math.abs(v) < 1e-9);
});

test('what a step takes in or gives out is what the column gains or loses: mass and energy', () => {
  const c = column(bed, zeolite, 20, 1e5);
  const n = c.cells * PER_CELL;
  const y = new Float64Array(n + 7);
  y.set(uniform(c, 3000, 313, 0.4));
  const before = inventory(c, y);
  const gas = { co2: 0.15, k: 313 };
  const p = step(
    c,
    { kind: 'inlet', pa: t => 1e5 - 97000 * Math.exp(-0.5 * t), ...gas },
    { kind: 'closed' },
    { kind: 'none' },
  );
  assert.ok(integrate(p, 0, 20, y, { relative: 1e-4, absolute: 1e-6, mostSteps: 2000 }).ok);
  const after = inventory(c, y);
  assert.ok(y[n] > 1);
  assert.ok(
    Math.abs(after.co2 - before.co2 - y[n] - y[n + 3]) < 1e-5 * y[n],
    `${(after.co2 - before.co2 - y[n] - y[n + 3]) / y[n]}`,
  );
  assert.ok(Math.abs(after.n2 - before.n2 - y[n + 1] - y[n + 4]) < 1e-5 * y[n + 1]);
  const heat = 36000 * y[n];
  assert.ok(Math.abs(after.energyJ - before.energyJ - y[n + 2] - y[n + 5]) < 1e-5 * heat);
});

test('no mole fraction leaves the range of what went in', () => {
  const c = column(bed, zeolite, 30, 1e5);
  const n = c.cells * PER_CELL;
  const y = new Float64Array(n + 7);
  y.set(uniform(c, 1e5, 313, 1e-6));
  const out = { kind: 'outlet' as const, pa: () => 1e5 };
  const p = step(c, { kind: 'flow', molM2S: 14, co2: 0.15, k: 313 }, out, { kind: 'none' });
  for (let s = 0; s < 6; s++) {
    assert.ok(integrate(p, 0, 15, y, { relative: 1e-4, absolute: 1e-6, mostSteps: 3000 }).ok);
    for (let j = 0; j < c.cells; j++) {
      const x = y[j * 5] / (y[j * 5] + y[j * 5 + 1]);
      assert.ok(x > -1e-4 && x < 0.16, `cell ${j}: ${x}`);
    }
  }
});

test('work of compression: none downhill, the ideal value uphill', () => {
  assert.equal(compressionJMol(bed, 1e5, 5e4, 300), 0);
  const want = (3.5 * 8.314 * 300 * (2 ** (0.4 / 1.4) - 1)) / 0.72;
  assert.ok(Math.abs(compressionJMol(bed, 1e5, 2e5, 300) - want) < 1e-9);
});

test('a zeolite settles with closed balances and more CO2 than was fed', () => {
  const r = steadyState(bed, zeolite, operation);
  assert.ok(r.converged);
  assert.ok(r.massError < 2e-3 && r.energyError < 2e-3);
  assert.ok(r.purity > 0.7 && r.purity < 1 && r.recovery > 0.5 && r.recovery <= 1, JSON.stringify(r).slice(0, 200));
  assert.ok(r.energyKwhPerTonne > 80 && r.energyKwhPerTonne < 500);
});

test('the answer does not depend on how it was found: many plain cycles end in the same place', () => {
  const settings = { ...DEFAULTS, cells: 10 };
  const fast = steadyState(bed, zeolite, operation, settings);
  const tight = steadyState(bed, zeolite, operation, { ...settings, steady: 2e-5, balance: 2e-4 });
  assert.ok(fast.converged && tight.converged);
  assert.ok(Math.abs(fast.purity - tight.purity) < 2e-3 && Math.abs(fast.recovery - tight.recovery) < 5e-3);
});

test('sorbents at random settle, or say why not', () => {
  const r = random('sorbents');
  const u = (a: number, b: number) => a + (b - a) * r.uniform();
  for (let i = 0; i < 4; i++) {
    const heat = u(15000, 50000);
    const at = (halfPa: number, h: number) => Math.exp(-h / (8.314 * 313)) / halfPa;
    const sorbent: Sorbent = {
      ...zeolite,
      isotherm: {
        ...zeolite.isotherm,
        basis: 'pressure',
        qsb: [u(1, 8), u(1, 8)],
        qsd: [0, 0],
        b0: [at(10 ** u(3, 6), heat), at(10 ** u(5, 7), 12000)],
        dUb: [-heat, -12000],
      },
      heatJMol: [-heat, -12000],
    };
    const done = steadyState(bed, sorbent, operation, { ...DEFAULTS, cells: 12 });
    assert.ok(done.converged ? done.massError <= 2e-3 : done.why.length > 0);
  }
});

test('not converged is not an answer', () => {
  const r = steadyState(bed, zeolite, operation, { ...DEFAULTS, cells: 10, mostCycles: 1 });
  assert.equal(r.converged, false);
  assert.equal('purity' in r, false);
});

test('impossible operation and parameters are named', () => {
  assert.match(checkOperation({ ...operation, lowPa: 2e5 }) ?? '', /below the high pressure/);
  assert.throws(() => steadyState(bed, zeolite, { ...operation, lightReflux: 1 }), /light reflux/);
  assert.throws(
    () => readBed({ parameters: { feed_T_K: 313, feed_y_CO2: 1.5 } }, 'p.json'),
    /p\.json, parameters\.feed_y_CO2: 1\.5/,
  );
  assert.throws(() => readBed({}, 'p.json'), /no object "parameters"/);
  assert.throws(
    () => readBed({ parameters: { feed_T_K: '313' } }, 'p.json'),
    /feed_T_K: "313"; it must be a number between 150 and 700 K/,
  );
});
