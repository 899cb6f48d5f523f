// root.found: entry 0. Names the log, its keys, the rules version, the founding members and the first witnesses. Signed by every founder's root key.

import { hybridKey, keyIdOf, MAX_KEY_SECONDS, noteKeyId, noteKeys } from '../members/keys.ts';
import { asciiLine, handle, home, type Infer, integer, line, list, object, oneOf } from '../schema.ts';
import type { KeyRecord, Member, State } from '../state.ts';
import { refuse, type StatementType } from '../statement-type.ts';

const body = object({
  origin: asciiLine(128),
  rules: integer(1, 1_000),
  operator: handle,
  logKey: hybridKey,
  logNotes: noteKeys('log'),
  time: integer(1, Number.MAX_SAFE_INTEGER),
  founders: list(
    object({
      org: handle,
      name: line(120),
      seat: oneOf('organisation', 'bank'),
      home,
      roles: list(handle, 0, 8),
      root: hybridKey,
      witness: noteKeys('witness'),
    }),
    1,
    4,
  ),
});

export const found: StatementType<Infer<typeof body>> = {
  kind: 'root.found',
  summary: 'Founds a log: its keys, the rules in force, the first members and witnesses.',
  body,
  signers: ['root'],
  signedBy: 'self',
  timeless: true,
  refusals: {
    'already-founded': 'A log is founded once, by its first entry.',
    'founder-missing': 'Every founder signs with the root key named in the body.',
    'duplicate-member': 'Two founders have the same handle.',
  },
  apply: {
    1(state, { id, index, body: b, signers }) {
      if (index !== 0) return refuse('already-founded', 'only the first entry of a log founds it');
      const members: Record<string, Member> = {};
      const keys: Record<string, KeyRecord> = {};
      const until = b.time + MAX_KEY_SECONDS;
      const witnesses: { org: string; key: string }[] = [];
      for (const f of b.founders) {
        const root = keyIdOf(f.root);
        if (members[f.org]) return refuse('duplicate-member', `two founders are called ${f.org}`);
        if (!signers.some(s => s.keyId === root))
          return refuse('founder-missing', `the root key of ${f.org} has not signed`);
        members[f.org] = { name: f.name, seat: f.seat, home: f.home, roles: f.roles, root, joined: index };
        keys[root] = { org: f.org, use: 'root', key: f.root, from: index, until: Number.MAX_SAFE_INTEGER };
        const witness = noteKeyId(f.witness);
        keys[witness] = { org: f.org, use: 'replay-witness', key: f.witness, from: index, until };
        witnesses.push({ org: f.org, key: witness });
      }
      if (signers.length !== b.founders.length)
        return refuse('founder-missing', 'a key has signed that no founder named');
      const logKey = keyIdOf(b.logKey);
      keys[logKey] = { org: b.operator, use: 'log', key: b.logKey, from: index, until: Number.MAX_SAFE_INTEGER };
      const next: State = {
        ...state,
        rules: b.rules,
        time: b.time,
        origin: b.origin,
        root: { id, rules: b.rules, operator: b.operator, logKey, logNotes: b.logNotes, witnesses },
        members,
        keys,
      };
      return next;
    },
  },
};
