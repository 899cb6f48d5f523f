// Simulated annealing of a quadratic binary problem (Kirkpatrick, Gelatt, Vecchi, Science 220:671, 1983): single flips, geometric cooling from
// a temperature at which nearly every flip is taken to one at which nearly none is, several restarts, the best point ever seen.
import type { Random } from '@madang/numerics';
import { type Qubo, quboValue } from './qubo.ts';

export interface Annealed {
  readonly x: Uint8Array;
  readonly value: number;
}

export interface AnnealOptions {
  /** Passes over all variables for each start; default 300. */
  readonly sweeps?: number;
  /** Independent starts; default 20. */
  readonly starts?: number;
}

export function anneal(q: Qubo, random: Random, options: AnnealOptions = {}): Annealed {
  const { sweeps = 300, starts = 20 } = options;
  const n = q.variables;
  const pair = (i: number, j: number) => q.quadratic[Math.min(i, j) * n + Math.max(i, j)];
  let hot = 0;
  let cold = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    let most = Math.abs(q.linear[i]);
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      const w = Math.abs(pair(i, j));
      most += w;
      if (w > 0) cold = Math.min(cold, w);
    }
    if (q.linear[i] !== 0) cold = Math.min(cold, Math.abs(q.linear[i]));
    hot = Math.max(hot, most);
  }
  if (!Number.isFinite(cold)) cold = 1;
  let best: Annealed | undefined;
  for (let s = 0; s < starts; s++) {
    const x = Uint8Array.from({ length: n }, () => random.below(2));
    /** Change of value when variable i flips. */
    const change = Float64Array.from({ length: n }, (_, i) => {
      let up = q.linear[i];
      for (let j = 0; j < n; j++) if (j !== i && x[j]) up += pair(i, j);
      return x[i] ? -up : up;
    });
    let value = quboValue(q, x);
    if (!best || value < best.value) best = { x: x.slice(), value };
    for (let k = 0; k < sweeps; k++) {
      const temperature = hot * (cold / 10 / hot) ** (k / Math.max(1, sweeps - 1));
      for (let i = 0; i < n; i++) {
        const d = change[i];
        if (d > 0 && random.uniform() >= Math.exp(-d / temperature)) continue;
        value += d;
        x[i] = 1 - x[i];
        change[i] = -d;
        const direction = x[i] ? 1 : -1;
        for (let j = 0; j < n; j++) if (j !== i) change[j] += (x[j] ? -1 : 1) * direction * pair(i, j);
        if (value < best.value) best = { x: x.slice(), value };
      }
    }
  }
  // Summed changes drift by rounding; the value is taken afresh.
  return { x: best!.x, value: quboValue(q, best!.x) };
}
