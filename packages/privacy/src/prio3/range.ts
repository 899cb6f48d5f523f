// Histogram, SumVec, MultihotCountVec: vectors of bits checked by one ParallelSum(Mul, chunkLength) gadget (draft-irtf-cfrg-vdaf, "Variants").
// They differ in their encoding, in what is aggregated and in one linear check beside the range check.
import { PrivacyError } from '../error.ts';
import { type FieldName, fieldParameters, writeElement } from '../field/field.ts';
import type { Arena } from '../kernel/arena.ts';
import type { Pointer } from '../kernel/kernel.ts';
import { type BitEncoding, bitEncoding, encodeBits } from './bits.ts';
import { type Circuit, gadgetPolyLen, isZero, same, wirePolyLen } from './circuit.ts';

/** Whole numbers, one a place: an array or a typed array. */
export type Integers = ArrayLike<number> | ArrayLike<bigint>;

/** One of `length` buckets. A measurement is a bucket's index. */
export function histogramCircuit(length: number, chunkLength: number): Circuit<number> {
  positive('length', length);
  return rangeCircuit<number>({
    field: 'Field128',
    measLen: length,
    outputLen: length,
    chunkLength,
    maxOutput: 1n,
    encode(bucket, memory, out, size) {
      if (!Number.isInteger(bucket) || bucket < 0 || bucket >= length)
        throw new PrivacyError('measurement', `bucket ${bucket} is none of 0 to ${length - 1}`);
      memory[out + bucket * size] = 1;
    },
    // The buckets sum to one: each aggregator subtracts its share of the one.
    linearCheck(arena, meas, sharesInverse, out) {
      const f = arena.kernel.fields.Field128;
      f.sum(out, meas, length);
      f.sub(out, sharesInverse, 1);
    },
  });
}

/** `length` numbers in [0, maxMeasurement]. */
export function sumVecCircuit(
  field: FieldName,
  length: number,
  maxMeasurement: number | bigint,
  chunkLength: number,
): Circuit<Integers> {
  positive('length', length);
  const encoding = bitEncoding(field, maxMeasurement);
  const { bits } = encoding;
  return rangeCircuit<Integers>({
    field,
    measLen: length * bits,
    outputLen: length,
    chunkLength,
    maxOutput: encoding.maxMeasurement,
    encode(values, memory, out, size) {
      checkLength(values, length);
      for (let i = 0; i < length; i++)
        encodeBits(encoding, size, values[i], memory, out + i * bits * size, `number ${i}`);
    },
    truncate(arena, meas, out) {
      weigh(arena, field, encoding, meas, length, out);
    },
  });
}

/** `length` bits of which at most `maxWeight` are one. */
export function multihotCircuit(
  length: number,
  maxWeight: number,
  chunkLength: number,
): Circuit<ArrayLike<boolean | number>> {
  positive('length', length);
  positive('maxWeight', maxWeight);
  if (maxWeight > length)
    throw new PrivacyError('parameter', `maxWeight ${maxWeight} is larger than the length ${length}`);
  const encoding = bitEncoding('Field128', maxWeight);
  return rangeCircuit<ArrayLike<boolean | number>>({
    field: 'Field128',
    measLen: length + encoding.bits,
    outputLen: length,
    chunkLength,
    maxOutput: 1n,
    encode(flags, memory, out, size) {
      checkLength(flags, length);
      let weight = 0;
      for (let i = 0; i < length; i++) {
        const bit = Number(flags[i]);
        if (bit !== 0 && bit !== 1) throw new PrivacyError('measurement', `place ${i} is ${flags[i]}, neither 0 nor 1`);
        memory[out + i * size] = bit;
        weight += bit;
      }
      encodeBits(encoding, size, weight, memory, out + length * size, 'the number of ones');
    },
    // The reported weight is the number of ones.
    linearCheck(arena, meas, _sharesInverse, out) {
      arena.scope(() => {
        const f = arena.kernel.fields.Field128;
        const reported = arena.allocate(16);
        f.sum(out, meas, length);
        weigh(arena, 'Field128', encoding, meas + length * 16, 1, reported);
        f.sub(out, reported, 1);
      });
    },
  });
}

interface RangeCheck<M> {
  readonly field: FieldName;
  readonly measLen: number;
  readonly outputLen: number;
  readonly chunkLength: number;
  readonly maxOutput: bigint;
  encode(measurement: M, memory: Uint8Array, out: Pointer, elementBytes: number): void;
  /** Writes one element that must be zero when the shares are added. */
  linearCheck?(arena: Arena, meas: Pointer, sharesInverse: Pointer, out: Pointer): void;
  /** Output share from measurement share; without it, the first `outputLen` elements. */
  truncate?(arena: Arena, meas: Pointer, out: Pointer): void;
}

