// Inputs that work as they stand, printed by `--example`, to be changed by hand: the quickest way to learn a format.
import type { CostAssumptions } from '@madang/carbon';
import { CommandError, type Outcome } from '../command.ts';

export const EXAMPLE_OPTION = {
  flags: '--example',
  description: 'print an input that works, to be changed by hand, and stop',
} as const;

/** The file that was asked for; wrong use when there is none. */
export function fileArgument(file: unknown): string {
  if (file === undefined) throw new CommandError('give a file; --example prints one that works', 2);
  return String(file);
}

/** An input as text: one JSON document, or one a line for a list of events. */
export const exampleOutcome = (value: object): Outcome => ({
  json: { ok: true, example: value },
  text: Array.isArray(value) ? value.map(v => JSON.stringify(v)).join('\n') : JSON.stringify(value, null, 2),
});

export const COST: CostAssumptions = {
  capturedTonnesYear: 1_000_000,
  equipment: [
    { name: 'columns and sorbent handling', cost: 240e6, lifeYears: 25 },
    { name: 'vacuum pumps and compressors', cost: 110e6, lifeYears: 15 },
  ],
  discountRate: 0.08,
  fixedShareYear: 0.03,
  electricityKwhTonne: 310,
  electricityPriceMwh: 65,
  electricityKgCo2Mwh: 120,
  heatKwhTonne: 0,
  heatPriceMwh: 0,
  heatKgCo2Mwh: 0,
  sorbent: { inventoryKg: 800_000, priceKg: 5, lifeYears: 5, lossKgTonne: 0 },
  transportTonne: 8,
  storageTonne: 12,
};

/** A pilot absorber in rounded numbers. */
export const MEA = {
  column: { diameter_m: 0.5, length_m: 12, finite_elements: 40 },
  vapor_in: { flow_mol_s: 7, T_K: 315, P_Pa: 103_000, CO2: 0.12, H2O: 0.07, N2: 0.76, O2: 0.05 },
  liquid_in: { flow_mol_s: 24, T_K: 313, CO2: 0.025, H2O: 0.865, MEA: 0.11 },
};

/** An adsorbent of the size of a zeolite, in rounded numbers, that takes CO2 from flue gas. */
export const SWING = {
  gas_viscosity_Pa_s: 1.9e-5,
  wall_heat_capacity_J_m3_K: 4e6,
  wall_thickness_on_diameter_m: 0.002,
  molar_mass_kg_mol: { CO2: 0.04401, N2: 0.02801 },
  adsorbents: {
    zeolite: {
      isotherm: 'extended Sips',
      bed_voidage: 0.37,
      particle_voidage: 0.54,
      heat_transfer_coeff_W_m2_K: 17,
      cp_solid_J_kg_K: 920,
      density_solid_kg_m3: 2300,
      particle_diameter_m: 0.002,
      dH_J_mol: { CO2: -37_000, N2: -18_500 },
      T_ref_K: 298.15,
      q_sat_ref_mol_kg: { CO2: 7, N2: 4 },
      q_sat_exponent: { CO2: -0.6, N2: -1 },
      affinity_0_per_bar: { CO2: 1e-5, N2: 5e-5 },
      affinity_energy_kJ_mol: { CO2: 33, N2: 18 },
      heterogeneity_ref: { CO2: 0.44, N2: 0.96 },
      heterogeneity_alpha: { CO2: 0.7, N2: 0 },
    },
  },
  cases: [
    {
      name: 'flue gas',
      adsorbent: 'zeolite',
      number_of_beds: 4,
      flow_CO2_mol_s: 15,
      flow_N2_mol_s: 85,
      pressure_Pa: 101_325,
      T_desorption_K: 430,
      T_adsorption_K: 310,
      T_heating_K: 450,
      T_cooling_K: 290,
      bed_diameter_m: 1.5,
      bed_height_m: 3,
    },
  ],
};
