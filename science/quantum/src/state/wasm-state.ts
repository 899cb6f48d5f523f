// State vector on the compiled kernel. Single calls act at once; `run` takes a whole list of steps and does it in few passes (plan.ts).
// Swaps of whole qubits move nothing: the state remembers where each qubit lies, and puts them in order when somebody looks.
import { type Crew, kernel } from './kernel.ts';
import type { Step } from './lower.ts';
import { runSteps } from './plan.ts';
import type { State } from './state.ts';

export interface PlannedState extends State {
  /** Does many steps, in groups that stay in the cache. */
  run(steps: readonly Step[]): void;
  /** Ends helper threads; the state stays good. */
  close(): void;
}

/** Draws taken at once by `sample`, so that they fit the block's memory. */
const DRAWS = 8192;

/** |0…0> of n qubits on the kernel; n at most 27 (2 GiB). Large states share the work with a crew, if one is given. */
export function wasmState(qubits: number, crew?: Crew): PlannedState {
  const k = kernel(qubits, crew);
  const size = 2 ** (qubits + 1);
  const view = k.f64.subarray(k.state >> 3, (k.state >> 3) + size);
  /** Bit of the index at which each qubit lies. */
  const places = Array.from({ length: qubits }, (_, q) => q);
  const place = (list: readonly number[]): number[] => list.map(q => places[q]);

  function run(steps: readonly Step[]): void {
    k.expect(steps.length);
    const placed: Step[] = [];
    for (const s of steps) {
      if (s.kind === 'swap' && s.on.length === 0) {
        const [a, b] = s.targets;
        [places[a], places[b]] = [places[b], places[a]];
      } else if (s.kind === 'phase') placed.push({ ...s, on: place(s.on) });
      else placed.push({ ...s, on: place(s.on), targets: place(s.targets) });
    }
    runSteps(k, qubits, placed);
  }

  /** Brings qubit q to bit q. */
  function straighten(): void {
    const swaps: Step[] = [];
    for (let q = 0; q < qubits; q++) {
      const at = places[q];
      if (at === q) continue;
      const other = places.indexOf(q);
      swaps.push({ kind: 'swap', targets: [q, at], on: [], wanted: 0 });
      places[other] = at;
      places[q] = q;
    }
    if (swaps.length > 0) runSteps(k, qubits, swaps);
  }

  /** From an index of the memory to one of the state. */
  function ordered(index: number): number {
    let out = 0;
    for (let q = 0; q < qubits; q++) out += ((index >>> places[q]) & 1) * 2 ** q;
    return out;
  }

  return {
    qubits,
    apply(matrix, targets, controls, polarity) {
      const step = { targets: Array.from(targets), on: Array.from(controls), wanted: polarity };
      run([{ kind: 'matrix', ...step, matrix: Float64Array.from(matrix) }]);
    },
    applyDiagonal(entries, targets) {
      const on = Array.from(targets);
      const steps: Step[] = [];
      for (let i = 0; i < entries.length / 2; i++)
        if (entries[2 * i] !== 1 || entries[2 * i + 1] !== 0)
          steps.push({ kind: 'phase', on, wanted: i, re: entries[2 * i], im: entries[2 * i + 1] });
      run(steps);
    },
    run,
    close: () => k.close(),
    probabilityOfOne: q => k.call['weight'](k.state, qubits, places[q]),
    collapse(q, outcome, probability) {
      k.call['collapse'](k.state, qubits, places[q], outcome, 1 / Math.sqrt(probability));
    },
    norm: () => k.call['weight'](k.state, qubits, qubits),
    sample(sorted) {
      const out = new Float64Array(sorted.length);
      const straight = places.every((at, q) => at === q);
      // The kernel starts at the first state each time; one call for all draws that fit.
      const at = k.block >> 3;
      for (let i = 0; i < sorted.length; i += DRAWS) {
        const part = sorted.subarray(i, i + DRAWS);
        k.f64.set(part, at);
        k.call['sample'](k.state, qubits, k.block, part.length, k.block + 8 * DRAWS);
        const found = k.f64.subarray(at + DRAWS, at + DRAWS + part.length);
        out.set(straight ? found : found.map(ordered), i);
      }
      return out;
    },
    amplitudes() {
      straighten();
      return view;
    },
    load(from) {
      for (let q = 0; q < qubits; q++) places[q] = q;
      view.set(from);
    },
    clear() {
      for (let q = 0; q < qubits; q++) places[q] = q;
      view.fill(0);
      view[0] = 1;
    },
  };
}
