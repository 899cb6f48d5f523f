// The client's part of Prio3: encode, share, prove (draft: "Sharding").
import type { Arena } from '../kernel/arena.ts';
import type { Pointer } from '../kernel/kernel.ts';
import type { Circuit } from './circuit.ts';
import type { Derivations } from './derive.ts';
import { checkArgument, nonceSize, type Sizes, seedSize } from './sizes.ts';

export function sharding<M>(arena: Arena, circuit: Circuit<M>, sizes: Sizes, derive: Derivations) {
  const { measBytes, proofBytes, joint, proofs, shares } = sizes;
  const f = arena.kernel.fields[circuit.field];

  function shard(ctx: Uint8Array, measurement: M, nonce: Uint8Array, rand: Uint8Array) {
    checkArgument('nonce', nonce, nonceSize);
    checkArgument('rand', rand, sizes.randSize);
    return arena.scope(() => {
      const meas = arena.allocate(measBytes);
      arena.fill(meas, measBytes);
      circuit.encode(measurement, arena.kernel.bytes(), meas);
      return shardEncoded(ctx, meas, nonce, rand);
    });
  }

  function shardEncoded(ctx: Uint8Array, meas: Pointer, nonce: Uint8Array, rand: Uint8Array) {
    // rand: for each helper its seed (and blind), then the leader's blind if any, then the prover's seed.
    const stride = joint ? 2 : 1;
    const seedAt = (i: number) => rand.subarray(i * seedSize, (i + 1) * seedSize);
    const helperSeed = (j: number) => seedAt(j * stride);
    const helperBlind = (j: number) => seedAt(j * stride + 1);
    const leaderBlind = seedAt((shares - 1) * stride);
    const proveSeed = seedAt((shares - 1) * stride + (joint ? 1 : 0));

    const leaderBytes = measBytes + proofBytes * proofs;
    const leader = arena.allocate(leaderBytes);
    const leaderProofs = leader + measBytes;
    const helper = arena.allocate(Math.max(measBytes, proofBytes * proofs));
    const parts = new Uint8Array(sizes.publicShareSize);
    arena.kernel.bytes().copyWithin(leader, meas, meas + measBytes);
    for (let j = 0; j < shares - 1; j++) {
      derive.helperMeasShare(ctx, j + 1, helperSeed(j), helper);
      f.sub(leader, helper, circuit.measLen);
      if (joint) parts.set(derive.jointRandPart(ctx, j + 1, helperBlind(j), helper, nonce), (j + 1) * seedSize);
    }
    if (joint) parts.set(derive.jointRandPart(ctx, 0, leaderBlind, leader, nonce), 0);

    const proveRands = derive.proveRands(ctx, proveSeed);
    const jointRands = derive.jointRands(ctx, joint ? derive.jointRandSeed(ctx, parts) : parts);
    for (let i = 0; i < proofs; i++)
      circuit.prove(
        arena,
        meas,
        proveRands + i * sizes.proveRandBytes,
        jointRands + i * sizes.jointRandBytes,
        leaderProofs + i * proofBytes,
      );
    for (let j = 0; j < shares - 1; j++) {
      derive.helperProofsShare(ctx, j + 1, helperSeed(j), helper);
      f.sub(leaderProofs, helper, sizes.proofLen * proofs);
    }

    const first = new Uint8Array(sizes.inputShareSize(0));
    first.set(arena.kernel.bytes().subarray(leader, leader + leaderBytes));
    if (joint) first.set(leaderBlind, leaderBytes);
    const inputShares = [first];
    for (let j = 0; j < shares - 1; j++)
      inputShares.push(rand.slice(j * stride * seedSize, (j + 1) * stride * seedSize));
    return { publicShare: parts, inputShares };
  }

  return shard;
}
