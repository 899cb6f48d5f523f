// madang quantum bench: what quantum optimisation is worth today, beside annealing and a mixed-integer solver.
import { type Command, CommandError } from '../command.ts';

export const bench: Command = {
  name: 'bench',
  summary: 'unit commitment or grid partitioning by QAOA, annealing and HiGHS: value, time, gap by size',
  description:
    'Problems: uc (which units run in which hour at rated output) and partition (a grid in two equal halves). A size is a number of binary\n' +
    'variables, one qubit each. gap is a fraction of the optimum that HiGHS proved. value of qaoa is the best of its shots, expectation the mean\n' +
    'of one shot; its seconds are those of its simulation here, the search for angles included. What a quantum machine would need, and from\n' +
    'which size on it would pass the better of solver and annealing, is extrapolated from the measured growth.',
  arguments: [['<problem>', 'uc or partition']],
  options: [
    { flags: '--sizes <list>', description: 'numbers of variables, 2 to 20', default: '4,8,12,16' },
    { flags: '--seed <seed>', description: 'the same seed draws the same problems', default: '1' },
    { flags: '--rounds <p>', description: 'rounds of QAOA, 1 to 10', default: '3' },
  ],
  examples: ['madang quantum bench uc --sizes 4,8,12,16 --json'],
  async run([problem], options, io) {
    if (problem !== 'uc' && problem !== 'partition')
      throw new CommandError(`the problem is uc or partition, not "${String(problem)}"`, 2);
    const { refusal, wholeOption } = await import('./read.ts');
    const sizes = String(options['sizes'])
      .split(',')
      .map(s => wholeOption(s.trim(), '--sizes', 2, 20));
    const rounds = wholeOption(options['rounds'], '--rounds', 1, 10);
    const { runStudy } = await import('@madang/quantum');
    const { random } = await import('@madang/numerics');
    const { highsSolver } = await import('../energy/highs.ts');
    const progress = io.progress(`bench ${problem}`, 3 * sizes.length + 4);
    const seed = String(options['seed']);
    try {
      const solver = await highsSolver();
      // The first call of a solver compiles it; that is not the problem's time.
      runStudy(problem, { sizes: [4], random: random('warm'), solver, clock: () => performance.now() / 1000, rounds });
      const { rows, crossover } = runStudy(problem, {
        sizes,
        random: random(seed),
        solver,
        clock: () => performance.now() / 1000,
        rounds,
        onStep: () => progress.tick(),
      });
      progress.done();
      return {
        json: {
          problem,
          seed,
          rounds,
          rows: rows.map(rounded),
          crossover: crossover.map(c => ({ ...c, says: says(c) })),
        },
        text: text(rows, crossover),
      };
    } catch (error) {
      throw refusal(error);
    }
  },
};

type Study = ReturnType<typeof import('@madang/quantum')['runStudy']>;
type Row = Study['rows'][number];
type Crossover = Study['crossover'][number];

const rounded = (r: Row) => ({ ...r, seconds: Number(r.seconds.toFixed(5)), gap: r.gap ?? null });

function says(c: Crossover): string {
  const n = c.needs;
  const machine = `${n.logicalQubits} logical and ${n.physicalQubits.toLocaleString('en')} physical qubits (code distance ${n.codeDistance}), ${n.tGates.toLocaleString('en')} T gates and ${n.secondsPerShot.toPrecision(2)} s a shot`;
  if (c.size === undefined)
    return `${c.hardware}: classical computing stays ahead at every size up to 4096; one shot of ${c.needsAtSize} variables would need ${machine}`;
  return `${c.hardware}: by the measured growth QAOA would pass the best classical method from about ${c.size} variables on, needing ${machine}`;
}

function text(rows: readonly Row[], crossover: readonly Crossover[]): string {
  const lines = ['size  method        value        seconds     gap  rules kept'];
  for (const r of rows)
    lines.push(
      `${String(r.size).padStart(4)}  ${r.method.padEnd(10)} ${r.value.toFixed(1).padStart(10)} ${r.seconds.toFixed(4).padStart(12)} ${
        r.gap === undefined ? '      ?' : `${(100 * r.gap).toFixed(2)} %`.padStart(9)
      }  ${r.feasible ? 'yes' : 'no'}${r.successProbability === undefined ? '' : `  (optimal in ${(100 * r.successProbability).toFixed(2)} % of ${r.shots} shots; one shot ${r.expectation!.toFixed(1)} on average)`}`,
    );
  return [...lines, '', ...crossover.map(says)].join('\n');
}
