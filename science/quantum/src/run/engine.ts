// The two simulators behind one face for programs that measure on the way: a state that can be measured, saved and restored.
import { arity, type Gate } from '../circuit/gate.ts';
import { isDiagonal } from '../circuit/matrix.ts';
import { QuantumError } from '../error.ts';
import { clifford } from '../stabiliser/clifford.ts';
import { tableau, tableauBytes } from '../stabiliser/tableau.ts';
import { plainState } from '../state/plain-state.ts';
import type { State } from '../state/state.ts';
import { wasmState } from '../state/wasm-state.ts';

export interface Engine {
  gate(gate: Gate, qubits: ArrayLike<number>): void;
  /** Probability of 1; exactly 0 or 1 when the outcome is fixed. */
  probabilityOfOne(qubit: number): number;
  /** Projects on an outcome that can happen. */
  project(qubit: number, outcome: number): void;
  flip(qubit: number): void;
  save(): unknown;
  restore(saved: unknown): void;
  /** Size of one saved state. */
  bytes(): number;
  clear(): void;
}

/** Thrown by the stabiliser engine at a gate it cannot do. */
export class NotClifford extends Error {}

export function stabiliserEngine(qubits: number): Engine {
  let t = tableau(qubits);
  const x = { kind: 'x', a: 0, b: 0 } as const;
  return {
    gate(gate, on) {
      const parts = clifford(gate);
      if (!parts) throw new NotClifford(gate.name);
      for (const p of parts) t.apply(p, on);
    },
    probabilityOfOne: q => (t.isRandom(q) ? 0.5 : t.measure(q)),
    project(q, outcome) {
      if (t.isRandom(q)) t.force(q, outcome);
    },
    flip: q => t.apply(x, [q]),
    save: () => t.save(),
    restore: saved => t.restore(saved as Uint32Array),
    bytes: () => tableauBytes(qubits),
    clear() {
      t = tableau(qubits);
    },
  };
}

/** How a state vector is made; given so that the compiled kernel can stand in. */
export type MakeState = (qubits: number) => State;

/** Why a state vector of this many qubits is refused, and which of the gates keep the stabiliser simulator from doing it. */
export function tooManyQubits(qubits: number, most: number, gates: readonly Gate[] = []): QuantumError {
  const gib = 2 ** (qubits - 26);
  const size =
    gib >= 1024 ** 3
      ? `${(gib / 1024 ** 3).toPrecision(3)} EiB`
      : gib >= 1024
        ? `${(gib / 1024).toPrecision(3)} TiB`
        : `${gib} GiB`;
  const odd = [...new Set(gates.filter(g => !clifford(g)).map(g => g.name))];
  const which =
    odd.length === 0
      ? ''
      : `; here that is prevented by ${odd.slice(0, 4).join(', ')}${odd.length > 4 ? ` and ${odd.length - 4} more kinds` : ''}`;
  return new QuantumError(
    'too-large',
    `a state vector of ${qubits} qubits would take ${size}; the limit here is ${most} qubits. Circuits of Clifford gates alone run with thousands of qubits${which}`,
  );
}

/**
 * A state vector over only those qubits that are in superposition. Untouched and just measured qubits are plain bits: a measured qubit leaves
 * the vector, and a control on a plain bit decides at once. So long teleportation chains stay as small as their live part.
 */
