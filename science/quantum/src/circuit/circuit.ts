// A traced program: gates, measurements and resets in order, packed into one integer array so that millions of them fit in little memory.
// Code: [g, qubits of gate g…] with g >= 0, [-1, qubit] measures (numbered in order), [-2, qubit] resets, [-3, 2 m + v] lets the gate that
// follows act only where measurement m gave v.
import { arity, type Gate } from './gate.ts';

export const MEASURE = -1;
export const RESET = -2;
export const CONDITION = -3;

export interface Circuit {
  readonly qubits: number;
  readonly gates: readonly Gate[];
  /** The first `length` numbers count. */
  readonly code: Int32Array;
  readonly length: number;
  readonly measurements: number;
  /** Gates under a condition, each once. */
  readonly conditional: readonly Gate[];
  /** Gates, measurements and resets. */
  readonly operations: number;
}

/** What a program acts on while it runs: a recorder, or a simulator of one shot. */
export interface Machine {
  /** Qubits: controls first, then targets. */
  gate(gate: Gate, qubits: ArrayLike<number>): void;
  /** The outcome 0 or 1, or 2 + k when only the k-th measurement was noted. */
  measure(qubit: number): number;
  reset(qubit: number): void;
  /** The outcome of the k-th noted measurement; a recorder throws OutcomeNeeded. */
  outcome(measurement: number): number;
  /** Gates that `body` gives act only where a noted measurement was `value`. A machine without it asks for outcomes. */
  when?(measurement: number, value: number, body: () => void): void;
}

/** Thrown by a recorder when what the program does next depends on an outcome. */
export class OutcomeNeeded extends Error {}

/** A growing circuit. */
export class Recorder implements Machine {
  #code = new Int32Array(1024);
  #length = 0;
  #measurements = 0;
  #operations = 0;
  #qubits = 0;
  readonly #gates: Gate[] = [];
  readonly #number = new Map<Gate, number>();
  readonly #conditional = new Set<Gate>();
  /** The word of the condition that gates stand under, or -1. */
  #under = -1;

  gate(gate: Gate, qubits: ArrayLike<number>): void {
    let g = this.#number.get(gate);
    if (g === undefined) {
      g = this.#gates.length;
      this.#gates.push(gate);
      this.#number.set(gate, g);
    }
    const n = qubits.length;
    if (n !== arity(gate)) throw new RangeError(`${gate.name} acts on ${arity(gate)} qubits, not ${n}`);
    this.#room(n + 3);
    if (this.#under >= 0) {
      this.#conditional.add(gate);
      this.#code[this.#length++] = CONDITION;
      this.#code[this.#length++] = this.#under;
    }
    this.#code[this.#length++] = g;
    for (let i = 0; i < n; i++) this.#qubit(qubits[i]);
    this.#operations += 1;
  }

  measure(qubit: number): number {
    this.#room(2);
    this.#code[this.#length++] = MEASURE;
    this.#qubit(qubit);
    this.#operations += 1;
    return 2 + this.#measurements++;
  }

  reset(qubit: number): void {
    this.#room(2);
    this.#code[this.#length++] = RESET;
    this.#qubit(qubit);
    this.#operations += 1;
  }

  /** Only gates can stand under a condition, one condition at a time. */
  when(measurement: number, value: number, body: () => void): void {
    this.#under = 2 * measurement + value;
    body();
    this.#under = -1;
  }

  outcome(): number {
    throw new OutcomeNeeded('the outcome of a measurement is needed');
  }

  /** What was recorded so far, on at least `qubits` qubits. */
  circuit(qubits = 0): Circuit {
    return {
      qubits: Math.max(qubits, this.#qubits),
      gates: this.#gates,
      code: this.#code,
      length: this.#length,
      measurements: this.#measurements,
      conditional: [...this.#conditional],
      operations: this.#operations,
    };
  }

  #qubit(q: number): void {
    this.#code[this.#length++] = q;
    if (q >= this.#qubits) this.#qubits = q + 1;
  }

  #room(n: number): void {
    if (this.#length + n <= this.#code.length) return;
    const next = new Int32Array(this.#code.length * 2);
    next.set(this.#code);
    this.#code = next;
  }
}

/** Runs a circuit on a machine; gives what each measurement returned. */
export function play(circuit: Circuit, machine: Machine): Int32Array {
  const { code, length, gates } = circuit;
  const sizes = gates.map(arity);
  const scratch = sizes.map(n => new Int32Array(n));
  const out = new Int32Array(circuit.measurements);
  let m = 0;
  for (let i = 0; i < length; ) {
    const op = code[i++];
    if (op === MEASURE) out[m++] = machine.measure(code[i++]);
    else if (op === RESET) machine.reset(code[i++]);
    else if (op === CONDITION) {
      const condition = code[i++];
      if (out[condition >> 1] !== (condition & 1)) i += 1 + sizes[code[i]];
    } else {
      const on = scratch[op];
      for (let k = 0; k < on.length; k++) on[k] = code[i++];
      machine.gate(gates[op], on);
    }
  }
  return out;
}
