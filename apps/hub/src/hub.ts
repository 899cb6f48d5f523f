// A running hub: folder lock, log, rules, finality, database, blobs, and the waiters of long polls. http/ puts it on the network.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Replay, type State } from '@madang/charter';
import {
  type BlobStore,
  type Log,
  type NoteKeys,
  openCheckpoint,
  openLog,
  type PublishedCheckpoint,
  type Refusal,
  type Signer,
  toHex,
} from '@madang/trust';
import { folderStore } from '@madang/trust/folder';
import { type Lock, lockFolder } from '@madang/trust/lock';
import { Finality } from './log/finality.ts';
import { StatesBySize } from './log/history-of-states.ts';
import { type Answer, type NewEntry, Sequencer } from './log/sequencer.ts';
import { type Blobs, folderBlobs } from './store/blobs.ts';
import { type Database, openDatabase } from './store/database.ts';
import { type Mailbox, mailbox } from './store/mail.ts';
import { clearProjections, project, projectedSize } from './store/projections.ts';

export interface HubOptions {
  /** Everything the hub keeps: log/, blobs/, database/. */
  readonly folder: string;
  readonly origin: string;
  readonly operator: string;
  readonly logNotes: NoteKeys;
  readonly timeSigner: Signer;
  readonly databaseUrl?: string;
  /** Rebuild all tables from the log on start, whatever they hold. */
  readonly rebuild?: boolean;
  /** Stands between the hub and its log's folder: tests put a full disk there. */
  readonly wrapStore?: (store: BlobStore) => BlobStore;
  readonly now: () => number;
  /** One line for the operator. */
  readonly log: (line: string) => void;
}

export interface Hub {
  readonly options: HubOptions;
  readonly log: Log;
  readonly database: Database;
  readonly blobs: Blobs;
  readonly mail: Mailbox;
  readonly finality: Finality;
  readonly state: State;
  /** State at the last final checkpoint; undefined before there is one. */
  readonly finalState: State | undefined;
  submit(statement: Uint8Array): Promise<Answer>;
  cosign(org: string, size: number, lines: string): Promise<Refusal | undefined>;
  /** Resolves when something changed or the time has passed. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Tells waiters that something changed. */
  notify(): void;
  close(): Promise<void>;
}

/** Opens or resumes a hub. Throws when another process has the folder, the log is damaged or the database cannot be opened. */
export async function openHub(options: HubOptions): Promise<Hub> {
  mkdirSync(options.folder, { recursive: true });
  const lock: Lock = lockFolder(options.folder);
  try {
    return await open(options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function open(options: HubOptions, lock: Lock): Promise<Hub> {
  const { folder, origin, logNotes, now } = options;
  const folderOf = folderStore(join(folder, 'log'));
  const store = options.wrapStore?.(folderOf) ?? folderOf;
  const log = await openLog({ store, origin, signer: logNotes, now });
  const database = await openDatabase(join(folder, 'database'), options.databaseUrl);
  const blobs = folderBlobs(join(folder, 'blobs'));
  const states = new StatesBySize();
  const waiters = new Set<() => void>();
  const notify = () => {
    for (const w of waiters) w();
    waiters.clear();
  };
  let finality: Finality | undefined;
  let projecting: Promise<void> = Promise.resolve();

  const sequencer = new Sequencer({
    log,
    operator: options.operator,
    timeSigner: options.timeSigner,
    now,
    claim: to => claim(database, to),
    onBatch(entries: readonly NewEntry[], published: PublishedCheckpoint) {
      const { state } = sequencer;
      states.put(published.size, state);
      finality?.publish(published);
      const root = toHex(published.root);
      projecting = projecting
        .then(() => project(database.db, entries, state, root))
        .catch((error: Error) => {
          // The log has what the tables lack; they catch up on the next start.
          options.log(`projection failed: ${error.message.slice(0, 300)}`);
        });
      notify();
    },
  });

  const finalNote = await store.read('checkpoint.final');
  const finalSize = finalNote ? openCheckpoint(finalNote, logNotes.verifiers).size : 0;
  const loaded: NewEntry[] = [];
  await sequencer.load(e => {
    loaded.push(e);
    if (e.index + 1 === finalSize) states.put(finalSize, sequencer.state);
  });
  const start: State = states.get(finalSize) ?? new Replay().state;
  finality = new Finality(start, finalNote ? { size: finalSize, note: finalNote } : undefined, size =>
    states.get(size),
  );
  if (log.published) {
    states.put(log.published.size, sequencer.state);
    if (log.published.size > finalSize) finality.publish(log.published);
  }
  await catchUp(database, sequencer, loaded, options);
  const mail = mailbox(database.db, blobs, now);
  const timer = setInterval(() => {
    sequencer.tick().catch((error: Error) => options.log(`time statement: ${error.message}`));
  }, 1000);
  timer.unref();
  const sweeping = setInterval(() => {
    mail.sweep(sequencer.state).catch((error: Error) => options.log(`mailbox: ${error.message.slice(0, 300)}`));
  }, 60_000);
  sweeping.unref();

  return {
    options,
    log,
    database,
    blobs,
    mail,
    finality,
    get state() {
      return sequencer.state;
    },
    get finalState() {
      return finality?.final ? states.get(finality.final.size) : undefined;
    },
    submit: statement => sequencer.submit(statement),
    async cosign(org, size, lines) {
      const result = finality.add(org, size, lines);
      if (!result) return undefined;
      if ('why' in result) return result;
      await log.storeFinal(result.note);
      states.forgetBelow(result.size);
      notify();
      return undefined;
    },
    wait: (milliseconds, signal) =>
      new Promise(resolve => {
        const done = () => {
          clearTimeout(timeout);
          waiters.delete(done);
          resolve();
        };
        const timeout = setTimeout(done, milliseconds);
        signal.addEventListener('abort', done, { once: true });
        waiters.add(done);
      }),
    notify,
    async close() {
      clearInterval(timer);
      clearInterval(sweeping);
      notify();
      await projecting;
      await database.close();
      lock.release();
    },
  };
}

/** Compares the tables with the log and brings them up to it, or drops and rebuilds them. */
async function catchUp(
  database: Database,
  sequencer: Sequencer,
  loaded: readonly NewEntry[],
  options: HubOptions,
): Promise<void> {
  const { db } = database;
  const size = options.rebuild ? 0 : await projectedSize(db, sequencer.replay);
  if (size === 0) await clearProjections(db);
  const missing = loaded.filter(e => e.index >= size);
  if (missing.length === 0) return;
  options.log(`tables: ${size === 0 ? 'rebuilding' : 'catching up'} from the log, ${missing.length} entries`);
  for (let i = 0; i < missing.length; i += 2000) {
    const part = missing.slice(i, i + 2000);
    const upTo = part[part.length - 1].index + 1;
    await project(db, part, sequencer.state, sequencer.replay.past.rootAt(upTo)!);
  }
}

/** Compare-and-set of the epoch before each batch: a paused old sequencer cannot write after another has taken over. */
async function claim(database: Database, to: number): Promise<void> {
  const done = await database.db
    .updateTable('sequencer')
    .set({ size: to })
    .where('name', '=', 'log')
    .where('epoch', '=', database.epoch)
    .executeTakeFirst();
  if (done.numUpdatedRows !== 1n) throw new Error('the sequencer row has another epoch');
}
