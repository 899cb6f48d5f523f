// madang energy borders: operators plan together by exchanging border flows and prices only (all in this process, to study the method).
import { join } from 'node:path';
import type { Border } from '@madang/energy';
import { type Command, CommandError, type Outcome } from '../command.ts';

export const borders: Command = {
  name: 'borders',
  summary: 'plan across borders: operators exchange border flows and prices only',
  description:
    'Reads one PyPSA folder an operator and a table of borders (name,from_operator,from_bus,to_operator,to_bus,capacity_mw; the operators are the ' +
    "folders' names). Each operator keeps its plan to itself; the result comes with a certified gap to the joint optimum.",
  arguments: [
    ['<borders>', 'CSV of the borders'],
    ['<folders...>', 'one folder an operator'],
  ],
  options: [
    { flags: '--gap <gap>', description: 'certified gap at which to stop', default: '0.001' },
    { flags: '--rounds <n>', description: 'most rounds of exchange', default: '300' },
    { flags: '--rho <weight>', description: 'first weight of the quadratic term per MW^2', default: '0.05' },
  ],
  examples: ['madang energy borders borders.csv north south --json'],
  async run([table, folders], options, io): Promise<Outcome> {
    const energy = await import('@madang/energy');
    const { parseCsv } = await import('@madang/numerics');
    const { readFile } = await import('node:fs/promises');
    const { basename } = await import('node:path');
    const { readPlanFolder } = await import('./plan-folder.ts');
    const { plainly } = await import('./read.ts');
    const path = String(table);
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      throw new CommandError(`cannot read ${path}: ${error instanceof Error ? error.message : error}`, 2, {
        cause: error,
      });
    }
    const rows = plainly(() => parseCsv(text, path));
    const column = (name: string) => rows.text(name);
    const capacity = rows.numbers('capacity_mw');
    const list: Border[] = column('name').map((name, i) => ({
      name,
      from: { operator: column('from_operator')[i], bus: column('from_bus')[i] },
      to: { operator: column('to_operator')[i], bus: column('to_bus')[i] },
      capacityMw: capacity[i],
    }));
    const names = (folders as readonly string[]).map(f => basename(join(f, '.')));
    for (const b of list)
      for (const end of [b.from, b.to])
        if (!names.includes(end.operator))
          throw new CommandError(
            `${path}: border "${b.name}" names the operator "${end.operator}"; the folders are ${names.join(', ')}`,
            2,
          );
    const operators = await Promise.all(
      (folders as readonly string[]).map(async (folder, k) => {
        const files = await readPlanFolder(folder);
        return plainly(() => energy.makeOperator(names[k], energy.readFolder(files), list));
      }),
    );
    io.log(`${operators.length} operators, ${list.length} borders`);
    const start = performance.now();
    const r = energy.planTogether(operators, list, {
      gap: Number(options['gap']),
      rounds: Number(options['rounds']),
      rho: Number(options['rho']),
    });
    const seconds = (performance.now() - start) / 1000;
    return {
      json: {
        ok: r.gap <= Number(options['gap']),
        cost: r.cost,
        bound: r.bound,
        gap: r.gap,
        rounds: r.state.round,
        disagreementMw: r.state.disagreementMw,
        seconds,
        borders: list.map(b => ({
          name: b.name,
          flowMw: [...r.flows.get(b.name)!],
          price: [...r.prices.get(b.name)!],
        })),
      },
      text: `cost ${r.cost.toFixed(2)}, within ${(100 * r.gap).toPrecision(2)} % of the joint optimum after ${r.state.round} rounds, ${seconds.toFixed(1)} s`,
      exit: r.gap <= Number(options['gap']) ? 0 : 1,
    };
  },
};
