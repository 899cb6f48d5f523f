// madang carbon tradeoff: the curve between purity, recovery and energy of a vacuum-swing design.
import { random } from '@madang/numerics';
import { type Command, CommandError } from '../command.ts';
import { COLUMN_OPTIONS, readColumn } from './column-input.ts';
import { numberOption } from './read.ts';
import { provenance, writeTable } from './tables.ts';

/** What the curve's CSV calls its columns, with units. */
const COLUMNS = {
  purity: 'purity_mole_fraction',
  recovery: 'recovery_share',
  energyKwhPerTonne: 'electricity_kWh_t',
  productivityMolKgH: 'productivity_mol_kg_h',
  massError: 'mass_balance_open_share',
  energyError: 'energy_balance_open_share',
  highPa: 'high_pressure_Pa',
  lowPa: 'low_pressure_Pa',
  feedMS: 'feed_velocity_m_s',
  pressurisationS: 'pressurisation_s',
  adsorptionS: 'adsorption_s',
  heavyRefluxS: 'heavy_reflux_s',
  blowdownS: 'blowdown_s',
  lightRefluxS: 'light_reflux_s',
  lightReflux: 'light_reflux_share',
  heavyReflux: 'heavy_reflux_share',
} as const;

/** Most designs in a round, and most rounds: days of work. */
const MOST = 10_000;

export const tradeoff: Command = {
  name: 'tradeoff',
  summary: 'which purity, recovery and energy a sorbent can reach together',
  description:
    'Searches the operating points of `madang carbon vsa` for those of which none is better in purity, recovery and energy at once. The search uses a coarse column; every point shown is computed again on the full one, and left out when that has no answer.',
  options: [
    ...COLUMN_OPTIONS,
    { flags: '--population <n>', description: 'designs kept in each round', default: '16' },
    { flags: '--generations <n>', description: 'rounds', default: '4' },
    { flags: '--seed <text>', description: 'seed of the search', default: 'tradeoff' },
    { flags: '--out <file>', description: 'the curve as CSV' },
  ],
  examples: ['madang carbon tradeoff --sorbent 16 --params psa_column_parameters.json --out curve.csv'],
  async run(_args, options, io) {
    const carbon = await import('@madang/carbon');
    const { bed, pressurisationS, blowdownS, sorbent, files } = await readColumn(options);
    const [population, generations] = [
      numberOption(options['population'], '--population'),
      numberOption(options['generations'], '--generations'),
    ];
    const whole = (x: number, least: number) => Number.isInteger(x) && x >= least && x <= MOST;
    if (!whole(population, 4) || !whole(generations, 0))
      throw new CommandError(`--population wants a whole number from 4 to ${MOST}, --generations from 0 to ${MOST}`, 2);
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
        Object.values(COLUMNS),
        curve.map(c => (Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]).map(k => c[k])),
        provenance('tradeoff', files, 'column', `${sorbent.name}; seed ${options['seed']}`),
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
