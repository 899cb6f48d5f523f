// A synthetic twin of a table: same columns, types and look, made from noised counts alone, so that it can be given to anyone.
// Single columns, and the pairs of a tree chosen by the data under the same budget, are kept; everything else is not, and the report says so.
import { type Random, random } from '@madang/numerics';
import type { RandomBytes } from '../dp/entropy.ts';
import { Account, type Spending } from './account.ts';
import { readColumn, writeNumber } from './column.ts';
import { type Domain, findDomain } from './domain.ts';
import { chooseTree, type Edge } from './tree.ts';

export interface TwinOptions {
  readonly epsilon: number;
  readonly delta: number;
  /** Who is protected, in words, e.g. "person". */
  readonly unit: string;
  /** Most rows that one unit has in the table; the owner vouches for it. */
  readonly rowsAUnit: number;
  /** Cryptographic source for the noise. */
  readonly randomBytes: RandomBytes;
  /** Seed of the drawing of rows, which looks at noised counts only. */
  readonly seed: string | number;
  /** Rows of the twin; default: the noised number of rows. */
  readonly rows?: number;
}

export interface TwinReport {
  readonly promise: string;
  readonly epsilon: number;
  readonly delta: number;
  readonly unit: string;
  readonly rowsAUnit: number;
  readonly microRho: number;
  readonly rows: number;
  readonly columns: readonly {
    readonly name: string;
    readonly kind: string;
    /** Different values or bins shown. */
    readonly values: number;
    /** Expected error of one count. */
    readonly countError: number;
    readonly note?: string;
  }[];
  readonly keptPairs: readonly { readonly columns: readonly [string, string]; readonly countError: number }[];
  readonly kept: readonly string[];
  readonly lost: readonly string[];
  readonly takenAsPublic: readonly string[];
  readonly spending: readonly Spending[];
}

export interface Twin {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly report: TwinReport;
}

/** Shares of the budget: finding and counting values, choosing pairs, counting pairs. */
const SHARES = { values: 0.45, choice: 0.15, pairs: 0.4 };

/** Makes a twin. Throws RangeError when the table is empty or the budget too small for its columns. */
export function makeTwin(
  columns: readonly { readonly name: string; readonly values: readonly string[] }[],
  o: TwinOptions,
): Twin {
  if (columns.length === 0 || columns[0].values.length === 0) throw new RangeError('twin: the table has no rows');
  if (!(o.epsilon > 0) || !(o.delta > 0 && o.delta < 1))
    throw new RangeError(`twin: epsilon ${o.epsilon} and delta ${o.delta} do not make a budget`);
  if (!Number.isSafeInteger(o.rowsAUnit) || o.rowsAUnit < 1)
    throw new RangeError(`twin: rows a unit: ${o.rowsAUnit} is not a whole number above 0`);
  if (o.rows !== undefined && (!Number.isSafeInteger(o.rows) || o.rows < 1))
    throw new RangeError(`twin: rows: ${o.rows} is not a whole number above 0`);
  // Half of delta is for the conversion from zCDP, half for values that only one unit has.
  const account = new Account(o.epsilon, o.delta / 2, o.rowsAUnit, o.randomBytes);
  const lone = columns.length === 1 ? SHARES.choice + SHARES.pairs : 0;
  const domains = columns.map(c =>
    findDomain(
      readColumn(c.name, c.values),
      account,
      (SHARES.values + lone) / columns.length,
      o.delta / 2 / columns.length,
      o.rowsAUnit,
    ),
  );
  const edges = chooseTree(domains, account, SHARES.choice, SHARES.pairs);
  const rows = o.rows ?? Math.max(1, Math.round(median(domains.map(d => d.counts.reduce((a, b) => a + b, 0)))));
  const drawn = draw(domains, edges, rows, random(`twin ${o.seed}`));
  return {
    columns: columns.map(c => c.name),
    rows: drawn,
    report: reportOf(domains, edges, account, o, rows),
  };
}

/** Rows from the tree: the root's counts, then each child's column given its parent's code. */
function draw(domains: readonly Domain[], edges: readonly Edge[], rows: number, r: Random): string[][] {
  const codes = domains.map(() => new Uint16Array(rows));
  const done = new Set<number>([0]);
  const root = cumulative(domains[0].counts, 0, domains[0].size);
  for (let i = 0; i < rows; i++) codes[0][i] = pick(root, r);
  const left = [...edges];
  while (left.length > 0) {
    const next = left.findIndex(e => done.has(e.a) !== done.has(e.b));
    const [edge] = left.splice(next, 1);
    const forward = done.has(edge.a);
    const [parent, child] = forward ? [edge.a, edge.b] : [edge.b, edge.a];
    const table = conditional(
      domains[parent],
      domains[child],
      forward ? edge.joint : transpose(edge.joint, domains[edge.a].size, domains[edge.b].size),
      edge.deviation,
    );
    const given = Array.from({ length: domains[parent].size }, (_, p) =>
      cumulative(table, p * domains[child].size, domains[child].size),
    );
    for (let i = 0; i < rows; i++) codes[child][i] = pick(given[codes[parent][i]], r);
    done.add(child);
  }
  return Array.from({ length: rows }, (_, i) => domains.map((d, c) => show(d, codes[c][i], i, r)));
}

