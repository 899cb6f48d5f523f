import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fft, fftPlan, inverseFft } from './fft.ts';
import { random } from './random.ts';

test('equals the sum that defines it, and its inverse gives the input back', () => {
  for (const n of [1, 2, 8, 64]) {
    const r = random(n);
    const re = Float64Array.from({ length: n }, () => r.normal());
    const im = Float64Array.from({ length: n }, () => r.normal());
    const [x, y] = [re.slice(), im.slice()];
    const plan = fftPlan(n);
    fft(plan, x, y);
    for (let k = 0; k < n; k++) {
      let [a, b] = [0, 0];
      for (let j = 0; j < n; j++) {
        const angle = (-2 * Math.PI * j * k) / n;
        a += re[j] * Math.cos(angle) - im[j] * Math.sin(angle);
        b += re[j] * Math.sin(angle) + im[j] * Math.cos(angle);
      }
      assert.ok(Math.abs(a - x[k]) < 1e-12 && Math.abs(b - y[k]) < 1e-12);
    }
    inverseFft(plan, x, y);
    for (let k = 0; k < n; k++) assert.ok(Math.abs(re[k] - x[k]) < 1e-13 && Math.abs(im[k] - y[k]) < 1e-13);
  }
});

test('refuses lengths that are not powers of two', () => {
  assert.throws(() => fftPlan(12), /power of two/);
  assert.throws(() => fft(fftPlan(4), new Float64Array(8), new Float64Array(4)), /length 4/);
});
