// Follows the hub's log: replays every entry with both signatures checked, judges finality, cosigns as a replay witness, keeps the member's copy.

import type { HubClient } from '@madang/api';
import { type FinalityVerdict, judgeFinality, Replay, type State } from '@madang/charter';
import {
  type BlobStore,
  joinBundle,
  logReader,
  type NoteKeys,
  openWitness,
  parseAddCheckpoint,
  parseCheckpoint,
  parseNote,
  parseNoteVkeys,
  type Refusal,
  splitBundle,
  TrustError,
  toHex,
  utf8,
  type Witness,
} from '@madang/trust';
import { Mirror } from './mirror.ts';

/** A checkpoint whose log time is further from this node's clock is not cosigned (seconds). */
const CLOCK_TOLERANCE = 300;

export interface FollowerOptions {
  readonly hub: HubClient;
  readonly origin: string;
  readonly org: string;
  /** Holds the log's copy and the witness's record. */
  readonly store: BlobStore;
  readonly witnessStore: BlobStore;
  readonly witnessKeys: NoteKeys | undefined;
  readonly now: () => number;
  readonly log: (line: string) => void;
}

/** How far this witness has followed the log. */
export interface Standing {
  readonly note: Uint8Array;
  readonly size: number;
  readonly final?: Uint8Array;
}

export class Follower {
  readonly replay = new Replay();
  private readonly o: FollowerOptions;
  private readonly mirror: Mirror;
  /** States after each entry since the last final checkpoint. */
  private readonly states = new Map<number, State>();
  private readonly witness: Witness | undefined;
  private finalNote: Uint8Array | undefined;
  finalSize = 0;
  /** Size this witness cosigned last. */
  cosigned = 0;

  constructor(options: FollowerOptions) {
    this.o = options;
    this.mirror = new Mirror(options.store, this.replay.past);
    this.witness = options.witnessKeys
      ? openWitness({
          keys: options.witnessKeys,
          store: options.witnessStore,
          logOf: origin => {
            const root = this.replay.state.root;
            return origin === options.origin && root ? parseNoteVkeys(root.logNotes, 'log') : undefined;
          },
          now: options.now,
          beforeCosign: checkpoint => this.beforeCosign(checkpoint.size, checkpoint.root),
        })
      : undefined;
  }

  /** State at the last final checkpoint, or the empty one: what a node acts on. */
  get finalState(): State {
    return this.states.get(this.finalSize) ?? new Replay().state;
  }

  /** On the witness list, as far as this node has replayed; before it has replayed anything it may be. */
  get mayWitness(): boolean {
    const root = this.replay.state.root;
    return this.witness !== undefined && (root === undefined || root.witnesses.some(w => w.org === this.o.org));
  }

  /** Takes up the copy of an earlier run. */
  async load(): Promise<void> {
    const note = await this.o.store.read('checkpoint');
    if (note) {
      const { size } = parseCheckpoint(parseNote(note).text);
      for await (const { entry } of logReader(this.o.store).entries(0, size)) {
        this.replay.push(entry);
        this.mirror.adopt(entry);
        this.states.set(this.replay.past.size, this.replay.state);
      }
      await this.mirror.tidy(size);
      this.settle(note, size);
    }
    const last = await this.witness?.latest(this.o.origin);
    if (last) this.cosigned = parseCheckpoint(parseNote(last).text).size;
  }

  /** Takes a newer final checkpoint; refuses one that is not final or shows another history. */
  async takeFinal(text: string): Promise<void> {
    const note = utf8(text);
    const { size } = parseCheckpoint(parseNote(note).text);
    if (size <= this.finalSize) return;
    await this.fetchTo(size);
    const verdict = this.judge(note);
    if (!verdict.final)
      throw new TrustError(
        'bad-signature',
        `the hub calls a checkpoint final that ${verdict.good.length} of ${verdict.needed} witnesses cosigned`,
      );
    if (toHex(verdict.root) !== this.replay.past.rootAt(size))
      throw new TrustError(
        'log-damaged',
        `the final checkpoint of size ${size} shows another history than the entries this node has`,
      );
    this.settle(note, size);
  }

  private judge(note: Uint8Array): FinalityVerdict {
    const before = this.finalState;
    return judgeFinality(
      before.root ? before : (this.states.get(parseCheckpoint(parseNote(note).text).size) ?? this.replay.state),
      note,
    );
  }

