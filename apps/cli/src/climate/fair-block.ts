// One block of members of `madang climate fair`, in this thread or a worker.
import {
  drawNoise,
  type Fair,
  type FairModel,
  type FairOptions,
  failure,
  type Keep,
  makeFair,
  sliceMembers,
  steps,
  type WatchedBands,
} from '@madang/climate/fair';
import type { Random } from '@madang/numerics';
import { CommandError } from '../command.ts';
import { type ByteWriter, byteWriter, writeText } from './decimal.ts';
import type { FairInput, FairRequest } from './fair-input.ts';
import { fairColumns, fairHeader, SPECIES_HEADER, writeFairRows, writeSpeciesRows } from './fair-rows.ts';

export interface BlockTask {
  readonly request: FairRequest;
  readonly method: FairOptions;
  readonly noise?: string;
  readonly from: number;
  readonly to: number;
  readonly rows: boolean;
  readonly speciesRows: boolean;
  readonly about: string;
  readonly speciesAbout: string;
}

/** Bounds x members of the block: surface temperature, CO2 (if the run has it); CSV bytes where asked. */
export interface BlockResult {
  readonly surface: Float64Array;
  readonly co2?: Float64Array;
  readonly rows?: Uint8Array;
  readonly speciesRows?: Uint8Array;
}

/** Members a block takes: where rows are written few enough to keep them in memory, else as many as leave a block for each thread. */
export function blockSize(
  members: number,
  task: { readonly rows: boolean; readonly speciesRows: boolean },
  threads: number,
): number {
  if (task.speciesRows) return Math.min(members, 10);
  return task.rows ? Math.min(members, 50) : Math.ceil(members / threads);
}

/** Room for a block's rows, used again for the next block: what a block gave must be written before the next is run. */
export interface Paper {
  readonly rows: ByteWriter;
  readonly speciesRows: ByteWriter;
}

export function blankPaper(): Paper {
  return { rows: byteWriter(), speciesRows: byteWriter() };
}

/** Runs a block; `random` is the source of noise where the task asks for it. */
export function runBlock(task: BlockTask, input: FairInput, paper: Paper, random?: Random): BlockResult {
  const whole = task.from === 0 && task.to === input.model.members.length;
  const model = whole ? input.model : sliceMembers(input.model, task.from, task.to);
  const everything = task.rows || task.speciesRows;
  const { fair, noise } = ready(task, input, model, random);
  const result = fair(
    input.drivers,
    everything ? { layers: true, forcing: true, gases: 'all' } : { gases: 'co2' },
    noise,
  );
  if (failure(result)) throw whyFailed(fair, input, noise);
  const co2 = result.gases.get(model.species.findIndex(s => s.type === 'co2'));
  const out: { surface: Float64Array; co2?: Float64Array; rows?: Uint8Array; speciesRows?: Uint8Array } = {
    surface: result.temperature[0],
  };
  if (co2) {
    const members = model.members.length;
    out.co2 =
      co2.width === 1
        ? Float64Array.from(
            { length: result.bounds.length * members },
            (_, k) => co2.concentration[Math.floor(k / members)],
          )
        : co2.concentration;
  }
  const first = task.from === 0;
  if (task.rows) {
    const w = paper.rows;
    w.length = 0;
    const columns = fairColumns(result);
    if (first) writeText(w, fairHeader(columns));
    writeFairRows(w, result, columns, first ? task.about : undefined);
    out.rows = w.bytes.subarray(0, w.length);
  }
  if (task.speciesRows) {
    const w = paper.speciesRows;
    w.length = 0;
    if (first) writeText(w, SPECIES_HEADER);
    writeSpeciesRows(w, result, first ? task.speciesAbout : undefined);
    out.speciesRows = w.bytes.subarray(0, w.length);
  }
  return out;
}

/** Runs all members for their bands alone, which take every bound as it comes, and `tick`: nothing else is kept. */
export function runBands(
  task: BlockTask,
  input: FairInput,
  bands: WatchedBands,
  tick: () => void,
  random?: Random,
): void {
  const { fair, noise } = ready(task, input, input.model, random);
  const watch: Keep['watch'] = (surface, co2) => {
    bands.add(surface, co2);
    tick();
  };
  fair(input.drivers, { watch }, noise);
  if (!bands.finite()) throw whyFailed(fair, input, noise);
}

function ready(task: BlockTask, input: FairInput, model: FairModel, random: Random | undefined) {
  const { time } = input.drivers;
  const noise = random ? drawNoise(model, steps(time), time.stepYears, random) : undefined;
  return { fair: makeFair(model, task.method, time.stepYears), noise };
}

/** Why a run fails may stand in another gas than CO2, so one that has failed is run again and keeps them all. */
function whyFailed(fair: Fair, input: FairInput, noise: Float64Array | undefined): CommandError {
  return new CommandError(failure(fair(input.drivers, { gases: 'concentration' }, noise))!);
}

/** The source of noise for a seed; none without one. The package is loaded only when it is needed, since a run without noise is over sooner. */
export async function noiseSource(seed: string | undefined): Promise<Random | undefined> {
  return seed === undefined ? undefined : (await import('@madang/numerics')).random(seed);
}
