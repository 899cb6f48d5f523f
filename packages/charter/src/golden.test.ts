// Rules once adopted never change: the golden log of each version gives the same state for ever.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { splitBundle } from '@madang/trust';
import { replay, stateDigest } from './replay.ts';

const GOLDEN: Readonly<Record<string, { entries: number; stateDigest: string }>> = JSON.parse(
  readFileSync(join(import.meta.dirname, '../golden/digests.json'), 'utf8'),
);

for (const [version, expected] of Object.entries(GOLDEN)) {
  test(`rules ${version}: the golden log gives the adopted state`, () => {
    const entries = splitBundle(
      new Uint8Array(readFileSync(join(import.meta.dirname, `../golden/rules-${version}.bundle`))),
    );
    assert.equal(entries.length, expected.entries);
    const result = replay(entries);
    assert.ok(result.ok);
    assert.equal(stateDigest(result.state), expected.stateDigest);
  });
}
