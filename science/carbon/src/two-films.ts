// What passes between gas and liquid in the absorber, per m3 of packing, and the enthalpies of both. Correlations are named where they stand, with
// constants refitted to MEA and structured packing by Chinen et al. 2018 (Ind. Eng. Chem. Res. 57, 10448), as in IDAES's solvent column.
// Enthalpies are linear in temperature, so that temperature needs no iteration.
import type { AbsorberCase } from './absorber.ts';
import { solvent } from './amine.ts';
import { R_EXACT as R } from './isotherms.ts';

const REFERENCE_K = 298.15;
const CP = { co2: 37.6, h2oGas: 33.6, n2: 29.2, o2: 29.5, h2o: 75.4, mea: 165 } as const;
/** Heat of absorption of CO2 in 30 % MEA (Kim and Svendsen 2007, mean of 313 to 353 K) and of vaporisation of water at 298 K, J/mol. */
export const ABSORPTION = 84000;
const VAPORISATION = 43990;
/** Of flue gas. */
const PRANDTL = 0.71;

/** Vapour pressure of water, Pa, as in IDAES's solvent model. */
export const waterPa = (k: number): number => Math.exp(72.55 - 7206.7 / k - 7.1385 * Math.log(k) + 4.05e-6 * k * k);

/** Equilibrium pressure of CO2 over loaded 30 % MEA, Pa. */
export function co2Pa(k: number, loading: number): number {
  const s = solvent(k, loading, 7.91, 1);
  return s.henryPaM3Mol * s.freeCo2;
}

/** What passes from gas to liquid per m3 of packing: mol/s of CO2 and water, W of conduction, and W carried by the species. */
export function transfer(
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
  const s = solvent(tl, Math.max(lc, 1e-9 * a.liquid.mea), Math.max(lw, 1e-9 * a.liquid.mea), a.liquid.mea);
  const liquidKg = a.liquid.mea * 0.06108 + Math.max(lw, 0) * 0.01802 + lc * 0.04401;
  const gasKg = gc * 0.04401 + gw * 0.01802 + a.gas.n2 * 0.028014 + a.gas.o2 * 0.031999;
  // Load of both phases, m/s of empty column.
  const gasMS = (gasMol * R * tg) / (P * section);
  const liquidMS = liquidKg / (s.densityKgM3 * section);
  const hydraulicM = (4 * p.voidFraction) / p.areaM2M3;
  // Liquid held (Tsai's form, refitted by Chinen et al. 2018 for 250 m2/m3).
  const holdup = 11.4474 * (3.185966 * liquidMS * (s.viscosityPaS / s.densityKgM3) ** (1 / 3)) ** 0.6471;
  // Wetted area (Tsai et al., AIChE J. 57, 2011, refitted by Chinen et al. 2018).
  const wetted =
    p.areaM2M3 *
    1.43914 *
    ((s.densityKgM3 / s.tensionNM) * 9.81 ** (1 / 3) * ((liquidMS * p.voidFraction) / p.areaM2M3) ** (4 / 3)) ** 0.12;
  // Films (Billet and Schultes, Trans. IChemE 77A, 1999).
  const gasDensity = (P / (R * tg)) * (gasKg / gasMol);
  const gasViscosity = 1.8e-5 * (tg / 298) ** 0.7;
  const shares = [gc / gasMol, gw / gasMol, a.gas.n2 / gasMol, a.gas.o2 / gasMol];
  const filmGas = (diffusion: number) =>
    p.gasConstant *
    Math.sqrt(p.areaM2M3 / (hydraulicM * Math.max(0.2, p.voidFraction - holdup))) *
    diffusion *
    ((gasMS * gasDensity) / (p.areaM2M3 * gasViscosity)) ** 0.75 *
    (gasViscosity / (gasDensity * diffusion)) ** (1 / 3);
  const diffusionGas = gasDiffusion(0, shares, tg, P);
  const kgCo2 = filmGas(diffusionGas) / (R * tg);
  const kgWater = filmGas(gasDiffusion(1, shares, tg, P)) / (R * tg);
  const kl = p.liquidConstant * 12 ** (1 / 6) * Math.sqrt((liquidMS * s.co2M2S) / (hydraulicM * holdup));
  // Enhancement, explicit in the bulk's concentrations (Gaspar and Fosbol 2015, Chem. Eng. Sci. 138, 479, in its form at equilibrium).
  const hatta = Math.max(1.001, Math.sqrt(s.rate * s.co2M2S) / kl);
  const amine = (s.meaM2S * s.freeMea) / 2;
  const ratio = amine / (s.ionM2S * s.meaPlus) + amine / (s.ionM2S * s.carbamate) + 2;
  const enhancement = 1 + (hatta - 1) / ((hatta * ratio * s.co2M2S * s.freeCo2) / amine + 1);
  const total = 1 / (1 / kgCo2 + s.henryPaM3Mol / (enhancement * kl));
  const co2 = total * wetted * ((P * gc) / gasMol - s.henryPaM3Mol * s.freeCo2);
  const h2o = kgWater * wetted * ((P * gw) / gasMol - s.waterShare * waterPa(tl));
  // Heat by Chilton and Colburn's analogy from the gas film.
  const cpGas = (gc * CP.co2 + gw * CP.h2oGas + a.gas.n2 * CP.n2 + a.gas.o2 * CP.o2) / gasMol;
  const schmidt = gasViscosity / (gasDensity * diffusionGas);
  const heat = kgCo2 * P * cpGas * (schmidt / PRANDTL) ** (2 / 3) * wetted * (tg - tl);
  const from = (rate: number) => (rate > 0 ? tg : tl) - REFERENCE_K;
  return { co2, h2o, heat, carried: co2 * CP.co2 * from(co2) + h2o * CP.h2oGas * from(h2o), enhancement };
}

