// The hub as its members use it, on both database engines: admission, receipts, finality, mail, restart, rebuild, a second hub.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HubError } from '@madang/api';
import { isRefusal, readRefusal } from '@madang/charter';
import {
  fromBase64,
  generateHybridKey,
  leafHash,
  openCheckpoint,
  openStatement,
  sha256,
  signStatement,
  softwareSigner,
  toHex,
  utf8,
  verifyInclusion,
} from '@madang/trust';
import { hubApp } from './http/app.ts';
import { Fixture } from './testing/fixture.ts';
import { type Postgres, postgresPrograms, startPostgres } from './testing/postgres.ts';

const programs = postgresPrograms();
const code = (expected: string) => (error: unknown) => error instanceof HubError && error.code === expected;

for (const engine of ['embedded', 'server'] as const) {
  const skip = engine === 'server' && !programs ? 'PostgreSQL is not installed (Debian package postgresql)' : false;
  describe(`hub on ${engine === 'embedded' ? 'the embedded engine' : 'a PostgreSQL server'}`, { skip }, () => {
    let server: Postgres | undefined;
    let f: Fixture;
    const url = () => (server ? { databaseUrl: server.url } : {});
    before(async () => {
      if (engine === 'server') server = await startPostgres(programs!);
      f = new Fixture();
      await f.founded(url());
    });
    after(async () => {
      await f.hub.close();
      await server?.stop();
    });

    test('a receipt is an index under a signed checkpoint that holds the entry', async () => {
      const bytes = await f.statement('alpha', 'member.invite', {
        candidates: [{ org: 'x', name: 'X', seat: 'bank', home: 'DE', roles: [], root: 'ab'.repeat(32) }],
      });
      const receipt = await f.client().submit(bytes);
      assert.equal(receipt.id, openStatement(bytes).id);
      const checkpoint = openCheckpoint(utf8(receipt.checkpoint), f.logNotes.verifiers);
      const answer = JSON.parse(f.text((await f.client().read(`entry/${receipt.index}`))!));
      const proof = answer.proof.map(fromBase64);
      assert.ok(verifyInclusion(leafHash(utf8(answer.entry)), receipt.index, checkpoint.size, proof, checkpoint.root));
      const again = await f.client().submit(bytes);
      assert.equal(again.index, receipt.index);
      assert.equal(again.size, receipt.size);
    });

    test('what the rules refuse is not in the log', async () => {
      const { size } = f.hub.log;
      await assert.rejects(
        f.client().submit(await f.statement('alpha', 'member.admit', { invitation: 'cd'.repeat(32) })),
        code('unknown-invitation'),
      );
      await assert.rejects(f.client().submit(utf8('{"payload":1}')), code('bad-shape'));
      await assert.rejects(f.client().submit(utf8('not json')), code('bad-json'));
      await assert.rejects(f.client().submit(new Uint8Array(70_000)), code('oversize'));
      const bytes = await f.statement('alpha', 'member.leave', {});
      const spoilt = JSON.parse(f.text(bytes));
      spoilt.signatures.pop();
      await assert.rejects(f.client().submit(utf8(JSON.stringify(spoilt))), code('one-signature-missing'));
      assert.equal(f.hub.log.size, size);
    });

    test('a refusal is signed by the log, once for the same act, and anyone with the log can check it', async () => {
      const bytes = await f.statement('alpha', 'member.admit', { invitation: 'cd'.repeat(32) });
      const refused = async (statement: Uint8Array) =>
        f
          .client()
          .submit(statement)
          .then(
            () => assert.fail('admitted'),
            (e: HubError) => e,
          );
      const error = await refused(bytes);
      const refusal = readRefusal(utf8(error.refusal!), f.hub.state);
      assert.ok(!isRefusal(refusal));
      const { statement, code: why, reason, at, time, seen } = refusal;
      assert.deepEqual(
        { statement, why, reason, at, time, seen },
        {
          statement: openStatement(bytes).id,
          why: 'unknown-invitation',
          reason: error.message,
          at: f.hub.log.size,
          time: f.clock,
          seen: { size: f.hub.log.size, root: toHex(f.hub.log.root) },
        },
      );
      assert.equal((await refused(bytes)).refusal, error.refusal);
      const other = new Fixture();
      await other.founded();
      assert.equal((readRefusal(utf8(error.refusal!), other.hub.state) as { code: string }).code, 'unknown-key');
      await other.hub.close();
      await assert.rejects(f.client().submit(utf8(error.refusal!)), code('unknown-kind'));
      // Bytes without an id cannot be named, so nothing is signed; a flood by strangers buys ten signatures a second.
      assert.equal((await refused(utf8('not json'))).refusal, undefined);
      const stranger = generateHybridKey();
      const flood = await Promise.all(
        Array.from({ length: 30 }, (_, i) =>
          signStatement({ kind: 'member.leave', org: `x${i}`, body: {} }, [softwareSigner(stranger)]),
        ),
      );
      const answers = await Promise.all(flood.map(refused));
      assert.ok(answers.every(a => a.code === 'unknown-key'));
      assert.equal(answers.filter(a => a.refusal !== undefined).length, 10);
      assert.ok((await refused(await f.statement('alpha', 'member.admit', { invitation: 'ce'.repeat(32) }))).refusal);
      f.clock += 1;
    });

    test('a quorum of witnesses of both seat classes makes a checkpoint final', async () => {
      await f.cosign(['alpha', 'beta']);
      assert.equal(f.hub.finality.final, undefined);
      const bad = await f.hub.cosign('gamma', f.hub.log.published!.size, '— gamma/replay-witness AAAA\n');
      assert.equal(bad?.code, 'bad-cosignature');
      await f.cosign(['gamma']);
      const final = f.hub.finality.final!;
      assert.equal(final.size, f.hub.log.published!.size);
      const news = await f.client().events({ final: 0, mail: 0 }, false);
      assert.equal(news.final, f.text(final.note));
    });

    test('mail reaches its member alone, and only signed requests move it', async () => {
      const letter = utf8('sealed');
      await f.client('alpha').sendMail('beta', 'share/x/1', letter);
      await f.client('alpha').sendMail('beta', 'share/x/1', letter);
      const { mail } = await f.client('beta').events({ final: 0, mail: 0 }, true);
      assert.equal(mail.length, 1);
      assert.equal(mail[0].sender, 'alpha');
      assert.deepEqual(await f.client('beta').mail(mail[0].seq), letter);
      assert.equal(await f.client('alpha').mail(mail[0].seq), undefined);
      await assert.rejects(f.client('gamma').sendMail('beta', 'x', letter), code('unauthenticated'));
      const app = hubApp(f.hub);
      const bare = await app.request('http://hub.test/v1/mail?to=beta&topic=x', { method: 'POST', body: 'x' });
      assert.equal(bare.status, 401);
      assert.equal(bare.headers.get('content-type'), 'application/problem+json');
    });

    test('blobs are named by what they hold and have a limit', async () => {
      const bytes = utf8('a result');
      const digest = await f.client('alpha').putBlob(bytes);
      assert.equal(digest, toHex(sha256(bytes)));
      assert.deepEqual(await f.client().blob(digest), bytes);
      assert.equal(await f.client().blob('00'.repeat(32)), undefined);
      await assert.rejects(f.client('alpha').putBlob(new Uint8Array(9 * 1024 * 1024)), code('oversize'));
    });

    test('tables show what the log says, and a rebuild makes the same ones', async () => {
      const read = async () => ({
        statements: await f.hub.database.db.selectFrom('statements').selectAll().orderBy('index').execute(),
        members: await f.hub.database.db.selectFrom('members').selectAll().orderBy('org').execute(),
      });
      f.clock += 120;
      await f.client().submit(await f.certifyNode('delta'));
      await f.hub.settled();
      const before = await read();
      assert.equal(before.statements.length, f.hub.log.size);
      await f.hub.close();
      await f.open(url());
      assert.deepEqual(await read(), before);
      assert.equal(before.members.length, 4);
      await f.hub.database.db.deleteFrom('statements').where('index', '=', 1).execute();
      await f.hub.close();
      await f.open({ ...url(), rebuild: true });
      assert.deepEqual(await read(), before);
    });

    test('the OpenAPI document lists routes and statement kinds', async () => {
      const document = JSON.parse(f.text((await f.client().read('openapi.json'))!));
      assert.equal(document.openapi, '3.1.0');
      assert.ok(document.paths['/v1/statements'].post);
      assert.ok(document['x-statements']['study.approve'].refusals['already-approved']);
    });
  });
}

test('a second hub on the folder is refused by name', async () => {
  const f = new Fixture();
  await f.founded();
  const other = new Fixture();
  Object.assign(other, { folder: f.folder });
  await assert.rejects(other.open(), /another process works in/);
  await f.hub.close();
});
