// Circuits with parameters, and the gradient of an expectation value: by parameter shift (Mitarai et al., Phys. Rev. A 98:032309, 2018), which
// a device can do too, and by the adjoint method (Jones and Gacon, arXiv:2009.02823), which costs about three runs for all parameters together.
import { type Gate, gateOf } from '../circuit/gate.ts';
import { adjoint, type Matrix } from '../circuit/matrix.ts';
import { standardGate } from '../circuit/standard.ts';
import { QuantumError } from '../error.ts';
import { applyGate } from '../run/engine.ts';
import { plainState } from '../state/plain-state.ts';
import type { State } from '../state/state.ts';
import { wasmState } from '../state/wasm-state.ts';
import { applyObservable, expectation, type PauliTerm } from './pauli.ts';

/** A gate of stdgates.inc with fixed angles, or rx, ry, rz or rzz by scale times a parameter. */
export type VariationalGate =
  | { readonly name: string; readonly on: readonly number[]; readonly angles?: readonly number[] }
  | {
      readonly name: 'rx' | 'ry' | 'rz' | 'rzz';
      readonly on: readonly number[];
      readonly parameter: number;
      readonly scale?: number;
    };

export interface VariationalCircuit {
  readonly qubits: number;
  readonly gates: readonly VariationalGate[];
}

/** exp(-i angle Z Z / 2). */
function rzz(angle: number): Matrix {
  const m = new Float64Array(32);
  for (let k = 0; k < 4; k++) {
    const s = k === 0 || k === 3 ? -1 : 1;
    m[2 * (5 * k)] = Math.cos(angle / 2);
    m[2 * (5 * k) + 1] = s * Math.sin(angle / 2);
  }
  return m;
}

function gateAt(g: VariationalGate, parameters: readonly number[]): Gate {
  const angles = 'parameter' in g ? [(g.scale ?? 1) * parameters[g.parameter]] : (g.angles ?? []);
  if (g.name === 'rzz') return gateOf('rzz', angles, rzz(angles[0]));
  const gate = standardGate(g.name, ...angles);
  if (!gate) throw new QuantumError('argument', `there is no gate ${g.name} with ${angles.length} angles`);
  return gate;
}

const stateOf = (n: number): State => (n < 9 ? plainState(n) : wasmState(n));

/** The final state. */
export function prepare(c: VariationalCircuit, parameters: readonly number[]): Float64Array {
  const state = stateOf(c.qubits);
  for (const g of c.gates) applyGate(state, gateAt(g, parameters), [...g.on]);
  return state.amplitudes();
}

/** <O> in the final state. */
export function energy(c: VariationalCircuit, parameters: readonly number[], observable: readonly PauliTerm[]): number {
  return expectation(observable, prepare(c, parameters));
}

/** Two runs for each use of a parameter: the exact derivative for gates exp(-i angle P / 2). */
export function parameterShift(
  c: VariationalCircuit,
  parameters: readonly number[],
  observable: readonly PauliTerm[],
): number[] {
  const gradient = parameters.map(() => 0);
  for (const [i, g] of c.gates.entries()) {
    if (!('parameter' in g)) continue;
    const scale = g.scale ?? 1;
    const shifted = (by: number): number => {
      const fixed: VariationalGate = { name: g.name, on: g.on, angles: [scale * parameters[g.parameter] + by] };
      return energy({ ...c, gates: c.gates.with(i, fixed) }, parameters, observable);
    };
    gradient[g.parameter] += (scale * (shifted(Math.PI / 2) - shifted(-Math.PI / 2))) / 2;
  }
  return gradient;
}

/** The value and its gradient in one pass forth and one back. */
export function adjointGradient(
  c: VariationalCircuit,
  parameters: readonly number[],
  observable: readonly PauliTerm[],
): { readonly value: number; readonly gradient: number[] } {
  const psi = stateOf(c.qubits);
  for (const g of c.gates) applyGate(psi, gateAt(g, parameters), [...g.on]);
  const lambda = stateOf(c.qubits);
  lambda.load(applyObservable(observable, psi.amplitudes()));
  const value = dot(psi.amplitudes(), lambda.amplitudes()).re;
  const gradient = parameters.map(() => 0);
  const mu = stateOf(c.qubits);
  for (let i = c.gates.length - 1; i >= 0; i--) {
    const g = c.gates[i];
    const gate = gateAt(g, parameters);
    const back: Gate = { ...gate, matrix: adjoint(gate.matrix) };
    const on = [...g.on];
    applyGate(psi, back, on);
    if ('parameter' in g) {
      // d/dangle of exp(-i angle P / 2) is the same gate at angle + pi, halved.
      const shifted = gateAt(
        { name: g.name, on: g.on, angles: [(g.scale ?? 1) * parameters[g.parameter] + Math.PI] },
        parameters,
      );
      mu.load(psi.amplitudes());
      applyGate(mu, shifted, on);
      gradient[g.parameter] += (g.scale ?? 1) * dot(lambda.amplitudes(), mu.amplitudes()).re;
    }
    applyGate(lambda, back, on);
  }
  return { value, gradient };
}

function dot(a: Float64Array, b: Float64Array): { re: number; im: number } {
  let re = 0;
  let im = 0;
  for (let i = 0; i < a.length; i += 2) {
    re += a[i] * b[i] + a[i + 1] * b[i + 1];
    im += a[i] * b[i + 1] - a[i + 1] * b[i];
  }
  return { re, im };
}
