// A rate-based absorber: flue gas rising against aqueous monoethanolamine (MEA) in a packed column. Two films, chemical enhancement, counter-current
// balances of CO2, water and enthalpy in both phases; steady state by pseudo-time with the banded stiff integrator, so that every balance closes.
// Correlations are named where they stand; density, surface tension and the amine's effect on solubility are rough values for 20 to 35 % MEA.
// Enthalpies are linear in temperature, so that temperature needs no iteration.
import { integrate } from './stiff/bdf.ts';

export interface Packing {
  /** Dry area per volume, m2/m3, and void fraction. */
  readonly areaM2M3: number;
  readonly voidFraction: number;
  /** Constants of Billet and Schultes (1999) for the gas and liquid films. */
  readonly gasConstant: number;
  readonly liquidConstant: number;
}

/** Sheet-metal structured packing of 250 m2/m3. */
export const SHEET_250: Packing = { areaM2M3: 250, voidFraction: 0.97, gasConstant: 0.39, liquidConstant: 0.5 };

export interface AbsorberCase {
  readonly diameterM: number;
  readonly heightM: number;
  readonly cells: number;
  readonly pressurePa: number;
  readonly packing: Packing;
  /** Rising gas at the bottom, mol/s and K. */
  readonly gas: {
    readonly co2: number;
    readonly h2o: number;
    readonly n2: number;
    readonly o2: number;
    readonly k: number;
  };
  /** Falling liquid at the top, mol/s (CO2 in whatever form) and K. */
  readonly liquid: { readonly co2: number; readonly h2o: number; readonly mea: number; readonly k: number };
}

export interface Cell {
  readonly gasK: number;
  readonly liquidK: number;
  readonly co2: number;
  readonly loading: number;
  readonly enhancement: number;
}

export type Absorbed =
  | {
      readonly converged: true;
      readonly capture: number;
      readonly richLoading: number;
      readonly gasOut: {
        readonly co2: number;
        readonly h2o: number;
        readonly n2: number;
        readonly o2: number;
        readonly k: number;
      };
      readonly liquidOut: { readonly co2: number; readonly h2o: number; readonly mea: number; readonly k: number };
      /** Largest of |in - out| / in over CO2 and water; enthalpy's over the heat of absorption. */
      readonly massError: number;
      readonly energyError: number;
      /** From the bottom up. */
      readonly profile: readonly Cell[];
    }
  | { readonly converged: false; readonly why: string };

const R = 8.314462618;
const REFERENCE_K = 298.15;
const CP = { co2: 37.6, h2oGas: 33.6, n2: 29.2, o2: 29.5, h2o: 75.4, mea: 165 } as const;
/** Heat of absorption of CO2 in 30 % MEA (Kim and Svendsen 2007, mean of 313 to 353 K) and of vaporisation of water at 298 K, J/mol. */
const ABSORPTION = 84000;
const VAPORISATION = 43990;
/** Of flue gas. */
const PRANDTL = 0.71;
const MEA_KG = 0.06108;
const WATER_KG = 0.018015;

/** Vapour pressure of water, Pa (Antoine, NIST, 273 to 373 K within 0.5 %). */
export const waterPa = (k: number): number => 133.322 * 10 ** (8.07131 - 1730.63 / (k - 273.15 + 233.426));

/** Equilibrium pressure of CO2 over loaded MEA, Pa (Xu and Rochelle, Energy Procedia 4, 2011; loading 0.1 to 0.5, below that extrapolated). */
export const co2Pa = (k: number, loading: number): number =>
  Math.exp(39.3 - 12155 / k - 19 * loading ** 2 + (1105 * loading) / k + (12800 * loading ** 2) / k);

