// A signed refusal (protocol, section 4): the log's word, under its statement key, that it did not admit a statement, and why. It has the form of a
// statement and a kind that no rules know, so it can never enter a log. Whoever has a copy of the log can judge it: replayed up to `at`, the rules either
// refuse the statement as well or the hub turned away what it should have taken.
import { type Opened, openStatement, type Payload, TrustError, verifyStatement } from '@madang/trust';
import { isNoteKeys, publicKeyOf } from './members/keys.ts';
import { digest, type Infer, integer, line, object, SchemaError } from './schema.ts';
import type { State } from './state.ts';
import { type Refusal, refuse } from './statement-type.ts';

const KIND = 'log.refusal';

const body = object({
  /** Id of the refused statement. */
  statement: digest,
  code: line(64),
  reason: line(500),
  /** Entries that the log had when the statement was judged; all of them are under the checkpoint of `seen`. */
  at: integer(0, Number.MAX_SAFE_INTEGER),
  /** Seconds since 1970, by the hub's clock. */
  time: integer(1, Number.MAX_SAFE_INTEGER),
});

export interface SignedRefusal extends Infer<typeof body> {
  /** Checkpoint of the log when it answered: size and root. */
  readonly seen: { readonly size: number; readonly root: string };
}

/** What the log signs. `reason` is cut to 500 characters. */
export function refusalPayload(operator: string, r: SignedRefusal): Payload {
  const { seen, ...rest } = r;
  return { kind: KIND, org: operator, body: { ...rest, reason: rest.reason.slice(0, 500) }, seen };
}

/** Reads a refusal and checks its signatures against the log key of a state; what it says is not judged here. */
export function readRefusal(bytes: Uint8Array, state: State): SignedRefusal | Refusal {
  let opened: Opened;
  let said: Infer<typeof body>;
  try {
    opened = openStatement(bytes);
    if (opened.kind !== KIND) return refuse('no-refusal', `this is a statement of kind ${opened.kind}, not a refusal`);
    said = body.parse(opened.body, 'body');
  } catch (error) {
    if (error instanceof TrustError) return refuse(error.code, error.message);
    if (error instanceof SchemaError) return refuse('bad-body', error.message);
    throw error;
  }
  if (!opened.seen || opened.seen.size < said.at)
    return refuse('bad-body', 'the refusal names no checkpoint that covers what it was judged by');
  const verdict = verifyStatement(opened, id => {
    const record = state.keys[id];
    return record?.use === 'log' && !isNoteKeys(record.key) ? publicKeyOf(record.key) : undefined;
  });
  if (!verdict.ok) return verdict.refusal;
  return { ...said, seen: opened.seen };
}
