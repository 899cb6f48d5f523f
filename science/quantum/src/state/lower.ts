// Gates on a state vector as the few kinds of step that the kernel does fast: phases, flips, 2 x 2 and larger matrices under controls.
// Diagonal gates of one and two qubits become phases on bits, so that any run of them can be done in one pass (plan.ts).
import { arity, type Gate } from '../circuit/gate.ts';
import type { Matrix } from '../circuit/matrix.ts';

export type Step =
  /** Multiplies by re + i im where every bit of `on` reads as `wanted` says (bit i of wanted for on[i]). No bits: everything. */
  | {
      readonly kind: 'phase';
      readonly on: readonly number[];
      readonly wanted: number;
      readonly re: number;
      readonly im: number;
    }
  /** Exchanges the two values of its one target under controls. */
  | {
      readonly kind: 'flip';
      readonly targets: readonly number[];
      readonly on: readonly number[];
      readonly wanted: number;
    }
  /** Exchanges its two targets under controls. */
  | {
      readonly kind: 'swap';
      readonly targets: readonly number[];
      readonly on: readonly number[];
      readonly wanted: number;
    }
  /** A matrix on targets (first lowest) under controls. */
  | {
      readonly kind: 'matrix';
      readonly targets: readonly number[];
      readonly on: readonly number[];
      readonly wanted: number;
      readonly matrix: Matrix;
    };

const TINY = 1e-15;

/** The steps of a gate on the given qubits (controls first, then targets). Nothing is dropped, not even a global phase. */
export function lower(gate: Gate, qubits: ArrayLike<number>): Step[] {
  const { controls, targets, matrix, polarity } = gate;
  const on: number[] = [];
  const of: number[] = [];
  for (let i = 0; i < arity(gate); i++) (i < controls ? on : of).push(qubits[i]);
  if (targets === 0) return phase(on, polarity, matrix[0], matrix[1]);
  const shape = shapeOf(matrix, targets);
  if (shape === 'diagonal') {
    const T = 2 ** targets;
    if (controls === 0 && targets <= 2) return uncontrolledDiagonal(matrix, of, T);
    return Array.from({ length: T }, (_, k) => {
      const at = 2 * (k * T + k);
      return phase([...on, ...of], polarity | (k << controls), matrix[at], matrix[at + 1]);
    }).flat();
  }
  if (shape === 'flip' || shape === 'swap') return [{ kind: shape, targets: of, on, wanted: polarity }];
  return [{ kind: 'matrix', targets: of, on, wanted: polarity, matrix }];
}

function phase(on: readonly number[], wanted: number, re: number, im: number): Step[] {
  return Math.abs(re - 1) < TINY && Math.abs(im) < TINY ? [] : [{ kind: 'phase', on, wanted, re, im }];
}

/** d0, then what bit 0, bit 1 and both add, as factors. */
function uncontrolledDiagonal(m: Matrix, of: readonly number[], T: number): Step[] {
  const d = Array.from({ length: T }, (_, k) => [m[2 * (k * T + k)], m[2 * (k * T + k) + 1]] as const);
  const over = (a: readonly [number, number], b: readonly [number, number]): [number, number] => [
    a[0] * b[0] + a[1] * b[1],
    a[1] * b[0] - a[0] * b[1],
  ];
  const out = [...phase([], 0, ...d[0]), ...phase([of[0]], 1, ...over(d[1], d[0]))];
  if (T === 4)
    out.push(
      ...phase([of[1]], 1, ...over(d[2], d[0])),
      ...phase([...of], 3, ...over(over(d[3], d[1]), over(d[2], d[0]))),
    );
  return out;
}

const shapes = new WeakMap<Matrix, 'diagonal' | 'flip' | 'swap' | 'full'>();

function shapeOf(m: Matrix, targets: number): 'diagonal' | 'flip' | 'swap' | 'full' {
  let s = shapes.get(m);
  if (s) return s;
  const T = 2 ** targets;
  const zero = (r: number, c: number) => Math.abs(m[2 * (r * T + c)]) < TINY && Math.abs(m[2 * (r * T + c) + 1]) < TINY;
  const one = (r: number, c: number) => m[2 * (r * T + c)] === 1 && m[2 * (r * T + c) + 1] === 0;
  let diagonal = true;
  for (let r = 0; r < T; r++) for (let c = 0; c < T; c++) if (r !== c && !zero(r, c)) diagonal = false;
  if (diagonal) s = 'diagonal';
  else if (T === 2 && one(0, 1) && one(1, 0) && zero(0, 0) && zero(1, 1)) s = 'flip';
  else if (T === 4 && one(0, 0) && one(1, 2) && one(2, 1) && one(3, 3)) s = 'swap';
  else s = 'full';
  shapes.set(m, s);
  return s;
}
