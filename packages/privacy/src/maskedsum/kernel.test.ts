import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { sumKernel } from './kernel.ts';

test('the compiled kernel and the twin give the same bytes, also across blocks and for extreme values', () => {
  const wasm = sumKernel('wasm');
  const twin = sumKernel('twin');
  const n = 40_003;
  const odd = [Infinity, -Infinity, 0.5, 1.5, -0.5, -2.5, 0, -0, 1e300, 2 ** 31, -(2 ** 31), 2.5];
  const values = Float64Array.from({ length: n }, (_, i) => (i < odd.length ? odd[i] : Math.sin(i) * 3));
  for (const ring of [32, 64] as const) {
    const random = createHash('shake256', { outputLength: (n * ring) / 8 });
    const bytes = new Uint8Array(random.update('mask').digest());
    for (const list of [values, Float32Array.from(values)])
      for (const [clip, scale] of [
        [2, 1000],
        [1e9, 1],
        [0.75, 8],
        [ring === 64 ? 2 ** 40 : 1000, ring === 64 ? 2 ** 22 + 0.3 : 2 ** 20],
      ]) {
        const [a, b] = [wasm, twin].map(k => {
          const out = new Uint8Array(bytes.length);
          const clipped = k.encode(list, bytes, out, ring, clip, scale);
          const total = k.accumulator(ring, bytes.length);
          total.clear(bytes.length);
          total.add(out, 0);
          total.add(bytes.subarray(0, 160), 32);
          const less = bytes.slice();
          k.subtract(less, out, ring);
          return { clipped, out, total: total.take(bytes.length), less };
        });
        assert.ok(a.clipped >= 0);
        assert.deepEqual(a, b);
      }
    for (const k of [wasm, twin])
      assert.equal(
        k.encode(Float64Array.of(1, 2, Number.NaN), bytes.subarray(0, 24), new Uint8Array(24), ring, 5, 1),
        -1,
      );
  }
});
