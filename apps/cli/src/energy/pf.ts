// madang energy pf: power flow of a MATPOWER case, one or thousands.
import { type Command, CommandError, type Outcome } from '../command.ts';

const METHODS = ['newton', 'decoupled', 'dc'];

export const pf: Command = {
  name: 'pf',
  summary: 'power flow: AC (Newton, fast decoupled) or DC; batches over threads',
  description:
    'Solves the voltages and flows for the generation of a case. With --cases N the loads of every bus are multiplied by random factors (normal, ' +
    '--spread, --seed) and N such cases are solved over worker threads; generation follows the total load.',
  arguments: [['<case>', 'MATPOWER case file']],
  options: [
    { flags: '--method <method>', description: METHODS.join(', '), default: 'newton' },
    { flags: '--reactive-limits', description: 'hold generators within their reactive limits (newton)' },
    { flags: '--flat', description: "start from 1 per unit and no angles instead of the file's voltages" },
    { flags: '--cases <n>', description: 'solve this many cases with random loads' },
    { flags: '--spread <share>', description: 'standard deviation of the load factors', default: '0.05' },
    { flags: '--seed <n>', description: 'seed of the factors', default: '1' },
    { flags: '--threads <n>', description: 'worker threads; default: the processors of this machine' },
    { flags: '--details', description: 'with --json: voltages and flows as well' },
  ],
  examples: ['madang energy pf case118.m', 'madang energy pf case1354pegase.m --cases 1000 --seed 7 --json'],
  async run([path], options, io): Promise<Outcome> {
    const method = String(options['method']);
    if (!METHODS.includes(method))
      throw new CommandError(`--method ${method} is unknown; there are ${METHODS.join(', ')}`, 2);
    const { readGridFile, plainly } = await import('./read.ts');
    const grid = await readGridFile(String(path));
    for (const w of grid.warnings) io.log(`note: ${w}`);
    if (options['cases'] !== undefined) {
      if (method !== 'newton') throw new CommandError('--cases needs --method newton', 2);
      const { runBatch } = await import('./pf-batch.ts');
      return runBatch(String(path), grid, options, io);
    }
    const energy = await import('@madang/energy');
    const start = performance.now();
    if (method === 'dc') {
      const flows = plainly(() => energy.dcFlows(energy.dcNetwork(grid)));
      const seconds = (performance.now() - start) / 1000;
      return {
        json: {
          ok: true,
          method,
          converged: true,
          seconds,
          ...(options['details'] === true ? { angleDegree: [...flows.angleDegree], flowMw: [...flows.flowMw] } : {}),
        },
        text: `${grid.name}: DC power flow, largest flow ${Math.max(...flows.flowMw.map(Math.abs)).toFixed(1)} MW, ${seconds.toFixed(3)} s`,
      };
    }
    const r = plainly(() =>
      method === 'decoupled'
        ? energy.solveDecoupled(grid)
        : energy.solvePowerFlow(grid, {
            reactiveLimits: options['reactiveLimits'] === true,
            start: options['flat'] === true ? 'flat' : 'case',
          }),
    );
    const seconds = (performance.now() - start) / 1000;
    return {
      json: {
        ok: r.converged,
        method,
        converged: r.converged,
        iterations: r.iterations,
        mismatchPu: Number.isFinite(r.mismatchPu) ? r.mismatchPu : null,
        lossMw: r.converged ? r.lossMw : null,
        seconds,
        voltageViolations: r.voltageViolations,
        overloads: r.overloads,
        reactiveLimited: r.reactiveLimited,
        warnings: grid.warnings,
        ...(options['details'] === true
          ? {
              buses: Array.from(grid.buses.number, (bus, i) => ({
                bus,
                voltagePu: r.voltagePu[i],
                angleDegree: r.angleDegree[i],
                generationMw: r.generationMw[i],
                generationMvar: r.generationMvar[i],
              })),
              branches: Array.from(grid.branches.row, (row, k) => ({
                row,
                fromMw: r.flowFromMw[k],
                fromMvar: r.flowFromMvar[k],
                toMw: r.flowToMw[k],
                toMvar: r.flowToMvar[k],
              })),
            }
          : {}),
      },
      text: r.converged
        ? `${grid.name}: ${method}, ${r.iterations} iterations, losses ${r.lossMw.toFixed(3)} MW, ${r.voltageViolations.length} buses outside voltage limits, ${r.overloads.length} branches overloaded, ${seconds.toFixed(3)} s`
        : `${grid.name}: no solution found (${method}, ${r.iterations} iterations, mismatch ${r.mismatchPu.toExponential(2)} per unit)`,
      exit: r.converged ? 0 : 1,
    };
  },
};
