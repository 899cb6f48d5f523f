// Energy beside its peers: HiGHS (native), Ipopt with MUMPS through CasADi, PyPSA with linopy, pandapower, lightsim2grid. Peers run in the same
// run, from the Python of MADANG_PEERS (a virtual environment's folder); what is not installed is said.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildPlan,
  makeGrid,
  preparePowerFlow,
  readCase,
  readFolder,
  solveAcOpf,
  solveBatch,
  solveDcOpf,
} from '@madang/energy';
import { sharedData } from '../../../scripts/shared-data.ts';
import { type BenchSuite, type Figure, medianSeconds } from '../figure.ts';

/** Cases of the AC comparison; the model in CasADi is the same as ours (polar, balances, ratings at both ends, angle limits). */
const AC_CASES = ['case118_ieee', 'case500_goc', 'case1354_pegase', 'case2383wp_k'];
const FLOW_CASES = ['case118_ieee', 'case300_ieee', 'case1354_pegase'];

export const energy: BenchSuite = async function* () {
  // pandapower and PyPSA ask for different versions of pandas, so the power flows may have an environment of their own.
  const flows = new Set(['pandapower', 'lightsim2grid']);
  const pythonOf = (task: string) =>
    join(
      (flows.has(task) ? process.env['MADANG_PEERS_FLOW'] : undefined) ?? process.env['MADANG_PEERS'] ?? '/nowhere',
      'bin/python',
    );
  const script = join(import.meta.dirname, 'energy-peers.py');
  const peer = async (task: string, ...args: string[]): Promise<{ value: number | undefined; note: string }> => {
    const python = pythonOf(task);
    if (!existsSync(python))
      return { value: undefined, note: 'no Python peers: set MADANG_PEERS to a virtual environment' };
    const { out, code } = await output(python, [script, task, ...args]);
    const last = out.trim().split('\n').pop() ?? '';
    const value = Number(last);
    return code === 0 && Number.isFinite(value)
      ? { value, note: '' }
      : { value: undefined, note: last.slice(0, 120) || `exit ${code}` };
  };
  const file = (name: string) => sharedData(`energy/pglib/pglib_opf_${name}.m`);
  const read = (name: string) => makeGrid(readCase(readFileSync(file(name), 'utf8')), { needCosts: true });
  const figure = (
    name: string,
    unit: string,
    ours: number,
    runs: number,
    smallerIsBetter: boolean,
    against?: Figure['against'],
  ): Figure => ({
    name,
    unit,
    ours,
    runs,
    smallerIsBetter,
    ...(against ? { against } : {}),
  });

  const { highsSolver } = await import('@madang/cli');
  const highs = await highsSolver();
  for (const name of ['case1354_pegase', 'case2383wp_k']) {
    const ours = await medianSeconds(() => solveDcOpf(read(name), { form: 'powermodels', solver: highs }));
    const p = await peer('dcopf', file(name));
    yield figure(`DC OPF ${name}, read, build and solve`, 's', ours, 5, true, {
      name: 'native HiGHS, solve alone',
      ...p,
    });
  }
  for (const name of AC_CASES) {
    const grid = read(name);
    const ours = await medianSeconds(() => solveAcOpf(grid, { bound: false }), 3, grid.buses.count < 1000 ? 8 : 2);
    const p = await peer('acopf', file(name));
    yield figure(`AC OPF ${name}, build and solve`, 's', ours, 3, true, {
      name: 'Ipopt with MUMPS (CasADi), solve alone',
      ...p,
    });
  }
  const grid = read('case2383wp_k');
  yield figure(
    'AC OPF case2383wp_k with the proven gap',
    's',
    await medianSeconds(() => solveAcOpf(grid), 1, 0),
    1,
    true,
    {
      name: 'stated limit',
      value: 5,
    },
  );
  for (const folder of ['pypsa_ac_dc_meshed/inputs', 'pypsa_model_energy']) {
    const at = sharedData(`energy/${folder}`);
    const files = new Map(
      readdirSync(at)
        .filter(n => n.endsWith('.csv'))
        .map(n => [n, readFileSync(join(at, n), 'utf8')]),
    );
    const network = readFolder(files);
    const ours = await medianSeconds(() => buildPlan(network));
    const p = await peer('build', at);
    yield figure(`plan ${folder}: build the program`, 's', ours, 5, true, { name: 'PyPSA with linopy', ...p });
    const before = process.memoryUsage();
    const program = buildPlan(network);
    const bytes =
      process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before.arrayBuffers - before.heapUsed;
    const m = await peer('memory', at);
    yield figure(
      `plan ${folder}: memory of the program (${program.model.rows} rows)`,
      'MB',
      Math.max(bytes, 1) / 1e6,
      1,
      true,
      {
        name: 'PyPSA with linopy, growth of the peak',
        ...m,
      },
    );
    const whole = await medianSeconds(() => highs.solve(buildPlan(readFolder(files)).model), 1, 0);
    const q = await peer('plan', at);
    yield figure(`plan ${folder}: read, build and solve`, 's', whole, 1, true, {
      name: 'PyPSA with linopy and HiGHS',
      ...q,
    });
  }
  for (const name of FLOW_CASES) {
    const g = read(name);
    const plan = preparePowerFlow(g);
    const count = 200;
    const seconds = await medianSeconds(() => solveBatch(g, count, (c, i) => 1 + 0.02 * Math.sin(c + i), {}, plan), 3);
    for (const p of ['pandapower', 'lightsim2grid'])
      yield figure(`AC power flow ${name}, one of a batch`, 'ms', (1000 * seconds) / count, 3, true, {
        name: p,
        ...(await peer(p, file(name))),
      });
  }
};

function output(command: string, args: readonly string[]): Promise<{ out: string; code: number }> {
  return new Promise(resolve => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (d: Buffer) => {
      out += d.toString();
    });
    child.stderr.on('data', (d: Buffer) => {
      err += d.toString();
    });
    child.on('error', e => resolve({ out: e.message, code: 1 }));
    child.on('close', code => resolve({ out: code === 0 ? out : err || out, code: code ?? 1 }));
  });
}
