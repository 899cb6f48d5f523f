// The work of `madang climate fair`.
import { availableParallelism } from 'node:os';
import { steps } from '@madang/climate/fair';
import { CommandError, type Io, type Options, type Outcome } from '../command.ts';
import { BAND_COLUMNS, bandTable, fairBands, Whole } from './fair-bands.ts';
import { type BlockTask, blankPaper, blockSize, noiseSource, runBands, runBlock } from './fair-block.ts';
import { type FairInput, fairRequest, readFairInput, referencePeriod } from './fair-input.ts';
import { FAIR_UNITS, SPECIES_UNITS } from './fair-rows.ts';
import { numberOption, refusing } from './input.ts';
import { CITE_FAIR, csvText, provenance } from './provenance.ts';
import { openResults } from './result-files.ts';

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
    const size = blockSize(total, base, asked ?? 1);
    const tasks: BlockTask[] = [];
    for (let from = 0; from < total; from += size) tasks.push({ ...base, from, to: Math.min(total, from + size) });
    const threads = Math.min(asked ?? defaultThreads(base, tasks.length), tasks.length);
    const n = steps(input.drivers.time);
    const { bands, reference } = fairBands(input, referencePeriod(options), io);
    const bandsFile = text('percentiles');
    const results = openResults(
      { '--out': out, '--species-out': speciesOut, '--percentiles': bandsFile },
      Object.values(request.files),
    );
    const alone = tasks.length === 1 && !base.rows && !base.speciesRows;
    const progress = alone ? io.progress('years', n + 1) : io.progress('members', total);
    let ran = 0;
    let rows: (string | number)[][] = [];
    try {
      if (alone) runBands(tasks[0], input, bands, progress.tick, await noiseSource(noise));
      else {
        const whole = new Whole(n + 1, total);
        for await (const { task, result } of inOrder(tasks, threads, input)) {
          if (result.rows) results.write('--out', result.rows);
          if (result.speciesRows) results.write('--species-out', result.speciesRows);
          whole.add(task, result);
          progress.tick(task.to - task.from);
        }
        whole.show(bands);
      }
      ran = process.uptime();
      rows = bandTable(input, bands);
      const bandAbout = provenance({
        command: 'madang climate fair',
        units: `gsat_* K, yearly mean surface temperature ${reference}; co2_* ppm, yearly mean; p05 to p95 percentiles over the members`,
        inputs: input.inputs,
        note,
        cite: CITE_FAIR,
      });
      if (bandsFile !== undefined) results.write('--percentiles', csvText(BAND_COLUMNS, rows, bandAbout));
      results.keep();
    } finally {
      results.close();
      progress.done();
    }
    const last = rows[rows.length - 1];
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
      reference,
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
        `${last[2]}: warming ${value(5, 2)} K (5-95 %: ${value(3, 2)} to ${value(7, 2)}), ${reference}${typeof last[9] === 'number' ? `; CO2 ${value(9, 1)} ppm (${value(8, 1)} to ${value(10, 1)})` : ''}`,
        ...[out, speciesOut, bandsFile].filter(f => f !== undefined).map(f => `written: ${f}`),
      ].join('\n'),
    };
  });
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