/** Runs a column to steady state. Throws RangeError naming what cannot be. */
export function absorb(a: AbsorberCase): Absorbed {
  check(a);
  const n = a.cells;
  const section = (Math.PI * a.diameterM ** 2) / 4;
  const volume = (section * a.heightM) / n;
  const inGas = gasEnthalpy(a, a.gas.co2, a.gas.h2o, a.gas.k);
  const inLiquid = liquidEnthalpy(a, a.liquid.co2, a.liquid.h2o, a.liquid.k);
  const scale = [a.gas.co2, a.gas.n2, 1e4 * a.gas.n2, a.liquid.mea, a.liquid.h2o, 1e4 * a.liquid.h2o];
  const enhancements = new Float64Array(n);
  // Per cell: flows leaving it: gas CO2, water, enthalpy (upwards), liquid CO2, water, enthalpy (downwards), each over its scale.
  const derivative = (_t: number, y: Float64Array, out: Float64Array) => {
    for (let j = 0; j < n; j++) {
      const at = (v: number, cell: number) => y[cell * 6 + v] * scale[v];
      const below = j > 0;
      const above = j < n - 1;
      const [gc, gw, gh, lc, lw, lh] = [0, 1, 2, 3, 4, 5].map(v => at(v, j));
      const t = transfer(a, gc, gw, gh, lc, lw, lh, section);
      enhancements[j] = t.enhancement;
      const heat = t.heat * volume + t.carried * volume;
      const gas = [below ? at(0, j - 1) : a.gas.co2, below ? at(1, j - 1) : a.gas.h2o, below ? at(2, j - 1) : inGas];
      const liquid = [
        above ? at(3, j + 1) : a.liquid.co2,
        above ? at(4, j + 1) : a.liquid.h2o,
        above ? at(5, j + 1) : inLiquid,
      ];
      out[j * 6] = (gas[0] - gc - t.co2 * volume) / scale[0];
      out[j * 6 + 1] = (gas[1] - gw - t.h2o * volume) / scale[1];
      out[j * 6 + 2] = (gas[2] - gh - heat) / scale[2];
      out[j * 6 + 3] = (liquid[0] - lc + t.co2 * volume) / scale[3];
      out[j * 6 + 4] = (liquid[1] - lw + t.h2o * volume) / scale[4];
      out[j * 6 + 5] = (liquid[2] - lh + heat) / scale[5];
    }
  };
  const y = new Float64Array(6 * n);
  for (let j = 0; j < n; j++) {
    const start = [a.gas.co2, a.gas.h2o, inGas, a.liquid.co2, a.liquid.h2o, inLiquid];
    for (let v = 0; v < 6; v++) y[j * 6 + v] = start[v] / scale[v];
  }
  const done = integrate({ n: 6 * n, lower: 11, upper: 11, integrals: 0, derivative }, 0, 1e6, y, {
    relative: 1e-6,
    absolute: 1e-8,
    mostSteps: 6000,
  });
  if (!done.ok) return { converged: false, why: `${done.why} at pseudo-time ${done.t.toPrecision(3)}` };
  const flow = (v: number, cell: number) => y[cell * 6 + v] * scale[v];
  const top = { co2: flow(0, n - 1), h2o: flow(1, n - 1), h: flow(2, n - 1) };
  const bottom = { co2: flow(3, 0), h2o: flow(4, 0), h: flow(5, 0) };
  const massError = Math.max(
    Math.abs(a.gas.co2 + a.liquid.co2 - top.co2 - bottom.co2) / (a.gas.co2 + a.liquid.co2),
    Math.abs(a.gas.h2o + a.liquid.h2o - top.h2o - bottom.h2o) / (a.gas.h2o + a.liquid.h2o),
  );
  const energyError = Math.abs(inGas + inLiquid - top.h - bottom.h) / (ABSORPTION * a.gas.co2);
  if (!(massError < 1e-4 && energyError < 1e-3))
    return {
      converged: false,
      why: `the balances are open by ${massError.toExponential(1)} (mass) and ${energyError.toExponential(1)} (energy)`,
    };
  return {
    converged: true,
    capture: 1 - top.co2 / a.gas.co2,
    richLoading: bottom.co2 / a.liquid.mea,
    gasOut: { co2: top.co2, h2o: top.h2o, n2: a.gas.n2, o2: a.gas.o2, k: gasK(a, top.co2, top.h2o, top.h) },
    liquidOut: { co2: bottom.co2, h2o: bottom.h2o, mea: a.liquid.mea, k: liquidK(a, bottom.co2, bottom.h2o, bottom.h) },
    massError,
    energyError,
    profile: Array.from({ length: n }, (_, j) => ({
      gasK: gasK(a, flow(0, j), flow(1, j), flow(2, j)),
      liquidK: liquidK(a, flow(3, j), flow(4, j), flow(5, j)),
      co2: flow(0, j) / (flow(0, j) + flow(1, j) + a.gas.n2 + a.gas.o2),
      loading: flow(3, j) / a.liquid.mea,
      enhancement: enhancements[j],
    })),
  };
}

