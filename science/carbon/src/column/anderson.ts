// Anderson's mixing (Walker and Ni, SIAM J. Numer. Anal. 49, 2011): the next state from the past ones and what a cycle made of them.
import { cholesky, choleskySolve } from '@madang/numerics';

const MEMORY = 12;

/** Anderson mixing of depth MEMORY with a light ridge on its least squares. */
export function anderson(n: number) {
  let pastX: Float64Array[] = [];
  let pastG: Float64Array[] = [];
  return {
    forget() {
      pastX = [];
      pastG = [];
    },
    next(x: Float64Array, g: Float64Array): Float64Array {
      pastX.push(x.slice());
      pastG.push(g.slice());
      if (pastX.length > MEMORY) {
        pastX.shift();
        pastG.shift();
      }
      const m = pastX.length - 1;
      if (m < 1) return g.slice();
      const residual = (k: number, i: number) => pastG[k][i] - pastX[k][i];
      const a = new Float64Array(m * m);
      const b = new Float64Array(m);
      for (let p = 0; p < m; p++) {
        for (let i = 0; i < n; i++) b[p] += (residual(m, i) - residual(p, i)) * residual(m, i);
        for (let q = 0; q <= p; q++) {
          let s = 0;
          for (let i = 0; i < n; i++) s += (residual(m, i) - residual(p, i)) * (residual(m, i) - residual(q, i));
          a[p * m + q] = s;
          a[q * m + p] = s;
        }
      }
      let trace = 0;
      for (let p = 0; p < m; p++) trace += a[p * m + p];
      for (let p = 0; p < m; p++) a[p * m + p] += 1e-10 * trace + 1e-30;
      const w = choleskySolve(cholesky(a, m), m, b);
      const out = g.slice();
      for (let p = 0; p < m; p++) for (let i = 0; i < n; i++) out[i] -= w[p] * (g[i] - pastG[p][i]);
      return out;
    },
  };
}
