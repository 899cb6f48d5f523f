// The one writer of the log: admits statements by the charter, appends them in batches, publishes a checkpoint, answers only then.
// State moves after the disk has the batch, so that a full disk refuses a batch and changes nothing.
import { setTimeout as delay } from 'node:timers/promises';
import { Replay, type State } from '@madang/charter';
import {
  type Log,
  type Opened,
  type PublishedCheckpoint,
  type Refusal,
  type Signer,
  signStatement,
  toHex,
} from '@madang/trust';
import { type Accepted, judgeBatch, type Refused } from './batch.ts';
import { nextDeadline } from './deadline.ts';
import { Refusals } from './refusals.ts';

/** A new time statement is due when the last is this old (seconds). */
const TIME_EVERY = 60;
const MAX_BATCH = 512;
/** Between two batches: a checkpoint costs a dozen writes, so fewer and larger batches are quicker. */
const GATHER_MS = 10;
/** Statements that may wait at once; beyond it the hub says so and the sender comes again. */
const MAX_WAITING = 20_000;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

export interface Admitted {
  readonly id: string;
  readonly index: number;
  readonly published: PublishedCheckpoint;
}

export type Answer =
  | { readonly ok: true; readonly admitted: Admitted }
  | {
      readonly ok: false;
      readonly refusal: Refusal;
      /** The refusal under the log's key; absent where there is no id to name, the refusal is for the moment only, or too many are asked for. */
      readonly signed?: Uint8Array | undefined;
    };

/** An entry that was admitted and is on disk. */
export interface NewEntry {
  readonly index: number;
  readonly statement: Opened;
}

export interface SequencerOptions {
  readonly log: Log;
  readonly operator: string;
  /** The log's statement key: signs `log.time`. */
  readonly timeSigner: Signer;
  /** POSIX seconds. */
  readonly now: () => number;
  /** Why nothing may be signed just now; undefined when all is well. */
  readonly held: () => Refusal | undefined;
  /** Claims the right to move the log to a size and root; false when another sequencer has taken over, rejects when that cannot be known just now. */
  readonly claim: (size: number, root: () => string) => Promise<boolean>;
  /** Called after each batch is on disk and published. Must not throw; the next batch waits until it resolves. */
  readonly onBatch: (entries: readonly NewEntry[], published: PublishedCheckpoint) => Promise<void>;
}

interface Waiting {
  readonly bytes: Uint8Array;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Whether this hub may still write is not known just now. */
class Unanswered extends Error {}

export class Sequencer {
  readonly replay = new Replay();
  private readonly o: SequencerOptions;
  private waiting: Waiting[] = [];
  private waitingBytes = 0;
  private running: Promise<void> | undefined;
  private stopped = false;
  private refusedToGoOn: Error | undefined;
  /** On disk and in the state, not yet under a checkpoint: what a disk that was full for a moment left behind. */
  private unpublished: NewEntry[] = [];
  private readonly refusals: Refusals;

  constructor(options: SequencerOptions) {
    this.o = options;
    this.refusals = new Refusals(options.operator, options.timeSigner, options.now);
  }

  get state(): State {
    return this.replay.state;
  }

  /** Replays what the disk has and signs nothing; `onEntry` hears the size after each. Call once, before anything else. */
  async load(onEntry: (size: number) => void): Promise<void> {
    const { log } = this.o;
    for await (const { entry } of log.reader.entries(0, log.published?.size ?? 0)) {
      this.replay.push(entry, { signaturesVerified: true });
      onEntry(this.replay.past.size);
    }
    for (let index = this.replay.past.size; index < log.size; index++) {
      this.replay.push(await log.entry(index));
      onEntry(index + 1);
    }
  }

  /** Resolves when nothing is being written: with the hub held, nothing more will be. */
  async quiet(): Promise<void> {
    await this.running;
  }

  /** Takes entries that were proven to follow in this log; `onEntry` hears the state after each. Signs nothing. */
  async recover(entries: readonly Uint8Array[], onEntry: (state: State) => void): Promise<void> {
    await this.claim(entries);
    await this.o.log.append(entries);
    await this.replay.pushAll(entries, onEntry);
  }

  /** Admits one statement. Resolves when it is on disk under a published checkpoint, or with the reason why not. */
  submit(bytes: Uint8Array): Promise<Answer> {
    if (this.refusedToGoOn) return Promise.reject(this.refusedToGoOn);
    const full = this.waiting.length >= MAX_WAITING || this.waitingBytes + bytes.length > MAX_WAITING_BYTES;
    if (this.stopped || full)
      return Promise.resolve({
        ok: false,
        refusal: {
          code: 'busy',
          why: `${this.stopped ? 'this hub is going down' : 'too many statements wait'}; send it again in a moment`,
        },
      });
    return new Promise((resolve, reject) => {
      this.waiting.push({ bytes, resolve, reject });
      this.waitingBytes += bytes.length;
      this.running ??= this.run();
    });
  }

