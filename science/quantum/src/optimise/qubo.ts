// Quadratic binary problems: minimise offset + sum l_i x_i + sum_{i<j} q_ij x_i x_j over x in {0, 1}^n. One bit of x is one qubit.
import { QuantumError } from '../error.ts';

export interface Qubo {
  readonly variables: number;
  readonly offset: number;
  readonly linear: Float64Array;
  /** q_ij at i n + j for i < j; other places are zero. */
  readonly quadratic: Float64Array;
}

/** Collects terms; squares of single bits go to the linear part, since x x = x. */
export class QuboBuilder {
  readonly #n: number;
  readonly #linear: Float64Array;
  readonly #quadratic: Float64Array;
  offset = 0;

  constructor(variables: number) {
    this.#n = variables;
    this.#linear = new Float64Array(variables);
    this.#quadratic = new Float64Array(variables * variables);
  }

  add(i: number, value: number): void {
    this.#linear[i] += value;
  }

  addPair(i: number, j: number, value: number): void {
    if (i === j) this.#linear[i] += value;
    else this.#quadratic[Math.min(i, j) * this.#n + Math.max(i, j)] += value;
  }

  /** weight (sum c_k x_k - target)^2. */
  addSquare(
    terms: readonly (readonly [variable: number, coefficient: number])[],
    target: number,
    weight: number,
  ): void {
    this.offset += weight * target * target;
    for (const [a, [i, ci]] of terms.entries()) {
      this.add(i, weight * (ci * ci - 2 * target * ci));
      for (let b = a + 1; b < terms.length; b++) this.addPair(i, terms[b][0], 2 * weight * ci * terms[b][1]);
    }
  }

  build(): Qubo {
    return {
      variables: this.#n,
      offset: this.offset,
      linear: this.#linear.slice(),
      quadratic: this.#quadratic.slice(),
    };
  }
}

/** The value at x, of 0 and 1. */
export function quboValue(q: Qubo, x: ArrayLike<number>): number {
  let e = q.offset;
  for (let i = 0; i < q.variables; i++) {
    if (!x[i]) continue;
    e += q.linear[i];
    for (let j = i + 1; j < q.variables; j++) if (x[j]) e += q.quadratic[i * q.variables + j];
  }
  return e;
}

/** The value at each of 2^n points, bit i of the index being x_i. n at most 26. */
export function allValues(q: Qubo): Float64Array {
  const n = q.variables;
  if (n > 26) throw new QuantumError('too-large', `2^${n} values are not built; at most 2^26`);
  const out = new Float64Array(2 ** n);
  out[0] = q.offset;
  // Point x + 2^i: the value at x, plus l_i, plus the pairs of i with the set bits below it.
  for (let i = 0; i < n; i++) {
    const size = 2 ** i;
    const step = new Float64Array(size);
    step[0] = q.linear[i];
    for (let j = 0; j < i; j++) {
      const pair = q.quadratic[j * n + i];
      const half = 2 ** j;
      for (let x = 0; x < half; x++) step[x + half] = step[x] + pair;
    }
    for (let x = 0; x < size; x++) out[x + size] = out[x] + step[x];
  }
  return out;
}

/** Bits of an index. */
export const bitsOf = (index: number, n: number): Uint8Array =>
  Uint8Array.from({ length: n }, (_, i) => Math.floor(index / 2 ** i) % 2);
