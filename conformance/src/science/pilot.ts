// A pilot absorber that was measured: 20 runs with 30 % MEA in a column of 0.15 m and 4.36 m of structured packing of 250 m2/m3, Tobiesen, Svendsen and Juliussen,
// AIChE Journal 53, 846 (2007), as tabulated in github.com/colleenfroysa/master_thesis (src/exp_data.jl). Run 15's share of CO2 has lost a decimal there (0.01212 for
// 0.1212: less would be fed than was absorbed). What the authors measured on the gas and on the liquid side differs by 6 % in the mean.
import { absorb, SHEET_250, waterPa } from '@madang/carbon';
import type { Reference } from '../suite.ts';

/** Gas m3/h, C, kPa, CO2 in the dry gas; liquid l/min, C, mol/mol, kg/m3; measured: rich loading mol/mol, CO2 absorbed kg/h. */
const RUNS = [
  [150, 39, 102.94, 0.0165, 4, 40, 0.218, 1060, 0.284, 3.27],
  [150, 40, 102.99, 0.0157, 4, 41, 0.22, 1056, 0.275, 2.93],
  [151, 39, 102.99, 0.0156, 4, 40, 0.215, 1061, 0.272, 2.98],
  [151, 40, 102.99, 0.0157, 4, 41, 0.217, 1058, 0.276, 3.04],
  [150, 54, 100.38, 0.0204, 4, 51, 0.216, 1059, 0.274, 3.24],
  [150, 54, 102.17, 0.0241, 4, 50, 0.183, 1056, 0.267, 4.43],
  [150, 52, 101.8, 0.0303, 6, 49, 0.284, 1069, 0.345, 4.43],
  [148, 50, 102.04, 0.0241, 6, 48, 0.241, 1062, 0.296, 4.22],
  [152, 62, 101.47, 0.0319, 6, 61, 0.233, 1059, 0.299, 5.01],
  [151, 54, 101.17, 0.0281, 3, 48, 0.219, 1058, 0.333, 4.66],
  [150, 53, 101.24, 0.0216, 3, 48, 0.219, 1059, 0.309, 3.64],
  [151, 51, 101.83, 0.0296, 3, 46, 0.307, 1080, 0.401, 3.79],
  [151, 64, 101.97, 0.0665, 6, 60, 0.297, 1080, 0.39, 7.43],
  [153, 51, 103.05, 0.0434, 3, 48, 0.37, 1092, 0.433, 3.02],
  [143, 62, 103.38, 0.1212, 9, 59, 0.357, 1090, 0.435, 9.25],
  [151, 60, 103.96, 0.0944, 6.2, 61, 0.402, 1100, 0.447, 3.88],
  [144, 68, 103.06, 0.1533, 9, 66, 0.409, 1109, 0.451, 4.94],
  [151, 69, 103.8, 0.125, 9, 62, 0.346, 1092, 0.429, 10.7],
  [142, 66, 102.11, 0.0835, 9, 64, 0.347, 1088, 0.4, 7.05],
  [142, 64, 102.14, 0.0454, 9, 64, 0.292, 1084, 0.339, 5.75],
] as const;

/** Means over the runs of how far the absorbed CO2 and the rich loading are off; a run without an answer counts as wholly off. */
export function pilotColumn(): Reference[] {
  let absorbed = 0;
  let rich = 0;
  for (const [gasM3H, gasC, kPa, co2Dry, litresMin, liquidC, loading, density, richMeasured, kgH] of RUNS) {
    const k = gasC + 273.15;
    const pa = 1000 * kPa;
    const gasMolS = (pa * gasM3H) / 3600 / (8.314462618 * k);
    // Taken as saturated with water.
    const wet = waterPa(k) / pa;
    const dry = gasMolS * (1 - wet);
    const liquidKgS = (litresMin / 60_000) * density;
    const mea = (0.3 * liquidKgS) / (0.06108 + 0.3 * loading * 0.04401);
    const r = absorb({
      diameterM: 0.15,
      heightM: 4.36,
      cells: 40,
      pressurePa: pa,
      packing: SHEET_250,
      gas: {
        co2: dry * co2Dry,
        h2o: gasMolS * wet,
        n2: dry * (1 - co2Dry) * 0.79,
        o2: dry * (1 - co2Dry) * 0.21,
        k,
      },
      liquid: { co2: loading * mea, h2o: (mea * 0.06108 * 7) / 3 / 0.01802, mea, k: liquidC + 273.15 },
    });
    absorbed += r.converged ? Math.abs((r.capture * dry * co2Dry * 0.04401 * 3600) / kgH - 1) : 1;
    rich += r.converged ? Math.abs(r.richLoading / richMeasured - 1) : 1;
  }
  const cases = RUNS.length;
  return [
    {
      name: 'MEA absorber, measured pilot runs, mean off in CO2 absorbed',
      cases,
      largestError: absorbed / cases,
      tolerance: 0.1,
      unit: 'relative',
    },
    {
      name: 'MEA absorber, measured pilot runs, mean off in rich loading',
      cases,
      largestError: rich / cases,
      tolerance: 0.03,
      unit: 'relative',
    },
  ];
}
