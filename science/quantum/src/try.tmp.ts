import { ansatzCircuit, qaoaCircuit, qftCircuit } from './algorithms/families.ts';
import { play } from './circuit/circuit.ts';
import { lower, type Step } from './state/lower.ts';
import { wasmState } from './state/wasm-state.ts';

for (const n of process.argv.slice(2).map(Number))
  for (const [name, c] of [
    ['qft', qftCircuit(n)],
    ['ansatz', ansatzCircuit(n, 4)],
    ['qaoa', qaoaCircuit(n, 3)],
  ] as const) {
    const t0 = performance.now();
    const s = wasmState(n);
    const steps: Step[] = [];
    play(c, {
      gate(g, on) {
        for (const x of lower(g, on)) steps.push(x);
      },
      measure: () => 0,
      reset() {},
      outcome: () => 0,
    });
    const t1 = performance.now();
    s.run(steps);
    const t2 = performance.now();
    console.log(name, n, 'lower', (t1 - t0).toFixed(0), 'run', (t2 - t1).toFixed(0), 'ms', 'norm', s.norm());
  }
