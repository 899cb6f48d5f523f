import assert from 'node:assert/strict';
import * as nodeCrypto from 'node:crypto';
import { test } from 'node:test';
import { PrivacyError } from '../error.ts';
import type { Ring } from './kernel.ts';
import { nodeMask } from './mask.ts';
import { maskedSum } from './masked-sum.ts';
import type { MaskedSumShape } from './shape.ts';

const mask = nodeMask(nodeCrypto);

test('shapes that are impossible or could wrap are refused', () => {
  const good: MaskedSumShape = { length: 10, ring: 32, clip: 1, scale: 2 ** 20, contributors: 2047 };
  assert.equal(maskedSum(good, mask).byteLength, 40);
  const bad: Partial<MaskedSumShape>[] = [
    { contributors: 2048 },
    { noiseSteps: 2 ** 20 },
    { scale: Number.NaN },
    { clip: 0 },
    { clip: Infinity },
    { length: 0 },
    { length: 2 ** 27 + 1 },
    { aggregators: 1 },
    { aggregators: 6 },
    { chunkBytes: 24 },
    { ring: 16 as Ring },
  ];
  for (const change of bad)
    assert.throws(
      () => maskedSum({ ...good, ...change }, mask),
      (e: unknown) => e instanceof PrivacyError && e.code === 'parameter',
      JSON.stringify(change),
    );
  assert.equal(maskedSum({ ...good, contributors: 1e6, ring: 64 }, mask).byteLength, 80);
});

test('the influence of one node is stated, and that a liar has no bound', () => {
  const { influence } = maskedSum({ length: 100, ring: 32, clip: 0.5, scale: 10, contributors: 3 }, mask);
  assert.equal(influence.honestEach, 0.5);
  assert.equal(influence.honestNorm, 5);
  assert.equal(influence.lying, 'unbounded');
  assert.match(influence.sentence, /at most 0\.5 .*nothing proves/);
});
