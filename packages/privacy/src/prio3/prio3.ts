// Prio3 (draft-irtf-cfrg-vdaf at commit 5203892, version byte 18): sharding, verification, aggregation, with the draft's names in camel case.
// Everything here is bytes in, bytes out; the encodings are the draft's. Traps: Prio3 binds neither its parameters nor the aggregators'
// identities (put both into `ctx`); a nonce or `rand` used twice breaks privacy; a report may be verified once only with one key.
import { plain } from '../bytes/plain.ts';
import { PrivacyError } from '../error.ts';
import { centred, decodeVector, fieldParameters, power, writeElement } from '../field/field.ts';
import type { Arena } from '../kernel/arena.ts';
import type { Pointer } from '../kernel/kernel.ts';
import { xofStateBytes } from '../kernel/kernel.ts';
import { type Circuit, proofLen, queryRandLen, verifierLen, wirePolyLen } from './circuit.ts';
import type { Integers } from './range.ts';

const seedSize = 32;
const nonceSize = 16;
const version = 18;
const usage = {
  measShare: 1,
  proofShare: 2,
  jointRandomness: 3,
  proveRandomness: 4,
  queryRandomness: 5,
  jointRandSeed: 6,
  jointRandPart: 7,
} as const;

/** What an aggregator keeps between `verifyInit` and `verifyNext`. Plain bytes: store it as you like, show it to no one. */
export interface VerifyState {
  readonly outShare: Uint8Array;
  /** 32 bytes, or empty where the type uses no joint randomness. */
  readonly jointRandSeed: Uint8Array;
}

/** One aggregation function, ready to use. All methods are synchronous; none keeps or draws anything. */
export interface Prio3<Measurement, Result, ExactResult> {
  readonly name: string;
  /** The draft's algorithm identifier. */
  readonly id: number;
  readonly shares: number;
  readonly proofs: number;
  readonly field: 'Field64' | 'Field128';
  /** Bytes of `rand` for `shard`. */
  readonly randSize: number;
  readonly nonceSize: 16;
  readonly verifyKeySize: 32;
  readonly publicShareSize: number;
  readonly verifierShareSize: number;
  readonly verifierMessageSize: number;
  /** Numbers in an aggregate. */
  readonly outputLength: number;
  readonly aggregateShareSize: number;
  /** Bytes of the input share of aggregator `aggId`. */
  inputShareSize(aggId: number): number;
  /**
   * Splits a measurement into one public and `shares` input shares.
   * @param nonce 16 bytes, fresh and unpredictable for each report
   * @param rand `randSize` bytes from the system's random source, used once
   * Throws `measurement` if the measurement is out of range.
   */
  shard(
    ctx: Uint8Array,
    measurement: Measurement,
    nonce: Uint8Array,
    rand: Uint8Array,
  ): { publicShare: Uint8Array; inputShares: Uint8Array[] };
  /** One aggregator's check of its share. Throws `shape` or `test-point`: the report is to be rejected. */
  verifyInit(
    verifyKey: Uint8Array,
    ctx: Uint8Array,
    aggId: number,
    nonce: Uint8Array,
    publicShare: Uint8Array,
    inputShare: Uint8Array,
  ): { state: VerifyState; verifierShare: Uint8Array };
  /** Joins the verifier shares, in the aggregators' order, into the verifier message. Throws `shape` or `proof`: reject the report. */
  verifierSharesToMessage(ctx: Uint8Array, verifierShares: readonly Uint8Array[]): Uint8Array;
  /** The output share. Throws `joint-randomness` or `shape`: reject the report. */
  verifyNext(state: VerifyState, verifierMessage: Uint8Array): Uint8Array;
  /** An aggregate share of nothing. */
  aggregateInit(): Uint8Array;
  /** Adds an output share (or another aggregate share) to an aggregate share, in place; returns it. */
  aggregateUpdate(aggregateShare: Uint8Array, outShare: Uint8Array): Uint8Array;
  /** Adds whole numbers of either sign, one a place, in place: an aggregator's own noise. */
  addToAggregateShare(aggregateShare: Uint8Array, integers: Integers): Uint8Array;
  /** Checks the bytes of a share received from another; returns a copy. Throws `shape`. */
  decodeAggregateShare(bytes: Uint8Array): Uint8Array;
  /** The sum over `count` reports; noise may carry it below zero. Throws `sum-too-large` if no double holds it exactly. */
  unshard(aggregateShares: readonly Uint8Array[], count: number): Result;
  /** As `unshard`, for sums of any size. */
  unshardExact(aggregateShares: readonly Uint8Array[], count: number): ExactResult;
}