function rangeCircuit<M>(c: RangeCheck<M>): Circuit<M> {
  positive('chunkLength', c.chunkLength);
  const size = fieldParameters[c.field].encodedSize;
  const chunk = c.chunkLength;
  const calls = Math.ceil(c.measLen / chunk);
  const p = wirePolyLen(calls);
  const gadgetLen = gadgetPolyLen(calls);
  return {
    field: c.field,
    measLen: c.measLen,
    outputLen: c.outputLen,
    jointRandLen: calls,
    evalOutputLen: c.linearCheck ? 2 : 1,
    arity: 2 * chunk,
    calls,
    maxOutput: c.maxOutput,
    vector: true,
    encode: (measurement, memory, out) => c.encode(measurement, memory, out, size),
    prove(arena, meas, proveRand, jointRand, proof) {
      const table = arena.table(c.field, p);
      arena.scope(() => {
        const one = arena.allocate(size);
        const scratch = arena.allocate((3 * p + calls) * size);
        const gadget = arena.allocate(2 * p * size);
        const memory = arena.kernel.bytes();
        writeElement(fieldParameters[c.field], memory, one, 1n);
        arena.kernel.fields[c.field].proveRange(
          meas,
          c.measLen,
          chunk,
          calls,
          one,
          proveRand,
          jointRand,
          p,
          table,
          scratch,
          gadget,
        );
        memory.copyWithin(proof, proveRand, proveRand + 2 * chunk * size);
        memory.copyWithin(proof + 2 * chunk * size, gadget, gadget + gadgetLen * size);
      });
    },
    query(arena, meas, proof, queryRand, jointRand, sharesInverse, verifier) {
      const table = arena.table(c.field, p);
      const f = arena.kernel.fields[c.field];
      return arena.scope(() => {
        const scratch = arena.allocate(4 * p * size);
        const checks = arena.allocate(2 * size);
        const memory = arena.kernel.bytes();
        const gadget = proof + 2 * chunk * size;
        const point = queryRand + (c.linearCheck ? 2 * size : 0);
        // The gadget's output in call k is its polynomial at the k-th node, every second of the 2p-th roots.
        memory.fill(0, checks, checks + size);
        for (let k = 1; k <= calls; k++) f.add(checks, gadget + 2 * k * size, 1);
        if (c.linearCheck) {
          c.linearCheck(arena, meas, sharesInverse, checks + size);
          f.dot(verifier, queryRand, checks, 2);
        } else {
          memory.copyWithin(verifier, checks, checks + size);
        }
        return (
          f.queryRange(
            meas,
            c.measLen,
            chunk,
            calls,
            sharesInverse,
            proof,
            jointRand,
            p,
            gadget,
            point,
            table,
            scratch,
            verifier + size,
          ) === 1
        );
      });
    },
    decide(arena, verifier) {
      return arena.scope(() => {
        const expected = arena.allocate(size);
        arena.kernel.fields[c.field].pairDot(expected, verifier + size, chunk);
        const memory = arena.kernel.bytes();
        return isZero(memory, verifier, size) && same(memory, expected, verifier + (1 + 2 * chunk) * size, size);
      });
    },
    truncate(arena, meas, out) {
      if (c.truncate) c.truncate(arena, meas, out);
      else arena.kernel.bytes().copyWithin(out, meas, meas + c.outputLen * size);
    },
  };
}

/** Writes `n` numbers from their weighted bits. */
export function weigh(
  arena: Arena,
  field: FieldName,
  encoding: BitEncoding,
  meas: Pointer,
  n: number,
  out: Pointer,
): void {
  arena.scope(() => {
    const f = fieldParameters[field];
    const lastWeight = arena.allocate(f.encodedSize);
    writeElement(f, arena.kernel.bytes(), lastWeight, encoding.lastWeight);
    arena.kernel.fields[field].weighBits(out, meas, n, encoding.bits, lastWeight);
  });
}

function positive(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value <= 0)
    throw new PrivacyError('parameter', `${name} must be a whole number of at least 1, not ${value}`);
}

function checkLength(values: { readonly length: number }, length: number): void {
  if (values.length !== length)
    throw new PrivacyError('measurement', `a measurement has ${length} places, this one ${values.length}`);
}
