// AC optimal power flow in polar voltages as a sparse nonlinear program with exact first and second derivatives. One model, one file.
// Unknowns: angles, voltages, generation P and Q, dc lines (power, reactive power at both ends), one epigraph per piecewise cost.
// Rows: balances of P and of Q, |(P, Q, s)| <= |(rating, s)| at both ends (s a tenth of the rating: smooth at no flow, the same limit, and
// growing no faster than the flow: squares would be huge on stiff lines far from the answer), angle differences, lines of piecewise costs. Per unit throughout.
import type { NonlinearProgram } from '@madang/numerics';
import { admittances } from '../grid/admittance.ts';
import { type Cost, linesOf } from '../grid/cost.ts';
import type { Grid } from '../grid/network.ts';

/** Part of the rating that rounds off the tip of |S|. */
const SOFT = 0.1;

export interface AcModel {
  readonly program: NonlinearProgram;
  readonly angle: number;
  readonly voltage: number;
  readonly power: number;
  readonly reactive: number;
  readonly dcPower: number;
  readonly dcReactiveFrom: number;
  readonly dcReactiveTo: number;
  /** Rows: P balance of bus i, Q balance of bus i. */
  readonly balanceP: number;
  readonly balanceQ: number;
  /** What each row is, for messages. */
  rowName(row: number): { what: string; unit: string };
}

