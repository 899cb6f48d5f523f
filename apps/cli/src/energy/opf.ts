// madang energy opf: optimal power flow of a MATPOWER case.
import { type Command, CommandError, type Outcome } from '../command.ts';

const MODELS = ['dc-powermodels', 'dc-matpower', 'ac'];
const SOLVERS = ['auto', 'highs', 'own'];
/** Unknowns of a DC program from which the interior point goes first: as fast as HiGHS, and many times faster where nothing is feasible. */
const LARGE = 10_000;
const STARTS = ['smooth', 'rectangular', 'case', 'flat'] as const;

export const opf: Command = {
  name: 'opf',
  summary: 'cheapest operation of a grid: AC, or DC in two forms',
  description:
    'Reads a MATPOWER case (.m) and finds the cheapest generation that keeps every limit. Models: ac (full physics, with a proven gap from a convex relaxation), ' +
    'dc-powermodels (flow = x/(r^2+x^2) times the angle difference) and dc-matpower (with taps and phase shifters). ' +
    'Costs are $/h, powers MW and Mvar, voltages per unit, angles degrees, prices $/MWh; gap is a fraction.',
  arguments: [['<case>', 'MATPOWER case file']],
  options: [
    { flags: '--model <model>', description: MODELS.join(', '), default: 'ac' },
    {
      flags: '--solver <solver>',
      description: 'for linear DC programs: highs, own (interior point) or auto (own for large grids, highs otherwise)',
      default: 'auto',
    },
    {
      flags: '--start <start>',
      description: `AC: first point tried (${STARTS.join(', ')}); the others follow when it fails`,
      default: 'smooth',
    },
    { flags: '--no-bound', description: 'AC: leave out the relaxation that proves the gap' },
    { flags: '--svg <file>', description: 'write a picture: prices, flows, congested lines' },
    { flags: '--details', description: 'with --json: voltages, prices, generation and flows as well' },
  ],
  examples: ['madang energy opf case5.m --model ac', 'madang energy opf case118.m --model dc-powermodels --json'],
  async run([path], options, io): Promise<Outcome> {
    const model = String(options['model']);
    if (!MODELS.includes(model))
      throw new CommandError(`--model ${model} is unknown; there are ${MODELS.join(', ')}`, 2);
    const first = STARTS.find(s => s === options['start']);
    if (!first) throw new CommandError(`--start ${options['start']} is unknown; there are ${STARTS.join(', ')}`, 2);
    const choice = String(options['solver']);
    if (!SOLVERS.includes(choice))
      throw new CommandError(`--solver ${choice} is unknown; there are ${SOLVERS.join(', ')}`, 2);
    const start = performance.now();
    const { solveAcOpf, solveDcOpf } = await import('@madang/energy');
    const { readGridFile, plainly } = await import('./read.ts');
    const grid = await readGridFile(String(path), { needCosts: true });
    for (const w of grid.warnings) io.log(`note: ${w}`);
    const result = await (async () => {
      if (model === 'ac') {
        const progress = io.progress('interior point', 60);
        const bound = options['bound'] !== false;
        try {
          const watch = () => {
            progress.tick();
            return true;
          };
          return plainly(() => solveAcOpf(grid, { bound, watch, start: first }));
        } finally {
          progress.done();
        }
      }
      const form = model === 'dc-matpower' ? 'matpower' : 'powermodels';
      const large = grid.buses.count + grid.generators.count + grid.branches.count >= LARGE;
      if (choice === 'own' || (choice === 'auto' && large)) {
        const quick = plainly(() => solveDcOpf(grid, { form }));
        const sure = quick.status === 'infeasible' || (quick.gap <= 1e-6 && quick.primalViolation <= 1e-6);
        if (choice === 'own' || sure) return quick;
      }
      const solver = await (await import('./highs.ts')).highsSolver();
      return plainly(() => solveDcOpf(grid, { form, solver }));
    })();
    const seconds = (performance.now() - start) / 1000;
    if (typeof options['svg'] === 'string' && result.status === 'optimal') {
      const { writeFile } = await import('node:fs/promises');
      const { drawGrid } = await import('@madang/energy');
      await writeFile(options['svg'], drawGrid(grid, result));
    }
    const { opfDocument, opfText } = await import('./opf-report.ts');
    return {
      json: opfDocument(grid, result, seconds, options['details'] === true),
      text: opfText(grid, result, seconds),
      exit: result.status === 'optimal' ? 0 : 1,
    };
  },
};
