// One array of counts behind several tables that share axes. Only the tables are published, so nobody can tell this array from the true one, and a witness
// made in it (linked.ts) protects the tables as one made in the truth would. Exists whenever the tables form no circle (Tarjan, Yannakakis 1984).
import type { CountArray } from './linked.ts';

/** Counts with names: `counts` row-major over `levels`, the last axis fastest. */
export interface NamedTable {
  /** For messages: a path or title. */
  readonly name: string;
  readonly axes: readonly string[];
  /** Of each axis, its categories. */
  readonly levels: readonly (readonly string[])[];
  readonly counts: ArrayLike<number>;
}

export interface JoinedTables {
  readonly axes: readonly string[];
  readonly levels: readonly (readonly string[])[];
  readonly counts: CountArray;
  /** Axes of each table, in the order given. */
  readonly tables: readonly (readonly number[])[];
}

/** Most cells of the array with its totals. */
const MOST_CELLS = 1_000_000;

/**
 * Whole counts over all axes together, of which each table is a margin. Throws RangeError when two tables disagree on what they share (naming both, the
 * category and the counts), when they close a circle (a-b, b-c, c-a), and above a million cells.
 */
export function joinTables(given: readonly NamedTable[]): JoinedTables {
  if (given.length === 0) throw new RangeError('tables: none is given');
  const axes = [...new Set(given.flatMap(t => t.axes))];
  const levels = axes.map(axis => [
    ...new Set(given.flatMap(t => (t.axes.includes(axis) ? t.levels[t.axes.indexOf(axis)] : []))),
  ]);
  const cells = levels.reduce((n, l) => n * (l.length + 1), 1);
  if (cells > MOST_CELLS) throw new RangeError(`tables: ${cells} cells with totals are more than a million`);
  let joined: Counts | undefined;
  const done: NamedTable[] = [];
  for (const next of inOrder(given)) {
    const table = aligned(next, axes, levels);
    joined = joined ? extended(joined, table, { next, done, axes, levels }) : table;
    done.push(next);
  }
  const order = axes.map((_, k) => k);
  return {
    axes,
    levels,
    counts: { shape: levels.map(l => l.length), values: arranged(joined!, order, levels) },
    tables: given.map(t => t.axes.map(a => axes.indexOf(a))),
  };
}

/** Counts by key: the numbers of the levels along `over`, ascending axes. */
interface Counts {
  readonly over: readonly number[];
  readonly entries: readonly (readonly [levels: readonly number[], count: number])[];
}

/** The next table is the one that shares most with a single earlier one: without circles, all that it shares then lies in that one. */
function inOrder(given: readonly NamedTable[]): NamedTable[] {
  const left = [...given];
  const out = left.splice(0, 1);
  while (left.length > 0) {
    const seen = new Set(out.flatMap(t => t.axes));
    const shared = left.map(t => t.axes.filter(a => seen.has(a)).length);
    out.push(...left.splice(shared.indexOf(Math.max(...shared)), 1));
  }
  return out;
}

/** A table in the common numbering of axes and levels; empty cells are left out. */
function aligned(t: NamedTable, axes: readonly string[], levels: readonly (readonly string[])[]): Counts {
  const over = t.axes.map(a => axes.indexOf(a));
  const numbers = t.levels.map((l, k) => l.map(name => levels[over[k]].indexOf(name)));
  const entries: [number[], number][] = [];
  for (let i = 0; i < t.counts.length; i++) {
    if (t.counts[i] === 0) continue;
    let rest = i;
    const at = new Array<number>(over.length);
    for (let k = over.length - 1; k >= 0; k--) {
      at[k] = numbers[k][rest % numbers[k].length];
      rest = Math.floor(rest / numbers[k].length);
    }
    entries.push([at, t.counts[i]]);
  }
  return { over, entries };
}

interface Context {
  readonly next: NamedTable;
  readonly done: readonly NamedTable[];
  readonly axes: readonly string[];
  readonly levels: readonly (readonly string[])[];
}

/** The joint counts with a table's further axes: within each combination that both have, in proportion, then what is left over in order. */
function extended(joint: Counts, table: Counts, context: Context): Counts {
  const shared = table.over.filter(a => joint.over.includes(a));
  const added = table.over.filter(a => !joint.over.includes(a));
  const [mine, theirs] = [grouped(joint, shared), grouped(table, shared)];
  const entries: [number[], number][] = [];
  for (const key of new Set([...mine.keys(), ...theirs.keys()])) {
    const [rows, columns] = [mine.get(key) ?? [], theirs.get(key) ?? []];
    const [a, b] = [rows, columns].map(list => list.reduce((n, [, v]) => n + v, 0));
    if (a !== b) throw new RangeError(disagreement(context, shared, key, a, b));
    const [down, across] = [rows, columns].map(list => list.map(([, v]) => v));
    const filled = rows.map(() => new Float64Array(columns.length));
    const put = (i: number, j: number, most: number) => {
      const n = Math.min(most, down[i], across[j]);
      filled[i][j] += n;
      down[i] -= n;
      across[j] -= n;
    };
    for (const [i, row] of rows.entries())
      for (const [j, column] of columns.entries()) put(i, j, Math.floor((row[1] / a) * column[1]));
    for (let i = 0; i < rows.length; i++)
      for (let j = 0; j < columns.length && down[i] > 0; j++) put(i, j, Number.POSITIVE_INFINITY);
    for (const [i, [at]] of rows.entries())
      for (const [j, [other]] of columns.entries())
        if (filled[i][j] > 0) entries.push([[...at, ...added.map(x => other[table.over.indexOf(x)])], filled[i][j]]);
  }
  return { over: [...joint.over, ...added], entries };
}

function grouped(c: Counts, by: readonly number[]): Map<string, Counts['entries'][number][]> {
  const groups = new Map<string, Counts['entries'][number][]>();
  const places = by.map(a => c.over.indexOf(a));
  for (const entry of c.entries) {
    const key = places.map(p => entry[0][p]).join(',');
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }
  return groups;
}

function disagreement(c: Context, shared: readonly number[], key: string, a: number, b: number): string {
  const names = shared.map(k => c.axes[k]);
  const one = c.done.find(t => names.every(n => t.axes.includes(n)));
  if (!one)
    return `${c.next.name} and ${c.done.map(t => t.name).join(', ')} close a circle over ${names.join(', ')}: the counts behind them cannot be told; give one table with all columns and the tables wanted of it`;
  const numbers = key.split(',').map(Number);
  const where = names.map((n, i) => `${n} ${c.levels[shared[i]][numbers[i]]}`).join(', ') || 'all rows';
  return `${one.name} and ${c.next.name} disagree on ${where}: ${a} and ${b}; tables of one release count the same rows`;
}

function arranged(c: Counts, order: readonly number[], levels: readonly (readonly string[])[]): Float64Array {
  const values = new Float64Array(levels.reduce((n, l) => n * l.length, 1));
  const places = order.map(a => c.over.indexOf(a));
  for (const [at, count] of c.entries)
    values[places.reduce((cell, p, k) => cell * levels[order[k]].length + at[p], 0)] += count;
  return values;
}
