// An ensemble for the page of a hub that has none of its own: published numbers, rounded, not calibrated to observations as a whole. Its past and its
// future are those of decades, joined by lines; sun and volcanoes are left out. It shows how the levers work, not what a plan will do.
import type { ClimateTables } from './run.ts';

const SCENARIO = 'SSP2-4.5, rounded';

export const EXAMPLE_CITE =
  'Energy balance of CMIP6 models: Cummins et al. 2020, J. Climate 33, 7909; carbon cycle: Leach et al. 2021, GMD 14, 3007; emissions: RCMIP protocol 5.1, Nicholls et al. 2020, GMD 13, 5175.';

export const EXAMPLE_NOTE =
  'An example in rounded published numbers, not for real plans: 33 CMIP6 models whose transient response lies between 1.2 and 2.4 K, the very likely range of IPCC AR6, as three-layer energy balances over one carbon cycle. Emissions are joined from decade to decade; sun and volcanoes are left out. The operator has not installed a calibrated ensemble.';

/** Emissions of the year, SSP2-4.5 of RCMIP: fossil and land-use CO2 (Gt C, net of uptake), CH4 (Mt), N2O (Mt N), SO2 (Mt). Then the forcing (W/m2) of halogens,
 * ozone, water vapour, soot on snow and land use together: mean of three members of FaIR's calibration 1.4.1 (Smith et al. 2024, GMD 17, 8569). */
const KNOTS = `
1750 0.0026  0.081  19.02 0.055   2.44 0
1800 0.0079  0.202  27.06 0.140   2.70 0
1850 0.0514  0.503  43.14 0.356   4.55 0.007
1880 0.2193  0.685  66.66 0.673  10.95 0.011
1900 0.4882  0.731  87.61 0.863  22.70 0.024
1910 0.7657  0.946  97.77 0.965  34.25 0.035
1920 0.9031  0.814 109.1  1.158  37.61 0.045
1930 1.073   1.023 119.7  1.300  41.58 0.057
1940 1.332   0.893 130.1  1.380  50.32 0.069
1950 1.696   1.045 152.2  2.787  58.30 0.088
1960 2.728   1.462 197.3  3.324  85.94 0.151
1970 4.324   1.532 244.4  4.714 123.1  0.265
1980 5.651   1.244 283.3  5.873 137.6  0.415
1990 6.187   1.445 305.3  6.277 134.2  0.526
2000 6.893   1.201 310.2  6.112 111.3  0.609
2005 8.093   1.026 346.4  6.694 125.2  0.640
2010 8.976   0.885 370.9  6.708 116.5  0.669
2015 9.725   0.960 388.1  6.938 100.9  0.690
2020 10.20   0.889 388.1  7.207  80.21 0.709
2030 11.08   0.786 399.4  7.771  79.06 0.718
2040 11.49   0.591 382.8  8.035  66.60 0.703
2050 11.72   0.137 357.2  8.011  53.38 0.665
2060 11.39  -0.420 329.3  7.777  46.07 0.623
2070 10.22  -0.603 316.6  7.349  41.98 0.582
2080 8.251  -0.927 302.9  6.596  38.57 0.550
2090 5.633  -1.178 298.8  6.062  33.21 0.516
2100 3.952  -1.310 295.2  5.558  30.87 0.495`;

const SERIES = [
  { name: 'CO2 FFI', unit: 'Gt CO2/yr', factor: 44.009 / 12.011 },
  { name: 'CO2 AFOLU', unit: 'Gt CO2/yr', factor: 44.009 / 12.011 },
  { name: 'CH4', unit: 'Mt CH4/yr', factor: 1 },
  { name: 'N2O', unit: 'Mt N2O/yr', factor: 44.013 / 28.014 },
  { name: 'Sulfur', unit: 'Mt SO2/yr', factor: 1 },
] as const;

