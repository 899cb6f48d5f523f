// Nesterov-Todd scaling of second-order cones (Vandenberghe, "The CVXOPT linear and quadratic cone program solvers", 2010, section 4):
// W = eta [w0 w1'; w1 I + w1 w1'/(1 + w0)] with W z = W^-1 s = lambda for the slack s and the multiplier z of a cone.
// All vectors run over the rows of the program; only those of cones are used.
import type { Cone } from './conic-model.ts';

export class NesterovTodd {
  readonly #cones: readonly Cone[];
  readonly #w: Float64Array;
  readonly #eta: Float64Array;
  readonly #lambda: Float64Array;
  readonly #second: Float64Array;
  readonly #solved: Float64Array;
  /** W times what stands on the right of the cones' complementarity, set by `aimAt`. */
  readonly rhs: Float64Array;

  constructor(cones: readonly Cone[], rows: number) {
    this.#cones = cones;
    this.#eta = new Float64Array(cones.length);
    this.#w = new Float64Array(rows);
    this.#lambda = new Float64Array(rows);
    this.#second = new Float64Array(rows);
    this.#solved = new Float64Array(rows);
    this.rhs = new Float64Array(rows);
  }

  /** Scaling point of every cone; writes -W^2: its diagonal at `diagonal + row`, the pairs below it from `pairs` on. */
  update(s: Float64Array, z: Float64Array, matrix: Float64Array, diagonal: number, pairs: number): void {
    const w = this.#w;
    let at = pairs;
    for (const [c, { first, size }] of this.#cones.entries()) {
      let ss = 0;
      let zz = 0;
      let sz = s[first] * z[first];
      for (let i = first + 1; i < first + size; i++) {
        ss += s[i] * s[i];
        zz += z[i] * z[i];
        sz += s[i] * z[i];
      }
      ss = (s[first] - Math.sqrt(ss)) * (s[first] + Math.sqrt(ss));
      zz = (z[first] - Math.sqrt(zz)) * (z[first] + Math.sqrt(zz));
      const sNorm = Math.sqrt(Math.max(ss, 1e-300));
      const zNorm = Math.sqrt(Math.max(zz, 1e-300));
      const gamma = Math.sqrt((1 + sz / (sNorm * zNorm)) / 2);
      const eta2 = sNorm / zNorm;
      this.#eta[c] = Math.sqrt(eta2);
      // w stays on the unit hyperboloid in the face of rounding.
      let tail = 0;
      for (let i = first + 1; i < first + size; i++) {
        w[i] = (s[i] / sNorm - z[i] / zNorm) / (2 * gamma);
        tail += w[i] ** 2;
      }
      w[first] = Math.sqrt(1 + tail);
      this.#times(c, z, this.#lambda, 1);
      for (let i = first; i < first + size; i++)
        matrix[diagonal + i] = -eta2 * (2 * w[i] ** 2 - (i === first ? 1 : -1));
      for (let a = 1; a < size; a++) for (let b = 0; b < a; b++) matrix[at++] = -eta2 * 2 * w[first + a] * w[first + b];
    }
  }

  /** Leaves W (lambda \ (aim e - lambda o lambda - second-order term)) in `rhs`. */
  aimAt(aim: number): void {
    const lambda = this.#lambda;
    const second = this.#second;
    const solved = this.#solved;
    for (const [c, { first, size }] of this.#cones.entries()) {
      const head = lambda[first];
      let dot = 0;
      let tail = 0;
      let all = head ** 2;
      for (let i = first + 1; i < first + size; i++) {
        dot += lambda[i] * (-2 * head * lambda[i] - second[i]);
        tail += lambda[i] ** 2;
        all += lambda[i] ** 2;
      }
      const x0 = (head * (aim - all - second[first]) - dot) / Math.max(head ** 2 - tail, 1e-300);
      solved[first] = x0;
      for (let i = first + 1; i < first + size; i++)
        solved[i] = (-2 * head * lambda[i] - second[i] - x0 * lambda[i]) / head;
      this.#times(c, solved, this.rhs, 1);
    }
  }

  /** Mehrotra's second-order term (W^-1 ds) o (W dz) of a predictor; without arguments there is none. */
  correct(ds?: Float64Array, dz?: Float64Array): void {
    const second = this.#second;
    second.fill(0);
    if (!ds || !dz) return;
    for (const [c, { first, size }] of this.#cones.entries()) {
      this.#times(c, ds, second, -1);
      const a = second.slice(first, first + size);
      this.#times(c, dz, second, 1);
      const b = second.slice(first, first + size);
      let dot = 0;
      for (let k = 0; k < size; k++) dot += a[k] * b[k];
      second[first] = dot;
      for (let k = 1; k < size; k++) second[first + k] = a[0] * b[k] + b[0] * a[k];
    }
  }

  /** out = W u (power 1) or W^-1 u (power -1) on cone c. */
  #times(c: number, u: Float64Array, out: Float64Array, power: 1 | -1): void {
    const { first, size } = this.#cones[c];
    const w = this.#w;
    let dot = 0;
    for (let i = first + 1; i < first + size; i++) dot += w[i] * u[i];
    const eta = power === 1 ? this.#eta[c] : 1 / this.#eta[c];
    const u0 = u[first];
    const along = power * u0 + dot / (1 + w[first]);
    for (let i = first + 1; i < first + size; i++) out[i] = eta * (u[i] + along * w[i]);
    out[first] = eta * (w[first] * u0 + power * dot);
  }
}

/** Largest step t <= 1e10 with u + t d in the second-order cone of rows first .. first + size. */
export function coneReach({ first, size }: Cone, u: Float64Array, d: Float64Array): number {
  let tail = 0;
  let along = 0;
  let dd = 0;
  for (let i = first + 1; i < first + size; i++) {
    tail += u[i] ** 2;
    along += u[i] * d[i];
    dd += d[i] ** 2;
  }
  // Differences of squares as products: near the boundary the squares agree in most of their digits.
  const length = Math.sqrt(tail);
  const c = (u[first] - length) * (u[first] + length);
  const a = (d[first] - Math.sqrt(dd)) * (d[first] + Math.sqrt(dd));
  const b = u[first] * d[first] - along;
  if (!(c > 0)) return 0;
  // u0 + t d0 must stay positive too; the first zero of the quadratic a t^2 + 2 b t + c comes no later.
  const root = b * b - a * c;
  if (root < 0) return 1e10;
  const r = Math.sqrt(root);
  const zero = a > 0 ? (b < 0 ? c / (-b + r) : 1e10) : a < 0 ? c / (-b + r) : b < 0 ? -c / (2 * b) : 1e10;
  return zero > 0 ? Math.min(zero, 1e10) : 1e10;
}
