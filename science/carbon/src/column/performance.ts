// What a design achieves, from what went through the column's ends in a cycle.
import { type Column, PER_CELL, pressureAndTemperature } from './column.ts';
import type { Flows } from './cycle.ts';
import type { Operation } from './parameters.ts';

/** Figures of a design at cyclic steady state. */
export interface Performance {
  /** CO2 in the heavy product over all of it. */
  readonly purity: number;
  /** CO2 in the heavy product over the CO2 of both products: the CO2 fed, but for the mass error, and never more than all of it. */
  readonly recovery: number;
  readonly energyKwhPerTonne: number;
  /** mol CO2 in the product per kg of sorbent and hour. */
  readonly productivityMolKgH: number;
  /** Largest of |in - out| / in over CO2 and N2. */
  readonly massError: number;
  /** |enthalpy in - out| over the heat of adsorption that a cycle moves. */
  readonly energyError: number;
}

export const cycleSeconds = (o: Operation) =>
  o.pressurisationS + o.adsorptionS + o.heavyRefluxS + o.blowdownS + o.lightRefluxS;

export function figures(c: Column, o: Operation, f: Flows): Performance {
  const { bed, sorbent } = c;
  const heat =
    Math.abs(sorbent.heatJMol[0]) * Math.max(f.heavy.co2, 0.05 * f.feed.co2) +
    Math.abs(sorbent.heatJMol[1]) * Math.max(0, f.heavy.n2);
  const sensible = bed.cpGasJMolK * (f.feed.co2 + f.feed.n2);
  const sorbentKgM2 = c.solidKgM3 * bed.lengthM;
  const off = (from: number, light: number, heavy: number) => Math.abs(from - light - heavy) / Math.max(from, 1e-12);
  return {
    purity: f.heavy.co2 / (f.heavy.co2 + f.heavy.n2),
    recovery: f.heavy.co2 / (f.heavy.co2 + Math.max(0, f.light.co2)),
    energyKwhPerTonne: f.workJM2 / 3.6e6 / Math.max(f.heavy.co2 * 0.04401e-3, 1e-15),
    productivityMolKgH: (f.heavy.co2 / sorbentKgM2 / cycleSeconds(o)) * 3600,
    massError: Math.max(off(f.feed.co2, f.light.co2, f.heavy.co2), off(f.feed.n2, f.light.n2, f.heavy.n2)),
    energyError: Math.abs(f.feed.enthalpyJ - f.light.enthalpyJ - f.heavy.enthalpyJ) / Math.max(heat, sensible),
  };
}

/** Cell by cell, feed end first: Pa, K, mole fraction, mol/kg. */
export function profile(c: Column, y: Float64Array) {
  return Array.from({ length: c.cells }, (_, j) => ({
    ...pressureAndTemperature(c, y, j),
    co2: y[j * PER_CELL] / (y[j * PER_CELL] + y[j * PER_CELL + 1]),
    loadCo2: y[j * PER_CELL + 3] * c.scale.load,
    loadN2: y[j * PER_CELL + 4] * c.scale.load,
  }));
}
