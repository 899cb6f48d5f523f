// The linear system of the interior point for quadratic programs: Q + Theta on the columns, A below, -1/Theta of the slack (or -delta) on the
// rows, -W^2 for rows of cones; quasi-definite by its regularisation delta (Friedlander and Orban, Math. Prog. Comp. 4:71, 2012).
import { newFactor } from '../sparse/factor.ts';
import { factorize } from '../sparse/ldl.ts';
import { solveRefined } from '../sparse/solve.ts';
import { analyse } from '../sparse/symbolic.ts';
import type { NesterovTodd } from './nesterov-todd.ts';
import type { ScaledModel } from './scaled-model.ts';

/** The regularised matrix is quasi-definite: no pivot vanishes, whatever the spread of its diagonal (fixed columns carry 1e20). */
const SMALLEST_PIVOT = 1e-30;

export class AugmentedSystem {
  readonly #scaled: ScaledModel;
  readonly #factor: ReturnType<typeof newFactor>;
  readonly #matrix: Float64Array;
  readonly #regularised: Float64Array;
  readonly #rowDiagonal: number;
  readonly #conePairs: number;

  constructor(scaled: ScaledModel) {
    this.#scaled = scaled;
    const { n, m, q, starts, indices, values, cones, inCone } = scaled;
    let pairs = 0;
    for (const { size } of cones) pairs += (size * (size - 1)) / 2;
    const entries = n + q.values.length + values.length + m + pairs;
    const rows = new Int32Array(entries);
    const cols = new Int32Array(entries);
    const matrix = new Float64Array(entries);
    let at = 0;
    for (let j = 0; j < n; j++, at++) rows[at] = cols[at] = j;
    for (let k = 0; k < q.values.length; k++, at++) {
      rows[at] = q.rows[k];
      cols[at] = q.cols[k];
      matrix[at] = q.values[k];
    }
    for (let i = 0; i < m; i++)
      for (let p = starts[i]; p < starts[i + 1]; p++, at++) {
        rows[at] = n + i;
        cols[at] = indices[p];
        matrix[at] = values[p];
      }
    this.#rowDiagonal = at;
    for (let i = 0; i < m; i++, at++) rows[at] = cols[at] = n + i;
    this.#conePairs = at;
    for (const { first, size } of cones)
      for (let a = 1; a < size; a++)
        for (let b = 0; b < a; b++, at++) {
          rows[at] = n + first + a;
          cols[at] = n + first + b;
        }
    // The rows of a cone pivot together.
    const groups = new Int32Array(n + m);
    for (let j = 0, g = 0; j < n + m; j++)
      groups[j] = j > n && inCone[j - n] >= 0 && inCone[j - n] === inCone[j - n - 1] ? g - 1 : g++;
    this.#factor = newFactor(analyse(n + m, rows, cols, cones.length > 0 ? groups : undefined));
    this.#matrix = matrix;
    this.#regularised = new Float64Array(entries);
  }

  /** Factorises with the barrier's weights `theta`, the cones' scaling at slacks `s` and multipliers `y`, and regularisation `delta`; true when the signs are those of a convex program. */
  factorise(theta: Float64Array, delta: number, cones: NesterovTodd, s: Float64Array, y: Float64Array): boolean {
    const { n, m, fixed } = this.#scaled;
    const matrix = this.#matrix;
    const regularised = this.#regularised;
    const diagonal = this.#rowDiagonal;
    for (let j = 0; j < n; j++) matrix[j] = fixed[j] ? 1e20 : theta[j];
    for (let i = 0; i < m; i++) matrix[diagonal + i] = fixed[n + i] ? 0 : -1 / Math.max(theta[n + i], 1e-14);
    cones.update(s, y, matrix, diagonal, this.#conePairs);
    regularised.set(matrix);
    for (let j = 0; j < n; j++) regularised[j] += delta;
    for (let i = 0; i < m; i++) regularised[diagonal + i] -= delta;
    factorize(this.#factor, regularised, SMALLEST_PIVOT);
    return this.#factor.negative === m;
  }

  /** Factorises for least-norm points: ones on the diagonal of what may move. */
  factoriseLeastNorm(delta: number): void {
    const { n, m, fixed } = this.#scaled;
    const regularised = this.#regularised;
    regularised.set(this.#matrix);
    for (let j = 0; j < n; j++) regularised[j] = fixed[j] ? 1e20 : 1;
    for (let i = 0; i < m; i++) regularised[this.#rowDiagonal + i] = fixed[n + i] ? -delta : -1;
    factorize(this.#factor, regularised, SMALLEST_PIVOT);
  }

  /**
   * Solves for what was factorised, or with `exact` for the matrix without delta. Returns the relative residual. Cones need the exact system;
   * linear programs may be rank deficient, where only the regularised one has an answer.
   */
  solve(rhs: Float64Array, x: Float64Array, tolerance: number, refinements: number, exact = false): number {
    return solveRefined(this.#factor, exact ? this.#matrix : this.#regularised, rhs, x, tolerance, refinements);
  }
}
