// The disease pilot's question: a histogram of standardised increments, pooled over every member's places (science/disease has the mathematics).
// One value of one place in one week is the unit `place-week`; it is base or target of two rows in each step.
import {
  cellCount,
  changeLog,
  dayOf,
  incrementHistogram,
  type LogRow,
  type PilotSeries,
  type PilotSpec,
  pilotScale,
  snapshot,
  squaredSensitivity,
  weekOf,
} from '@madang/disease';
import { parseCsv } from '@madang/numerics';
import { optimalChunkLength } from '@madang/privacy';
import { parseObject, type StudyKind } from './kind.ts';

export interface PooledIncrementsQuery {
  readonly kind: 'pooled-increments';
  readonly version: 1;
  /** Targets whose series are pooled, e.g. ILI. */
  readonly targets: readonly string[];
  readonly spec: PilotSpec;
  /** Scales are fixed by what was known on this day about the years before it, so that one value cannot move all rows. */
  readonly frozenOn: string;
  /** The day whose knowledge each round counts, one a round. */
  readonly asOf: readonly string[];
  /** Largest count a cell may have at one node; larger ones are cut there. */
  readonly maximum: number;
}

export const pooledIncrements: StudyKind<PooledIncrementsQuery> = {
  kind: 'pooled-increments',
  version: 1,
  parse(text) {
    const q = parseObject(text, 'the query') as unknown as PooledIncrementsQuery;
    const days = [q.frozenOn, ...(Array.isArray(q.asOf) ? q.asOf : [])];
    if (!Array.isArray(q.targets) || q.targets.length === 0) throw new Error('the query names no targets');
    if (days.length < 2) throw new Error('the query names no asOf day for its rounds');
    for (const d of days) dayOf(d);
    if (q.asOf.some(d => d < q.frozenOn)) throw new Error('scales must be frozen before the first asOf day');
    if (!Number.isSafeInteger(q.maximum) || q.maximum < 1) throw new Error('maximum must be a positive integer');
    const cells = cellCount(q.spec);
    if (!Number.isSafeInteger(cells) || cells < 1 || cells > 100_000)
      throw new Error(`the design has ${cells} cells; 1 to 100,000 are possible`);
    return q;
  },
  shape(q) {
    const length = cellCount(q.spec);
    const bits = Math.floor(Math.log2(q.maximum)) + 1;
    return {
      encoding: 'prio3-sumvec',
      length,
      maximum: q.maximum,
      field: 64,
      proofs: 3,
      chunk: optimalChunkLength(length * bits),
    };
  },
  sensitivitySquared: (q, unit) => (unit === 'place-week' ? squaredSensitivity(q.spec) : undefined),
  describe: q => [
    `Counts how often the weekly values of ${q.targets.join(' and ')} rose or fell by how much, 1 to ${q.spec.steps} weeks ahead, by part of the season.`,
    `Every value is divided by the place's own 95th percentile of the six years before ${q.frozenOn}; the fourth root is taken.`,
    `Leaves the node, as two sealed shares each of which is random alone: ${cellCount(q.spec)} counts from 0 to ${q.maximum}, ${q.asOf.length} times, as of ${q.asOf.join(', ')}.`,
    'Does not leave the node: values, places, dates, scales.',
  ],
  async contribute(q, round, source) {
    const day = q.asOf[round - 1];
    if (day === undefined) throw new Error(`the query has no asOf day for round ${round}`);
    const series = pilotSeries(await source.file('vintages'), q, day);
    const counts = incrementHistogram(
      series.map(s => s.series),
      q.spec,
    );
    return counts.map(c => Math.min(c, q.maximum));
  },
  decode: (q, sums, noiseDeviation) => ({ cells: cellCount(q.spec), counts: Array.from(sums), noiseDeviation }),
};

export interface NamedSeries {
  readonly target: string;
  readonly location: string;
  readonly series: PilotSeries;
}

/**
 * A node's series as known on a day, each with the scale that was fixed on the frozen day. A series with no such history contributes
 * nothing in this period. `csv` has the columns target, location, date, as_of, value (empty: withdrawn).
 */
export function pilotSeries(
  csv: string,
  q: Pick<PooledIncrementsQuery, 'targets' | 'frozenOn'>,
  day: string,
): NamedSeries[] {
  return withScales(csv, q, day, () => undefined);
}

/** As {@link pilotSeries}, but a place without a frozen scale applies the public model with its own running one. */
export function forecastSeries(
  csv: string,
  q: Pick<PooledIncrementsQuery, 'targets' | 'frozenOn'>,
  day: string,
): NamedSeries[] {
  return withScales(csv, q, day, s => pilotScale(s, weekOf(dayOf(day)) + 1, LEAST_RUNNING_WEEKS));
}

/** Weeks of history below which a place makes no forecast. */
const LEAST_RUNNING_WEEKS = 6;

function withScales(
  csv: string,
  q: Pick<PooledIncrementsQuery, 'targets' | 'frozenOn'>,
  day: string,
  otherwise: (series: { first: number; values: Float64Array }) => number | undefined,
): NamedSeries[] {
  const log = readVintages(csv);
  const frozen = new Map(snapshot(log, dayOf(q.frozenOn)).map(s => [`${s.target}/${s.location}`, s]));
  const out: NamedSeries[] = [];
  for (const s of snapshot(log, dayOf(day))) {
    if (!q.targets.includes(s.target)) continue;
    const before = frozen.get(`${s.target}/${s.location}`);
    const scale = (before && pilotScale(before, weekOf(dayOf(q.frozenOn)))) ?? otherwise(s);
    if (scale === undefined) continue;
    out.push({ target: s.target, location: s.location, series: { first: s.first, values: s.values, scale } });
  }
  return out;
}

const parsed = new Map<string, ReturnType<typeof changeLog>>();

/** Parses a change log once: a node asks for the same text every round. Throws naming row and column; duplicates of a row are refused. */
export function readVintages(csv: string): ReturnType<typeof changeLog> {
  const known = parsed.get(csv);
  if (known) return known;
  const t = parseCsv(csv, 'vintages.csv');
  const [target, location, date, asOf] = ['target', 'location', 'date', 'as_of'].map(c => t.text(c));
  const value = t.numbers('value');
  const rows: LogRow[] = [];
  const seen = new Map<string, number>();
  for (let i = 0; i < t.length; i++) {
    const key = `${target[i]}/${location[i]}/${date[i]}/${asOf[i]}`;
    const before = seen.get(key);
    if (before !== undefined)
      throw new Error(
        `vintages.csv, row ${t.line(i)}: the same target, location, date and as_of as row ${before}; keep one of them`,
      );
    seen.set(key, t.line(i));
    try {
      rows.push({
        target: target[i],
        location: location[i],
        period: weekOf(dayOf(date[i])),
        knownFrom: dayOf(asOf[i]),
        value: value[i],
      });
    } catch (cause) {
      throw new Error(`vintages.csv, row ${t.line(i)}: ${(cause as Error).message}`, { cause });
    }
    if (value[i] < 0) throw new Error(`vintages.csv, row ${t.line(i)}, column "value": ${value[i]} is negative`);
  }
  const log = changeLog(rows);
  parsed.clear();
  parsed.set(csv, log);
  return log;
}
