// Person-level privacy at the source: a place trains on a noised copy of its counts, made once. One person adds at most 1 to at most two
// weekly counts; each week is released at most twice (when first published, and once five weeks later, when revisions have settled), so the
// squared L2 sensitivity of a whole season's copy is 4. Whatever uses only the copy costs nothing more.
// The trap: noising every revision of a week again would let the noise be averaged away; keeping one noise for all of them would show the revision.
import { type ChangeLog, changeLog, type LogRow } from './change-log.ts';

/** Squared L2 sensitivity of {@link noisedCopy} to one person. */
export const PERSON_SENSITIVITY = 4;
/** Days after the first publication at which a week is released a second and last time. */
const SETTLED_DAYS = 35;

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

/**
 * The change log that a place's models may see: each period's first value and its settled value, noised apart, whole and not below 0.
 * `noise` gives independent draws of the declared noise; withdrawals stay, since they say nothing about a person.
 */
export function noisedCopy(log: ChangeLog, target: string, noise: () => number): ChangeLog {
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
    const first = rows[start];
    rest.push({ ...first, value: noised(first.value) });
    const due = first.knownFrom + SETTLED_DAYS;
    const settled = rows.findLast(r => r.knownFrom <= due);
    if (settled && settled !== first && due <= last && settled.value !== first.value)
      rest.push({ ...settled, knownFrom: due, value: noised(settled.value) });
  }
  return changeLog(rest);
}
