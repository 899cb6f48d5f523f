// How many qubits are in superposition at once, by the rules of the state vector engine, from a walk without a state: enough to refuse what is too
// large before memory is taken. Outcomes alternate (they end loops that wait for either value).
import type { Machine } from '../circuit/circuit.ts';
import type { Gate } from '../circuit/gate.ts';
import { onPlainBit } from './engine.ts';

/** `run` goes once through a program or circuit on the machine it is given. */
export function countLive(run: (machine: Machine) => void): {
  readonly qubits: number;
  readonly live: number;
  readonly gates: readonly Gate[];
} {
  const gates = new Set<Gate>();
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
      gates.add(gate);
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
  run(counter);
  return { qubits: highest + 1, live: most, gates: [...gates] };
}
