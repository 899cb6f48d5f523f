// Angles of QAOA, one round after the other: a grid for the first, then each further round starts from the angles before, stretched over one
// round more (INTERP: Zhou et al., Phys. Rev. X 10:021067, 2020), and is polished by Nelder and Mead.
import { nelderMead } from './nelder-mead.ts';

export interface Angles {
  readonly gammas: readonly number[];
  readonly betas: readonly number[];
  readonly evaluations: number;
}

/** Points of the grid along each of the two angles of the first round. Values have spread one, so phases of some radians say all. */
const GRID = 8;
const LARGEST_GAMMA = 2.8;

/** Minimises `f`; `evaluations` for each angle polish every number of rounds. */
export function findAngles(
  f: (gammas: readonly number[], betas: readonly number[]) => number,
  rounds: number,
  evaluations: number,
): Angles {
  const of = (x: readonly number[]) => f(x.slice(0, x.length / 2), x.slice(x.length / 2));
  let best: readonly number[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i <= GRID; i++)
    for (let j = 1; j <= GRID; j++) {
      const x = [(i * LARGEST_GAMMA) / GRID, (j * Math.PI) / 2 / (GRID + 1)];
      const value = of(x);
      if (value < least) {
        least = value;
        best = x;
      }
    }
  let done = GRID * GRID;
  for (let p = 1; p <= rounds; p++) {
    const start = p === 1 ? best : [...stretched(best.slice(0, p - 1)), ...stretched(best.slice(p - 1))];
    const found = nelderMead(of, start, { step: 0.1, evaluations: evaluations * p });
    best = found.x;
    done += found.evaluations;
  }
  return { gammas: best.slice(0, rounds), betas: best.slice(rounds), evaluations: done };
}

/** The same course of an angle over one round more. */
function stretched(u: readonly number[]): readonly number[] {
  const p = u.length;
  return Array.from({ length: p + 1 }, (_, i) => (i / p) * (u[i - 1] ?? 0) + ((p - i) / p) * (u[i] ?? 0));
}