  private settle(note: Uint8Array, size: number): void {
    this.finalNote = note;
    this.finalSize = size;
    for (const s of this.states.keys()) if (s < size) this.states.delete(s);
  }

  /** Answers an add-checkpoint request of the hub with this witness's lines, or undefined when it will not cosign. */
  async cosign(request: string): Promise<{ org: string; size: number; lines: string } | undefined> {
    if (!this.witness) return undefined;
    const body = utf8(request);
    const { note } = parseAddCheckpoint(body);
    const { size } = parseCheckpoint(parseNote(note).text);
    // The founding entry brings the log's own keys: without it a witness knows no log at all.
    if (!this.replay.state.root) await this.fetchTo(Math.min(size, 1));
    if (!this.mayWitness) return undefined;
    const answer = await this.witness.addCheckpoint(body);
    if (!answer.ok) {
      this.o.log(`does not cosign ${size}: ${answer.refusal.code}: ${answer.refusal.why}`);
      if (answer.size !== undefined) this.cosigned = answer.size;
      return undefined;
    }
    this.cosigned = size;
    return { org: this.o.org, size, lines: new TextDecoder().decode(answer.body) };
  }

  private async beforeCosign(size: number, root: Uint8Array): Promise<Refusal | undefined> {
    await this.fetchTo(size);
    if (this.replay.past.rootAt(size) !== toHex(root))
      return { code: 'other-root', why: `the entries up to ${size} hash to another root than the checkpoint's` };
    const bad = Object.entries(this.replay.state.inadmissible).find(([index, e]) => Number(index) < size && !e.voided);
    if (bad) return { code: 'inadmissible', why: `entry ${bad[0]} breaks the rules: ${bad[1].code}: ${bad[1].why}` };
    const state = this.states.get(size) ?? this.replay.state;
    if (Math.abs(state.time - this.o.now()) > CLOCK_TOLERANCE + 60)
      return {
        code: 'clock',
        why: `log time ${state.time} is more than five minutes from this witness's clock ${this.o.now()}`,
      };
    return undefined;
  }

  /** For a log that asks after a loss: the last checkpoint that we cosigned, cosigned again now; undefined before the first one. */
  async standing(): Promise<Standing | undefined> {
    const note = await this.witness?.restate(this.o.origin);
    if (!note) return undefined;
    const { size } = parseCheckpoint(parseNote(note).text);
    return { note, size, ...(this.finalNote ? { final: this.finalNote } : {}) };
  }

  /**
   * Entries from `start` on as a bundle, with the proof that a checkpoint which we hold begins with them: the last cosigned one, or the final
   * one where our copy ends before the other. Undefined when we have nothing after `start`.
   */
  async piece(
    start: number,
    cosigned: Standing,
  ): Promise<
    { readonly note: Uint8Array; readonly bundle: Uint8Array; readonly proof: readonly Uint8Array[] } | undefined
  > {
    const whole = this.replay.past.size >= cosigned.size;
    const note = whole ? cosigned.note : this.finalNote;
    if (!note) return undefined;
    const { size } = parseCheckpoint(parseNote(note).text);
    const entries = (await this.mirror.entries(start)).slice(0, Math.max(0, size - start));
    if (entries.length === 0) return undefined;
    const proof = await this.replay.past.consistency(start + entries.length, size);
    return { note, bundle: joinBundle(entries), proof };
  }

  /** Fetches and replays entries up to a size. */
  private async fetchTo(size: number): Promise<void> {
    while (this.replay.past.size < size) {
      const start = this.replay.past.size;
      const entries = splitBundle(await this.o.hub.entries(start, Math.min(size, start + 1024)), 1024);
      if (entries.length === 0) throw new Error(`the hub gave no entries from ${start} on`);
      const own = entries.map(e => Uint8Array.from(e));
      for (const fault of await this.replay.pushAll(own, state => this.states.set(state.size, state)))
        this.o.log(`entry ${fault.index} is inadmissible: ${fault.code}: ${fault.why}`);
      for (const entry of own) await this.mirror.append(entry);
    }
  }

  /** Writes the copy's unfinished tiles, when the replay stands exactly at the final checkpoint. */
  async flush(): Promise<void> {
    if (this.finalNote) await this.mirror.flush(this.finalSize, this.finalNote);
  }

  /** Root of the final checkpoint as a statement names it. */
  get seen(): { size: number; root: string } {
    return { size: this.finalSize, root: this.replay.past.rootAt(this.finalSize) ?? '' };
  }
}
