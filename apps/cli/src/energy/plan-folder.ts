// PyPSA's CSV folders on disk.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlanProgram, PlanResult } from '@madang/energy';
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

/**
 * Writes the network with the chosen capacities (p_nom_opt, s_nom_opt, e_nom_opt), its operation (generators-p.csv, stores-e.csv, …) and the
 * prices, under PyPSA's names.
 */
export async function writePlanFolder(folder: string, program: PlanProgram, result: PlanResult): Promise<void> {
  const { network } = program;
  const { operationOf, writeFolder } = await import('@madang/energy');
  const { formatCsv } = await import('@madang/numerics');
  const suffix: Record<string, string> = { lines: 's_nom_opt', transformers: 's_nom_opt', stores: 'e_nom_opt' };
  const results = Object.fromEntries(
    Object.entries(result.capacities).map(([list, map]) => [list, { [suffix[list] ?? 'p_nom_opt']: map }]),
  );
  const files = writeFolder(network, results);
  const series = (name: string, of: ReadonlyMap<string, Float64Array>) => {
    if (of.size === 0) return;
    const rows = Array.from({ length: network.time.count }, (_, t) => [t, ...[...of.values()].map(v => v[t])]);
    files.set(name, formatCsv(['', ...of.keys()], rows));
  };
  for (const [list, attributes] of Object.entries(operationOf(program, result)))
    for (const [attribute, of] of Object.entries(attributes)) series(`${list}-${attribute}.csv`, of);
  series('buses-marginal_price.csv', result.prices);
  await mkdir(folder, { recursive: true });
  await Promise.all([...files].map(([name, content]) => writeFile(join(folder, name), content)));
}
