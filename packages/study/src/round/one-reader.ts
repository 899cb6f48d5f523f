// Results for one reader (protocol, section 5, step 8): the noised share goes sealed to the proposer's reply key, the log has its digest only. A salt
// goes with it: whoever holds one share could otherwise try small sums against the digest of the other.
import { canonicalJson, concat, fromBase64, type Json, open, randomBytes, seal, utf8 } from '@madang/trust';
import { digestOf, type RoundRef } from './binding.ts';

const SALT_BYTES = 32;
const INFO = utf8('madang/share-for-one-reader/1');

/** What an aggregator commits to: its share and a fresh salt. */
export function saltShare(share: Uint8Array): Uint8Array {
  return concat(share, randomBytes(SALT_BYTES));
}

/** Seals a salted share to the study's reply key. Not the same bytes twice: store before sending. */
export function sealForReader(replyKey: string, ref: RoundRef, aggregator: string, salted: Uint8Array): Uint8Array {
  return seal(fromBase64(replyKey), INFO, aad(ref, aggregator), salted);
}

/**
 * The share that an aggregator sent its reader, without the salt. `digest` is the one that `round.reveal` names.
 * Throws when it was sealed for another key, round or sender, or is not what the aggregator committed to.
 */
export function openForReader(
  secretKey: Uint8Array,
  ref: RoundRef,
  aggregator: string,
  sealed: Uint8Array,
  digest: string,
): Uint8Array {
  const salted = open(secretKey, INFO, aad(ref, aggregator), sealed);
  if (digestOf(salted) !== digest) throw new Error(`the share that ${aggregator} sent is not the one it committed to`);
  return salted.subarray(0, salted.length - SALT_BYTES);
}

/** Topic of the letters. It names the opening, so that they are erased with it. */
export function readerTopic(ref: RoundRef): string {
  return `reveal/${ref.opening}/${ref.round}`;
}

function aad(ref: RoundRef, aggregator: string): Uint8Array {
  return utf8(canonicalJson({ aggregator, opening: ref.opening, round: ref.round } as Json));
}