/** What passes from gas to liquid per m3 of packing: mol/s of CO2 and water, W of conduction, and W carried by the species. */
function transfer(
  a: AbsorberCase,
  gc: number,
  gw: number,
  gh: number,
  lc: number,
  lw: number,
  lh: number,
  section: number,
) {
  const tg = gasK(a, gc, gw, gh);
  const tl = liquidK(a, lc, lw, lh);
  const gasMol = gc + gw + a.gas.n2 + a.gas.o2;
  const { packing: p, pressurePa: P } = a;
  const loading = Math.max(0, lc / a.liquid.mea);
  const liquidKg = a.liquid.mea * MEA_KG + Math.max(lw, 0) * WATER_KG;
  const meaShare = (a.liquid.mea * MEA_KG) / liquidKg;
  const s = liquid(tl, meaShare, loading);
  // Load of both phases, m/s of empty column.
  const gasMS = (gasMol * R * tg) / (P * section);
  const liquidMS = (liquidKg + lc * 0.04401) / (s.densityKgM3 * section);
  const hydraulicM = (4 * p.voidFraction) / p.areaM2M3;
  const holdup = ((12 * s.viscosityPaS * liquidMS * p.areaM2M3 ** 2) / (9.81 * s.densityKgM3)) ** (1 / 3);
  // Wetted area (Tsai et al., AIChE J. 57, 2011).
  const perimeter = p.areaM2M3 * section;
  const wetted =
    p.areaM2M3 *
    Math.min(
      1,
      1.34 * ((s.densityKgM3 / s.tensionNM) * 9.81 ** (1 / 3) * ((liquidMS * section) / perimeter) ** (4 / 3)) ** 0.116,
    );
  // Films (Billet and Schultes, Trans. IChemE 77A, 1999).
  const gasDensity = (P / (R * tg)) * 0.0292;
  const gasViscosity = 1.8e-5 * (tg / 298) ** 0.7;
  const diffusionGas = 1.6e-5 * (tg / 298) ** 1.75 * (101325 / P);
  const filmGas = (diffusion: number) =>
    p.gasConstant *
    Math.sqrt(p.areaM2M3 / (hydraulicM * Math.max(0.2, p.voidFraction - holdup))) *
    diffusion *
    ((gasMS * gasDensity) / (p.areaM2M3 * gasViscosity)) ** 0.75 *
    (gasViscosity / (gasDensity * diffusion)) ** (1 / 3);
  const kgCo2 = filmGas(diffusionGas) / (R * tg);
  const kgWater = filmGas(1.55 * diffusionGas) / (R * tg);
  const kl = p.liquidConstant * 12 ** (1 / 6) * Math.sqrt((liquidMS * s.diffusionM2S) / (hydraulicM * holdup));
  // Enhancement: fast second-order reaction with the free amine (Hikita et al. 1977), bounded by its diffusion (Wellek et al. 1978).
  const meaMolM3 = (meaShare * s.densityKgM3) / MEA_KG;
  const free = meaMolM3 * Math.max(0.02, 1 - 2 * loading);
  const k2 = 10 ** (10.99 - 2152 / tl) / 1000;
  const hatta = Math.max(1.001, Math.sqrt(k2 * free * s.diffusionM2S) / kl);
  const balance = co2Pa(tl, loading);
  const interfaceMol = Math.max(1e-3, (P * gc) / gasMol / s.henryPaM3Mol);
  const most = 1 + (free * 0.6) / (2 * interfaceMol);
  const first = hatta / Math.tanh(hatta);
  const enhancement = 1 + (1 / ((most - 1) ** -1.35 + (first - 1) ** -1.35)) ** (1 / 1.35);
  const total = 1 / (1 / kgCo2 + s.henryPaM3Mol / (enhancement * kl));
  const co2 = total * wetted * ((P * gc) / gasMol - balance);
  const waterShare = Math.max(lw, 0) / (Math.max(lw, 0) + a.liquid.mea + lc);
  const h2o = kgWater * wetted * ((P * gw) / gasMol - waterShare * waterPa(tl));
  // Heat by Chilton and Colburn's analogy from the gas film.
  const cpGas = (gc * CP.co2 + gw * CP.h2oGas + a.gas.n2 * CP.n2 + a.gas.o2 * CP.o2) / gasMol;
  const schmidt = gasViscosity / (gasDensity * diffusionGas);
  const heat = kgCo2 * P * cpGas * (schmidt / PRANDTL) ** (2 / 3) * wetted * (tg - tl);
  const from = (rate: number) => (rate > 0 ? tg : tl) - REFERENCE_K;
  return { co2, h2o, heat, carried: co2 * CP.co2 * from(co2) + h2o * CP.h2oGas * from(h2o), enhancement };
}

