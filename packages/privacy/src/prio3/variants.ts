// The aggregation functions of the draft, one constructor each, with its algorithm identifiers ("Prio3" variants, IANA table).
import type { FieldName } from '../field/field.ts';
import { type KernelChoice, sharedArena } from '../kernel/shared.ts';
import { optimalChunkLength } from './chunk.ts';
import type { Circuit } from './circuit.ts';
import type { Prio3 } from './interface.ts';
import { prio3 } from './prio3.ts';
import { histogramCircuit, type Integers, multihotCircuit, sumVecCircuit } from './range.ts';
import { countCircuit, sumCircuit } from './scalar.ts';

interface Common {
  /** Aggregators, 2 to 255; default 2. */
  readonly shares?: number;
  /** Which arithmetic to use; default WebAssembly where it is to be had. Same bytes either way. */
  readonly kernel?: KernelChoice;
}

export type Prio3Scalar<M> = Prio3<M, number, bigint>;
export type Prio3Vector<M> = Prio3<M, number[], bigint[]>;

/** How many reports say yes. */
export function prio3Count(o: Common = {}): Prio3Scalar<number | boolean> {
  return make(o, countCircuit(), 'Prio3Count', 1, 1) as Prio3Scalar<number | boolean>;
}

/** The sum of numbers in [0, maxMeasurement]. */
export function prio3Sum(o: Common & { readonly maxMeasurement: number | bigint }): Prio3Scalar<number | bigint> {
  return make(o, sumCircuit(o.maxMeasurement), 'Prio3Sum', 2, 1) as Prio3Scalar<number | bigint>;
}

interface Chunked extends Common {
  /** Places of the vector. */
  readonly length: number;
  /** Part of the proof's shape; both sides must agree. Default: the one that makes the shortest proof. */
  readonly chunkLength?: number;
}

export interface SumVecOptions extends Chunked {
  readonly maxMeasurement: number | bigint;
  /** Field64 halves the bytes but needs several proofs (at least three) to be sound: the draft's experimental multiproof variant. */
  readonly field?: FieldName;
  /** 1 to 255; default 1 for Field128, 3 for Field64. */
  readonly proofs?: number;
}

/** Vectors of numbers in [0, maxMeasurement], summed place by place. */
export function prio3SumVec(o: SumVecOptions): Prio3Vector<Integers> {
  const field = o.field ?? 'Field128';
  const proofs = o.proofs ?? (field === 'Field64' ? 3 : 1);
  const bits = BigInt(o.maxMeasurement).toString(2).length;
  const chunkLength = o.chunkLength ?? optimalChunkLength(o.length * bits);
  const circuit = sumVecCircuit(field, o.length, o.maxMeasurement, chunkLength);
  const plain = field === 'Field128' && proofs === 1;
  const name = plain ? 'Prio3SumVec' : 'Prio3SumVecWithMultiproof';
  return make(o, circuit, name, plain ? 3 : 0xffffffff, proofs) as Prio3Vector<Integers>;
}

/** Counts of how many reports fell into each of `length` buckets. */
export function prio3Histogram(o: Chunked): Prio3Vector<number> {
  const circuit = histogramCircuit(o.length, o.chunkLength ?? optimalChunkLength(o.length));
  return make(o, circuit, 'Prio3Histogram', 4, 1) as Prio3Vector<number>;
}

/** Counts of flags, where a report may set at most `maxWeight` of its `length` flags. */
export function prio3MultihotCountVec(
  o: Chunked & { readonly maxWeight: number },
): Prio3Vector<ArrayLike<boolean | number>> {
  const chunkLength = o.chunkLength ?? optimalChunkLength(o.length + o.maxWeight.toString(2).length);
  const circuit = multihotCircuit(o.length, o.maxWeight, chunkLength);
  return make(o, circuit, 'Prio3MultihotCountVec', 5, 1) as Prio3Vector<ArrayLike<boolean | number>>;
}

function make<M>(o: Common, circuit: Circuit<M>, name: string, id: number, proofs: number) {
  return prio3(sharedArena(o.kernel), circuit, { name, id, shares: o.shares ?? 2, proofs });
}
