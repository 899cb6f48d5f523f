// After a start nothing is signed before the members have said how far they had followed this log (protocol, section 7): a folder restored from a
// backup would otherwise go on at a size that it has signed once already, and two roots for one size end a log. Enough is that n - q + 1 witnesses
// answer: every final checkpoint has one of them among its cosigners. Whoever shows a longer log under our own signature has it taken over, entry by
// entry; whoever shows another one under it ends the matter, and a person must look.
import { type Replay, type State, witnessesOf } from '@madang/charter';
import {
  cosignedAt,
  equalBytes,
  fromHex,
  type Log,
  type NoteKeys,
  openCheckpoint,
  quorum,
  type Refusal,
  TrustError,
  verifyConsistency,
} from '@madang/trust';

/** A cosignature that answers may be this old (seconds): one made before the loss says nothing about what came after it. */
const FRESH_SECONDS = 300;
/** Members that could send the same entries wait this long for the one that began (milliseconds). */
const TURN_MS = 10_000;

export interface RecallOptions {
  readonly log: Log;
  readonly logNotes: NoteKeys;
  readonly replay: Replay;
  /** State whose witness list is in force. */
  readonly judging: () => State;
  /** POSIX seconds. */
  readonly now: () => number;
  readonly say: (line: string) => void;
  /** Takes proven entries into the log, the state and the tables; signs nothing. */
  readonly take: (entries: readonly Uint8Array[]) => Promise<void>;
  /** Takes a final checkpoint up to the present size, if it is one: its witness list then judges who must be heard. */
  readonly adopt: (final: Uint8Array) => void;
  /** Resolves once nothing is being written: called while the log is held. */
  readonly quiet: () => Promise<void>;
  /** Called once the log may go on. `recovered`: entries came from members. */
  readonly release: (recovered: boolean) => Promise<void>;
}

/** What follows in the log of a checkpoint, with the proof of it. */
export interface Piece {
  readonly start: number;
  readonly entries: readonly Uint8Array[];
  /** That the checkpoint's tree begins with the tree that ends with these entries. */
  readonly proof: readonly Uint8Array[];
}

/** What may come with a member's word. */
export interface More {
  readonly piece?: Piece | undefined;
  /** A final checkpoint. */
  readonly final?: Uint8Array | undefined;
}

export class Recall {
  /** While true the hub signs nothing. */
  holding: boolean;
  /** Number of the present question: a member answers each once. */
  question = 1 + Math.floor(Math.random() * 2 ** 40);
  private readonly o: RecallOptions;
  /** The clock was set, or the machine slept: until members have spoken at the present time nothing is signed. */
  clockInDoubt = false;
  private readonly heard = new Set<string>();
  /** The largest checkpoint under our own signature that was shown to us. */
  private largest: { readonly size: number; readonly root: Uint8Array } | undefined;
  private forked: string | undefined;
  private recovered = false;
  private turn: { readonly org: string; readonly until: number } | undefined;
  private working: Promise<unknown> = Promise.resolve();

  constructor(options: RecallOptions, holding: boolean) {
    this.o = options;
    this.holding = holding;
    if (holding)
      options.say(`signs nothing yet: asks the members for the largest checkpoint they cosigned; ${this.refusal?.why}`);
  }

  /** Why no statement is taken just now; undefined when all is well. */
  get refusal(): Refusal | undefined {
    const { log } = this.o;
    if (this.forked) return { code: 'log-forked', why: this.forked };
    if (!this.holding) return undefined;
    if (this.largest && this.largest.size > log.size)
      return {
        code: 'log-behind',
        why:
          `this hub has ${log.size} entries and members hold a log of ${this.largest.size}: its folder was restored from a backup. It takes the ` +
          'rest from the members; if none of them can send it, stop the hub and use "madang hub restore" with a copy that has it',
      };
    return {
      code: 'log-waits',
      why:
        `${this.clockInDoubt ? 'after a step of its clock' : 'after a start'} ${this.needed} members must say how far they had followed the log, ` +
        `${this.heard.size} have; send it again in a moment`,
    };
  }

  /** Asks the members again since the clock may be wrong: answers made at another time than it shows do not count. */
  doubtClock(): void {
    if (!this.clockInDoubt)
      this.o.say(
        `the clock was set to ${new Date(this.o.now() * 1000).toISOString()}, or the machine slept: asks the members`,
      );
    this.clockInDoubt = true;
    this.holding = true;
    this.heard.clear();
    this.question += 1;
  }

  private get needed(): number {
    const n = witnessesOf(this.o.judging()).length;
    return n - quorum(n) + 1;
  }

