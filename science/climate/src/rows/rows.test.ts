// The WebAssembly kernel against its plain twin, operation by operation, and exp and log against the engine's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import fc from 'fast-check';
import { plainRows, survival } from './plain.ts';
import type { Rows } from './rows.ts';
import { wasmRows } from './wasm.ts';

const simdRows = wasmRows();
const skip = simdRows ? false : 'no WebAssembly SIMD in this engine';

/** Both kernels with the same rows of numbers, drawn between `low` and `high`. */
function pair(members: number, seed: number) {
  const kernels = [plainRows(members), simdRows!(members, 70)] as const;
  const rng = random(seed);
  const draw = (low: number, high: number) => {
    const values = Float64Array.from({ length: members }, () => low + (high - low) * rng.uniform());
    return kernels.map(k => {
      const row = k.row();
      row.set(values);
      return row;
    }) as [Float64Array, Float64Array];
  };
  return { kernels, draw };
}

function same(a: Float64Array, b: Float64Array, relative: number, what: string) {
  for (const [m, v] of a.entries()) {
    if (Number.isNaN(v)) assert.ok(Number.isNaN(b[m]), `${what}: ${b[m]} where there is no number`);
    else
      assert.ok(v === b[m] || Math.abs(v - b[m]) <= relative * Math.max(Math.abs(v), 1e-300), `${what}: ${v} ${b[m]}`);
  }
}

test('exp and log within two units in the last place over their whole range', { skip }, () => {
  const n = 20000;
  const k = simdRows!(n, 8);
  const rng = random('exp');
  const x = k.row();
  const out = k.row();
  for (let m = 0; m < n; m++) x[m] = m % 2 === 0 ? -700 + 1400 * rng.uniform() : rng.normal();
  k.exp(out, x);
  for (let m = 0; m < n; m++) assert.ok(Math.abs(out[m] / Math.exp(x[m]) - 1) < 4.5e-16, `exp(${x[m]})`);
  for (let m = 0; m < n; m++) x[m] = m % 2 === 0 ? 10 ** (-300 + 600 * rng.uniform()) : 0.5 + rng.uniform();
  k.log(out, x);
  for (let m = 0; m < n; m++)
    assert.ok(Math.abs(out[m] - Math.log(x[m])) <= 4.5e-16 * Math.max(1e-3, Math.abs(Math.log(x[m]))), `log(${x[m]})`);
});

