// Collects cosignatures on published checkpoints until a quorum makes one final (protocol, section 4).
import { judgeFinality, type State, witnessesOf } from '@madang/charter';
import {
  countCosignatures,
  formatNote,
  type PublishedCheckpoint,
  parseNote,
  parseSignatureLine,
  type Refusal,
} from '@madang/trust';

/** Checkpoints that wait for cosignatures; older ones are dropped, a later one covers them. */
const KEPT = 64;

interface Candidate {
  readonly state: State;
  readonly published: PublishedCheckpoint;
  readonly lines: Map<string, readonly string[]>;
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

  constructor(final: FinalCheckpoint | undefined, state: State) {
    this.final = final;
    this.state = state;
  }

  get newest(): PublishedCheckpoint | undefined {
    return [...this.candidates.values()].at(-1)?.published;
  }

  /** `state`: the one at this checkpoint. */
  publish(published: PublishedCheckpoint, state: State): void {
    if (this.candidates.has(published.size) || published.size <= (this.final?.size ?? 0)) return;
    this.candidates.set(published.size, { published, state, lines: new Map() });
    if (this.candidates.size > KEPT) this.candidates.delete(this.candidates.keys().next().value!);
  }

  /** Takes one witness's two signature lines for a size. Returns the newly final checkpoint, nothing, or why the lines do not count. */
  add(org: string, size: number, text: string): FinalCheckpoint | Refusal | undefined {
    const candidate = this.candidates.get(size);
    // A checkpoint that is final already, or was dropped, needs no more cosignatures.
    if (!candidate) return undefined;
    const base = parseNote(candidate.published.note);
    let lines: string[];
    try {
      lines = text.split('\n').filter(l => l !== '');
      const note = formatNote({ text: base.text, signatures: [...base.signatures, ...lines.map(parseSignatureLine)] });
      const known = this.judge(candidate);
      const witness = witnessesOf(known).find(w => w.id === org);
      if (!witness) return { code: 'not-a-witness', why: `${org} is not on the witness list` };
      const { good, faults } = countCosignatures(note, [witness]);
      if (good.length === 0)
        return { code: 'bad-cosignature', why: faults[0]?.why ?? 'no cosignature of this witness is there' };
    } catch (error) {
      return { code: 'bad-cosignature', why: error instanceof Error ? error.message : String(error) };
    }
    candidate.lines.set(org, lines);
    const all = formatNote({
      text: base.text,
      signatures: [...base.signatures, ...[...candidate.lines.values()].flat().map(parseSignatureLine)],
    });
    const verdict = judgeFinality(this.judge(candidate), all);
    if (!verdict.final) return undefined;
    this.final = { size, note: all };
    this.state = candidate.state;
    for (const s of this.candidates.keys()) if (s <= size) this.candidates.delete(s);
    return this.final;
  }

  /** A final checkpoint that came from a member, and the state at it; an older one than the present changes nothing. */
  adopt(final: FinalCheckpoint, state: State): void {
    if (final.size <= (this.final?.size ?? 0)) return;
    this.final = final;
    this.state = state;
    for (const size of this.candidates.keys()) if (size <= final.size) this.candidates.delete(size);
  }

  /** The first checkpoint of a log is judged by the founding root itself. */
  private judge(candidate: Candidate): State {
    return this.state.root ? this.state : candidate.state;
  }
}
