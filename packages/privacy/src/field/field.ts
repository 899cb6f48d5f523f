// The two NTT-friendly prime fields of Prio3: draft-irtf-cfrg-vdaf, section "Finite Fields", parameters under their names there.
// Trap: elements travel as little-endian bytes and must be below the modulus; a decoder that reduces instead of refusing is wrong.
import { PrivacyError } from '../error.ts';

export type FieldName = 'Field64' | 'Field128';

export interface FieldParameters {
  readonly name: FieldName;
  readonly modulus: bigint;
  /** Bytes of one encoded element, little-endian. */
  readonly encodedSize: 8 | 16;
  /** Generates the multiplicative subgroup of order 2^genOrderLog2. */
  readonly generator: bigint;
  readonly genOrderLog2: number;
}

export const fieldParameters: Readonly<Record<FieldName, FieldParameters>> = {
  Field64: field('Field64', 2n ** 32n * 4294967295n + 1n, 8, 4294967295n, 32),
  Field128: field('Field128', 2n ** 66n * 4611686018427387897n + 1n, 16, 4611686018427387897n, 66),
};

function field(
  name: FieldName,
  modulus: bigint,
  encodedSize: 8 | 16,
  cofactor: bigint,
  genOrderLog2: number,
): FieldParameters {
  return { name, modulus, encodedSize, generator: power(7n, cofactor, modulus), genOrderLog2 };
}

/** base^exponent mod modulus; exponent at least 0. */
export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** Primitive 2^log2-th root of unity, the one the draft's `nth_root` names. */
export function rootOfUnity(f: FieldParameters, log2: number): bigint {
  return power(f.generator, 1n << BigInt(f.genOrderLog2 - log2), f.modulus);
}

/** Reads one little-endian element at a byte offset. Does not check that it is reduced. */
export function readElement(f: FieldParameters, bytes: Uint8Array, offset: number): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, f.encodedSize);
  const low = view.getBigUint64(0, true);
  return f.encodedSize === 8 ? low : low | (view.getBigUint64(8, true) << 64n);
}

/** Writes one element (any integer; taken modulo the prime) at a byte offset. */
export function writeElement(f: FieldParameters, bytes: Uint8Array, offset: number, value: bigint): void {
  const reduced = ((value % f.modulus) + f.modulus) % f.modulus;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, f.encodedSize);
  view.setBigUint64(0, reduced & 0xffffffffffffffffn, true);
  if (f.encodedSize === 16) view.setBigUint64(8, reduced >> 64n, true);
}

/** The draft's `decode_vec`. Throws `shape` on a partial element or one that is not below the modulus. */
export function decodeVector(f: FieldParameters, bytes: Uint8Array): bigint[] {
  if (bytes.length % f.encodedSize !== 0)
    throw new PrivacyError('shape', `${bytes.length} bytes are no whole number of ${f.name} elements`);
  return Array.from({ length: bytes.length / f.encodedSize }, (_, i) => {
    const x = readElement(f, bytes, i * f.encodedSize);
    if (x >= f.modulus) throw new PrivacyError('shape', `element ${i} is not below the modulus of ${f.name}`);
    return x;
  });
}

/**
 * The integer that a field element stands for when sums lie in [0, largestSum] and noise may carry them outside on both sides: the
 * representative nearest to that range.
 */
export function centred(f: FieldParameters, x: bigint, largestSum: bigint): bigint {
  const top = largestSum < f.modulus ? largestSum : f.modulus - 1n;
  return 2n * x > top + f.modulus ? x - f.modulus : x;
}
