// Person-level privacy at the source: a place trains on a noised copy of its counts, made once. One person adds at most 1 to at most two
// weekly counts; each week is released at most twice (when first published, and once a week later, when most of it has been revised).
// Whoever is in the first value is nearly always in the second: so the second release tells of the settled value less half of the first, and
// the two together tell no more of a person than one release would (a matrix mechanism, Li et al. 2015; docs/decisions/0171).
// The trap: noising every revision of a week again would let the noise be averaged away; keeping one noise for all of them would show the revision.
import { type ChangeLog, changeLog, type LogRow } from './change-log.ts';
import { stepUnit } from './members/units.ts';
import type { Place } from './panel/panel.ts';

/**
 * Squared L2 sensitivity of {@link noisedCopy} to one person, in units of its noise: 1 for each of two weeks, whether the person is in the first
 * value, in the settled one or in both. Whom a revision moves to another week is in both weeks.
 */
export const PERSON_SENSITIVITY = 2;
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

/** Part of the first value in the first release, and what the second takes of it off the settled value. */
const FIRST_PART = Math.sqrt(3) / 2;
const FIRST_OFF = 1 / 2;

/** The two releases of a week before noise of one and the same standard deviation. */
export function releasesOf(first: number, settled: number): readonly [number, number] {
  return [FIRST_PART * first, settled - FIRST_OFF * first];
}

/** Variance of a first value read from its release, where each release has noise of `sigma`. */
export const firstReleaseVariance = (sigma: number): number => (sigma / FIRST_PART) ** 2;

/** Revisions of a published value, as a share of it: about what admissions see. Weighs the two releases, protects nothing. */
const REVISION_SHARE = 0.1;

/**
 * The change log that a place's models may see: each period's first value, and from the next week on the settled one, as both releases
 * together tell it; whole, and below 0 where the noise says so: cut off there, small counts would all be too large. `normal` gives independent
 * standard normal draws, `sigma` is the noise of each release. Withdrawals stay, since they say nothing about a person. Whether there is a
 * second release depends on the calendar alone, never on whether the value had changed.
 */
export function noisedCopy(log: ChangeLog, target: string, normal: () => number, sigma: number): ChangeLog {
  const series = new Map<string, LogRow[]>();
  const out: LogRow[] = [];
  for (let i = 0; i < log.series.length; i++) {
    const row = {
      ...log.names[log.series[i]],
      period: log.period[i],
      knownFrom: log.knownFrom[i],
      value: log.value[i],
    };
    if (row.target !== target) {
      out.push(row);
      continue;
    }
    const key = `${row.location}\t${row.period}`;
    const list = series.get(key);
    if (list) list.push(row);
    else series.set(key, [row]);
  }
  const last = log.knownFrom[log.knownFrom.length - 1];
  for (const rows of series.values()) {
    const first = rows.find(r => !Number.isNaN(r.value));
    if (!first) continue;
    const due = first.knownFrom + SECOND_AFTER_DAYS;
    const settled = rows.findLast(r => r.knownFrom <= due) ?? first;
    const [one, two] = releasesOf(first.value, settled.value).map(v => v + sigma * normal());
    const value = one / FIRST_PART;
    out.push({ ...first, value: Math.round(value) });
    if (due <= last) out.push({ ...settled, knownFrom: due, value: Math.round(together(value, two, sigma)) });
  }
  return changeLog(out);
}

/**
 * Best guess of the settled value. The first value is off by its noise and by the revision; twice the second release is the settled value
 * and the revision, off by twice the noise. NaN for a week that was withdrawn.
 */
function together(first: number, second: number, sigma: number): number {
  const other = second / FIRST_OFF;
  if (!(sigma > 0)) return (first + other) / 2;
  const revision = (REVISION_SHARE * Math.max(0, (first + other) / 2)) ** 2;
  const a = firstReleaseVariance(sigma) + revision;
  const b = (sigma / FIRST_OFF) ** 2 + revision;
  // The revision draws the two apart.
  const weight = (b + revision) / (a + b + 2 * revision);
  return weight * first + (1 - weight) * other;
}

/** What is publicly known of the noise in a copy. */
export interface SourceNoise {
  readonly target: string;
  /** Standard deviation of the noise of a release ({@link releasesOf}), and of a settled value read from both; in the signal's unit. */
  readonly sigma: number;
}

/** What a model leaves over of an increment in units of its step, on the fourth-root scale: 0.04 (large states) to 0.07 (small ones) of FluSight 2023/24. */
const SURPRISE = 0.05;

/**
 * Weight of a training row against one without noise: the surprise is as large as ever, and the noise of both values comes upon it. On the
 * fourth-root scale the noise of a count of 5 at a place that knows 60 is many times that of a count of 500 at one that knows 2,000.
 */
export function reliabilityUnder(noise: SourceNoise): (place: Place, base: number, step: number) => number {
  return (place, base, step) => {
    if (place.target !== noise.target) return 1;
    // By the slope of the fourth root: dz = du / (4 z^3).
    const variance = (z: number) => (noise.sigma / place.scale / (4 * z ** 3)) ** 2;
    const surprise = (SURPRISE * stepUnit(step)) ** 2;
    return surprise / (surprise + variance(place.z[base]) + variance(place.z[base + step]));
  };
}