/**
 * Joint counts made plausible: small ones, which noise alone explains, are dropped, and both sides are fitted to the single counts (which have less
 * noise) by a few rounds of proportional fitting.
 */
function conditional(parent: Domain, child: Domain, joint: Float64Array, deviation: number): Float64Array {
  const [n, m] = [parent.size, child.size];
  const out = joint.map(v => (v > 1.5 * deviation ? v : 0));
  // A row or column left empty falls back to independence.
  const total = Math.max(
    1,
    child.counts.reduce((a, b) => a + b, 0),
  );
  for (let i = 0; i < n; i++)
    if (parent.counts[i] > 0 && !out.subarray(i * m, (i + 1) * m).some(v => v > 0))
      for (let j = 0; j < m; j++) out[i * m + j] = (parent.counts[i] * child.counts[j]) / total;
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i < n; i++) scaleTo(out, i * m, 1, m, parent.counts[i]);
    for (let j = 0; j < m; j++) scaleTo(out, j, m, n, child.counts[j]);
  }
  return out;
}

function scaleTo(x: Float64Array, from: number, stride: number, count: number, total: number): void {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += x[from + k * stride];
  if (sum > 0) for (let k = 0; k < count; k++) x[from + k * stride] *= total / sum;
}

function transpose(x: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: x.length }, (_, i) => x[(i % rows) * columns + Math.floor(i / rows)]);
}

function cumulative(x: Float64Array, from: number, count: number): Float64Array {
  const out = new Float64Array(count);
  let sum = 0;
  for (let k = 0; k < count; k++) {
    sum += x[from + k];
    out[k] = sum;
  }
  // Nothing known: every value but "missing" alike.
  return sum > 0 ? out : out.map((_, k) => (count === 1 ? 1 : k));
}

function pick(cumulated: Float64Array, r: Random): number {
  const u = r.uniform() * cumulated[cumulated.length - 1];
  let [lo, hi] = [0, cumulated.length - 1];
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (u < cumulated[mid]) hi = mid;
    else lo = mid + 1;
  }
  return lo;
}

/** A code as text; "other" is a made-up token that differs by row when the column showed no value at all (an identifier, most likely). */
function show(d: Domain, code: number, row: number, r: Random): string {
  if (code === 0) return '';
  if (d.labels) return d.labels[code - 1] ?? (d.labels.length === 0 ? `${d.column.name}-${row + 1}` : 'other');
  const [a, b] = [d.edges![code - 1], d.edges![code]];
  const unit = 10 ** -d.column.decimals;
  const x = a + (b - a) * r.uniform();
  const whole =
    d.column.kind === 'number'
      ? Math.min(Math.floor(b / unit - 1e-9), Math.max(Math.ceil(a / unit), Math.round(x / unit))) * unit
      : Math.floor(x);
  return writeNumber(d.column, whole === 0 ? 0 : whole);
}

function median(x: readonly number[]): number {
  const sorted = [...x].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function reportOf(
  domains: readonly Domain[],
  edges: readonly Edge[],
  account: Account,
  o: TwinOptions,
  rows: number,
): TwinReport {
  const name = (i: number) => domains[i].column.name;
  const round = (x: number) => Number(x.toPrecision(3));
  return {
    promise: `Whoever holds the twin learns almost the same whether any one ${o.unit} (up to ${o.rowsAUnit} ${o.rowsAUnit === 1 ? 'row' : 'rows'}) is in the table or not: (${o.epsilon}, ${o.delta})-differential privacy, whatever else they know.`,
    epsilon: o.epsilon,
    delta: o.delta,
    unit: o.unit,
    rowsAUnit: o.rowsAUnit,
    microRho: Number(account.used),
    rows,
    columns: domains.map(d => ({
      name: d.column.name,
      kind: d.column.kind,
      values: d.labels ? d.labels.length : d.size - 1,
      countError: round(d.deviation),
      ...(d.labels?.length === 0
        ? { note: 'no value is common enough to be shown; made-up tokens stand in (an identifier?)' }
        : {}),
    })),
    keptPairs: edges.map(e => ({ columns: [name(e.a), name(e.b)], countError: round(e.deviation) })),
    kept: [
      'the number of rows, to within the error of a count',
      'column names, order, types and decimals',
      'each column by itself: which values are common and how often, missing ones too',
      `${edges.length} pairs of columns (keptPairs), as joint counts`,
    ],
    lost: [
      'relations of three or more columns, and of pairs that are not kept except as they follow from the kept ones',
      'rare values: shown as "other", or not at all',
      'where inside its bin a number or date lies: drawn evenly',
      'the order of rows, and any relation between rows (series in time, members of one household, keys that point elsewhere)',
      'rules between columns (sums, first date before last date) unless a kept pair carries them',
    ],
    takenAsPublic: [
      'column names',
      'column types and decimals',
      `that one ${o.unit} has at most ${o.rowsAUnit} ${o.rowsAUnit === 1 ? 'row' : 'rows'}`,
    ],
    spending: account.spent,
  };
}
