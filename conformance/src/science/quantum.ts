// Quantum: standard gates against closed forms of the standard; and, where they are on this machine, against the official stdgates.inc and the
// official grammar cases (MADANG_OPENQASM, a checkout of openqasm/openqasm), and final states of Qiskit Aer (MADANG_PEERS, a Python environment).
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ansatzCircuit,
  type Circuit,
  execute,
  type Gate,
  load,
  lower,
  matrixOf,
  parse,
  play,
  print,
  qaoaCircuit,
  qftCircuit,
  type Step,
  standardGate,
  standardGates,
  wasmState,
} from '@madang/quantum';
import type { Reference, ScienceSuite } from '../suite.ts';
import { randomCircuits } from './quantum-circuits.ts';

const ANGLES = [0.3, -1.7, 2.9, 6.1];

export const quantum: ScienceSuite = async () => {
  const out: Reference[] = [closedForms()];
  const official = process.env['MADANG_OPENQASM'];
  if (official && existsSync(join(official, 'examples/stdgates.inc')))
    out.push(officialGates(official), ...grammar(official));
  const python = process.env['MADANG_PEERS'] ? join(process.env['MADANG_PEERS'], 'bin/python') : '';
  if (existsSync(python)) out.push(aerStates(python), ...randomCircuits(python));
  return out;
};

/** Entries of matrices written in the prose of the standard, global phase included: [gate, angles, row, column, real, imaginary]. */
function closedForms(): Reference {
  const t = 0.7;
  const [c, s, r] = [Math.cos(t / 2), Math.sin(t / 2), Math.SQRT1_2];
  const entries: readonly (readonly [string, readonly number[], number, number, number, number])[] = [
    ['h', [], 1, 1, -r, 0],
    ['h', [], 0, 1, r, 0],
    ['y', [], 0, 1, 0, -1],
    ['s', [], 1, 1, 0, 1],
    ['tdg', [], 1, 1, r, -r],
    ['sx', [], 0, 0, 0.5, 0.5],
    ['sx', [], 0, 1, 0.5, -0.5],
    ['rx', [t], 0, 1, 0, -s],
    ['ry', [t], 1, 0, s, 0],
    ['rz', [t], 0, 0, c, -s],
    ['p', [t], 1, 1, Math.cos(t), Math.sin(t)],
    ['U', [t, 0, 0], 0, 0, (1 + Math.cos(t)) / 2, Math.sin(t) / 2],
    ['u3', [t, 0, 0], 0, 0, c, 0],
    ['cx', [], 1, 3, 1, 0],
    ['crz', [t], 1, 1, c, -s],
    ['cp', [t], 3, 3, Math.cos(t), Math.sin(t)],
    ['ccx', [], 3, 7, 1, 0],
    ['cswap', [], 3, 5, 1, 0],
  ];
  let largestError = 0;
  for (const [name, angles, row, column, re, im] of entries) {
    const m = matrixOf(alone(standardGate(name, ...angles)!));
    const at = 2 * (row * Math.sqrt(m.length / 2) + column);
    largestError = Math.max(largestError, Math.abs(m[at] - re), Math.abs(m[at + 1] - im));
  }
  return {
    name: 'standard gates, entries of the standard',
    cases: entries.length,
    largestError,
    tolerance: 1e-14,
    unit: '1',
  };
}

const alone = (gate: Gate) => {
  const arity = gate.controls + gate.targets;
  return { arity, steps: [{ gate, on: Array.from({ length: arity }, (_, i) => i) }] };
};

