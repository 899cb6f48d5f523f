// A refusal that a hub signed, checked without the hub: genuine and deserved, undeserved, of another history, changed, and too new for the copy at hand.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { HubError } from '@madang/api';
import { refusalPayload } from '@madang/charter';
import { openStatement, signStatement, softwareSigner, toHex } from '@madang/trust';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { Fixture } from '../../../hub/src/testing/fixture.ts';
import { CommandError } from '../command.ts';
import { makeIo } from '../io.ts';
import { checkRefusal } from './check-refusal.ts';

const folder = tempFolder('madang-refusal-');
const file = (name: string, bytes: Uint8Array | string) => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

async function check(
  refusal: string,
  log: string,
  statement?: string,
): Promise<{ exit: number | undefined; text: string; json: Record<string, unknown> }> {
  try {
    const outcome = await checkRefusal.run([refusal], { log, ...(statement ? { statement } : {}) }, makeIo(true));
    return { exit: outcome!.exit, text: outcome!.text, json: outcome!.json as Record<string, unknown> };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { exit: error.exit, text: error.message, json: {} };
  }
}

test('a hub is held to its refusals', async () => {
  const f = new Fixture();
  await f.founded();
  const early = join(folder, 'early');
  cpSync(join(f.folder, 'log'), early, { recursive: true });
  await f.client().submit(await f.certifyNode('gamma'));
  const log = join(f.folder, 'log');
  const unknown = await f.statement('alpha', 'member.admit', { invitation: 'cd'.repeat(32) });
  const { refusal } = await f
    .client()
    .submit(unknown)
    .then(
      () => assert.fail('admitted'),
      (e: HubError) => e,
    );
  const good = file('good.json', refusal!);
  const statement = file('statement.json', unknown);
  const deserved = await check(good, log, statement);
  assert.deepEqual([deserved.exit, deserved.json['deserved'], deserved.json['code']], [0, true, 'unknown-invitation']);
  assert.match(deserved.text, /The rules refuse it too: unknown-invitation/);
  assert.equal((await check(good, f.folder)).json['deserved'], null);

  // What the rules admit, refused by the log's own key all the same.
  const fine = await f.statement('alpha', 'member.invite', {
    candidates: [{ org: 'x', name: 'X', seat: 'bank', home: 'DE', roles: [], root: 'ab'.repeat(32) }],
  });
  const seen = { size: f.hub.log.size, root: toHex(f.hub.log.root) };
  const said = {
    statement: openStatement(fine).id,
    code: 'too-late',
    reason: 'no',
    at: seen.size,
    time: f.clock,
    seen,
  };
  const unfair = await signStatement(refusalPayload('hub', said), [softwareSigner(f.logKey)]);
  const wrong = await check(file('unfair.json', unfair), log, file('fine.json', fine));
  assert.deepEqual([wrong.exit, wrong.json['deserved']], [1, false]);
  assert.match(wrong.text, /should have been admitted/);

  const elsewhere = await signStatement(refusalPayload('hub', { ...said, seen: { ...seen, root: 'ab'.repeat(32) } }), [
    softwareSigner(f.logKey),
  ]);
  assert.match((await check(file('elsewhere.json', elsewhere), log)).text, /another history/);
  const changed = JSON.parse(readFileSync(good, 'utf8'));
  changed.payload = Buffer.from(
    Buffer.from(changed.payload, 'base64').toString().replace('unknown-inv', 'another-inv'),
  ).toString('base64');
  const spoilt = await check(file('changed.json', JSON.stringify(changed)), log);
  assert.deepEqual([spoilt.exit, /not a genuine refusal: wrong-signature/.test(spoilt.text)], [1, true], spoilt.text);
  const forged = await signStatement(refusalPayload('hub', said), [softwareSigner(f.nodes.get('alpha')!)]);
  assert.match((await check(file('forged.json', forged), log)).text, /unknown-key/);
  assert.equal((await check(statement, log)).exit, 1);
  assert.equal((await check(good, log, file('other.json', fine))).exit, 1);
  assert.equal((await check(good, early)).exit, 3);
  assert.equal((await check(good, folder)).exit, 2);
  assert.equal((await check(join(folder, 'nothing.json'), log)).exit, 2);
  assert.equal((await check(file('junk.json', 'junk'), log)).exit, 1);
  await f.hub.close();
});
