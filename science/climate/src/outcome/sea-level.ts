// Global mean sea level by the process-based method of the IPCC's Fifth Assessment (Church et al. 2013, chapter 13 and 13.SM.1), driven by this
// model's warming and ocean heat: thermal expansion, glaciers, the two ice sheets' surface and dynamics, and water on land.
// It is an emulator for 2006 to 2100 of a state of knowledge of 2013: it has no marine ice cliff instability and no runaway of West
// Antarctica, and the parts that do not depend on the scenario are straight assumptions. Metres above the mean of 1986-2005.
import type { Random } from '@madang/numerics';

/** The assumptions, all open. A pair is a mean and a standard deviation, or a likely range (treated as 17 to 83 %) where named so. */
export interface SeaLevelAssumptions {
  /** m per 1e24 J in the ocean (Kuhlbrodt and Gregory 2012, GRL 39, L18608). */
  readonly expansionMPerYJ: readonly [number, number];
  /** Share of the Earth's heat gain that the ocean takes (Forster et al. 2021, AR6 table 7.1). */
  readonly oceanShare: number;
  /** Glacier mass loss f I^p, mm, with I the time integral of warming since 2006, K yr (13.SM.1.3): four models' f and p. */
  readonly glaciers: readonly (readonly [f: number, p: number])[];
  /** Relative standard error of the glacier term, and mm already lost from 1996 to 2005. */
  readonly glacierSd: number;
  readonly glacierBefore2006Mm: number;
  /** Greenland's surface balance, Gt/yr lost: a T + b T^2 + c T^3, T above 1980-1999 (Fettweis et al. 2013); its relative log-normal error. */
  readonly greenland: readonly [number, number, number];
  readonly greenlandLogSd: number;
  /** Antarctic snowfall: % per K of regional warming, regional over global warming, present Gt/yr (Gregory and Huybrechts 2006). */
  readonly antarcticSnow: readonly [number, number];
  readonly antarcticRatio: readonly [number, number];
  readonly antarcticSnowGt: number;
  /** Rates at the start (mm/yr) and likely ranges by 2100 (mm): Greenland dynamics, Antarctic dynamics, water on land. */
  readonly greenlandDynamics: Assumed;
  readonly antarcticDynamics: Assumed;
  readonly landWater: Assumed;
}

export interface Assumed {
  readonly startMmPerYr: number;
  readonly by2100Mm: readonly [number, number];
}

export const AR5_ASSUMPTIONS: SeaLevelAssumptions = {
  expansionMPerYJ: [0.11, 0.01],
  oceanShare: 0.91,
  glaciers: [
    [4.96, 0.685],
    [5.45, 0.676],
    [3.44, 0.742],
    [3.02, 0.733],
  ],
  glacierSd: 0.2,
  glacierBefore2006Mm: 9.5,
  greenland: [71.5, 20.4, 2.8],
  greenlandLogSd: 0.4,
  antarcticSnow: [5.1, 1.5],
  antarcticRatio: [1.1, 0.2],
  antarcticSnowGt: 1923,
  greenlandDynamics: { startMmPerYr: 0.315, by2100Mm: [14, 63] },
  antarcticDynamics: { startMmPerYr: 0.41, by2100Mm: [-20, 185] },
  landWater: { startMmPerYr: 0.38, by2100Mm: [-10, 90] },
};

const GT_PER_M = 3.61e5;
/** Half the width of a likely (17-83 %) range in standard deviations. */
const LIKELY = 0.9541652531461944;

export interface SeaLevelInput {
  readonly firstYear: number;
  /** Yearly means, years x members: surface warming (K, any zero) and ocean heat (J, any zero). */
  readonly warming: Float64Array;
  readonly heat: Float64Array;
  readonly members: number;
}

export type SeaLevelPart =
  | 'expansion'
  | 'glaciers'
  | 'greenlandSurface'
  | 'greenlandDynamics'
  | 'antarcticSnow'
  | 'antarcticDynamics'
  | 'landWater';

export interface SeaLevel {
  readonly firstYear: number;
  /** Metres, years x members, from 2006 on. */
  readonly parts: Readonly<Record<SeaLevelPart, Float64Array>>;
  readonly total: Float64Array;
}

