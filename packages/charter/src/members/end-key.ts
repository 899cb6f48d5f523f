// member.key-end: the root ends a key. Earlier entries stand; `compromisedFrom` marks what rests on the key since that index as in question.
import { digest, type Infer, integer, object, oneOf, optional } from '../schema.ts';
import type { State } from '../state.ts';
import { put, refuse, type StatementType } from '../statement-type.ts';

const body = object({
  key: digest,
  reason: oneOf('rotated', 'lost', 'compromised'),
  compromisedFrom: optional(integer(0, Number.MAX_SAFE_INTEGER)),
});

export const endKey: StatementType<Infer<typeof body>> = {
  kind: 'member.key-end',
  summary: 'Ends a working key.',
  body,
  signers: ['root'],
  refusals: { 'unknown-key': 'The member has no such working key in force.' },
  apply: {
    1(state, { index, org, body: b }) {
      const k = state.keys[b.key];
      if (k?.org !== org || k.ended !== undefined || k.use === 'root' || k.use === 'log')
        return refuse('unknown-key', `${org} has no working key ${b.key.slice(0, 12)}… in force`);
      const ended = {
        ...k,
        ended: index,
        ...(b.compromisedFrom === undefined ? {} : { compromisedFrom: b.compromisedFrom }),
      };
      const next = { ...state, keys: put(state.keys, b.key, ended) };
      return b.compromisedFrom === undefined ? next : withdrawApprovals(next, org, b.key, b.compromisedFrom, index);
    },
  },
};

/** Approvals of unfinished studies that rest on a compromised key stop counting; a study still proposed can be approved anew. */
function withdrawApprovals(state: State, org: string, key: string, from: number, index: number): State {
  let studies = state.studies;
  for (const [id, study] of Object.entries(studies)) {
    const a = study.approvals[org];
    const over = study.stage === 'finished' || study.stage === 'failed';
    if (over || a?.key !== key || a.index < from || a.withdrawn !== undefined) continue;
    studies = put(studies, id, { ...study, approvals: put(study.approvals, org, { ...a, withdrawn: index }) });
  }
  return { ...state, studies };
}
