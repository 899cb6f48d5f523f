// Prio3HigherDegree: the draft's test type with a gadget of degree three, x (x - 1) (x - 2) over Field64. No use but its vectors: it shows
// that nothing in the protocol assumes degree two.
import { fieldParameters, writeElement } from '../../field/field.ts';
import type { Arena } from '../../kernel/arena.ts';
import type { Pointer } from '../../kernel/kernel.ts';
import { type KernelChoice, sharedArena } from '../../kernel/shared.ts';
import { type Circuit, isZero, same } from '../circuit.ts';
import type { Prio3 } from '../interface.ts';
import { prio3 } from '../prio3.ts';

const field = fieldParameters.Field64;
const size = field.encodedSize;

/** A number that is 0, 1 or 2. */
export function prio3HigherDegree(o: {
  readonly shares?: number;
  readonly kernel?: KernelChoice;
}): Prio3<number, number, bigint> {
  const options = { name: 'Prio3HigherDegree', id: 0xffffffff, shares: o.shares ?? 2, proofs: 1 };
  return prio3(sharedArena(o.kernel), higherDegreeCircuit, options) as Prio3<number, number, bigint>;
}

export const higherDegreeCircuit: Circuit<number> = {
  field: 'Field64',
  measLen: 1,
  outputLen: 1,
  jointRandLen: 0,
  evalOutputLen: 1,
  arity: 1,
  calls: 1,
  degree: 3,
  tables: [2, 4],
  maxOutput: 2n,
  vector: false,
  encode: (measurement, memory, out) => writeElement(field, memory, out, BigInt(measurement)),
  prove(arena, meas, proveRand, _jointRand, proof) {
    arena.scope(() => {
      // The wire is linear through (1, seed) and (-1, x); its four values are those of its product with the constant one.
      const wires = arena.allocate(4 * size);
      const values = arena.allocate(4 * size);
      const memory = arena.kernel.bytes();
      memory.copyWithin(wires, proveRand, proveRand + size);
      memory.copyWithin(wires + size, meas, meas + size);
      writeElement(field, memory, wires + 2 * size, 1n);
      writeElement(field, memory, wires + 3 * size, 1n);
      arena.kernel.fields.Field64.product(wires, 1, 2, arena.table('Field64', 2), values);
      memory.copyWithin(proof, proveRand, proveRand + size);
      for (let i = 0; i < 4; i++) gate(arena, values + i * size, proof + (1 + i) * size);
    });
  },
  query(arena, meas, proof, queryRand, _jointRand, _sharesInverse, verifier) {
    const f = arena.kernel.fields.Field64;
    return arena.scope(() => {
      const wire = arena.allocate(2 * size);
      const scratch = arena.allocate(16 * size);
      const nothing = arena.allocate(8 * size);
      const pair = arena.allocate(2 * size);
      const memory = arena.kernel.bytes();
      const gadget = proof + size;
      memory.copyWithin(wire, proof, proof + size);
      memory.copyWithin(wire + size, meas, meas + size);
      memory.fill(0, nothing, nothing + 8 * size);
      // The output of call 1 is the value at the second of the two nodes, the third of the four.
      memory.copyWithin(verifier, gadget + 2 * size, gadget + 3 * size);
      if (f.query(wire, 1, 2, nothing, queryRand, arena.table('Field64', 2), scratch, pair) === 0) return false;
      memory.copyWithin(verifier + size, pair, pair + size);
      // All four values are given: the polynomial is itself a wire over four nodes.
      if (f.query(gadget, 1, 4, nothing, queryRand, arena.table('Field64', 4), scratch, pair) === 0) return false;
      memory.copyWithin(verifier + 2 * size, pair, pair + size);
      return true;
    });
  },
  decide(arena, verifier) {
    return arena.scope(() => {
      const expected = arena.allocate(size);
      gate(arena, verifier + size, expected);
      const memory = arena.kernel.bytes();
      return isZero(memory, verifier, size) && same(memory, expected, verifier + 2 * size, size);
    });
  },
  truncate: (arena, meas, out) => void arena.kernel.bytes().copyWithin(out, meas, meas + size),
};

/** out = x (x - 1) (x - 2) */
function gate(arena: Arena, x: Pointer, out: Pointer): void {
  arena.scope(() => {
    const f = arena.kernel.fields.Field64;
    const one = arena.allocate(size);
    const factor = arena.allocate(size);
    const product = arena.allocate(size);
    const memory = arena.kernel.bytes();
    writeElement(field, memory, one, 1n);
    memory.copyWithin(factor, x, x + size);
    f.sub(factor, one, 1);
    f.dot(product, x, factor, 1);
    f.sub(factor, one, 1);
    f.dot(out, product, factor, 1);
  });
}