/** Projects sea level for each member; with `random` each draws its own assumptions, else all take the central ones. Throws unless 1980 to 2006 are covered. */
export function seaLevel(input: SeaLevelInput, a: SeaLevelAssumptions = AR5_ASSUMPTIONS, random?: Random): SeaLevel {
  const { members, firstYear } = input;
  const years = input.warming.length / members;
  if (firstYear > 1980 || firstYear + years <= 2006)
    throw new RangeError(
      `sea level needs yearly values from 1980 to 2006 or later, not ${firstYear} to ${firstYear + years - 1}`,
    );
  const start = 2006 - firstYear;
  const count = years - start;
  const make = () => new Float64Array(count * members);
  const parts = {
    expansion: make(),
    glaciers: make(),
    greenlandSurface: make(),
    greenlandDynamics: make(),
    antarcticSnow: make(),
    antarcticDynamics: make(),
    landWater: make(),
  };
  const total = make();
  const meanOf = (values: Float64Array, m: number, from: number, to: number) => {
    let s = 0;
    for (let y = from; y <= to; y++) s += values[(y - firstYear) * members + m];
    return s / (to - from + 1);
  };
  for (let m = 0; m < members; m++) {
    const z = () => random?.normal() ?? 0;
    const expansion = a.expansionMPerYJ[0] + z() * a.expansionMPerYJ[1];
    const glacier = random ? a.glaciers[random.below(a.glaciers.length)] : undefined;
    const glacierFactor = 1 + z() * a.glacierSd;
    const greenlandFactor = Math.exp(z() * a.greenlandLogSd);
    const snow = (a.antarcticSnow[0] + z() * a.antarcticSnow[1]) * (a.antarcticRatio[0] + z() * a.antarcticRatio[1]);
    const ends = [a.greenlandDynamics, a.antarcticDynamics, a.landWater].map(
      x => (x.by2100Mm[0] + x.by2100Mm[1]) / 2 + (z() * (x.by2100Mm[1] - x.by2100Mm[0])) / 2 / LIKELY,
    );
    const warm0 = meanOf(input.warming, m, 1986, 2005);
    const warmGreenland = meanOf(input.warming, m, 1980, 1999);
    const heat0 = meanOf(input.heat, m, 1986, 2005);
    let integral = 0;
    let greenland = 0;
    let antarctic = 0;
    for (let t = 0; t < count; t++) {
      const k = (start + t) * members + m;
      const o = t * members + m;
      const warming = input.warming[k] - warm0;
      integral += warming;
      const above = input.warming[k] - warmGreenland;
      greenland +=
        (greenlandFactor * (a.greenland[0] * above + a.greenland[1] * above ** 2 + a.greenland[2] * above ** 3)) /
        GT_PER_M;
      antarctic -= (snow * 0.01 * a.antarcticSnowGt * warming) / GT_PER_M;
      const positive = Math.max(0, integral);
      const melt = glacier
        ? glacier[0] * positive ** glacier[1]
        : a.glaciers.reduce((s, [f, p]) => s + f * positive ** p, 0) / a.glaciers.length;
      parts.expansion[o] = (expansion * a.oceanShare * (input.heat[k] - heat0)) / 1e24;
      parts.glaciers[o] = (melt * glacierFactor + a.glacierBefore2006Mm) / 1000;
      parts.greenlandSurface[o] = greenland;
      parts.antarcticSnow[o] = antarctic;
      parts.greenlandDynamics[o] = assumed(a.greenlandDynamics, ends[0], t);
      parts.antarcticDynamics[o] = assumed(a.antarcticDynamics, ends[1], t);
      parts.landWater[o] = assumed(a.landWater, ends[2], t);
      for (const p of Object.values(parts)) total[o] += p[o];
    }
  }
  return { firstYear: 2006, parts, total };
}

/** A quadratic in time with the given rate at the start and end by 2100, m, after `t` years. */
function assumed(x: Assumed, endMm: number, t: number): number {
  const span = 2100 - 2006;
  return (x.startMmPerYr * t + ((endMm - x.startMmPerYr * span) / span ** 2) * t * t) / 1000;
}
