// The branch model: series impedance, half the charging at each end, an ideal transformer at the from side (MATPOWER manual, section 3.2).
// I_f = (gff + j bff) V_f + (gft + j bft) V_t,  I_t = (gtf + j btf) V_f + (gtt + j btt) V_t; per unit.
import type { Branches } from './network.ts';

export interface Admittances {
  readonly gff: Float64Array;
  readonly bff: Float64Array;
  readonly gft: Float64Array;
  readonly bft: Float64Array;
  readonly gtf: Float64Array;
  readonly btf: Float64Array;
  readonly gtt: Float64Array;
  readonly btt: Float64Array;
}

export function admittances(branches: Branches): Admittances {
  const n = branches.count;
  const make = () => new Float64Array(n);
  const a = { gff: make(), bff: make(), gft: make(), bft: make(), gtf: make(), btf: make(), gtt: make(), btt: make() };
  for (let k = 0; k < n; k++) {
    const r = branches.resistancePu[k];
    const x = branches.reactancePu[k];
    const square = r * r + x * x;
    const g = r / square;
    const b = -x / square;
    const half = branches.chargingPu[k] / 2;
    const tap = branches.tap[k];
    const shift = (branches.shiftDegree[k] * Math.PI) / 180;
    const cos = Math.cos(shift) / tap;
    const sin = Math.sin(shift) / tap;
    a.gff[k] = g / (tap * tap);
    a.bff[k] = (b + half) / (tap * tap);
    a.gtt[k] = g;
    a.btt[k] = b + half;
    // y_ft = -(g + jb) / (tap e^{-j shift}),  y_tf = -(g + jb) / (tap e^{j shift})
    a.gft[k] = -(g * cos - b * sin);
    a.bft[k] = -(b * cos + g * sin);
    a.gtf[k] = -(g * cos + b * sin);
    a.btf[k] = -(b * cos - g * sin);
  }
  return a;
}

/** Power entering each branch at its two ends, per unit, for voltages in polar form (per unit, radians). */
export function branchFlows(branches: Branches, a: Admittances, angle: Float64Array, voltage: Float64Array) {
  const n = branches.count;
  const pf = new Float64Array(n);
  const qf = new Float64Array(n);
  const pt = new Float64Array(n);
  const qt = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const f = branches.from[k];
    const t = branches.to[k];
    const vf = voltage[f];
    const vt = voltage[t];
    const cos = Math.cos(angle[f] - angle[t]);
    const sin = Math.sin(angle[f] - angle[t]);
    pf[k] = a.gff[k] * vf * vf + vf * vt * (a.gft[k] * cos + a.bft[k] * sin);
    qf[k] = -a.bff[k] * vf * vf + vf * vt * (a.gft[k] * sin - a.bft[k] * cos);
    pt[k] = a.gtt[k] * vt * vt + vf * vt * (a.gtf[k] * cos - a.btf[k] * sin);
    qt[k] = -a.btt[k] * vt * vt + vf * vt * (-a.gtf[k] * sin - a.btf[k] * cos);
  }
  return { pf, qf, pt, qt };
}
