// Reads temperature-swing sorbents and cases from the layout of the reference file (adsorbents, cases, shared constants).
import type { Isotherm, Pair } from './isotherms.ts';
import type { SwingDesign, SwingPlant, SwingSorbent } from './temperature-swing.ts';

type Json = Record<string, unknown>;

/** A case of the file: its design and the sorbent it names. */
export interface SwingCase {
  readonly name: string;
  readonly sorbent: SwingSorbent;
  readonly design: SwingDesign;
}

/** Reads all cases. Throws naming the field that is missing or no number. */
export function readSwingCases(json: unknown, file: string): { plant: SwingPlant; cases: SwingCase[] } {
  const root = object(json, file);
  const adsorbents = object(root['adsorbents'], `${file}: adsorbents`);
  const molar = object(root['molar_mass_kg_mol'], `${file}: molar_mass_kg_mol`);
  const plant = {
    viscosityPaS: number(root, 'gas_viscosity_Pa_s', file),
    wallHeatJM3K: number(root, 'wall_heat_capacity_J_m3_K', file),
    wallThicknessOnDiameterM: number(root, 'wall_thickness_on_diameter_m', file),
    molarKg: [number(molar, 'CO2', file), number(molar, 'N2', file)] as const,
    smoothing: 1e-4,
  };
  const cases = root['cases'];
  if (!Array.isArray(cases) || cases.length === 0) throw new Error(`${file}: there is no case in a list "cases"`);
  return {
    plant,
    cases: cases.map((c, i) => {
      const at = `${file}: cases[${i}]`;
      const o = object(c, at);
      const name = String(o['adsorbent']);
      const beds = o['number_of_beds'];
      const drop = typeof beds === 'string' ? /(-?\d+(\.\d+)?) *Pa/.exec(beds)?.[1] : undefined;
      if (typeof beds !== 'number' && drop === undefined)
        throw new Error(`${at}, number_of_beds: ${JSON.stringify(beds)} is neither a number nor a pressure drop in Pa`);
      return {
        name: String(o['name'] ?? name),
        sorbent: sorbentOf(object(adsorbents[name], `${file}: adsorbents.${name}`), `${file}: adsorbents.${name}`),
        design: {
          feedCo2MolS: number(o, 'flow_CO2_mol_s', at),
          feedN2MolS: number(o, 'flow_N2_mol_s', at),
          pressurePa: number(o, 'pressure_Pa', at),
          adsorptionK: number(o, 'T_adsorption_K', at),
          desorptionK: number(o, 'T_desorption_K', at),
          heatingK: number(o, 'T_heating_K', at),
          coolingK: number(o, 'T_cooling_K', at),
          bedDiameterM: number(o, 'bed_diameter_m', at),
          bedHeightM: number(o, 'bed_height_m', at),
          beds: typeof beds === 'number' ? { count: beds } : { pressureDropPa: Math.abs(Number(drop)) },
        },
      };
    }),
  };
}

function sorbentOf(o: Json, at: string): SwingSorbent {
  return {
    isotherm: isothermOf(o, at),
    bedVoidage: number(o, 'bed_voidage', at),
    particleVoidage: number(o, 'particle_voidage', at),
    heatTransferWM2K: number(o, 'heat_transfer_coeff_W_m2_K', at),
    cpSolidJKgK: number(o, 'cp_solid_J_kg_K', at),
    solidKgM3: number(o, 'density_solid_kg_m3', at),
    particleDiameterM: number(o, 'particle_diameter_m', at),
    heatJMol: pair(o, 'dH_J_mol', at),
  };
}

/** The isotherm of an adsorbent's entry. */
export function isothermOf(o: Json, at: string): Isotherm {
  const kind = String(o['isotherm']);
  const n = (name: string) => number(o, name, at);
  const p = (name: string) => pair(o, name, at);
  if (/sips/i.test(kind))
    return {
      kind: 'extended Sips',
      referenceK: n('T_ref_K'),
      saturation: p('q_sat_ref_mol_kg'),
      saturationExponent: p('q_sat_exponent'),
      affinity0: p('affinity_0_per_bar'),
      affinityKjMol: p('affinity_energy_kJ_mol'),
      heterogeneity: p('heterogeneity_ref'),
      heterogeneityAlpha: p('heterogeneity_alpha'),
    };
  if (/toth/i.test(kind))
    return {
      kind: 'Toth',
      referenceK: n('T_ref_K'),
      saturation: n('q_sat_ref_mol_kg'),
      saturationExponent: n('q_sat_exponent'),
      affinity0: n('affinity_0_per_bar'),
      affinityKjMol: n('affinity_energy_kJ_mol'),
      toth: n('toth_ref'),
      tothAlpha: n('toth_alpha'),
    };
  if (/weighted/i.test(kind))
    return {
      kind: 'weighted dual-site Langmuir',
      referenceK: n('T_ref_K'),
      lowerSaturation: n('lower_q_sat_mol_kg'),
      lowerB0: n('lower_b0_per_bar'),
      lowerKjMol: n('lower_E_kJ_mol'),
      upperSaturation: n('upper_q_sat_mol_kg'),
      upperB0: n('upper_b0_1_per_bar'),
      upperKjMol: n('upper_E1_kJ_mol'),
      henry0: n('upper_b0_2_mol_kg_bar'),
      henryKjMol: n('upper_E2_kJ_mol'),
      stepWidth: n('step_width_0'),
      weightExponent: n('weight_exponent'),
      stepBar: n('step_pressure_ref_bar'),
      stepKjMol: n('step_enthalpy_kJ_mol'),
    };
  throw new Error(`${at}, isotherm: "${kind}" is not known; extended Sips, Toth and weighted dual-site Langmuir are`);
}

function object(x: unknown, at: string): Json {
  if (typeof x !== 'object' || x === null || Array.isArray(x)) throw new Error(`${at}: an object was expected`);
  return x as Json;
}

function number(o: Json, name: string, at: string): number {
  const x = o[name];
  if (typeof x !== 'number' || !Number.isFinite(x))
    throw new Error(
      `${at}, ${name}: ${x === undefined ? 'missing' : typeof x === 'number' ? x : JSON.stringify(x)}; a number was expected`,
    );
  return x;
}

function pair(o: Json, name: string, at: string): Pair {
  const x = object(o[name], `${at}, ${name}`);
  return [number(x, 'CO2', `${at}, ${name}`), number(x, 'N2', `${at}, ${name}`)];
}
