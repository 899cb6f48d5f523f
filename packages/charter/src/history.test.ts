// Roots and proofs of the replayed past against the tree that trust makes of the same entries.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rootFromLeaves, toHex, utf8, verifyConsistency } from '@madang/trust';
import { History } from './history.ts';

const entries = Array.from({ length: 70 }, (_, i) => utf8(`entry ${i}`));

test('the root with more entries is known before they are taken', () => {
  const past = new History();
  for (let size = 0; size < entries.length; size++) {
    for (const more of [0, 1, 2, 3, entries.length - size]) {
      const expected = rootFromLeaves(entries.slice(0, size + more));
      assert.equal(toHex(past.rootWith(entries.slice(size, size + more))), toHex(expected), `${size} and ${more}`);
    }
    past.append(entries[size], 0);
    assert.equal(past.size, size + 1);
  }
});

test('its proofs of consistency verify between any two sizes', async () => {
  const past = new History();
  for (const e of entries) past.append(e, 0);
  for (let old = 1; old <= entries.length; old += 3)
    for (let size = old; size <= entries.length; size += 5) {
      const roots = [old, size].map(n => rootFromLeaves(entries.slice(0, n)));
      assert.ok(
        verifyConsistency(old, size, await past.consistency(old, size), roots[0], roots[1]),
        `${old} in ${size}`,
      );
      if (size > old) assert.ok(!verifyConsistency(old, size, await past.consistency(old, size), roots[1], roots[1]));
    }
});
