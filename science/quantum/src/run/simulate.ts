// Runs a program for a number of shots. The method is chosen here: Clifford circuits on the stabiliser simulator, everything else on a
// state vector; a program without feedback is traced once and sampled, one with feedback is run branch by branch.
import type { Random } from '@madang/numerics';
import { type Circuit, type Machine, MEASURE, OutcomeNeeded, play, RESET, Recorder } from '../circuit/circuit.ts';
import { arity } from '../circuit/gate.ts';
import { QuantumError } from '../error.ts';
import { depolarising } from '../noise/channel.ts';
import { noisyCounts } from '../noise/trajectories.ts';
import { check, type Problem } from '../qasm/check.ts';
import { type Executed, type ExecuteOptions, execute } from '../qasm/execute.ts';
import type { Loaded } from '../qasm/load.ts';
import { notRun } from '../qasm/not-run.ts';
import { clifford } from '../stabiliser/clifford.ts';
import { depolarisingFrames, referenceRun, sampleFrames } from '../stabiliser/frames.ts';
import { tableauBytes } from '../stabiliser/tableau.ts';
import type { Crew } from '../state/kernel.ts';
import { lower, type Step } from '../state/lower.ts';
import { type PlannedState, wasmState } from '../state/wasm-state.ts';
import { runBranches } from './branches.ts';
import { type KeyBits, keyBits, keyOf, sortedCounts } from './counts.ts';
import {
  applyGate,
  type Engine,
  type MakeState,
  NotClifford,
  onPlainBit,
  stabiliserEngine,
  tooManyQubits,
  vectorEngine,
} from './engine.ts';

export type Method = 'statevector' | 'stabiliser' | 'trajectories';

/** Depolarising noise after gates on one and on two qubits, and the probability of reading a bit wrongly. All default 0. */
export interface SimpleNoise {
  readonly one?: number;
  readonly two?: number;
  readonly readout?: number;
}

export interface SimulateOptions extends ExecuteOptions {
  readonly shots: number;
  readonly random: Random;
  /** Default: chosen by what the program holds. */
  readonly method?: 'statevector' | 'stabiliser';
  /** For programs without feedback. Clifford circuits keep the stabiliser method, others run by trajectories. */
  readonly noise?: SimpleNoise;
  /** Most qubits of a state vector; default 26, which takes 1 GiB. */
  readonly maxStateQubits?: number;
  /** Makes the state vector; default the compiled kernel, with `crew` for large states. */
  readonly makeState?: MakeState;
  /** Threads that help with large states; how they are started is the program's affair. */
  readonly crew?: Crew;
  /** Called as shots are finished, where that takes long. */
  readonly onShots?: (done: number) => void;
}

export interface Counts {
  /** Shots by key (counts.ts says how keys are written). */
  readonly counts: Record<string, number>;
  readonly shots: number;
  /** Qubits of the program, used or not. */
  readonly qubits: number;
  readonly method: Method;
  /** Gates, measurements and resets of one run (of the longest traced or run, when the program branches). */
  readonly operations: number;
  /** Calibrations in the program, which are not run; absent where there are none. */
  readonly notRun?: readonly Problem[];
}

export const MAX_STATE_QUBITS = 26;
/** A tableau may take this much. */
const TABLEAU_BYTES = 2 ** 31;

/** Counts of a program. Throws QuantumError: meaning, runtime, unsupported, too-large. */
export function simulate(loaded: Loaded, options: SimulateOptions): Counts {
  const counts = run(loaded, options);
  const skipped = notRun(loaded);
  return skipped.length > 0 ? { ...counts, notRun: skipped } : counts;
}

function run(loaded: Loaded, options: SimulateOptions): Counts {
  const { shots } = options;
  if (!Number.isInteger(shots) || shots < 1 || shots > 1e8)
    throw new QuantumError(
      'argument',
      `the number of shots must be a whole number from 1 to 100,000,000, not ${shots}`,
    );
  for (const [name, p] of Object.entries(options.noise ?? {}))
    if (!(p >= 0 && p <= 1)) throw new QuantumError('argument', `the noise ${name} must be a probability, not ${p}`);
  const [problem] = check(loaded, 1);
  if (problem) throw new QuantumError('meaning', problem.message, problem);
  const recorder = new Recorder();
  let traced: Executed;
  try {
    traced = execute(loaded, recorder, options);
  } catch (error) {
    if (error instanceof OutcomeNeeded) {
      if (options.noise)
        throw new QuantumError('unsupported', 'noise is not simulated for programs whose steps depend on outcomes');
      return simulateBranching(loaded, options);
    }
    throw error;
  }
  const circuit = recorder.circuit(traced.qubits);
  const bits = keyBits(traced.outputs);
  const result = sampleCircuit(circuit, bits, options);
  return { ...result, shots, qubits: traced.qubits, operations: traced.operations };
}

