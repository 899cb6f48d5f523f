// The same design for `madang carbon vsa`: the two files that it reads, and its line. What the page rounds and fixes stands in the files.
import type { Sorbent } from '@madang/carbon';
import { formatCsv } from '@madang/numerics';
import { BLOWDOWN_S, designOf, PRESSURISATION_S, type Values } from './design.ts';

export interface ColumnFiles {
  /** params.json and sorbents.csv. */
  readonly params: string;
  readonly sorbents: string;
  readonly command: string;
}

export function columnFiles(v: Values, own?: Sorbent): ColumnFiles {
  const { bed, sorbent, operation: o } = designOf(v, own);
  const params = {
    source: 'page /carbon; after Haghpanah et al. 2013, Ind. Eng. Chem. Res. 52, 4249, in rounded numbers',
    parameters: {
      feed_T_K: bed.feedK,
      feed_y_CO2: bed.feedCo2,
      gas_viscosity_Pa_s: bed.viscosityPaS,
      bed_void_fraction: bed.voidFraction,
      molecular_diffusivity_m2_s: bed.diffusivityM2S,
      gas_thermal_conductivity_W_m_K: bed.conductivityWMK,
      cp_gas_J_mol_K: bed.cpGasJMolK,
      cp_adsorbed_J_mol_K: bed.cpAdsorbedJMolK,
      particle_radius_m: bed.particleRadiusM,
      cp_solid_J_kg_K: bed.cpSolidJKgK,
      k_LDF_CO2_1_s: bed.driving[0],
      k_LDF_N2_1_s: bed.driving[1],
      column_length_m: bed.lengthM,
      t_pressurisation_s: PRESSURISATION_S,
      t_counter_current_depressurisation_s: BLOWDOWN_S,
      pressure_time_constant: bed.pressureRate,
      gas_constant: bed.gasConstant,
    },
    performance: { compressor_efficiency: bed.compressorEfficiency, adiabatic_index: bed.adiabaticIndex },
  };
  const m = sorbent.isotherm;
  const pairs = { qsb: m.qsb, qsd: m.qsd, b0: m.b0, d0: m.d0, dU_b: m.dUb, dU_d: m.dUd };
  const unit = (name: string) => (name.startsWith('q') ? '_mol_kg' : name.startsWith('dU') ? '_J_mol' : '');
  const cells: (readonly [string, string | number])[] = [
    ['row', '1'],
    ['name', sorbent.name],
    ['basis', m.basis === 'pressure' ? 'partial pressure Pa (b0, d0 in 1/Pa)' : 'concentration (b0, d0 in m3/mol)'],
    ...Object.entries(pairs).flatMap(([name, [co2, n2]]) => [
      [`${name}_CO2${unit(name)}`, co2] as const,
      [`${name}_N2${unit(name)}`, n2] as const,
    ]),
    ['particle_density_kg_m3', sorbent.particleDensityKgM3],
    ['heat_of_adsorption_CO2_J_mol', sorbent.heatJMol[0]],
    ['heat_of_adsorption_N2_J_mol', sorbent.heatJMol[1]],
  ];
  const flags = {
    'high-pa': o.highPa,
    'low-pa': o.lowPa,
    'feed-m-s': o.feedMS,
    'adsorption-s': o.adsorptionS,
    'heavy-reflux-s': o.heavyRefluxS,
    'light-reflux-s': o.lightRefluxS,
    'light-reflux': o.lightReflux,
    'heavy-reflux': o.heavyReflux,
  };
  return {
    params: `${JSON.stringify(params, null, 1)}\n`,
    sorbents: formatCsv(
      cells.map(c => c[0]),
      [cells.map(c => c[1])],
    ),
    command: `madang carbon vsa --params params.json --sorbents sorbents.csv --sorbent 1 ${Object.entries(flags)
      .map(([name, x]) => `--${name} ${x}`)
      .join(' ')} --json`,
  };
}
