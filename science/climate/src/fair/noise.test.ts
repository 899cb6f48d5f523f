import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { systemMatrix } from '../energy-balance/system.ts';
import { drawNoise, noiseCovariance } from './noise.ts';
import { energyBalanceOf, type FairModel } from './parameters.ts';

const model: FairModel = {
  members: ['a', 'b'],
  species: [],
  gasBoxes: 4,
  climate: {
    heatCapacity: [Float64Array.of(4, 3), Float64Array.of(10, 30), Float64Array.of(80, 60)],
    heatTransfer: [Float64Array.of(1.2, 0.9), Float64Array.of(2, 3), Float64Array.of(1, 0.7)],
    deepOceanEfficacy: Float64Array.of(1.2, 0.9),
    gammaAutocorrelation: Float64Array.of(2, 3.5),
    forcing4co2: Float64Array.of(8, 7),
    sigmaEta: Float64Array.of(0.6, 0.5),
    sigmaXi: Float64Array.of(0.4, 0.3),
  },
  parameters: {},
};

test('covariance of a step equals the integral of its differential equation', () => {
  // dQ/dt = A Q + Q A' + S, by many small Runge-Kutta steps: nothing in common with the matrix exponential.
  for (const member of [0, 1]) {
    const n = 4;
    const a = new Float64Array(n * n);
    systemMatrix(energyBalanceOf(model, member), 1, a, n);
    const s = new Float64Array(n * n);
    s[0] = model.climate.sigmaEta[member] ** 2;
    s[n + 1] = (model.climate.sigmaXi[member] / model.climate.heatCapacity[0][member]) ** 2;
    const slope = (q: Float64Array) => {
      const out = Float64Array.from(s);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++)
          for (let k = 0; k < n; k++) out[i * n + j] += a[i * n + k] * q[k * n + j] + q[i * n + k] * a[j * n + k];
      return out;
    };
    let q = new Float64Array(n * n);
    const h = 1 / 2000;
    const plus = (x: Float64Array, y: Float64Array, f: number) => x.map((v, i) => v + f * y[i]);
    for (let step = 0; step < 2000; step++) {
      const k1 = slope(q);
      const k2 = slope(plus(q, k1, h / 2));
      const k3 = slope(plus(q, k2, h / 2));
      const k4 = slope(plus(q, k3, h));
      q = q.map((v, i) => v + (h / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]));
    }
    const exact = noiseCovariance(model, member, 1);
    for (let i = 0; i < n * n; i++) assert.ok(Math.abs(exact[i] - q[i]) < 1e-9, `${i}: ${exact[i]} ${q[i]}`);
  }
});

test('draws have the covariance, and a member draws the same whoever runs beside it', () => {
  const count = 20000;
  const n = 4;
  const draws = drawNoise(model, count, 1, random('noise'));
  const expected = noiseCovariance(model, 1, 1);
  for (const [i, j] of [
    [0, 0],
    [1, 1],
    [0, 1],
    [1, 2],
  ]) {
    let s = 0;
    for (let t = 1; t <= count; t++) s += draws[(t * n + i) * 2 + 1] * draws[(t * n + j) * 2 + 1];
    const scale = Math.sqrt(expected[i * n + i] * expected[j * n + j]);
    assert.ok(Math.abs(s / count - expected[i * n + j]) < 0.04 * scale, `${i},${j}`);
  }
  const alone = drawNoise({ ...model, members: ['b'], climate: mapClimate(v => v.slice(1)) }, 5, 1, random('noise'));
  const together = drawNoise(model, 5, 1, random('noise'));
  for (let t = 0; t <= 5; t++)
    for (let k = 0; k < n; k++) assert.equal(alone[t * n + k], together[(t * n + k) * 2 + 1]);
});

function mapClimate(f: (v: Float64Array) => Float64Array): FairModel['climate'] {
  const c = model.climate;
  return {
    heatCapacity: c.heatCapacity.map(f),
    heatTransfer: c.heatTransfer.map(f),
    deepOceanEfficacy: f(c.deepOceanEfficacy),
    gammaAutocorrelation: f(c.gammaAutocorrelation),
    forcing4co2: f(c.forcing4co2),
    sigmaEta: f(c.sigmaEta),
    sigmaXi: f(c.sigmaXi),
  };
}