/** Builds the program; costs in $/h. `start` gives the point to begin from (angles in radians, voltages, generation per unit). */
export function buildAcModel(grid: Grid, start?: AcStart): AcModel {
  const { buses, generators, branches, dcLines, baseMva } = grid;
  const nb = buses.count;
  const ng = generators.count;
  const nd = dcLines.count;
  const y = admittances(branches);
  const angle = 0;
  const voltage = nb;
  const power = 2 * nb;
  const reactive = power + ng;
  const dcPower = reactive + ng;
  const dcReactiveFrom = dcPower + nd;
  const dcReactiveTo = dcReactiveFrom + nd;
  const epigraph = dcReactiveTo + nd;

  // Costs: smooth ones by variable, piecewise ones through an epigraph variable.
  const smooth: { column: number; coefficients: readonly number[] }[] = [];
  const lines: { epigraph: number; column: number; slope: number; intercept: number }[] = [];
  let piecewise = 0;
  const addCost = (column: number, cost: Cost) => {
    if (cost.kind === 'polynomial') {
      const coefficients = cost.coefficients.map((c, k) => c * baseMva ** k);
      if (coefficients.some(c => c !== 0)) smooth.push({ column, coefficients });
      return;
    }
    const all = linesOf(cost);
    if (all.length === 1) {
      smooth.push({ column, coefficients: [all[0].intercept, all[0].slope * baseMva] });
      return;
    }
    const e = epigraph + piecewise++;
    for (const l of all) lines.push({ epigraph: e, column, slope: l.slope * baseMva, intercept: l.intercept });
  };
  for (let g = 0; g < ng; g++) addCost(power + g, generators.cost[g]);
  for (let g = 0; g < generators.reactiveCost.length; g++) addCost(reactive + g, generators.reactiveCost[g]);
  for (let d = 0; d < nd; d++) addCost(dcPower + d, dcLines.cost[d]);
  const n = epigraph + piecewise;
  // Epigraph variables are in units of the largest cost at hand, so that their scale is near one.
  const epigraphScale = Math.max(1, ...lines.map(l => Math.abs(l.slope)));

  // Rows.
  const balanceP = 0;
  const balanceQ = nb;
  const limited: number[] = [];
  for (let k = 0; k < branches.count; k++) if (Number.isFinite(branches.ratingMva[k])) limited.push(k);
  const limitFrom = 2 * nb;
  const limitTo = limitFrom + limited.length;
  const angles: number[] = [];
  for (let k = 0; k < branches.count; k++)
    if (Number.isFinite(branches.angleMinDegree[k]) || Number.isFinite(branches.angleMaxDegree[k])) angles.push(k);
  const angleRow = limitTo + limited.length;
  const lineRow = angleRow + angles.length;
  const m = lineRow + lines.length;

  const lower = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
  const upper = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const x0 = new Float64Array(n);
  for (const island of grid.islands)
    for (const i of island.references) {
      lower[angle + i] = 0;
      upper[angle + i] = 0;
    }
  const bound = (column: number, low: number, high: number, at: number) => {
    lower[column] = low;
    upper[column] = high;
    x0[column] = at;
  };
  const middle = (low: number, high: number) =>
    Number.isFinite(low) && Number.isFinite(high) ? (low + high) / 2 : Math.min(Math.max(0, low), high);
  for (let i = 0; i < nb; i++) {
    x0[angle + i] = start?.angle[i] ?? 0;
    const [low, high] = [buses.voltageMinPu[i], buses.voltageMaxPu[i]];
    bound(voltage + i, low, high, start?.voltage[i] ?? Math.min(Math.max(1, low), high));
  }
  for (let g = 0; g < ng; g++) {
    const [pl, ph] = [generators.powerMinMw[g] / baseMva, generators.powerMaxMw[g] / baseMva];
    const [ql, qh] = [generators.reactiveMinMvar[g] / baseMva, generators.reactiveMaxMvar[g] / baseMva];
    bound(power + g, pl, ph, start?.power?.[g] ?? middle(pl, ph));
    bound(reactive + g, ql, qh, start?.reactive?.[g] ?? middle(ql, qh));
  }
  for (let d = 0; d < nd; d++) {
    const put = (column: number, low: number, high: number) =>
      bound(column, low / baseMva, high / baseMva, middle(low / baseMva, high / baseMva));
    put(dcPower + d, dcLines.powerMinMw[d], dcLines.powerMaxMw[d]);
    put(dcReactiveFrom + d, dcLines.reactiveMinFromMvar[d], dcLines.reactiveMaxFromMvar[d]);
    put(dcReactiveTo + d, dcLines.reactiveMinToMvar[d], dcLines.reactiveMaxToMvar[d]);
  }
  for (const l of lines)
    x0[l.epigraph] = Math.max(x0[l.epigraph], (l.slope * x0[l.column] + l.intercept) / epigraphScale + 1);

  const soft = new Float64Array(limited.length);
  const constraintLower = new Float64Array(m).fill(Number.NEGATIVE_INFINITY);
  const constraintUpper = new Float64Array(m);
  constraintLower.fill(0, 0, 2 * nb);
  for (const [q, k] of limited.entries()) {
    const rating = branches.ratingMva[k] / baseMva;
    soft[q] = SOFT * rating;
    constraintUpper[limitFrom + q] = Math.sqrt(rating ** 2 + soft[q] ** 2);
    constraintUpper[limitTo + q] = Math.sqrt(rating ** 2 + soft[q] ** 2);
  }
  for (const [q, k] of angles.entries()) {
    constraintLower[angleRow + q] = (branches.angleMinDegree[k] * Math.PI) / 180;
    constraintUpper[angleRow + q] = (branches.angleMaxDegree[k] * Math.PI) / 180;
  }
  for (const [q, l] of lines.entries()) constraintUpper[lineRow + q] = -l.intercept / epigraphScale;

  const jacobian = jacobianPattern();
  const hessian = hessianPattern();

  // Flows and their gradients in (angle difference, V_f, V_t), refreshed once per point.
  const nl = branches.count;
  const flow = Array.from({ length: 4 }, () => new Float64Array(nl)); // pf qf pt qt
  const slope = Array.from({ length: 12 }, () => new Float64Array(nl)); // flow q by coordinate r at 3 q + r
  const trig = Array.from({ length: 4 }, () => new Float64Array(nl)); // A B C D
  const limitedAt = new Int32Array(nl).fill(-1);
  for (const [q, k] of limited.entries()) limitedAt[k] = q;
  const last = new Float64Array(2 * nb).fill(Number.NaN);
  const refresh = (x: Float64Array) => {
    let same = true;
    for (let i = 0; i < 2 * nb && same; i++) same = x[i] === last[i];
    if (same) return;
    last.set(x.subarray(0, 2 * nb));
    for (let k = 0; k < nl; k++) {
      const f = branches.from[k];
      const t = branches.to[k];
      const vf = x[voltage + f];
      const vt = x[voltage + t];
      const cos = Math.cos(x[f] - x[t]);
      const sin = Math.sin(x[f] - x[t]);
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

  const program: NonlinearProgram = {
    variables: n,
    constraints: m,
    lower,
    upper,
    constraintLower,
    constraintUpper,
    start: x0,
    objective(x) {
      let sum = 0;
      for (const s of smooth) sum += s.coefficients.reduceRight((acc, c) => acc * x[s.column] + c, 0);
      for (let e = epigraph; e < n; e++) sum += epigraphScale * x[e];
      return sum;
    },
    gradient(x, out) {
      out.fill(0);
      for (const s of smooth) {
        let d = 0;
        for (let k = s.coefficients.length - 1; k >= 1; k--) d = d * x[s.column] + k * s.coefficients[k];
        out[s.column] += d;
      }
      for (let e = epigraph; e < n; e++) out[e] = epigraphScale;
    },
    values(x, out) {
      refresh(x);
      for (let i = 0; i < nb; i++) {
        const v2 = x[voltage + i] * x[voltage + i];
        out[balanceP + i] = (buses.loadMw[i] + buses.shuntMw[i] * v2) / baseMva;
        out[balanceQ + i] = (buses.loadMvar[i] - buses.shuntMvar[i] * v2) / baseMva;
      }
      for (let k = 0; k < nl; k++) {
        out[balanceP + branches.from[k]] += flow[0][k];
        out[balanceQ + branches.from[k]] += flow[1][k];
        out[balanceP + branches.to[k]] += flow[2][k];
        out[balanceQ + branches.to[k]] += flow[3][k];
      }
      for (let g = 0; g < ng; g++) {
        out[balanceP + generators.bus[g]] -= x[power + g];
        out[balanceQ + generators.bus[g]] -= x[reactive + g];
      }
      for (let d = 0; d < nd; d++) {
        out[balanceP + dcLines.from[d]] += x[dcPower + d];
        out[balanceP + dcLines.to[d]] += dcLines.loss0Mw[d] / baseMva - (1 - dcLines.loss1[d]) * x[dcPower + d];
        out[balanceQ + dcLines.from[d]] -= x[dcReactiveFrom + d];
        out[balanceQ + dcLines.to[d]] -= x[dcReactiveTo + d];
      }
      for (let q = 0; q < limited.length; q++) {
        const k = limited[q];
        out[limitFrom + q] = norm(flow[0][k], flow[1][k], soft[q]);
        out[limitTo + q] = norm(flow[2][k], flow[3][k], soft[q]);
      }
      for (let q = 0; q < angles.length; q++)
        out[angleRow + q] = x[branches.from[angles[q]]] - x[branches.to[angles[q]]];
      for (let q = 0; q < lines.length; q++)
        out[lineRow + q] = (lines[q].slope / epigraphScale) * x[lines[q].column] - x[lines[q].epigraph];
    },
    jacobian,
    jacobianValues(x, out) {
      refresh(x);
      let at = 0;
      for (let k = 0; k < nl; k++)
        for (let q = 0; q < 4; q++) {
          const d = slope[3 * q][k];
          out[at++] = d;
          out[at++] = -d;
          out[at++] = slope[3 * q + 1][k];
          out[at++] = slope[3 * q + 2][k];
        }
      for (let i = 0; i < nb; i++) {
        out[at++] = (2 * buses.shuntMw[i] * x[voltage + i]) / baseMva;
        out[at++] = (-2 * buses.shuntMvar[i] * x[voltage + i]) / baseMva;
      }
      for (let g = 0; g < 2 * ng; g++) out[at++] = -1;
      for (let d = 0; d < nd; d++) {
        out[at++] = 1;
        out[at++] = -(1 - dcLines.loss1[d]);
        out[at++] = -1;
        out[at++] = -1;
      }
      for (let q = 0; q < limited.length; q++) {
        const k = limited[q];
        for (let end = 0; end < 2; end++) {
          const size = norm(flow[2 * end][k], flow[2 * end + 1][k], soft[q]);
          const p = flow[2 * end][k] / size;
          const r = flow[2 * end + 1][k] / size;
          const d = p * slope[6 * end][k] + r * slope[6 * end + 3][k];
          out[at++] = d;
          out[at++] = -d;
          out[at++] = p * slope[6 * end + 1][k] + r * slope[6 * end + 4][k];
          out[at++] = p * slope[6 * end + 2][k] + r * slope[6 * end + 5][k];
        }
      }
      for (let q = 0; q < angles.length; q++) {
        out[at++] = 1;
        out[at++] = -1;
      }
      for (let q = 0; q < lines.length; q++) {
        out[at++] = lines[q].slope / epigraphScale;
        out[at++] = -1;
      }
    },
    hessian,
    hessianValues(x, factor, multipliers, out) {
      refresh(x);
      let at = 0;
      for (let k = 0; k < nl; k++) {
        const f = branches.from[k];
        const t = branches.to[k];
        const vf = x[voltage + f];
        const vt = x[voltage + t];
        let wpf = multipliers[balanceP + f];
        let wqf = multipliers[balanceQ + f];
        let wpt = multipliers[balanceP + t];
        let wqt = multipliers[balanceQ + t];
        const q = limitedAt[k];
        const mf = q >= 0 ? multipliers[limitFrom + q] / norm(flow[0][k], flow[1][k], soft[q]) : 0;
        const mt = q >= 0 ? multipliers[limitTo + q] / norm(flow[2][k], flow[3][k], soft[q]) : 0;
        wpf += mf * flow[0][k];
        wqf += mf * flow[1][k];
        wpt += mt * flow[2][k];
        wqt += mt * flow[3][k];
        const A = trig[0][k];
        const B = trig[1][k];
        const C = trig[2][k];
        const D = trig[3][k];
        // Second derivatives of the four flows in (d, V_f, V_t), weighted.
        const even = wpf * A + wqf * B + wpt * C + wqt * D;
        const odd = -wpf * B + wqf * A + wpt * D - wqt * C;
        let dd = -vf * vt * even;
        let df = vt * odd;
        let dt = vf * odd;
        let ff = 2 * (wpf * y.gff[k] - wqf * y.bff[k]);
        let ft = even;
        let tt = 2 * (wpt * y.gtt[k] - wqt * y.btt[k]);
        for (let end = 0; end < 2; end++) {
          const w = end === 0 ? mf : mt;
          if (w === 0) continue;
          const size = norm(flow[2 * end][k], flow[2 * end + 1][k], soft[q]);
          const p = flow[2 * end][k] / size;
          const r = flow[2 * end + 1][k] / size;
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
      for (let i = 0; i < nb; i++)
        out[at++] =
          (2 * (multipliers[balanceP + i] * buses.shuntMw[i] - multipliers[balanceQ + i] * buses.shuntMvar[i])) /
          baseMva;
      for (const s of smooth) {
        let d = 0;
        for (let k = s.coefficients.length - 1; k >= 2; k--) d = d * x[s.column] + k * (k - 1) * s.coefficients[k];
        out[at++] = factor * d;
      }
    },
    groups: groups(),
  };
  return {
    program,
    angle,
    voltage,
    power,
    reactive,
    dcPower,
    dcReactiveFrom,
    dcReactiveTo,
    balanceP,
    balanceQ,
    rowName,
  };

  function jacobianPattern() {
    const rows: number[] = [];
    const cols: number[] = [];
    const ends = (row: number, k: number) => {
      const f = branches.from[k];
      const t = branches.to[k];
      rows.push(row, row, row, row);
      cols.push(angle + f, angle + t, voltage + f, voltage + t);
    };
    for (let k = 0; k < branches.count; k++) {
      ends(balanceP + branches.from[k], k);
      ends(balanceQ + branches.from[k], k);
      ends(balanceP + branches.to[k], k);
      ends(balanceQ + branches.to[k], k);
    }
    const put = (row: number, column: number) => {
      rows.push(row);
      cols.push(column);
    };
    for (let i = 0; i < nb; i++) {
      put(balanceP + i, voltage + i);
      put(balanceQ + i, voltage + i);
    }
    for (let g = 0; g < ng; g++) put(balanceP + generators.bus[g], power + g);
    for (let g = 0; g < ng; g++) put(balanceQ + generators.bus[g], reactive + g);
    for (let d = 0; d < nd; d++) {
      put(balanceP + dcLines.from[d], dcPower + d);
      put(balanceP + dcLines.to[d], dcPower + d);
      put(balanceQ + dcLines.from[d], dcReactiveFrom + d);
      put(balanceQ + dcLines.to[d], dcReactiveTo + d);
    }
    for (const [q, k] of limited.entries()) {
      ends(limitFrom + q, k);
      ends(limitTo + q, k);
    }
    for (const [q, k] of angles.entries()) {
      put(angleRow + q, angle + branches.from[k]);
      put(angleRow + q, angle + branches.to[k]);
    }
    for (const [q, l] of lines.entries()) {
      put(lineRow + q, l.column);
      put(lineRow + q, l.epigraph);
    }
    return { rows: Int32Array.from(rows), cols: Int32Array.from(cols) };
  }

  function hessianPattern() {
    const rows: number[] = [];
    const cols: number[] = [];
    const put = (i: number, j: number) => {
      rows.push(i);
      cols.push(j);
    };
    for (let k = 0; k < branches.count; k++) {
      const f = branches.from[k];
      const t = branches.to[k];
      put(angle + f, angle + f);
      put(angle + t, angle + f);
      put(angle + t, angle + t);
      put(voltage + f, angle + f);
      put(voltage + f, angle + t);
      put(voltage + t, angle + f);
      put(voltage + t, angle + t);
      put(voltage + f, voltage + f);
      put(voltage + f, voltage + t);
      put(voltage + t, voltage + t);
    }
    for (let i = 0; i < nb; i++) put(voltage + i, voltage + i);
    for (const s of smooth) put(s.column, s.column);
    return { rows: Int32Array.from(rows), cols: Int32Array.from(cols) };
  }

  /** A bus's angle, voltage and two balances form one group: its 4 x 4 block always holds safe pivots. */
  function groups(): Int32Array {
    const out = new Int32Array(n + m);
    for (let j = 0; j < n + m; j++) out[j] = nb + j;
    for (let i = 0; i < nb; i++) out[angle + i] = out[voltage + i] = out[n + balanceP + i] = out[n + balanceQ + i] = i;
    return out;
  }

  function rowName(row: number): { what: string; unit: string } {
    const branch = (k: number) =>
      `branch row ${branches.row[k]} (${buses.number[branches.from[k]]}-${buses.number[branches.to[k]]})`;
    if (row < balanceQ) return { what: `bus ${buses.number[row]}: balance of real power`, unit: 'MW' };
    if (row < limitFrom)
      return { what: `bus ${buses.number[row - balanceQ]}: balance of reactive power`, unit: 'Mvar' };
    if (row < limitTo) return { what: `${branch(limited[row - limitFrom])}: rating at the from end`, unit: 'MVA' };
    if (row < angleRow) return { what: `${branch(limited[row - limitTo])}: rating at the to end`, unit: 'MVA' };
    if (row < lineRow) return { what: `${branch(angles[row - angleRow])}: angle difference`, unit: 'degree' };
    return { what: 'a piecewise cost', unit: '$/h' };
  }
}

/** Where to begin; generation per unit. */
export interface AcStart {
  readonly angle: Float64Array;
  readonly voltage: Float64Array;
  readonly power?: Float64Array;
  readonly reactive?: Float64Array;
}

/** Euclidean length of three numbers of moderate size (Math.hypot is far slower). */
function norm(a: number, b: number, c: number): number {
  return Math.sqrt(a * a + b * b + c * c);
}
