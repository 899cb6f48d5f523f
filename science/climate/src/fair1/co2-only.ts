// FaIR 1.6 driven by CO2 alone (Millar et al. 2017, ACP 17, 7213; Smith et al. 2018, GMD 11, 2273): four carbon boxes whose lifetimes are
// scaled so that the airborne fraction integrated over 100 years takes the value that warming and uptake ask for; two thermal boxes.
// Traps: the first step starts from its own emission and takes q/d of its forcing as temperature; carbon weighs 12.01 and the scale factor
// is found by a root search each year, which is its definition, not an approximation as in FaIR 2.
import { MASS_ATMOSPHERE_KG, MOLECULAR_WEIGHT_AIR } from '../earth.ts';
import { ClimateError } from '../error.ts';

export interface Fair1Parameters {
  /** Integrated airborne fraction at the start, yr; its rise with uptake, yr/GtC, and with warming, yr/K. */
  readonly r0: number;
  readonly rc: number;
  readonly rt: number;
  readonly iirfHorizonYr: number;
  readonly iirfMaxYr: number;
  readonly fractions: readonly number[];
  readonly lifetimesYr: readonly number[];
  readonly tcrK: number;
  readonly ecsK: number;
  /** Slow and fast thermal time scales, yr. */
  readonly thermalYr: readonly [number, number];
  readonly f2xWm2: number;
  /** Years to a doubling of CO2 in the definition of the TCR. */
  readonly doublingYr: number;
  readonly preindustrialPpm: number;
}

/** The defaults of FaIR 1.6. */
export const FAIR1_DEFAULTS: Fair1Parameters = {
  r0: 35,
  rc: 0.019,
  rt: 4.165,
  iirfHorizonYr: 100,
  iirfMaxYr: 97,
  fractions: [0.2173, 0.224, 0.2824, 0.2763],
  lifetimesYr: [1e6, 394.4, 36.54, 4.304],
  tcrK: 1.6,
  ecsK: 2.75,
  thermalYr: [239, 4.1],
  f2xWm2: 3.71,
  doublingYr: 69.661,
  preindustrialPpm: 278,
};

const POSITIVE = [
  'r0',
  'iirfHorizonYr',
  'iirfMaxYr',
  'tcrK',
  'ecsK',
  'f2xWm2',
  'doublingYr',
  'preindustrialPpm',
] as const;

/** GtC that raise CO2 by 1 ppm. */
export const GTC_PER_PPM = ((MASS_ATMOSPHERE_KG / 1e18) * 12.01) / MOLECULAR_WEIGHT_AIR;

export interface Fair1Result {
  readonly co2Ppm: Float64Array;
  readonly forcingWm2: Float64Array;
  readonly temperatureK: Float64Array;
}

