// The bed, the gas and the cycle of a pressure-swing column, and the reading of a parameter file with every impossible value named.

/** Gas, bed and kinetics. SI units. */
export interface Bed {
  readonly feedK: number;
  readonly feedCo2: number;
  readonly viscosityPaS: number;
  readonly voidFraction: number;
  readonly diffusivityM2S: number;
  readonly conductivityWMK: number;
  readonly cpGasJMolK: number;
  readonly cpAdsorbedJMolK: number;
  readonly particleRadiusM: number;
  readonly cpSolidJKgK: number;
  /** Linear driving force constants of CO2 and N2, 1/s. */
  readonly driving: readonly [number, number];
  readonly lengthM: number;
  /** Rate at which the end pressure approaches its goal in pressurisation and blowdown, 1/s. */
  readonly pressureRate: number;
  readonly gasConstant: number;
  readonly compressorEfficiency: number;
  readonly adiabaticIndex: number;
}

/** Five-step modified Skarstrom cycle. */
export interface Operation {
  readonly highPa: number;
  readonly lowPa: number;
  /** Interstitial velocity of the feed at feed temperature and the high pressure. */
  readonly feedMS: number;
  readonly pressurisationS: number;
  readonly adsorptionS: number;
  readonly heavyRefluxS: number;
  readonly blowdownS: number;
  readonly lightRefluxS: number;
  /** Share of the light product of adsorption that purges the bed. */
  readonly lightReflux: number;
  /** Share of the purge's outflow that is compressed and fed again. */
  readonly heavyReflux: number;
}

/** What a number must be: least and most, and the unit to say. Wide enough for any bed, close enough for a slip of units. */
type Range = readonly [least: number, most: number, unit: string];

const FIELDS = {
  feed_T_K: [150, 700, 'K'],
  feed_y_CO2: [1e-6, 1 - 1e-6, ''],
  gas_viscosity_Pa_s: [1e-7, 1e-3, 'Pa s'],
  bed_void_fraction: [0.05, 0.95, ''],
  molecular_diffusivity_m2_s: [0, 0.1, 'm2/s'],
  gas_thermal_conductivity_W_m_K: [0, 100, 'W/m/K'],
  cp_gas_J_mol_K: [8.4, 1000, 'J/mol/K (above the gas constant)'],
  cp_adsorbed_J_mol_K: [0, 1000, 'J/mol/K'],
  particle_radius_m: [1e-5, 0.1, 'm'],
  cp_solid_J_kg_K: [10, 1e5, 'J/kg/K'],
  k_LDF_CO2_1_s: [1e-6, 1e4, '1/s'],
  k_LDF_N2_1_s: [1e-6, 1e4, '1/s'],
  column_length_m: [0.01, 100, 'm'],
  t_pressurisation_s: [0.01, 1e5, 's'],
  t_counter_current_depressurisation_s: [0.01, 1e5, 's'],
  pressure_time_constant: [1e-4, 1e3, '1/s'],
  gas_constant: [8, 9, 'J/mol/K'],
} satisfies Record<string, Range>;

const PERFORMANCE = { compressor_efficiency: [0.01, 1, ''], adiabatic_index: [1.001, 2, ''] } satisfies Record<
  string,
  Range
>;

/** The numbers of one object of the file, each within its range. */
function numbersOf<T extends Record<string, Range>>(
  ranges: T,
  given: Record<string, unknown> | undefined,
  where: string,
): Record<keyof T, number> {
  const check = ([name, [least, most, unit]]: [string, Range]): [string, number] => {
    const x = given?.[name];
    if (typeof x === 'number' && x >= least && x <= most) return [name, x];
    const said = x === undefined ? 'missing' : typeof x === 'number' ? String(x) : JSON.stringify(x);
    throw new Error(`${where}.${name}: ${said}; it must be a number between ${least} and ${most} ${unit}`.trimEnd());
  };
  return Object.fromEntries(Object.entries(ranges).map(check)) as Record<keyof T, number>;
}

/** Reads the parameter file (an object with `parameters` and `performance`). Throws naming the field, its value and what it should be. */
export function readBed(json: unknown, file: string): { bed: Bed; pressurisationS: number; blowdownS: number } {
  const root = (json ?? {}) as { parameters?: Record<string, unknown>; performance?: Record<string, unknown> };
  if (typeof root.parameters !== 'object' || root.parameters === null)
    throw new Error(`${file}: there is no object "parameters"`);
  const p = numbersOf(FIELDS, root.parameters, `${file}, parameters`);
  const performance = numbersOf(PERFORMANCE, root.performance, `${file}, performance`);
  return {
    bed: {
      feedK: p.feed_T_K,
      feedCo2: p.feed_y_CO2,
      viscosityPaS: p.gas_viscosity_Pa_s,
      voidFraction: p.bed_void_fraction,
      diffusivityM2S: p.molecular_diffusivity_m2_s,
      conductivityWMK: p.gas_thermal_conductivity_W_m_K,
      cpGasJMolK: p.cp_gas_J_mol_K,
      cpAdsorbedJMolK: p.cp_adsorbed_J_mol_K,
      particleRadiusM: p.particle_radius_m,
      cpSolidJKgK: p.cp_solid_J_kg_K,
      driving: [p.k_LDF_CO2_1_s, p.k_LDF_N2_1_s],
      lengthM: p.column_length_m,
      pressureRate: p.pressure_time_constant,
      gasConstant: p.gas_constant,
      compressorEfficiency: performance.compressor_efficiency,
      adiabaticIndex: performance.adiabatic_index,
    },
    pressurisationS: p.t_pressurisation_s,
    blowdownS: p.t_counter_current_depressurisation_s,
  };
}

/** Why an operating point cannot be run, or undefined when it can. */
export function checkOperation(o: Operation): string | undefined {
  const problems: [boolean, string][] = [
    [o.highPa > 0 && o.highPa <= 5e6, `the high pressure ${o.highPa} Pa must be between 0 and 50 bar`],
    [
      o.lowPa > 0 && o.lowPa < o.highPa,
      `the low pressure ${o.lowPa} Pa must be above 0 and below the high pressure ${o.highPa} Pa`,
    ],
    [o.feedMS > 0 && o.feedMS <= 10, `the feed velocity ${o.feedMS} m/s must be between 0 and 10`],
    [o.lightReflux >= 0 && o.lightReflux < 1, `the light reflux ${o.lightReflux} must be at least 0 and below 1`],
    [o.heavyReflux >= 0 && o.heavyReflux < 1, `the heavy reflux ${o.heavyReflux} must be at least 0 and below 1`],
    ...(['pressurisationS', 'adsorptionS', 'blowdownS'] as const).map(
      k => [o[k] > 0 && o[k] <= 1e5, `${k} = ${o[k]} must be between 0 and 100,000 s`] as [boolean, string],
    ),
    ...(['heavyRefluxS', 'lightRefluxS'] as const).map(
      k => [o[k] >= 0 && o[k] <= 1e5, `${k} = ${o[k]} must be between 0 and 100,000 s`] as [boolean, string],
    ),
  ];
  return problems.find(([ok]) => !ok)?.[1];
}
