// madang carbon vsa: a pressure or vacuum swing column at cyclic steady state.
import type { Operation, Steady } from '@madang/carbon';
import { type Command, CommandError } from '../command.ts';
import { COLUMN_OPTIONS, readColumn } from './column-input.ts';
import { numberOption } from './read.ts';
import { provenance, writeFigures, writeTable } from './tables.ts';

export const vsa: Command = {
  name: 'vsa',
  summary: 'a pressure or vacuum swing column: purity, recovery, energy',
  description: [
    'A five-step modified Skarstrom cycle (pressurisation, adsorption, heavy reflux, blowdown, light reflux) in one dimension, brought to',
    'cyclic steady state. Times of pressurisation and blowdown are those of the parameter file. An answer that has not converged, or whose',
    "mass or energy balance is open, is refused (exit 1). Energy is electric work with the file's compressor efficiency, to and from an outside at 1 bar.",
    'Heats of adsorption are taken as enthalpies.',
  ].join('\n'),
  options: [
    ...COLUMN_OPTIONS,
    { flags: '--high-pa <Pa>', description: 'pressure of adsorption', default: '100000' },
    { flags: '--low-pa <Pa>', description: 'pressure of blowdown and purge', default: '3000' },
    {
      flags: '--feed-m-s <m/s>',
      description: 'interstitial feed velocity at feed temperature and high pressure',
      default: '1',
    },
    { flags: '--adsorption-s <s>', description: 'time of adsorption', default: '210' },
    { flags: '--heavy-reflux-s <s>', description: 'time of heavy reflux; 0 leaves the step out', default: '100' },
    {
      flags: '--light-reflux-s <s>',
      description: 'time of light reflux (purge); 0 leaves the step out',
      default: '120',
    },
    { flags: '--light-reflux <share>', description: 'share of the light product that purges', default: '0.04' },
    { flags: '--heavy-reflux <share>', description: "share of the purge's outflow that is fed again", default: '0.87' },
    { flags: '--cells <n>', description: 'finite volumes', default: '30' },
    { flags: '--out <file>', description: 'the figures as CSV' },
    { flags: '--profile <file>', description: 'the column at the end of the cycle as CSV' },
  ],
  examples: ['madang carbon vsa --sorbent 16 --params psa_column_parameters.json --json'],
  async run(_args, options) {
    const carbon = await import('@madang/carbon');
    const { bed, pressurisationS, blowdownS, sorbent, files } = await readColumn(options);
    const number = (key: string, flag: string) => numberOption(options[key], flag);
    const cells = number('cells', '--cells');
    if (!Number.isInteger(cells) || cells < 5 || cells > 400)
      throw new CommandError(`--cells wants a whole number from 5 to 400, not ${cells}`, 2);
    const operation = {
      highPa: number('highPa', '--high-pa'),
      lowPa: number('lowPa', '--low-pa'),
      feedMS: number('feedMS', '--feed-m-s'),
      pressurisationS,
      adsorptionS: number('adsorptionS', '--adsorption-s'),
      heavyRefluxS: number('heavyRefluxS', '--heavy-reflux-s'),
      blowdownS,
      lightRefluxS: number('lightRefluxS', '--light-reflux-s'),
      lightReflux: number('lightReflux', '--light-reflux'),
      heavyReflux: number('heavyReflux', '--heavy-reflux'),
    };
    const impossible = carbon.checkOperation(operation);
    if (impossible) throw new CommandError(impossible, 2);
    const started = performance.now();
    const r = carbon.steadyState(bed, sorbent, operation, { ...carbon.DEFAULTS, cells });
    const seconds = Number(((performance.now() - started) / 1000).toFixed(3));
    if (!r.converged) {
      const json = { ok: false, sorbent: sorbent.name, ...r, seconds, operation };
      return { json, text: `No answer: ${r.why} (change over the last cycle ${r.change.toExponential(1)}).`, exit: 1 };
    }
    const { profile, flows, ...figures } = r;
    const from = provenance('vsa', files, 'column', sorbent.name);
    if (options['out']) writeFigures(String(options['out']), quantities(r, operation), from);
    if (options['profile']) writeProfile(String(options['profile']), profile, bed.lengthM, from);
    const json = {
      ok: true,
      sorbent: sorbent.name,
      ...figures,
      cells,
      seconds,
      operation,
      flowsMolM2: { feed: flows.feed, light: flows.light, heavy: flows.heavy },
    };
    const percent = (x: number) => `${(100 * x).toFixed(2)} %`;
    const text = [
      `${sorbent.name}`,
      `purity ${percent(r.purity)}, recovery ${percent(r.recovery)}, ${r.energyKwhPerTonne.toFixed(1)} kWh of electricity a tonne of CO2`,
      `productivity ${r.productivityMolKgH.toFixed(2)} mol CO2 per kg of sorbent and hour, cycle ${r.cycleS} s`,
      `balances open by ${percent(r.massError)} (mass) and ${percent(r.energyError)} (energy); steady after ${r.cycles} cycles of ${cells} cells, ${seconds} s`,
    ].join('\n');
    return { json, text };
  },
};

type Settled = Extract<Steady, { converged: true }>;

const quantities = (r: Settled, o: Operation): (readonly [string, number, string])[] => [
  ['purity of the CO2-rich product', r.purity, 'mole fraction'],
  ['recovery of the CO2 fed', r.recovery, 'share'],
  ['electricity', r.energyKwhPerTonne, 'kWh/t CO2'],
  ['productivity', r.productivityMolKgH, 'mol CO2/kg/h'],
  ['mass balance open by', r.massError, 'share of the feed'],
  ['energy balance open by', r.energyError, 'share of the heat of adsorption moved'],
  ['cycle', r.cycleS, 's'],
  ['high pressure', o.highPa, 'Pa'],
  ['low pressure', o.lowPa, 'Pa'],
  ['feed velocity', o.feedMS, 'm/s'],
  ['pressurisation', o.pressurisationS, 's'],
  ['adsorption', o.adsorptionS, 's'],
  ['heavy reflux', o.heavyRefluxS, 's'],
  ['blowdown', o.blowdownS, 's'],
  ['light reflux', o.lightRefluxS, 's'],
  ['light product that purges', o.lightReflux, 'share'],
  ['purge outflow fed again', o.heavyReflux, 'share'],
];

function writeProfile(file: string, profile: Settled['profile'], lengthM: number, from: string): void {
  const columns = [
    'position_m',
    'pressure_Pa',
    'temperature_K',
    'co2_mole_fraction',
    'load_CO2_mol_kg',
    'load_N2_mol_kg',
  ];
  const rows = profile.map((c, j) =>
    [((j + 0.5) * lengthM) / profile.length, c.pa, c.k, c.co2, c.loadCo2, c.loadN2].map(x => Number(x.toPrecision(8))),
  );
  writeTable(file, columns, rows, from);
}
