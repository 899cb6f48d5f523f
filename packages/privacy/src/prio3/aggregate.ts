// Adding output shares, noise, and opening the sum (draft: "Aggregation" and "Unsharding").
import { plain } from '../bytes/plain.ts';
import { PrivacyError } from '../error.ts';
import { centred, decodeVector, fieldParameters, writeElement } from '../field/field.ts';
import type { Arena } from '../kernel/arena.ts';
import type { Circuit } from './circuit.ts';
import type { Integers } from './range.ts';
import { checkShape, type Sizes } from './sizes.ts';

export function aggregation(arena: Arena, circuit: Circuit<never>, sizes: Sizes) {
  const { kernel } = arena;
  const f = kernel.fields[circuit.field];
  const parameters = fieldParameters[circuit.field];

  function aggregateInit(): Uint8Array {
    return new Uint8Array(sizes.outputBytes);
  }

  function aggregateUpdate(aggregateShare: Uint8Array, outShare: Uint8Array): Uint8Array {
    checkShape('aggregate share', aggregateShare, sizes.outputBytes);
    checkShape('output share', outShare, sizes.outputBytes);
    return arena.scope(() => {
      const target = arena.put(aggregateShare);
      const source = arena.put(outShare);
      f.add(target, source, circuit.outputLen);
      aggregateShare.set(kernel.bytes().subarray(target, target + sizes.outputBytes));
      return aggregateShare;
    });
  }

  function addToAggregateShare(aggregateShare: Uint8Array, integers: Integers): Uint8Array {
    if (integers.length !== circuit.outputLen)
      throw new PrivacyError('parameter', `${integers.length} numbers for an aggregate of ${circuit.outputLen}`);
    const noise = new Uint8Array(sizes.outputBytes);
    for (let i = 0; i < circuit.outputLen; i++) {
      const x = integers[i];
      if (typeof x === 'number' && !Number.isSafeInteger(x))
        throw new PrivacyError('parameter', `number ${i} is ${x}, not a whole number`);
      writeElement(parameters, noise, i * sizes.size, BigInt(x));
    }
    return aggregateUpdate(aggregateShare, noise);
  }

  function decodeAggregateShare(bytes: Uint8Array): Uint8Array {
    checkShape('aggregate share', bytes, sizes.outputBytes);
    arena.scope(() => {
      if (f.reduced(arena.put(bytes), circuit.outputLen) === 0)
        throw new PrivacyError('shape', 'the aggregate share holds a number not below the modulus');
    });
    return plain(bytes).slice();
  }

  function sums(aggregateShares: readonly Uint8Array[], count: number): bigint[] {
    if (!Number.isSafeInteger(count) || count < 1)
      throw new PrivacyError('parameter', `count must be at least 1, not ${count}`);
    if (aggregateShares.length !== sizes.shares)
      throw new PrivacyError(
        'shape',
        `${aggregateShares.length} aggregate shares, there are ${sizes.shares} aggregators`,
      );
    const total = aggregateInit();
    for (const share of aggregateShares) aggregateUpdate(total, decodeAggregateShare(share));
    return decodeVector(parameters, total).map(x => centred(parameters, x, circuit.maxOutput * BigInt(count)));
  }

  function toNumber(x: bigint, i: number): number {
    const value = Number(x);
    if (!Number.isSafeInteger(value))
      throw new PrivacyError('sum-too-large', `sum ${i} is ${x}, which no double holds exactly`);
    return value;
  }

  function unshard(aggregateShares: readonly Uint8Array[], count: number): number[] | number {
    const numbers = sums(aggregateShares, count).map(toNumber);
    return circuit.vector ? numbers : numbers[0];
  }

  function unshardExact(aggregateShares: readonly Uint8Array[], count: number): bigint[] | bigint {
    const exact = sums(aggregateShares, count);
    return circuit.vector ? exact : exact[0];
  }

  return {
    aggregateInit,
    aggregateUpdate,
    addToAggregateShare,
    decodeAggregateShare,
    unshard,
    unshardExact,
  };
}
