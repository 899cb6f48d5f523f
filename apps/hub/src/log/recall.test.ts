// A hub that starts on a folder from a backup: it signs nothing before its members have spoken, takes what it lost from them, and stops for good when
// it is shown another history under its own signature.
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { HubError } from '@madang/api';
import { openCheckpoint, toHex } from '@madang/trust';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { Fixture } from '../testing/fixture.ts';

const code = (expected: string) => (error: unknown) => error instanceof HubError && error.code === expected;
const ALL = ['alpha', 'beta', 'gamma', 'delta'];

/** A founded log, final at `kept` entries in the backup; then `lost` more, final too. The fixture's hub stands on the backup, not opened yet. */
async function restoredFromBackup() {
  const f = new Fixture();
  await f.founded();
  await f.cosign(ALL);
  const early = f.hub.log.checkpoint();
  await f.hub.close();
  const backup = tempFolder('madang-backup-');
  cpSync(f.folder, backup, { recursive: true });

  await f.open({ trustDisk: true });
  const kept = f.hub.log.size;
  for (const org of ['gamma', 'delta']) await f.client().submit(await f.certifyNode(org));
  await f.cosign(ALL);
  const final = f.hub.finality.final!.note;
  const { size } = f.hub.log;
  const entries = await Promise.all(Array.from({ length: size - kept }, (_, i) => f.hub.log.entry(kept + i)));
  const proofFrom = await f.hub.log.consistency(kept + 1, size);
  const root = toHex(f.hub.log.root);
  await f.hub.close();
  Object.assign(f, { folder: backup });
  return { f, early, kept, size, entries, proofFrom, final, root };
}

test('a start without a loss waits for two of four members and then goes on', async t => {
  const f = new Fixture();
  await f.founded();
  await f.cosign(ALL);
  const note = f.hub.log.checkpoint();
  await f.hub.close();
  // The hub's own second hand: it would sign the time now.
  t.mock.timers.enable({ apis: ['setInterval'] });
  await f.open();
  const bytes = await f.certifyNode('gamma');
  await assert.rejects(f.client().submit(bytes), code('log-waits'));
  assert.match((await f.client().status()).waits ?? '', /2 members must say .*, 0 have/);
  f.clock += 120;
  const tick = f.hub.log.size;
  const secondHand = async () => {
    t.mock.timers.tick(1000);
    await setImmediate();
    await f.hub.settled();
  };
  await secondHand();
  assert.equal(f.hub.log.size, tick, 'not even the time is signed');
  assert.equal(await f.hub.hear('alpha', f.restated('alpha', note), {}), undefined);
  // The same member twice, a stranger, and a word from before the start do not count.
  await f.hub.hear('alpha', f.restated('alpha', note), {});
  await f.hub.hear('nobody', f.restated('alpha', note), {});
  f.clock -= 1000;
  const old = f.restated('beta', note);
  f.clock += 1000;
  await f.hub.hear('beta', old, {});
  assert.ok(f.hub.recall.holding);
  // Who cosigns what was published last stands there.
  await f.cosign(['beta'], note);
  assert.ok(!f.hub.recall.holding);
  assert.equal((await f.client().status()).waits, undefined);
  await f.client().submit(bytes);
  const size = f.hub.log.size;
  f.clock += 120;
  while (f.hub.log.size === size) await secondHand();
  await f.hub.close();
});

