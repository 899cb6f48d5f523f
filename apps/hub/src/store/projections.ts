// Tables made from the log: brought up to date after each batch, compared with the log on start, dropped and rebuilt when they disagree.
import type { Replay, State } from '@madang/charter';
import type { Opened } from '@madang/trust';
import type { Kysely, Transaction } from 'kysely';
import type { NewEntry } from '../log/sequencer.ts';
import type { Tables } from './database.ts';

const NAME = 'log';
const PROJECTED = ['statements', 'members', 'studies', 'forecasts', 'results'] as const;

/** Size of the log that the tables show; 0 when they show none, or another log than this one. */
export async function projectedSize(db: Kysely<Tables>, replay: Replay): Promise<number> {
  const row = await db.selectFrom('position').selectAll().where('name', '=', NAME).executeTakeFirst();
  if (!row) return 0;
  const size = Number(row.size);
  return size > 0 && replay.past.rootAt(size) === row.root ? size : 0;
}

/** Empties the tables that the log makes. Mail and blobs stay. */
export async function clearProjections(db: Kysely<Tables>): Promise<void> {
  await db.transaction().execute(async tx => {
    for (const table of PROJECTED) await tx.deleteFrom(table).execute();
    await tx.deleteFrom('position').where('name', '=', NAME).execute();
  });
}

/** Writes entries and the state after them in one transaction. */
export async function project(
  db: Kysely<Tables>,
  entries: readonly NewEntry[],
  state: State,
  root: string,
): Promise<void> {
  if (entries.length === 0) return;
  await db.transaction().execute(async tx => {
    const opened = entries.flatMap(e => (e.statement ? [{ index: e.index, statement: e.statement }] : []));
    for (let i = 0; i < opened.length; i += 500) {
      await tx
        .insertInto('statements')
        .values(
          opened
            .slice(i, i + 500)
            .map(({ index, statement: s }) => ({ index, id: s.id, kind: s.kind, org: s.org, time: state.time })),
        )
        .execute();
    }
    let membersChanged = false;
    let studiesChanged = false;
    for (const { index, statement } of opened) {
      if (/^(member|root)\./.test(statement.kind)) membersChanged = true;
      if (/^(study|round)\./.test(statement.kind)) studiesChanged = true;
      await projectOne(tx, index, statement);
    }
    if (membersChanged) await replaceMembers(tx, state);
    if (studiesChanged) await replaceStudies(tx, state);
    const size = entries[entries.length - 1].index + 1;
    await tx
      .insertInto('position')
      .values({ name: NAME, size, root })
      .onConflict(c => c.column('name').doUpdateSet({ size, root }))
      .execute();
  });
}

async function projectOne(tx: Transaction<Tables>, index: number, s: Opened): Promise<void> {
  const b = s.body as Record<string, string & number>;
  if (s.kind === 'forecast.publish') {
    const row = {
      index,
      org: s.org,
      opening: b.opening,
      round: b.round,
      target: b.target,
      as_of: b.asOf,
      csv: b.csv,
      rows: b.rows,
    };
    await tx.insertInto('forecasts').values(row).execute();
  } else if (s.kind === 'study.result') {
    const row = { index, opening: b.opening, round: b.round, digest: b.result, contributors: b.contributors };
    await tx.insertInto('results').values(row).execute();
  }
}

async function replaceMembers(tx: Transaction<Tables>, state: State): Promise<void> {
  await tx.deleteFrom('members').execute();
  const rows = Object.entries(state.members).map(([org, m]) => ({
    org,
    name: m.name,
    seat: m.seat,
    home: m.home,
    joined: m.joined,
    left: m.left ?? null,
  }));
  if (rows.length > 0) await tx.insertInto('members').values(rows).execute();
}

async function replaceStudies(tx: Transaction<Tables>, state: State): Promise<void> {
  for (const [id, s] of Object.entries(state.studies)) {
    const row = { id, org: s.org, kind: s.kind, title: s.title, stage: s.stage, proposed: s.proposedAt };
    await tx
      .insertInto('studies')
      .values(row)
      .onConflict(c => c.column('id').doUpdateSet({ stage: s.stage }))
      .execute();
  }
}
