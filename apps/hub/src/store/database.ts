// One SQL dialect, two engines: PostgreSQL in the process (PGlite) by default, a PostgreSQL server by URL. Kysely's dialect is the only seam.
// Tables are projections of the log, but for mail and the list of blobs, which are transport. Nothing here decides anything.
import { Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { openEmbedded } from './embedded.ts';
import { migrations } from './migrations.ts';

export interface Tables {
  position: { name: string; size: number; root: string };
  statements: { index: number; id: string; kind: string; org: string; time: number };
  members: { org: string; name: string; seat: string; home: string; joined: number; left: number | null };
  studies: { id: string; org: string; kind: string; title: string; stage: string; proposed: number };
  forecasts: {
    index: number;
    org: string;
    opening: string;
    round: number;
    target: string;
    as_of: string;
    csv: string;
    rows: number;
  };
  results: { index: number; opening: string; round: number; digest: string; contributors: number };
  jobs: {
    id: string;
    backend: string;
    org: string;
    program: string;
    stage: string;
    requested: number;
    started: number | null;
    ended: number | null;
    milliseconds: number | null;
    units: number | null;
    result: string | null;
  };
  mail: {
    seq: number;
    recipient: string;
    sender: string;
    topic: string;
    digest: string;
    size: number;
    received: number;
  };
  sequencer: { name: string; epoch: number; size: number; root: string };
}

export interface Database {
  readonly db: Kysely<Tables>;
  readonly engine: 'pglite' | 'postgresql';
  /**
   * Claims the right to bring the log to a size and root (hexadecimal). False when another hub has taken over: compare-and-set of the epoch, which each
   * start raises, and of what this hub claimed last, so that a paused old hub cannot write, not even where a restored database counts epochs again. Only
   * a server can be shared; the embedded engine is guarded by the lock on its folder. Rejects when the server does not answer: then nothing is known, and
   * the next claim may follow the one that got no answer or the one before.
   */
  readonly claim?: (size: number, root: string) => Promise<boolean>;
  close(): Promise<void>;
}

/** What the log is when a hub starts. */
interface Position {
  readonly size: number;
  readonly root: string;
}

/** `url`: a PostgreSQL server; without it an embedded engine in `folder`. Migrates to the newest schema and takes the log over where it stands. */
export async function openDatabase(folder: string, url: string | undefined, at: Position): Promise<Database> {
  const opened = url ? await openServer(url) : await openFolder(folder);
  const { error } = await new Migrator({
    db: opened.db,
    provider: { getMigrations: async () => migrations },
  }).migrateToLatest();
  if (error) {
    await opened.close();
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`the database could not be brought to the present schema: ${why.slice(0, 500)}`);
  }
  return opened.engine === 'postgresql' ? { ...opened, claim: await claims(opened.db, at) } : opened;
}

type Opened = Omit<Database, 'claim'>;

async function claims(db: Kysely<Tables>, at: Position): Promise<NonNullable<Database['claim']>> {
  const { epoch } = await db
    .insertInto('sequencer')
    .values({ name: 'log', epoch: 1, ...at })
    .onConflict(c => c.column('name').doUpdateSet({ epoch: sql<number>`sequencer.epoch + 1`, ...at }))
    .returning('epoch')
    .executeTakeFirstOrThrow();
  /** What this hub claimed last, as far as the server said. */
  let last = at;
  /** A claim after it that got no answer: the row may stand there. */
  let doubtful: Position | undefined;
  return async (size, root) => {
    const next = { size, root };
    // Read and moved in one piece: a claim that got no answer holds the row until the server has ended it, one way or the other.
    const from = doubtful ? [last, doubtful] : [last];
    const moved = await db.transaction().execute(async tx => {
      const { rows } = await sql<
        Position & { epoch: number }
      >`SELECT epoch, size, root FROM sequencer WHERE name = 'log' FOR UPDATE`.execute(tx);
      const row = rows[0] && { size: Number(rows[0].size), root: rows[0].root };
      const known = row && from.find(p => p.size === row.size && p.root === row.root);
      if (!known || Number(rows[0].epoch) !== Number(epoch)) return false;
      last = known;
      doubtful = next;
      await tx.updateTable('sequencer').set(next).where('name', '=', 'log').execute();
      return true;
    });
    if (!moved) return false;
    last = next;
    doubtful = undefined;
    return true;
  };
}

async function openFolder(folder: string): Promise<Opened> {
  const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite: await openEmbedded(folder) }) });
  return { db, engine: 'pglite', close: () => db.destroy() };
}

async function openServer(url: string): Promise<Opened> {
  const { default: pg } = await import('pg');
  // A claim whose hub is gone in the middle must not hold the row for the next one.
  const pool = new pg.Pool({
    connectionString: url,
    max: 4,
    lock_timeout: 20_000,
    idle_in_transaction_session_timeout: 10_000,
  });
  // A broken connection must not end the process, be it idle or between two steps of a transaction; the next query opens another.
  pool.on('error', () => undefined);
  pool.on('connect', client => client.on('error', () => undefined));
  // When this connection breaks the lock is gone; what each claim compares still keeps a second hub from writing beside this one.
  const guard = await pool.connect();
  const taken = await guard.query('SELECT pg_try_advisory_lock(7221001) AS ok');
  if (!taken.rows[0].ok) {
    guard.release();
    await pool.end();
    throw new Error('another hub is working with this database; stop it, or give another DATABASE_URL');
  }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    db,
    engine: 'postgresql',
    close: async () => {
      guard.release(true);
      await db.destroy();
    },
  };
}
