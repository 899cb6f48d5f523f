// The work of `madang climate fair`.
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { aboveReference, percentiles, steps, yearlyMeans } from '@madang/climate/fair';
import { CommandError, type Io, type Options, type Outcome } from '../command.ts';
import { type BlockResult, type BlockTask, blankPaper, blockSize, noiseSource, runBlock } from './fair-block.ts';
import { type FairInput, fairRequest, readFairInput, referencePeriod } from './fair-input.ts';
import { FAIR_UNITS, SPECIES_UNITS } from './fair-rows.ts';
import { numberOption, refusing } from './input.ts';
import { CITE_FAIR, provenance, writeResult } from './provenance.ts';

const BAND = [5, 17, 50, 83, 95];

export async function runFairCommand(options: Options, io: Io): Promise<Outcome> {
  return refusing(async () => {
    const text = (k: string) => (typeof options[k] === 'string' ? (options[k] as string) : undefined);
    const { request, method, said } = fairRequest(options);
    const asked = numberOption(options['threads'], '--threads');
    if (asked !== undefined && !(Number.isInteger(asked) && asked >= 1))
      throw new CommandError(`--threads must be a whole number from 1, not "${asked}"`, 2);
    const given = request.stepYears;
    if (given < 1 && Math.abs(1 / given - Math.round(1 / given)) > 1e-9)
      throw new CommandError(`--step ${given} must go into a year a whole number of times, or be a year or longer`, 2);
    if (request.files.temperature !== undefined && text('noise') !== undefined)
      throw new CommandError('--noise has no part in a run with --prescribe', 2);
    const started = process.uptime();
    const input = readFairInput(request);
    for (const line of input.ignored) io.log(`note: ${line}`);
    const read = process.uptime();
    const total = input.model.members.length;
    const out = text('out');
    const speciesOut = text('speciesOut');
    const noise = text('noise');
    const note = `scenario ${input.drivers.scenario}; ${total} members; ${said}${noise === undefined ? '' : `; noise from seed ${noise}`}`;
    const about = provenance({
      command: 'madang climate fair',
      units: FAIR_UNITS,
      inputs: input.inputs,
      note,
      cite: CITE_FAIR,
    });
    const speciesAbout = provenance({
      command: 'madang climate fair',
      units: SPECIES_UNITS,
      inputs: input.inputs,
      note,
      cite: CITE_FAIR,
    });
    const base: Omit<BlockTask, 'from' | 'to'> = {
      request,
      method,
      noise,
      rows: out !== undefined,
      speciesRows: speciesOut !== undefined,
      about,
      speciesAbout,
    };
    const size = blockSize(total, base);
    const tasks: BlockTask[] = [];
    for (let from = 0; from < total; from += size) tasks.push({ ...base, from, to: Math.min(total, from + size) });
    const threads = Math.min(asked ?? defaultThreads(base, tasks.length), tasks.length);
    const n = steps(input.drivers.time);
    const whole = new Whole(n + 1, total);
    const file = openResult(out);
    const speciesFile = openResult(speciesOut);
    const progress = io.progress('members', total);
    try {
      for await (const { task, result } of inOrder(tasks, threads, input)) {
        if (file !== undefined) writeSync(file, result.rows!);
        if (speciesFile !== undefined) writeSync(speciesFile, result.speciesRows!);
        whole.add(task, result);
        progress.tick(task.to - task.from);
      }
    } catch (error) {
      // A table that stops in the middle must not look like a result.
      for (const path of [out, speciesOut]) if (path !== undefined) rmSync(path, { force: true });
      throw error;
    } finally {
      if (file !== undefined) closeSync(file);
      if (speciesFile !== undefined) closeSync(speciesFile);
      progress.done();
    }
    const ran = process.uptime();
    const bands = makeBands(input, whole, referencePeriod(options), io);
    const bandsFile = text('percentiles');
    if (bandsFile !== undefined) {
      const bandAbout = provenance({
        command: 'madang climate fair',
        units: `gsat_* K, yearly mean surface temperature ${bands.reference}; co2_* ppm, yearly mean; p05 to p95 percentiles over the members`,
        inputs: input.inputs,
        note,
        cite: CITE_FAIR,
      });
      writeResult(bandsFile, BAND_COLUMNS, bands.rows, bandAbout);
    }
    const last = bands.rows[bands.rows.length - 1];
    const named = (r: readonly (string | number)[]) => Object.fromEntries(BAND_COLUMNS.map((c, k) => [c, r[k]]));
    const seconds = { read: read - started, run: ran - read, total: process.uptime() - started };
    const json = {
      ok: true,
      scenario: input.drivers.scenario,
      configs: total,
      timebounds: n + 1,
      start: input.drivers.time.start,
      end: input.drivers.time.end,
      out: out ?? null,
      percentiles: bandsFile ?? null,
      reference: bands.reference,
      last: named(last),
      leftAside: input.ignored,
      threads,
      seconds,
    };
    const value = (k: number, digits: number) =>
      typeof last[k] === 'number' ? (last[k] as number).toFixed(digits) : String(last[k]);
    return {
      json,
      text: [
        `${input.drivers.scenario}: ${total} members, ${input.drivers.time.start} to ${input.drivers.time.end}, ${seconds.total.toFixed(2)} s`,
        `${last[2]}: warming ${value(5, 2)} K (5-95 %: ${value(3, 2)} to ${value(7, 2)}), ${bands.reference}${whole.co2 ? `; CO2 ${value(9, 1)} ppm (${value(8, 1)} to ${value(10, 1)})` : ''}`,
        ...[out, speciesOut, bandsFile].filter(f => f !== undefined).map(f => `written: ${f}`),
      ].join('\n'),
    };
  });
}

