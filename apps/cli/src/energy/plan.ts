// madang energy plan: capacity expansion and operation of a network in PyPSA's folder of CSV files.
import type { PlanProgram } from '@madang/energy';
import { type Command, CommandError, type Outcome } from '../command.ts';
import { finite, maintenanceOf, planJson, planText } from './plan-report.ts';

/** Columns from which the interior point goes first. */
const LARGE = 20_000;

export const plan: Command = {
  name: 'plan',
  summary: 'cheapest capacities and operation of a network (PyPSA CSV folder)',
  description:
    "Reads buses.csv, generators.csv, … and finds the cheapest capacities and dispatch: storage, links, lines with Kirchhoff's laws, CO2 caps, " +
    'unit commitment, maintenance, investment years. With scenarios.csv (scenario, weight) capacities are chosen once for all scenarios, whose own ' +
    'files lie in folders of their names. The objective is the cost of new capacity and operation less the cost of what exists; co2Price is what one ' +
    'unit more of the cap would save; gap is a fraction, proven by the duals and recomputed without the solver.',
  arguments: [['<folder>', 'folder with PyPSA CSV files']],
  options: [
    {
      flags: '--co2-cap <amount>',
      description: 'replace the constant of the first primary-energy cap (adds one if there is none)',
    },
    { flags: '--co2-price <price>', description: 'add a price per unit of emission to marginal costs' },
    { flags: '--sweep <amounts>', description: 'solve again for these caps, comma separated, without rebuilding' },
    { flags: '--every <n>', description: 'average every n snapshots' },
    { flags: '--segments <n>', description: 'merge neighbouring snapshots until n are left' },
    { flags: '--secure', description: 'stay within ratings after the loss of any single line or transformer' },
    {
      flags: '--alternatives <margin>',
      description:
        'range of every capacity within this share of the least system cost (what stands included), e.g. 0.02',
    },
    {
      flags: '--risk <alpha,omega>',
      description:
        'with scenarios: put the weight omega on the mean of the worst 1 - alpha of operation costs, e.g. 0.9,0.3',
    },
    { flags: '--mip-gap <gap>', description: 'relative gap at which a mixed-integer search stops', default: '1e-6' },
    { flags: '--seconds <n>', description: 'time limit of the solver' },
    { flags: '--method <method>', description: 'simplex, interior or choose', default: 'choose' },
    {
      flags: '--solver <solver>',
      description:
        'highs, own (interior point, no whole numbers) or auto (own for large linear plans, highs otherwise)',
      default: 'auto',
    },
    { flags: '--out <folder>', description: 'write the network with its results as CSV files' },
    { flags: '--details', description: 'with --json: prices per bus and snapshot as well' },
  ],
  examples: ['madang energy plan ac-dc-meshed --json', 'madang energy plan model-energy --every 8 --alternatives 0.02'],
  async run([folder], options, io): Promise<Outcome> {
    const start = performance.now();
    const energy = await import('@madang/energy');
    const { plainly } = await import('./read.ts');
    const { readPlanFolder, writePlanFolder } = await import('./plan-folder.ts');
    const { planScenarios, riskOf, SCENARIOS } = await import('./plan-scenarios.ts');
    const number = (flag: string): number | undefined => {
      const v = options[flag];
      if (v === undefined) return undefined;
      const x = Number(v);
      if (Number.isNaN(x))
        throw new CommandError(`--${flag.replace(/[A-Z]/g, c => `-${c.toLowerCase()}`)}: "${v}" is not a number`, 2);
      return x;
    };
    const method = String(options['method']);
    if (method !== 'simplex' && method !== 'interior' && method !== 'choose')
      throw new CommandError(`--method ${method} is unknown; there are simplex, interior and choose`, 2);
    const choice = String(options['solver']);
    if (choice !== 'highs' && choice !== 'own' && choice !== 'auto')
      throw new CommandError(`--solver ${choice} is unknown; there are highs, own and auto`, 2);
    const own = (await import('@madang/numerics')).interiorSolver;
    const solver = choice === 'own' ? own : await (await import('./highs.ts')).highsSolver();
    const files = await readPlanFolder(String(folder));
    const readAt = performance.now();
    const every = number('every');
    const segments = number('segments');
    const cap = number('co2Cap');
    const price = number('co2Price');
    const build = (of: ReadonlyMap<string, string>): PlanProgram => {
      let network = plainly(() => energy.readFolder(of));
      for (const note of network.notes) io.log(`note: ${note}`);
      if (every !== undefined) network = energy.aggregateEvery(network, every);
      if (segments !== undefined) network = energy.aggregateSegments(network, segments);
      return plainly(() =>
        energy.buildPlan(network, {
          ...(cap !== undefined ? { co2Cap: cap } : {}),
          ...(price !== undefined ? { co2Price: price } : {}),
        }),
      );
    };
    const seconds = number('seconds');
    const solverOptions = {
      method,
      mipGap: number('mipGap') ?? 1e-6,
      ...(seconds !== undefined ? { seconds } : {}),
    } as const;
    const details = options['details'] === true;
    if (files.has(SCENARIOS)) {
      for (const flag of ['sweep', 'secure', 'alternatives', 'out'])
        if (options[flag] !== undefined && options[flag] !== false)
          throw new CommandError(`--${flag} does not go with ${SCENARIOS}`, 2);
      const risk = typeof options['risk'] === 'string' ? { risk: riskOf(options['risk']) } : {};
      return planScenarios(String(folder), files, build, solver, solverOptions, { ...risk, details });
    }
    if (options['risk'] !== undefined) throw new CommandError(`--risk: the folder has no ${SCENARIOS}`, 2);
    const program = build(files);
    const { network } = program;
    const buildSeconds = (performance.now() - readAt) / 1000;
    if (choice === 'own' && program.model.integer)
      throw new CommandError('the interior point takes no whole numbers; use --solver highs', 2);
    io.log(`${program.model.columns} columns, ${program.model.rows} rows, built in ${buildSeconds.toFixed(2)} s`);
    const secure = options['secure'] === true ? plainly(() => energy.solveSecure(program, solver)) : undefined;
    // On large linear plans the interior point is several times faster; where its proof is not tight, HiGHS has the word.
    const large = program.model.columns >= LARGE && !program.model.integer;
    const quick =
      choice === 'auto' && large && !secure && method === 'choose' && seconds === undefined
        ? energy.solvePlan(program, own)
        : undefined;
    const sure = quick?.status === 'optimal' && quick.gap <= 1e-7 && quick.primalViolation <= 1e-6;
    const result = secure?.result ?? (sure ? quick : energy.solvePlan(program, solver, solverOptions));
    const sweep = typeof options['sweep'] === 'string' ? sweepOf(energy, program, solver, options['sweep']) : undefined;
    const margin = number('alternatives');
    const alternatives =
      margin !== undefined && result.status === 'optimal'
        ? energy.nearOptimal(program, solver, result, margin)
        : undefined;
    if (typeof options['out'] === 'string' && result.status === 'optimal')
      await writePlanFolder(options['out'], program, result);
    const maintenance = maintenanceOf(program, energy.operationOf(program, result));
    const total = (performance.now() - start) / 1000;
    return {
      json: {
        ...planJson(program, result, { secure, sweep, alternatives, maintenance, details }),
        seconds: total,
        buildSeconds,
        solver: sure ? own.name : solver.name,
      },
      text: planText(network.name, program, result, total, alternatives ?? [], maintenance),
      exit: result.status === 'optimal' ? 0 : 1,
    };
  },
};

function sweepOf(
  energy: typeof import('@madang/energy'),
  program: PlanProgram,
  solver: import('@madang/numerics').LinearSolver,
  list: string,
): { cap: number; objective: number | null; co2Price: number | null }[] {
  const caps = list.split(',').map(Number);
  if (caps.some(c => !Number.isFinite(c)))
    throw new CommandError(`--sweep ${list}: numbers, comma separated, are needed`, 2);
  const name = [...program.globalRows.keys()][0];
  if (name === undefined)
    throw new CommandError('--sweep: the network has no global constraint; give one with --co2-cap', 2);
  return energy
    .sweepCap(program, solver, name, caps)
    .map((r, k) => ({ cap: caps[k], objective: finite(r.objective), co2Price: finite(r.co2Price) }));
}
