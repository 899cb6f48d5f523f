// Properties of aqueous monoethanolamine (MEA) with CO2 in it, about 290 to 350 K and 20 to 40 % MEA by mass, from published correlations with the
// constants of IDAES 2.13's solvent model: density, viscosity, surface tension, diffusion: Morgan et al. 2015, AIChE J. 61, 1822 (the volume of dissolved
// CO2 by Weiland et al. 1998, J. Chem. Eng. Data 43, 378). Solubility by the analogy of N2O: Jiru et al. 2012. Chemical equilibrium: two reactions.
// Rate: Putta, Svendsen and Knuutila 2017, eq. 42.
// Trap: `loading` and shares are apparent (CO2 in whatever form); concentrations of free amine and free CO2 are true.

const MEA_KG = 0.06108;
const WATER_KG = 0.01802;
const CO2_KG = 0.04401;

export interface Solvent {
  readonly densityKgM3: number;
  readonly viscosityPaS: number;
  readonly tensionNM: number;
  /** Of physically dissolved CO2, Pa m3/mol. */
  readonly henryPaM3Mol: number;
  /** Diffusion in the liquid, m2/s: CO2, free amine, its ions. */
  readonly co2M2S: number;
  readonly meaM2S: number;
  readonly ionM2S: number;
  /** True concentrations, mol/m3. */
  readonly freeCo2: number;
  readonly freeMea: number;
  readonly meaPlus: number;
  readonly carbamate: number;
  readonly water: number;
  /** Mole share of water among all species. */
  readonly waterShare: number;
  /** Rate of the reaction, first order in CO2, 1/s. */
  readonly rate: number;
}

/** State of a solvent that holds so many moles of CO2 (in whatever form), water and amine. */
export function solvent(k: number, co2: number, h2o: number, mea: number): Solvent {
  const moles = co2 + h2o + mea;
  const [x, xw, xa] = [co2 / moles, h2o / moles, mea / moles];
  const share = (mea * MEA_KG) / (mea * MEA_KG + h2o * WATER_KG);
  const loading = co2 / mea;
  // cm3/mol
  const waterVolume = (1e3 * WATER_KG) / (-3.2484e-6 * k * k + 0.00165 * k + 0.793);
  const meaVolume = (1e3 * MEA_KG) / (-5.35162e-7 * k * k - 4.51417e-4 * k + 1.19451) + xw * (-2.2642 + 3.0059 * xa);
  const co2Volume = 10.2074 + (207 - 563.3701 * xa) * xa;
  const volume = 1e-6 * (xw * waterVolume + xa * meaVolume + x * co2Volume);
  const viscosityPaS = viscosity(k, 100 * share, loading);
  const total = { co2: x / volume, water: xw / volume, mea: xa / volume };
  const s = speciation(k, total.co2, total.water, total.mea);
  const kmol = total.mea / 1000;
  return {
    densityKgM3: (xw * WATER_KG + xa * MEA_KG + x * CO2_KG) / volume,
    viscosityPaS,
    tensionNM: tension(k, share, loading, x, xa),
    henryPaM3Mol: henry(k, share),
    co2M2S: (2.35e-6 + 2.9837e-8 * kmol - 9.7078e-9 * kmol * kmol) * Math.exp((-2119 - 20.132 * kmol) / k),
    meaM2S: Math.exp(-13.275 - 2198.3 / k - 7.8142e-5 * total.mea),
    ionM2S: Math.exp(-22.64 - 1000 / k - 0.7 * Math.log(viscosityPaS)),
    ...s,
    waterShare: s.water / (s.water + s.freeMea + s.freeCo2 + 2 * s.meaPlus),
    rate: (3173.2 * Math.exp(-4936.6 / k) * s.freeMea + 108.82 * Math.exp(-3900 / k) * s.water) * s.freeMea,
  };
}

