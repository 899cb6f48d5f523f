// The cryptographic suites must pass on the reference vectors under any file name, and must notice what is wrong with a file.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sharedData, without } from '../../../scripts/shared-data.ts';
import { tempFolder } from '../../../scripts/temp-folder.ts';
import type { Suite, SuiteResult } from '../suite.ts';
import { acvp } from './acvp.ts';
import { hpke } from './hpke.ts';
import { httpSignatures } from './http-signatures.ts';
import { wycheproof } from './wycheproof.ts';
import { xwing } from './xwing.ts';

const suites: Readonly<Record<string, Suite>> = {
  acvp,
  hpke,
  'http-signatures': httpSignatures,
  wycheproof,
  xwing,
};
const skip = without('vectors');

/** A folder with the given texts as files whose names say nothing. */
function folderOf(...texts: readonly string[]): string {
  const folder = tempFolder('madang-vectors-');
  texts.forEach((text, i) => {
    writeFileSync(join(folder, `file-${i}.json`), text);
  });
  return folder;
}

const counts = (r: SuiteResult) => [r.passed > 0, r.failed.length, r.unsupported.length, r.unreadable.length];
const filesOf = (name: string) =>
  readdirSync(sharedData(`vectors/${name}`)).map(file => readFileSync(sharedData(`vectors/${name}/${file}`), 'utf8'));

for (const [name, suite] of Object.entries(suites)) {
  test(`${name}: a broken, empty or strange file is unreadable`, async () => {
    for (const text of ['', '{', '[{"a":', 'null', '3', '{}', '[]', '{"testGroups":[]}', '[{"nothing":1}]']) {
      const result = await suite(folderOf(text));
      assert.equal(result.passed + result.failed.length + result.unsupported.length, 0, text);
      assert.ok(result.unreadable.length > 0, text);
    }
    assert.ok((await suite(folderOf())).unreadable.length > 0, 'no file at all');
  });

  test(`${name}: the reference vectors pass whatever the files are called`, { skip }, async () => {
    const result = await suite(folderOf(...filesOf(name)));
    assert.deepEqual(counts(result), [true, 0, 0, 0], JSON.stringify(result).slice(0, 2000));
  });
}

// What an answer is called in each set.
const answers: Readonly<Record<string, RegExp>> = {
  acvp: /^(dk|pk|k|signature)$/,
  hpke: /^(enc|ct|exported_value|encryptions_accumulated)$/,
  'http-signatures': /^(signatureBase|deterministic_signature_base64)$/,
  wycheproof: /^(ct|okm|shared|K|sig)$/,
  xwing: /^ss$/,
};

/** The same JSON with the first digit or letter of every answer changed. */
function spoiled(text: string, field: RegExp): string {
  return JSON.stringify(
    JSON.parse(text, (name, value) =>
      typeof value === 'string' && field.test(name)
        ? value.replace(/[0-9a-zA-Z]/, c => (c === '1' ? '2' : '1'))
        : value,
    ),
  );
}

for (const [name, suite] of Object.entries(suites)) {
  test(`${name}: one changed digit in each answer is a failure in each good case`, { skip }, async () => {
    for (const text of filesOf(name)) {
      const after = await suite(folderOf(spoiled(text, answers[name])));
      // Cases that must be refused stay refused: some files have mostly those.
      const all = after.passed + after.failed.length;
      assert.ok(after.failed.length >= 0.15 * all, `${text.slice(0, 60)}: ${after.failed.length} of ${all} failed`);
    }
  });
}

test('what is not implemented is unsupported, by name', async () => {
  const group = (file: object, tests: object) =>
    folderOf(JSON.stringify({ ...file, testGroups: [{ ...tests, tests: [{ tcId: 1, result: 'valid' }] }] }));
  const unsupported = async (suite: Suite, folder: string) => counts(await suite(folder));
  const one = [false, 0, 1, 0];
  assert.deepEqual(await unsupported(wycheproof, group({ algorithm: 'DSA' }, { type: 'DsaVerify' })), one);
  assert.deepEqual(
    await unsupported(wycheproof, group({ algorithm: 'AES-GCM-SIV' }, { type: 'AeadTest', tagSize: 128 })),
    one,
  );
  assert.deepEqual(await unsupported(acvp, group({ algorithm: 'SLH-DSA', mode: 'keyGen' }, {})), one);
  const suite = { mode: 0, kem_id: 1, kdf_id: 1, aead_id: 1, info: '' };
  assert.deepEqual(await unsupported(hpke, folderOf(JSON.stringify([suite]))), one);
  assert.deepEqual(await unsupported(hpke, folderOf(JSON.stringify([{ ...suite, kem_id: 32, mode: 2 }]))), one);
});
