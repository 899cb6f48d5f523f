// What Prio3 needs of a measurement type: an encoding and a validity circuit with one gadget (draft-irtf-cfrg-vdaf, "Valid" and "FLP").
// Lengths keep the draft's names in camel case. All pointers are into the arena's kernel; vectors are encoded field elements.
import type { FieldName } from '../field/field.ts';
import type { Arena } from '../kernel/arena.ts';
import type { Pointer } from '../kernel/kernel.ts';

export interface Circuit<Measurement> {
  readonly field: FieldName;
  /** Elements of an encoded measurement. */
  readonly measLen: number;
  /** Elements of an output share. */
  readonly outputLen: number;
  /** Elements of joint randomness a proof; 0 if the circuit needs none. */
  readonly jointRandLen: number;
  /** Elements of the circuit's output; more than one is reduced with query randomness. */
  readonly evalOutputLen: number;
  /** Input wires of the gadget. */
  readonly arity: number;
  /** Calls of the gadget. */
  readonly calls: number;
  /** Sizes of the tables of roots it uses; default the wires' length. */
  readonly tables?: readonly number[];
  /** Degree of the gadget; default 2. */
  readonly degree?: number;
  /** The largest number one report can add to a place. */
  readonly maxOutput: bigint;
  /** True if aggregates are vectors, false for a single number. */
  readonly vector: boolean;
  /** Writes the encoded measurement to `out`, which is zero. Throws `measurement` if it is out of range or has the wrong length. */
  encode(measurement: Measurement, memory: Uint8Array, out: Pointer): void;
  /** Writes `proofLen` elements: wire seeds, then the gadget polynomial. */
  prove(arena: Arena, meas: Pointer, proveRand: Pointer, jointRand: Pointer, proof: Pointer): void;
  /** Writes `verifierLen` elements. False if the test point is a root of unity. `sharesInverse`: one element, 1 / number of shares. */
  query(
    arena: Arena,
    meas: Pointer,
    proof: Pointer,
    queryRand: Pointer,
    jointRand: Pointer,
    sharesInverse: Pointer,
    verifier: Pointer,
  ): boolean;
  /** Is the summed verifier that of a valid measurement? */
  decide(arena: Arena, verifier: Pointer): boolean;
  /** Encoded measurement share to output share. */
  truncate(arena: Arena, meas: Pointer, out: Pointer): void;
}

/** Values of each wire polynomial: one for the seed, one a call, filled up to a power of two. */
export function wirePolyLen(calls: number): number {
  return 2 ** Math.ceil(Math.log2(1 + calls));
}

/** Values of a gadget polynomial. */
export function gadgetPolyLen(calls: number, degree = 2): number {
  return degree * (wirePolyLen(calls) - 1) + 1;
}

type Lengths = Pick<Circuit<never>, 'arity' | 'calls' | 'degree' | 'evalOutputLen'>;

export function proofLen(c: Lengths): number {
  return c.arity + gadgetPolyLen(c.calls, c.degree);
}

export function verifierLen(c: Lengths): number {
  return 1 + c.arity + 1;
}

export function queryRandLen(c: Lengths): number {
  return 1 + (c.evalOutputLen > 1 ? c.evalOutputLen : 0);
}

/** Are two elements in memory the same? */
export function same(memory: Uint8Array, a: Pointer, b: Pointer, size: number): boolean {
  let difference = 0;
  for (let i = 0; i < size; i++) difference |= memory[a + i] ^ memory[b + i];
  return difference === 0;
}

/** Is an element in memory zero? */
export function isZero(memory: Uint8Array, a: Pointer, size: number): boolean {
  let bits = 0;
  for (let i = 0; i < size; i++) bits |= memory[a + i];
  return bits === 0;
}
