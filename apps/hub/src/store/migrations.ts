// The schema, step by step. A step is never edited once released; the same steps run on both engines.
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const first: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE TABLE position (name text PRIMARY KEY, size bigint NOT NULL, root text NOT NULL)`.execute(db);
    await sql`CREATE TABLE sequencer (name text PRIMARY KEY, epoch bigint NOT NULL, size bigint NOT NULL)`.execute(db);
    await sql`CREATE TABLE statements (index bigint PRIMARY KEY, id text NOT NULL UNIQUE, kind text NOT NULL, org text NOT NULL, time bigint NOT NULL)`.execute(
      db,
    );
    await sql`CREATE INDEX statements_kind ON statements (kind, index)`.execute(db);
    await sql`CREATE TABLE members (org text PRIMARY KEY, name text NOT NULL, seat text NOT NULL, home text NOT NULL, joined bigint NOT NULL, "left" bigint)`.execute(
      db,
    );
    await sql`CREATE TABLE studies (id text PRIMARY KEY, org text NOT NULL, kind text NOT NULL, title text NOT NULL, stage text NOT NULL, proposed bigint NOT NULL)`.execute(
      db,
    );
    await sql`CREATE TABLE forecasts (index bigint PRIMARY KEY, org text NOT NULL, opening text NOT NULL, round integer NOT NULL, target text NOT NULL, as_of text NOT NULL, csv text NOT NULL, rows integer NOT NULL)`.execute(
      db,
    );
    await sql`CREATE INDEX forecasts_as_of ON forecasts (target, as_of)`.execute(db);
    await sql`CREATE TABLE results (index bigint PRIMARY KEY, opening text NOT NULL, round integer NOT NULL, digest text NOT NULL, contributors integer NOT NULL)`.execute(
      db,
    );
    await sql`CREATE TABLE mail (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, recipient text NOT NULL, sender text NOT NULL, topic text NOT NULL, digest text NOT NULL, size integer NOT NULL, received bigint NOT NULL, UNIQUE (recipient, sender, topic, digest))`.execute(
      db,
    );
    await sql`CREATE INDEX mail_recipient ON mail (recipient, seq)`.execute(db);
  },
};

const jobs: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE TABLE jobs (id text PRIMARY KEY, backend text NOT NULL, org text NOT NULL, program text NOT NULL, stage text NOT NULL, requested bigint NOT NULL, started bigint, ended bigint, milliseconds bigint, units bigint, result text)`.execute(
      db,
    );
    await sql`CREATE INDEX jobs_backend ON jobs (backend, requested)`.execute(db);
    await sql`CREATE INDEX jobs_org ON jobs (org, requested)`.execute(db);
    // Tables of an older hub lack the jobs of its log: they are made again at this start.
    await sql`DELETE FROM position`.execute(db);
    for (const table of ['statements', 'members', 'studies', 'forecasts', 'results'])
      await sql`DELETE FROM ${sql.table(table)}`.execute(db);
  },
};

const sequencerRoot: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`ALTER TABLE sequencer ADD COLUMN root text NOT NULL DEFAULT ''`.execute(db);
  },
};

export const migrations: Record<string, Migration> = {
  '001-first': first,
  '002-jobs': jobs,
  '003-sequencer-root': sequencerRoot,
};
