// madang carbon tradeoff: the curve between purity, recovery and energy of a vacuum-swing design.
import { dirname, join } from 'node:path';
import { random } from '@madang/numerics';
import { type Command, CommandError } from '../command.ts';
import { numberOption, readJson, readTable, said } from './read.ts';
import { provenance, writeTable } from './tables.ts';

export const tradeoff: Command = {
  name: 'tradeoff',
  summary: 'which purity, recovery and energy a sorbent can reach together',
  description:
    'Searches the operating points of `madang carbon vsa` for those of which none is better in purity, recovery and energy at once. The search uses a coarse column; every point shown is computed again on the full one, and left out when that has no answer.',
  options: [
    { flags: '--params <file>', description: 'gas, bed and kinetics', required: true },
    { flags: '--sorbent <row>', description: 'row of the sorbent table', required: true },
    { flags: '--sorbents <file>', description: 'sorbent table (default: beside --params)' },
    { flags: '--population <n>', description: 'designs kept in each round', default: '16' },
    { flags: '--generations <n>', description: 'rounds', default: '4' },
    { flags: '--seed <text>', description: 'seed of the search', default: 'tradeoff' },
    { flags: '--out <file>', description: 'the curve as CSV' },
  ],
  examples: ['madang carbon tradeoff --sorbent 16 --params psa_column_parameters.json --out curve.csv'],
  async run(_args, options, io) {
    const carbon = await import('@madang/carbon');
    const params = String(options['params']);
    const table = options['sorbents']
      ? String(options['sorbents'])
      : join(dirname(params), 'dual_site_langmuir_parameters.csv');
    const { bed, pressurisationS, blowdownS } = said(() => carbon.readBed(readJson(params, '--params'), params));
    const sorbent = said(() => carbon.readSorbent(readTable(table, '--sorbents'), table, String(options['sorbent'])));
    const [population, generations] = [
      numberOption(options['population'], '--population'),
      numberOption(options['generations'], '--generations'),
    ];
    if (!Number.isInteger(population) || population < 4 || !Number.isInteger(generations) || generations < 0)
      throw new CommandError('--population wants a whole number from 4, --generations from 0', 2);
    const variables = [
      { name: 'lowPa', least: 1500, most: 20000 },
      { name: 'feedMS', least: 0.3, most: 1.6 },
      { name: 'adsorptionS', least: 50, most: 350 },
      { name: 'heavyRefluxS', least: 20, most: 160 },
      { name: 'lightRefluxS', least: 30, most: 160 },
      { name: 'lightReflux', least: 0.005, most: 0.12 },
      { name: 'heavyReflux', least: 0.4, most: 0.95 },
    ];
    const operation = (x: readonly number[]) => ({
      ...(Object.fromEntries(variables.map((v, i) => [v.name, x[i]])) as Record<
        'lowPa' | 'feedMS' | 'adsorptionS' | 'heavyRefluxS' | 'lightRefluxS' | 'lightReflux' | 'heavyReflux',
        number
      >),
      highPa: 1e5,
      pressurisationS,
      blowdownS,
    });
    const run = (x: readonly number[], cells: number) =>
      carbon.steadyState(bed, sorbent, operation(x), { ...carbon.DEFAULTS, cells });
    const progress = io.progress('designs', population * (generations + 1));
    const found = carbon.tradeOff(
      variables,
      x => {
        const r = run(x, 10);
        return r.converged ? [1 - r.purity, 1 - r.recovery, r.energyKwhPerTonne] : undefined;
      },
      { population, generations },
      random(String(options['seed'])),
      () => progress.tick(),
    );
    progress.done();
    const again = io.progress('points on the full column', found.length);
    const computed = found.flatMap(p => {
      const r = run(p.x, 30);
      again.tick();
      if (!r.converged) return [];
      const { purity, recovery, energyKwhPerTonne, productivityMolKgH, massError, energyError } = r;
      return [{ purity, recovery, energyKwhPerTonne, productivityMolKgH, massError, energyError, ...operation(p.x) }];
    });
    again.done();
    const objectives = (c: (typeof computed)[number]) => [1 - c.purity, 1 - c.recovery, c.energyKwhPerTonne];
    const curve = computed
      .filter(c => !computed.some(d => carbon.dominates(objectives(d), objectives(c))))
      .sort((a, b) => b.purity - a.purity);
    if (curve.length === 0) throw new CommandError('no design of the search had an answer', 1);
    if (options['out'])
      writeTable(
        String(options['out']),
        Object.keys(curve[0]),
        curve.map(c => Object.values(c)),
        provenance('tradeoff', [`seed ${options['seed']}`, sorbent.name, table, params], 'column'),
      );
    const text = curve
      .map(
        c =>
          `purity ${(100 * c.purity).toFixed(1)} %  recovery ${(100 * c.recovery).toFixed(1)} %  ${c.energyKwhPerTonne.toFixed(0)} kWh/t  ${c.productivityMolKgH.toFixed(2)} mol/kg/h`,
      )
      .join('\n');
    return { json: { ok: true, sorbent: sorbent.name, curve }, text };
  },
};