/**
 * What CO2 has become: 2 MEA + CO2 = MEAH+ + MEACOO- and MEA + CO2 + H2O = MEAH+ + HCO3-. For a given free amine the rest follows; the free
 * amine is where the CO2 adds up, between none (much CO2) and all (none).
 */
function speciation(k: number, co2: number, water: number, mea: number) {
  const constant = (a: number, b: number, c: number) => 1e-3 * Math.exp(a + b / k + c * Math.log(k));
  const carbamateK = constant(233.4, -3410, -36.8);
  const bicarbonateK = constant(176.72, -2909, -28.46);
  const given = (free: number) => {
    const ratio = (carbamateK * free) / (bicarbonateK * water);
    const bicarbonate = (mea - free) / (2 * ratio + 1);
    const carbamate = ratio * bicarbonate;
    const left = water - bicarbonate;
    return {
      bicarbonate,
      carbamate,
      dissolved: ((carbamate + bicarbonate) * carbamate) / (carbamateK * free * free),
      left,
    };
  };
  // The sum of CO2 falls as the free amine grows: halve, and take the secant's step where it stays inside.
  let low = mea * 1e-9;
  let high = mea * (1 - 1e-12);
  let free = Math.max(0.02 * mea, mea - 2 * co2);
  for (let round = 0; round < 60; round++) {
    const s = given(free);
    const excess = s.bicarbonate + s.carbamate + s.dissolved - co2;
    if (excess > 0) low = free;
    else high = free;
    if (Math.abs(excess) <= 1e-13 * mea || high - low <= 1e-14 * mea) break;
    const step = 1e-6 * free;
    const t = given(free - step);
    const slope = (t.bicarbonate + t.carbamate + t.dissolved - co2 - excess) / -step;
    const next = free - excess / slope;
    free = next > low && next < high ? next : (low + high) / 2;
  }
  const s = given(free);
  return {
    freeMea: free,
    freeCo2: s.dissolved,
    carbamate: s.carbamate,
    meaPlus: s.carbamate + s.bicarbonate,
    water: s.left,
  };
}

/** Pa s, from the mass share of MEA free of CO2 in percent. */
function viscosity(k: number, r: number, loading: number): number {
  const water = 1.002e-3 * 10 ** ((1.3272 * (293.15 - k - 0.001053 * (k - 293.15) ** 2)) / (k - 168.15));
  const first = k * (-0.0838 * r + 2.8817) + 33.651 * r + 1817;
  return water * Math.exp((r * first * (loading * (0.00847 * r + 0.0103 * k - 2.389) + 1)) / (k * k));
}

/** N/m. */
function tension(k: number, r: number, loading: number, x: number, xa: number): number {
  const water = 0.18548 * (1 - k / 647.13) ** (2.717 - 3.554 * (k / 647.13) + 2.047 * (k / 647.13) ** 2);
  const mea = 0.09945 * (1 - k / 614.45) ** 1.067;
  const co2 = -5.987 * r * r + 3.7699 * r - 0.43164 + k * (0.018155 * r * r - 0.01207 * r + 0.002119);
  return (
    water +
    (co2 - water) * x * (2.4558 - 1.5311 * loading + 3.4994 * loading ** 2 - 5.6398 * r + 10.2109 * r * r) +
    (mea - water) * xa * (2.3122 + 4.5608 * loading - 2.3924 * loading ** 2 + 5.3324 * r - 12.0494 * r * r)
  );
}

/** Pa m3/mol, from the mass share of MEA free of CO2. */
function henry(k: number, share: number): number {
  const c = k - 273.15;
  const inWater = 3.52e6 * Math.exp(-2113 / k);
  const inMea = 2.448e5 * Math.exp(-1348 / k) * (inWater / (8.449e6 * Math.exp(-2283 / k)));
  const mixed = 1.70981 + 0.03972 * c - 4.3e-4 * c * c - 2.20377 * (1 - share);
  return Math.exp(share * Math.log(inMea) + (1 - share) * Math.log(inWater) + share * (1 - share) * mixed);
}
