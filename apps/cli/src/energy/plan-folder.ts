// PyPSA's CSV folders on disk.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PlanNetwork, type PlanResult, writeFolder } from '@madang/energy';
import { CommandError } from '../command.ts';

export async function readPlanFolder(folder: string): Promise<Map<string, string>> {
  let names: string[];
  try {
    names = (await readdir(folder)).filter(n => n.endsWith('.csv'));
  } catch (error) {
    throw new CommandError(`cannot read the folder ${folder}: ${error instanceof Error ? error.message : error}`, 2, {
      cause: error,
    });
  }
  return new Map(await Promise.all(names.map(async n => [n, await readFile(join(folder, n), 'utf8')] as const)));
}

/** Writes the network with the chosen capacities (p_nom_opt, s_nom_opt, e_nom_opt) and the prices. */
export async function writePlanFolder(folder: string, network: PlanNetwork, result: PlanResult): Promise<void> {
  const suffix: Record<string, string> = { lines: 's_nom_opt', transformers: 's_nom_opt', stores: 'e_nom_opt' };
  const results = Object.fromEntries(
    Object.entries(result.capacities).map(([list, map]) => [list, { [suffix[list] ?? 'p_nom_opt']: map }]),
  );
  const files = writeFolder(network, results);
  const { formatCsv } = await import('@madang/numerics');
  const buses = [...result.prices.keys()];
  files.set(
    'buses-marginal_price.csv',
    formatCsv(
      ['', ...buses],
      Array.from({ length: network.time.count }, (_, t) => [t, ...buses.map(b => result.prices.get(b)![t])]),
    ),
  );
  await mkdir(folder, { recursive: true });
  await Promise.all([...files].map(([name, content]) => writeFile(join(folder, name), content)));
}
