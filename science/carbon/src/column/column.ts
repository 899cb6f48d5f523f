// The state of one adiabatic packed column as finite volumes: moles of gas, loadings and internal energy of each cell are what is integrated, so that
// mass and energy balances close by construction; pressure and temperature follow from them. After Haghpanah et al., Ind. Eng. Chem. Res. 52,
// 4249 (2013), but with the gas's internal energy (not its enthalpy) stored in a cell. What changes it is in step.ts.
import { loading } from '../isotherms.ts';
import type { Sorbent } from '../sorbents.ts';
import type { Bed } from './parameters.ts';

/** Values a cell: CO2, N2 in the gas, internal energy, CO2, N2 adsorbed, each over its scale. */
export const PER_CELL = 5;
export interface Column {
  readonly cells: number;
  readonly bed: Bed;
  readonly sorbent: Sorbent;
  readonly scale: { readonly gas: number; readonly load: number; readonly energy: number };
  /** Solid per volume of bed, kg/m3. */
  readonly solidKgM3: number;
}

export function column(bed: Bed, sorbent: Sorbent, cells: number, highPa: number): Column {
  const solidKgM3 = (1 - bed.voidFraction) * sorbent.particleDensityKgM3;
  const q = sorbent.isotherm;
  const atFeed = loading(q, bed.feedK, highPa * bed.feedCo2, highPa * (1 - bed.feedCo2));
  return {
    cells,
    bed,
    sorbent,
    solidKgM3,
    scale: {
      gas: highPa / (bed.gasConstant * bed.feedK),
      load: Math.max(0.1, Math.min(6, q.qsb[0] + q.qsd[0], 10 * (atFeed[0] + atFeed[1]))),
      energy: 100 * solidKgM3 * bed.cpSolidJKgK,
    },
  };
}

/** State with gas of composition `co2` at pressure and temperature, the sorbent in equilibrium with it. */
export function uniform(c: Column, pa: number, k: number, co2: number): Float64Array {
  const y = new Float64Array(c.cells * PER_CELL);
  const { bed } = c;
  const total = pa / (bed.gasConstant * k);
  const q = loading(c.sorbent.isotherm, k, pa * co2, pa * (1 - co2));
  const energy = energyOf(c, total, q[0], q[1], k);
  for (let j = 0; j < c.cells; j++) {
    y[j * 5] = (total * co2) / c.scale.gas;
    y[j * 5 + 1] = (total * (1 - co2)) / c.scale.gas;
    y[j * 5 + 3] = q[0] / c.scale.load;
    y[j * 5 + 4] = q[1] / c.scale.load;
    y[j * 5 + 2] = energy / c.scale.energy;
  }
  return y;
}

/** Internal energy in J per m3 of bed; zero for gas and solid at the feed temperature but for pV and the heat of adsorption. */
function energyOf(c: Column, gas: number, q1: number, q2: number, k: number): number {
  const { bed, sorbent, solidKgM3 } = c;
  const theta = k - bed.feedK;
  return (
    bed.voidFraction * gas * (bed.cpGasJMolK * theta - bed.gasConstant * k) +
    solidKgM3 *
      (bed.cpSolidJKgK * theta +
        q1 * (bed.cpAdsorbedJMolK * theta + sorbent.heatJMol[0]) +
        q2 * (bed.cpAdsorbedJMolK * theta + sorbent.heatJMol[1]))
  );
}

/** Pressure (Pa) and temperature (K) of a cell. */
export function pressureAndTemperature(c: Column, y: Float64Array, cell: number): { pa: number; k: number } {
  const { bed, scale, sorbent, solidKgM3 } = c;
  const at = cell * PER_CELL;
  const gas = (y[at] + y[at + 1]) * scale.gas;
  const q1 = y[at + 3] * scale.load;
  const q2 = y[at + 4] * scale.load;
  const e = bed.voidFraction;
  const theta =
    (y[at + 2] * scale.energy +
      e * gas * bed.gasConstant * bed.feedK -
      solidKgM3 * (q1 * sorbent.heatJMol[0] + q2 * sorbent.heatJMol[1])) /
    (e * gas * (bed.cpGasJMolK - bed.gasConstant) + solidKgM3 * (bed.cpSolidJKgK + bed.cpAdsorbedJMolK * (q1 + q2)));
  const k = bed.feedK + theta;
  return { pa: gas * bed.gasConstant * k, k };
}

/** Moles of CO2 and N2 and the energy in the whole column, per m2. */
export function inventory(c: Column, y: Float64Array): { co2: number; n2: number; energyJ: number } {
  const dz = c.bed.lengthM / c.cells;
  let co2 = 0;
  let n2 = 0;
  let energyJ = 0;
  for (let j = 0; j < c.cells; j++) {
    co2 += (c.bed.voidFraction * y[j * 5] * c.scale.gas + c.solidKgM3 * y[j * 5 + 3] * c.scale.load) * dz;
    n2 += (c.bed.voidFraction * y[j * 5 + 1] * c.scale.gas + c.solidKgM3 * y[j * 5 + 4] * c.scale.load) * dz;
    energyJ += y[j * 5 + 2] * c.scale.energy * dz;
  }
  return { co2, n2, energyJ };
}
