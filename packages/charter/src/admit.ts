// Decides on one statement: form, keys, freshness, signatures, then the reducer of its kind under the rules version in force.
// Pure: time is log time, the past comes in as a History.
import { type Opened, verifyStatement } from '@madang/trust';
import { KNOWN_RULES } from './governance/propose-root.ts';
import type { History } from './history.ts';
import { isNoteKeys, keyIdOf, publicKeyOf } from './members/keys.ts';
import { byKind } from './registry.ts';
import { SchemaError } from './schema.ts';
import type { HybridKey, KeyUse, State } from './state.ts';
import { type Checked, isRefusal, type Refusal, refuse } from './statement-type.ts';

/** `seen` may be at most this old in log time (seconds). */
export const MAX_SEEN_AGE_SECONDS = 7 * 86_400;

export interface AdmitOptions {
  /** True when both signatures of every signer were verified against the key ids elsewhere (a worker); ids are hashes of keys. */
  readonly signaturesVerified?: boolean;
}

/** The next state, or why the statement is not admitted at index `state.size`. Throws only on a rules version this program does not know. */
export function admitStatement(
  state: State,
  opened: Opened,
  past: History,
  options: AdmitOptions = {},
): State | Refusal {
  const index = state.size;
  const type = byKind.get(opened.kind);
  if (!type) return refuse('unknown-kind', `no rules for statements of kind "${opened.kind}"; see the list of kinds`);
  const reducer = type.apply[ruleVersion(state)];
  if (!reducer) return refuse('unknown-kind', `rules ${state.rules} do not know statements of kind "${opened.kind}"`);
  if (!state.root && opened.kind !== 'root.found') return refuse('not-founded', 'the first entry of a log founds it');
  if (state.root && opened.kind === 'root.found')
    return refuse('already-founded', 'this log was founded by entry 0; a log is founded once');
  const waiting = Object.keys(state.inadmissible).find(i => !state.inadmissible[i].voided);
  if (waiting !== undefined && opened.kind !== 'log.void' && opened.kind !== 'log.time')
    return refuse('log-blocked', `entry ${waiting} is inadmissible and must be voided by a quorum first`);

  let body: unknown;
  try {
    body = type.body.parse(opened.body, 'body');
  } catch (error) {
    if (error instanceof SchemaError) return refuse('bad-body', `${opened.kind}: ${error.message}`);
    throw error;
  }

  const introduced = type.signedBy === 'self' ? introducedKeys(body) : new Map<string, HybridKey>();
  const signers: { keyId: string; org: string; use: KeyUse }[] = [];
  for (const { keyId } of opened.signatures) {
    const fresh = introduced.get(keyId);
    const record = state.keys[keyId];
    if (fresh && !record) {
      signers.push({ keyId, org: opened.org, use: 'root' });
      continue;
    }
    if (!record || isNoteKeys(record.key)) return refuse('unknown-key', `key ${keyId.slice(0, 12)}… is not in the log`);
    if (record.ended !== undefined)
      return refuse('key-ended', `key ${keyId.slice(0, 12)}… of ${record.org} was ended by entry ${record.ended}`);
    if (record.until < state.time)
      return refuse('key-expired', `key ${keyId.slice(0, 12)}… of ${record.org} expired at log time ${record.until}`);
    if (record.use !== 'log') {
      const member = state.members[record.org];
      if (!member || member.left !== undefined) return refuse('not-a-member', `${record.org} has no seat`);
    }
    if (!type.signers.includes(record.use))
      return refuse(
        'wrong-key-use',
        `a ${record.use} key may not sign ${opened.kind}; it takes ${type.signers.join(' or ')}`,
      );
    if (type.signedBy !== 'cosigned' && record.org !== opened.org)
      return refuse('wrong-signer', `the statement speaks for ${opened.org}, the key belongs to ${record.org}`);
    signers.push({ keyId, org: record.org, use: record.use });
  }
  if (!signers.some(s => s.org === opened.org) && opened.kind !== 'root.found')
    return refuse('wrong-signer', `${opened.org} has not signed its own statement`);

  const stale = type.timeless ? undefined : checkFreshness(state, opened, past);
  if (stale) return stale;

  if (!options.signaturesVerified) {
    const verdict = verifyStatement(opened, id => {
      const key = introduced.get(id) ?? state.keys[id]?.key;
      return key && !isNoteKeys(key) ? publicKeyOf(key) : undefined;
    });
    if (!verdict.ok) return verdict.refusal;
  }

  const checked: Checked<unknown> = { id: opened.id, index, org: opened.org, body, signers };
  const next = reducer(state, checked);
  return isRefusal(next) ? next : { ...next, size: index + 1 };
}

/** The rules version of the next entry. Throws `UnknownRules` when a log has adopted one that this program does not know. */
function ruleVersion(state: State): number {
  if (!KNOWN_RULES.includes(state.rules)) throw new UnknownRules(state.rules, state.size);
  return state.rules;
}

export class UnknownRules extends Error {
  readonly code = 'unknown-rules';
  constructor(rules: number, index: number) {
    super(
      `rules ${rules} are in force at entry ${index}; this program knows ${KNOWN_RULES.join(', ')}: use a newer one`,
    );
  }
}

function introducedKeys(body: unknown): Map<string, HybridKey> {
  const b = body as { root?: HybridKey; founders?: readonly { root: HybridKey }[] };
  const keys = b.founders ? b.founders.map(f => f.root) : b.root ? [b.root] : [];
  return new Map(keys.map(k => [keyIdOf(k), k]));
}

/** A hub must not keep a signed approval in a drawer: `seen` binds it to a recent history, `until` ends it. */
function checkFreshness(state: State, opened: Opened, past: History): Refusal | undefined {
  const { seen, until } = opened;
  if (!seen || until === undefined) return refuse('not-fresh', `${opened.kind} needs "seen" and "until"`);
  if (until < state.time)
    return refuse('too-late', `the statement was good until log time ${until}; it is ${state.time}. Sign it again`);
  const root = past.rootAt(seen.size);
  if (root === undefined) return refuse('not-fresh', `the signer saw size ${seen.size}; this log has ${past.size}`);
  if (root !== seen.root)
    return refuse('other-history', `at size ${seen.size} the signer saw another root: two histories exist`);
  if (state.time - past.timeAt(seen.size) > MAX_SEEN_AGE_SECONDS)
    return refuse('not-fresh', `what the signer had seen (size ${seen.size}) is over 7 days old; sign it again`);
  return undefined;
}
