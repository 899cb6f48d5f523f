// Programs whose later steps depend on outcomes: shots are split at every measurement by a binomial draw, and each branch is run once for
// all shots that share it. A program cannot be stopped half-way, so a branch replays it with the outcomes so far and takes up a saved state.
import type { Random } from '@madang/numerics';
import type { Machine } from '../circuit/circuit.ts';
import type { Engine } from './engine.ts';

/** Saved states may take this much together; beyond it a branch computes its way again. */
const SAVED_BYTES = 2 ** 30;

interface Branch {
  /** Outcomes so far, the last of them still to be projected when a state was saved. */
  readonly outcomes: Uint8Array;
  readonly shots: number;
  readonly saved?: { readonly state: unknown; readonly bytes: number };
}

/** Runs `program` for all shots; `program` runs once on a machine and returns the key of that run. */
export function runBranches(
  program: (machine: Machine) => string,
  engine: Engine,
  shots: number,
  random: Random,
  onShots?: (done: number) => void,
): Map<string, number> {
  const counts = new Map<string, number>();
  const stack: Branch[] = [{ outcomes: new Uint8Array(0), shots }];
  let savedBytes = 0;
  for (let branch = stack.pop(); branch; branch = stack.pop()) {
    const { saved } = branch;
    if (saved) savedBytes -= saved.bytes;
    let left = branch.shots;
    let outcomes = Array.from(branch.outcomes);
    let position = 0;
    engine.clear();
    let skipping = saved !== undefined && outcomes.length > 0;
    const decide = (qubit: number): number => {
      if (position < outcomes.length) {
        const outcome = outcomes[position++];
        if (skipping && position === outcomes.length) {
          skipping = false;
          engine.restore(saved!.state);
          engine.project(qubit, outcome);
        } else if (!skipping) engine.project(qubit, outcome);
        return outcome;
      }
      const p = engine.probabilityOfOne(qubit);
      let outcome = p;
      if (p > 0 && p < 1) {
        const ones = binomial(left, p, random);
        outcome = ones * 2 >= left ? 1 : 0;
        const kept = outcome ? ones : left - ones;
        if (kept < left) {
          const other = Uint8Array.from([...outcomes, 1 - outcome]);
          const bytes = engine.bytes();
          const save = savedBytes + bytes <= SAVED_BYTES;
          if (save) savedBytes += bytes;
          stack.push({ outcomes: other, shots: left - kept, ...(save && { saved: { state: engine.save(), bytes } }) });
          left = kept;
        }
      }
      engine.project(qubit, outcome);
      outcomes.push(outcome);
      position += 1;
      return outcome;
    };
    const key = program({
      gate(gate, qubits) {
        if (!skipping) engine.gate(gate, qubits);
      },
      measure: decide,
      reset(qubit) {
        if (decide(qubit) && !skipping) engine.flip(qubit);
      },
      outcome: () => 0,
    });
    counts.set(key, (counts.get(key) ?? 0) + left);
    onShots?.(left);
    outcomes = [];
  }
  return counts;
}

/** How many of n tries succeed. */
export function binomial(n: number, p: number, random: Random): number {
  let k = 0;
  for (let i = 0; i < n; i++) if (random.uniform() < p) k += 1;
  return k;
}
