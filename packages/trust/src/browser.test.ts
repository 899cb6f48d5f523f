// The package as a browser gets it: bundled without Node, run in an empty context that has only what browsers have, it verifies what
// Node signed and the other way round.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import type * as Trust from './index.ts';
import * as node from './index.ts';

let bundle = '';
before(async () => {
  const result = await build({
    entryPoints: [join(import.meta.dirname, 'index.ts')],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    globalName: 'trust',
    platform: 'browser',
  });
  bundle = result.outputFiles[0].text;
});

function load(): typeof Trust {
  const context = { TextEncoder, TextDecoder, Uint8Array, crypto: webcrypto, atob, btoa, setTimeout };
  return runInNewContext(`${bundle};trust`, context) as typeof Trust;
}

test('nothing of Node is in the bundle', () => {
  const found = bundle.match(/"node:|\brequire\(|[^.\w]process\.|[^.\w]Buffer\./g) ?? [];
  assert.deepEqual([...found], []);
});

test('both directions verify, and the log and its checkpoint do too', async () => {
  const browser = load();
  const key = node.hybridKeyFromSeed(new Uint8Array(32).fill(1));
  const payload = { kind: 'study.approve', org: 'who', body: { n: 1 } };
  for (const [signing, verifying] of [
    [node, browser],
    [browser, node],
  ]) {
    const bytes = await signing.signStatement(payload, [signing.softwareSigner(key)]);
    const opened = verifying.openStatement(bytes);
    assert.equal(verifying.verifyStatement(opened, () => key.publicKey).ok, true);
    const store = signing.memoryStore();
    const signer = signing.noteKeysFromSeed('demo/log', 'log', new Uint8Array(32).fill(2));
    const log = await signing.openLog({ store, origin: 'demo/log', signer });
    await log.append([bytes, bytes]);
    const { note } = await log.publish();
    const checkpoint = verifying.openCheckpoint(note, verifying.parseNoteVkeys(signer.vkeys, 'log'));
    assert.equal((await verifying.verifyTiles(store, checkpoint)).ok, true);
    const leaf = verifying.leafHash(bytes);
    assert.equal(verifying.verifyInclusion(leaf, 1, 2, await log.inclusion(1), checkpoint.root), true);
  }
});