/** Properties of the solvent at temperature, mass share of MEA (free of CO2) and loading. */
function liquid(k: number, share: number, loading: number) {
  const w = 100 * share;
  // Viscosity of water (Vogel), and of loaded MEA over it (Weiland et al., J. Chem. Eng. Data 43, 1998).
  const water = 2.414e-5 * 10 ** (247.8 / (k - 140));
  const viscosityPaS =
    water * Math.exp(((21.186 * w + 2373) * (loading * (0.01015 * w + 0.0093 * k - 2.2589) + 1) * w) / k ** 2);
  // N2O analogy with viscosity (Versteeg and van Swaaij 1988).
  const diffusionM2S = 2.35e-6 * Math.exp(-2119 / k) * (water / viscosityPaS) ** 0.8;
  // Solubility in water (Versteeg and van Swaaij 1988), a little less in the amine.
  const henryPaM3Mol = 2.82e6 * Math.exp(-2044 / k) * (1 + 0.45 * share);
  const densityKgM3 = 1000 * (1 - 4.5e-4 * (k - 293)) * (1 + 0.02 * share + 0.24 * share * loading * 2.2);
  return { viscosityPaS, diffusionM2S, henryPaM3Mol, densityKgM3, tensionNM: 0.06 - 1.5e-4 * (k - 313) };
}

const gasEnthalpy = (a: AbsorberCase, co2: number, h2o: number, k: number) => gasHeat(a, co2, h2o) * (k - REFERENCE_K);
const gasHeat = (a: AbsorberCase, co2: number, h2o: number) =>
  co2 * CP.co2 + h2o * CP.h2oGas + a.gas.n2 * CP.n2 + a.gas.o2 * CP.o2;
const gasK = (a: AbsorberCase, co2: number, h2o: number, h: number) => REFERENCE_K + h / gasHeat(a, co2, h2o);
const liquidHeat = (a: AbsorberCase, co2: number, h2o: number) => co2 * CP.co2 + h2o * CP.h2o + a.liquid.mea * CP.mea;
const liquidEnthalpy = (a: AbsorberCase, co2: number, h2o: number, k: number) =>
  liquidHeat(a, co2, h2o) * (k - REFERENCE_K) - co2 * ABSORPTION - h2o * VAPORISATION;
const liquidK = (a: AbsorberCase, co2: number, h2o: number, h: number) =>
  REFERENCE_K + (h + co2 * ABSORPTION + h2o * VAPORISATION) / liquidHeat(a, co2, h2o);

function check(a: AbsorberCase): void {
  const must = (ok: boolean, what: string) => {
    if (!ok) throw new RangeError(`absorber: ${what}`);
  };
  must(a.diameterM > 0 && a.heightM > 0, 'the column needs a diameter and a height');
  must(Number.isInteger(a.cells) && a.cells >= 4, `${a.cells} cells; at least 4 are needed`);
  must(a.pressurePa > 0, `a pressure of ${a.pressurePa} Pa`);
  for (const [name, v] of Object.entries({ ...a.gas })) must(v >= 0, `gas ${name} is ${v}`);
  for (const [name, v] of Object.entries({ ...a.liquid })) must(v >= 0, `liquid ${name} is ${v}`);
  must(
    a.gas.co2 > 0 && a.gas.n2 > 0 && a.liquid.mea > 0 && a.liquid.h2o > 0,
    'CO2, nitrogen, amine and water must all flow',
  );
  must(
    a.liquid.co2 / a.liquid.mea < 0.55,
    `a lean loading of ${(a.liquid.co2 / a.liquid.mea).toFixed(2)} leaves no free amine`,
  );
  for (const k of [a.gas.k, a.liquid.k]) must(k > 275 && k < 370, `a temperature of ${k} K`);
}
