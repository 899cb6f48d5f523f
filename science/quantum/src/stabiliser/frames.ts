// Many shots of one Clifford circuit at once: a single reference run of the tableau, then only the Pauli difference ("frame") of every shot
// from it, 32 shots a word (Gidney, Stim, Quantum 5:497, 2021). A random Z on every fresh qubit and after every measurement makes outcomes random.
// A Pauli gate under a condition is part of the frame of just those shots whose outcome differs from the reference.
import type { Random } from '@madang/numerics';
import { type Circuit, CONDITION, MEASURE, RESET } from '../circuit/circuit.ts';
import { arity, type Gate } from '../circuit/gate.ts';
import { clifford, type Primitive } from './clifford.ts';
import { tableau } from './tableau.ts';

/** Outcomes of the reference run, one for each measurement. Random outcomes are taken as 0. */
export function referenceRun(circuit: Circuit): Uint8Array {
  const t = tableau(circuit.qubits);
  const out = new Uint8Array(circuit.measurements);
  let m = 0;
  walk(circuit, {
    gate(p, on, condition) {
      if (condition < 0 || out[condition >> 1] === (condition & 1)) t.apply(p, on);
    },
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
  /** `condition` is 2 m + v, or -1. */
  gate(p: Primitive, on: Int32Array, condition: number): void;
  measure(q: number): void;
  reset(q: number): void;
  /** After all primitives of gate number `op`. */
  after?(op: number, on: Int32Array, condition: number): void;
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
  let condition = -1;
  for (let i = 0; i < length; ) {
    const op = code[i++];
    if (op === CONDITION) condition = code[i++];
    else if (op === MEASURE) v.measure(code[i++]);
    else if (op === RESET) v.reset(code[i++]);
    else {
      const on = scratch[op];
      for (let k = 0; k < on.length; k++) on[k] = code[i++];
      const ps = parts[op];
      for (let k = 0; k < ps.length; k++) v.gate(ps[k], on, condition);
      v.after?.(op, on, condition);
      condition = -1;
    }
  }
}

/** True when all gates are Clifford gates and those under conditions are Pauli gates: what `sampleFrames` can do. */
export function framesFit(circuit: Circuit): boolean {
  return (
    circuit.gates.every(g => clifford(g)) &&
    circuit.conditional.every(g => clifford(g)!.every(p => p.kind === 'x' || p.kind === 'z'))
  );
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

export interface FrameOptions {
  readonly noise?: PauliNoise;
  /** Probability that a measured bit is read wrongly; what depends on it sees the wrong bit. */
  readonly readout?: number;
  /** Of the same circuit; needed where noise follows gates under conditions. */
  readonly reference?: Uint8Array;
}

/** Flips against the reference: bit s of word (m words + s >> 5) is shot s of measurement m. The circuit must fit (`framesFit`). */
export function sampleFrames(
  circuit: Circuit,
  shots: number,
  random: Random,
  { noise, readout = 0, reference }: FrameOptions = {},
): Uint32Array {
  const strikes = circuit.gates.map(g => noise?.(g));
  const n = circuit.qubits;
  const W = Math.ceil(shots / 32);
  const x = new Uint32Array(n * W);
  const z = new Uint32Array(n * W);
  for (let i = 0; i < z.length; i++) z[i] = random.uint32();
  const out = new Uint32Array(circuit.measurements * W);
  let m = 0;
  walk(circuit, {
    gate(p, on, condition) {
      const a = on[p.a] * W;
      if (condition >= 0) {
        const part = p.kind === 'x' ? x : z;
        for (let w = 0; w < W; w++) part[a + w] ^= out[(condition >> 1) * W + w];
      } else if (p.kind === 'h') {
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
      each(readout, shots, random, s => {
        out[m * W + (s >>> 5)] ^= 1 << (s & 31);
      });
      m += 1;
    },
    reset(q) {
      for (let w = 0; w < W; w++) {
        x[q * W + w] = 0;
        z[q * W + w] = random.uint32();
      }
    },
    after(op, on, condition) {
      const strike = strikes[op];
      if (!strike) return;
      const of = condition >> 1;
      each(strike.probability, shots, random, s => {
        if (condition >= 0) {
          const bit = reference![of] ^ ((out[of * W + (s >>> 5)] >>> (s & 31)) & 1);
          if (bit !== (condition & 1)) return;
        }
        const [px, pz] = strike.choices[random.below(strike.choices.length)];
        for (let i = 0; i < on.length; i++) {
          const w = on[i] * W + (s >>> 5);
          if ((px >> i) & 1) x[w] ^= 1 << (s & 31);
          if ((pz >> i) & 1) z[w] ^= 1 << (s & 31);
        }
      });
    },
  });
  return out;
}

/** Visits each shot with probability p, going from one to the next by a geometric step. */
function each(p: number, shots: number, random: Random, visit: (shot: number) => void): void {
  if (p <= 0) return;
  const log = Math.log1p(-Math.min(p, 1 - 1e-16));
  const step = () => Math.floor(Math.log1p(-random.uniform()) / log);
  for (let s = step(); s < shots; s += 1 + step()) visit(s);
}