/** Opens the file that an option names; undefined when the option was not given. */
function openResult(path: string | undefined): number | undefined {
  if (path === undefined) return undefined;
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw new CommandError(`cannot write ${path}: ${(error as Error).message}`, 1, { cause: error });
  }
}

const BAND_COLUMNS = [
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

/** Surface temperature and, if the run has it, CO2 of all members at the bounds (bounds x members), put together from the blocks. */
class Whole {
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
    if (width === this.members) {
      // One block is the whole: nothing to copy.
      this.surface = result.surface;
      this.co2 = result.co2;
      return;
    }
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
}

/** Means by year, of values at bounds, over the values themselves; of steps longer than a year, means by step. */
function intervalMeans(values: Float64Array, members: number, stepYears: number): Float64Array {
  const means = yearlyMeans(values, members, values);
  const each = Math.round(1 / stepYears);
  if (each < 2) return means;
  const years = Math.floor(means.length / (each * members));
  for (let t = 0; t < years; t++)
    for (let m = 0; m < members; m++) {
      let sum = 0;
      for (let k = 0; k < each; k++) sum += means[(t * each + k) * members + m];
      means[t * members + m] = sum / each;
    }
  return means.subarray(0, years * members);
}

/** Bands by year. Uses up the values of `whole`: means and differences are written over them, which halves the memory of a large ensemble. */
function makeBands(input: FairInput, { surface, co2 }: Whole, period: readonly [number, number], io: Io) {
  const members = input.model.members.length;
  const { start, end } = input.drivers.time;
  const { stepYears } = input.drivers.time;
  const yearly = intervalMeans(surface, members, stepYears);
  // A row is a year, or a whole step where that is longer.
  const length = Math.max(stepYears, 1);
  const row = (year: number) => Math.ceil((year - start) / length);
  let reference = 'above the start of the run';
  if (period[0] >= start && period[1] < end) {
    aboveReference(yearly, members, 0, row(period[0]), Math.max(row(period[0]), row(period[1] + 1) - 1), yearly);
    reference = `above ${period[0]}-${period[1]}`;
  } else io.log(`the run does not cover ${period[0]}-${period[1]}: bands of warming are ${reference}`);
  const warm = percentiles(yearly, members, BAND);
  const carbon = co2 ? percentiles(intervalMeans(co2, members, stepYears), members, [5, 50, 95]) : undefined;
  const rows: (string | number)[][] = [];
  for (let t = 0; t < yearly.length / members; t++)
    rows.push([
      input.drivers.scenario,
      members,
      start + t * length,
      ...warm.subarray(t * 5, t * 5 + 5),
      ...(carbon ? carbon.subarray(t * 3, t * 3 + 3) : ['', '', '']),
    ]);
  return { rows, reference };
}

/** Results of the blocks in order, at most `threads` ahead; one thread means this one. */
async function* inOrder(tasks: readonly BlockTask[], threads: number, input: FairInput) {
  if (threads <= 1) {
    const random = await noiseSource(tasks[0].noise);
    const paper = blankPaper();
    for (const task of tasks) yield { task, result: runBlock(task, input, paper, random) };
    return;
  }
  const { pool } = await import('./fair-threads.ts');
  const workers = pool(threads);
  try {
    const pending = tasks.slice(0, threads).map(t => workers.run(t));
    for (const [k, task] of tasks.entries()) {
      const result = await pending[k];
      const next = tasks[k + threads];
      if (next) pending.push(workers.run(next));
      yield { task, result };
    }
  } finally {
    await workers.close();
  }
}

/**
 * Threads pay only where many rows are written, since each must start, read its input and warm up; two gain 15 % for 65 % more work and twice the
 * memory. So half the processors, and this thread alone on a machine of two or three.
 */
function defaultThreads(task: { readonly rows: boolean; readonly speciesRows: boolean }, blocks: number): number {
  if (!task.rows && !task.speciesRows) return 1;
  return Math.max(1, Math.min(Math.floor(blocks / 4), Math.floor(availableParallelism() / 2)));
}
