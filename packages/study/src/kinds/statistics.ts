// Counts, sums and histograms over a view that the steward declared. The query is structured, never SQL text: the node writes the SQL itself.
// The unit is `person`; the steward's view must hold at most `rowsPerPerson` rows of anyone, and the node cuts what exceeds it.
import type { Shape } from '@madang/charter';
import { optimalChunkLength } from '@madang/privacy';
import { parseObject, type StudyKind } from './kind.ts';

export interface Filter {
  readonly column: string;
  readonly op: '=' | '<' | '<=' | '>' | '>=';
  readonly value: string | number;
}

export type Measure =
  | { readonly op: 'count' }
  /** Values are cut to [min, max] and rounded to multiples of `step`. */
  | { readonly op: 'sum'; readonly column: string; readonly min: number; readonly max: number; readonly step: number }
  /** Inner edges of the bins, ascending; the outermost bins are open. */
  | { readonly op: 'histogram'; readonly column: string; readonly edges: readonly number[] };

export interface StatisticsQuery {
  readonly kind: 'statistics';
  readonly version: 1;
  readonly view: string;
  /** Column that tells persons apart; with it the node cuts each person to `rowsPerPerson` rows. */
  readonly person?: string;
  readonly rowsPerPerson: number;
  readonly where: readonly Filter[];
  readonly measure: Measure;
  /** Largest number of rows a node may contribute. */
  readonly maximumRows: number;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

export const statistics: StudyKind<StatisticsQuery> = {
  kind: 'statistics',
  version: 1,
  parse(text) {
    const q = parseObject(text, 'the query') as unknown as StatisticsQuery;
    const name = (s: unknown, what: string) => {
      if (typeof s !== 'string' || !NAME.test(s)) throw new Error(`${what} must be a plain column or view name`);
    };
    const positive = (n: unknown, what: string) => {
      if (!Number.isSafeInteger(n) || (n as number) < 1) throw new Error(`${what} must be a positive integer`);
    };
    name(q.view, 'view');
    if (q.person !== undefined) name(q.person, 'person');
    positive(q.rowsPerPerson, 'rowsPerPerson');
    positive(q.maximumRows, 'maximumRows');
    if (!Array.isArray(q.where)) throw new Error('where must be a list of filters');
    for (const f of q.where) {
      name(f.column, 'where.column');
      if (!['=', '<', '<=', '>', '>='].includes(f.op)) throw new Error(`where.op "${f.op}" is not one of = < <= > >=`);
      if (typeof f.value !== 'string' && !Number.isFinite(f.value))
        throw new Error('where.value must be text or a number');
    }
    const m = q.measure;
    if (m?.op !== 'count' && m?.op !== 'sum' && m?.op !== 'histogram')
      throw new Error('measure.op must be count, sum or histogram');
    if (m.op !== 'count') name(m.column, 'measure.column');
    if (m.op === 'sum' && !(m.step > 0 && m.max > m.min && (m.max - m.min) / m.step <= 2 ** 24))
      throw new Error('a sum needs min < max, a positive step, and at most 2^24 steps between');
    if (
      m.op === 'histogram' &&
      (!Array.isArray(m.edges) ||
        m.edges.length < 1 ||
        m.edges.length > 10_000 ||
        m.edges.some((e, i) => !Number.isFinite(e) || (i > 0 && m.edges[i - 1] >= e)))
    )
      throw new Error('a histogram needs 1 to 10,000 ascending edges');
    return q;
  },
  shape(q) {
    const { length, maximum } = extent(q);
    const bits = Math.floor(Math.log2(maximum)) + 1;
    const shape: Shape = {
      encoding: 'prio3-sumvec',
      length,
      maximum,
      field: 128,
      proofs: 1,
      chunk: optimalChunkLength(length * bits),
    };
    return shape;
  },
  sensitivitySquared(q, unit) {
    if (unit !== 'person') return undefined;
    // Adding or removing one person's k rows.
    const k = q.rowsPerPerson;
    if (q.measure.op === 'sum') return k * k * (1 + stepsOf(q.measure) ** 2);
    return k * k;
  },
  describe: q => [
    `View "${q.view}"${q.where.length > 0 ? ` where ${q.where.map(f => `${f.column} ${f.op} ${f.value}`).join(' and ')}` : ''}: ${describeMeasure(q.measure)}.`,
    `SQL run at the node: ${sqlOf(q)}`,
    `Leaves the node, as sealed shares each of which is random alone: ${extent(q).length} whole numbers from 0 to ${extent(q).maximum}.`,
    "Does not leave the node: rows, identifiers, the node's own counts.",
  ],
  async contribute(q, _round, source) {
    const rows = await source.query(sqlOf(q));
    const { length, maximum } = extent(q);
    const out = new Array<number>(length).fill(0);
    for (const r of rows) {
      const cell = Number(r['cell'] ?? 0);
      const n = Number(r['n'] ?? 0);
      if (q.measure.op === 'sum') {
        out[0] = Math.min(n, q.maximumRows);
        out[1] = Math.min(Number(r['total'] ?? 0), maximum);
      } else if (Number.isSafeInteger(cell) && cell >= 0 && cell < length) out[cell] = Math.min(n, maximum);
    }
    return out;
  },
  decode(q, sums, noiseDeviation) {
    const m = q.measure;
    if (m.op === 'count') return { count: sums[0], standardError: noiseDeviation };
    if (m.op === 'histogram') return { edges: m.edges, counts: Array.from(sums), standardError: noiseDeviation };
    const sum = sums[0] * m.min + sums[1] * m.step;
    return {
      count: sums[0],
      sum,
      mean: sums[0] > 0 ? sum / sums[0] : null,
      standardError: { count: noiseDeviation, sum: noiseDeviation * Math.hypot(m.min, m.step) },
    };
  },
};

function stepsOf(m: { min: number; max: number; step: number }): number {
  return Math.ceil((m.max - m.min) / m.step);
}

function extent(q: StatisticsQuery): { length: number; maximum: number } {
  const m = q.measure;
  if (m.op === 'count') return { length: 1, maximum: q.maximumRows };
  if (m.op === 'histogram') return { length: m.edges.length + 1, maximum: q.maximumRows };
  return { length: 2, maximum: q.maximumRows * stepsOf(m) };
}

function describeMeasure(m: Measure): string {
  if (m.op === 'count') return 'number of rows';
  if (m.op === 'sum') return `number of rows and sum of ${m.column}, cut to ${m.min}..${m.max}`;
  return `number of rows by ${m.column} in ${m.edges.length + 1} bins`;
}

/** The SQL that the node runs. Names are checked identifiers, values are literals quoted here: no text of the query reaches the engine. */
export function sqlOf(q: StatisticsQuery): string {
  const id = (s: string) => `"${s}"`;
  const literal = (v: string | number) => (typeof v === 'number' ? String(v) : `'${v.replaceAll("'", "''")}'`);
  const filters = q.where.map(f => `${id(f.column)} ${f.op} ${literal(f.value)}`);
  if (q.measure.op !== 'count') filters.push(`${id(q.measure.column)} IS NOT NULL`);
  const where = filters.length > 0 ? ` WHERE ${filters.join(' AND ')}` : '';
  const cut = q.person
    ? ` QUALIFY row_number() OVER (PARTITION BY ${id(q.person)} ORDER BY ${id(q.person)}) <= ${q.rowsPerPerson}`
    : '';
  const rows = `(SELECT * FROM ${id(q.view)}${where}${cut} LIMIT ${q.maximumRows})`;
  const m = q.measure;
  if (m.op === 'count') return `SELECT 0 AS cell, count(*) AS n FROM ${rows}`;
  if (m.op === 'sum') {
    const clipped = `least(greatest(${id(m.column)}::DOUBLE, ${m.min}), ${m.max})`;
    return `SELECT count(*) AS n, coalesce(sum(round((${clipped} - ${m.min}) / ${m.step})), 0)::BIGINT AS total FROM ${rows}`;
  }
  const cell = m.edges.map(e => `(${id(m.column)} >= ${e})::INT`).join(' + ');
  return `SELECT ${cell} AS cell, count(*) AS n FROM ${rows} GROUP BY cell`;
}
