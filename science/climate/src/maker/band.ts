// What a slider needs: the percentiles of warming over the ensemble, by year, for changed drivers. The first call runs everything and keeps
// checkpoints; a later one runs only from the first year in which its drivers differ, which for a policy is the present.
import type { Drivers } from '../fair/drivers.ts';
import { percentiles, yearlyMeans } from '../fair/ensemble.ts';
import type { FairModel } from '../fair/parameters.ts';
import type { Fair, FairResult } from '../fair/run.ts';

export interface Band {
  readonly firstYear: number;
  readonly percentiles: readonly number[];
  /** Years x percentiles, K above the reference period. */
  readonly warming: Float64Array;
  /** Warming of each member in the last year, K above the reference period: members of two bands can be compared one by one. */
  readonly final: Float64Array;
}

/** Steps between checkpoints: a tenth of a megabyte each for 841 members. */
const CHECKPOINT_EVERY = 10;

/** A function from drivers to the band. The reference period must lie within the run; years are calendar years, steps one year. */
export function makeBand(
  fair: Fair,
  model: FairModel,
  reference: readonly [number, number] = [1850, 1900],
  at: readonly number[] = [5, 50, 95],
): (drivers: Drivers) => Band {
  const members = model.members.length;
  let base:
    | { readonly drivers: Drivers; readonly result: FairResult; readonly zero: Float64Array; readonly band: Band }
    | undefined;

  return drivers => {
    const { start, end } = drivers.time;
    const from = base ? firstChange(base.drivers, drivers) : 0;
    if (base && from >= end - start) return base.band;
    const resume = base?.result.checkpoints.findLast(c => c.step <= from);
    const result = fair(drivers, resume ? {} : { checkpointEvery: CHECKPOINT_EVERY }, undefined, resume);
    const first = resume?.step ?? 0;
    const surface = result.temperature[0];
    if (base) surface.set(base.result.temperature[0].subarray(0, (first + 1) * members));
    const yearly = yearlyMeans(surface, members);
    const zero = base && start + first > reference[1] ? base.zero : referenceMeans(yearly, members, start, reference);
    // Years before the first that was run are as in the base.
    const fresh = base && zero === base.zero ? first : 0;
    const tail = yearly.subarray(fresh * members);
    for (let k = 0; k < tail.length; k++) tail[k] -= zero[k % members];
    const warming = new Float64Array((end - start) * at.length);
    if (base && fresh > 0) warming.set(base.band.warming.subarray(0, fresh * at.length));
    warming.set(percentiles(tail, members, at), fresh * at.length);
    const band = { firstYear: start, percentiles: at, warming, final: tail.slice(-members) };
    base ??= { drivers, result, zero, band };
    return band;
  };
}

/** First step whose drivers differ in any species; the number of steps if none does, 0 if the runs are not comparable. */
function firstChange(a: Drivers, b: Drivers): number {
  if (a.time.start !== b.time.start || a.time.end !== b.time.end || a.time.stepYears !== b.time.stepYears) return 0;
  let first = a.time.end - a.time.start;
  for (const [i, x] of a.series.entries()) {
    const y = b.series[i];
    if (x === y) continue;
    if (!x || !y || x.length !== y.length) return 0;
    const k = x.findIndex((v, t) => v !== y[t]);
    // Concentrations and forcing at a bound act in the step before it.
    if (k >= 0) first = Math.min(first, Math.max(0, k - 1));
  }
  return first;
}

function referenceMeans(
  yearly: Float64Array,
  members: number,
  firstYear: number,
  reference: readonly [number, number],
): Float64Array {
  const [from, to] = [reference[0] - firstYear, reference[1] - firstYear];
  const years = yearly.length / members;
  if (!(from >= 0 && to < years && from <= to))
    throw new RangeError(
      `the reference period ${reference.join(' to ')} is not within the years ${firstYear} to ${firstYear + years - 1}`,
    );
  const mean = new Float64Array(members);
  for (let t = from; t <= to; t++)
    for (let m = 0; m < members; m++) mean[m] += yearly[t * members + m] / (to - from + 1);
  return mean;
}
