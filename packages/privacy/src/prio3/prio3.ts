// Prio3 put together from a circuit: sizes, derivations, sharding, verification, aggregation.
import { plain } from '../bytes/plain.ts';
import { PrivacyError } from '../error.ts';
import type { Arena } from '../kernel/arena.ts';
import { aggregation } from './aggregate.ts';
import { type Circuit, wirePolyLen } from './circuit.ts';
import { derivations } from './derive.ts';
import type { Prio3 } from './interface.ts';
import { sharding } from './shard.ts';
import { nonceSize, seedSize, sizesOf } from './sizes.ts';
import { verification } from './verify.ts';

export interface Prio3Options {
  readonly name: string;
  readonly id: number;
  readonly shares: number;
  readonly proofs: number;
}

/** Builds Prio3 from a circuit. `vector` circuits give number[] and bigint[], others number and bigint. */
export function prio3<M>(arena: Arena, circuit: Circuit<M>, options: Prio3Options): Prio3<M, unknown, unknown> {
  const { id, shares, proofs } = options;
  for (const [name, value, least] of [
    ['shares', shares, 2],
    ['proofs', proofs, 1],
  ] as const)
    if (!Number.isInteger(value) || value < least || value > 255)
      throw new PrivacyError('parameter', `${name} must be ${least} to 255, not ${value}`);
  for (const p of circuit.tables ?? [wirePolyLen(circuit.calls)]) arena.table(circuit.field, p);
  const sizes = sizesOf(circuit, shares, proofs);
  const derive = derivations(arena, circuit, sizes, id);
  const shard = sharding(arena, circuit, sizes, derive);
  const { verifyInit, verifierSharesToMessage, verifyNext } = verification(arena, circuit, sizes, derive);
  return {
    name: options.name,
    id,
    shares,
    proofs,
    field: circuit.field,
    randSize: sizes.randSize,
    nonceSize,
    verifyKeySize: seedSize,
    publicShareSize: sizes.publicShareSize,
    verifierShareSize: sizes.verifierShareSize,
    verifierMessageSize: sizes.verifierMessageSize,
    outputLength: circuit.outputLen,
    aggregateShareSize: sizes.outputBytes,
    inputShareSize: sizes.inputShareSize,
    shard: (ctx, measurement, nonce, rand) => shard(plain(ctx), measurement, plain(nonce), plain(rand)),
    verifyInit: (key, ctx, aggId, nonce, publicShare, inputShare) =>
      verifyInit(plain(key), plain(ctx), aggId, plain(nonce), plain(publicShare), plain(inputShare)),
    verifierSharesToMessage: (ctx, verifierShares) => verifierSharesToMessage(plain(ctx), verifierShares.map(plain)),
    verifyNext,
    ...aggregation(arena, circuit, sizes),
  };
}
