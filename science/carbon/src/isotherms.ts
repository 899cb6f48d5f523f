// Equilibrium loadings of CO2 and N2: competitive dual-site Langmuir, extended Sips, Toth, weighted dual-site Langmuir.
// Traps: the dual-site tables come in two bases (pascal or mol/m3), and the others take pressures in bar.

/** Gas constant in the dual-site tables, J/mol/K. */
export const R_TABLE = 8.314;
/** CODATA 2018, as the temperature-swing cases use it, J/mol/K. */
export const R_EXACT = 8.314462618;

/** q_i = qsb_i B_i c_i / (1 + sum B_k c_k) + the same with d; B = b0 exp(-dUb/(R T)); pairs are [CO2, N2], mol/kg and J/mol. */
export interface DualSiteLangmuir {
  readonly kind: 'dual-site Langmuir';
  /** Whether c is the partial pressure in Pa or the concentration p/(R T) in mol/m3. */
  readonly basis: 'pressure' | 'concentration';
  readonly qsb: Pair;
  readonly qsd: Pair;
  readonly b0: Pair;
  readonly d0: Pair;
  readonly dUb: Pair;
  readonly dUd: Pair;
}

export type Pair = readonly [co2: number, n2: number];

/** Hefti et al. 2015: q_sat = ref exp(chi (T/Tref - 1)), b = b0 exp(E/(R T)), c = ref + alpha (T/Tref - 1); per bar, kJ/mol. */
export interface ExtendedSips {
  readonly kind: 'extended Sips';
  readonly referenceK: number;
  readonly saturation: Pair;
  readonly saturationExponent: Pair;
  readonly affinity0: Pair;
  readonly affinityKjMol: Pair;
  readonly heterogeneity: Pair;
  readonly heterogeneityAlpha: Pair;
}

/** Toth, CO2 only (Elfving et al. 2017); per bar, kJ/mol. */
export interface Toth {
  readonly kind: 'Toth';
  readonly referenceK: number;
  readonly saturation: number;
  readonly saturationExponent: number;
  readonly affinity0: number;
  readonly affinityKjMol: number;
  readonly toth: number;
  readonly tothAlpha: number;
}

/** Step-shaped isotherm of diamine-appended MOFs, CO2 only (Joss et al. 2016); per bar, kJ/mol. */
export interface WeightedDualSite {
  readonly kind: 'weighted dual-site Langmuir';
  readonly referenceK: number;
  readonly lowerSaturation: number;
  readonly lowerB0: number;
  readonly lowerKjMol: number;
  readonly upperSaturation: number;
  readonly upperB0: number;
  readonly upperKjMol: number;
  readonly henry0: number;
  readonly henryKjMol: number;
  readonly stepWidth: number;
  readonly weightExponent: number;
  readonly stepBar: number;
  readonly stepKjMol: number;
}

export type Isotherm = DualSiteLangmuir | ExtendedSips | Toth | WeightedDualSite;

/** Loading of nitrogen in models that describe CO2 alone, mol/kg: small, so that a ratio can be formed. */
const TRACE = 1e-10;

/** Loadings in mol/kg at temperature K and partial pressures Pa (negative counts as none). */
export function loading(m: Isotherm, temperatureK: number, co2Pa: number, n2Pa: number): [co2: number, n2: number] {
  const p1 = Math.max(0, co2Pa);
  const p2 = Math.max(0, n2Pa);
  switch (m.kind) {
    case 'dual-site Langmuir': {
      const unit = m.basis === 'pressure' ? 1 : 1 / (R_TABLE * temperatureK);
      const rt = R_TABLE * temperatureK;
      const b1 = m.b0[0] * Math.exp(-m.dUb[0] / rt) * p1 * unit;
      const b2 = m.b0[1] * Math.exp(-m.dUb[1] / rt) * p2 * unit;
      const d1 = m.d0[0] * Math.exp(-m.dUd[0] / rt) * p1 * unit;
      const d2 = m.d0[1] * Math.exp(-m.dUd[1] / rt) * p2 * unit;
      const b = 1 + b1 + b2;
      const d = 1 + d1 + d2;
      return [(m.qsb[0] * b1) / b + (m.qsd[0] * d1) / d, (m.qsb[1] * b2) / b + (m.qsd[1] * d2) / d];
    }
    case 'extended Sips': {
      const x = temperatureK / m.referenceK - 1;
      const term = (i: 0 | 1, pa: number) => {
        const b = m.affinity0[i] * Math.exp((1000 * m.affinityKjMol[i]) / (R_EXACT * temperatureK));
        return (b * pa * 1e-5) ** (m.heterogeneity[i] + m.heterogeneityAlpha[i] * x);
      };
      const s1 = term(0, p1);
      const s2 = term(1, p2);
      const saturation = (i: 0 | 1) => m.saturation[i] * Math.exp(m.saturationExponent[i] * x);
      return [(saturation(0) * s1) / (1 + s1 + s2), (saturation(1) * s2) / (1 + s1 + s2)];
    }
    case 'Toth': {
      const x = m.referenceK / temperatureK - 1;
      const b = m.affinity0 * Math.exp(((1000 * m.affinityKjMol) / (R_EXACT * m.referenceK)) * x);
      const t = m.toth - m.tothAlpha * x;
      const saturation = m.saturation * Math.exp(m.saturationExponent * (1 - temperatureK / m.referenceK));
      const bp = b * p1 * 1e-5;
      return [(saturation * bp) / (1 + bp ** t) ** (1 / t), TRACE];
    }
    case 'weighted dual-site Langmuir': {
      const p = p1 * 1e-5;
      if (p === 0) return [0, TRACE];
      const arrhenius = (a: number, kj: number) => a * Math.exp((1000 * kj) / (R_EXACT * temperatureK));
      const low = arrhenius(m.lowerB0, m.lowerKjMol) * p;
      const up = arrhenius(m.upperB0, m.upperKjMol) * p;
      const step = m.stepBar * Math.exp(((-1000 * m.stepKjMol) / R_EXACT) * (1 / m.referenceK - 1 / temperatureK));
      const z = Math.exp(Math.min(700, (Math.log(p) - Math.log(step)) / m.stepWidth));
      const w = (z / (1 + z)) ** m.weightExponent;
      const lower = (m.lowerSaturation * low) / (1 + low);
      const upper = (m.upperSaturation * up) / (1 + up) + arrhenius(m.henry0, m.henryKjMol) * p;
      return [lower * (1 - w) + upper * w, TRACE];
    }
  }
}
