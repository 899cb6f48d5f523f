// Person-level privacy at the source: a place trains on a noised copy of its counts, made once. One person adds at most 1 to at most two
// weekly counts; each week is released at most twice (when first published, and once a week later, when most of it has been revised), so the
// squared L2 sensitivity of a whole season's copy is 4. Whatever uses only the copy costs nothing more.
// The trap: noising every revision of a week again would let the noise be averaged away; keeping one noise for all of them would show the revision.
import { type ChangeLog, changeLog, type LogRow } from './change-log.ts';
import { stepUnit } from './members/units.ts';
import type { Place } from './panel/panel.ts';

/** Squared L2 sensitivity of {@link noisedCopy} to one person. */
export const PERSON_SENSITIVITY = 4;
/**
 * Days after the first publication at which a week is released a second and last time. Most of a revision comes within a week; a copy that
 * waits longer has several weeks of unrevised values at its end, and a kink before them (docs/decisions/0116).
 */
const SECOND_AFTER_DAYS = 7;

/** Standard deviation of Gaussian noise that keeps a budget of zCDP (Bun and Steinke 2016, Proposition 1.3), and its rho. */
export function noiseFor(
  epsilon: number,
  delta: number,
  squaredSensitivity: number,
): { readonly sigma: number; readonly rho: number } {
  if (!(epsilon > 0 && delta > 0 && delta < 1))
    throw new RangeError('noiseFor: epsilon above 0 and delta between 0 and 1');
  const l = Math.log(1 / delta);
  const rho = (Math.sqrt(l + epsilon) - Math.sqrt(l)) ** 2;
  return { sigma: Math.sqrt(squaredSensitivity / (2 * rho)), rho };
}

/** Epsilon at delta of rho-zCDP. */
export function epsilonOf(rho: number, delta: number): number {
  return rho + 2 * Math.sqrt(rho * Math.log(1 / delta));
}

/** Revisions of a published value, as a share of it: about what admissions see. Weighs the two releases, protects nothing. */
const REVISION_SHARE = 0.1;

/**
 * The change log that a place's models may see: each period's first value, and from the next week on the mean of that and a second, revised
 * one, each weighed by how near it is to the truth (`sigma` is the noise's standard deviation). Both are noised apart, whole and not below 0.
 * `noise` gives independent draws. Withdrawals stay, since they say nothing about a person. Whether there is a second release depends on the
 * calendar alone, never on whether the value had changed.
 */
export function noisedCopy(log: ChangeLog, target: string, noise: () => number, sigma = 0): ChangeLog {
  const series = new Map<string, LogRow[]>();
  const rest: LogRow[] = [];
  for (let i = 0; i < log.series.length; i++) {
    const row = {
      ...log.names[log.series[i]],
      period: log.period[i],
      knownFrom: log.knownFrom[i],
      value: log.value[i],
    };
    if (row.target !== target) {
      rest.push(row);
      continue;
    }
    const key = `${row.location}\t${row.period}`;
    const list = series.get(key);
    if (list) list.push(row);
    else series.set(key, [row]);
  }
  const last = log.knownFrom[log.knownFrom.length - 1];
  const noised = (v: number) => (Number.isNaN(v) ? v : Math.max(0, Math.round(v + noise())));
  for (const rows of series.values()) {
    const start = rows.findIndex(r => !Number.isNaN(r.value));
    if (start < 0) continue;
    const first = { ...rows[start], value: noised(rows[start].value) };
    rest.push(first);
    const due = first.knownFrom + SECOND_AFTER_DAYS;
    const settled = rows.findLast(r => r.knownFrom <= due);
    if (settled && due <= last)
      rest.push({ ...settled, knownFrom: due, value: together(first.value, noised(settled.value), sigma) });
  }
  return changeLog(rest);
}

/** Best guess of a value from its two releases: the first is off by the noise and a revision, the second by the noise. */
function together(first: number, second: number, sigma: number): number {
  if (!(sigma > 0) || Number.isNaN(second)) return second;
  const weight = sigma ** 2 / (2 * sigma ** 2 + (REVISION_SHARE * second) ** 2);
  return weight * first + (1 - weight) * second;
}

/** What is publicly known of the noise in a copy. */
export interface SourceNoise {
  readonly target: string;
  /** Standard deviation of one release, in the signal's unit. */
  readonly sigma: number;
}

/** What a model leaves over of an increment in units of its step, on the fourth-root scale: 0.04 (large states) to 0.07 (small ones) of FluSight 2023/24. */
const SURPRISE = 0.05;

/**
 * Weight of a training row against one without noise: the surprise is as large as ever, and the noise of both values comes upon it. On the
 * fourth-root scale the noise of a count of 5 at a place that knows 60 is many times that of a count of 500 at one that knows 2,000.
 */
export function reliabilityUnder(noise: SourceNoise): (place: Place, base: number, step: number) => number {
  // All but the newest values are means of two releases.
  const sd = noise.sigma / Math.SQRT2;
  return (place, base, step) => {
    if (place.target !== noise.target) return 1;
    // By the slope of the fourth root: dz = du / (4 z^3).
    const variance = (z: number) => (sd / place.scale / (4 * z ** 3)) ** 2;
    const surprise = (SURPRISE * stepUnit(step)) ** 2;
    return surprise / (surprise + variance(place.z[base]) + variance(place.z[base + step]));
  };
}
