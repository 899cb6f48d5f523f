// State vector on the compiled kernel. Single calls act at once; `run` takes a whole list of steps and does it in few passes (plan.ts).
import { kernel } from './kernel.ts';
import type { Step } from './lower.ts';
import { runSteps } from './plan.ts';
import type { State } from './state.ts';

export interface PlannedState extends State {
  /** Does many steps, in groups that stay in the cache. */
  run(steps: readonly Step[]): void;
}

/** Draws taken at once by `sample`, so that they fit the block's memory. */
const DRAWS = 8192;

/** |0…0> of n qubits on the kernel; n at most 27 (2 GiB). */
export function wasmState(qubits: number): PlannedState {
  const k = kernel(qubits);
  const size = 2 ** (qubits + 1);
  const view = () => k.doubles().subarray(k.state >> 3, (k.state >> 3) + size);
  return {
    qubits,
    apply(matrix, targets, controls, polarity) {
      k.step(
        {
          kind: 'matrix',
          targets: Array.from(targets),
          on: Array.from(controls),
          wanted: polarity,
          matrix: Float64Array.from(matrix),
        },
        k.state,
        qubits,
      );
    },
    applyDiagonal(entries, targets) {
      const on = Array.from(targets);
      for (let i = 0; i < entries.length / 2; i++)
        if (entries[2 * i] !== 1 || entries[2 * i + 1] !== 0)
          k.step({ kind: 'phase', on, wanted: i, re: entries[2 * i], im: entries[2 * i + 1] }, k.state, qubits);
    },
    run: steps => runSteps(k, qubits, steps),
    probabilityOfOne: q => k.call['weight'](k.state, qubits, q),
    collapse(q, outcome, probability) {
      k.call['collapse'](k.state, qubits, q, outcome, 1 / Math.sqrt(probability));
    },
    norm: () => k.call['weight'](k.state, qubits, qubits),
    sample(sorted) {
      const out = new Float64Array(sorted.length);
      // The kernel starts at the first state each time; one call for all draws that fit.
      const at = k.block >> 3;
      for (let i = 0; i < sorted.length; i += DRAWS) {
        const part = sorted.subarray(i, i + DRAWS);
        k.doubles().set(part, at);
        k.call['sample'](k.state, qubits, k.block, part.length, k.block + 8 * DRAWS);
        out.set(k.doubles().subarray(at + DRAWS, at + DRAWS + part.length), i);
      }
      return out;
    },
    amplitudes: view,
    load(from) {
      view().set(from);
    },
    clear() {
      view().fill(0);
      view()[0] = 1;
    },
  };
}
