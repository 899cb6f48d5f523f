// madang data release: tables of counts as they may be published: small counts hidden so that totals do not give them away, the rest rounded, all of it stated.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { TableRelease } from '@madang/privacy';
import { type Command, CommandError } from '../command.ts';
import { version } from '../version.ts';

/** Intervals shown as text; --json has all. */
const LINES = 20;

export const release: Command = {
  name: 'release',
  summary: 'protect tables of counts for publication',
  description: [
    'Each TABLE is a CSV file with one row a combination of categories and a column of counts, without totals; combinations that have no row count 0. Totals are',
    'added, counts from 1 to threshold - 1 are hidden, and as many others as it takes that no small one can be worked out from the rest to within less than',
    '--width. --by makes several tables of one file; several files are linked tables over the same rows (at most a million combinations). A TABLE may also be',
    'a study\'s result for one reader (JSON of `madang node answers`, a histogram). OUT: the categories ("total" where summed over), the count (empty if hidden),',
    'status, provenance. What is printed besides is for the owner: it tells small counts from others that are hidden for their sake; publish OUT alone, and once.',
    'A zero may be hidden for the sake of another count; where readers know that a combination cannot occur, that protects less than stated.',
  ].join('\n'),
  arguments: [['<tables...>', 'CSV files of counts, or one result of a study']],
  options: [
    { flags: '--cell <column>', description: 'the column of counts', default: 'count' },
    {
      flags: '--by <columns...>',
      description: 'tables to publish of one file, e.g. region,age region,sex (default: all columns)',
    },
    { flags: '--threshold <n>', description: 'least count that is shown', default: '10' },
    {
      flags: '--width <n>',
      description: 'range that a reader is left with for each small count (default: the threshold)',
    },
    { flags: '--zeros', description: 'hide zeros as well' },
    { flags: '--round <n>', description: 'round shown counts to multiples of n', default: '1' },
    { flags: '--rounding <method>', description: 'nearest, or random (right on average)', default: 'nearest' },
    { flags: '--out <file>', description: 'the table to publish (default: <first table>.release.csv in this folder)' },
  ],
  examples: [
    'madang data release cases.csv --threshold 10 --round 5 --out published.csv',
    'madang data release cases.csv --by region,age region,sex --json',
    'madang data release region-age.csv region-sex.csv --cell cases --out published.csv',
  ],
  async run([tables], options) {
    const paths = tables as readonly string[];
    const whole = (flag: string, text: unknown, least: number) => {
      if (!/^\d{1,9}$/.test(String(text)) || Number(text) < least)
        throw new CommandError(`${flag}: "${String(text)}" is not a whole number of at least ${least}`, 2);
      return Number(text);
    };
    const threshold = whole('--threshold', options['threshold'], 2);
    const width = options['width'] === undefined ? threshold : whole('--width', options['width'], 1);
    const base = whole('--round', options['round'], 1);
    const method = String(options['rounding']);
    if (method !== 'nearest' && method !== 'random')
      throw new CommandError(`--rounding: "${method}" is neither nearest nor random`, 2);
    const zeros = options['zeros'] === true;
    const cell = String(options['cell']);
    const by = options['by'] as string[] | undefined;
    if (by && paths.length > 1)
      throw new CommandError('--by: it makes tables of one file; with several files each is a table', 2);
    const out = String(options['out'] ?? `${basename(paths[0]).replace(/\.(csv|json)$/i, '')}.release.csv`);
    if (paths.some(p => resolve(p) === resolve(out)))
      throw new CommandError(`--out: ${out} is the table itself; it would be overwritten`, 2);
    const [{ joinTables, releaseTables }, { formatCsv }, { readCounts }] = await Promise.all([
      import('@madang/privacy'),
      import('@madang/numerics/csv'),
      import('./release-input.ts'),
    ]);
    const files = paths.map(p => readCounts(p, cell));
    const joined = asUse(() => joinTables(files));
    const wanted = by ? by.map(list => axesOf(list, joined.axes)) : joined.tables;
    const made = asUse(() =>
      releaseTables(joined.counts, wanted, {
        threshold,
        width,
        zeros,
        base,
        ...(method === 'random' ? { randomBytes: (n: number) => new Uint8Array(randomBytes(n)) } : {}),
      }),
    );
    if (!made.ok) return { json: made, text: `Refused: ${made.refusal.why}.`, exit: 1 };

    const used = joined.axes.flatMap((_, k) => (wanted.some(axes => axes.includes(k)) ? [k] : []));
    const name = (at: TableRelease['cells'][number]['at']) =>
      used.map(k => (at[k] === null ? 'total' : joined.levels[k][at[k]!]));
    // No digest of the input: who has the published counts could try the hidden ones against it.
    const provenance = [
      `units: ${cell} (a count)`,
      `made by: madang data release (madang ${version()})`,
      `tables: ${wanted.map(axes => axes.map(k => joined.axes[k]).join(' x ')).join(', ')}`,
      ...files.flatMap(f => (f.note ? [`note: ${f.note}`] : [])),
      `release rule: ${made.statement}`,
    ].join('; ');
    const columns = [...used.map(k => joined.axes[k]), cell, 'status', 'provenance'];
    const rows = made.cells.map(({ at, value }, i) => [
      ...name(at),
      value ?? '',
      value === null ? 'hidden' : 'shown',
      i === 0 ? provenance : '',
    ]);
    try {
      writeFileSync(out, formatCsv(columns, rows));
    } catch (error) {
      throw new CommandError(`--out: ${(error as Error).message}`, 2, { cause: error });
    }
    const hidden = made.small + made.complementary;
    const intervals = made.intervals.map(({ at, low, high }) => ({
      cell: Object.fromEntries(name(at).map((level, i) => [joined.axes[used[i]], level])),
      low,
      high: Number.isFinite(high) ? high : null,
    }));
    const line = (i: (typeof intervals)[number]) =>
      `  ${Object.values(i.cell).join(', ')}: ${i.low} to ${i.high ?? 'any'}`;
    const text = [
      `${out}: ${made.cells.length} counts, ${hidden} hidden`,
      made.statement,
      'For the owner, not for publication:',
      `  ${made.small} hidden as they are below ${threshold}, ${made.complementary} so that those cannot be worked out`,
      made.proof === 'exact'
        ? 'What a reader can still infer of each hidden count, rounding apart:'
        : 'What a reader cannot rule out of each small count (the range he is left with is this or wider):',
      ...intervals.slice(0, LINES).map(line),
      ...(intervals.length > LINES ? [`  and ${intervals.length - LINES} more (--json has all)`] : []),
    ];
    return {
      json: {
        ok: true,
        out,
        published: { counts: made.cells.length, hidden, statement: made.statement },
        rule: { threshold, width, zeros, round: base, rounding: base === 1 ? 'none' : method },
        owner: { small: made.small, complementary: made.complementary, proof: made.proof, intervals },
      },
      text: text.join('\n'),
    };
  },
};

/** `region,age` as numbers of axes. */
function axesOf(list: string, axes: readonly string[]): number[] {
  const names = list.split(',').map(n => n.trim());
  return names.map((n, i) => {
    if (!axes.includes(n)) throw new CommandError(`--by ${list}: no column "${n}"; there are: ${axes.join(', ')}`, 2);
    if (names.indexOf(n) !== i) throw new CommandError(`--by ${list}: "${n}" stands there twice`, 2);
    return axes.indexOf(n);
  });
}

/** A RangeError says what is wrong with the input: exit 2. */
function asUse<T>(f: () => T): T {
  try {
    return f();
  } catch (error) {
    if (error instanceof RangeError) throw new CommandError(error.message, 2, { cause: error });
    throw error;
  }
}
