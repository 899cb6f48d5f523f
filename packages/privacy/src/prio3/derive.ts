// What Prio3 derives from seeds with XofTurboShake128: shares, randomness, joint randomness (draft: "Auxiliary Functions" of Prio3).
// Results of pointer type live in the arena's present scope. `ctx`, seeds and nonces have their lengths checked by the callers.
import { PrivacyError } from '../error.ts';
import type { Arena } from '../kernel/arena.ts';
import { type Pointer, xofStateBytes } from '../kernel/kernel.ts';
import type { Circuit } from './circuit.ts';
import { type Sizes, seedSize } from './sizes.ts';

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

const zeroSeed = new Uint8Array(seedSize);

/** The derivations of one type; `id` is its algorithm identifier. */
export function derivations(arena: Arena, circuit: Circuit<never>, sizes: Sizes, id: number) {
  const { kernel } = arena;
  const f = kernel.fields[circuit.field];
  const { proofs } = sizes;
  const proofsByte = Uint8Array.of(proofs);

  /**
   * A sponge that has absorbed tag, seed and binder; the caller may absorb more, then finishes. Written straight into the arena: small
   * types spend their time here.
   */
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
    expand(seed, usage.proofShare, ctx, Uint8Array.of(proofs, aggId), out, sizes.proofLen * proofs);
  }

  function jointRands(ctx: Uint8Array, seed: Uint8Array): Pointer {
    const out = arena.allocate(sizes.jointRandBytes * proofs);
    if (sizes.joint) expand(seed, usage.jointRandomness, ctx, proofsByte, out, circuit.jointRandLen * proofs);
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
      kernel.xofAbsorb(state, meas, sizes.measBytes);
      return readSeed(state);
    });
  }

  function jointRandSeed(ctx: Uint8Array, parts: Uint8Array): Uint8Array {
    return arena.scope(() => readSeed(xof(zeroSeed, usage.jointRandSeed, ctx, parts)));
  }

  function readSeed(state: Pointer): Uint8Array {
    kernel.xofFinish(state);
    const out = arena.allocate(seedSize);
    kernel.xofRead(state, out, seedSize);
    return arena.take(out, seedSize);
  }

  function proveRands(ctx: Uint8Array, seed: Uint8Array): Pointer {
    const out = arena.allocate(sizes.proveRandBytes * proofs);
    expand(seed, usage.proveRandomness, ctx, proofsByte, out, circuit.arity * proofs);
    return out;
  }

  function queryRands(ctx: Uint8Array, verifyKey: Uint8Array, nonce: Uint8Array): Pointer {
    const out = arena.allocate(sizes.queryRandBytes * proofs);
    expand(verifyKey, usage.queryRandomness, ctx, prefixed(proofs, nonce), out, sizes.queryRandLen * proofs);
    return out;
  }

  return { helperMeasShare, helperProofsShare, jointRands, jointRandPart, jointRandSeed, proveRands, queryRands };
}

export type Derivations = ReturnType<typeof derivations>;

function prefixed(byte: number, bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(1 + bytes.length);
  out[0] = byte;
  out.set(bytes, 1);
  return out;
}
