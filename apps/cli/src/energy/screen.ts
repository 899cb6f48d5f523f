// madang energy screen: which single outages overload what (N-1, by distribution factors).
import type { Command, Outcome } from '../command.ts';

export const screen: Command = {
  name: 'screen',
  summary: 'N-1 screening: what the loss of each branch overloads',
  description:
    "Takes the DC flows of the file's generation (or of the DC optimum with --opf), loses every branch in turn and lists the overloads. Loadings are shares " +
    'of the rating; outages that part the grid are listed as such.',
  arguments: [['<case>', 'MATPOWER case file']],
  options: [
    { flags: '--opf', description: "start from the DC optimal power flow instead of the file's generation" },
    { flags: '--top <n>', description: 'how many outages to list', default: '20' },
  ],
  examples: ['madang energy screen case118.m --opf'],
  async run([path], options): Promise<Outcome> {
    const { readGridFile, plainly } = await import('./read.ts');
    const energy = await import('@madang/energy');
    const fromOptimum = options['opf'] === true;
    const grid = await readGridFile(String(path), { needCosts: fromOptimum });
    const start = performance.now();
    const list = plainly(() => {
      const net = energy.dcNetwork(grid);
      if (!fromOptimum) return energy.screen(net);
      const r = energy.solveDcOpf(grid, { form: 'matpower' });
      return energy.screen(net, r.flowFromMw);
    });
    const seconds = (performance.now() - start) / 1000;
    const top = Number(options['top']);
    const splitting = list.filter(c => c.splits);
    const overloading = list.filter(c => c.overloads.length > 0);
    const name = (row: number) => {
      const k = grid.branches.row.indexOf(row);
      return `row ${row} (${grid.buses.number[grid.branches.from[k]]}-${grid.buses.number[grid.branches.to[k]]})`;
    };
    return {
      json: {
        ok: true,
        outages: list.length,
        splitting: splitting.map(c => c.outageRow),
        overloading: overloading.length,
        seconds,
        worst: overloading
          .slice(0, top)
          .map(c => ({ outageRow: c.outageRow, loading: c.worst, overloads: c.overloads.slice(0, 20) })),
      },
      text: [
        `${grid.name}: ${list.length} outages in ${seconds.toFixed(2)} s; ${splitting.length} part the grid, ${overloading.length} overload something`,
        ...overloading
          .slice(0, top)
          .map(
            c =>
              `  without ${name(c.outageRow)}: ${name(c.overloads[0].row)} at ${(100 * c.worst).toFixed(0)} %, ${c.overloads.length} overloaded`,
          ),
      ].join('\n'),
    };
  },
};
