// The hub as its members use it, on both database engines: admission, receipts, finality, mail, restart, rebuild, a full disk, a second hub.
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  TrustError,
  toHex,
  utf8,
  verifyInclusion,
} from '@madang/trust';
import { sql } from 'kysely';
import { hubApp } from './http/app.ts';
import { type Database, openDatabase } from './store/database.ts';
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

    if (engine === 'server')
      test('a hub that lost its lock to another writes nothing more, also where epochs were counted again', async () => {
        await f.hub.close();
        await f.open({ ...url(), trustDisk: true });
        const { db } = f.hub.database;
        const { size } = f.hub.log;
        const locks = sql<{
          pid: number;
        }>`SELECT pid, pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'`;
        // The server ends the connection a moment after it says so.
        while ((await locks.execute(db)).rows.length > 0) await new Promise(resolve => setTimeout(resolve, 20));
        const folder = mkdtempSync(join(tmpdir(), 'madang-second-'));
        const second = await openDatabase(folder, server!.url, { size, root: toHex(f.hub.log.root) });
        assert.ok(await second.claim!(size + 1, 'ab'.repeat(32)));
        // As after a restored database: the old hub's epoch stands there again.
        await db.updateTable('sequencer').set({ epoch: sql<number>`epoch - 1` }).execute();
        await assert.rejects(f.hub.submit(await f.certifyNode('gamma')), /another hub has taken over this log/);
        assert.equal(f.hub.log.size, size);
        assert.equal(await second.claim!(size + 2, 'cd'.repeat(32)), false);
        await second.close();
        await f.hub.close();
        await f.open({ ...url(), trustDisk: true });
        assert.ok((await f.hub.submit(await f.certifyNode('gamma'))).ok);
        assert.equal(f.hub.log.size, size + 1);
      });

    if (engine === 'server')
      test('a claim that reaches the server late, after its hub gave it up, cannot move what was claimed since', async () => {
        const { db, claim } = f.hub.database;
        const { size } = f.hub.log;
        const first = { size, root: toHex(f.hub.log.root) };
        const next = (n: number) => ({ size: size + n, root: `0${n}`.repeat(32) });
        await unanswered(db, () => claim!(next(1).size, next(1).root));
        // The server still works at it: the next one waits, and goes on from what it left.
        let claimed: Promise<boolean> | undefined;
        await db.transaction().execute(async tx => {
          await tx.updateTable('sequencer').set(next(1)).execute();
          claimed = claim!(next(2).size, next(2).root);
          await new Promise(resolve => setTimeout(resolve, 100));
        });
        assert.ok(await claimed);
        // Back to where the log is.
        await db.updateTable('sequencer').set(first).execute();
        await f.hub.close();
        await f.open({ ...url(), trustDisk: true });
      });

    if (engine === 'server')
      test('a database that fails for a while stops no hub: the sender comes again', async () => {
        const { db, claim } = f.hub.database;
        const { size } = f.hub.log;
        await unanswered(db, () => claim!(size + 1, 'ab'.repeat(32)));
        // As where the server took that claim and its answer was lost.
        await db
          .updateTable('sequencer')
          .set({ size: size + 1, root: 'ab'.repeat(32) })
          .execute();
        const statement = await f.statement('alpha', 'member.invite', {
          candidates: [{ org: 'y', name: 'Y', seat: 'bank', home: 'DE', roles: [], root: 'ab'.repeat(32) }],
        });
        await unanswered(db, () => assert.rejects(f.client().submit(statement), code('busy')), false);
        assert.equal(f.hub.log.size, size);
        assert.equal((await f.client().submit(statement)).index, size);
        assert.equal(f.hub.log.size, size + 1);
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

test('a full disk refuses a statement, loses nothing, and the next one goes through', async () => {
  let full = false;
  const f = new Fixture();
  await f.founded({
    store: inner => ({
      ...inner,
      read: inner.read,
      list: inner.list,
      remove: inner.remove,
      write: async (path, bytes) => {
        if (full) throw new TrustError('disk-full', 'no room');
        await inner.write(path, bytes);
      },
      append: async (path, bytes) => {
        if (full) throw new TrustError('disk-full', 'no room');
        await inner.append!(path, bytes);
      },
    }),
  });
  const { size } = f.hub.log;
  full = true;
  const bytes = await f.certifyNode('gamma');
  await assert.rejects(f.client().submit(bytes), (e: HubError) => e.status === 507);
  assert.equal(f.hub.log.size, size);
  full = false;
  const receipt = await f.client().submit(bytes);
  assert.equal(receipt.index, size);
  await f.hub.close();
  await f.open();
  assert.equal(f.hub.state.size, size + 1);
  await f.hub.close();
});

test('a disk that is full between the entry and its checkpoint: sent again it counts once, and tables and witnesses hear of it', async () => {
  let full = false;
  const f = new Fixture();
  await f.founded({
    store: inner => ({
      ...inner,
      write: async (path, bytes) => {
        if (full && path === 'checkpoint') throw new TrustError('disk-full', 'no room');
        await inner.write(path, bytes);
      },
    }),
  });
  const { size } = f.hub.log;
  full = true;
  const bytes = await f.certifyNode('gamma');
  await assert.rejects(f.client().submit(bytes), (e: HubError) => e.status === 507);
  assert.equal(f.hub.log.published!.size, size);
  full = false;
  const receipt = await f.client().submit(bytes);
  assert.deepEqual([receipt.index, receipt.size], [size, size + 1]);
  await f.hub.settled();
  const rows = await f.hub.database.db.selectFrom('statements').select('id').where('index', '=', size).execute();
  assert.deepEqual(rows, [{ id: receipt.id }]);
  await f.cosign(['alpha', 'beta', 'gamma']);
  assert.equal(f.hub.finality.final?.size, size + 1);
  await f.hub.close();
});

test('log time comes before a batch when the last is old, and never without need', async () => {
  const f = new Fixture();
  await f.founded();
  const { size } = f.hub.log;
  f.clock += 120;
  await f.client().submit(await f.certifyNode('gamma'));
  assert.equal(f.hub.log.size, size + 2);
  assert.equal(openStatement(await f.hub.log.entry(size)).kind, 'log.time');
  assert.equal(f.hub.state.time, f.clock);
  await f.hub.close();
});

test('a burst of statements shares batches and keeps its order', async () => {
  const f = new Fixture();
  await f.founded();
  const { size } = f.hub.log;
  const statements = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      f.statement('alpha', 'member.invite', {
        candidates: [{ org: `m-${i}`, name: 'M', seat: 'bank', home: 'DE', roles: [], root: 'ab'.repeat(32) }],
      }),
    ),
  );
  const receipts = await Promise.all(statements.map(s => f.client().submit(s)));
  assert.deepEqual(
    receipts.map(r => r.index).sort((a, b) => a - b),
    Array.from({ length: 200 }, (_, i) => size + i),
  );
  assert.equal(new Set(receipts.map(r => r.size)).size < 20, true);
  await f.hub.close();
});

/** Runs a claim on a server that does not take it: from outside that is the same as an answer that was lost. */
async function unanswered(db: Database['db'], claim: () => Promise<unknown>, rejects = true): Promise<void> {
  await sql`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'away'; END $$`.execute(
    db,
  );
  await sql`CREATE TRIGGER refuse BEFORE UPDATE ON sequencer EXECUTE FUNCTION refuse()`.execute(db);
  if (rejects) await assert.rejects(claim());
  else await claim();
  await sql`DROP FUNCTION refuse CASCADE`.execute(db);
}