test('a member with a longer log gives it back, over the same interface as every node', async () => {
  const { f, early, kept, size, entries, proofFrom, final, root } = await restoredFromBackup();
  await f.open();
  assert.equal(f.hub.log.size, kept);
  const { joinBundle, toBase64 } = await import('@madang/trust');
  const word = (org: string, note: Uint8Array) => ({
    org,
    checkpoint: f.text(f.restated(org, note)),
    final: f.text(final),
  });
  const news = await f.client('delta').events({ final: 0, mail: 0, witness: size }, true);
  assert.ok(news.recall, 'also a member whose key is in the lost part is asked');
  assert.deepEqual(await f.client().recall(word('delta', final)), { size: kept, send: true });
  assert.equal((await f.client().recall(word('alpha', final))).send, false, 'one sends at a time');
  assert.equal(f.hub.recall.refusal?.code, 'log-behind');
  // Even if enough members stand where the backup ends.
  for (const org of ['alpha', 'beta', 'gamma']) await f.hub.hear(org, f.restated(org, early), {});
  assert.ok(f.hub.recall.holding);

  const piece = (list: readonly Uint8Array[], proof: readonly Uint8Array[]) => ({
    start: kept,
    bundle: toBase64(joinBundle(list)),
    proof: proof.map(toBase64),
  });
  const swapped = { ...word('delta', final), piece: piece([entries[1], entries[0]], []) };
  await assert.rejects(f.client().recall(swapped), code('bad-proof'));
  const unproven = { ...word('delta', final), piece: piece([entries[0]], []) };
  await assert.rejects(f.client().recall(unproven), code('bad-proof'));
  assert.equal(f.hub.log.size, kept);

  assert.equal(
    (await f.client().recall({ ...word('delta', final), piece: piece([entries[0]], proofFrom) })).size,
    kept + 1,
  );
  // Dies in between: what was taken is proven and kept, and still nothing is signed.
  await f.hub.close();
  await f.open();
  assert.equal(f.hub.log.size, kept + 1);
  assert.equal(openCheckpoint(f.hub.log.checkpoint(), f.logNotes.verifiers).size, kept);
  const rest = { start: kept + 1, bundle: toBase64(joinBundle(entries.slice(1))), proof: [] };
  assert.equal((await f.client().recall({ ...word('delta', final), piece: rest })).size, size);
  assert.ok(f.hub.recall.holding, 'everybody is asked again');
  await f.client().recall(word('delta', final));
  await f.client().recall(word('beta', final));
  assert.ok(!f.hub.recall.holding);
  assert.equal(toHex(f.hub.log.root), root);
  assert.equal(f.hub.finality.final?.size, size);
  assert.ok(f.hub.restored);
  const invitation = {
    candidates: [{ org: 'x', name: 'X', seat: 'bank', home: 'DE', roles: [], root: 'ab'.repeat(32) }],
  };
  await f.client().submit(await f.statement('alpha', 'member.invite', invitation));
  await f.hub.settled();
  const rows = await f.hub.database.db.selectFrom('statements').select('index').execute();
  assert.equal(rows.length, f.hub.log.size);
  await f.hub.close();
  await f.open({ trustDisk: true });
  assert.equal(f.hub.finality.final?.size, size);
  await f.hub.close();
});

test('a log that went on from the backup has signed two histories: it is told so and signs no more', async () => {
  const { f, size, final } = await restoredFromBackup();
  await f.open({ trustDisk: true });
  while (f.hub.log.size < size + 1)
    await f.client().submit(
      await f.statement('alpha', 'member.invite', {
        candidates: [
          { org: `x${f.hub.log.size}`, name: 'X', seat: 'bank', home: 'DE', roles: [], root: 'ab'.repeat(32) },
        ],
      }),
    );
  const news = await f.client().events({ final: 0, mail: 0, witness: size + 5 }, false);
  assert.ok(news.recall, 'a witness that claims more than there is is asked at any time');
  const refusal = await f.hub.hear('delta', f.restated('delta', final), {});
  assert.equal(refusal?.code, 'log-forked');
  await assert.rejects(f.client().submit(await f.certifyNode('gamma')), code('log-forked'));
  assert.match((await f.client().status()).waits ?? '', /signed two histories/);
  await f.hub.close();
});

test('what another log signed, or nobody, is no word about this one', async () => {
  const f = new Fixture();
  await f.founded();
  await f.hub.close();
  await f.open();
  const other = new Fixture();
  await other.founded();
  await assert.rejects(
    f.client().recall({ org: 'alpha', checkpoint: f.text(other.hub.log.checkpoint()) }),
    code('bad-signature'),
  );
  await assert.rejects(f.client().recall({ org: 'alpha', checkpoint: 'nothing' }), (e: HubError) =>
    e.code.startsWith('bad-'),
  );
  assert.ok(f.hub.recall.holding);
  await other.hub.close();
  await f.hub.close();
});

test('mail numbers never go below what a member has read, though the table came from a backup', async () => {
  const f = new Fixture();
  await f.founded();
  for (const n of [1, 2, 3]) await f.client('alpha').sendMail('beta', `t/${n}`, f.bytes('m'));
  const { mail } = await f.client('beta').events({ final: 0, mail: 0 }, true);
  const read = mail.at(-1)!.seq + 7; // as if seven more had come before the loss
  const asked = new Promise<void>(resolve => {
    const { wait } = f.hub;
    Object.assign(f.hub, {
      wait: (...args: Parameters<typeof wait>) => {
        resolve();
        return wait(...args);
      },
    });
  });
  const waiting = f.client('beta').events({ final: 99, mail: read }, true);
  await asked;
  await f.client('alpha').sendMail('beta', 't/again', f.bytes('m'));
  const news = await waiting;
  assert.deepEqual(
    news.mail.map(m => m.topic),
    ['t/again'],
  );
  assert.ok(news.mail[0].seq > read);
  await f.hub.close();
});
