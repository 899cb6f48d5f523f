// madang quantum run: counts of an OpenQASM 3 program.
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { type Command, CommandError } from '../command.ts';

export const run: Command = {
  name: 'run',
  summary: 'run an OpenQASM 3 program and count its outcomes',
  description:
    'The simulator is chosen by the program: circuits of Clifford gates run with thousands of qubits (stabiliser), all others on a state\n' +
    'vector of up to 26 qubits in superposition at once. Keys of counts have the highest bit of a register first; several registers are\n' +
    'separated by a space, the last declared first; neighbouring single bits read as one register; declared outputs, if any, are the only ones.',
  arguments: [['<file>', 'program; includes are looked for beside it']],
  options: [
    { flags: '--shots <n>', description: 'how often to run', default: '1000' },
    {
      flags: '--seed <seed>',
      description: 'number or word; the same seed gives the same counts (default: drawn, and reported)',
    },
    {
      flags: '--input <name=value...>',
      description: 'values of inputs the program declares: numbers, true, false, bits as b0101',
    },
    { flags: '--method <method>', description: 'statevector or stabiliser instead of the choice by program' },
    {
      flags: '--noise <list>',
      description:
        'one=P,two=P,readout=P: depolarising after gates on one and two qubits, bits read wrongly; of feedback only gates on one bit then',
    },
    {
      flags: '--backend <url>',
      description:
        'run on a device over HTTP instead (token in MADANG_QUANTUM_TOKEN); --shots and --seed are sent along',
    },
    { flags: '--max-qubits <n>', description: 'most qubits of a state vector, 1 to 27 (26 take 1 GiB)', default: '26' },
    {
      flags: '--threads <n>',
      description: 'threads for large state vectors; they change no count',
      default: String(Math.min(16, availableParallelism())),
    },
    {
      flags: '--max-operations <n>',
      description: 'most gates, measurements and resets of one run',
      default: '5000000',
    },
  ],
  examples: ['madang quantum run bell.qasm --shots 1000 --seed 1 --json'],
  async run([file], options, io) {
    const { plainly, readProgram, wholeOption } = await import('./read.ts');
    const shots = wholeOption(options['shots'], '--shots', 1, 100_000_000);
    const maxStateQubits = wholeOption(options['maxQubits'], '--max-qubits', 1, 27);
    const maxOperations = wholeOption(options['maxOperations'], '--max-operations', 1, 1_000_000_000);
    const threads = wholeOption(options['threads'], '--threads', 1, 16);
    const method = options['method'];
    if (method !== undefined && method !== 'statevector' && method !== 'stabiliser')
      throw new CommandError(`--method is statevector or stabiliser, not ${String(method)}`, 2);
    const seed = options['seed'] === undefined ? String(randomInt(2 ** 32)) : String(options['seed']);
    const { simulate } = await import('@madang/quantum');
    const { random } = await import('@madang/numerics');
    const { readInputs, readNoise } = await import('./inputs.ts');
    const { crewOf } = await import('./crew.ts');
    const program = readProgram(resolve(String(file)));
    if (options['backend'] !== undefined) {
      if (method !== undefined || options['noise'] !== undefined || options['input'] !== undefined)
        throw new CommandError(
          '--backend runs the program as it is: --method, --noise and --input belong to the simulator here',
          2,
        );
      const { remote } = await import('./remote.ts');
      return remote(program, { url: String(options['backend']), shots, seed }, io);
    }
    const noise = readNoise(options['noise']);
    const inputs = readInputs(options['input']);
    const start = performance.now();
    const progress = io.progress('shots', shots);
    const result = plainly(() =>
      simulate(program, {
        shots,
        random: random(seed),
        inputs,
        maxStateQubits,
        maxOperations,
        crew: crewOf(threads),
        ...(method && { method }),
        ...(noise && { noise }),
        onShots: done => progress.tick(done),
      }),
    );
    progress.done();
    const seconds = (performance.now() - start) / 1000;
    const most = Object.entries(result.counts).sort(([, a], [, b]) => b - a);
    const shown = most
      .slice(0, 40)
      .map(
        ([key, n]) =>
          `${key || '(no bits)'}  ${String(n).padStart(String(shots).length)}  ${((100 * n) / shots).toFixed(1)} %`,
      );
    if (most.length > shown.length) shown.push(`… and ${most.length - shown.length} more outcomes (--json prints all)`);
    return {
      json: { ...result, seed, seconds: Number(seconds.toFixed(4)) },
      text: [
        ...shown,
        ...(result.notRun ?? []).map(p => `not run: ${p.file}:${p.line}:${p.column}: ${p.message}`),
        `${result.qubits} qubits, ${shots} shots, ${result.method}, seed ${seed}, ${seconds.toFixed(2)} s`,
      ].join('\n'),
    };
  },
};
