// Count and Sum: one number in Field64, no joint randomness (draft-irtf-cfrg-vdaf, "Prio3Count" and "Prio3Sum").
// Both gadgets are products: x * y for Count, and x^2 - x = x * (x - 1) for Sum's PolyEval, so one kernel function proves both.
import { PrivacyError } from '../error.ts';
import { fieldParameters, writeElement } from '../field/field.ts';
import type { Arena } from '../kernel/arena.ts';
import type { Pointer } from '../kernel/kernel.ts';
import { bitEncoding, encodeBits } from './bits.ts';
import { type Circuit, gadgetPolyLen, isZero, same, wirePolyLen } from './circuit.ts';
import { weigh } from './range.ts';

const parameters = fieldParameters.Field64;
const size = parameters.encodedSize;

/** 0 or 1, false or true. The circuit is x * x - x. */
export function countCircuit(): Circuit<number | boolean> {
  const p = 2;
  const wire = (memory: Uint8Array, wires: Pointer, seeds: Pointer, meas: Pointer) => {
    for (let j = 0; j < 2; j++) {
      memory.copyWithin(wires + j * p * size, seeds + j * size, seeds + (j + 1) * size);
      memory.copyWithin(wires + (j * p + 1) * size, meas, meas + size);
    }
  };
  return {
    field: 'Field64',
    measLen: 1,
    outputLen: 1,
    jointRandLen: 0,
    evalOutputLen: 1,
    arity: 2,
    calls: 1,
    maxOutput: 1n,
    vector: false,
    encode(measurement, memory, out) {
      const bit = Number(measurement);
      if (bit !== 0 && bit !== 1) throw new PrivacyError('measurement', `a count is 0 or 1, not ${measurement}`);
      memory[out] = bit;
    },
    prove(arena, meas, proveRand, _jointRand, proof) {
      const table = arena.table('Field64', p);
      arena.scope(() => {
        const wires = arena.allocate(2 * p * size);
        const gadget = arena.allocate(2 * p * size);
        const memory = arena.kernel.bytes();
        wire(memory, wires, proveRand, meas);
        memory.copyWithin(proof, proveRand, proveRand + 2 * size);
        arena.kernel.fields.Field64.product(wires, 1, p, table, gadget);
        memory.copyWithin(proof + 2 * size, gadget, gadget + 3 * size);
      });
    },
    query(arena, meas, proof, queryRand, _jointRand, _sharesInverse, verifier) {
      const table = arena.table('Field64', p);
      const f = arena.kernel.fields.Field64;
      return arena.scope(() => {
        const wires = arena.allocate(2 * p * size);
        const scratch = arena.allocate(4 * p * size);
        const memory = arena.kernel.bytes();
        const gadget = proof + 2 * size;
        wire(memory, wires, proof, meas);
        memory.copyWithin(verifier, gadget + 2 * size, gadget + 3 * size);
        f.sub(verifier, meas, 1);
        return f.query(wires, 2, p, gadget, queryRand, table, scratch, verifier + size) === 1;
      });
    },
    decide(arena, verifier) {
      return arena.scope(() => {
        const expected = arena.allocate(size);
        arena.kernel.fields.Field64.dot(expected, verifier + size, verifier + 2 * size, 1);
        const memory = arena.kernel.bytes();
        return isZero(memory, verifier, size) && same(memory, expected, verifier + 3 * size, size);
      });
    },
    truncate(arena, meas, out) {
      arena.kernel.bytes().copyWithin(out, meas, meas + size);
    },
  };
}

/** A number in [0, maxMeasurement], by its bits. */
export function sumCircuit(maxMeasurement: number | bigint): Circuit<number | bigint> {
  const encoding = bitEncoding('Field64', maxMeasurement);
  const { bits } = encoding;
  const p = wirePolyLen(bits);
  const gadgetLen = gadgetPolyLen(bits);
  const wire = (memory: Uint8Array, out: Pointer, seed: Pointer, meas: Pointer) => {
    memory.copyWithin(out, seed, seed + size);
    memory.copyWithin(out + size, meas, meas + bits * size);
    memory.fill(0, out + (1 + bits) * size, out + p * size);
  };
  return {
    field: 'Field64',
    measLen: bits,
    outputLen: 1,
    jointRandLen: 0,
    evalOutputLen: bits,
    arity: 1,
    calls: bits,
    maxOutput: encoding.maxMeasurement,
    vector: false,
    encode: (measurement, memory, out) => encodeBits(encoding, size, measurement, memory, out, 'the measurement'),
    prove(arena, meas, proveRand, _jointRand, proof) {
      const table = arena.table('Field64', p);
      const f = arena.kernel.fields.Field64;
      arena.scope(() => {
        const wires = arena.allocate(2 * p * size);
        const gadget = arena.allocate(2 * p * size);
        const one = arena.allocate(size);
        const memory = arena.kernel.bytes();
        wire(memory, wires, proveRand, meas);
        memory.copyWithin(wires + p * size, wires, wires + p * size);
        writeElement(parameters, memory, one, 1n);
        for (let k = 0; k < p; k++) f.sub(wires + (p + k) * size, one, 1);
        memory.copyWithin(proof, proveRand, proveRand + size);
        f.product(wires, 1, p, table, gadget);
        memory.copyWithin(proof + size, gadget, gadget + gadgetLen * size);
      });
    },
    query(arena, meas, proof, queryRand, _jointRand, _sharesInverse, verifier) {
      const table = arena.table('Field64', p);
      const f = arena.kernel.fields.Field64;
      return arena.scope(() => {
        const wires = arena.allocate(p * size);
        const outputs = arena.allocate(bits * size);
        const scratch = arena.allocate(4 * p * size);
        const memory = arena.kernel.bytes();
        const gadget = proof + size;
        wire(memory, wires, proof, meas);
        for (let k = 0; k < bits; k++)
          memory.copyWithin(outputs + k * size, gadget + 2 * (k + 1) * size, gadget + (2 * (k + 1) + 1) * size);
        if (bits > 1) f.dot(verifier, queryRand, outputs, bits);
        else memory.copyWithin(verifier, outputs, outputs + size);
        const point = queryRand + (bits > 1 ? bits * size : 0);
        return f.query(wires, 1, p, gadget, point, table, scratch, verifier + size) === 1;
      });
    },
    decide(arena, verifier) {
      return arena.scope(() => {
        const expected = arena.allocate(size);
        const f = arena.kernel.fields.Field64;
        const x = verifier + size;
        f.dot(expected, x, x, 1);
        f.sub(expected, x, 1);
        const memory = arena.kernel.bytes();
        return isZero(memory, verifier, size) && same(memory, expected, verifier + 2 * size, size);
      });
    },
    truncate: (arena: Arena, meas: Pointer, out: Pointer) => weigh(arena, 'Field64', encoding, meas, 1, out),
  };
}
