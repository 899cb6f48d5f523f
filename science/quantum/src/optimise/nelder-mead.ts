// The downhill simplex (Nelder and Mead, Computer Journal 7:308, 1965), for few parameters and no derivatives.

export interface Minimum {
  readonly x: readonly number[];
  readonly value: number;
  readonly evaluations: number;
}

/** Minimises f from a start; stops after a number of evaluations or when the simplex has shrunk to `tolerance`. */
export function nelderMead(
  f: (x: readonly number[]) => number,
  start: readonly number[],
  options: { readonly step: number; readonly evaluations: number; readonly tolerance?: number },
): Minimum {
  let evaluations = 0;
  const at = (x: readonly number[]) => {
    evaluations += 1;
    return { x, v: f(x) };
  };
  const n = start.length;
  let simplex = [at(start), ...start.map((_, i) => at(start.map((s, j) => (i === j ? s + options.step : s))))];
  const along = (from: readonly number[], to: readonly number[], t: number) => from.map((a, i) => a + t * (to[i] - a));
  while (evaluations < options.evaluations) {
    simplex.sort((a, b) => a.v - b.v);
    const [best] = simplex;
    const worst = simplex[n];
    if (simplex.every(p => p.x.every((c, i) => Math.abs(c - best.x[i]) < (options.tolerance ?? 1e-7)))) break;
    const centre = start.map((_, i) => simplex.slice(0, n).reduce((s, p) => s + p.x[i], 0) / n);
    const reflected = at(along(centre, worst.x, -1));
    if (reflected.v < best.v) {
      const further = at(along(centre, worst.x, -2));
      simplex[n] = further.v < reflected.v ? further : reflected;
    } else if (reflected.v < simplex[n - 1].v) simplex[n] = reflected;
    else {
      const inner = reflected.v < worst.v ? at(along(centre, reflected.x, 0.5)) : at(along(centre, worst.x, 0.5));
      if (inner.v < Math.min(worst.v, reflected.v)) simplex[n] = inner;
      else simplex = [best, ...simplex.slice(1).map(p => at(along(best.x, p.x, 0.5)))];
    }
  }
  simplex.sort((a, b) => a.v - b.v);
  return { x: simplex[0].x, value: simplex[0].v, evaluations };
}
