import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concat, toHex, utf8 } from '../bytes/bytes.ts';
import { sha256 } from '../crypto/index.ts';
import {
  completeSubtrees,
  consistencyProof,
  consistencyRanges,
  emptyRoot,
  inclusionProof,
  inclusionRanges,
  leafHash,
  rangeRoot,
  rootFromLeaves,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts';

/** MTH exactly as RFC 6962 section 2.1 writes it. */
function mth(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 0) return sha256(new Uint8Array(0));
  if (entries.length === 1) return sha256(concat(Uint8Array.of(0), entries[0]));
  let k = 1;
  while (2 * k < entries.length) k *= 2;
  return sha256(concat(Uint8Array.of(1), mth(entries.slice(0, k)), mth(entries.slice(k))));
}

const entriesOf = (size: number) => Array.from({ length: size }, (_, i) => utf8(`entry ${i}`));

test('the empty tree and the root of one entry without content', () => {
  assert.equal(toHex(emptyRoot()), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.equal(
    toHex(rootFromLeaves([new Uint8Array(0)])),
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  );
});

test('roots are those of the definition', () => {
  for (let size = 0; size <= 70; size++) assert.deepEqual(rootFromLeaves(entriesOf(size)), mth(entriesOf(size)));
});

test('every proof of every small tree verifies, and no other size, index or root does', () => {
  for (let size = 1; size <= 20; size++) {
    const entries = entriesOf(size);
    const root = mth(entries);
    for (let index = 0; index < size; index++) {
      const proof = inclusionProof(index, entries);
      const leaf = leafHash(entries[index]);
      assert.ok(verifyInclusion(leaf, index, size, proof, root));
      assert.ok(!verifyInclusion(leaf, (index + 1) % (size + 1), size, proof, root));
      assert.ok(!verifyInclusion(leafHash(utf8('other')), index, size, proof, root));
      assert.ok(!verifyInclusion(leaf, index, size, [...proof, leaf], root));
      if (proof.length > 0) assert.ok(!verifyInclusion(leaf, index, size, proof.slice(1), root));
    }
    for (let old = 1; old <= size; old++) {
      const proof = consistencyProof(old, entries);
      const oldRoot = mth(entries.slice(0, old));
      assert.ok(verifyConsistency(old, size, proof, oldRoot, root));
      assert.ok(!verifyConsistency(old, size, [...proof, root], oldRoot, root));
      assert.ok(!verifyConsistency(old, size, proof, mth(entries.slice(0, old - 1)), root));
      if (proof.length > 0) assert.ok(!verifyConsistency(old, size, proof.slice(0, -1), oldRoot, root));
      if (old < size) assert.ok(!verifyConsistency(old, size, proof, oldRoot, mth(entries.slice(0, size - 1))));
    }
  }
});

test('a proof with any bit changed does not verify', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(), fc.nat(), (size, which, bit) => {
      const entries = entriesOf(size);
      const flip = (hashes: readonly Uint8Array[]) => {
        const copy = hashes.map(hash => Uint8Array.from(hash));
        copy[bit % copy.length][bit % 32] ^= 1 << (bit % 8);
        return copy;
      };
      const index = which % size;
      const inclusion = inclusionProof(index, entries);
      assert.ok(verifyInclusion(leafHash(entries[index]), index, size, inclusion, mth(entries)));
      assert.ok(!verifyInclusion(leafHash(entries[index]), index, size, flip(inclusion), mth(entries)));
      const old = 1 + (which % (size - 1));
      const consistency = consistencyProof(old, entries);
      assert.ok(verifyConsistency(old, size, consistency, mth(entries.slice(0, old)), mth(entries)));
      assert.ok(!verifyConsistency(old, size, flip(consistency), mth(entries.slice(0, old)), mth(entries)));
    }),
    { numRuns: 60 },
  );
});

test('a fork is not consistent, wherever it begins', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 80 }), fc.nat(40), fc.nat(), (old, more, where) => {
      const entries = entriesOf(old + more);
      const forked = [...entries];
      forked[where % old] = utf8('forged');
      assert.ok(
        !verifyConsistency(old, old + more, consistencyProof(old, forked), mth(entries.slice(0, old)), mth(forked)),
      );
    }),
    { numRuns: 100 },
  );
});

test('ranges split into complete subtrees that give the same roots', async () => {
  const entries = entriesOf(100);
  const nodes = async (level: number, index: number) =>
    mth(entries.slice(index * 2 ** level, (index + 1) * 2 ** level));
  for (const range of [...inclusionRanges(37, 100), ...consistencyRanges(37, 100), { begin: 0, end: 100 }]) {
    assert.deepEqual(await rangeRoot(range, nodes), mth(entries.slice(range.begin, range.end)));
  }
  assert.deepEqual(completeSubtrees({ begin: 0, end: 7 }), [
    { level: 2, index: 0 },
    { level: 1, index: 2 },
    { level: 0, index: 6 },
  ]);
});

test('sizes far beyond 2^32 work, and impossible ones are refused', () => {
  const size = 2 ** 52 + 12345;
  assert.equal(inclusionRanges(2 ** 51 + 7, size).length, 53);
  assert.equal(consistencyRanges(2 ** 50, size).length, 3);
  for (const [index, total] of [
    [5, 5],
    [-1, 5],
    [0.5, 5],
    [0, 2 ** 60],
  ]) {
    assert.throws(() => inclusionRanges(index, total), { code: 'bad-proof' });
    assert.equal(verifyInclusion(emptyRoot(), index, total, [], emptyRoot()), false);
  }
  assert.throws(() => consistencyRanges(6, 5), { code: 'bad-proof' });
  assert.equal(verifyConsistency(0, 5, [], emptyRoot(), emptyRoot()), false);
});
