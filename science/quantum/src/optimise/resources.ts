// What QAOA of a given size would need on error-corrected hardware: surface code, T gates by distillation.
// Figures: a rotation to precision ε takes 3 log2(1/ε) T gates (Ross and Selinger, arXiv:1403.2975); logical error of a patch and code cycle
// 0.1 (100 p)^((d+1)/2), two T states from a factory of 12 d x 6 d every 5.5 d cycles, 2 physical qubits a unit of area (Gidney and Fowler,
// Quantum 3:135, 2019; Fowler and Gidney, arXiv:1808.06709). Half of the patches again are kept for routing.
import type { Qubo } from './qubo.ts';

export interface Hardware {
  readonly name: string;
  /** Error of a physical gate. */
  readonly physicalError: number;
  /** Seconds of one code cycle. */
  readonly cycleSeconds: number;
}

/** Assumed machines: a fast one of superconducting kind and a slow one of trapped ions or atoms, both better than any of 2026. */
export const assumedHardware: readonly Hardware[] = [
  { name: 'superconducting, error 1e-3, cycle 1 us', physicalError: 1e-3, cycleSeconds: 1e-6 },
  { name: 'ions or atoms, error 1e-4, cycle 1 ms', physicalError: 1e-4, cycleSeconds: 1e-3 },
];

export interface Resources {
  readonly hardware: string;
  readonly logicalQubits: number;
  readonly rotations: number;
  readonly tGates: number;
  readonly codeDistance: number;
  readonly physicalQubits: number;
  readonly secondsPerShot: number;
}

/** Factories that make T states side by side. */
const FACTORIES = 4;

/** Needs of one shot that succeeds with probability 0.9 against noise. `rotations`: rz-like gates of one shot. */
export function resources(logicalQubits: number, rotations: number, hardware: Hardware): Resources {
  const spare = 0.1;
  const rotationError = spare / 2 / Math.max(1, rotations);
  const perRotation = 3 * Math.log2(1 / rotationError);
  const tGates = Math.ceil(rotations * perRotation);
  for (let d = 3; ; d += 2) {
    const cycles = Math.max(d, (tGates * 2.75 * d) / FACTORIES);
    const patches = Math.ceil(1.5 * logicalQubits);
    const error = patches * cycles * 0.1 * (100 * hardware.physicalError) ** ((d + 1) / 2);
    if (error > spare / 2 && d < 99) continue;
    const physicalQubits = patches * 2 * d * d + FACTORIES * 72 * 2 * d * d;
    return {
      hardware: hardware.name,
      logicalQubits,
      rotations,
      tGates,
      codeDistance: d,
      physicalQubits,
      secondsPerShot: cycles * hardware.cycleSeconds,
    };
  }
}

/** rz-like gates of one QAOA shot: every linear and pair term, and the mixer, in each round. */
export function qaoaRotations(q: Qubo, rounds: number): number {
  let terms = q.variables;
  for (const v of q.linear) if (v !== 0) terms += 1;
  for (const v of q.quadratic) if (v !== 0) terms += 1;
  return rounds * terms;
}