  /** A member's word; one at a time. Returns why it does not count. */
  hear(org: string, note: Uint8Array | string, more: More = {}): Promise<Refusal | undefined> {
    const result = this.working.then(() => this.listen(org, note, more));
    this.working = result.catch(() => undefined);
    return result;
  }

  /** Whether this member should send what follows: one at a time does. */
  maySend(org: string): boolean {
    const behind = this.largest !== undefined && this.largest.size > this.o.log.size && !this.forked;
    const now = performance.now();
    if (!behind || (this.turn && this.turn.org !== org && this.turn.until > now)) return false;
    this.turn = { org, until: now + TURN_MS };
    return true;
  }

  private async listen(org: string, note: Uint8Array | string, { piece, final }: More): Promise<Refusal | undefined> {
    const { log, logNotes, replay, now } = this.o;
    let checkpoint: ReturnType<typeof openCheckpoint>;
    try {
      checkpoint = openCheckpoint(note, logNotes.verifiers);
    } catch (error) {
      if (!(error instanceof TrustError)) throw error;
      return { code: error.code, why: `not a checkpoint that this log signed: ${error.message}` };
    }
    const { size, root } = checkpoint;
    if (checkpoint.origin !== log.origin)
      return { code: 'wrong-log', why: `the checkpoint is of ${checkpoint.origin}, this is ${log.origin}` };
    if (size > (this.largest?.size ?? 0)) this.largest = { size, root };
    if (size > log.size && !this.holding) {
      this.holding = true;
      this.o.say(
        `${org} shows a log of ${size} entries under this log's signature; this hub has ${log.size}: it signs nothing more`,
      );
      await this.o.quiet();
    }
    if (size <= log.size && size > 0 && !equalBytes(root, fromHex(replay.past.rootAt(size)!)))
      return this.fork(org, size);
    if (piece) {
      const refusal = await this.takePiece(piece, checkpoint);
      if (refusal) return refusal;
    }
    if (final && this.holding) this.o.adopt(final);
    const witness = witnessesOf(this.o.judging()).find(w => w.id === org);
    const at = witness && cosignedAt(note, witness);
    if (at !== undefined && now() - at <= FRESH_SECONDS && size <= log.size) this.heard.add(org);
    await this.perhapsRelease();
    return undefined;
  }

  private fork(org: string, size: number): Refusal {
    this.holding = true;
    this.forked =
      `this log has signed two histories: ${org} holds another tree of size ${size} under its signature. Nothing more is signed; keep both folders ` +
      'and let the members compare them';
    this.o.say(this.forked);
    return { code: 'log-forked', why: this.forked };
  }

  private async takePiece(
    { start, entries, proof }: Piece,
    { size, root }: { readonly size: number; readonly root: Uint8Array },
  ): Promise<Refusal | undefined> {
    const { log, replay } = this.o;
    const end = start + entries.length;
    // Somebody else was quicker: the answer says where we are.
    if (start !== log.size || entries.length === 0 || !this.holding || this.forked) return undefined;
    if (end > size) return { code: 'bad-proof', why: `entries up to ${end} do not fit a checkpoint of size ${size}` };
    const reached = replay.past.rootWith(entries);
    const proven = end === size ? equalBytes(reached, root) : verifyConsistency(end, size, proof, reached, root);
    if (!proven)
      return {
        code: 'bad-proof',
        why: `entries ${start} to ${end - 1} after those that this hub has do not give the tree of the checkpoint of size ${size}`,
      };
    await this.o.take(entries);
    this.recovered = true;
    this.turn = undefined;
    this.o.say(`took entries ${start} to ${end - 1} from a member`);
    // The list of witnesses may be another one now, and members may know more: everybody is asked again.
    this.heard.clear();
    if (this.largest && this.largest.size <= log.size) this.question += 1;
    return undefined;
  }

  private async perhapsRelease(): Promise<void> {
    const { log, replay } = this.o;
    if (!this.holding || this.forked || (this.largest?.size ?? 0) > log.size || this.heard.size < this.needed) return;
    if (
      this.largest &&
      this.largest.size > 0 &&
      !equalBytes(this.largest.root, fromHex(replay.past.rootAt(this.largest.size)!))
    ) {
      this.fork('a member', this.largest.size);
      return;
    }
    const { recovered } = this;
    this.recovered = false;
    await this.o.release(recovered);
    this.holding = false;
    this.clockInDoubt = false;
    this.o.say(
      recovered
        ? `the log is whole again, ${log.size} entries: it goes on`
        : `${this.heard.size} members hold no more than this hub's ${log.size} entries: it goes on`,
    );
  }
}
