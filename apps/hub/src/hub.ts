// A running hub: folder lock, log, rules, finality, database, blobs, and the waiters of long polls. http/ puts it on the network.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { judgeFinality, Replay, type State } from '@madang/charter';
import {
  type BlobStore,
  equalBytes,
  fromHex,
  type Log,
  mergeSignatures,
  type NoteKeys,
  openCheckpoint,
  openLog,
  openStatement,
  parseSignatureLine,
  type Refusal,
  type Signer,
  toHex,
} from '@madang/trust';
import { folderStore } from '@madang/trust/folder';
import { type Lock, lockFolder } from '@madang/trust/lock';
import { clockWatch } from './log/clock.ts';
import { Finality } from './log/finality.ts';
import { type More, Recall } from './log/recall.ts';
import { type Answer, Sequencer } from './log/sequencer.ts';
import { type Blobs, folderBlobs } from './store/blobs.ts';
import { catchUp } from './store/catch-up.ts';
import { type Database, openDatabase } from './store/database.ts';
import { type Mailbox, mailbox } from './store/mail.ts';
import { projected } from './store/projections.ts';
import { Projector } from './store/projector.ts';
import { markRestored, restoredAt } from './store/restored.ts';
import { waiters } from './waiters.ts';

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
  /** Take the folder's word that it is the newest: an operator who knows that no member can answer. */
  readonly trustDisk?: boolean;
  /** Stands between the hub and its log's folder: tests put a full disk there. */
  readonly wrapStore?: (store: BlobStore) => BlobStore;
  /** POSIX seconds. */
  readonly now: () => number;
  /** Seconds on a clock that nobody sets. */
  readonly uptime: () => number;
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
  /** The question to the members after a start; while it holds, nothing is signed. */
  readonly recall: Recall;
  /** When what lies beside the log (blobs, mail) was last lost, in seconds since 1970; undefined: never. */
  readonly restored: number | undefined;
  submit(statement: Uint8Array): Promise<Answer>;
  /** A member's answer to that question. */
  hear(org: string, checkpoint: Uint8Array, more: More): Promise<Refusal | undefined>;
  cosign(org: string, size: number, lines: string): Promise<Refusal | undefined>;
  /** Resolves when something changed or the time has passed. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Resolves when the tables show every statement that was answered so far (or the database refuses them just now): call before reading tables. */
  settled(): Promise<void>;
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
  const at = { size: log.size, root: toHex(log.root) };
  const database = await openDatabase(join(folder, 'database'), options.databaseUrl, at);
  const blobs = await folderBlobs(join(folder, 'blobs'));
  // Apart from the blobs: letters go when their time is over, and whoever sends the bytes of a public blob must not take it along.
  const letters = await folderBlobs(join(folder, 'letters'));
  const { wait, notify } = waiters();
  const sequencer = new Sequencer({
    log,
    operator: options.operator,
    timeSigner: options.timeSigner,
    now,
    claim: async (size, root) => (await database.claim?.(size, root())) ?? true,
    held() {
      watchClock();
      return recall.refusal;
    },
    onBatch(entries, published) {
      const { state, replay } = sequencer;
      // Members hear of what they are to do; who was shown this checkpoint already is not woken by every batch.
      if (finality.publish(published, state)) notify();
      const rows = entries.map(e => projected(e.index, e.statement, replay.past.timeAt(e.index + 1)));
      return projector.add(rows, state);
    },
  });

  const finalNote = await store.read('checkpoint.final');
  const final = finalNote && { size: openCheckpoint(finalNote, logNotes.verifiers).size, note: finalNote };
  let finalState = new Replay().state;
  await sequencer.load(size => {
    if (size === final?.size) finalState = sequencer.state;
  });
  const finality = new Finality(final, finalState, now);
  if (log.published) finality.publish(log.published, sequencer.state);
  const judging = () => (finality.state.root ? finality.state : sequencer.state);
  /** States after entries that came from members, for the final checkpoint among them. */
  const states = new Map<number, State>();
  const goOn = async (recovered: boolean) => {
    if (log.size > (log.published?.size ?? 0)) finality.publish(await log.publish(), sequencer.state);
    states.clear();
    if (recovered) {
      if (finality.final) await log.storeFinal(finality.final.note);
      restored = await markRestored(folder, now());
    }
    notify();
  };
  let restored = await restoredAt(folder);
  const recall: Recall = new Recall(
    {
      log,
      logNotes,
      replay: sequencer.replay,
      judging,
      now,
      say: options.log,
      quiet: () => sequencer.quiet(),
      async take(entries) {
        const from = log.size;
        await sequencer.recover(entries, s => states.set(s.size, s));
        const { past } = sequencer.replay;
        const rows = entries.flatMap((entry, i) =>
          sequencer.state.inadmissible[from + i]
            ? []
            : [projected(from + i, openStatement(entry), past.timeAt(from + i + 1))],
        );
        await projector.add(rows, sequencer.state);
      },
      adopt(note) {
        const { size } = openCheckpoint(note, logNotes.verifiers);
        const state = states.get(size);
        if (!state) return;
        const verdict = judgeFinality(state, note);
        if (verdict.final && equalBytes(verdict.root, fromHex(sequencer.replay.past.rootAt(size)!)))
          finality.adopt({ size, note }, state);
      },
      release: goOn,
    },
    // Before the first checkpoint there is nothing that could be signed twice, and nobody to ask.
    log.published !== undefined && judging().root !== undefined && !options.trustDisk,
  );
  const stepped = clockWatch(now, options.uptime);
  /** A log that has members asks them when its clock made a step. */
  const watchClock = () => {
    if (!stepped(recall.clockInDoubt) || !log.published || !judging().root || options.trustDisk) return;
    recall.doubtClock();
    notify();
  };
  if (!recall.holding) await goOn(false);
  await catchUp(database, log, sequencer.replay, options);
  const projector = new Projector(database.db, sequencer.replay.past, sequencer.state, options.log);
  const mail = mailbox(database.db, letters, now);
  const timer = setInterval(() => {
    if (finality.renew()) notify();
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
      return finality.final && finality.state;
    },
    recall,
    get restored() {
      return restored;
    },
    submit: statement => sequencer.submit(statement),
    async hear(org, checkpoint, more) {
      const before = recall.question;
      const refusal = await recall.hear(org, checkpoint, more);
      if (recall.question !== before) notify();
      return refusal;
    },
    async cosign(org, size, lines) {
      // Who cosigns what we published last stands there.
      if (recall.holding && size === log.published?.size) await recall.hear(org, withLines(log.published.note, lines));
      const result = finality.add(org, size, lines);
      if (!result) return undefined;
      if ('why' in result) return result;
      // It is final whether or not this disk has room to say so after the next start.
      notify();
      await log.storeFinal(result.note);
      return undefined;
    },
    wait,
    settled: () => projector.settled(),
    notify,
    async close() {
      clearInterval(timer);
      clearInterval(sweeping);
      notify();
      await sequencer.stop();
      await projector.close();
      await database.close();
      lock.release();
    },
  };
}

/** A note with more signature lines; as it was where they are none. */
function withLines(note: Uint8Array, lines: string): Uint8Array {
  try {
    return mergeSignatures(
      note,
      lines
        .split('\n')
        .filter(l => l !== '')
        .map(parseSignatureLine),
    );
  } catch {
    return note;
  }
}
