// Counts of a traced circuit: Clifford circuits by one reference run and Pauli frames, others by one state vector that is sampled at the end.
import { type Circuit, CONDITION, type Machine, MEASURE, play, RESET } from '../circuit/circuit.ts';
import { arity } from '../circuit/gate.ts';
import { depolarising } from '../noise/channel.ts';
import { noisyCounts } from '../noise/trajectories.ts';
import { clifford } from '../stabiliser/clifford.ts';
import { depolarisingFrames, framesFit, referenceRun, sampleFrames } from '../stabiliser/frames.ts';
import { lower, type Step } from '../state/lower.ts';
import { type PlannedState, wasmState } from '../state/wasm-state.ts';
import { runBranches } from './branches.ts';
import { type KeyBits, keyOf } from './counts.ts';
import { applyGate, tooManyQubits, vectorEngine } from './engine.ts';
import { countLive } from './live.ts';
import { checkTableau, MAX_STATE_QUBITS, type Method, notClifford, type SimulateOptions } from './options.ts';

type Sampled = { readonly counts: Map<string, number>; readonly method: Method };

/** Shots of a circuit by key, or undefined where its conditions need branches: a run of the program itself (feedback.ts) knows more then. */
export function sampleCircuit(circuit: Circuit, bits: KeyBits, options: SimulateOptions): Sampled | undefined {
  const odd = circuit.gates.find(g => !clifford(g));
  if (options.method === 'stabiliser' && odd) throw notClifford(odd.name);
  if (framesFit(circuit) && options.method !== 'statevector')
    return { method: 'stabiliser', counts: stabiliserCounts(circuit, bits, options) };
  const most = options.maxStateQubits ?? MAX_STATE_QUBITS;
  if (options.noise) {
    const { one = 0, two = 0, readout = 0 } = options.noise;
    const noise = { one: depolarising(one), two: depolarising(two, 2), readout: [readout, readout] } as const;
    return { method: 'trajectories', counts: noisyCounts(circuit, bits, noise, { ...options, most }) };
  }
  if (circuit.conditional.length > 0) return undefined;
  return { method: 'statevector', counts: vectorCounts(circuit, bits, most, options) };
}

function stabiliserCounts(circuit: Circuit, bits: KeyBits, options: SimulateOptions): Map<string, number> {
  checkTableau(circuit.qubits);
  const reference = referenceRun(circuit);
  const { noise } = options;
  const counts = new Map<string, number>();
  // A batch keeps the record of every measurement of its shots in memory, at most some 64 MiB.
  const most = Math.max(32, Math.min(1024, Math.floor(2 ** 29 / Math.max(1, circuit.measurements) / 32) * 32));
  for (let done = 0; done < options.shots; ) {
    const batch = Math.min(most, options.shots - done);
    const W = Math.ceil(batch / 32);
    const flips = sampleFrames(
      circuit,
      batch,
      options.random,
      noise && { noise: depolarisingFrames(noise.one ?? 0, noise.two ?? 0), readout: noise.readout ?? 0, reference },
    );
    for (let s = 0; s < batch; s++) {
      const key = keyOf(bits, m => reference[m] ^ ((flips[m * W + (s >>> 5)] >>> (s & 31)) & 1));
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    done += batch;
    options.onShots?.(batch);
  }
  return counts;
}

function vectorCounts(circuit: Circuit, bits: KeyBits, most: number, options: SimulateOptions): Map<string, number> {
  if (!measuresLast(circuit)) {
    const { live } = countLive(machine => void play(circuit, machine));
    if (live > most) throw tooManyQubits(live, most, circuit.gates);
    const run = (machine: Machine): string => {
      const outcomes = play(circuit, machine);
      return keyOf(bits, m => outcomes[m]);
    };
    return runBranches(run, vectorEngine(most, options.makeState), options.shots, options.random, options.onShots);
  }
  const used = usedQubits(circuit);
  if (used.count > most) throw tooManyQubits(used.count, most, circuit.gates);
  const state = (options.makeState ?? (n => wasmState(n, options.crew)))(used.count);
  const measured: number[] = [];
  // Steps are collected and done in groups, so that large states are passed over seldom.
  let steps: Step[] = [];
  const flush = (): void => {
    if ('run' in state) (state as PlannedState).run(steps);
    steps = [];
  };
  play(circuit, {
    gate(gate, on) {
      const slots = new Array<number>(arity(gate));
      for (let i = 0; i < slots.length; i++) slots[i] = used.slot[on[i]];
      if (!('run' in state)) {
        applyGate(state, gate, slots);
        return;
      }
      if (gate.targets > 0) for (const s of lower(gate, slots)) steps.push(s);
      if (steps.length >= 8192) flush();
    },
    measure(q) {
      measured.push(used.slot[q]);
      return 0;
    },
    reset() {},
    outcome: () => 0,
  });
  flush();
  const draws = new Float64Array(options.shots);
  for (let i = 0; i < draws.length; i++) draws[i] = options.random.uniform();
  draws.sort();
  const found = state.sample(draws);
  if ('run' in state) (state as PlannedState).close();
  const counts = new Map<string, number>();
  for (let i = 0; i < found.length; ) {
    let j = i + 1;
    while (j < found.length && found[j] === found[i]) j += 1;
    const index = found[i];
    const key = keyOf(bits, m => (index >>> measured[m]) & 1);
    counts.set(key, (counts.get(key) ?? 0) + j - i);
    i = j;
  }
  return counts;
}

/** Qubits that any operation touches, and their place in the state vector. */
function usedQubits(circuit: Circuit): { count: number; slot: Int32Array } {
  const slot = new Int32Array(circuit.qubits).fill(-1);
  let count = 0;
  const use = (q: number) => {
    if (slot[q] < 0) slot[q] = count++;
  };
  play(circuit, {
    gate(_, on) {
      for (let i = 0; i < on.length; i++) use(on[i]);
    },
    measure(q) {
      use(q);
      return 0;
    },
    reset: use,
    outcome: () => 0,
  });
  return { count, slot };
}

/** True when no qubit is used after it was measured (measuring again is no use), none is reset after a gate, and nothing depends on an outcome. */
function measuresLast(circuit: Circuit): boolean {
  const { code, length, gates } = circuit;
  const state = new Uint8Array(circuit.qubits);
  for (let i = 0; i < length; ) {
    const op = code[i++];
    if (op === MEASURE) state[code[i++]] = 2;
    else if (op === CONDITION) return false;
    else if (op === RESET) {
      if (state[code[i++]] !== 0) return false;
    } else
      for (let k = arity(gates[op]); k > 0; k--) {
        const q = code[i++];
        if (state[q] === 2) return false;
        state[q] = 1;
      }
  }
  return true;
}
