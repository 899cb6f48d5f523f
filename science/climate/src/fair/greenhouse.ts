// Forcing of CO2, CH4 and N2O from concentrations, W/m2, four formulae: Meinshausen et al. 2020 (GMD 13, 3571, table 3), Etminan et al.
// 2016 (GRL 43, 12614), Myhre et al. 1998 (GRL 25, 2715) and Leach et al. 2021 (GMD 14, 3007, eq. 11, no overlaps). CO2 in ppm, others in ppb.
// Trap: Meinshausen is measured from the reference concentrations and needs the value at the baseline taken off; the others from the baseline.

export type GhgMethod = 'meinshausen2020' | 'etminan2016' | 'myhre1998' | 'leach2021';
export const GHG_METHODS: readonly GhgMethod[] = ['meinshausen2020', 'etminan2016', 'myhre1998', 'leach2021'];

/** Forcing without scale of one gas at concentrations c, m, n (CO2, CH4, N2O) against c0, m0, n0. */
type Formula = (c: number, m: number, n: number, c0: number, m0: number, n0: number) => number;

export interface GhgFormulae {
  readonly co2: Formula;
  readonly ch4: Formula;
  readonly n2o: Formula;
}

const overlap = (m: number, n: number) => {
  const p = m * n;
  return 0.47 * Math.log(1 + 2.01e-5 * p ** 0.75 + 5.32e-15 * m * p ** 1.52);
};

export const GHG_FORMULAE: Readonly<Record<GhgMethod, GhgFormulae>> = {
  meinshausen2020: {
    co2: (c, _m, n, c0) => {
      const a = -2.4785e-7;
      const b = 0.00075906;
      const d = 5.2488;
      const x = c - c0;
      const alpha = x <= 0 ? d : x > -b / (2 * a) ? d - (b * b) / (4 * a) : d + a * x * x + b * x;
      return (alpha - 0.0021492 * Math.sqrt(n)) * Math.log(c / c0);
    },
    ch4: (_c, m, n, _c0, m0) => {
      const root = Math.sqrt(m);
      return (-8.9603e-5 * root - 0.00012462 * Math.sqrt(n) + 0.045194) * (root - Math.sqrt(m0));
    },
    n2o: (c, m, n, _c0, _m0, n0) => {
      const root = Math.sqrt(n);
      return (
        (-0.00034197 * Math.sqrt(c) + 0.00025455 * root - 0.00024357 * Math.sqrt(m) + 0.12173) * (root - Math.sqrt(n0))
      );
    },
  },
  etminan2016: {
    co2: (c, _m, n, c0, _m0, n0) =>
      (-2.4e-7 * (c - c0) ** 2 + 7.2e-4 * Math.abs(c - c0) - 2.1e-4 * 0.5 * (n + n0) + 5.36) * Math.log(c / c0),
    ch4: (_c, m, n, _c0, m0, n0) =>
      (-1.3e-6 * 0.5 * (m + m0) - 8.2e-6 * 0.5 * (n + n0) + 0.043) * (Math.sqrt(m) - Math.sqrt(m0)),
    n2o: (c, m, n, c0, m0, n0) =>
      (-8e-6 * 0.5 * (c + c0) + 4.2e-6 * 0.5 * (n + n0) - 4.9e-6 * 0.5 * (m + m0) + 0.117) *
      (Math.sqrt(n) - Math.sqrt(n0)),
  },
  myhre1998: {
    co2: (c, _m, _n, c0) => 5.35 * Math.log(c / c0),
    ch4: (_c, m, _n, _c0, m0, n0) => 0.036 * (Math.sqrt(m) - Math.sqrt(m0)) - (overlap(m, n0) - overlap(m0, n0)),
    n2o: (_c, _m, n, _c0, m0, n0) => 0.12 * (Math.sqrt(n) - Math.sqrt(n0)) - (overlap(m0, n) - overlap(m0, n0)),
  },
  leach2021: {
    co2: (c, _m, _n, c0) => 4.57 * Math.log(c / c0) + 0.086 * (Math.sqrt(c) - Math.sqrt(c0)),
    ch4: (_c, m, _n, _c0, m0) => 0.038 * (Math.sqrt(m) - Math.sqrt(m0)),
    n2o: (_c, _m, n, _c0, _m0, n0) => 0.106 * (Math.sqrt(n) - Math.sqrt(n0)),
  },
};
