// Bands of an ensemble made while it runs: rows of members come in bound by bound, and only those until the end of the reference period are kept.
// Means and percentiles as in ensemble.ts. A row is a year; of steps longer than a year, a step.
import type { RunTime } from './drivers.ts';
import { percentiles } from './ensemble.ts';

export interface BandRow {
  /** The year the row begins with. */
  readonly year: number;
  /** Percentiles of warming, K. */
  readonly warming: Float64Array;
  /** Percentiles of CO2, ppm; none where the run has no CO2. */
  readonly co2?: Float64Array;
}

export interface WatchedBands {
  /** Takes the values at the next bound, which it does not keep: surface temperature of the members and, if the run has it, CO2 (one number if all share it). */
  readonly add: (surface: Float64Array, co2?: Float64Array) => void;
  /** Complete once the last bound is in. */
  readonly rows: readonly BandRow[];
  /** Whether every member had a finite temperature so far; asked once the last bound is in. */
  readonly finite: () => boolean;
}

/** `reference`: first and last year, which must lie within the run; without it warming is above the start. `at`: percentiles, 0 to 100. */
export function watchBands(
  members: number,
  { start, stepYears }: RunTime,
  reference: readonly [number, number] | undefined,
  at: { readonly warming: readonly number[]; readonly co2: readonly number[] },
): WatchedBands {
  const stepsARow = Math.max(1, Math.round(1 / stepYears));
  const length = Math.max(stepYears, 1);
  const index = (year: number) => Math.ceil((year - start) / length);
  const first = reference ? index(reference[0]) : 0;
  const last = reference ? Math.max(first, index(reference[1] + 1) - 1) : -1;
  const zero = new Float64Array(members);
  const early: Float64Array[] = [];
  const carbon: (Float64Array | undefined)[] = [];
  const rows: BandRow[] = [];
  let finite = true;
  const warm = rowMeans(members, stepsARow);
  let mix: ReturnType<typeof rowMeans> | undefined;

  const push = (mean: Float64Array) => {
    let sum = 0;
    for (let m = 0; m < members; m++) {
      mean[m] -= zero[m];
      sum += mean[m];
    }
    if (!Number.isFinite(sum)) finite = false;
    const co2 = carbon[rows.length];
    const warming = percentiles(mean, members, at.warming);
    rows.push({ year: start + rows.length * length, warming, ...(co2 ? { co2 } : {}) });
  };
  return {
    rows,
    finite: () => finite,
    add(surface, co2) {
      if (co2) mix ??= rowMeans(co2.length, stepsARow);
      const mixed = co2 && mix!(co2);
      const mean = warm(surface);
      if (!mean) return;
      carbon.push(mixed && percentiles(mixed, mixed.length, at.co2));
      const row = carbon.length - 1;
      if (row > last) push(mean);
      else early.push(mean.slice());
      if (row !== last) return;
      for (let k = first; k <= last; k++) for (let m = 0; m < members; m++) zero[m] += early[k][m];
      for (let m = 0; m < members; m++) zero[m] /= last - first + 1;
      for (const e of early) push(e);
      early.length = 0;
    },
  };
}

/** From values at one bound after the other the mean of each row, once it is complete; what is given is overwritten by the next. */
function rowMeans(members: number, steps: number): (values: Float64Array) => Float64Array | undefined {
  const before = new Float64Array(members);
  const mean = new Float64Array(members);
  let bound = 0;
  return values => {
    const k = bound % steps;
    if (bound > 0) {
      const afresh = k === 1 || steps === 1;
      for (let m = 0; m < members; m++) {
        const half = 0.5 * (before[m] + values[m]);
        mean[m] = afresh ? half : mean[m] + half;
      }
      if (steps > 1 && k === 0) for (let m = 0; m < members; m++) mean[m] /= steps;
    }
    before.set(values);
    bound += 1;
    return bound > 1 && k === 0 ? mean : undefined;
  };
}