export interface Prio3Options {
  readonly name: string;
  readonly id: number;
  readonly shares: number;
  readonly proofs: number;
}

/** Builds Prio3 from a circuit. `vector` circuits give number[] and bigint[], others number and bigint. */
export function prio3<M>(arena: Arena, circuit: Circuit<M>, options: Prio3Options): Prio3<M, unknown, unknown> {
  const { id, shares, proofs } = options;
  if (!Number.isInteger(shares) || shares < 2 || shares > 255)
    throw new PrivacyError('parameter', `shares must be 2 to 255, not ${shares}`);
  if (!Number.isInteger(proofs) || proofs < 1 || proofs > 255)
    throw new PrivacyError('parameter', `proofs must be 1 to 255, not ${proofs}`);
  const parameters = fieldParameters[circuit.field];
  const size = parameters.encodedSize;
  const kernel = arena.kernel;
  const f = kernel.fields[circuit.field];
  for (const p of circuit.tables ?? [wirePolyLen(circuit.calls)]) arena.table(circuit.field, p);

  const joint = circuit.jointRandLen > 0;
  const measBytes = circuit.measLen * size;
  const proofBytes = proofLen(circuit) * size;
  const verifierBytes = verifierLen(circuit) * size;
  const queryRandBytes = queryRandLen(circuit) * size;
  const jointRandBytes = circuit.jointRandLen * size;
  const outputBytes = circuit.outputLen * size;
  const proveRandBytes = circuit.arity * size;
  const blindBytes = joint ? seedSize : 0;
  const publicShareSize = joint ? shares * seedSize : 0;
  const verifierShareSize = verifierBytes * proofs + blindBytes;
  const verifierMessageSize = blindBytes;
  const randSize = shares * seedSize * (joint ? 2 : 1);
  const inputShareSize = (aggId: number) => (aggId === 0 ? measBytes + proofBytes * proofs : seedSize) + blindBytes;
  const zeroSeed = new Uint8Array(seedSize);
  const proofsByte = Uint8Array.of(proofs);
  const inverseOfShares = new Uint8Array(size);
  writeElement(parameters, inverseOfShares, 0, power(BigInt(shares), parameters.modulus - 2n, parameters.modulus));

  /** A sponge that has absorbed tag, seed and binder; the caller may absorb more, then finishes. Written straight into the arena: small types spend their time here. */
  function xof(seed: Uint8Array, what: number, ctx: Uint8Array, binder: Uint8Array): Pointer {
    if (ctx.length > 0xffff - 8) throw new PrivacyError('parameter', 'ctx is longer than 65,527 bytes');
    const state = arena.allocate(xofStateBytes);
    const length = 11 + ctx.length + seedSize + binder.length;
    const head = arena.allocate(length);
    const memory = kernel.bytes();
    const tagLength = 8 + ctx.length;
    memory[head] = tagLength & 0xff;
    memory[head + 1] = tagLength >> 8;
    memory[head + 2] = version;
    memory[head + 3] = 0; // class: VDAF
    memory[head + 4] = id >>> 24;
    memory[head + 5] = id >>> 16;
    memory[head + 6] = id >>> 8;
    memory[head + 7] = id;
    memory[head + 8] = 0;
    memory[head + 9] = what;
    memory.set(ctx, head + 10);
    memory[head + 10 + ctx.length] = seedSize;
    memory.set(seed, head + 11 + ctx.length);
    memory.set(binder, head + 11 + ctx.length + seedSize);
    kernel.xofStart(state, 1);
    kernel.xofAbsorb(state, head, length);
    return state;
  }

  function expand(seed: Uint8Array, what: number, ctx: Uint8Array, binder: Uint8Array, out: Pointer, n: number): void {
    arena.scope(() => {
      const state = xof(seed, what, ctx, binder);
      kernel.xofFinish(state);
      f.expand(state, out, n);
    });
  }

  function helperMeasShare(ctx: Uint8Array, aggId: number, seed: Uint8Array, out: Pointer): void {
    expand(seed, usage.measShare, ctx, Uint8Array.of(aggId), out, circuit.measLen);
  }

  function helperProofsShare(ctx: Uint8Array, aggId: number, seed: Uint8Array, out: Pointer): void {
    expand(seed, usage.proofShare, ctx, Uint8Array.of(proofs, aggId), out, (proofBytes / size) * proofs);
  }

  function jointRands(ctx: Uint8Array, seed: Uint8Array): Pointer {
    const out = arena.allocate(jointRandBytes * proofs);
    if (joint) expand(seed, usage.jointRandomness, ctx, proofsByte, out, circuit.jointRandLen * proofs);
    return out;
  }

  function jointRandPart(
    ctx: Uint8Array,
    aggId: number,
    blind: Uint8Array,
    meas: Pointer,
    nonce: Uint8Array,
  ): Uint8Array {
    return arena.scope(() => {
      const state = xof(blind, usage.jointRandPart, ctx, prefixed(aggId, nonce));
      kernel.xofAbsorb(state, meas, measBytes);
      return readSeed(state);
    });
  }

  function jointRandSeed(ctx: Uint8Array, parts: Uint8Array): Uint8Array {
    return arena.scope(() => {
      return readSeed(xof(zeroSeed, usage.jointRandSeed, ctx, parts));
    });
  }

  function readSeed(state: Pointer): Uint8Array {
    kernel.xofFinish(state);
    const out = arena.allocate(seedSize);
    kernel.xofRead(state, out, seedSize);
    return arena.take(out, seedSize);
  }

  function shard(ctx: Uint8Array, measurement: M, nonce: Uint8Array, rand: Uint8Array) {
    checkArgument('nonce', nonce, nonceSize);
    checkArgument('rand', rand, randSize);
    return arena.scope(() => {
      const meas = arena.allocate(measBytes);
      arena.fill(meas, measBytes);
      circuit.encode(measurement, kernel.bytes(), meas);
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
    const parts = new Uint8Array(publicShareSize);
    kernel.bytes().copyWithin(leader, meas, meas + measBytes);
    for (let j = 0; j < shares - 1; j++) {
      helperMeasShare(ctx, j + 1, helperSeed(j), helper);
      f.sub(leader, helper, circuit.measLen);
      if (joint) parts.set(jointRandPart(ctx, j + 1, helperBlind(j), helper, nonce), (j + 1) * seedSize);
    }
    if (joint) parts.set(jointRandPart(ctx, 0, leaderBlind, leader, nonce), 0);

    const proveRands = arena.allocate(proveRandBytes * proofs);
    expand(proveSeed, usage.proveRandomness, ctx, proofsByte, proveRands, circuit.arity * proofs);
    const rands = jointRands(ctx, joint ? jointRandSeed(ctx, parts) : parts);
    for (let i = 0; i < proofs; i++)
      circuit.prove(
        arena,
        meas,
        proveRands + i * proveRandBytes,
        rands + i * jointRandBytes,
        leaderProofs + i * proofBytes,
      );
    for (let j = 0; j < shares - 1; j++) {
      helperProofsShare(ctx, j + 1, helperSeed(j), helper);
      f.sub(leaderProofs, helper, (proofBytes / size) * proofs);
    }

    const first = new Uint8Array(inputShareSize(0));
    first.set(kernel.bytes().subarray(leader, leader + leaderBytes));
    if (joint) first.set(leaderBlind, leaderBytes);
    const inputShares = [first];
    for (let j = 0; j < shares - 1; j++)
      inputShares.push(rand.slice(j * stride * seedSize, (j + 1) * stride * seedSize));
    return { publicShare: parts, inputShares };
  }

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
    checkShape('public share', publicShare, publicShareSize);
    checkShape(`input share of aggregator ${aggId}`, inputShare, inputShareSize(aggId));
    return arena.scope(() => {
      const meas = arena.allocate(measBytes);
      const proofShares = arena.allocate(proofBytes * proofs);
      if (aggId === 0) {
        kernel.bytes().set(inputShare.subarray(0, measBytes), meas);
        kernel.bytes().set(inputShare.subarray(measBytes, measBytes + proofBytes * proofs), proofShares);
        if (f.reduced(meas, circuit.measLen) === 0 || f.reduced(proofShares, (proofBytes / size) * proofs) === 0)
          throw new PrivacyError('shape', `input share of aggregator 0 holds a number not below the modulus`);
      } else {
        helperMeasShare(ctx, aggId, inputShare.subarray(0, seedSize), meas);
        helperProofsShare(ctx, aggId, inputShare.subarray(0, seedSize), proofShares);
      }
      const out = arena.allocate(outputBytes);
      circuit.truncate(arena, meas, out);

      const verifierShare = new Uint8Array(verifierShareSize);
      let correctedSeed = new Uint8Array(0);
      if (joint) {
        const part = jointRandPart(ctx, aggId, inputShare.subarray(inputShare.length - seedSize), meas, nonce);
        const parts = publicShare.slice();
        parts.set(part, aggId * seedSize);
        correctedSeed = jointRandSeed(ctx, parts).slice();
        verifierShare.set(part, verifierBytes * proofs);
      }
      const rands = jointRands(ctx, correctedSeed);
      const queryRands = arena.allocate(queryRandBytes * proofs);
      expand(
        verifyKey,
        usage.queryRandomness,
        ctx,
        prefixed(proofs, nonce),
        queryRands,
        (queryRandBytes / size) * proofs,
      );
      const sharesInverse = arena.put(inverseOfShares);
      const verifiers = arena.allocate(verifierBytes * proofs);
      for (let i = 0; i < proofs; i++) {
        const good = circuit.query(
          arena,
          meas,
          proofShares + i * proofBytes,
          queryRands + i * queryRandBytes,
          rands + i * jointRandBytes,
          sharesInverse,
          verifiers + i * verifierBytes,
        );
        if (!good) throw new PrivacyError('test-point', 'the test point is a root of unity');
      }
      verifierShare.set(kernel.bytes().subarray(verifiers, verifiers + verifierBytes * proofs));
      return { state: { outShare: arena.take(out, outputBytes), jointRandSeed: correctedSeed }, verifierShare };
    });
  }

  function verifierSharesToMessage(ctx: Uint8Array, verifierShares: readonly Uint8Array[]): Uint8Array {
    if (verifierShares.length !== shares)
      throw new PrivacyError('shape', `${verifierShares.length} verifier shares, there are ${shares} aggregators`);
    verifierShares.forEach((share, j) => {
      checkShape(`verifier share of aggregator ${j}`, share, verifierShareSize);
    });
    return arena.scope(() => {
      const n = (verifierBytes / size) * proofs;
      const total = arena.allocate(verifierBytes * proofs);
      const part = arena.allocate(verifierBytes * proofs);
      arena.fill(total, verifierBytes * proofs);
      const parts = new Uint8Array(publicShareSize);
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
      return joint ? jointRandSeed(ctx, parts) : new Uint8Array(0);
    });
  }

  function verifyNext(state: VerifyState, verifierMessage: Uint8Array): Uint8Array {
    checkShape('verifier message', verifierMessage, verifierMessageSize);
    let difference = 0;
    for (let i = 0; i < verifierMessageSize; i++) difference |= verifierMessage[i] ^ state.jointRandSeed[i];
    if (difference !== 0)
      throw new PrivacyError('joint-randomness', 'the client did not use the joint randomness of its shares');
    return state.outShare;
  }

  function aggregateUpdate(aggregateShare: Uint8Array, outShare: Uint8Array): Uint8Array {
    checkShape('aggregate share', aggregateShare, outputBytes);
    checkShape('output share', outShare, outputBytes);
    return arena.scope(() => {
      const target = arena.put(aggregateShare);
      const source = arena.put(outShare);
      f.add(target, source, circuit.outputLen);
      aggregateShare.set(kernel.bytes().subarray(target, target + outputBytes));
      return aggregateShare;
    });
  }

  function addToAggregateShare(aggregateShare: Uint8Array, integers: Integers): Uint8Array {
    if (integers.length !== circuit.outputLen)
      throw new PrivacyError('parameter', `${integers.length} numbers for an aggregate of ${circuit.outputLen}`);
    const noise = new Uint8Array(outputBytes);
    for (let i = 0; i < circuit.outputLen; i++) {
      const x = integers[i];
      if (typeof x === 'number' && !Number.isSafeInteger(x))
        throw new PrivacyError('parameter', `number ${i} is ${x}, not a whole number`);
      writeElement(parameters, noise, i * size, BigInt(x));
    }
    return aggregateUpdate(aggregateShare, noise);
  }

  function decodeAggregateShare(bytes: Uint8Array): Uint8Array {
    checkShape('aggregate share', bytes, outputBytes);
    arena.scope(() => {
      if (f.reduced(arena.put(bytes), circuit.outputLen) === 0)
        throw new PrivacyError('shape', 'the aggregate share holds a number not below the modulus');
    });
    return plain(bytes).slice();
  }

  function sums(aggregateShares: readonly Uint8Array[], count: number): bigint[] {
    if (!Number.isSafeInteger(count) || count < 1)
      throw new PrivacyError('parameter', `count must be at least 1, not ${count}`);
    if (aggregateShares.length !== shares)
      throw new PrivacyError('shape', `${aggregateShares.length} aggregate shares, there are ${shares} aggregators`);
    const total = new Uint8Array(outputBytes);
    for (const share of aggregateShares) aggregateUpdate(total, decodeAggregateShare(share));
    return decodeVector(parameters, total).map(x => centred(parameters, x, circuit.maxOutput * BigInt(count)));
  }

  function toNumber(x: bigint, i: number): number {
    const value = Number(x);
    if (!Number.isSafeInteger(value))
      throw new PrivacyError('sum-too-large', `sum ${i} is ${x}, which no double holds exactly`);
    return value;
  }

  return {
    name: options.name,
    id,
    shares,
    proofs,
    field: circuit.field,
    randSize,
    nonceSize,
    verifyKeySize: seedSize,
    publicShareSize,
    verifierShareSize,
    verifierMessageSize,
    outputLength: circuit.outputLen,
    aggregateShareSize: outputBytes,
    inputShareSize,
    shard: (ctx, measurement, nonce, rand) => shard(plain(ctx), measurement, plain(nonce), plain(rand)),
    verifyInit: (key, ctx, aggId, nonce, publicShare, inputShare) =>
      verifyInit(plain(key), plain(ctx), aggId, plain(nonce), plain(publicShare), plain(inputShare)),
    verifierSharesToMessage: (ctx, verifierShares) => verifierSharesToMessage(plain(ctx), verifierShares.map(plain)),
    verifyNext,
    aggregateInit: () => new Uint8Array(outputBytes),
    aggregateUpdate,
    addToAggregateShare,
    decodeAggregateShare,
    unshard(aggregateShares, count) {
      const numbers = sums(aggregateShares, count).map(toNumber);
      return circuit.vector ? numbers : numbers[0];
    },
    unshardExact(aggregateShares, count) {
      const exact = sums(aggregateShares, count);
      return circuit.vector ? exact : exact[0];
    },
  };
}

function prefixed(byte: number, bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(1 + bytes.length);
  out[0] = byte;
  out.set(bytes, 1);
  return out;
}

function checkArgument(name: string, bytes: Uint8Array, size: number): void {
  if (bytes.length !== size) throw new PrivacyError('parameter', `${name} must be ${size} bytes, not ${bytes.length}`);
}

function checkShape(name: string, bytes: Uint8Array, size: number): void {
  if (bytes.length !== size) throw new PrivacyError('shape', `${name} must be ${size} bytes, not ${bytes.length}`);
}
