// The aggregators' check of one report (draft: "Verification").
import { PrivacyError } from '../error.ts';
import { fieldParameters, power, writeElement } from '../field/field.ts';
import type { Arena } from '../kernel/arena.ts';
import type { Circuit } from './circuit.ts';
import type { Derivations } from './derive.ts';
import type { VerifyState } from './interface.ts';
import { checkArgument, checkShape, nonceSize, type Sizes, seedSize } from './sizes.ts';

export function verification(arena: Arena, circuit: Circuit<never>, sizes: Sizes, derive: Derivations) {
  const { measBytes, proofBytes, verifierBytes, joint, proofs, shares } = sizes;
  const { kernel } = arena;
  const f = kernel.fields[circuit.field];
  const parameters = fieldParameters[circuit.field];
  const inverseOfShares = new Uint8Array(sizes.size);
  writeElement(parameters, inverseOfShares, 0, power(BigInt(shares), parameters.modulus - 2n, parameters.modulus));

  function verifyInit(
    verifyKey: Uint8Array,
    ctx: Uint8Array,
    aggId: number,
    nonce: Uint8Array,
    publicShare: Uint8Array,
    inputShare: Uint8Array,
  ) {
    checkArgument('verifyKey', verifyKey, seedSize);
    if (!Number.isInteger(aggId) || aggId < 0 || aggId >= shares)
      throw new PrivacyError('parameter', `aggregator ${aggId} is none of 0 to ${shares - 1}`);
    checkShape('nonce', nonce, nonceSize);
    checkShape('public share', publicShare, sizes.publicShareSize);
    checkShape(`input share of aggregator ${aggId}`, inputShare, sizes.inputShareSize(aggId));
    return arena.scope(() => {
      const meas = arena.allocate(measBytes);
      const proofShares = arena.allocate(proofBytes * proofs);
      if (aggId === 0) {
        kernel.bytes().set(inputShare.subarray(0, measBytes), meas);
        kernel.bytes().set(inputShare.subarray(measBytes, measBytes + proofBytes * proofs), proofShares);
        if (f.reduced(meas, circuit.measLen) === 0 || f.reduced(proofShares, sizes.proofLen * proofs) === 0)
          throw new PrivacyError('shape', `input share of aggregator 0 holds a number not below the modulus`);
      } else {
        derive.helperMeasShare(ctx, aggId, inputShare.subarray(0, seedSize), meas);
        derive.helperProofsShare(ctx, aggId, inputShare.subarray(0, seedSize), proofShares);
      }
      const out = arena.allocate(sizes.outputBytes);
      circuit.truncate(arena, meas, out);

      const verifierShare = new Uint8Array(sizes.verifierShareSize);
      let correctedSeed: Uint8Array = new Uint8Array(0);
      if (joint) {
        const part = derive.jointRandPart(ctx, aggId, inputShare.subarray(inputShare.length - seedSize), meas, nonce);
        const parts = publicShare.slice();
        parts.set(part, aggId * seedSize);
        correctedSeed = derive.jointRandSeed(ctx, parts);
        verifierShare.set(part, verifierBytes * proofs);
      }
      const jointRands = derive.jointRands(ctx, correctedSeed);
      const queryRands = derive.queryRands(ctx, verifyKey, nonce);
      const sharesInverse = arena.put(inverseOfShares);
      const verifiers = arena.allocate(verifierBytes * proofs);
      for (let i = 0; i < proofs; i++) {
        const good = circuit.query(
          arena,
          meas,
          proofShares + i * proofBytes,
          queryRands + i * sizes.queryRandBytes,
          jointRands + i * sizes.jointRandBytes,
          sharesInverse,
          verifiers + i * verifierBytes,
        );
        if (!good) throw new PrivacyError('test-point', 'the test point is a root of unity');
      }
      verifierShare.set(kernel.bytes().subarray(verifiers, verifiers + verifierBytes * proofs));
      return { state: { outShare: arena.take(out, sizes.outputBytes), jointRandSeed: correctedSeed }, verifierShare };
    });
  }

  function verifierSharesToMessage(ctx: Uint8Array, verifierShares: readonly Uint8Array[]): Uint8Array {
    if (verifierShares.length !== shares)
      throw new PrivacyError('shape', `${verifierShares.length} verifier shares, there are ${shares} aggregators`);
    verifierShares.forEach((share, j) => {
      checkShape(`verifier share of aggregator ${j}`, share, sizes.verifierShareSize);
    });
    return arena.scope(() => {
      const n = sizes.verifierLen * proofs;
      const total = arena.allocate(verifierBytes * proofs);
      const part = arena.allocate(verifierBytes * proofs);
      arena.fill(total, verifierBytes * proofs);
      const parts = new Uint8Array(sizes.publicShareSize);
      verifierShares.forEach((share, j) => {
        kernel.bytes().set(share.subarray(0, verifierBytes * proofs), part);
        if (f.reduced(part, n) === 0)
          throw new PrivacyError('shape', `verifier share of aggregator ${j} holds a number not below the modulus`);
        f.add(total, part, n);
        if (joint) parts.set(share.subarray(verifierBytes * proofs), j * seedSize);
      });
      for (let i = 0; i < proofs; i++)
        if (!circuit.decide(arena, total + i * verifierBytes))
          throw new PrivacyError(
            'proof',
            proofs === 1 ? 'the proof does not hold' : `proof ${i + 1} of ${proofs} does not hold`,
          );
      return joint ? derive.jointRandSeed(ctx, parts) : new Uint8Array(0);
    });
  }

  function verifyNext(state: VerifyState, verifierMessage: Uint8Array): Uint8Array {
    checkShape('verifier message', verifierMessage, sizes.verifierMessageSize);
    let difference = 0;
    for (let i = 0; i < sizes.verifierMessageSize; i++) difference |= verifierMessage[i] ^ state.jointRandSeed[i];
    if (difference !== 0)
      throw new PrivacyError('joint-randomness', 'the client did not use the joint randomness of its shares');
    return state.outShare;
  }

  return { verifyInit, verifierSharesToMessage, verifyNext };
}
