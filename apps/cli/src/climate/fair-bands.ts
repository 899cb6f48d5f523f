// The bands of `madang climate fair`: percentiles of warming and CO2 by year over the members, from a run that is watched or from its blocks.
import { type WatchedBands, watchBands } from '@madang/climate/fair';
import type { Io } from '../command.ts';
import type { BlockResult, BlockTask } from './fair-block.ts';
import type { FairInput } from './fair-input.ts';

const BAND = { warming: [5, 17, 50, 83, 95], co2: [5, 50, 95] };

export const BAND_COLUMNS = [
  'scenario',
  'members',
  'year',
  'gsat_p05',
  'gsat_p17',
  'gsat_p50',
  'gsat_p83',
  'gsat_p95',
  'co2_p05',
  'co2_p50',
  'co2_p95',
];

/** Bands of a run's members, with what warming is measured from in words. */
export function fairBands(
  input: FairInput,
  period: readonly [number, number],
  io: Io,
): { readonly bands: WatchedBands; readonly reference: string } {
  const { time } = input.drivers;
  const covered = period[0] >= time.start && period[1] < time.end;
  const reference = covered ? `above ${period[0]}-${period[1]}` : 'above the start of the run';
  if (!covered) io.log(`the run does not cover ${period[0]}-${period[1]}: bands of warming are ${reference}`);
  return { bands: watchBands(input.model.members.length, time, covered ? period : undefined, BAND), reference };
}

/** The rows of BAND_COLUMNS. */
export function bandTable(input: FairInput, bands: WatchedBands): (string | number)[][] {
  const { scenario } = input.drivers;
  const members = input.model.members.length;
  return bands.rows.map(r => [scenario, members, r.year, ...r.warming, ...(r.co2 ?? ['', '', ''])]);
}

/** Surface temperature and, if the run has it, CO2 of all members at the bounds (bounds x members), put together from the blocks. */
export class Whole {
  readonly bounds: number;
  readonly members: number;
  surface: Float64Array = new Float64Array(0);
  co2: Float64Array | undefined;

  constructor(bounds: number, members: number) {
    this.bounds = bounds;
    this.members = members;
  }

  add({ from, to }: BlockTask, result: BlockResult): void {
    const width = to - from;
    const size = this.bounds * this.members;
    if (from === 0) {
      this.surface = new Float64Array(size);
      this.co2 = result.co2 && new Float64Array(size);
    }
    for (let t = 0; t < this.bounds; t++) {
      const at = t * this.members + from;
      this.surface.set(result.surface.subarray(t * width, (t + 1) * width), at);
      if (result.co2) this.co2?.set(result.co2.subarray(t * width, (t + 1) * width), at);
    }
  }

  /** Shows it all to bands. */
  show(bands: WatchedBands): void {
    for (let t = 0; t < this.bounds; t++) {
      const row = (values: Float64Array) => values.subarray(t * this.members, (t + 1) * this.members);
      bands.add(row(this.surface), this.co2 && row(this.co2));
    }
  }
}
