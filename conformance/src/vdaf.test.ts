import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sharedData, without } from '../../scripts/shared-data.ts';
import { tempFolder } from '../../scripts/temp-folder.ts';
import { vdaf } from './vdaf.ts';

const folder = sharedData('vectors/vdaf');

test('the vectors of draft-irtf-cfrg-vdaf pass on both kernels', { skip: without('vectors/vdaf') }, async () => {
  const { passed, failed, unsupported, unreadable } = await vdaf(folder);
  assert.deepEqual({ failed, unsupported, unreadable }, { failed: [], unsupported: [], unreadable: [] });
  assert.ok(passed > 0);
});

test('vectors whose last step should go the other way all fail, and are named', {
  skip: without('vectors/vdaf'),
}, async () => {
  const copy = tempFolder('madang-vdaf-');
  const changed: string[] = [];
  for (const file of readdirSync(folder).filter(f => f.startsWith('Prio3'))) {
    const data = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const last = data.operations.at(-1);
    last.success = !last.success;
    writeFileSync(join(copy, file), JSON.stringify(data));
    changed.push(file);
  }
  writeFileSync(join(copy, 'Prio3Unheard_0.json'), '{}');
  writeFileSync(join(copy, 'broken.json'), '{');
  const { passed, failed, unsupported, unreadable } = await vdaf(copy);
  assert.equal(passed, 0);
  assert.deepEqual([...new Set(failed.map(f => f.split(' ')[0]))], changed.sort());
  assert.deepEqual(unsupported, ['Prio3Unheard_0.json']);
  assert.deepEqual(unreadable, ['broken.json']);
});

test('a changed character anywhere in the vectors is noticed', { skip: without('vectors/vdaf') }, async () => {
  const copy = tempFolder('madang-vdaf-');
  for (const file of readdirSync(folder).filter(f => f.startsWith('Prio3Histogram_'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    // Randomness counts where a file lists the sharding.
    const names = text.includes('"shard"') ? ['rand'] : [];
    for (const name of [...names, 'verify_key', 'ctx', 'nonce', 'public_share', 'input_shares', 'verifier_messages']) {
      const from = text.indexOf('"', text.indexOf(`"${name}"`) + name.length + 2) + 9;
      if (from < 9 || !/^[0-9a-f]$/.test(text[from])) continue;
      writeFileSync(join(copy, file), text.slice(0, from) + (text[from] === '7' ? '8' : '7') + text.slice(from + 1));
      const { passed, failed } = await vdaf(copy);
      assert.ok(passed === 0 && failed.length === 2, `${file}: ${name}`);
    }
    rmSync(join(copy, file));
  }
});
