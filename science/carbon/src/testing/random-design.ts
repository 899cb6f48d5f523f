// Sorbents and operating points at random, wide enough to hold the published ones: what a search over materials hands to the column.
// Each is made from its number alone, so a sweep can be cut anywhere and a failure can be run again by itself.
import { random } from '@madang/numerics';
import type { Bed, Operation } from '../column/parameters.ts';
import type { Pair } from '../isotherms.ts';
import type { Sorbent } from '../sorbents.ts';

/** Round numbers of the size of Haghpanah et al. 2013, Ind. Eng. Chem. Res. 52, 4249. */
export const BED: Bed = {
  feedK: 313,
  feedCo2: 0.15,
  viscosityPaS: 1.7e-5,
  voidFraction: 0.37,
  diffusivityM2S: 1.3e-5,
  conductivityWMK: 0.09,
  cpGasJMolK: 30.7,
  cpAdsorbedJMolK: 30.7,
  particleRadiusM: 0.001,
  cpSolidJKgK: 1070,
  driving: [0.16, 0.2],
  lengthM: 1,
  pressureRate: 0.5,
  gasConstant: 8.314,
  compressorEfficiency: 0.72,
  adiabaticIndex: 1.4,
};

export interface RandomDesign {
  readonly bed: Bed;
  readonly sorbent: Sorbent;
  readonly operation: Operation;
}

/** The design of that number; the same at every call. */
export function randomDesign(number: number): RandomDesign {
  const r = random(`design ${number}`);
  const between = (a: number, b: number) => a + (b - a) * r.uniform();
  const decades = (a: number, b: number) => 10 ** between(Math.log10(a), Math.log10(b));
  const heatCo2 = between(15_000, 55_000);
  const heatN2 = between(6_000, 20_000);
  const twoSites = r.uniform() < 0.5;
  // Affinity by the pressure at which a site is half full at feed temperature.
  const affinity = (halfPa: number, heat: number) => Math.exp(-heat / (BED.gasConstant * BED.feedK)) / halfPa;
  const heatSecond = between(15_000, 45_000);
  const none: Pair = [0, 0];
  return {
    bed: { ...BED, feedCo2: between(0.08, 0.3), driving: [decades(0.05, 1), decades(0.05, 1)] },
    sorbent: {
      name: `random ${number}`,
      isotherm: {
        kind: 'dual-site Langmuir',
        basis: 'pressure',
        qsb: [between(1, 8), between(1, 8)],
        qsd: twoSites ? [between(0.5, 6), 0] : none,
        b0: [affinity(decades(500, 1e6), heatCo2), affinity(decades(1e5, 2e7), heatN2)],
        d0: twoSites ? [affinity(decades(2e3, 2e6), heatSecond), 0] : none,
        dUb: [-heatCo2, -heatN2],
        dUd: twoSites ? [-heatSecond, 0] : none,
      },
      particleDensityKgM3: between(400, 1800),
      heatJMol: [-heatCo2, -heatN2],
    },
    operation: {
      highPa: decades(1e5, 5e5),
      lowPa: decades(1500, 2e4),
      feedMS: between(0.2, 2),
      pressurisationS: 20,
      adsorptionS: between(30, 300),
      heavyRefluxS: r.uniform() < 0.15 ? 0 : between(10, 200),
      blowdownS: between(20, 120),
      lightRefluxS: r.uniform() < 0.15 ? 0 : between(10, 200),
      lightReflux: between(0.005, 0.3),
      heavyReflux: between(0, 0.95),
    },
  };
}
