// Collects cosignatures on published checkpoints until a quorum makes one final (protocol, section 4).
// Trap: a quorum cosigns one size. Under load there is a new checkpoint every few milliseconds; were each witness shown the newest, they would all
// cosign different ones and none would ever be final. So all are shown the same one, until it is final or has had its time.
import { judgeFinality, type State, witnessesOf } from '@madang/charter';
import {
  countCosignatures,
  equalBytes,
  formatNote,
  type Note,
  type NoteSignature,
  type PublishedCheckpoint,
  parseNote,
  parseNoteVkeys,
  parseSignatureLine,
  type Refusal,
  signaturesBy,
} from '@madang/trust';

/**
 * Checkpoints that wait for cosignatures. The ones that witnesses were shown last are kept the longest: one that needs longer than OFFER_SECONDS answers for
 * a checkpoint that is not on offer any more, and its cosignatures count all the same.
 */
const KEPT = 64;
const KEPT_OFFERS = 16;
/** How long witnesses are asked for the same checkpoint while newer ones wait (seconds). */
const OFFER_SECONDS = 3;

interface Candidate {
  readonly state: State;
  readonly published: PublishedCheckpoint;
  /** By witness: its own two cosignatures and nothing else. */
  readonly lines: Map<string, readonly NoteSignature[]>;
}

export interface FinalCheckpoint {
  readonly size: number;
  readonly note: Uint8Array;
}

export class Finality {
  private readonly candidates = new Map<number, Candidate>();
  final: FinalCheckpoint | undefined;
  /** State at the last final checkpoint, empty before there is one: its witness list judges the next one. */
  state: State;
  private readonly now: () => number;
  private offer: { readonly size: number; readonly since: number } | undefined;
  /** Sizes that were on offer, the newest last. */
  private offers: number[] = [];

  /** `now` in POSIX seconds. */
  constructor(final: FinalCheckpoint | undefined, state: State, now: () => number) {
    this.final = final;
    this.state = state;
    this.now = now;
  }

  /** The checkpoint to cosign now: the same for every witness. */
  get offered(): PublishedCheckpoint | undefined {
    return this.offer && this.candidates.get(this.offer.size)?.published;
  }

  /** Offers the newest checkpoint in place of one that did not become final in its time; true when the offer is another one now. */
  renew(): boolean {
    // A clock that was set back must not keep an offer for as long.
    if (this.offer && Math.abs(this.now() - this.offer.since) < OFFER_SECONDS) return false;
    const before = this.offer?.size;
    this.offerNewest();
    return this.offer?.size !== before;
  }

  private offerNewest(): void {
    const size = [...this.candidates.keys()].at(-1);
    this.offer = size === undefined ? undefined : { size, since: this.now() };
    if (size !== undefined && size !== this.offers.at(-1)) this.offers = [...this.offers, size].slice(-KEPT_OFFERS);
  }

  /** `state`: the one at this checkpoint. True when it is the one to cosign now. */
  publish(published: PublishedCheckpoint, state: State): boolean {
    if (this.candidates.has(published.size) || published.size <= (this.final?.size ?? 0)) return false;
    this.candidates.set(published.size, { published, state, lines: new Map() });
    if (!this.offer) this.offerNewest();
    if (this.candidates.size > KEPT)
      this.candidates.delete([...this.candidates.keys()].find(size => !this.offers.includes(size))!);
    return this.offer?.size === published.size;
  }

  /** Takes one witness's two signature lines for a size. Returns the newly final checkpoint, nothing, or why the lines do not count. */
  add(org: string, size: number, text: string): FinalCheckpoint | Refusal | undefined {
    const candidate = this.candidates.get(size);
    // A checkpoint that is final already, or was dropped, needs no more cosignatures.
    if (!candidate) return undefined;
    const witness = witnessesOf(this.judge(candidate)).find(w => w.id === org);
    if (!witness) return { code: 'not-a-witness', why: `${org} is not on the witness list` };
    const base = parseNote(candidate.published.note);
    let own: NoteSignature[];
    try {
      const lines = text.split('\n').filter(l => l !== '');
      // Nothing else goes into the note: a line in the log's name or in another witness's that does not verify would condemn theirs.
      const signatures = lines.map(parseSignatureLine);
      own = parseNoteVkeys(witness.vkeys, 'witness').flatMap(key => signaturesBy(key, signatures).slice(0, 1));
      if (sameSignatures(own, candidate.lines.get(org))) return undefined;
      const { good, faults } = countCosignatures(noteWith(base, own), [witness]);
      if (good.length === 0)
        return { code: 'bad-cosignature', why: faults[0]?.why ?? 'no cosignature of this witness is there' };
    } catch (error) {
      return { code: 'bad-cosignature', why: error instanceof Error ? error.message : String(error) };
    }
    candidate.lines.set(org, own);
    const all = noteWith(base, [...candidate.lines.values()].flat());
    const verdict = judgeFinality(this.judge(candidate), all);
    if (!verdict.final) return undefined;
    this.final = { size, note: all };
    this.state = candidate.state;
    this.drop(size);
    return this.final;
  }

  /** A final checkpoint that came from a member, and the state at it; an older one than the present changes nothing. */
  adopt(final: FinalCheckpoint, state: State): void {
    if (final.size <= (this.final?.size ?? 0)) return;
    this.final = final;
    this.state = state;
    this.drop(final.size);
  }

  /** What is not larger than the final checkpoint needs no more cosignatures. */
  private drop(final: number): void {
    for (const size of this.candidates.keys()) if (size <= final) this.candidates.delete(size);
    this.offers = this.offers.filter(size => size > final);
    if (this.offer && this.offer.size <= final) this.offerNewest();
  }

  /** The first checkpoint of a log is judged by the founding root itself. */
  private judge(candidate: Candidate): State {
    return this.state.root ? this.state : candidate.state;
  }
}

const noteWith = (base: Note, more: readonly NoteSignature[]): Uint8Array =>
  formatNote({ text: base.text, signatures: [...base.signatures, ...more] });

/** The same answer again costs no verification: whoever saw it on its way could send it for ever. */
function sameSignatures(a: readonly NoteSignature[], b: readonly NoteSignature[] | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((s, i) => equalBytes(s.signature, b[i].signature));
}
