import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { gradientHistograms } from './histogram.ts';
import { Places } from './places.ts';
import type { Tree } from './spec.ts';

test('the compiled kernel and the plain one give the same bytes, for any rows and segments', () => {
  const table = fc.record({
    count: fc.integer({ min: 1, max: 200 }),
    features: fc.integer({ min: 1, max: 7 }),
    bins: fc.integer({ min: 3, max: 256 }),
    seed: fc.integer({ min: 0, max: 1e6 }),
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 }),
  });
  fc.assert(
    fc.property(table, ({ count, features, bins, seed, cuts }) => {
      const binned = Uint8Array.from({ length: count * features }, (_, i) => (i * 7919 + seed) % bins);
      const gradients = Float64Array.from({ length: 2 * count }, (_, i) => ((i * 104729 + seed) % 2 ** 31) - 2 ** 30);
      const order = Int32Array.from({ length: count }, (_, i) => count - 1 - i);
      const ends = [0, ...cuts.map(c => Math.floor(c * count)).sort((a, b) => a - b), count];
      const segments = ends.slice(1).map((to, i) => ({ from: ends[i], to }));
      const rows = { features, bins, channels: 2, binned, gradients };
      const [wasm, twin] = (['wasm', 'twin'] as const).map(k => gradientHistograms(rows, order, segments, k));
      assert.deepEqual(wasm, twin);
      // Each row's pair is in one bin of each feature.
      for (let j = 0; j < features; j++) {
        let sum = 0;
        for (const [slot] of segments.entries())
          for (let b = 0; b < bins; b++) sum += wasm[2 * ((slot * features + j) * bins + b)];
        assert.equal(
          sum,
          gradients.reduce((s, g, i) => (i % 2 === 0 ? s + g : s), 0),
        );
      }
    }),
  );
});

test('rows lie at the tree node that their bins lead to, however the tree grew', () => {
  const binned = Uint8Array.from({ length: 300 }, (_, i) => (i * 31) % 17);
  const inner = (feature: number, bin: number, left: number) => ({ feature, bin, left, right: left + 1 });
  const open = { feature: -1, bin: -1, left: -1, right: -1 };
  const tree: Tree = [inner(0, 8, 1), inner(1, 4, 3), inner(2, 12, 5), open, open, open, open];
  const stepwise = new Places(100);
  stepwise.descend([inner(0, 8, 1), open, open], binned, 3);
  stepwise.descend(tree, binned, 3);
  const atOnce = new Places(100);
  atOnce.descend(tree, binned, 3);
  for (const places of [stepwise, atOnce])
    for (let at = 3; at < 7; at++) {
      const expected = Array.from({ length: 100 }, (_, row) => row).filter(row => {
        let node = 0;
        while (tree[node].left >= 0) {
          const { feature, bin, left, right } = tree[node];
          node = binned[3 * row + feature] <= bin ? left : right;
        }
        return node === at;
      });
      assert.deepEqual(
        [...places.rowsAt(at)].sort((a, b) => a - b),
        expected,
      );
    }
  assert.equal(stepwise.rowsAt(99).length, 0);
});
