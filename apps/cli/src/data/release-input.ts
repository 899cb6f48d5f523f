// What `madang data release` reads: a long-form CSV of counts, or the result of a study that is for one reader. Wrong input ends with exit 2, by row and column.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseCsv, type Table } from '@madang/numerics/csv';
import { checkContributors, type NamedTable } from '@madang/privacy';
import { CommandError } from '../command.ts';

/** A category of this name would be taken for a part, while its parts are there too. */
const TOTAL = /^(grand )?totals?$|^(all|sum|overall)$/i;

export interface CountFile extends NamedTable {
  /** What a reader should know of these counts before they were released. */
  readonly note?: string;
}

/** Reads one file; `cell` is the column of counts. Combinations without a row count 0. */
export function readCounts(path: string, cell: string): CountFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw wrong(`${path}: ${(error as Error).message}; give a CSV file of counts or a study's result`, error);
  }
  if (text.trimStart().startsWith('{')) return fromResult(text, path);
  try {
    return fromTable(parseCsv(text, path), path, cell);
  } catch (error) {
    throw error instanceof CommandError ? error : wrong((error as Error).message, error);
  }
}

function fromTable(table: Table, path: string, cell: string): CountFile {
  const twice = table.columns.find((c, i) => table.columns.indexOf(c) !== i);
  if (twice !== undefined) throw wrong(`${path}: two columns are called "${twice}"`);
  const axes = table.columns.filter(c => c !== cell);
  const counts = table.text(cell);
  if (axes.length === 0) throw wrong(`${path}: beside "${cell}" there is no column of categories`);
  if (table.length === 0) throw wrong(`${path}: it has no rows`);
  const columns = axes.map(a => table.text(a));
  const levels = columns.map(c => [...new Set(c)]);
  const numbers = levels.map(l => new Map(l.map((name, i) => [name, i])));
  const size = levels.reduce((n, l) => n * (l.length + 1), 1);
  if (size > 1_000_000)
    throw wrong(`${path}: ${size} combinations with totals are more than a million; leave columns out`);
  const values = new Float64Array(levels.reduce((n, l) => n * l.length, 1));
  const rowOf = new Map<number, number>();
  for (let row = 0; row < table.length; row++) {
    let at = 0;
    for (const [k, axis] of axes.entries()) {
      const level = columns[k][row];
      const where = `${path}, row ${table.line(row)}, column "${axis}"`;
      if (level.trim() === '') throw wrong(`${where}: empty; name the category`);
      if (TOTAL.test(level.trim()))
        throw wrong(`${where}: "${level}" looks like a total; leave totals out, they are added here`);
      at = at * levels[k].length + numbers[k].get(level)!;
    }
    if (!/^\d{1,12}$/.test(counts[row].trim()))
      throw wrong(
        `${path}, row ${table.line(row)}, column "${cell}": "${counts[row].slice(0, 40)}" is not a count (a whole number from 0 to 999999999999)`,
      );
    const before = rowOf.get(at);
    if (before !== undefined)
      throw wrong(
        `${path}, row ${table.line(row)}: the same combination as row ${table.line(before)} (${axes.map((a, k) => `${a} ${columns[k][row]}`).join(', ')})`,
      );
    rowOf.set(at, row);
    values[at] = Number(counts[row]);
  }
  const made: CountFile = { name: basename(path), axes, levels, counts: values };
  const total = hiddenTotal(made);
  if (total)
    throw wrong(
      `${path}, column "${total.axis}": "${total.level}" is the sum of the others everywhere; leave totals out, they are added here`,
    );
  return made;
}

/** A category that equals the sum of its axis's others wherever anything was counted, in three places at least: a total by another name. */
function hiddenTotal(t: NamedTable): { axis: string; level: string } | undefined {
  for (const [k, names] of t.levels.entries()) {
    if (names.length < 3) continue;
    const inner = t.levels.slice(k + 1).reduce((n, l) => n * l.length, 1);
    const lines = t.counts.length / names.length;
    const sums = new Float64Array(lines);
    const value = (line: number, level: number) =>
      t.counts[Math.floor(line / inner) * inner * names.length + level * inner + (line % inner)];
    for (let line = 0; line < lines; line++) for (let n = 0; n < names.length; n++) sums[line] += value(line, n);
    if (sums.filter(s => s > 0).length < 3) continue;
    const level = names.findIndex((_, n) => sums.every((s, line) => 2 * value(line, n) === s));
    if (level >= 0) return { axis: t.axes[k], level: names[level] };
  }
  return undefined;
}

/** A histogram of a `statistics` study, alone or in the document of `madang node answers --json`. */
function fromResult(text: string, path: string): CountFile {
  let document: { results?: unknown[] };
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw wrong(`${path}: ${(error as Error).message}; it is neither CSV nor the JSON of a result`, error);
  }
  const results = document.results ?? [document];
  if (!Array.isArray(results) || results.length !== 1)
    throw wrong(`${path}: it holds ${results.length} results; give a file with one of them`);
  const result = results[0] as {
    kind?: unknown;
    contributors?: unknown;
    noise?: unknown[];
    decoded?: { edges?: unknown; counts?: unknown };
  };
  const { edges, counts } = result?.decoded ?? {};
  if (result?.kind !== 'statistics' || !isNumbers(edges) || !isNumbers(counts) || counts.length !== edges.length + 1)
    throw wrong(`${path}: only a histogram of a "statistics" study is a table of counts`);
  if (!Array.isArray(result.contributors) || result.contributors.some(c => typeof c !== 'string'))
    throw wrong(`${path}: the result does not name its contributors`);
  const enough = checkContributors({ id: path, family: path, contributors: result.contributors }, [], {
    minimum: 3,
    differencing: 'withhold',
  });
  if (!enough.ok) throw new CommandError(`${path}: ${enough.refusal.why}`, 1);
  const bad = counts.findIndex(c => !Number.isSafeInteger(c));
  if (bad >= 0) throw wrong(`${path}, bin ${bad + 1}: ${counts[bad]} is not a whole number`);
  const noised = Array.isArray(result.noise) && result.noise.length > 0;
  if (!noised && counts.some(c => c < 0)) throw wrong(`${path}: a count without noise is negative`);
  const bins = counts.map((_, i) =>
    i === 0
      ? `below ${edges[0]}`
      : i === edges.length
        ? `${edges[i - 1]} or more`
        : `${edges[i - 1]} to below ${edges[i]}`,
  );
  return {
    name: basename(path),
    axes: ['bin'],
    levels: [bins],
    counts: counts.map(c => Math.max(0, c)),
    note: `${result.contributors.length} contributors${noised ? '; the counts carry noise, and those below 0 are taken as 0' : ''}`,
  };
}

function isNumbers(x: unknown): x is number[] {
  return Array.isArray(x) && x.every(v => Number.isFinite(v));
}

function wrong(message: string, cause?: unknown): CommandError {
  return new CommandError(message, 2, { cause });
}
