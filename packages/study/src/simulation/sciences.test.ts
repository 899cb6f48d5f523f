// The sciences' studies in one process, through secret shares: each keeps what it promises. (Weather is tested beside its kind.)
import assert from 'node:assert/strict';
import * as crypto from 'node:crypto';
import { test } from 'node:test';
import { nodeMask } from '@madang/privacy';
import { scienceKinds, simulateScience } from './sciences.ts';

const run = (kind: string, nodes: number) =>
  simulateScience({
    kind,
    nodes,
    seed: '1',
    secure: true,
    randomBytes: n => new Uint8Array(crypto.randomBytes(n)),
    mask: nodeMask(crypto),
  });

test('the shared ridge of three members is that of one with all rows, to the last bit', async () => {
  const o = await run('shared-ridge', 3);
  assert.ok(o.ok && o.details['identicalToPooled'] === true, JSON.stringify(o));
  assert.deepEqual([o.rounds, o.numbersARound, o.nodes], [3, 16, 3]);
});

test('four operators in a row plan together within the certified gap', async () => {
  const o = await run('border-planning', 4);
  const { cost, bound, certifiedGap, costAlone } = o.details as Record<string, number>;
  assert.ok(o.ok && certifiedGap <= 1e-3 && bound <= cost && cost < costAlone, JSON.stringify(o));
});

test('what is not there is refused', async () => {
  assert.deepEqual(scienceKinds, ['shared-ridge', 'station-weather', 'border-planning']);
  await assert.rejects(run('tides', 3), /no study "tides"/);
  await assert.rejects(run('border-planning', 2), /3 to 60/);
});
