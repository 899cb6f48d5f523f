// Tables made from the log: written in order, compared with the log on start, dropped and rebuilt when they disagree.
// Rows go in as one JSON value a table: a statement with thousands of parameters costs the embedded engine more than the rows.
import type { History, Job, State } from '@madang/charter';
import type { Opened } from '@madang/trust';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from './database.ts';

const NAME = 'log';
const PROJECTED = ['statements', 'members', 'studies', 'forecasts', 'results', 'jobs'] as const;

/** What the tables need of an entry: small, since many may wait. */
export interface Projected {
  readonly index: number;
  readonly id: string;
  readonly kind: string;
  readonly org: string;
  /** Log time after the entry. */
  readonly time: number;
  /** Only of kinds that have a table of their own. */
  readonly body?: Readonly<Record<string, unknown>>;
}

const KINDS_WITH_TABLE = ['forecast.publish', 'study.result'];

export function projected(index: number, s: Opened, time: number): Projected {
  const row = { index, id: s.id, kind: s.kind, org: s.org, time };
  return KINDS_WITH_TABLE.includes(s.kind) ? { ...row, body: s.body } : row;
}

/** Size of the log that the tables show; 0 when they show none, or another log than this one. */
export async function projectedSize(db: Kysely<Tables>, past: History): Promise<number> {
  const row = await db.selectFrom('position').selectAll().where('name', '=', NAME).executeTakeFirst();
  if (!row) return 0;
  const size = Number(row.size);
  return size > 0 && past.rootAt(size) === row.root ? size : 0;
}

/** Empties the tables that the log makes. Mail and blobs stay. */
export async function clearProjections(db: Kysely<Tables>): Promise<void> {
  await db.transaction().execute(async tx => {
    for (const table of PROJECTED) await tx.deleteFrom(table).execute();
    await tx.deleteFrom('position').where('name', '=', NAME).execute();
  });
}

export interface Step {
  readonly rows: readonly Projected[];
  /** What members and studies were when they were last written; undefined when that is not known. */
  readonly before: State | undefined;
  /** A state that holds at least these rows. */
  readonly after: State;
  /** Size and root of the log up to the last row. */
  readonly size: number;
  readonly root: string;
}

/** Writes entries, and what members and studies have become, in one transaction. */
export async function project(db: Kysely<Tables>, { rows, before, after, size, root }: Step): Promise<void> {
  const members = changed(before?.members, after.members).map(([org, m]) => ({ org, ...m, left: m.left ?? null }));
  const studies = changed(before?.studies, after.studies).map(([id, s]) => ({ ...s, id, proposed: s.proposedAt }));
  const jobs = changed(before?.jobs, after.jobs ?? {}).map(([id, job]) => jobRow(id, job));
  await db.transaction().execute(async tx => {
    await insert(tx, 'statements', rows, ['index', 'id', 'kind', 'org', 'time']);
    await insert(tx, 'forecasts', rows.filter(r => r.kind === 'forecast.publish').map(forecastRow));
    await insert(tx, 'results', rows.filter(r => r.kind === 'study.result').map(resultRow));
    await replace(tx, 'members', 'org', members, ['org', 'name', 'seat', 'home', 'joined', 'left']);
    await replace(tx, 'studies', 'id', studies, ['id', 'org', 'kind', 'title', 'stage', 'proposed']);
    await replace(tx, 'jobs', 'id', jobs);
    await replace(tx, 'position', 'name', [{ name: NAME, size, root }]);
  });
}

/** Records that are not the very same as before. */
function changed<T>(before: Readonly<Record<string, T>> | undefined, after: Readonly<Record<string, T>>) {
  return before === after ? [] : Object.entries(after).filter(([key, value]) => before?.[key] !== value);
}

function forecastRow({ index, org, body }: Projected): Row {
  const { opening, round, target, asOf, csv, rows } = body!;
  return { index, org, opening, round, target, as_of: asOf, csv, rows };
}

function resultRow({ index, body }: Projected): Row {
  const { opening, round, result, contributors } = body!;
  return { index, opening, round, digest: result, contributors };
}

function jobRow(id: string, job: Job): Row {
  const { backend, org, program, stage, requestedAt, startedAt, endedAt, usage, result } = job;
  return {
    id,
    backend,
    org,
    program,
    stage,
    requested: requestedAt,
    started: startedAt ?? null,
    ended: endedAt ?? null,
    milliseconds: usage?.milliseconds ?? null,
    units: usage?.units ?? null,
    result: result ?? null,
  };
}

type Row = Readonly<Record<string, unknown>>;

async function insert(
  tx: Transaction<Tables>,
  table: keyof Tables,
  rows: readonly object[],
  columns = Object.keys(rows[0] ?? {}),
  tail = sql``,
): Promise<void> {
  if (rows.length === 0) return;
  const names = sql.join(columns.map(c => sql.ref(c)));
  const json = JSON.stringify(rows, [...columns]);
  await sql`INSERT INTO ${sql.table(table)} (${names})
    SELECT ${names} FROM json_populate_recordset(NULL::${sql.table(table)}, ${json}::json) ${tail}`.execute(tx);
}

function replace(
  tx: Transaction<Tables>,
  table: keyof Tables,
  key: string,
  rows: readonly object[],
  columns?: string[],
): Promise<void> {
  const others = (columns ?? Object.keys(rows[0] ?? {})).filter(c => c !== key);
  const sets = sql.join(others.map(c => sql`${sql.ref(c)} = ${sql.ref(`excluded.${c}`)}`));
  return insert(tx, table, rows, columns, sql`ON CONFLICT (${sql.ref(key)}) DO UPDATE SET ${sets}`);
}
