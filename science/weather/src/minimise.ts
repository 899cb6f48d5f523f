// Quasi-Newton minimisation (BFGS with Armijo backtracking; Nocedal and Wright, ch. 6) of a smooth function with its gradient, for fits of a few
// to a few hundred parameters.

/** Value at `x`; writes the gradient. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

/** Minimises from `start`; stops when the gradient's largest entry is below `tolerance` or after `rounds`. */
export function minimise(
  f: Objective,
  start: ArrayLike<number>,
  options: { readonly rounds?: number; readonly tolerance?: number } = {},
): { x: Float64Array; value: number; rounds: number } {
  const { rounds = 200, tolerance = 1e-6 } = options;
  const n = start.length;
  let x: Float64Array = Float64Array.from(start);
  let g: Float64Array = new Float64Array(n);
  let value = f(x, g);
  const h = new Float64Array(n * n);
  for (let i = 0; i < n; i++) h[i * n + i] = 1;
  for (let round = 0; round < rounds; round++) {
    if (g.every(v => Math.abs(v) < tolerance)) return { x, value, rounds: round };
    const p = new Float64Array(n);
    let slope = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) p[i] -= h[i * n + j] * g[j];
      slope += p[i] * g[i];
    }
    if (!(slope < 0)) {
      h.fill(0);
      for (let i = 0; i < n; i++) h[i * n + i] = 1;
      p.set(g.map(v => -v));
      slope = -g.reduce((s, v) => s + v * v, 0);
    }
    let t = 1;
    const trial = new Float64Array(n);
    const gradient = new Float64Array(n);
    let next = Number.NaN;
    for (let k = 0; k < 50; k++, t *= 0.5) {
      for (let i = 0; i < n; i++) trial[i] = x[i] + t * p[i];
      next = f(trial, gradient);
      if (next <= value + 1e-4 * t * slope) break;
    }
    if (!(next < value)) return { x, value, rounds: round };
    let sy = 0;
    const s = trial.map((v, i) => v - x[i]);
    const y = gradient.map((v, i) => v - g[i]);
    for (let i = 0; i < n; i++) sy += s[i] * y[i];
    if (sy > 1e-14) {
      const hy = new Float64Array(n);
      let yhy = 0;
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) hy[i] += h[i * n + j] * y[j];
      for (let i = 0; i < n; i++) yhy += y[i] * hy[i];
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) h[i * n + j] += ((1 + yhy / sy) * s[i] * s[j] - hy[i] * s[j] - s[i] * hy[j]) / sy;
    }
    x = trial;
    g = gradient;
    value = next;
  }
  return { x, value, rounds };
}