/** Diffusion of one gas through the others, m2/s (Wilke; binary values by Fuller, Schettler and Giddings): CO2, water, nitrogen, oxygen. */
function gasDiffusion(i: number, shares: readonly number[], k: number, pa: number): number {
  let resistance = 0;
  for (let j = 0; j < 4; j++) {
    if (j === i) continue;
    const size = (Math.cbrt(FULLER_VOLUME[i]) + Math.cbrt(FULLER_VOLUME[j])) ** 2;
    const mass = Math.sqrt(1 / FULLER_GRAM[i] + 1 / FULLER_GRAM[j]);
    resistance += shares[j] / ((1.013e-2 * k ** 1.75 * mass) / (pa * size));
  }
  return (1 - shares[i]) / resistance;
}
const FULLER_VOLUME = [26.7, 13.1, 18.5, 16.3];
const FULLER_GRAM = [44.01, 18.02, 28.014, 31.999];

export const gasEnthalpy = (a: AbsorberCase, co2: number, h2o: number, k: number) =>
  gasHeat(a, co2, h2o) * (k - REFERENCE_K);
const gasHeat = (a: AbsorberCase, co2: number, h2o: number) =>
  co2 * CP.co2 + h2o * CP.h2oGas + a.gas.n2 * CP.n2 + a.gas.o2 * CP.o2;
export const gasK = (a: AbsorberCase, co2: number, h2o: number, h: number) => REFERENCE_K + h / gasHeat(a, co2, h2o);
const liquidHeat = (a: AbsorberCase, h2o: number) => h2o * CP.h2o + a.liquid.mea * CP.mea;
export const liquidEnthalpy = (a: AbsorberCase, co2: number, h2o: number, k: number) =>
  liquidHeat(a, h2o) * (k - REFERENCE_K) - co2 * ABSORPTION - h2o * VAPORISATION;
export const liquidK = (a: AbsorberCase, co2: number, h2o: number, h: number) =>
  REFERENCE_K + (h + co2 * ABSORPTION + h2o * VAPORISATION) / liquidHeat(a, h2o);

/** Superficial velocity of the gas that comes in times the root of its density, Pa^0.5. */
export function gasLoad(a: AbsorberCase): number {
  const flows = [a.gas.co2, a.gas.h2o, a.gas.n2, a.gas.o2];
  const molS = flows.reduce((s, x) => s + x, 0);
  const kgS = flows.reduce((s, x, i) => s + (x * FULLER_GRAM[i]) / 1000, 0);
  const m3S = (molS * R * a.gas.k) / a.pressurePa;
  return (Math.sqrt(kgS / m3S) * m3S) / ((Math.PI / 4) * a.diameterM ** 2);
}

/** Liquid that comes in over the column's section, m3/m2/h. */
export function liquidLoad(a: AbsorberCase): number {
  const { co2, h2o, mea, k } = a.liquid;
  const kgS = mea * 0.06108 + h2o * 0.01802 + co2 * 0.04401;
  return (3600 * kgS) / (solvent(k, co2, h2o, mea).densityKgM3 * (Math.PI / 4) * a.diameterM ** 2);
}
