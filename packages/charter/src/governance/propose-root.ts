// root.propose: a new root statement (witness list, log key, rules version), in force once a quorum of the present root's seats agreed.

import { quorum } from '@madang/trust';
import { hybridKey, keyIdOf, noteKeys } from '../members/keys.ts';
import { digest, handle, type Infer, integer, list, object } from '../schema.ts';
import { activeMembers, type Root, type State } from '../state.ts';
import { put, type Refusal, refuse, type StatementType } from '../statement-type.ts';

/** Rules versions this program knows; a log that adopts another stops a verifier with "could not check". */
export const KNOWN_RULES: readonly number[] = [1];

const body = object({
  previous: digest,
  rules: integer(1, 1_000),
  operator: handle,
  logKey: hybridKey,
  logNotes: noteKeys('log'),
  witnesses: list(object({ org: handle, key: digest }), 1, 400),
});

export const proposeRoot: StatementType<Infer<typeof body>> = {
  kind: 'root.propose',
  summary: 'Proposes the next root: witnesses, log key, rules version.',
  body,
  signers: ['root', 'officer'],
  refusals: {
    'stale-root': 'The proposal does not follow the root in force.',
    'not-a-witness':
      'A witness in the list has no replay-witness key of that organisation in force, or is on it twice.',
    'operator-change': 'This version of the rules keeps the operator and its log key.',
  },
  apply: {
    1(state, { id, org, body: b }) {
      const current = state.root!;
      if (b.previous !== current.id)
        return refuse(
          'stale-root',
          `the root in force is ${current.id.slice(0, 12)}…, not ${b.previous.slice(0, 12)}…; propose again on top of it`,
        );
      if (b.operator !== current.operator || keyIdOf(b.logKey) !== current.logKey)
        return refuse('operator-change', 'rules 1 keep the operator and its log key; leave them as they are');
      for (const [i, w] of b.witnesses.entries()) {
        if (b.witnesses.findIndex(x => x.org === w.org) !== i)
          return refuse('not-a-witness', `${w.org} is on the list twice; a quorum counts each witness once`);
        const key = state.keys[w.key];
        if (
          key?.org !== w.org ||
          key.use !== 'replay-witness' ||
          key.ended !== undefined ||
          state.members[w.org].left !== undefined
        )
          return refuse(
            'not-a-witness',
            `${w.org} has no replay-witness key ${w.key.slice(0, 12)}… in force; register it first`,
          );
      }
      const root: Root = {
        id,
        rules: b.rules,
        operator: b.operator,
        logKey: current.logKey,
        logNotes: b.logNotes,
        witnesses: b.witnesses.map(w => ({ org: w.org, key: w.key })),
      };
      return agree(
        { ...state, rootProposals: put(state.rootProposals, id, { root, previous: b.previous, agreedBy: [] }) },
        id,
        org,
      );
    },
  },
};

/** Counts one seat's agreement; the proposal that reaches the quorum becomes the root. */
export function agree(state: State, proposal: string, org: string): State | Refusal {
  const p = state.rootProposals[proposal];
  if (p.agreedBy.includes(org)) return refuse('already-agreed', `${org} has agreed to this root already`);
  const agreedBy = [...p.agreedBy, org];
  const next: State = { ...state, rootProposals: put(state.rootProposals, proposal, { ...p, agreedBy }) };
  if (agreedBy.length < quorum(activeMembers(state).length)) return next;
  return { ...next, root: p.root, rules: p.root.rules, rootProposals: {} };
}