/** Counts of a traced circuit. */
export function sampleCircuit(
  circuit: Circuit,
  bits: KeyBits,
  options: SimulateOptions,
): { counts: Record<string, number>; method: Method } {
  const method = options.method ?? (circuit.gates.every(g => clifford(g)) ? 'stabiliser' : 'statevector');
  if (method === 'stabiliser') {
    const odd = circuit.gates.find(g => !clifford(g));
    if (odd)
      throw new QuantumError(
        'unsupported',
        `the stabiliser method cannot do ${odd.name}, which is not a Clifford gate`,
      );
    return { method, counts: sortedCounts(stabiliserCounts(circuit, bits, options)) };
  }
  if (options.noise) {
    const { one = 0, two = 0, readout = 0 } = options.noise;
    const noise = { one: depolarising(one), two: depolarising(two, 2), readout: [readout, readout] } as const;
    const most = options.maxStateQubits ?? MAX_STATE_QUBITS;
    const counts = noisyCounts(circuit, bits, noise, { ...options, most });
    return { method: 'trajectories', counts: sortedCounts(counts) };
  }
  return { method, counts: sortedCounts(vectorCounts(circuit, bits, options)) };
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
      noise && depolarisingFrames(noise.one ?? 0, noise.two ?? 0),
    );
    if (noise?.readout) for (let i = 0; i < flips.length; i++) flips[i] ^= rareBits(noise.readout, options.random);
    for (let s = 0; s < batch; s++) {
      const key = keyOf(bits, m => reference[m] ^ ((flips[m * W + (s >>> 5)] >>> (s & 31)) & 1));
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    done += batch;
    options.onShots?.(batch);
  }
  return counts;
}

/** 32 bits, each set with probability p. */
function rareBits(p: number, random: Random): number {
  const log = Math.log1p(-Math.min(p, 1 - 1e-16));
  let bits = 0;
  for (
    let s = Math.floor(Math.log1p(-random.uniform()) / log);
    s < 32;
    s += 1 + Math.floor(Math.log1p(-random.uniform()) / log)
  )
    bits |= 1 << s;
  return bits;
}

function checkTableau(qubits: number): void {
  if (tableauBytes(qubits) > TABLEAU_BYTES)
    throw new QuantumError(
      'too-large',
      `a stabiliser tableau of ${qubits} qubits would take ${(tableauBytes(qubits) / 2 ** 30).toFixed(1)} GiB; the limit is 2 GiB`,
    );
}

function vectorCounts(circuit: Circuit, bits: KeyBits, options: SimulateOptions): Map<string, number> {
  const most = options.maxStateQubits ?? MAX_STATE_QUBITS;
  const used = usedQubits(circuit);
  if (used.count > most) throw tooManyQubits(used.count, most);
  if (!measuresLast(circuit)) {
    const run = (machine: Machine): string => {
      const outcomes = play(circuit, machine);
      return keyOf(bits, m => outcomes[m]);
    };
    return runBranches(run, vectorEngine(most, options.makeState), options.shots, options.random, options.onShots);
  }
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

/** True when no qubit is used after it was measured (measuring again is no use), and none is reset after a gate. */
function measuresLast(circuit: Circuit): boolean {
  const { code, length, gates } = circuit;
  const state = new Uint8Array(circuit.qubits);
  for (let i = 0; i < length; ) {
    const op = code[i++];
    if (op === MEASURE) state[code[i++]] = 2;
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

function simulateBranching(loaded: Loaded, options: SimulateOptions): Counts {
  let qubits = 0;
  let operations = 0;
  const run = (machine: Machine): string => {
    const done = execute(loaded, machine, options);
    qubits = Math.max(qubits, done.qubits);
    operations = Math.max(operations, done.operations);
    return keyOf(keyBits(done.outputs), () => 0);
  };
  const branch = (engine: Engine) =>
    sortedCounts(runBranches(run, engine, options.shots, options.random.fork('branches'), options.onShots));
  const most = options.maxStateQubits ?? MAX_STATE_QUBITS;
  const dry = dryRun(loaded, options);
  const vector = () => {
    if (dry.live > most) throw tooManyQubits(dry.live, most);
    return vectorEngine(most, options.makeState);
  };
  const finish = (counts: Record<string, number>, method: Method): Counts => ({
    counts,
    shots: options.shots,
    qubits,
    method,
    operations,
  });
  if (options.method === 'statevector') return finish(branch(vector()), 'statevector');
  const declared = dry.qubits;
  if (tableauBytes(declared) > TABLEAU_BYTES) {
    if (options.method === 'stabiliser') checkTableau(declared);
    return finish(branch(vector()), 'statevector');
  }
  try {
    return finish(branch(stabiliserEngine(declared)), 'stabiliser');
  } catch (error) {
    if (!(error instanceof NotClifford)) throw error;
    if (options.method === 'stabiliser')
      throw new QuantumError(
        'unsupported',
        `the stabiliser method cannot do ${error.message}, which is not a Clifford gate`,
        undefined,
        { cause: error },
      );
    return finish(branch(vector()), 'statevector');
  }
}

/**
 * Runs a program without a state, with alternating outcomes (they end loops that wait for either value): how many qubits it has, and how many are
 * in superposition at once, by the rules of the state vector engine. Enough to refuse what is too large before memory is taken.
 */
function dryRun(loaded: Loaded, options: ExecuteOptions): { readonly qubits: number; readonly live: number } {
  let highest = -1;
  let most = 0;
  let turn = 0;
  const live = new Set<number>();
  const settle = (q: number): number => {
    highest = Math.max(highest, q);
    return live.delete(q) && turn++ % 3 === 0 ? 1 : 0;
  };
  const counter: Machine = {
    gate(gate, on) {
      for (let i = 0; i < on.length; i++) highest = Math.max(highest, on[i]);
      if (gate.targets === 0) return;
      const controlled = Array.from(on)
        .slice(0, gate.controls)
        .some(q => live.has(q));
      if (!controlled && gate.targets === 1 && !live.has(on[gate.controls]) && onPlainBit(gate) !== 'mixes') return;
      for (let i = gate.controls; i < on.length; i++) live.add(on[i]);
      most = Math.max(most, live.size);
    },
    measure: settle,
    reset: q => void settle(q),
    outcome: () => 0,
  };
  const done = execute(loaded, counter, options);
  return { qubits: Math.max(done.qubits, highest + 1, 1), live: most };
}
