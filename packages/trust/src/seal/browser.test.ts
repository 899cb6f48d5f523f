// Sealing and requests as a browser gets them: bundled without anything of Node, speaking with the ones that Node runs.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import * as ours from '../index.ts';

const folder = tempFolder('madang-browser-');
const source = join(import.meta.dirname, '..');

test('a browser opens what Node sealed and verifies what Node signed, and the other way round', async () => {
  const outfile = join(folder, 'trust.mjs');
  // With platform browser, an import of anything of Node fails the build.
  await build({
    entryPoints: [join(source, 'index.ts')],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    outfile,
    logLevel: 'silent',
  });
  const theirs: typeof ours = await import(outfile);
  const [info, aad, plaintext] = ['info', 'aad', 'plain'].map(ours.utf8);
  const key = ours.generateHybridKey();
  const request = { method: 'POST', url: 'https://hub.example/', headers: [], body: plaintext };
  for (const [from, to] of [
    [ours, theirs],
    [theirs, ours],
  ]) {
    const sealKey = to.generateSealKey();
    const sealed = from.seal(sealKey.publicKey, info, aad, plaintext);
    assert.deepEqual(to.open(sealKey.secretKey, info, aad, sealed), plaintext);
    const headers = await from.signRequest(request, from.softwareSigner(key), { nowSeconds: 1 });
    const verdict = await to.verifyRequest({ ...request, headers }, { nowSeconds: 1, keyOf: () => key.publicKey });
    assert.ok(verdict.ok);
  }
});

test('a page that only verifies statements loads nothing of sealing or of requests', async () => {
  const result = await build({
    stdin: { contents: "export { verifyStatement } from './index.ts';", resolveDir: source },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    minify: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const [output] = Object.values(result.metafile.outputs);
  const used = Object.entries(output.inputs).filter(([, input]) => input.bytesInOutput > 0);
  assert.ok(used.length > 5);
  for (const [path] of used) assert.doesNotMatch(path, /ml-kem|weierstrass|noble\/ciphers|http-signature|src\/seal/);
});
