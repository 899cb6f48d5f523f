// Quantum circuits beside Qiskit Aer (two threads, fusion), Stim and npm's quantum-circuit. Python peers come from the environment that
// MADANG_PEERS names; quantum-circuit from its folder npm/node_modules. Best of the runs on both sides, since Aer's first run warms its pools.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { random } from '@madang/numerics';
import {
  ansatzCircuit,
  type Circuit,
  type Crew,
  lower,
  play,
  qaoaCircuit,
  qftCircuit,
  Recorder,
  referenceRun,
  type Step,
  sampleFrames,
  standardGate,
  wasmState,
} from '@madang/quantum';
import type { BenchSuite, Figure } from '../figure.ts';

const run = promisify(execFile);
const peers = process.env['MADANG_PEERS'];
const RUNS = 3;

function best(work: () => void, runs = RUNS): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    work();
    least = Math.min(least, (performance.now() - start) / 1000);
  }
  return least;
}

async function python(...args: string[]): Promise<{ value: number | undefined; note?: string }> {
  const bin = peers ? join(peers, 'bin/python') : '';
  if (!existsSync(bin))
    return { value: undefined, note: 'set MADANG_PEERS to an environment with qiskit-aer and stim' };
  try {
    const { stdout } = await run(bin, [join(import.meta.dirname, 'quantum-peers.py'), ...args]);
    return { value: Number(stdout.trim()) };
  } catch (error) {
    return {
      value: undefined,
      note:
        String((error as Error).message)
          .split('\n')
          .at(-2) ?? 'failed',
    };
  }
}

/** A second thread for large states, as Aer has: its start is part of the time. */
const crew: Crew = {
  helpers: 1,
  start: task => new Worker(new URL('./quantum-worker.ts', import.meta.url), { workerData: task }).unref(),
};

/** The whole work of one shot: lowering, planning, running, drawing. */
function shot(circuit: Circuit): void {
  const state = wasmState(circuit.qubits, crew);
  const steps: Step[] = [];
  play(circuit, {
    gate(gate, on) {
      for (const s of lower(gate, on)) steps.push(s);
    },
    measure: () => 0,
    reset() {},
    outcome: () => 0,
  });
  state.run(steps);
  state.sample(Float64Array.of(0.5));
  state.close();
}

/** Seconds of npm's quantum-circuit on the Fourier transform, or why not. */
function npmPeer(n: number): { value: number | undefined; note?: string } {
  const folder = peers ? join(peers, 'npm/node_modules/quantum-circuit') : '';
  if (!existsSync(folder)) return { value: undefined, note: 'not installed under MADANG_PEERS/npm' };
  try {
    const loaded = createRequire(import.meta.url)(folder);
    const circuit = new (loaded.default ?? loaded)(n);
    let column = 0;
    for (let q = 0; q < n; q++) circuit.addGate('ry', column, q, { params: { theta: 0.1 * (q + 1) } });
    for (let q = n - 1; q >= 0; q--) {
      circuit.addGate('h', ++column, q);
      for (let k = q - 1; k >= 0; k--)
        circuit.addGate('cu1', ++column, [k, q], { params: { lambda: Math.PI / 2 ** (q - k) } });
    }
    return { value: best(() => circuit.run(), 1), note: 'one run, without the final swaps' };
  } catch (error) {
    return { value: undefined, note: error instanceof Error ? error.message : String(error) };
  }
}

export const quantum: BenchSuite = async function* () {
  const figure = (name: string, ours: number, against: Figure['against']): Figure => ({
    name,
    unit: 's',
    ours,
    against,
    smallerIsBetter: true,
    runs: RUNS,
  });
  for (const n of [16, 20, 24])
    for (const [name, circuit] of [
      ['qft', qftCircuit(n)],
      ['ansatz', ansatzCircuit(n, 4)],
      ['qaoa', qaoaCircuit(n, 3)],
    ] as const)
      yield figure(
        `state vector, ${name} of ${n} qubits`,
        best(() => shot(circuit)),
        {
          name: 'Qiskit Aer, two threads',
          ...(await python('aer', name, String(n))),
        },
      );
  yield figure(
    'state vector, qft of 16 qubits',
    best(() => shot(qftCircuit(16))),
    { name: "npm's quantum-circuit", ...npmPeer(16) },
  );
  const r = random(1);
  const recorder = new Recorder();
  const [h, s, cx] = ['h', 's', 'cx'].map(name => standardGate(name)!);
  for (let i = 0; i < 1_000_000; i++) {
    const q = r.below(1000);
    const kind = r.below(3);
    if (kind === 2) recorder.gate(cx, [q, (q + 1 + r.below(999)) % 1000]);
    else recorder.gate(kind === 0 ? h : s, [q]);
  }
  for (let q = 0; q < 1000; q++) recorder.measure(q);
  const circuit = recorder.circuit(1000);
  yield figure(
    'stabiliser, 1000 qubits, 10^6 gates, all measured',
    best(() => void referenceRun(circuit)),
    {
      name: 'Stim, reference sample',
      ...(await python('stim', '1000', '1000000')),
    },
  );
  yield figure(
    'stabiliser, 1024 shots of the same',
    best(() => void sampleFrames(circuit, 1024, random(2))),
    {
      name: 'stated limit of one run',
      value: 2,
    },
  );
};
