// The built-in gate U, and stdgates.inc of OpenQASM 3.0 with exact matrices, global phase as the standard states it.
// Trap 1: U(θ, φ, λ) of version 3 carries e^(iθ/2) against u3 and against version 2. Trap 2: the prose of the standard gives cu as
// e^(iγ) U on the control; its file stdgates.inc gives e^(i(γ - θ/2)) U, which is what Qiskit does and what is done here.
// Trap 3: that file's CX is a controlled iX by the U of version 3; the prose calls it an alias of cx, and so does this table.
import { type Gate, gateOf } from './gate.ts';
import { type Matrix, phases } from './matrix.ts';

const R = Math.SQRT1_2;
/** 2 x 2 from eight numbers. */
const two = (...m: readonly number[]): Matrix => Float64Array.from(m);

/** U(θ, φ, λ) = e^(iθ/2) [[cos, -e^(iλ) sin], [e^(iφ) sin, e^(i(φ+λ)) cos]] of θ/2; the same as the sum form of the standard. */
export function uMatrix(theta: number, phi: number, lambda: number): Matrix {
  return turned(theta / 2, theta, phi, lambda);
}

/** The same without e^(iθ/2), times e^(i extra). */
function turned(extra: number, theta: number, phi: number, lambda: number): Matrix {
  const c = Math.cos(theta / 2);
  const s = Math.sin(theta / 2);
  const e = (angle: number, size: number) => [size * Math.cos(angle), size * Math.sin(angle)];
  return two(...e(extra, c), ...e(extra + lambda, -s), ...e(extra + phi, s), ...e(extra + phi + lambda, c));
}

const x = two(0, 0, 1, 0, 1, 0, 0, 0);
const y = two(0, 0, 0, -1, 0, 1, 0, 0);
const z = two(1, 0, 0, 0, 0, 0, -1, 0);
const h = two(R, 0, R, 0, R, 0, -R, 0);
const p = (angle: number) => phases([0, angle]);
const rx = (t: number) => two(Math.cos(t / 2), 0, 0, -Math.sin(t / 2), 0, -Math.sin(t / 2), Math.cos(t / 2), 0);
const ry = (t: number) => two(Math.cos(t / 2), 0, -Math.sin(t / 2), 0, Math.sin(t / 2), 0, Math.cos(t / 2), 0);
const rz = (t: number) => phases([-t / 2, t / 2]);
const swap = Float64Array.from({ length: 32 }, (_, i) => ([0, 12, 18, 30].includes(i) ? 1 : 0));

interface Definition {
  readonly parameters: number;
  readonly controls: number;
  readonly targets: number;
  matrix(...angles: number[]): Matrix;
}
const fixed = (matrix: Matrix, controls = 0): Definition => ({
  parameters: 0,
  controls,
  targets: matrix.length === 8 ? 1 : 2,
  matrix: () => matrix,
});
const of = (parameters: number, matrix: Definition['matrix'], controls = 0): Definition => ({
  parameters,
  controls,
  targets: 1,
  matrix,
});

/** Gates that exist without an include. */
export const builtinGates: Readonly<Record<string, Definition>> = {
  U: of(3, uMatrix),
  gphase: { parameters: 1, controls: 0, targets: 0, matrix: angle => two(Math.cos(angle), Math.sin(angle)) },
};

/** Gates of `include "stdgates.inc";`. */
export const standardGates: Readonly<Record<string, Definition>> = {
  p: of(1, p),
  x: fixed(x),
  y: fixed(y),
  z: fixed(z),
  h: fixed(h),
  s: fixed(two(1, 0, 0, 0, 0, 0, 0, 1)),
  sdg: fixed(two(1, 0, 0, 0, 0, 0, 0, -1)),
  t: fixed(two(1, 0, 0, 0, 0, 0, R, R)),
  tdg: fixed(two(1, 0, 0, 0, 0, 0, R, -R)),
  sx: fixed(two(0.5, 0.5, 0.5, -0.5, 0.5, -0.5, 0.5, 0.5)),
  rx: of(1, rx),
  ry: of(1, ry),
  rz: of(1, rz),
  cx: fixed(x, 1),
  cy: fixed(y, 1),
  cz: fixed(z, 1),
  cp: of(1, p, 1),
  crx: of(1, rx, 1),
  cry: of(1, ry, 1),
  crz: of(1, rz, 1),
  ch: fixed(h, 1),
  swap: fixed(swap),
  ccx: fixed(x, 2),
  cswap: fixed(swap, 1),
  cu: of(4, (t, f, l, g) => turned(g, t, f, l), 1),
  CX: fixed(x, 1),
  phase: of(1, p),
  cphase: of(1, p, 1),
  id: fixed(two(1, 0, 0, 0, 0, 0, 1, 0)),
  u1: of(1, p),
  u2: of(2, (f, l) => turned(-(f + l) / 2, Math.PI / 2, f, l)),
  u3: of(3, (t, f, l) => turned(-(f + l) / 2, t, f, l)),
};

const cache = new Map<string, Gate>();

/** A gate of stdgates.inc, U or gphase by name. Throws nothing for known names; undefined for others. */
export function standardGate(name: string, ...parameters: readonly number[]): Gate | undefined {
  const d = standardGates[name] ?? builtinGates[name];
  if (!d || parameters.length !== d.parameters) return undefined;
  if (parameters.length > 0) return gateOf(name, parameters, d.matrix(...parameters), d.controls);
  let g = cache.get(name);
  if (!g) {
    g = gateOf(name, [], d.matrix(), d.controls);
    cache.set(name, g);
  }
  return g;
}
