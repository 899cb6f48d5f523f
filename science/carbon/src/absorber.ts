// A rate-based absorber: flue gas rising against aqueous monoethanolamine (MEA) in a packed column. Two films, chemical enhancement, counter-current
// balances of CO2, water and enthalpy in both phases; steady state by pseudo-time with the banded stiff integrator, so that every balance closes.
// Transfer and enthalpies are in two-films.ts, the solvent's properties in amine.ts. Equals IDAES's solvent column within 0.1 %.
import { integrate } from './stiff/bdf.ts';
import { ABSORPTION, gasEnthalpy, gasK, gasLoad, liquidEnthalpy, liquidK, liquidLoad, transfer } from './two-films.ts';

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
  const done = integrate({ n: 6 * n, solver: { lower: 11, upper: 11 }, integrals: 0, derivative }, 0, 1e6, y, {
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

/** Gas load at which a packing of 250 m2/m3 floods even with little liquid, Pa^0.5: makers' charts end near 3.5 to 4. */
const FLOODED = 5;
/** Liquid loads that are far from any packing's, m3/m2/h. */
const DRY = 0.1;
const DROWNED = 400;

function check(a: AbsorberCase): void {
  const must = (ok: boolean, what: string) => {
    if (!ok) throw new RangeError(`absorber: ${what}`);
  };
  const within = (x: number, least: number, most: number, what: string, unit: string) =>
    must(x >= least && x <= most, `${what} of ${x} ${unit}; it must be between ${least} and ${most} ${unit}`);
  within(a.diameterM, 0.01, 50, 'a diameter', 'm');
  within(a.heightM, 0.05, 150, 'a height', 'm');
  within(a.pressurePa, 2e4, 2e6, 'a pressure', 'Pa');
  must(Number.isInteger(a.cells), `${a.cells} cells; a whole number is needed`);
  within(a.cells, 4, 400, 'a number', 'cells');
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
  const load = liquidLoad(a);
  must(
    load >= DRY && load <= DROWNED,
    `the liquid's load is ${Number(load.toPrecision(2))} m3/m2/h; packings are wetted by some 5 and take up to 200 (${DRY} to ${DROWNED} are computed)`,
  );
  const factor = gasLoad(a);
  must(
    factor <= FLOODED,
    `the gas would blow the liquid out: its load is ${factor.toFixed(1)} Pa^0.5, at most ${FLOODED} can be; widen the column`,
  );
}
