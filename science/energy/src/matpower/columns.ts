// Columns of MATPOWER's matrices, counted from 0 (MATPOWER manual, appendix B; case format version 2).

export const BUS = {
  number: 0,
  type: 1,
  pd: 2,
  qd: 3,
  gs: 4,
  bs: 5,
  area: 6,
  vm: 7,
  va: 8,
  baseKv: 9,
  zone: 10,
  vmax: 11,
  vmin: 12,
} as const;
export const GEN = { bus: 0, pg: 1, qg: 2, qmax: 3, qmin: 4, vg: 5, mbase: 6, status: 7, pmax: 8, pmin: 9 } as const;
export const BRANCH = {
  from: 0,
  to: 1,
  r: 2,
  x: 3,
  b: 4,
  rateA: 5,
  rateB: 6,
  rateC: 7,
  tap: 8,
  shift: 9,
  status: 10,
  angmin: 11,
  angmax: 12,
} as const;
export const GENCOST = { model: 0, startup: 1, shutdown: 2, n: 3, first: 4 } as const;
export const DCLINE = {
  from: 0,
  to: 1,
  status: 2,
  pf: 3,
  pt: 4,
  qf: 5,
  qt: 6,
  vf: 7,
  vt: 8,
  pmin: 9,
  pmax: 10,
  qminf: 11,
  qmaxf: 12,
  qmint: 13,
  qmaxt: 14,
  loss0: 15,
  loss1: 16,
} as const;

/** Fewest columns that a matrix must have; what lies beyond is optional (results, capability curves). */
export const LEAST_COLUMNS: Readonly<Record<string, number>> = { bus: 13, gen: 10, branch: 11, gencost: 5, dcline: 17 };

/** Headings that the writer puts above each matrix, for people. */
export const HEADINGS: Readonly<Record<string, string>> = {
  bus: 'bus_i\ttype\tPd\tQd\tGs\tBs\tarea\tVm\tVa\tbaseKV\tzone\tVmax\tVmin',
  gen: 'bus\tPg\tQg\tQmax\tQmin\tVg\tmBase\tstatus\tPmax\tPmin',
  branch: 'fbus\ttbus\tr\tx\tb\trateA\trateB\trateC\tratio\tangle\tstatus\tangmin\tangmax',
  gencost: '1 startup shutdown n x1 y1 ... xn yn | 2 startup shutdown n c(n-1) ... c0',
  dcline: 'fbus\ttbus\tstatus\tPf\tPt\tQf\tQt\tVf\tVt\tPmin\tPmax\tQminF\tQmaxF\tQminT\tQmaxT\tloss0\tloss1',
};
