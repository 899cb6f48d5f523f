// Batches of AC power flows beside pandapower and lightsim2grid: the same grids (pandapower's own, handed over as MATPOWER cases), the same
// loads, each from the base case's answer.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeGrid, preparePowerFlow, readCase, solveBatch } from '@madang/energy';
import { sharedData } from '../../../../scripts/shared-data.ts';
import { type Figure, medianSeconds } from '../../figure.ts';
import { figure, peer } from './peer.ts';

const CASES = ['case118', 'case300', 'case1354pegase'];
const COUNT = 50;

export async function* powerFlows(): AsyncIterable<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'madang-bench-'));
  try {
    for (const name of CASES) {
      const path = join(folder, `${name}.m`);
      const handed = (await peer('matpower', name, path)).value !== undefined;
      const text = handed ? path : sharedData(`energy/pglib/pglib_opf_${name.replace('pegase', '_pegase')}.m`);
      if (!handed && name !== 'case1354pegase') continue;
      const grid = makeGrid(readCase(readFileSync(text, 'utf8'), name));
      const plan = preparePowerFlow(grid);
      const seconds = await medianSeconds(() => solveBatch(grid, COUNT, k => 1 + 0.02 * Math.sin(k), {}, plan), 5, 10);
      for (const other of ['pandapower', 'lightsim2grid'])
        yield figure(`AC power flow ${name}, one of a batch`, 'ms', (1000 * seconds) / COUNT, 5, {
          name: other,
          ...(await peer(other, name)),
        });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
