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

const FIELDS: readonly (readonly [name: string, check: (x: number) => boolean, want: string])[] = [
  ['feed_T_K', x => x > 150 && x < 700, 'between 150 and 700 K'],
  ['feed_y_CO2', x => x > 0 && x < 1, 'between 0 and 1'],
  ['gas_viscosity_Pa_s', x => x > 0, 'positive'],
  ['bed_void_fraction', x => x > 0.05 && x < 0.95, 'between 0.05 and 0.95'],
  ['molecular_diffusivity_m2_s', x => x >= 0, 'not negative'],
  ['gas_thermal_conductivity_W_m_K', x => x >= 0, 'not negative'],
  ['cp_gas_J_mol_K', x => x > 8.4, 'above the gas constant'],
  ['cp_adsorbed_J_mol_K', x => x >= 0, 'not negative'],
  ['particle_radius_m', x => x > 0, 'positive'],
  ['cp_solid_J_kg_K', x => x > 0, 'positive'],
  ['k_LDF_CO2_1_s', x => x > 0, 'positive'],
  ['k_LDF_N2_1_s', x => x > 0, 'positive'],
  ['column_length_m', x => x > 0, 'positive'],
  ['t_pressurisation_s', x => x > 0, 'positive'],
  ['t_counter_current_depressurisation_s', x => x > 0, 'positive'],
  ['pressure_time_constant', x => x > 0, 'positive'],
  ['gas_constant', x => x > 8 && x < 9, 'near 8.314'],
];

/** Reads the parameter file (an object with `parameters` and `performance`). Throws naming the field, its value and what it should be. */
export function readBed(json: unknown, file: string): { bed: Bed; pressurisationS: number; blowdownS: number } {
  const root = (json ?? {}) as { parameters?: Record<string, unknown>; performance?: Record<string, unknown> };
  const p = root.parameters;
  if (typeof p !== 'object' || p === null) throw new Error(`${file}: there is no object "parameters"`);
  const value = (name: string): number => {
    const [, check, want] = FIELDS.find(f => f[0] === name) as (typeof FIELDS)[number];
    const x = p[name];
    if (typeof x !== 'number' || !check(x))
      throw new Error(
        `${file}, parameters.${name}: ${x === undefined ? 'missing' : JSON.stringify(x)}; it must be ${want}`,
      );
    return x;
  };
  const performance = (name: string, check: (x: number) => boolean, want: string): number => {
    const x = root.performance?.[name];
    if (typeof x !== 'number' || !check(x))
      throw new Error(
        `${file}, performance.${name}: ${x === undefined ? 'missing' : JSON.stringify(x)}; it must be ${want}`,
      );
    return x;
  };
  return {
    bed: {
      feedK: value('feed_T_K'),
      feedCo2: value('feed_y_CO2'),
      viscosityPaS: value('gas_viscosity_Pa_s'),
      voidFraction: value('bed_void_fraction'),
      diffusivityM2S: value('molecular_diffusivity_m2_s'),
      conductivityWMK: value('gas_thermal_conductivity_W_m_K'),
      cpGasJMolK: value('cp_gas_J_mol_K'),
      cpAdsorbedJMolK: value('cp_adsorbed_J_mol_K'),
      particleRadiusM: value('particle_radius_m'),
      cpSolidJKgK: value('cp_solid_J_kg_K'),
      driving: [value('k_LDF_CO2_1_s'), value('k_LDF_N2_1_s')],
      lengthM: value('column_length_m'),
      pressureRate: value('pressure_time_constant'),
      gasConstant: value('gas_constant'),
      compressorEfficiency: performance('compressor_efficiency', x => x > 0 && x <= 1, 'between 0 and 1'),
      adiabaticIndex: performance('adiabatic_index', x => x > 1 && x < 2, 'between 1 and 2'),
    },
    pressurisationS: value('t_pressurisation_s'),
    blowdownS: value('t_counter_current_depressurisation_s'),
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
