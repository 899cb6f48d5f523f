// What the branches add to the AC model: flows at both ends, their limits |(P, Q, s)|, and first and second derivatives of both, in polar voltages.
// Flows are functions of (angle difference, V_f, V_t) of a branch; values at a point are computed once.
import { admittances } from '../grid/admittance.ts';
import type { Grid } from '../grid/network.ts';
import type { AcLayout } from './ac-layout.ts';

/** `soft` is the length s of each rated branch. */
export function branchTerms({ buses, branches }: Grid, layout: AcLayout, soft: Float64Array) {
  const nb = buses.count;
  const nl = branches.count;
  const { from, to } = branches;
  const { angle, voltage, balanceP, balanceQ, limited, limitFrom, limitTo } = layout;
  const y = admittances(branches);
  const flow = Array.from({ length: 4 }, () => new Float64Array(nl)); // pf qf pt qt
  const slope = Array.from({ length: 12 }, () => new Float64Array(nl)); // of flow q by coordinate r at 3 q + r
  const trig = Array.from({ length: 4 }, () => new Float64Array(nl)); // A B C D
  const limitedAt = new Int32Array(nl).fill(-1);
  for (const [q, k] of limited.entries()) limitedAt[k] = q;
  const last = new Float64Array(2 * nb).fill(Number.NaN);

  /** Brings flows, slopes and the trigonometric parts to the point x, unless they are there. */
  const refresh = (x: Float64Array) => {
    let same = true;
    for (let i = 0; i < 2 * nb && same; i++) same = x[i] === last[i];
    if (same) return;
    last.set(x.subarray(0, 2 * nb));
    for (let k = 0; k < nl; k++) {
      const vf = x[voltage + from[k]];
      const vt = x[voltage + to[k]];
      const difference = x[angle + from[k]] - x[angle + to[k]];
      const cos = Math.cos(difference);
      const sin = Math.sin(difference);
      const A = y.gft[k] * cos + y.bft[k] * sin;
      const B = y.gft[k] * sin - y.bft[k] * cos;
      const C = y.gtf[k] * cos - y.btf[k] * sin;
      const D = -y.gtf[k] * sin - y.btf[k] * cos;
      trig[0][k] = A;
      trig[1][k] = B;
      trig[2][k] = C;
      trig[3][k] = D;
      const vv = vf * vt;
      flow[0][k] = y.gff[k] * vf * vf + vv * A;
      flow[1][k] = -y.bff[k] * vf * vf + vv * B;
      flow[2][k] = y.gtt[k] * vt * vt + vv * C;
      flow[3][k] = -y.btt[k] * vt * vt + vv * D;
      slope[0][k] = -vv * B;
      slope[1][k] = 2 * y.gff[k] * vf + vt * A;
      slope[2][k] = vf * A;
      slope[3][k] = vv * A;
      slope[4][k] = -2 * y.bff[k] * vf + vt * B;
      slope[5][k] = vf * B;
      slope[6][k] = vv * D;
      slope[7][k] = vt * C;
      slope[8][k] = 2 * y.gtt[k] * vt + vf * C;
      slope[9][k] = -vv * C;
      slope[10][k] = vt * D;
      slope[11][k] = -2 * y.btt[k] * vt + vf * D;
    }
  };

  /** |(P, Q, s)| of limited branch q at an end (0 from, 1 to). */
  const size = (q: number, end: number) => {
    const p = flow[2 * end][limited[q]];
    const r = flow[2 * end + 1][limited[q]];
    return Math.sqrt(p * p + r * r + soft[q] * soft[q]);
  };

  /** Adds the flows to the balances and writes the limits' values. */
  const values = (x: Float64Array, out: Float64Array): void => {
    refresh(x);
    for (let k = 0; k < nl; k++) {
      out[balanceP + from[k]] += flow[0][k];
      out[balanceQ + from[k]] += flow[1][k];
      out[balanceP + to[k]] += flow[2][k];
      out[balanceQ + to[k]] += flow[3][k];
    }
    for (let q = 0; q < limited.length; q++) {
      out[limitFrom + q] = size(q, 0);
      out[limitTo + q] = size(q, 1);
    }
  };

  /** Writes the derivatives of the flows from place `at` on; returns the next place. */
  const flowSlopes = (x: Float64Array, out: Float64Array, at: number): number => {
    refresh(x);
    for (let k = 0; k < nl; k++)
      for (let q = 0; q < 4; q++) {
        const d = slope[3 * q][k];
        out[at++] = d;
        out[at++] = -d;
        out[at++] = slope[3 * q + 1][k];
        out[at++] = slope[3 * q + 2][k];
      }
    return at;
  };

  /** The same for the limits. */
  const limitSlopes = (x: Float64Array, out: Float64Array, at: number): number => {
    refresh(x);
    for (let q = 0; q < limited.length; q++) {
      const k = limited[q];
      for (let end = 0; end < 2; end++) {
        const length = size(q, end);
        const p = flow[2 * end][k] / length;
        const r = flow[2 * end + 1][k] / length;
        const d = p * slope[6 * end][k] + r * slope[6 * end + 3][k];
        out[at++] = d;
        out[at++] = -d;
        out[at++] = p * slope[6 * end + 1][k] + r * slope[6 * end + 4][k];
        out[at++] = p * slope[6 * end + 2][k] + r * slope[6 * end + 5][k];
      }
    }
    return at;
  };

  /** Writes the second derivatives of multipliers times rows, ten a branch; returns the next place. */
  const bends = (x: Float64Array, multipliers: Float64Array, out: Float64Array): number => {
    refresh(x);
    let at = 0;
    for (let k = 0; k < nl; k++) {
      const vf = x[voltage + from[k]];
      const vt = x[voltage + to[k]];
      const q = limitedAt[k];
      const mf = q >= 0 ? multipliers[limitFrom + q] / size(q, 0) : 0;
      const mt = q >= 0 ? multipliers[limitTo + q] / size(q, 1) : 0;
      const wpf = multipliers[balanceP + from[k]] + mf * flow[0][k];
      const wqf = multipliers[balanceQ + from[k]] + mf * flow[1][k];
      const wpt = multipliers[balanceP + to[k]] + mt * flow[2][k];
      const wqt = multipliers[balanceQ + to[k]] + mt * flow[3][k];
      const A = trig[0][k];
      const B = trig[1][k];
      const C = trig[2][k];
      const D = trig[3][k];
      // Weighted second derivatives of the four flows in (d, V_f, V_t).
      const even = wpf * A + wqf * B + wpt * C + wqt * D;
      const odd = -wpf * B + wqf * A + wpt * D - wqt * C;
      let dd = -vf * vt * even;
      let df = vt * odd;
      let dt = vf * odd;
      let ff = 2 * (wpf * y.gff[k] - wqf * y.bff[k]);
      let ft = even;
      let tt = 2 * (wpt * y.gtt[k] - wqt * y.btt[k]);
      // A length bends by the outer products of the slopes of its parts less that of its own slope.
      for (let end = 0; end < 2; end++) {
        const w = end === 0 ? mf : mt;
        if (w === 0) continue;
        const length = size(q, end);
        const p = flow[2 * end][k] / length;
        const r = flow[2 * end + 1][k] / length;
        const a1 = p * slope[6 * end][k] + r * slope[6 * end + 3][k];
        const b1 = p * slope[6 * end + 1][k] + r * slope[6 * end + 4][k];
        const c1 = p * slope[6 * end + 2][k] + r * slope[6 * end + 5][k];
        dd -= w * a1 * a1;
        df -= w * a1 * b1;
        dt -= w * a1 * c1;
        ff -= w * b1 * b1;
        ft -= w * b1 * c1;
        tt -= w * c1 * c1;
        for (let part = 0; part < 2; part++) {
          const base = 6 * end + 3 * part;
          const a = slope[base][k];
          const b = slope[base + 1][k];
          const c = slope[base + 2][k];
          dd += w * a * a;
          df += w * a * b;
          dt += w * a * c;
          ff += w * b * b;
          ft += w * b * c;
          tt += w * c * c;
        }
      }
      out[at++] = dd;
      out[at++] = -dd;
      out[at++] = dd;
      out[at++] = df;
      out[at++] = -df;
      out[at++] = dt;
      out[at++] = -dt;
      out[at++] = ff;
      out[at++] = ft;
      out[at++] = tt;
    }
    return at;
  };

  return { values, flowSlopes, limitSlopes, bends };
}
