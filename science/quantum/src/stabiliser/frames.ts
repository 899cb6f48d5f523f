// Many shots of one Clifford circuit at once: a single reference run of the tableau, then only the Pauli difference ("frame") of every shot
// from it, 32 shots a word (Gidney, Stim, Quantum 5:497, 2021). A random Z on every fresh qubit and after every measurement makes outcomes random.
import type { Random } from '@madang/numerics';
import { type Circuit, MEASURE, RESET } from '../circuit/circuit.ts';
import { arity, type Gate } from '../circuit/gate.ts';
import { clifford, type Primitive } from './clifford.ts';
import { tableau } from './tableau.ts';

/** Outcomes of the reference run, one for each measurement. Random outcomes are taken as 0. */
export function referenceRun(circuit: Circuit): Uint8Array {
  const t = tableau(circuit.qubits);
  const out = new Uint8Array(circuit.measurements);
  let m = 0;
  walk(circuit, {
    gate: (p, on) => t.apply(p, on),
    measure(q) {
      out[m++] = t.measure(q);
    },
    reset(q) {
      if (t.measure(q)) t.apply(flip, [q]);
    },
  });
  return out;
}

const flip: Primitive = { kind: 'x', a: 0, b: 0 };

interface Visitor {
  gate(p: Primitive, on: Int32Array): void;
  measure(q: number): void;
  reset(q: number): void;
  /** After all primitives of gate number `op`. */
  after?(op: number, on: Int32Array): void;
}

/** Goes through a circuit of Clifford gates, each as its primitives. Throws RangeError on others. */
function walk(circuit: Circuit, v: Visitor): void {
  const { code, length, gates } = circuit;
  const parts = gates.map(g => {
    const p = clifford(g);
    if (!p) throw new RangeError(`${g.name} is not a Clifford gate`);
    return p;
  });
  const scratch = gates.map(g => new Int32Array(arity(g)));
  for (let i = 0; i < length; ) {
    const op = code[i++];
    if (op === MEASURE) v.measure(code[i++]);
    else if (op === RESET) v.reset(code[i++]);
    else {
      const on = scratch[op];
      for (let k = 0; k < on.length; k++) on[k] = code[i++];
      const ps = parts[op];
      for (let k = 0; k < ps.length; k++) v.gate(ps[k], on);
      v.after?.(op, on);
    }
  }
}

/** What may strike after a gate: with a probability one of the choices, each a pair of bit masks (X part, Z part) over the gate's qubits. */
export type PauliNoise = (
  gate: Gate,
) => { readonly probability: number; readonly choices: readonly (readonly [x: number, z: number])[] } | undefined;

/** Depolarising noise: every Pauli but the identity equally likely. */
export function depolarisingFrames(one: number, two: number): PauliNoise {
  const all = (n: number) =>
    Array.from({ length: 4 ** n - 1 }, (_, k) => [(k + 1) % 2 ** n, Math.floor((k + 1) / 2 ** n)] as const);
  const choices = [all(1), all(2)];
  return gate => {
    const n = arity(gate);
    return n === 1 && one > 0
      ? { probability: one, choices: choices[0] }
      : n === 2 && two > 0
        ? { probability: two, choices: choices[1] }
        : undefined;
  };
}

/** Flips against the reference: bit s of word (m words + s >> 5) is shot s of measurement m. */
export function sampleFrames(circuit: Circuit, shots: number, random: Random, noise?: PauliNoise): Uint32Array {
  const strikes = circuit.gates.map(g => noise?.(g));
  const n = circuit.qubits;
  const W = Math.ceil(shots / 32);
  const x = new Uint32Array(n * W);
  const z = new Uint32Array(n * W);
  for (let i = 0; i < z.length; i++) z[i] = random.uint32();
  const out = new Uint32Array(circuit.measurements * W);
  let m = 0;
  walk(circuit, {
    gate(p, on) {
      const a = on[p.a] * W;
      if (p.kind === 'h') {
        for (let w = 0; w < W; w++) {
          const s = x[a + w];
          x[a + w] = z[a + w];
          z[a + w] = s;
        }
      } else if (p.kind === 's') for (let w = 0; w < W; w++) z[a + w] ^= x[a + w];
      else if (p.kind === 'cx') {
        const b = on[p.b] * W;
        for (let w = 0; w < W; w++) {
          x[b + w] ^= x[a + w];
          z[a + w] ^= z[b + w];
        }
      }
    },
    measure(q) {
      for (let w = 0; w < W; w++) {
        out[m * W + w] = x[q * W + w];
        z[q * W + w] ^= random.uint32();
      }
      m += 1;
    },
    reset(q) {
      for (let w = 0; w < W; w++) {
        x[q * W + w] = 0;
        z[q * W + w] = random.uint32();
      }
    },
    after(op, on) {
      const strike = strikes[op];
      if (!strike || strike.probability <= 0) return;
      // From one struck shot to the next by a geometric step.
      const log = Math.log1p(-Math.min(strike.probability, 1 - 1e-16));
      for (
        let s = Math.floor(Math.log1p(-random.uniform()) / log);
        s < shots;
        s += 1 + Math.floor(Math.log1p(-random.uniform()) / log)
      ) {
        const [px, pz] = strike.choices[random.below(strike.choices.length)];
        for (let i = 0; i < on.length; i++) {
          const w = on[i] * W + (s >>> 5);
          if ((px >> i) & 1) x[w] ^= 1 << (s & 31);
          if ((pz >> i) & 1) z[w] ^= 1 << (s & 31);
        }
      }
    },
  });
  return out;
}
