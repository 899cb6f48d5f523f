// Simulated surveillance, for demonstrations and tests: weekly consultation rates of invented places from a stochastic seasonal SIRS model, as they would be
// published: first incomplete, then revised for two weeks. The same seed gives the same table.
// Trap: good enough to exercise every path, not to judge a model: real series are harder.
import { random } from '@madang/numerics';
import { dateOf, dayInWeek, dayOf, weekOf } from './calendar.ts';

export interface SimulationOptions {
  readonly seed: string;
  readonly places: number;
  /** First and last week, as any day in them. */
  readonly from?: string;
  readonly to?: string;
  /** Snapshots begin on this day; everything older is in the first one. */
  readonly snapshotsFrom?: string;
}

export interface SimulatedSurveillance {
  /** Rows target, location, date, as_of, value. */
  readonly vintages: readonly (readonly string[])[];
  /** Rows target, location, date, value: the final values. */
  readonly truth: readonly (readonly string[])[];
}

/** Share of a week's final value that is known 0, 1, 2 weeks after its first publication. */
const COMPLETENESS = [0.97, 0.99, 1];

export function simulateSurveillance(o: SimulationOptions): SimulatedSurveillance {
  const from = weekOf(dayOf(o.from ?? '2016-08-01'));
  const to = weekOf(dayOf(o.to ?? '2025-06-01'));
  const start = weekOf(dayOf(o.snapshotsFrom ?? '2023-09-01'));
  const vintages: string[][] = [];
  const truth: string[][] = [];
  for (let p = 0; p < o.places; p++) {
    const location = `P${String(p + 1).padStart(2, '0')}`;
    const r = random(`${o.seed}/${location}`);
    const values = epidemic(r, from, to);
    for (let w = from; w <= to; w++) {
      const date = dateOf(dayInWeek(w, 7));
      const final = values[w - from];
      truth.push(['ILI', location, date, final.toFixed(1)]);
      // The Friday after the week's Sunday; history from before the first snapshot comes whole with it.
      const first = Math.max(w, start);
      const known = w < start ? COMPLETENESS.length - 1 : 0;
      for (let age = known; age < COMPLETENESS.length; age++) {
        const share = COMPLETENESS[age] * (age + 1 < COMPLETENESS.length ? Math.exp(0.05 * r.normal()) : 1);
        const asOf = dateOf(dayInWeek(first, 7) + 5 + 7 * (age - known));
        vintages.push(['ILI', location, date, asOf, (final * share).toFixed(1)]);
      }
    }
  }
  return { vintages, truth };
}

/** Consultations per 100,000 a week: infections of a seasonal SIRS model whose transmission wanders, over a background of other illness. */
function epidemic(r: ReturnType<typeof random>, from: number, to: number): number[] {
  const scale = 9000 * Math.exp(0.6 * r.normal());
  const peak = 24 + 2 * r.normal();
  const strength = 0.16 + 0.03 * r.normal();
  const background = 25 * Math.exp(0.4 * r.normal());
  let s = 0.6;
  let i = 0.004;
  let wander = 0;
  const out: number[] = [];
  for (let w = from; w <= to; w++) {
    const phase = (2 * Math.PI * (seasonWeek(w) - peak)) / 52.18;
    wander = 0.8 * wander + 0.07 * r.normal();
    const beta = 1.7 * (1 + strength * Math.cos(phase)) * Math.exp(wander);
    const infections = s * (1 - Math.exp(-beta * i));
    s = Math.min(0.95, s - infections + 0.02 * (1 - s - i));
    i = Math.max(2e-4, infections + 1e-4);
    out.push((infections * scale + background) * Math.exp(0.07 * r.normal()));
  }
  return out;
}

/** Weeks since 1 August, without a jump at the year's end. */
function seasonWeek(week: number): number {
  return ((week * 7 - 215) % 365.25) / 7;
}