/** Every gate of the official file, expanded from its own definition there, against our matrix. */
function officialGates(folder: string): Reference {
  const text = readFileSync(join(folder, 'examples/stdgates.inc'), 'utf8');
  let largestError = 0;
  // The file's CX is a controlled U(pi, 0, pi), which is iX in version 3; the prose of the standard calls CX an alias of cx, as is done here.
  const names = Object.keys(standardGates).filter(name => name !== 'CX');
  for (const name of names) {
    const d = standardGates[name];
    const arity = d.controls + d.targets;
    const angles = ANGLES.slice(0, d.parameters);
    const list = Array.from({ length: arity }, (_, i) => `q[${i}]`).join(', ');
    const steps: { gate: Gate; on: number[] }[] = [];
    execute(load(`${text}\nqubit[${arity}] q; ${name}${angles.length ? `(${angles.join(', ')})` : ''} ${list};`), {
      gate: (gate, on) => void steps.push({ gate, on: Array.from(on) }),
      measure: () => 0,
      reset() {},
      outcome: () => 0,
    });
    const theirs = matrixOf({ arity, steps });
    const ours = matrixOf(alone(standardGate(name, ...angles)!));
    let error = 0;
    for (let i = 0; i < ours.length; i++) error = Math.max(error, Math.abs(ours[i] - theirs[i]));
    largestError = Math.max(largestError, error);
  }
  return {
    name: 'standard gates, official stdgates.inc',
    cases: names.length,
    largestError,
    tolerance: 1e-13,
    unit: '1',
  };
}

/** Official cases: accepted and printed back to the same tree, and refused. The error is the number of wrong answers. */
function grammar(folder: string): Reference[] {
  const examples = globSync(join(folder, 'examples/*.{qasm,inc}')).map(f => readFileSync(f, 'utf8'));
  const cases = globSync(join(folder, 'source/grammar/tests/reference/**/*.yaml')).map(f =>
    (/^source: \|\n([\s\S]*?)^reference:/m.exec(readFileSync(f, 'utf8'))?.[1] ?? '').replaceAll(/^ {2}/gm, ''),
  );
  const bare = (x: unknown) => JSON.stringify(x, (key, value) => (key === 'at' ? undefined : value));
  const wrong = (texts: readonly string[]) =>
    texts.filter(text => {
      try {
        const tree = parse(text);
        return bare(parse(print(tree))) !== bare(tree);
      } catch {
        return true;
      }
    }).length;
  const invalid = globSync(join(folder, 'source/grammar/tests/invalid/**/*.qasm'))
    .flatMap(f => readFileSync(f, 'utf8').split('\n'))
    .map(l => l.trim())
    .filter(l => l !== '' && !l.startsWith('//'));
  const accepted = invalid.filter(line => {
    try {
      parse(line);
      return true;
    } catch {
      return false;
    }
  }).length;
  const of = (name: string, n: number, errors: number): Reference => ({
    name,
    cases: n,
    largestError: errors,
    tolerance: 0,
    unit: 'wrong answers',
  });
  return [
    of('OpenQASM 3 example programs, accepted and printed back', examples.length, wrong(examples)),
    of('OpenQASM 3 grammar cases, accepted and printed back', cases.length, wrong(cases)),
    of('OpenQASM 3 invalid lines, refused', invalid.length, accepted),
  ];
}

function aerStates(python: string): Reference {
  const families: readonly (readonly [string, (n: number) => Circuit])[] = [
    ['qft', qftCircuit],
    ['ansatz', n => ansatzCircuit(n, 4)],
    ['qaoa', n => qaoaCircuit(n, 3)],
  ];
  let largestError = 0;
  let cases = 0;
  for (const [name, make] of families)
    for (const n of [7, 15]) {
      const script = join(import.meta.dirname, '../../../bench/src/suites/quantum-peers.py');
      const theirs = JSON.parse(
        execFileSync(python, [script, 'amplitudes', name, String(n)], { encoding: 'utf8', maxBuffer: 2 ** 28 }),
      ) as number[];
      const state = wasmState(n);
      const steps: Step[] = [];
      play(make(n), {
        gate: (gate, on) => void steps.push(...lower(gate, on)),
        measure: () => 0,
        reset() {},
        outcome: () => 0,
      });
      state.run(steps);
      const ours = state.amplitudes();
      for (let i = 0; i < ours.length; i++) largestError = Math.max(largestError, Math.abs(ours[i] - theirs[i]));
      cases += 1;
    }
  return { name: 'final states of Qiskit Aer', cases, largestError, tolerance: 1e-12, unit: '1' };
}
