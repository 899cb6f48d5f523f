// What a slider needs: the percentiles of warming over the ensemble, by year, for changed drivers. Made once for an ensemble, then called for
// each move; one call runs every member.
import type { Drivers } from '../fair/drivers.ts';
import { aboveReference, percentiles, yearlyMeans } from '../fair/ensemble.ts';
import type { FairModel } from '../fair/parameters.ts';
import type { Fair } from '../fair/run.ts';

export interface Band {
  readonly firstYear: number;
  readonly percentiles: readonly number[];
  /** Years x percentiles, K above the reference period. */
  readonly warming: Float64Array;
}

/** A function from drivers to the band. The reference period must lie within the run; years are calendar years. */
export function makeBand(
  fair: Fair,
  model: FairModel,
  reference: readonly [number, number] = [1850, 1900],
  at: readonly number[] = [5, 50, 95],
): (drivers: Drivers) => Band {
  const members = model.members.length;
  return drivers => {
    const yearly = yearlyMeans(fair(drivers).temperature[0], members);
    const warming = aboveReference(yearly, members, drivers.time.start, reference[0], reference[1]);
    return { firstYear: drivers.time.start, percentiles: at, warming: percentiles(warming, members, at) };
  };
}
