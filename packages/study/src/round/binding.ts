// What binds a contribution to its place: every share and seal carries label, opening, round, organisation, part, aggregator (protocol, "Binding").
// The opening's id covers shape, aggregators and key commitments, which Prio3 itself does not bind.
import { canonicalJson, concat, fromHex, type Json, sha256, toHex, utf8 } from '@madang/trust';

export interface RoundRef {
  /** Statement id of `round.open`. */
  readonly opening: string;
  /** 1 to R. */
  readonly round: number;
}

/** Application context of Prio3 for one round. */
export function roundContext(ref: RoundRef): Uint8Array {
  return concat(utf8('madang/round/1\n'), fromHex(ref.opening), utf8(`\n${ref.round}`));
}

export const SHARE_INFO = utf8('madang/sealed-share/1');
export const SECRET_INFO = utf8('madang/verify-key-part/1');

/** Additional data under which a share is sealed to one aggregator. */
export function shareAad(
  ref: RoundRef,
  org: string,
  part: number,
  aggregator: string,
  publicShareDigest: string,
): Uint8Array {
  return utf8(
    canonicalJson({
      aggregator,
      opening: ref.opening,
      org,
      part,
      publicShare: publicShareDigest,
      round: ref.round,
    } as Json),
  );
}

/** Additional data under which an aggregator sends its part of the verification key to another. */
export function secretAad(study: string, from: string, to: string): Uint8Array {
  return utf8(canonicalJson({ from, study, to } as Json));
}

/** The aggregators' common verification key: a hash over every aggregator's random part, in the study's order. Never shown to hub or contributors. */
export function verificationKey(study: string, parts: readonly Uint8Array[]): Uint8Array {
  return sha256(concat(utf8('madang/verify-key/1\n'), fromHex(study), ...parts));
}

export function digestOf(bytes: Uint8Array): string {
  return toHex(sha256(bytes));
}
