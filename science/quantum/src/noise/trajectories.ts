// Noise by trajectories: each shot is a pure state in which one Kraus operator of every channel is drawn with its probability (Dalibard, Castin,
// Mølmer, Phys. Rev. Lett. 68:580, 1992). Any channel, any measurement on the way; as many qubits as a state vector has.
import type { Random } from '@madang/numerics';
import { type Circuit, play } from '../circuit/circuit.ts';
import { type KeyBits, keyOf } from '../run/counts.ts';
import { applyGate, type MakeState, tooManyQubits } from '../run/engine.ts';
import { plainState } from '../state/plain-state.ts';
import type { State } from '../state/state.ts';
import { wasmState } from '../state/wasm-state.ts';
import { type Channel, checkChannel, type Noise } from './channel.ts';

const make: MakeState = n => (n < 9 ? plainState(n) : wasmState(n));
const flip = Float64Array.of(0, 0, 1, 0, 1, 0, 0, 0);

/** Counts by key. Throws QuantumError too-large beyond `most` qubits. */
export function noisyCounts(
  circuit: Circuit,
  bits: KeyBits,
  noise: Noise,
  options: {
    readonly shots: number;
    readonly random: Random;
    readonly most?: number;
    readonly onShots?: (done: number) => void;
  },
): Map<string, number> {
  const most = options.most ?? 26;
  if (circuit.qubits > most) throw tooManyQubits(circuit.qubits, most);
  for (const c of [noise.one, noise.two]) if (c) checkChannel(c);
  const { random } = options;
  const state = make(circuit.qubits);
  const spare = make(circuit.qubits);
  const counts = new Map<string, number>();
  const project = (q: number): number => {
    const p = Math.min(1, Math.max(0, state.probabilityOfOne(q)));
    const outcome = random.uniform() < p ? 1 : 0;
    state.collapse(q, outcome, outcome ? p : 1 - p);
    return outcome;
  };
  for (let shot = 0; shot < options.shots; shot++) {
    state.clear();
    const outcomes = play(circuit, {
      gate(gate, on) {
        const list = Array.from(on);
        applyGate(state, gate, list);
        if (list.length === 1 && noise.one) drawKraus(state, spare, noise.one, list, random);
        if (list.length > 1 && noise.two)
          for (let i = 0; i + 1 < list.length; i++) drawKraus(state, spare, noise.two, list.slice(i, i + 2), random);
      },
      measure(q) {
        const outcome = project(q);
        const wrong = noise.readout?.[outcome] ?? 0;
        return wrong > 0 && random.uniform() < wrong ? 1 - outcome : outcome;
      },
      reset(q) {
        if (project(q)) state.apply(flip, [q], [], 0);
      },
      outcome: () => 0,
    });
    const key = keyOf(bits, m => outcomes[m]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
    options.onShots?.(1);
  }
  return counts;
}

/** Is K a multiple of a unitary? Then its probability does not depend on the state. */
const unitaryWeights = new WeakMap<Channel, readonly (number | undefined)[]>();
function weights(c: Channel): readonly (number | undefined)[] {
  let w = unitaryWeights.get(c);
  if (!w) {
    const N = 2 ** c.qubits;
    w = c.kraus.map(k => {
      let first: number | undefined;
      for (let i = 0; i < N; i++)
        for (let j = 0; j < N; j++) {
          let re = 0;
          let im = 0;
          for (let r = 0; r < N; r++) {
            const a = 2 * (r * N + i);
            const b = 2 * (r * N + j);
            re += k[a] * k[b] + k[a + 1] * k[b + 1];
            im += k[a] * k[b + 1] - k[a + 1] * k[b];
          }
          if (i === j) first ??= re;
          if (Math.abs(im) > 1e-12 || Math.abs(re - (i === j ? first! : 0)) > 1e-12) return undefined;
        }
      return first;
    });
    unitaryWeights.set(c, w);
  }
  return w;
}

function drawKraus(state: State, spare: State, c: Channel, on: readonly number[], random: Random): void {
  let left = random.uniform();
  const known = weights(c);
  let before: Float64Array | undefined;
  for (const [i, k] of c.kraus.entries()) {
    const last = i === c.kraus.length - 1;
    const p = known[i];
    if (p !== undefined) {
      left -= p;
      if (left >= 0 && !last) continue;
      // The identity, which is by far the likeliest, costs nothing.
      if (i > 0 || !isIdentity(k))
        state.apply(
          k.map(v => v / Math.sqrt(p)),
          on,
          [],
          0,
        );
      return;
    }
    before ??= state.amplitudes().slice();
    spare.load(before);
    spare.apply(k, on, [], 0);
    const weight = spare.norm();
    left -= weight;
    if (left >= 0 && !last) continue;
    const scale = 1 / Math.sqrt(weight);
    state.load(spare.amplitudes().map(v => v * scale));
    return;
  }
}

function isIdentity(m: Float64Array): boolean {
  const n = Math.round(Math.sqrt(m.length / 2));
  for (let i = 0; i < m.length; i++)
    if (Math.abs(m[i] - (i % 2 === 0 && (i / 2) % (n + 1) === 0 ? m[0] : 0)) > 1e-15) return false;
  return true;
}
