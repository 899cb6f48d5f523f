// Optimal power flow beside native HiGHS and Ipopt with MUMPS (through CasADi).
import { readdirSync, readFileSync } from 'node:fs';
import { makeGrid, readCase, solveAcOpf, solveDcOpf } from '@madang/energy';
import type { LinearSolver } from '@madang/numerics';
import { sharedData } from '../../../../scripts/shared-data.ts';
import { type Figure, medianSeconds } from '../../figure.ts';
import { figure, peer } from './peer.ts';

export async function* optimalFlows(highs: LinearSolver): AsyncIterable<Figure> {
  const file = (name: string) => sharedData(`energy/pglib/pglib_opf_${name}.m`);
  const read = (name: string) => makeGrid(readCase(readFileSync(file(name), 'utf8')), { needCosts: true });
  for (const name of ['case1354_pegase', 'case2383wp_k']) {
    const ours = await medianSeconds(() => solveDcOpf(read(name), { form: 'powermodels', solver: highs }));
    const native = await peer('dcopf', file(name));
    yield figure(`DC OPF ${name}, read, build and solve`, 's', ours, 5, {
      name: 'native HiGHS, solve alone',
      ...native,
    });
  }
  // The model in CasADi is the same as ours: polar, balances, ratings at both ends, angle limits.
  for (const name of cases()) {
    const grid = read(name);
    const ours = await medianSeconds(() => solveAcOpf(grid, { bound: false }), 3, grid.buses.count < 1000 ? 8 : 2);
    const ipopt = await peer('acopf', file(name));
    yield figure(`AC OPF ${name}, build and solve`, 's', ours, 3, {
      name: 'Ipopt with MUMPS (CasADi), solve alone',
      ...ipopt,
    });
  }
  const grid = read('case2383wp_k');
  const proven = await medianSeconds(() => solveAcOpf(grid), 1, 0);
  yield figure('AC OPF case2383wp_k with the proven gap', 's', proven, 1, { name: 'stated limit', value: 5 });
}

/** All reference cases by their number of buses. */
function cases(): string[] {
  const names = readdirSync(sharedData('energy/pglib')).flatMap(n => /^pglib_opf_(.*)\.m$/.exec(n)?.[1] ?? []);
  const buses = (name: string) => Number(/\d+/.exec(name)?.[0]);
  return names.sort((a, b) => buses(a) - buses(b));
}