test('edges: overflow, underflow, no number, not positive', { skip }, () => {
  for (const k of [plainRows(6), simdRows!(6, 8)]) {
    const x = k.row();
    const out = k.row();
    x.set([1000, -1000, Number.NaN, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    k.exp(out, x);
    assert.deepEqual([...out], [Number.POSITIVE_INFINITY, 0, Number.NaN, 1, Number.POSITIVE_INFINITY, 0]);
    x.set([0, -1, Number.NaN, 1, -0, -5]);
    k.log(out, x);
    assert.deepEqual([...out], [Number.NaN, Number.NaN, Number.NaN, 0, Number.NaN, Number.NaN]);
  }
});

test('every operation agrees, for even and odd ensembles', { skip }, () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 33 }), fc.integer(), (members, seed) => {
      const { kernels, draw } = pair(members, seed);
      const each = (what: string, relative: number, f: (k: Rows, i: 0 | 1) => Float64Array) =>
        same(f(kernels[0], 0), f(kernels[1], 1), relative, what);
      const [a, b, c, d] = [draw(-2, 2), draw(0.5, 3), draw(-1, 1), draw(0.1, 2)];
      const x = draw(200, 900);
      const y = draw(600, 2500);
      const z = draw(260, 400);
      const out = draw(0, 1);
      const done = (f: (k: Rows, i: 0 | 1) => void) => (k: Rows, i: 0 | 1) => {
        f(k, i);
        return out[i];
      };
      each(
        'setLinear',
        1e-15,
        done((k, i) => k.setLinear(out[i], a[i], b[i], c[i])),
      );
      each(
        'addNumber',
        1e-15,
        done((k, i) => k.addNumber(out[i], 0.3)),
      );
      each(
        'add',
        1e-15,
        done((k, i) => k.add(out[i], a[i])),
      );
      each(
        'addScaled',
        1e-13,
        done((k, i) => k.addScaled(out[i], b[i], 1.7)),
      );
      each(
        'addWeighted',
        1e-12,
        done((k, i) => k.addWeighted(out[i], a[i], b[i], c[i])),
      );
      each(
        'setProduct',
        1e-15,
        done((k, i) => k.setProduct(out[i], b[i], d[i])),
      );
      each(
        'addProduct',
        1e-13,
        done((k, i) => k.addProduct(out[i], b[i], d[i])),
      );
      each(
        'setFactor',
        1e-15,
        done((k, i) => k.setFactor(out[i], a[i], c[i], 1.1)),
      );
      each(
        'mulFactor',
        1e-14,
        done((k, i) => k.mulFactor(out[i], a[i], c[i], d[i])),
      );
      each(
        'setProduct again',
        1e-15,
        done((k, i) => k.setProduct(out[i], b[i], d[i])),
      );
      each(
        'aerosolCloud',
        1e-12,
        done((k, i) => k.aerosolCloud(out[i], b[i], a[i])),
      );
      for (const gas of ['co2', 'ch4', 'n2o'] as const)
        each(
          gas,
          1e-11,
          done((k, i) =>
            k.meinshausen(out[i], gas, {
              co2: x[i],
              ch4: y[i],
              n2o: z[i],
              co2Zero: z[i],
              ch4Zero: y[i],
              n2oZero: z[i],
              scale: b[i],
              offset: a[i],
            }),
          ),
        );
      const list = (length: number) => Array.from({ length }, () => draw(-1, 1));
      const [state, next, matrix, vector] = [list(4), list(4), list(16), list(4)];
      for (const r of [0, 3])
        each('propagate', 1e-12, (k, i) => {
          const of = (rows: readonly (readonly [Float64Array, Float64Array])[]) => rows.map(pair => pair[i]);
          if (r === 0) k.propagate(of(state), of(next), of(matrix), of(vector), b[i]);
          return state[r][i];
        });
      const alpha = draw(0.05, 8);
      const life = draw(3, 500);
      const gain = draw(0, 0);
      const airborne = draw(-2, 2);
      // exp may differ in its last places (above), which 1 - exp makes much of: so the decay is compared, and the gain with what its own decay says.
      each('decay', 4.5e-16, (k, i) => {
        k.decay(out[i], gain[i], alpha[i], life[i], d[i], 1);
        return out[i];
      });
      for (const i of [0, 1] as const)
        same(
          out[i].map((decay, m) => d[i][m] * (alpha[i][m] * life[i][m]) * (1 - decay)),
          gain[i],
          1e-15,
          'gain',
        );
      each(
        'box',
        1e-12,
        done((k, i) => k.box(out[i], airborne[i], gain[i], d[i], c[i], 12)),
      );
      const gas = (i: 0 | 1) => ({
        g0: d[i],
        g1: b[i],
        iirf0: b[i],
        iirfUptake: c[i],
        iirfTemperature: a[i],
        iirfAirborne: d[i],
        airborne: b[i],
        cumulative: d[i],
      });
      each(
        'alpha',
        1e-13,
        done((k, i) => k.alpha(out[i], gas(i), c[i], 100)),
      );
    }),
    { numRuns: 60 },
  );
});

test('survival: at or next above the true value for tiny arguments, exp for others', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 9e-7, noNaN: true }), x => {
      const lost = 1 - survival(x);
      const truth = -Math.expm1(-x);
      assert.ok(lost <= truth && truth - lost < 1.12e-16, `${x}: ${lost} ${truth}`);
    }),
  );
  assert.equal(survival(0.5), Math.exp(-0.5));
});
