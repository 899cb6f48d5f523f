// What an integration did, kept so that a small difference of its start can be led to its end: the same formula with the same steps on the linearised equations, at a small part of
// the integration's price.
import { ALPHA, changeStep, GAMMA, MOST_ORDER } from './bdf.ts';

export type Tape = (
  | { readonly kind: 'change'; readonly order: number; readonly factor: number }
  | { readonly kind: 'step'; readonly order: number; readonly c: number; readonly solve: (x: Float64Array) => void }
)[];

/** Overwrites `y`, a small difference of the coupled components at the start, with that at the end; `source` is added to the derivatives all the way. */
export function propagate(tape: Tape, y: Float64Array, source?: Float64Array): void {
  const n = y.length;
  const differences = Array.from({ length: MOST_ORDER + 3 }, () => new Float64Array(n));
  const predicted = new Float64Array(n);
  const x = new Float64Array(n);
  differences[0].set(y);
  for (const was of tape) {
    const { order } = was;
    if (was.kind === 'change') {
      changeStep(differences, order, was.factor, n);
      continue;
    }
    // y = prediction + d, where d = c (J y + source) - psi.
    predicted.fill(0);
    for (let k = 0; k <= order; k++) for (let i = 0; i < n; i++) predicted[i] += differences[k][i];
    x.set(predicted);
    for (let k = 1; k <= order; k++) {
      const w = GAMMA[k] / ALPHA[order];
      for (let i = 0; i < n; i++) x[i] -= w * differences[k][i];
    }
    if (source) for (let i = 0; i < n; i++) x[i] += was.c * source[i];
    was.solve(x);
    for (let i = 0; i < n; i++) {
      const d = x[i] - predicted[i];
      differences[order + 2][i] = d - differences[order + 1][i];
      differences[order + 1][i] = d;
    }
    for (let k = order; k >= 0; k--) for (let i = 0; i < n; i++) differences[k][i] += differences[k + 1][i];
  }
  y.set(differences[0]);
}
