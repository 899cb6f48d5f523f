// What the commands on outcomes share: read the input, run the whole ensemble once, give yearly warming above the reference period.
import {
  aboveReference,
  type Fair,
  type FairResult,
  failure,
  type Keep,
  makeFair,
  percentiles,
  yearlyMeans,
} from '@madang/climate/fair';
import { CommandError, type Io, type Options } from '../command.ts';
import { type FairInput, fairRequest, readFairInput, referencePeriod } from './fair-input.ts';
import { numberOption } from './input.ts';

export interface EnsembleRun {
  readonly input: FairInput;
  readonly fair: Fair;
  readonly result: FairResult;
  readonly members: number;
  readonly firstYear: number;
  readonly years: number;
  /** Years x members, K above the reference period. */
  readonly warming: Float64Array;
  readonly reference: readonly [number, number];
  /** Yearly warming of other temperatures at bounds (years x members) above the same period. */
  readonly above: (temperature: Float64Array) => Float64Array;
  readonly note: string;
}

/** Runs the ensemble; the reference period must lie within the run. */
export function runEnsemble(options: Options, io: Io, keep: Keep = {}): EnsembleRun {
  const { request, method, said } = fairRequest(options);
  const input = readFairInput(request);
  for (const line of input.ignored) io.log(`note: ${line}`);
  const fair = makeFair(input.model, method, input.drivers.time.stepYears);
  const result = fair(input.drivers, keep);
  const why = failure(result);
  if (why) throw new CommandError(why);
  const members = input.model.members.length;
  const { start, end } = input.drivers.time;
  const reference = referencePeriod(options);
  if (reference[0] < start || reference[1] >= end)
    throw new CommandError(
      `the run from ${start} to ${end} does not cover the reference period ${reference.join('-')}; choose another with --reference`,
      2,
    );
  const above = (temperature: Float64Array) =>
    aboveReference(yearlyMeans(temperature, members), members, start, reference[0], reference[1]);
  return {
    input,
    fair,
    result,
    members,
    firstYear: start,
    years: end - start,
    warming: above(result.temperature[0]),
    reference,
    above,
    note: `scenario ${input.drivers.scenario}; ${members} members; ${said}; warming above ${reference.join('-')}`,
  };
}

/** Percentiles of one row of members, leaving out those that are NaN; NaN when none is left. */
export function bandOf(row: Float64Array, at: readonly number[]): number[] {
  const there = row.filter(v => !Number.isNaN(v));
  return there.length === 0 ? at.map(() => Number.NaN) : [...percentiles(there, there.length, at)];
}

/** An option that must be a number. */
export function needNumber(options: Options, key: string, flag: string): number {
  const x = numberOption(options[key], flag);
  if (x === undefined) throw new CommandError(`${flag} is needed`, 2);
  return x;
}

/** A list of numbers separated by commas. */
export function numberList(text: string, flag: string): number[] {
  return text.split(',').map(s => numberOption(s.trim(), flag)!);
}
