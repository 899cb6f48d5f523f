// The merkle and tlog suites pass on the reference vectors, and fail, say "unsupported" or "unreadable" where they must.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  cosignCheckpoint,
  fromUtf8,
  generateNoteKeys,
  mergeSignatures,
  signCheckpoint,
  toBase64,
  utf8,
} from '@madang/trust';
import { sharedData, without } from '../../../scripts/shared-data.ts';
import { tempFolder } from '../../../scripts/temp-folder.ts';
import type { Suite, SuiteResult } from '../suite.ts';
import { merkleSuite } from './merkle.ts';
import { tlogSuite } from './tlog.ts';

async function runOn(suite: Suite, files: Record<string, unknown>): Promise<SuiteResult> {
  const folder = tempFolder('madang-vectors-');
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return await suite(folder);
}
const faults = (r: SuiteResult) => [r.failed.length, r.unsupported.length, r.unreadable.length];

for (const [name, suite] of Object.entries({ merkle: merkleSuite, tlog: tlogSuite })) {
  test(`${name}: the reference vectors pass`, { skip: without(`vectors/${name}`) }, async () => {
    const result = await suite(sharedData(`vectors/${name}`));
    assert.deepEqual(faults(result), [0, 0, 0]);
    assert.ok(result.passed > 15);
  });
}

test('merkle: every case fails when its expectation is turned round', { skip: without('vectors/merkle') }, async () => {
  const cases = JSON.parse(readFileSync(sharedData('vectors/merkle/inclusion.json'), 'utf8')) as { wantErr: boolean }[];
  const turned = cases.map(item => ({ ...item, wantErr: !item.wantErr }));
  assert.deepEqual(faults(await runOn(merkleSuite, { 'any.json': turned })), [cases.length, 0, 0]);
});

test('merkle: unknown and broken files are counted', async () => {
  const result = await runOn(merkleSuite, { 'a.json': '{', 'b.json': [{ wantErr: true, desc: 'x' }, { desc: 'y' }] });
  assert.deepEqual([result.passed, ...faults(result)], [0, 0, 1, 2]);
});

test('tlog: another checkpoint, also with ML-DSA-44 and cosignatures, is checked under any heading', async () => {
  const [log, witness] = [generateNoteKeys('example.com/log', 'log'), generateNoteKeys('w', 'witness')];
  const checkpoint = {
    origin: 'example.com/log',
    size: 12_345_678_901,
    root: new Uint8Array(32).fill(9),
    extensions: [],
  };
  const note = fromUtf8(mergeSignatures(signCheckpoint(checkpoint, log, 7), cosignCheckpoint(checkpoint, witness, 9)));
  const vkeys = [...Object.values(log.vkeys), ...Object.values(witness.vkeys)];
  const item = {
    vkeys,
    note,
    origin: checkpoint.origin,
    size: checkpoint.size,
    root: toBase64(checkpoint.root),
    verifies: true,
  };
  const good = await runOn(tlogSuite, { 'x.json': { mldsa44_checkpoints: [item, { vkey: vkeys[1], note }] } });
  assert.deepEqual([good.passed, ...faults(good)], [2, 0, 0, 0]);
  const bad = [
    { ...item, size: 1 },
    { ...item, origin: 'other' },
    { ...item, verifies: false },
    { ...item, root: toBase64(new Uint8Array(32)) },
    { ...item, note: note.replace('12345678901', '12345678902') },
  ];
  const failing = await runOn(tlogSuite, { 'x.json': { cases: bad } });
  assert.deepEqual([failing.passed, ...faults(failing)], [0, 5, 0, 0]);
  const tampered = await runOn(tlogSuite, { 'x.json': [{ ...bad[4], verifies: false }] });
  assert.deepEqual([tampered.passed, ...faults(tampered)], [1, 0, 0, 0]);
});

test('tlog: other signature types are unsupported, other forms unreadable, wrong geometry fails', async () => {
  const ecdsa = `name+00000000+${toBase64(utf8('\u0002abc'))}`;
  const result = await runOn(tlogSuite, {
    'a.json': { vkeys: [ecdsa], note: 'x\n\n— name AAAAAAAA\n' },
    'b.json': { something: 'else' },
    'c.json': { note: 'x' },
    'd.json': { tree_70000: { level0_full: 274, level9_other: 1 }, paths: [{ n: 1, path: '002' }] },
    'e.json': { cases: [{ origin_utf8_bytes: 256, valid: true }] },
  });
  assert.deepEqual([result.passed, ...faults(result)], [0, 4, 2, 2]);
});
