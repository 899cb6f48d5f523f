// The port behind which all heavy arithmetic lives: functions over byte offsets ("pointers") into one linear memory.
// Two implementations: wasm.ts (compiled from assembly/) and twin.ts (plain TypeScript, BigInt, easy to read, used as the oracle).
// Both give the same bytes for every function here; kernel.test.ts holds them to it.
//
// Vectors are arrays of field elements in their encoded form (little-endian, reduced), so that encoding and decoding cost nothing.
// Trap: a WebAssembly memory that grows detaches earlier views. Take `bytes()` afresh after anything that may reserve memory.
import type { FieldName } from '../field/field.ts';

export type Pointer = number;

/** Sponge state: 25 lanes, then the byte position in the rate and the pad byte. */
export const xofStateBytes = 208;

/**
 * Field functions. `n`, `length`, `p` count elements. `p` is a power of two, at least 2.
 * Products and proofs follow draft-irtf-cfrg-vdaf, section "FLP": polynomials are values at roots of unity (Lagrange basis).
 */
export interface FieldKernel {
  /** target[i] += source[i] */
  add(target: Pointer, source: Pointer, n: number): void;
  /** target[i] -= source[i] */
  sub(target: Pointer, source: Pointer, n: number): void;
  /** 1 if all n elements are below the modulus, else 0. */
  reduced(vector: Pointer, n: number): number;
  /** out = sum of the vector. */
  sum(out: Pointer, vector: Pointer, n: number): void;
  /** out = sum of a[i] * b[i]; `out` may not overlap the inputs. */
  dot(out: Pointer, a: Pointer, b: Pointer, n: number): void;
  /** out = sum of a[2i] * a[2i+1] over n pairs. */
  pairDot(out: Pointer, a: Pointer, n: number): void;
  /** For each of n groups of `bits`: out[i] = sum over l below bits-1 of 2^l g[l], plus lastWeight * g[bits-1]. */
  weighBits(out: Pointer, vector: Pointer, n: number, bits: number, lastWeight: Pointer): void;
  /** Next n elements of the output of the sponge at `state` (rejection sampling). */
  expand(state: Pointer, out: Pointer, n: number): void;
  /** Fills the table that products and queries over p nodes need (`tableElements(p)` elements, contents private to the kernel). */
  fillTable(table: Pointer, p: number): void;
  /**
   * wires: `pairs` pairs of polynomials of p values each. out: 2p values of the sum of the pairs' products, at 2p-th roots of unity.
   * Changes the wires.
   */
  product(wires: Pointer, pairs: number, p: number, table: Pointer, out: Pointer): void;
  /**
   * wires: `arity` polynomials of p values; gadget: 2p - 1 values of a polynomial of degree at most 2p - 2 at 2p-th roots of unity.
   * out: the wires' values at the point, then the gadget's. Returns 0, leaving out undefined, if the point is a p-th root of unity.
   * scratch: 4p elements.
   */
  query(
    wires: Pointer,
    arity: number,
    p: number,
    gadget: Pointer,
    point: Pointer,
    table: Pointer,
    scratch: Pointer,
    out: Pointer,
  ): number;
  /**
   * Range check of Histogram, SumVec and MultihotCountVec, proven: wires 2j and 2j+1 of call k carry r_k^(j+1) * m and m - shift for
   * m = measurement[k * chunk + j] (0 past its end). seeds: 2 * chunk values at the first node. out: 2p values of the gadget polynomial.
   * scratch: 3p + calls elements, p = 2^ceil(log2(1 + calls)).
   */
  proveRange(
    measurement: Pointer,
    length: number,
    chunk: number,
    calls: number,
    shift: Pointer,
    seeds: Pointer,
    jointRand: Pointer,
    p: number,
    table: Pointer,
    scratch: Pointer,
    out: Pointer,
  ): void;
  /** The same wires evaluated at a point, then the gadget polynomial: 2 * chunk + 1 elements. Returns 0 as `query` does. scratch: 4p. */
  queryRange(
    measurement: Pointer,
    length: number,
    chunk: number,
    calls: number,
    shift: Pointer,
    seeds: Pointer,
    jointRand: Pointer,
    p: number,
    gadget: Pointer,
    point: Pointer,
    table: Pointer,
    scratch: Pointer,
    out: Pointer,
  ): number;
}

/** Elements of the table for p nodes. */
export function tableElements(p: number): number {
  return 4 * p;
}

/** One linear memory with the sponge and the two fields. Not shared between threads; every call is synchronous. */
export interface Kernel {
  readonly kind: 'wasm' | 'twin';
  /** First byte free for callers. */
  readonly base: Pointer;
  /** A view of the whole memory as it is now. */
  bytes(): Uint8Array;
  /** Makes the memory at least `size` bytes long. */
  reserve(size: number): void;
  /** Starts TurboSHAKE128 (RFC 9861) with a domain byte; state is `xofStateBytes` long, 16-byte aligned. */
  xofStart(state: Pointer, domain: number): void;
  xofAbsorb(state: Pointer, input: Pointer, length: number): void;
  /** Pads; from here on the state may only be read. */
  xofFinish(state: Pointer): void;
  xofRead(state: Pointer, out: Pointer, length: number): void;
  readonly fields: Readonly<Record<FieldName, FieldKernel>>;
}
