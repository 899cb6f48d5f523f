// Two transcripts of one round (round.differ): each must be what its aggregators signed for that very round, and they must differ. Only then does the log
// show whose views did not agree; needs trust and charter only, so that a browser can load it.
import { isNoteKeys, type State, type Study } from '@madang/charter';
import { decodePublicKey, type Opened, openStatement, verifyStatement } from '@madang/trust';
import type { BlobReader } from './result.ts';
import { digestOf } from './round/binding.ts';

interface Transcript {
  readonly organisations: readonly string[];
  readonly rejected: readonly { readonly org: string; readonly reason: string }[];
  readonly slips: string;
  readonly verifier: string;
}

export interface SignedTranscript {
  readonly opened: Opened;
  /** Organisations whose aggregator key signed, in the envelope's order. */
  readonly signers: readonly string[];
}

/** Reads a transcript of a round and checks its signatures against the aggregators' keys; a sentence when it is none. */
export function readTranscript(
  bytes: Uint8Array,
  state: State,
  opening: string,
  round: number,
): SignedTranscript | string {
  let opened: Opened;
  try {
    opened = openStatement(bytes);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (opened.kind !== 'round.transcript' || opened.body['opening'] !== opening || opened.body['round'] !== round)
    return `it is no transcript of round ${round} of this opening`;
  const record = (id: string) => {
    const k = state.keys[id];
    return k?.use === 'aggregator' && !isNoteKeys(k.key) ? { org: k.org, key: k.key } : undefined;
  };
  const verdict = verifyStatement(opened, id => {
    const k = record(id);
    return k && decodePublicKey(k.key);
  });
  if (!verdict.ok) return verdict.refusal.why;
  return { opened, signers: verdict.signers.map(id => record(id)!.org) };
}

export type TranscriptsCheck =
  | { readonly outcome: 'checked' | 'wrong'; readonly why: string }
  | { readonly outcome: 'missing'; readonly why: string };

/** Checks what a round.differ shows; `why` says in words how the transcripts differ. */
export async function checkTranscripts(
  state: State,
  study: Study,
  number: string,
  read: BlobReader,
): Promise<TranscriptsCheck> {
  const shown = study.opening?.rounds[number]?.differ;
  if (!shown || !study.opening) return { outcome: 'missing', why: `round ${number} has no two transcripts` };
  const both: SignedTranscript[] = [];
  for (const [digest, whose] of [
    [shown.theirs, 'the other'],
    [shown.ours, `${shown.by}'s`],
  ] as const) {
    const bytes = await read(digest);
    if (!bytes) return { outcome: 'missing', why: `${whose} transcript (${digest.slice(0, 12)}…) is not to be had` };
    if (digestOf(bytes) !== digest)
      return { outcome: 'wrong', why: `${whose} transcript is not what its digest names` };
    const signed = readTranscript(bytes, state, study.opening.id, Number(number));
    if (typeof signed === 'string')
      return { outcome: 'wrong', why: `${shown.by} shows ${whose} transcript: ${signed}` };
    both.push(signed);
  }
  const [theirs, ours] = both;
  const others = theirs.signers;
  if (others.includes(shown.by) || others.some(o => !study.aggregators.includes(o)) || ours.signers.join() !== shown.by)
    return { outcome: 'wrong', why: `${shown.by} shows transcripts that are not another aggregator's and its own` };
  const difference = differenceOf(
    theirs.opened.body as unknown as Transcript,
    ours.opened.body as unknown as Transcript,
  );
  if (difference === undefined) return { outcome: 'wrong', why: `${shown.by} shows two transcripts that say the same` };
  return {
    outcome: 'checked',
    why: `${others.join(' and ')} signed another transcript than ${shown.by}: ${difference}`,
  };
}

function differenceOf(theirs: Transcript, ours: Transcript): string | undefined {
  const missing = (a: Transcript, b: Transcript) => b.organisations.filter(o => !a.organisations.includes(o));
  const parts = [
    ...missing(theirs, ours).map(o => `the first leaves out ${o}`),
    ...missing(ours, theirs).map(o => `the second leaves out ${o}`),
  ];
  if (JSON.stringify(theirs.rejected) !== JSON.stringify(ours.rejected)) parts.push('other rejections');
  if (theirs.slips !== ours.slips) parts.push('other slips');
  if (theirs.verifier !== ours.verifier) parts.push('other messages between the aggregators');
  return parts.length > 0 ? parts.join(', ') : undefined;
}
