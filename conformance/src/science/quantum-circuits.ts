// Random programs against numpy and Qiskit Aer (quantum-circuits.py): amplitudes with their global phase, and counts of programs with feedback.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { random } from '@madang/numerics';
import { execute, load, lower, type Step, simulate, wasmState } from '@madang/quantum';
import type { Reference } from '../suite.ts';

const STATES = 300;
const DYNAMIC = 40;
const SEED = '1';

type Case =
  | { readonly text: string; readonly re: readonly number[]; readonly im: readonly number[] }
  | { readonly text: string; readonly counts: Readonly<Record<string, number>>; readonly shots: number };

export function randomCircuits(python: string): Reference[] {
  const script = join(import.meta.dirname, 'quantum-circuits.py');
  const args = [script, SEED, String(STATES), String(DYNAMIC)];
  const cases = JSON.parse(execFileSync(python, args, { encoding: 'utf8', maxBuffer: 2 ** 28 })) as Case[];
  let amplitude = 0;
  let deviation = 0;
  for (const [i, c] of cases.entries())
    if ('re' in c) amplitude = Math.max(amplitude, stateError(c.text, c.re, c.im));
    else {
      const { counts } = simulate(load(c.text), { shots: c.shots, random: random(i) });
      deviation = Math.max(deviation, excess(counts, c.counts));
    }
  return [
    {
      name: 'random programs with inv, pow, ctrl: states, phase included',
      cases: STATES,
      largestError: amplitude,
      tolerance: 1e-12,
      unit: '1',
    },
    {
      name: 'random programs with feedback: counts of Qiskit Aer, chi-square beyond its mean',
      cases: DYNAMIC,
      largestError: deviation,
      tolerance: 7,
      unit: 'standard deviations',
    },
  ];
}

function stateError(text: string, re: readonly number[], im: readonly number[]): number {
  const steps: Step[] = [];
  const machine = { measure: () => 0, reset: () => undefined, outcome: () => 0 };
  execute(load(text), { ...machine, gate: (gate, on) => void steps.push(...lower(gate, on)) });
  const state = wasmState(Math.round(Math.log2(re.length)));
  state.run(steps);
  const a = state.amplitudes();
  return re.reduce((most, x, i) => Math.max(most, Math.abs(a[2 * i] - x), Math.abs(a[2 * i + 1] - im[i])), 0);
}

/** Two samples of equal size: chi-square over outcomes, rare ones (under ten together) joined, in standard deviations above its mean. */
function excess(ours: Readonly<Record<string, number>>, theirs: Readonly<Record<string, number>>): number {
  const cells: [number, number][] = [];
  const rare: [number, number] = [0, 0];
  for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const pair: [number, number] = [ours[key] ?? 0, theirs[key] ?? 0];
    if (pair[0] + pair[1] >= 10) cells.push(pair);
    else for (const side of [0, 1]) rare[side] += pair[side];
  }
  if (rare[0] + rare[1] > 0) cells.push(rare);
  const freedom = cells.length - 1;
  const chi = cells.reduce((sum, [x, y]) => sum + (x - y) ** 2 / (x + y), 0);
  return freedom === 0 ? chi : (chi - freedom) / Math.sqrt(2 * freedom);
}
