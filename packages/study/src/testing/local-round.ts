// A round without a network, for tests: contributors with keys of their own, aggregators with theirs, the very code of a live study between them.
import type { Shape } from '@madang/charter';
import {
  encodePublicKey,
  generateHybridKey,
  generateSealKey,
  type HybridKey,
  opener,
  type Refusal,
  randomBytes,
  softwareSigner,
  toBase64,
  verifyStatement,
} from '@madang/trust';
import type { Conclusion } from '../aggregator/conclude.ts';
import { RoundIntake } from '../aggregator/intake.ts';
import { makeContribution, type Parcel, packParcel } from '../contributor.ts';
import { verificationKey } from '../round/binding.ts';
import type { LongCipher } from '../round/long.ts';
import { readSlip } from '../round/slip.ts';

export const OPENING = 'ab'.repeat(32);
const STUDY = 'cd'.repeat(32);

export function localRound(count: number, shape: Shape, aggregatorCount = 2, round = 1, cipher?: LongCipher) {
  const orgs = Array.from({ length: count }, (_, i) => `org-${String(i).padStart(2, '0')}`);
  const keys = new Map<string, HybridKey>(orgs.map(o => [o, generateHybridKey()]));
  const aggregators = Array.from({ length: aggregatorCount }, (_, i) => `agg-${i}`);
  const seals = aggregators.map(() => generateSealKey());
  const verifyKey = verificationKey(
    STUDY,
    aggregators.map(() => randomBytes(32)),
  );
  const facts = {
    opening: OPENING,
    round,
    shape,
    aggregators,
    organisations: orgs,
    verifyKey,
    ...(cipher ? { cipher } : {}),
  };
  /** The intake of aggregator `i`, empty: as after a restart. */
  const intake = (i: number) => new RoundIntake({ ...facts, self: aggregators[i] }, opener(seals[i].secretKey));
  const targets = aggregators.map((org, i) => ({ org, sealKey: toBase64(seals[i].publicKey) }));
  const signerOf = (org: string) => softwareSigner(keys.get(org)!);
  /** The key as the log's state has it. */
  const logKeyOf = (org: string) => ({ org, use: 'node', key: encodePublicKey(keys.get(org)!.publicKey) });
  const check = (slip: Uint8Array, org: string): Refusal | undefined => {
    const verdict = verifyStatement(readSlip(slip).opened, id =>
      keys.get(org)?.keyId === id ? keys.get(org)!.publicKey : undefined,
    );
    return verdict.ok ? undefined : verdict.refusal;
  };
  const contribute = (org: string, measurement: ArrayLike<number>, at = { opening: OPENING, round }) =>
    makeContribution({ ...at, org, shape, aggregators: targets, measurement }, signerOf(org));
  const intakes = aggregators.map((_, i) => intake(i));
  /** Every aggregator takes its parcel; what each answered. */
  const send = (parcels: readonly Parcel[]) => parcels.map((p, i) => intakes[i].take(packParcel(p), check));
  const conclude = (): Promise<Conclusion[]> => {
    const messages = intakes.map(i => i.verifierMessage());
    return Promise.all(intakes.map(i => i.conclude(messages)));
  };
  return {
    orgs,
    keys,
    aggregators,
    seals,
    intakes,
    intake,
    contribute,
    check,
    targets,
    signerOf,
    logKeyOf,
    send,
    conclude,
  };
}
