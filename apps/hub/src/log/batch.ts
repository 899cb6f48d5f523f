// One batch of statements before anything of it is written: what the rules say to each, in the order in which they came. Changes nothing.
import { admitStatement, isRefusal, type Replay, type State, verifySignatures } from '@madang/charter';
import { type Opened, openStatement, type Refusal, TrustError } from '@madang/trust';

/** A statement that was not admitted: why, at which size of the log, and whether its own signatures verify. */
export interface Refused {
  readonly kind: 'refused';
  readonly statement: Opened;
  readonly refusal: Refusal;
  readonly at: number;
  readonly genuine: boolean;
}

export type Verdict =
  | { readonly kind: 'admitted'; readonly id: string; readonly index: number }
  | Refused
  /** Bytes that are no statement: there is no id to name. */
  | { readonly kind: 'unreadable'; readonly refusal: Refusal }
  /** A fault of this program; it costs the one statement, not those beside it. */
  | { readonly kind: 'failed'; readonly error: unknown };

/** A statement that was admitted, and the state after it. */
export interface Accepted {
  readonly statement: Opened;
  readonly state: State;
}

export interface Judged {
  /** What the log is to hold after what it has: the new statements that were admitted. */
  readonly entries: readonly Accepted[];
  /** For each of the batch. */
  readonly verdicts: readonly Verdict[];
}

/** Judges a batch on top of `replay`. `time`: the log's own time statement, where one is due before it. */
export async function judgeBatch(
  replay: Replay,
  batch: readonly Uint8Array[],
  time: Uint8Array | undefined,
): Promise<Judged> {
  const first = replay.past.size;
  let state = replay.state;
  const entries: Accepted[] = [];
  const fresh = new Map<string, number>();
  const take = (statement: Opened, next: State) => {
    state = next;
    fresh.set(statement.id, first + entries.length);
    entries.push({ statement, state });
  };

  if (time) {
    const statement = openStatement(time);
    const next = admitStatement(state, statement, replay.past);
    if (!isRefusal(next)) take(statement, next);
  }
  const opened = batch.map(readStatement);
  const statements = opened.filter(o => 'bytes' in o);
  // Where the one check of all fails, each is checked in its turn, and only the one at fault fails.
  const verified = await verifySignatures(state, statements).catch(() => []);
  const genuine = new Set(statements.filter((_, i) => verified[i]));
  const judge = (statement: Opened): Verdict => {
    const { id } = statement;
    // The same act again adds nothing and gets the same index.
    const known = replay.indexOf(id) ?? fresh.get(id);
    if (known !== undefined) return { kind: 'admitted', id, index: known };
    const signaturesVerified = genuine.has(statement);
    const next = admitStatement(state, statement, replay.past, { signaturesVerified });
    if (isRefusal(next))
      return { kind: 'refused', statement, refusal: next, at: state.size, genuine: signaturesVerified };
    take(statement, next);
    return { kind: 'admitted', id, index: fresh.get(id)! };
  };
  const verdicts = opened.map((o): Verdict => {
    if (!('bytes' in o)) return o;
    try {
      return judge(o);
    } catch (error) {
      return { kind: 'failed', error };
    }
  });
  return { entries, verdicts };
}

function readStatement(bytes: Uint8Array): Opened | Verdict {
  try {
    return openStatement(bytes);
  } catch (error) {
    if (!(error instanceof TrustError)) return { kind: 'failed', error };
    return { kind: 'unreadable', refusal: { code: error.code, why: error.message } };
  }
}
