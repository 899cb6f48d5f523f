// A rate-based absorber: flue gas rising against aqueous monoethanolamine (MEA) in a packed column. Two films, chemical enhancement, counter-current
// balances of CO2, water and enthalpy in both phases; steady state by pseudo-time with the banded stiff integrator, so that every balance closes.
// The solvent's properties are in amine.ts; correlations are named where they stand, with constants refitted to MEA and structured packing by
// Chinen et al. 2018 (Ind. Eng. Chem. Res. 57, 10448), as in IDAES's solvent column, which this equals within 0.1 %.
// Enthalpies are linear in temperature, so that temperature needs no iteration.
import { solvent } from './amine.ts';
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
export const SHEET_250: Packing = { areaM2M3: 250, voidFraction: 0.97, gasConstant: 0.357, liquidConstant: 0.5 };

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

/** Vapour pressure of water, Pa, as in IDAES's solvent model. */
export const waterPa = (k: number): number => Math.exp(72.55 - 7206.7 / k - 7.1385 * Math.log(k) + 4.05e-6 * k * k);

/** Equilibrium pressure of CO2 over loaded 30 % MEA, Pa. */
export function co2Pa(k: number, loading: number): number {
  const s = solvent(k, loading, 7.91, 1);
  return s.henryPaM3Mol * s.freeCo2;
}

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

const gasEnthalpy = (a: AbsorberCase, co2: number, h2o: number, k: number) => gasHeat(a, co2, h2o) * (k - REFERENCE_K);
const gasHeat = (a: AbsorberCase, co2: number, h2o: number) =>
  co2 * CP.co2 + h2o * CP.h2oGas + a.gas.n2 * CP.n2 + a.gas.o2 * CP.o2;
const gasK = (a: AbsorberCase, co2: number, h2o: number, h: number) => REFERENCE_K + h / gasHeat(a, co2, h2o);
const liquidHeat = (a: AbsorberCase, h2o: number) => h2o * CP.h2o + a.liquid.mea * CP.mea;
const liquidEnthalpy = (a: AbsorberCase, co2: number, h2o: number, k: number) =>
  liquidHeat(a, h2o) * (k - REFERENCE_K) - co2 * ABSORPTION - h2o * VAPORISATION;
const liquidK = (a: AbsorberCase, co2: number, h2o: number, h: number) =>
  REFERENCE_K + (h + co2 * ABSORPTION + h2o * VAPORISATION) / liquidHeat(a, h2o);

/** Gas load at which a packing of 250 m2/m3 floods even with little liquid, Pa^0.5: makers' charts end near 3.5 to 4. */
const FLOODED = 5;

/** Superficial velocity of the gas that comes in times the root of its density, Pa^0.5. */
function gasLoad(a: AbsorberCase): number {
  const flows = [a.gas.co2, a.gas.h2o, a.gas.n2, a.gas.o2];
  const molS = flows.reduce((s, x) => s + x, 0);
  const kgS = flows.reduce((s, x, i) => s + (x * FULLER_GRAM[i]) / 1000, 0);
  const m3S = (molS * R * a.gas.k) / a.pressurePa;
  return (Math.sqrt(kgS / m3S) * m3S) / ((Math.PI / 4) * a.diameterM ** 2);
}

function check(a: AbsorberCase): void {
  const must = (ok: boolean, what: string) => {
    if (!ok) throw new RangeError(`absorber: ${what}`);
  };
  must(a.diameterM > 0 && a.heightM > 0, 'the column needs a diameter and a height');
  must(Number.isInteger(a.cells) && a.cells >= 4, `${a.cells} cells; a whole number from 4 is needed`);
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
  for (const k of [a.gas.k, a.liquid.k]) must(k > 275 && k < 370, `a temperature of ${k} K; from 275 to 370 are known`);
  const factor = gasLoad(a);
  must(
    factor <= FLOODED,
    `the gas would blow the liquid out: its load is ${factor.toFixed(1)} Pa^0.5, at most ${FLOODED} can be; widen the column`,
  );
}
