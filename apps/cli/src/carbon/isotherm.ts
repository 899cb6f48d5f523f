// madang carbon isotherm: how much CO2 and nitrogen a sorbent of the table holds at given points.
import type { Table } from '@madang/numerics';
import { type Command, CommandError } from '../command.ts';
import { numberOption, readTable, said } from './read.ts';
import { provenance, writeTable } from './tables.ts';

const COLUMNS = ['row', 'T_K', 'P_Pa', 'y_CO2', 'q_CO2_mol_kg', 'q_N2_mol_kg'];

export const isotherm: Command = {
  name: 'isotherm',
  summary: 'equilibrium loadings of CO2 and N2 (competitive dual-site Langmuir)',
  description:
    'One point (--k, --pa, --co2) or a table of points (--points: columns T_K, P_Pa, y_CO2; with a column row, each names its own sorbent). The rest of the gas is nitrogen.',
  options: [
    { flags: '--sorbents <file>', description: 'table as dual_site_langmuir_parameters.csv', required: true },
    { flags: '--sorbent <row>', description: 'row of the sorbent table' },
    { flags: '--points <file>', description: 'points as CSV' },
    { flags: '--k <K>', description: 'temperature', default: '298.15' },
    { flags: '--pa <Pa>', description: 'pressure', default: '100000' },
    { flags: '--co2 <share>', description: 'mole fraction of CO2', default: '0.15' },
    { flags: '--out <file>', description: 'loadings as CSV' },
  ],
  examples: ['madang carbon isotherm --sorbents dual_site_langmuir_parameters.csv --sorbent 16 --k 313.15 --co2 0.15'],
  async run(_args, options) {
    const { loading, readSorbent } = await import('@madang/carbon');
    const file = String(options['sorbents']);
    const table = readTable(file, '--sorbents');
    const row = options['sorbent'] as string | undefined;
    const points = typeof options['points'] === 'string' ? options['points'] : undefined;
    const at = points === undefined ? [single(options)] : readPoints(readTable(points, '--points'), points, row);
    const rows = at.map(p => {
      const name = p.row ?? row;
      if (name === undefined) throw new CommandError('say which sorbent with --sorbent', 2);
      const { isotherm: model } = said(() => readSorbent(table, file, name));
      const q = loading(model, p.k, p.pa * p.co2, p.pa * (1 - p.co2));
      return [name, p.k, p.pa, p.co2, ...q.map(x => Number(x.toPrecision(10)))];
    });
    if (options['out'])
      writeTable(
        String(options['out']),
        COLUMNS,
        rows,
        provenance('isotherm', points === undefined ? [file] : [file, points], 'isotherm'),
      );
    return {
      json: { ok: true, points: rows.map(r => Object.fromEntries(COLUMNS.map((c, i) => [c, r[i]]))) },
      text: rows
        .map(r => `sorbent ${r[0]}, ${r[1]} K, ${r[2]} Pa, ${r[3]} CO2: ${r[4]} mol CO2/kg, ${r[5]} mol N2/kg`)
        .join('\n'),
    };
  },
};

interface Point {
  readonly row?: string | undefined;
  readonly k: number;
  readonly pa: number;
  readonly co2: number;
}

const CHECKS = [
  ['T_K', 'k', '--k', (x: number) => x >= 150 && x <= 1000, 'between 150 and 1,000'],
  ['P_Pa', 'pa', '--pa', (x: number) => x >= 0 && x <= 1e8, 'between 0 and 1e8'],
  ['y_CO2', 'co2', '--co2', (x: number) => x >= 0 && x <= 1, 'between 0 and 1'],
] as const;

function single(options: Readonly<Record<string, unknown>>): Point {
  const [k, pa, co2] = CHECKS.map(([, key, flag, is, want]) => {
    const x = numberOption(options[key], flag);
    if (!is(x)) throw new CommandError(`${flag} must be ${want}, not ${x}`, 2);
    return x;
  });
  return { k, pa, co2 };
}

/** Points of a table; without `row` each names its sorbent in column "row". */
function readPoints(t: Table, file: string, row: string | undefined): Point[] {
  const rows = row === undefined ? said(() => t.text('row')) : undefined;
  const [k, pa, co2] = CHECKS.map(([column, , , is, want]) => {
    const values = said(() => t.numbers(column));
    values.forEach((x, i) => {
      if (!is(x))
        throw new CommandError(
          `${file}, row ${t.line(i)}, column "${column}": ${Number.isNaN(x) ? 'missing' : x}; it must be ${want}`,
        );
    });
    return values;
  });
  return Array.from(k, (_, i) => ({ row: rows?.[i], k: k[i], pa: pa[i], co2: co2[i] }));
}
