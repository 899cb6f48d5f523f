// The right to write the log, where the database is a server that others reach too: a second hub, answers that come late or not at all.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { HubError } from '@madang/api';
import { toHex } from '@madang/trust';
import { sql } from 'kysely';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { Fixture } from '../testing/fixture.ts';
import { type Postgres, postgresPrograms, startPostgres } from '../testing/postgres.ts';
import { type Database, openDatabase } from './database.ts';

const programs = postgresPrograms();
const skip = programs ? false : 'PostgreSQL is not installed (Debian package postgresql)';

describe('claims on a PostgreSQL server', { skip }, () => {
  let server: Postgres;
  let f: Fixture;
  before(async () => {
    server = await startPostgres(programs!);
    f = new Fixture();
    await f.founded({ databaseUrl: server.url });
  });
  after(async () => {
    await f.hub.close();
    await server.stop();
  });

  test('a hub that lost its lock to another writes nothing more, also where epochs were counted again', async () => {
    await f.hub.close();
    await f.open({ databaseUrl: server.url, trustDisk: true });
    const { db } = f.hub.database;
    const { size } = f.hub.log;
    const locks = sql<{
      pid: number;
    }>`SELECT pid, pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'`;
    // The server ends the connection a moment after it says so.
    while ((await locks.execute(db)).rows.length > 0) await new Promise(resolve => setTimeout(resolve, 20));
    const folder = tempFolder('madang-second-');
    const second = await openDatabase(folder, server.url, { size, root: toHex(f.hub.log.root) });
    assert.ok(await second.claim!(size + 1, 'ab'.repeat(32)));
    // As after a restored database: the old hub's epoch stands there again.
    await db.updateTable('sequencer').set({ epoch: sql<number>`epoch - 1` }).execute();
    await assert.rejects(f.hub.submit(await f.certifyNode('gamma')), /another hub has taken over this log/);
    assert.equal(f.hub.log.size, size);
    assert.equal(await second.claim!(size + 2, 'cd'.repeat(32)), false);
    await second.close();
    await f.hub.close();
    await f.open({ databaseUrl: server.url, trustDisk: true });
    assert.ok((await f.hub.submit(await f.certifyNode('gamma'))).ok);
    assert.equal(f.hub.log.size, size + 1);
  });

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
    await f.open({ databaseUrl: server.url, trustDisk: true });
  });

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
    await unanswered(db, () => assert.rejects(f.client().submit(statement), (e: HubError) => e.code === 'busy'), false);
    assert.equal(f.hub.log.size, size);
    assert.equal((await f.client().submit(statement)).index, size);
    assert.equal(f.hub.log.size, size + 1);
  });
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
