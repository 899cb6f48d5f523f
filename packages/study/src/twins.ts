// Two different slips of one organisation for one round (protocol, section 5, "Replay and twins"): neither counts, and both are published as one blob that the
// transcript names. Aggregators may hold different ones; each tells the others all it has, and all choose the same two. Needs trust and charter only, so that a
// browser can load it.
import { isNoteKeys, type State, type Study } from '@madang/charter';
import { decodePublicKey, verifyStatement } from '@madang/trust';
import type { BlobReader } from './result.ts';
import { digestOf, type RoundRef } from './round/binding.ts';
import { packFrame, unpackFrame } from './round/frame.ts';
import { readSlip, slipDigest } from './round/slip.ts';

/** Name in a transcript's list of rejections. */
export const TWO_SLIPS = 'two-slips';

/** What one aggregator tells the others: all slips that it holds of each organisation. */
export function packSlips(held: readonly (readonly [org: string, slips: readonly Uint8Array[]])[]): Uint8Array {
  return packFrame(held.flatMap(([org, slips]) => slips.map(s => [org, s] as const)));
}

/**
 * The evidence against an organisation from every aggregator's message, in the study's order: the first slip that is signed by it for this round, and the first
 * other one. The same bytes at every aggregator; undefined when the messages do not hold two.
 */
export function evidenceFrom(
  state: State,
  ref: RoundRef,
  org: string,
  messages: readonly Uint8Array[],
): Uint8Array | undefined {
  const slips = messages
    .flatMap(m => partsOf(m))
    .filter(([name]) => name === org)
    .map(([, slip]) => slip)
    .filter(slip => slipFault(state, ref, org, slip) === undefined);
  const other = slips.find(s => contentOf(s) !== contentOf(slips[0]));
  return other && packSlips([[org, [slips[0], other]]]);
}

export type TwinsCheck = { readonly outcome: 'checked' | 'wrong' | 'missing'; readonly why: string };

/** Checks the evidence that a transcript names against an organisation. */
export async function checkTwins(
  state: State,
  study: Study,
  number: string,
  org: string,
  read: BlobReader,
): Promise<TwinsCheck> {
  const digest = study.opening!.rounds[number].transcript!.twins![org];
  const bytes = await read(digest);
  if (!bytes) return { outcome: 'missing', why: `the two slips (${digest.slice(0, 12)}…) are not to be had` };
  if (digestOf(bytes) !== digest) return { outcome: 'wrong', why: 'the two slips are not what their digest names' };
  const parts = partsOf(bytes);
  const ref = { opening: study.opening!.id, round: Number(number) };
  if (parts.length !== 2 || parts.some(([name]) => name !== org))
    return { outcome: 'wrong', why: `the evidence is not two slips of ${org}` };
  for (const [, slip] of parts) {
    const fault = slipFault(state, ref, org, slip);
    if (fault !== undefined) return { outcome: 'wrong', why: fault };
  }
  if (contentOf(parts[0][1]) === contentOf(parts[1][1])) return { outcome: 'wrong', why: 'both slips say the same' };
  return { outcome: 'checked', why: `${org} signed two different slips; neither counts` };
}

/** Why a slip is not one that the organisation signed for this round with a node key. By keys that ever were, so that all see the same at any time. */
function slipFault(state: State, ref: RoundRef, org: string, bytes: Uint8Array): string | undefined {
  try {
    const { slip, opened } = readSlip(bytes);
    if (slip.org !== org || slip.opening !== ref.opening || slip.round !== ref.round)
      return `a slip is not that of ${org} for this round`;
    const verdict = verifyStatement(opened, id => {
      const k = state.keys[id];
      return k && k.org === org && k.use === 'node' && !isNoteKeys(k.key) ? decodePublicKey(k.key) : undefined;
    });
    return verdict.ok ? undefined : `a slip of ${org}: ${verdict.refusal.why}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const contentOf = (bytes: Uint8Array) => slipDigest(readSlip(bytes).slip);

function partsOf(message: Uint8Array): readonly (readonly [name: string, data: Uint8Array])[] {
  try {
    return unpackFrame(message);
  } catch {
    return [];
  }
}
