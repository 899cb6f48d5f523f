// Fits the surface of increments to a pooled histogram by damped least squares, with the noise that was added to the counts in mind.
import { cholesky, choleskySolve } from '@madang/numerics';
import { dot, locationBasis, type PilotModel, spreadBasis, spreadOf, t4 } from './increment-surface.ts';
import { cellCount, type PilotSpec } from './pooled-increments.ts';

/** Least pull towards no drift and a common spread, in squared counts. */
const PRIOR = 2000;
/** Standard deviations of the coefficients about the starting surface that are expected before any data. */
const LOCATION_PRIOR = 0.1;
const SPREAD_PRIOR = 0.3;

/**
 * Fits the surface to pooled counts, which may be noised and negative. Deterministic; a few milliseconds.
 * `noisePerCell` is the standard deviation of the noise that was added; the louder, the stronger the pull to the starting surface.
 * Damped Gauss-Newton on squared differences of counts, the rows in each (part, step) being fitted along.
 */
export function fitIncrements(counts: ArrayLike<number>, spec: PilotSpec, noisePerCell = 0): PilotModel {
  if (counts.length !== cellCount(spec))
    throw new RangeError(`fitIncrements: ${counts.length} counts where the design has ${cellCount(spec)} cells`);
  const bins = spec.binEdges.length + 1;
  const cells: { at: number; loc: Float64Array; spr: Float64Array; edges: Float64Array }[] = [];
  for (let part = 0, at = 0; part < spec.parts; part++) {
    for (let step = 1; step <= spec.steps; step++, at += bins) {
      const week = ((part + 0.5) * 52) / spec.parts - 0.5;
      const edges = Float64Array.from([-Infinity, ...spec.binEdges.map(e => e * step ** spec.spread), Infinity]);
      cells.push({ at, loc: locationBasis(week, step), spr: spreadBasis(week, step), edges });
    }
  }
  const nl = cells[0].loc.length;
  const ns = cells[0].spr.length;
  const n = nl + ns;
  let theta = new Float64Array(n);
  theta[nl] = Math.log(spec.binEdges[spec.binEdges.length - 1] / 3);
  theta[nl + 5] = 0.5;
  const start = theta.slice();
  const prior = Float64Array.from(
    theta,
    (_, i) => PRIOR + (noisePerCell / (i < nl ? LOCATION_PRIOR : SPREAD_PRIOR)) ** 2,
  );
  const evaluate = (th: Float64Array, a?: Float64Array, g?: Float64Array) => {
    let loss = 0;
    for (let k = 0; k < n; k++) loss += prior[k] * (th[k] - start[k]) ** 2;
    const f = new Float64Array(bins);
    const dm = new Float64Array(bins);
    const ds = new Float64Array(bins);
    for (const c of cells) {
      const mu = dot(c.loc, th, 0);
      const sd = spreadOf(dot(c.spr, th, nl));
      let cdf = 0;
      let pdf = 0;
      let pdfU = 0;
      let ff = 0;
      let fn = 0;
      for (let b = 0; b < bins; b++) {
        const u = (c.edges[b + 1] - mu) / sd;
        const next = t4.cdf(u);
        const p = t4.pdf(u);
        const pu = Number.isFinite(u) ? p * u : 0;
        f[b] = next - cdf;
        dm[b] = (pdf - p) / sd;
        ds[b] = pdfU - pu;
        cdf = next;
        pdf = p;
        pdfU = pu;
        ff += f[b] * f[b];
        fn += f[b] * counts[c.at + b];
      }
      const rows = Math.max(0, fn / ff);
      for (let b = 0; b < bins; b++) {
        const r = counts[c.at + b] - rows * f[b];
        loss += r * r;
      }
      if (!a || !g || rows === 0) continue;
      // Normal equations in (location, spread) of this cell, then out to the coefficients.
      let mm = 0;
      let ms = 0;
      let ss = 0;
      let rm = 0;
      let rs = 0;
      for (let b = 0; b < bins; b++) {
        const r = counts[c.at + b] - rows * f[b];
        const m = rows * dm[b];
        const s = rows * ds[b];
        mm += m * m;
        ms += m * s;
        ss += s * s;
        rm += m * r;
        rs += s * r;
      }
      for (let i = 0; i < n; i++) {
        const bi = i < nl ? c.loc[i] : c.spr[i - nl];
        g[i] += bi * (i < nl ? rm : rs);
        for (let j = 0; j <= i; j++) {
          const bj = j < nl ? c.loc[j] : c.spr[j - nl];
          a[i * n + j] += bi * bj * (i < nl ? mm : j < nl ? ms : ss);
        }
      }
    }
    return loss;
  };
  let damping = 1e-3;
  for (let iteration = 0; iteration < 60; iteration++) {
    const a = new Float64Array(n * n);
    const g = new Float64Array(n);
    const loss = evaluate(theta, a, g);
    for (let i = 0; i < n; i++) {
      g[i] -= prior[i] * (theta[i] - start[i]);
      a[i * n + i] += prior[i];
    }
    let improved = 0;
    for (let attempt = 0; attempt < 12; attempt++) {
      const m = a.slice();
      for (let i = 0; i < n; i++) m[i * n + i] += damping * (a[i * n + i] + 1e-9);
      const step = choleskySolve(cholesky(m, n), n, g);
      const next = theta.map((v, i) => v + step[i]);
      const better = evaluate(next);
      if (better < loss) {
        improved = (loss - better) / loss;
        theta = next;
        damping = Math.max(1e-9, damping / 4);
        break;
      }
      damping *= 5;
    }
    if (improved < 1e-9) break;
  }
  return { spec, location: theta.slice(0, nl), logSpread: theta.slice(nl) };
}
