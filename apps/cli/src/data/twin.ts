// madang data twin: a differentially private synthetic copy of a CSV file, with a report of what it keeps and what not.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Command, CommandError } from '../command.ts';

export const twin: Command = {
  name: 'twin',
  summary: 'make a synthetic copy that anyone may see',
  description: [
    'Writes a table with the columns, types and look of DATASET (a CSV file with a header), made from noised counts alone: (epsilon, delta)-differential',
    'privacy for the unit named, by zCDP with exact discrete Gaussian noise. Single columns and a tree of pairs of columns are kept; what is not kept is in',
    'the report. Column names and types are taken as public. --seed fixes the drawing of rows only: the noise always comes from the system.',
  ].join('\n'),
  arguments: [['<dataset>', 'CSV file with a header line']],
  options: [
    { flags: '--epsilon <x>', description: 'privacy loss', default: '1' },
    { flags: '--delta <x>', description: 'chance that the promise may fail', default: '1e-6' },
    { flags: '--unit <word>', description: 'who is protected, e.g. person, household, clinic', default: 'person' },
    { flags: '--rows-per-unit <n>', description: 'most rows that one unit has; you vouch for it', default: '1' },
    { flags: '--rows <n>', description: 'rows of the twin (default: the noised number of rows)' },
    { flags: '--seed <text>', description: 'seed of the drawing of rows', default: '1' },
    { flags: '--out <file>', description: 'the twin (default: <dataset>.twin.csv in this folder)' },
    { flags: '--report <file>', description: 'the report as JSON' },
  ],
  examples: [
    'madang data twin visits.csv --epsilon 1 --out visits.twin.csv',
    'madang data twin claims.csv --unit household --rows-per-unit 4 --report twin.json',
  ],
  async run([dataset], options) {
    const path = String(dataset);
    const number = (name: string, text: unknown) => {
      const x = Number(text);
      if (!Number.isFinite(x) || x <= 0) throw new CommandError(`--${name}: "${text}" is not a number above 0`, 2);
      return x;
    };
    const whole = (name: string, text: unknown) => {
      if (!/^[1-9]\d{0,8}$/.test(String(text)))
        throw new CommandError(`--${name}: "${text}" is not a whole number above 0`, 2);
      return Number(text);
    };
    const epsilon = number('epsilon', options['epsilon']);
    const delta = number('delta', options['delta']);
    const rowsAUnit = whole('rows-per-unit', options['rowsPerUnit']);
    const rows = options['rows'] === undefined ? undefined : whole('rows', options['rows']);
    const [{ makeTwin }, { formatCsv, parseCsv }] = await Promise.all([
      import('@madang/privacy'),
      import('@madang/numerics'),
    ]);
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      throw new CommandError(`${path}: ${(error as Error).message}; give a CSV file`, 2, { cause: error });
    }
    try {
      const table = parseCsv(text, path);
      const made = makeTwin(
        table.columns.map(name => ({ name, values: table.text(name) })),
        {
          epsilon,
          delta,
          unit: String(options['unit']),
          rowsAUnit,
          randomBytes: n => new Uint8Array(randomBytes(n)),
          seed: String(options['seed']),
          ...(rows === undefined ? {} : { rows }),
        },
      );
      const out = String(options['out'] ?? `${basename(path).replace(/\.csv$/i, '')}.twin.csv`);
      writeFileSync(out, formatCsv(made.columns, made.rows));
      if (options['report'] !== undefined)
        writeFileSync(String(options['report']), `${JSON.stringify(made.report, null, 2)}\n`);
      const { report } = made;
      const lines = [
        `${out}: ${report.rows} rows, ${report.columns.length} columns`,
        report.promise,
        'Columns:',
        ...report.columns.map(
          c =>
            `  ${c.name} (${c.kind}): ${c.values} values or bins, a count is off by about ${c.countError}${c.note ? `; ${c.note}` : ''}`,
        ),
        'Pairs kept:',
        ...report.keptPairs.map(p => `  ${p.columns.join(' with ')}: a joint count is off by about ${p.countError}`),
        'Kept:',
        ...report.kept.map(k => `  ${k}`),
        'Not kept:',
        ...report.lost.map(k => `  ${k}`),
        `Taken as public: ${report.takenAsPublic.join('; ')}`,
      ];
      return { json: { ok: true, out, ...report }, text: lines.join('\n') };
    } catch (error) {
      if (error instanceof CommandError) throw error;
      throw new CommandError((error as Error).message, 1, { cause: error });
    }
  },
};