/** FaIR 2.2's own constants of the eleven species; aerosol by sulfur alone, as in its basic example. */
const SPECIES = `
name,type,input_mode,greenhouse_gas,aerosol_chemistry_from_emissions,aerosol_chemistry_from_concentration,partition_fraction0,partition_fraction1,partition_fraction2,partition_fraction3,unperturbed_lifetime0,unperturbed_lifetime1,unperturbed_lifetime2,unperturbed_lifetime3,tropospheric_adjustment,forcing_efficacy,forcing_scale,molecular_weight,baseline_concentration,forcing_reference_concentration,iirf_0,iirf_airborne,iirf_uptake,iirf_temperature,baseline_emissions,g0,g1,ch4_lifetime_chemical_sensitivity,lifetime_temperature_sensitivity,erfari_radiative_efficiency,aci_shape,aci_scale
CO2 FFI,co2 ffi,emissions,0,0,0,,,,,,,,,0,1,1,,,,,,,,0,,,,,,,
CO2 AFOLU,co2 afolu,emissions,0,0,0,,,,,,,,,0,1,1,,,,,,,,0,,,,,,,
CO2,co2,calculated,1,0,0,0.2173,0.224,0.2824,0.2763,1000000000,394.4,36.54,4.304,0.05,1,1,44.009,278.3,277.15,29,0.000819,0.00846,4,0,0.010178288,11.41262243,,,,,
CH4,ch4,emissions,1,0,1,1,0,0,0,8.25,8.25,8.25,8.25,-0.14,1,1,16.043,729.2,731.41,8.249955097,0.00032,0,-0.3,19.01978312,0.36785517,8.249410814,0.000254099,-0.0408,-0.00000227,0,
N2O,n2o,emissions,1,0,1,1,0,0,0,109,109,109,109,0.07,1,1,44.013,270.1,273.87,65.44969575,0,0,0,0.08602,0.076755588,25.49528818,-0.000722665,0,-0.0000364,0,
Sulfur,sulfur,emissions,0,1,0,,,,,,,,,0,1,1,64.069,,,,,,,2.44,,,0,0,-0.003616783,0.003841036,
Aerosol-radiation interactions,ari,calculated,0,0,0,,,,,,,,,0,1,1,,,,,,,,,,,,,,,
Aerosol-cloud interactions,aci,calculated,0,0,0,,,,,,,,,0,1,1,,,,,,,,,,,,,,,-2.09841432
Others together,unspecified,forcing,0,0,0,,,,,,,,,0,1,1,,,,,,,,,,,,,,,`;

