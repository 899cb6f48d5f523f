// madang quantum result: the counts of a job, as its provider published them, held against the digest in the log; a simulator's can be computed again.
import { type HubClient, hubClient, type JobLine } from '@madang/api';
import { BadDocument, type JobResult, parseProgram, parseResult } from '@madang/compute';
import { sha256, toHex } from '@madang/trust';
import { type Command, CommandError } from '../command.ts';

export const result: Command = {
  name: 'result',
  summary: 'the counts of a job; --again computes those of a simulator once more and compares',
  arguments: [['<job>', 'id of the job, or its beginning among the newest 200']],
  options: [
    { flags: '--hub <url>', description: 'address of the hub', required: true },
    { flags: '--again', description: "run the program here from its seed and compare with the provider's counts" },
  ],
  examples: ['madang quantum result 5f3c09d1 --hub http://127.0.0.1:8080 --again'],
  async run([start], options) {
    const hub = hubClient(String(options['hub']), fetch);
    const job = await findJob(hub, String(start));
    if (job.result === null)
      return { json: { ...job, counts: null }, text: `The job is ${job.stage}: there is no result.`, exit: 1 };
    const found = await read(hub, job.result, parseResult);
    if (found.job !== job.id) throw new CommandError('the result names another job');
    if (found.outcome === 'failed')
      return { json: { ...job, why: found.why, counts: null }, text: `The job failed: ${found.why}`, exit: 1 };
    const again = options['again'] ? await compare(hub, job, found) : undefined;
    const most = Object.entries(found.counts).sort(([, a], [, b]) => b - a);
    const lines = most.slice(0, 40).map(([key, n]) => `${key || '(no bits)'}  ${n}`);
    return {
      json: { ...job, counts: found.counts, device: found.device, ...(again === undefined ? {} : { again }) },
      text: [
        ...lines,
        `${job.units} shots on ${found.device}, ${(job.milliseconds ?? 0) / 1000} s`,
        ...(again === undefined
          ? []
          : [again ? 'Computed again here: the same counts.' : 'Computed again here: OTHER COUNTS.']),
      ].join('\n'),
      exit: again === false ? 1 : 0,
    };
  },
};

async function findJob(hub: HubClient, start: string): Promise<JobLine> {
  if (!/^[0-9a-f]{1,64}$/.test(start)) throw new CommandError('a job is named by hexadecimal digits', 2);
  const found = (await hub.jobs(start.length === 64 ? { id: start } : { limit: '200' })).filter(j =>
    j.id.startsWith(start),
  );
  if (found.length === 1) return found[0];
  throw new CommandError(
    found.length === 0
      ? `no job begins with ${start}`
      : `${found.length} jobs begin with ${start}; give more of the id`,
  );
}

/** A blob that the log names, checked against its digest before it is believed. */
async function read<T>(hub: HubClient, digest: string, parse: (bytes: Uint8Array) => T): Promise<T> {
  const bytes = await hub.blob(digest);
  if (!bytes) throw new CommandError(`the hub does not have the blob ${digest.slice(0, 12)}…`, 3);
  if (toHex(sha256(bytes)) !== digest)
    throw new CommandError(`the blob ${digest.slice(0, 12)}… is not what its digest names`);
  try {
    return parse(bytes);
  } catch (error) {
    throw error instanceof BadDocument ? new CommandError(error.message, 1, { cause: error }) : error;
  }
}

async function compare(hub: HubClient, job: JobLine, found: JobResult & { outcome: 'done' }): Promise<boolean> {
  if (!found.simulator) throw new CommandError(`${found.device} is no simulator: its counts come once`, 3);
  const { program, shots, seed } = await read(hub, job.program, parseProgram);
  const { load, simulate } = await import('@madang/quantum');
  const { random } = await import('@madang/numerics');
  const { plainly } = await import('./read.ts');
  const { counts } = plainly(() => simulate(load(program), { shots, random: random(seed) }));
  const keys = new Set([...Object.keys(counts), ...Object.keys(found.counts)]);
  return [...keys].every(key => counts[key] === found.counts[key]);
}
