// A member's forecasts of its own places, made at its node from the pooled histogram: each deadline rests on what was known then, and on the newest
// result as of that day. Rows in hubverse form (CSV), signed as a statement, one for each deadline and target.
import { dateOf, dayInWeek, dayOf, fitIncrements, LEVELS, pilotQuantiles, weekOf } from '@madang/disease';
import { formatCsv } from '@madang/numerics';
import { forecastSeries, type PooledIncrementsQuery, pooledIncrements, type ResultDocument } from '@madang/study';
import { fromUtf8, utf8 } from '@madang/trust';
import { dataSource } from '../data/source.ts';
import { type Desk, submitOnce } from './desk.ts';
import { queryText } from './steward.ts';

export const MODEL = 'madang-pooledIncrements';
const HORIZONS = [1, 2, 3, 4];
const COLUMNS = [
  'origin_date',
  'target',
  'target_end_date',
  'horizon',
  'location',
  'output_type',
  'output_type_id',
  'value',
];

/** A query that also says for which deadlines forecasts are wanted; absent means only the asOf days themselves. */
type WithDeadlines = PooledIncrementsQuery & { readonly deadlines?: readonly string[] };

export async function forecast(desk: Desk): Promise<void> {
  for (const study of Object.values(desk.state.studies)) {
    const { opening } = study;
    if (study.kind !== pooledIncrements.kind || !opening?.organisations.includes(desk.config.org)) continue;
    const dataset = desk.config.datasets.find(d => study.datasets.includes(d.handle));
    if (!dataset) continue;
    for (const [number, round] of Object.entries(opening.rounds)) {
      if (!round.result) continue;
      const done = `forecasts/${opening.id}-${number}.done`;
      if (await desk.memory.bytes(done)) continue;
      const text = await queryText(desk, study);
      const result = await desk.hub.blob(round.result.digest);
      if (text === undefined || !result) continue;
      const query = pooledIncrements.parse(text) as WithDeadlines;
      const vintages = await dataSource(desk.home, dataset).file('vintages');
      const complete = await publishRound(
        desk,
        opening.id,
        Number(number),
        query,
        JSON.parse(fromUtf8(result)) as ResultDocument,
        vintages,
      );
      if (complete) await desk.memory.put(done, new Uint8Array([1]));
    }
  }
}

async function publishRound(
  desk: Desk,
  opening: string,
  round: number,
  q: WithDeadlines,
  result: ResultDocument,
  vintages: string,
): Promise<boolean> {
  const decoded = result.decoded as { counts: number[]; noiseDeviation: number };
  const model = fitIncrements(decoded.counts, q.spec, decoded.noiseDeviation);
  const from = q.asOf[round - 1];
  const before = q.asOf[round];
  const deadlines = (q.deadlines ?? q.asOf).filter(d => d >= from && (before === undefined || d < before));
  for (const deadline of deadlines) {
    for (const target of q.targets) {
      const rows = forecastRows(model, vintages, q, target, deadline);
      if (rows.length === 0) continue;
      const slot = `forecast-${opening}-${round}-${target.toLowerCase()}-${deadline}`;
      if (await desk.memory.json(`sent/${slot}.receipt`)) continue;
      const csv = await desk.hub.putBlob(utf8(formatCsv(COLUMNS, rows)));
      const body = { opening, round, target: target.toLowerCase(), asOf: deadline, csv, rows: rows.length };
      if ((await submitOnce(desk, slot, 'forecast.publish', body, 'node')) === undefined) return false;
    }
  }
  return true;
}

/** Quantiles for every place that has reported lately; none for a place silent for over six weeks. */
function forecastRows(
  model: ReturnType<typeof fitIncrements>,
  vintages: string,
  q: WithDeadlines,
  target: string,
  deadline: string,
): (string | number)[][] {
  const rows: (string | number)[][] = [];
  // Horizon 1 is the week that ended before the deadline, as the European hub counts.
  const firstWeek = weekOf(dayOf(deadline)) - 1;
  for (const { location, series } of forecastSeries(vintages, { ...q, targets: [target] }, deadline)) {
    const base = series.first + series.values.length - 1;
    const lastValue = series.values[series.values.length - 1];
    if (firstWeek - base > 6) continue;
    for (const horizon of HORIZONS) {
      const week = firstWeek + horizon - 1;
      if (week <= base) continue;
      const quantiles = pilotQuantiles(model, base, lastValue, series.scale, week - base);
      const end = dateOf(dayInWeek(week, 7));
      for (const [i, level] of LEVELS.entries())
        rows.push([deadline, target, end, horizon, location, 'quantile', level, Number(quantiles[i].toPrecision(6))]);
    }
  }
  return rows;
}