export function vectorEngine(most: number, make: MakeState = smallOrKernel): Engine {
  // One state of each size, used again: every state of the kernel has a memory of its own.
  const made: State[] = [];
  const stateOf = (n: number): State => {
    made[n] ??= make(n);
    return made[n];
  };
  let state: State = stateOf(0);
  /** Qubit at each place of the vector, lowest first. */
  let places: number[] = [];
  let plain = new Map<number, number>();

  function place(q: number): number {
    const at = places.indexOf(q);
    if (at >= 0) return at;
    const n = places.length;
    if (n >= most) throw tooManyQubits(n + 1, most);
    const next = stateOf(n + 1);
    const grown = new Float64Array(2 ** (n + 2));
    grown.set(state.amplitudes(), plain.get(q) ? 2 ** (n + 1) : 0);
    next.load(grown);
    state = next;
    places.push(q);
    plain.delete(q);
    return n;
  }

  /** Takes a qubit of known value out of the vector. */
  function settle(at: number, value: number): void {
    const n = places.length - 1;
    const from = state.amplitudes();
    const half = new Float64Array(2 ** (n + 1));
    const run = 2 ** (at + 1);
    for (let i = 0; i < half.length; i += run)
      half.set(from.subarray(2 * i + value * run, 2 * i + value * run + run), i);
    state = stateOf(n);
    state.load(half);
    plain.set(places[at], value);
    places.splice(at, 1);
  }

  return {
    gate(gate, on) {
      if (gate.targets === 0) return;
      const { controls } = gate;
      const kept: number[] = [];
      let polarity = 0;
      for (let i = 0; i < controls; i++) {
        const wanted = (gate.polarity >> i) & 1;
        if (places.includes(on[i])) {
          polarity |= wanted << kept.length;
          kept.push(on[i]);
        } else if ((plain.get(on[i]) ?? 0) !== wanted) return;
      }
      for (let i = controls; i < on.length; i++) kept.push(on[i]);
      // A plain bit stays one under X; a phase on it is a global phase.
      if (kept.length === 1 && gate.targets === 1 && !places.includes(kept[0])) {
        const effect = onPlainBit(gate);
        if (effect === 'flip') plain.set(kept[0], 1 - (plain.get(kept[0]) ?? 0));
        if (effect !== 'mixes') return;
      }
      const reduced = kept.length === on.length ? gate : { ...gate, controls: kept.length - gate.targets, polarity };
      for (const q of kept) place(q);
      applyGate(state, reduced, kept.map(place));
    },
    probabilityOfOne(q) {
      const at = places.indexOf(q);
      if (at < 0) return plain.get(q) ?? 0;
      const p = state.probabilityOfOne(at);
      return p < 1e-12 ? 0 : p > 1 - 1e-12 ? 1 : p;
    },
    project(q, outcome) {
      const at = places.indexOf(q);
      if (at < 0) return;
      const p1 = state.probabilityOfOne(at);
      state.collapse(at, outcome, outcome ? p1 : 1 - p1);
      settle(at, outcome);
    },
    flip(q) {
      const at = places.indexOf(q);
      if (at < 0) plain.set(q, 1 - (plain.get(q) ?? 0));
      else state.apply(flipMatrix, [at], [], 0);
    },
    save: () => ({ amplitudes: state.amplitudes().slice(), places: [...places], plain: new Map(plain) }),
    restore(saved) {
      const s = saved as { amplitudes: Float64Array; places: number[]; plain: Map<number, number> };
      places = [...s.places];
      plain = new Map(s.plain);
      state = stateOf(places.length);
      state.load(s.amplitudes);
    },
    bytes: () => 2 ** (places.length + 4),
    clear() {
      state = stateOf(0);
      state.clear();
      places = [];
      plain = new Map();
    },
  };
}

/** The plain state is quicker to make and to use while it is small. */
const smallOrKernel: MakeState = n => (n < 9 ? plainState(n) : wasmState(n));

const flipMatrix = Float64Array.of(0, 0, 1, 0, 1, 0, 0, 0);

/** What a gate on one qubit does to a qubit that is plainly 0 or 1. */
export function onPlainBit(gate: Gate): 'flip' | 'phase' | 'mixes' {
  if (isDiagonal(gate.matrix)) return 'phase';
  const m = gate.matrix;
  return Math.hypot(m[0], m[1]) < 1e-14 && Math.hypot(m[6], m[7]) < 1e-14 ? 'flip' : 'mixes';
}

/** Applies a gate to simulator qubits (controls first, then targets). A global phase is left out: it changes no count. */
export function applyGate(state: State, gate: Gate, qubits: readonly number[]): void {
  const { controls, targets, matrix, polarity } = gate;
  if (targets === 0) return;
  if (controls === 0 && isDiagonal(matrix)) {
    const T = 2 ** targets;
    const entries = new Float64Array(2 * T);
    for (let i = 0; i < T; i++) entries.set(matrix.subarray(2 * (i * T + i), 2 * (i * T + i) + 2), 2 * i);
    state.applyDiagonal(entries, qubits);
    return;
  }
  state.apply(matrix, qubits.slice(controls, arity(gate)), qubits.slice(0, controls), polarity);
}
