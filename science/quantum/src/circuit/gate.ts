// A gate as data: a small unitary, with controls in front. Qubit order: controls first, then targets; target 0 is the lowest bit of the
// matrix's row number. Global phase is kept, since a control turns it into a real one.
import { QuantumError } from '../error.ts';
import { adjoint, identity, type Matrix, multiply, order, power } from './matrix.ts';

export interface Gate {
  readonly name: string;
  /** Angles in radians, for printing; the matrix is what counts. */
  readonly parameters: readonly number[];
  readonly controls: number;
  /** Bit i is the value that control i must have. */
  readonly polarity: number;
  /** 0 for a global phase. */
  readonly targets: number;
  /** Of order 2^targets. */
  readonly matrix: Matrix;
}

/** Number of qubits. */
export const arity = (g: Gate): number => g.controls + g.targets;

/** Gates in order, on local qubits 0 … arity - 1. */
export interface Operation {
  readonly arity: number;
  readonly steps: readonly { readonly gate: Gate; readonly on: readonly number[] }[];
}

/** Matrices beyond this many qubits are not built. */
export const MATRIX_QUBITS = 6;
const MOST_STEPS = 1_000_000;

export function gateOf(name: string, parameters: readonly number[], matrix: Matrix, controls = 0): Gate {
  const targets = Math.round(Math.log2(order(matrix)));
  return { name, parameters, controls, polarity: 2 ** controls - 1, targets, matrix };
}

export function single(gate: Gate): Operation {
  return { arity: arity(gate), steps: [{ gate, on: Array.from({ length: arity(gate) }, (_, i) => i) }] };
}

export function inverse(op: Operation): Operation {
  return {
    arity: op.arity,
    steps: op.steps
      .map(s => ({ gate: { ...s.gate, name: inverseName(s.gate.name), matrix: adjoint(s.gate.matrix) }, on: s.on }))
      .reverse(),
  };
}

const own: ReadonlySet<string> = new Set([
  'x',
  'y',
  'z',
  'h',
  'id',
  'swap',
  'cx',
  'cy',
  'cz',
  'ch',
  'ccx',
  'cswap',
  'CX',
]);
function inverseName(name: string): string {
  if (own.has(name)) return name;
  return name.startsWith('inv @ ') ? name.slice(6) : `inv @ ${name}`;
}

/** Puts `count` controls of one polarity in front. */
export function controlled(op: Operation, count: number, positive: boolean): Operation {
  const first = Array.from({ length: count }, (_, i) => i);
  const mask = positive ? 2 ** count - 1 : 0;
  const word = `${positive ? '' : 'neg'}ctrl${count === 1 ? '' : `(${count})`} @ `;
  const steps = op.steps.map(({ gate, on }) => {
    if (gate.controls + count > 30) throw new QuantumError('unsupported', 'a gate may have at most 30 controls');
    const moved = {
      ...gate,
      name: word + gate.name,
      controls: gate.controls + count,
      polarity: gate.polarity * 2 ** count + mask,
    };
    const qubits = [...first, ...on.map(q => q + count)];
    return gate.targets > 0 ? { gate: moved, on: qubits } : { gate: phaseOnControl(moved), on: qubits };
  });
  return { arity: op.arity + count, steps };
}

/** A controlled global phase is a phase on its last control. */
function phaseOnControl(g: Gate): Gate {
  const last = g.controls - 1;
  const positive = Math.floor(g.polarity / 2 ** last) % 2 === 1;
  const matrix = identity(2);
  matrix.set(g.matrix, positive ? 6 : 0);
  return { ...g, controls: last, polarity: g.polarity % 2 ** last, targets: 1, matrix };
}

/** U^k. Whole powers of long operations repeat them; others need the matrix and so at most six qubits. */
export function raised(op: Operation, k: number): Operation {
  if (k === 1) return op;
  if (op.steps.length === 0 || k === 0) return { arity: op.arity, steps: [] };
  if (op.steps.length === 1) {
    const { gate, on } = op.steps[0];
    return {
      arity: op.arity,
      steps: [{ gate: { ...gate, name: `pow(${k}) @ ${gate.name}`, matrix: power(gate.matrix, k) }, on }],
    };
  }
  const repeats = Math.abs(k);
  if (Number.isInteger(k) && repeats * op.steps.length <= 64) {
    const one = k < 0 ? inverse(op) : op;
    return { arity: op.arity, steps: Array.from({ length: repeats }, () => one.steps).flat() };
  }
  if (op.arity <= MATRIX_QUBITS) {
    const matrix = power(matrixOf(op), k);
    return single({ name: 'unitary', parameters: [], controls: 0, polarity: 0, targets: op.arity, matrix });
  }
  if (Number.isInteger(k)) {
    if (repeats * op.steps.length > MOST_STEPS)
      throw new QuantumError(
        'too-large',
        `pow(${k}) of a gate on ${op.arity} qubits takes more than ${MOST_STEPS} steps`,
      );
    const one = k < 0 ? inverse(op) : op;
    return { arity: op.arity, steps: Array.from({ length: repeats }, () => one.steps).flat() };
  }
  throw new QuantumError(
    'unsupported',
    `pow(${k}) of a gate made of several steps needs its matrix, which is built for up to ${MATRIX_QUBITS} qubits; this one has ${op.arity}`,
  );
}

/** Joins the steps of a small operation into one matrix; longer ones and single steps stay as they are. */
export function joined(name: string, parameters: readonly number[], op: Operation): Operation {
  if (op.steps.length < 2 || op.arity > 2) return op;
  return single({ name, parameters, controls: 0, polarity: 0, targets: op.arity, matrix: matrixOf(op) });
}

/** The whole matrix of an operation on at most MATRIX_QUBITS qubits, local qubit 0 lowest. */
export function matrixOf(op: Operation): Matrix {
  if (op.arity > MATRIX_QUBITS)
    throw new QuantumError('too-large', `a matrix of ${op.arity} qubits is not built; at most ${MATRIX_QUBITS}`);
  let m = identity(2 ** op.arity);
  for (const { gate, on } of op.steps) m = multiply(embed(gate, on, op.arity), m);
  return m;
}

/** The matrix of a gate on some of n qubits. `on` lists controls, then targets. */
export function embed(g: Gate, on: readonly number[], n: number): Matrix {
  const N = 2 ** n;
  const out = new Float64Array(2 * N * N);
  const T = 2 ** g.targets;
  for (let col = 0; col < N; col++) {
    let active = true;
    for (let i = 0; i < g.controls; i++) if (((col >> on[i]) & 1) !== ((g.polarity >> i) & 1)) active = false;
    if (!active) {
      out[2 * (col * N + col)] = 1;
      continue;
    }
    let from = 0;
    let rest = col;
    for (let t = 0; t < g.targets; t++) {
      const q = on[g.controls + t];
      from |= ((col >> q) & 1) << t;
      rest &= ~(1 << q);
    }
    for (let to = 0; to < T; to++) {
      let row = rest;
      for (let t = 0; t < g.targets; t++) if ((to >> t) & 1) row |= 1 << on[g.controls + t];
      out[2 * (row * N + col)] = g.matrix[2 * (to * T + from)];
      out[2 * (row * N + col) + 1] = g.matrix[2 * (to * T + from) + 1];
    }
  }
  return out;
}