/** Lag (1/yr), heat capacities (W yr/m2/K), heat transfers (W/m2/K), efficacy of the deep ocean, forcing of fourfold CO2 (W/m2); fitted by Cummins et al. */
const MODELS = `
ACCESS-ESM1-5,2.742,3.768,8.922,87.07,0.6995,3.583,0.8426,1.558,6.558
AWI-CM-1-1-MR,3.966,4.139,11,47.15,1.224,1.789,0.6619,1.317,8.025
BCC-CSM2-MR,2.302,4.155,11.83,63.26,1.065,2.134,0.8526,1.249,6.711
BCC-ESM1,1.881,5.354,15.83,77.4,0.8849,1.479,0.9147,1.294,6.254
CAMS-CSM1-0,28.24,2.632,9.262,52.93,1.876,5.154,0.6435,1.285,8.871
CAS-ESM2-0,1.894,3.564,8.569,54.91,0.9325,2.498,0.6745,1.331,6.975
CESM2-FV2,2.713,3.863,7.016,85.81,0.5378,4.007,1.006,1.75,7.361
CESM2-WACCM,2.979,3.822,6.183,85.32,0.7202,7.328,0.8386,1.586,8.07
CESM2-WACCM-FV2,2.894,3.386,9.455,106.9,0.5625,3.524,0.9443,1.504,6.728
CMCC-CM2-SR5,29.77,3.433,12.03,49.53,1.088,2.085,0.734,1.288,8.097
CNRM-ESM2-1,4.524,3.813,11.02,104.6,0.6672,1.71,0.8071,1.026,6.219
FGOALS-f3-L,28.49,1.665,10.57,71.12,1.434,5.691,0.7129,1.507,9.308
FGOALS-g3,1.205,4.073,7.821,90.96,1.256,2.839,0.9093,1.256,7.648
FIO-ESM-2-0,25.89,3.107,8.415,91.33,0.87,4.51,0.8747,1.316,8.12
GFDL-CM4,2.729,5.332,0.1599,81.17,1.003,1.988,1.856,1.811,9.017
GFDL-ESM4,4.316,4.316,10.58,124.5,1.383,1.919,0.8421,1.019,7.36
GISS-E2-1-G,2.936,3.316,8.869,159.6,1.614,2.558,1.073,0.9353,8.344
GISS-E2-1-H,2.59,4.643,26.85,338.3,1.624,1.161,0.3129,0.1423,8.322
GISS-E2-2-G,2.385,3.601,11.33,313.5,1.972,1.922,0.6313,0.4436,8.035
IITM-ESM,2.946,3.758,11.97,149.6,1.99,2.799,1.003,1.057,9.429
INM-CM4-8,2.508,4.349,9.811,22.28,1.578,1.897,0.5543,1.445,5.941
INM-CM5-0,1.918,4.575,11.42,48.68,1.544,1.904,0.5844,1.453,6.233
KIOST-ESM,2.347,2.148,9.645,95.01,0.9344,3.051,0.9453,1.407,7.223
MIROC-ES2L,1.851,4.456,13.97,382.1,2.184,1.899,0.5815,0.1589,9.125
MIROC6,1.864,4.268,22.95,349.7,1.996,1.202,0.597,0.3777,8.57
MPI-ESM-1-2-HAM,2.538,4.933,14.58,104.7,1.297,2.143,0.9697,1.376,8.478
MPI-ESM1-2-HR,3.489,5.12,23.64,72.76,1.172,1.592,1.115,1.563,7.824
MPI-ESM1-2-LR,2.403,5.152,10.66,94.84,1.401,1.947,1.074,1.261,8.932
MRI-ESM2-0,2.994,4.243,10.52,94.08,1.109,2.851,1.25,1.333,7.563
NorCPM1,1.815,5.735,17.79,90.57,1.033,2.05,1.345,1.509,7.258
NorESM2-LM,1.634,4.488,125.1,0.04177,1.604,0.8232,1.596,0.8369,7.846
NorESM2-MM,1.481,4.122,121.7,0.04926,1.962,0.788,2.113,0.5289,9.114
SAM0-UNICON,2.439,4.629,6.328,110.6,1.043,2.693,1.03,1.254,8.36`;

const lines = (text: string) => text.trim().split('\n');

/** The tables of the example, as files of an operator would hold them. */
export function exampleClimate(): ClimateTables {
  const knots = lines(KNOTS).map(l => l.trim().split(/\s+/).map(Number));
  const [first, last] = [knots[0][0], knots[knots.length - 1][0]];
  const at = (year: number, column: number) => {
    const i = Math.max(
      1,
      knots.findIndex(k => k[0] >= year),
    );
    const [a, b] = [knots[i - 1], knots[i]];
    return a[column] + ((b[column] - a[column]) * (year - a[0])) / (b[0] - a[0]);
  };
  const table = (columns: readonly number[], rows: readonly (readonly (string | number)[])[]) =>
    [['scenario', 'region', 'variable', 'unit', ...columns], ...rows].map(r => r.join(',')).join('\n');
  const middles = Array.from({ length: last - first }, (_, i) => first + i + 0.5);
  const bounds = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const configs = lines(MODELS).map(l => l.trim());
  return {
    scenario: SCENARIO,
    emissions: table(
      middles,
      SERIES.map((s, i) => [
        `"${SCENARIO}"`,
        'World',
        s.name,
        s.unit,
        ...middles.map(y => Number((at(y, i + 1) * s.factor).toPrecision(6))),
      ]),
    ),
    forcing: table(bounds, [
      [`"${SCENARIO}"`, 'World', 'Others together', 'W/m2', ...bounds.map(y => Number(at(y, 6).toFixed(4)))],
    ]),
    species: SPECIES.trim(),
    configs: `${COLUMNS}\n${configs.join('\n')}`,
  };
}

const COLUMNS =
  'config,gamma_autocorrelation,ocean_heat_capacity[0],ocean_heat_capacity[1],ocean_heat_capacity[2],ocean_heat_transfer[0],ocean_heat_transfer[1],ocean_heat_transfer[2],deep_ocean_efficacy,forcing_4co2';
