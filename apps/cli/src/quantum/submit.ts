// madang quantum submit: asks for a job on a member's backend. The program is checked here; the running node of the asking member signs and sends.
import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatProgram } from '@madang/compute';
import type { AskedJob } from '@madang/node/setup';
import { check, print } from '@madang/quantum';
import { fromUtf8, openStatement, sha256, toHex } from '@madang/trust';
import { type Command, CommandError } from '../command.ts';
import { HOME_OPTION, type NodeHome, openHome } from '../node/home.ts';
import { plainly, readProgram, wholeOption } from './read.ts';

const YEAR_SECONDS = 31_536_000;

export const submit: Command = {
  name: 'submit',
  summary: "ask for a job on a member's backend; it is queued, accounted and logged",
  description:
    'The program goes to the hub with its includes put in place, for anyone to read; so do the counts. The researcher key of the node folder signs,\n' +
    'the running node sends. A job waits at the node while the backend is not offered or the quota is used up.',
  arguments: [['<file>', 'OpenQASM 3 program']],
  options: [
    HOME_OPTION,
    { flags: '--backend <handle>', description: 'where; "madang quantum jobs" lists what is offered', required: true },
    { flags: '--shots <n>', description: 'how often to run', default: '1000' },
    { flags: '--seconds <n>', description: 'longest time; it is set aside from the quota', default: '60' },
    { flags: '--seed <seed>', description: 'for simulators; the same seed gives the same counts (default: drawn)' },
    {
      flags: '--wait <seconds>',
      description: 'wait so long for the node to have sent it, and print the id',
      default: '30',
    },
  ],
  examples: ['madang quantum submit bell.qasm --home ./node --backend simulator --shots 1000'],
  async run([file], options) {
    const shots = wholeOption(options['shots'], '--shots', 1, 100_000_000);
    const seconds = wholeOption(options['seconds'], '--seconds', 1, YEAR_SECONDS);
    const wait = wholeOption(options['wait'], '--wait', 0, 86_400);
    const backend = String(options['backend']);
    const node = openHome(options);
    const loaded = readProgram(resolve(String(file)));
    const [problem] = plainly(() => check(loaded, 1));
    if (problem) throw new CommandError(`${problem.file}:${problem.line}:${problem.column}: ${problem.message}`);
    const seed = options['seed'] === undefined ? String(randomInt(2 ** 32)) : String(options['seed']);
    const program = fromUtf8(formatProgram({ format: 'openqasm3', program: print(loaded.program), shots, seed }));
    const job: AskedJob = { backend, program, maximum: { milliseconds: 1000 * seconds, units: shots } };
    // Asking twice for the very same is asking once: a repeated command does not run a job again.
    const name = toHex(sha256(new TextEncoder().encode(JSON.stringify(job)))).slice(0, 32);
    await node.memory.putJson(`asked/${name}.json`, job);
    const id = await sentId(node, name, wait);
    const json = { job: id ?? null, backend, shots, seed, seconds };
    if (id === undefined)
      return {
        json,
        text: `Left for the node of ${node.config.org}; it is not sent yet: the node is not running, the hub not reached, or ${backend} not offered or used up.`,
      };
    return {
      json,
      text: `Job ${id} is in the log. Its counts: madang quantum result ${id.slice(0, 12)} --hub ${node.config.hub}`,
    };
  },
};

/** Id of the statement that the node sent, once it has. */
async function sentId(node: NodeHome, name: string, seconds: number): Promise<string | undefined> {
  const until = performance.now() + 1000 * seconds;
  for (;;) {
    const sent = (await node.memory.json(`sent/ask-${name}.receipt`)) !== undefined;
    const envelope = sent ? await node.memory.bytes(`sent/ask-${name}`) : undefined;
    if (envelope) return openStatement(envelope).id;
    if (performance.now() >= until) return undefined;
    await sleep(200);
  }
}