/** Runs yearly emissions (GtC/yr) with other forcing (W/m2, same length or one number). `where` names a step in what is thrown. */
export function runFair1(
  emissionsGtC: ArrayLike<number>,
  otherForcingWm2: ArrayLike<number> | number,
  given: Partial<Fair1Parameters> = {},
  where = (step: number) => `step ${step}`,
): Fair1Result {
  const p = { ...FAIR1_DEFAULTS, ...given };
  const count = emissionsGtC.length;
  const boxes = p.fractions.length;
  if (p.lifetimesYr.length !== boxes || Math.abs(p.fractions.reduce((a, b) => a + b, 0) - 1) > 1e-5)
    throw new ClimateError('bad-parameter', 'fractions must have one lifetime each and sum to 1');
  for (const name of POSITIVE)
    if (!(p[name] > 0 && p[name] < Number.POSITIVE_INFINITY))
      throw new ClimateError('bad-parameter', `${name} is ${p[name]}; it must be a positive number`);
  if (p.tcrK > p.ecsK)
    throw new ClimateError('bad-parameter', `tcrK is ${p.tcrK}; it must not be above ecsK, which is ${p.ecsK}`);
  if (typeof otherForcingWm2 !== 'number' && otherForcingWm2.length !== count)
    throw new ClimateError(
      'short-scenario',
      `${count} years of emissions but ${otherForcingWm2.length} of other forcing`,
    );
  for (let t = 0; t < count; t++)
    if (!Number.isFinite(emissionsGtC[t]))
      throw new ClimateError('bad-number', `${where(t)}: emissions are ${emissionsGtC[t]}`);
  const [dSlow, dFast] = p.thermalYr;
  const [qSlow, qFast] = thermalCoefficients(p);
  const keepSlow = Math.exp(-1 / dSlow);
  const keepFast = Math.exp(-1 / dFast);
  const pool = new Float64Array(boxes);
  const co2Ppm = new Float64Array(count);
  const forcingWm2 = new Float64Array(count);
  const temperatureK = new Float64Array(count);
  let slow = 0;
  let fast = 0;
  let uptake = 0;
  let scale = 0.16;
  for (let t = 0; t < count; t++) {
    if (t > 0) {
      const target = Math.min(p.r0 + p.rc * uptake + p.rt * temperatureK[t - 1], p.iirfMaxYr);
      scale = lifetimeScale(target, scale, p, where(t));
    }
    let c = p.preindustrialPpm;
    for (let b = 0; b < boxes; b++) {
      const kept = t > 0 ? pool[b] * Math.exp(-1 / (p.lifetimesYr[b] * scale)) : 0;
      pool[b] = kept + (p.fractions[b] * emissionsGtC[t]) / GTC_PER_PPM;
      c += pool[b];
    }
    if (!(c > 0))
      throw new ClimateError(
        'negative-concentration',
        `${where(t)}: CO2 falls to ${c.toPrecision(4)} ppm; the removals are larger than the model holds`,
      );
    if (t > 0) uptake += 0.5 * (emissionsGtC[t] + emissionsGtC[t - 1]) - (c - co2Ppm[t - 1]) * GTC_PER_PPM;
    co2Ppm[t] = c;
    const other = typeof otherForcingWm2 === 'number' ? otherForcingWm2 : otherForcingWm2[t];
    const f = (p.f2xWm2 / Math.LN2) * Math.log(c / p.preindustrialPpm) + other;
    forcingWm2[t] = f;
    slow = t === 0 ? (qSlow / dSlow) * f : slow * keepSlow + qSlow * (1 - keepSlow) * f;
    fast = t === 0 ? (qFast / dFast) * f : fast * keepFast + qFast * (1 - keepFast) * f;
    temperatureK[t] = slow + fast;
  }
  return { co2Ppm, forcingWm2, temperatureK };
}

/** Warming each thermal box adds in the end per W/m2, from TCR and ECS (Millar et al. 2017, eqs. 4 and 5). */
function thermalCoefficients(p: Fair1Parameters): readonly [number, number] {
  const k = p.thermalYr.map(d => 1 - (d / p.doublingYr) * (1 - Math.exp(-p.doublingYr / d)));
  const common = 1 / (p.f2xWm2 * (k[0] - k[1]));
  return [common * (p.tcrK - p.ecsK * k[1]), common * (p.ecsK * k[0] - p.tcrK)];
}

/** Newton's method for the scale at which the airborne fraction integrated over the horizon is `target`; the function rises and bends down. */
function lifetimeScale(target: number, start: number, p: Fair1Parameters, where: string): number {
  let x = start;
  for (let k = 0; k < 100; k++) {
    let value = -target;
    let slope = 0;
    for (let b = 0; b < p.fractions.length; b++) {
      const tau = p.lifetimesYr[b];
      const y = p.iirfHorizonYr / (tau * x);
      // Not 1 - exp(-y): where the scale is large, too few digits of that are left to find it.
      const lost = -Math.expm1(-y);
      value += p.fractions[b] * tau * x * lost;
      slope += p.fractions[b] * tau * (lost - y + y * lost);
    }
    const next = x - value / slope;
    if (Math.abs(next - x) <= 1e-11 * x) return next;
    x = next > 0 ? next : x / 2;
    if (!Number.isFinite(x)) break;
  }
  throw new ClimateError(
    'not-converged',
    `${where}: no lifetime scale gives an integrated airborne fraction of ${target.toPrecision(4)} years; the emissions or parameters are outside what the model bears`,
  );
}