  /** Takes no more and resolves when all that was taken is published: a log that ends in good order has nothing half written. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  /** Puts a time statement when a deadline fell due, so that rules that wait for log time can move. An idle log stays as it is. */
  async tick(): Promise<void> {
    const now = this.o.now();
    if (!this.state.root || this.running || this.o.held()) return;
    if (now - this.state.time >= TIME_EVERY || nextDeadline(this.state) < now)
      await this.submit(await this.timeStatement(now));
  }

  /** Throws, for good, when another hub writes this log; throws `Unanswered` when nobody can say. */
  private async claim(entries: readonly Uint8Array[]): Promise<void> {
    const { past } = this.replay;
    const ours = await this.o
      .claim(past.size + entries.length, () => toHex(past.rootWith(entries)))
      .catch(cause => {
        throw new Unanswered('the database does not answer; nothing was written, send it again in a moment', { cause });
      });
    if (ours) return;
    this.refusedToGoOn = new Error('another hub has taken over this log; this one stops writing');
    throw this.refusedToGoOn;
  }

  private timeStatement(time: number): Promise<Uint8Array> {
    return signStatement({ kind: 'log.time', org: this.o.operator, body: { time } }, [this.o.timeSigner]);
  }

  private async run(): Promise<void> {
    let loaded = false;
    while (this.waiting.length > 0) {
      // Whoever arrives in the same turn of the event loop shares the batch; under load so do those whose last answer is just on its way.
      await (loaded ? delay(GATHER_MS) : new Promise(resolve => setImmediate(resolve)));
      loaded = true;
      const batch = this.waiting.splice(0, MAX_BATCH);
      for (const w of batch) this.waitingBytes -= w.bytes.length;
      try {
        await this.take(batch);
      } catch (error) {
        for (const w of batch)
          if (error instanceof Unanswered) w.resolve({ ok: false, refusal: { code: 'busy', why: error.message } });
          else w.reject(error);
      }
    }
    this.running = undefined;
  }

  private async take(batch: readonly Waiting[]): Promise<void> {
    const held = this.o.held();
    if (held) {
      for (const w of batch) w.resolve({ ok: false, refusal: held });
      return;
    }
    const now = this.o.now();
    const due = this.state.root && now - this.state.time >= TIME_EVERY;
    const { entries, verdicts } = await judgeBatch(
      this.replay,
      batch.map(w => w.bytes),
      due ? await this.timeStatement(now) : undefined,
    );
    // What is none of the log's business is told at once, whatever the disk says to the rest.
    for (const [i, v] of verdicts.entries()) {
      if (v.kind === 'unreadable') batch[i].resolve({ ok: false, refusal: v.refusal });
      if (v.kind === 'failed') batch[i].reject(v.error);
    }
    const published = await this.write(entries);
    const fresh = this.unpublished;
    this.unpublished = [];
    for (const [i, v] of verdicts.entries())
      if (v.kind === 'admitted')
        batch[i].resolve({ ok: true, admitted: { id: v.id, index: v.index, published: published! } });
    for (const [i, v] of verdicts.entries()) if (v.kind === 'refused') await this.turnAway(batch[i], v, published);
    if (fresh.length > 0) await this.o.onBatch(fresh, published!);
  }

  /** Brings entries to the disk, then to the state, then under a checkpoint. Undefined only before the first one. */
  private async write(entries: readonly Accepted[]): Promise<PublishedCheckpoint | undefined> {
    const { log } = this.o;
    if (entries.length > 0) {
      const bytes = entries.map(e => e.statement.bytes);
      await this.claim(bytes);
      await log.append(bytes);
      for (const { statement, state } of entries) {
        this.unpublished.push({ index: this.replay.past.size, statement });
        this.replay.take(statement, state);
      }
      if (toHex(log.root) !== this.replay.past.rootAt(log.size)) {
        this.refusedToGoOn = new Error('the log and the replay disagree; stop the hub and verify');
        throw this.refusedToGoOn;
      }
    }
    return log.size > (log.published?.size ?? 0) ? log.publish() : log.published;
  }

  /** Answers a refused statement, once all that it was judged by is published. */
  private async turnAway(
    w: Waiting,
    { statement, refusal, at, genuine }: Refused,
    published: PublishedCheckpoint | undefined,
  ): Promise<void> {
    const seen = published && { size: published.size, root: toHex(published.root) };
    const signed =
      seen && this.state.root ? await this.refusals.sign(statement.id, refusal, at, seen, genuine) : undefined;
    w.resolve({ ok: false, refusal, signed });
  }
}
