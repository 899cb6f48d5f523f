// What is forecast: temperatures and wind as standardised anomalies, rain as "wet or dry" and as the cube root of its amount.
import { windowMeans } from './baseline.ts';
import { type Climatology, fitClimatology, standardised } from './climatology.ts';
import type { Gated } from './gate.ts';
import { WET_CM } from './variables.ts';

export type TargetKind = 'normal' | 'cut-normal' | 'rain';

/** One quantity to be regressed; `z` are its standardised anomalies, NaN where unknown. */
export interface Regressand {
  readonly climate: Climatology;
  readonly z: Float64Array;
}

/** One forecast variable of one station. `observed` in the file's unit, NaN where missing or stopped by the gate. */
export interface Target {
  readonly station: number;
  /** Its place among the network's series. */
  readonly series: number;
  readonly variable: string;
  readonly unit: string;
  readonly kind: TargetKind;
  readonly observed: Float64Array;
  /** Mean of a 31-day window over the training years, per day. */
  readonly usual: Float64Array;
  /** One for temperatures and wind; for rain two: occurrence, cube root of the amount. */
  readonly regressands: readonly Regressand[];
}

const KINDS: Readonly<Record<string, TargetKind>> = {
  temp_mean: 'normal',
  temp_min: 'normal',
  temp_max: 'normal',
  wind_speed: 'cut-normal',
  precipitation: 'rain',
};

/** Noise over signal by lead (days 1, 2, 3, 4, 5, 6 and later), chosen on test years 2005 to 2007 from powers of two. */
const PENALTY: Readonly<Record<TargetKind, readonly number[]>> = {
  normal: [0.05, 0.2, 0.4, 1.6, 1.6, 6.4],
  'cut-normal': [0.2, 1.6, 1.6, 6.4, 6.4, 6.4],
  rain: [0.2, 1.6, 1.6, 6.4, 6.4, 6.4],
};

export const penalty = (kind: TargetKind, leadDays: number): number => PENALTY[kind][Math.min(leadDays, 6) - 1];

/** Whether a variable is forecast. */
export const isForecast = (variable: string): boolean => Object.hasOwn(KINDS, variable);

/**
 * All targets of a network. A series with fewer than 60 training values gives none, nor one that was never measured within 15 days of some day of
 * the year to be forecast: nobody knows what is usual there then.
 */
export function makeTargets(gated: Gated): Target[] {
  const { network, angles, climatologies, trainEnd } = gated;
  const out: Target[] = [];
  for (const [series, s] of network.series.entries()) {
    const kind = KINDS[s.variable.name];
    if (!kind) continue;
    const parts =
      kind === 'rain'
        ? [s.values.map(v => (Number.isNaN(v) ? v : v >= WET_CM ? 1 : 0)), s.values.map(v => Math.cbrt(v))]
        : [s.values];
    const regressands = parts.map(values => {
      // Where the gate has no other scale, what is usual is known from it.
      const climate = s.variable.root ? fitClimatology(values, angles, trainEnd) : climatologies[series];
      return { climate, z: standardised(values, climate) };
    });
    const usual = windowMeans(s.values, network.first, trainEnd);
    if (regressands[0].climate.count < 60 || usual.subarray(trainEnd).includes(Number.NaN)) continue;
    out.push({
      station: s.station,
      series,
      variable: s.variable.name,
      unit: s.variable.unit,
      kind,
      observed: s.values,
      usual,
      regressands,
    });
  }
  return out;
}
