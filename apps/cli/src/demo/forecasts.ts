// Gathers the forecasts that the members published into one hubverse file, and scores them as the hub would.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { HubClient } from '@madang/api';
import {
  changeLog,
  dayOf,
  type Forecast,
  persistenceQuantiles,
  readForecasts,
  readTruth,
  type Series,
  scoreForecasts,
  snapshot,
  type Transform,
  weekOf,
} from '@madang/disease';
import { formatCsv, parseCsv } from '@madang/numerics';
import { type Opened, openStatement } from '@madang/trust';
import { type DemoData, peerFiles, truthFile } from './data.ts';

/** All forecasts published from an opening as one CSV in hubverse form, in the order of the log; empty when there are none. */
export async function gatherForecasts(
  hub: HubClient,
  entries: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  opening: string | undefined,
): Promise<string> {
  const rows: string[][] = [];
  let columns: readonly string[] = [];
  for await (const bytes of entries) {
    let statement: Opened;
    try {
      statement = openStatement(bytes);
    } catch {
      continue;
    }
    if (statement.kind !== 'forecast.publish' || statement.body['opening'] !== opening) continue;
    const blob = await hub.blob(String(statement.body['csv']));
    if (!blob) throw new Error(`the forecast of ${statement.org} for ${statement.body['asOf']} is not to be had`);
    const table = parseCsv(new TextDecoder().decode(blob), `forecast of ${statement.org}`);
    columns = table.columns;
    const texts = columns.map(c => table.text(c));
    for (let i = 0; i < table.length; i++) rows.push(texts.map(t => t[i]));
  }
  return rows.length === 0 ? '' : formatCsv(columns, rows);
}

export interface DemoScore {
  readonly target: string;
  readonly relwis: number;
  readonly n: number;
  readonly baseline: string;
  readonly gmLoc: number;
  readonly coverage50: number;
  readonly coverage95: number;
}

/**
 * Relative WIS against the baseline among the published forecasts beside the data, or against a simple persistence forecast of the same
 * targets where none is published; undefined when there is no truth for them.
 */
export function scoreDemo(data: DemoData, forecastsPath: string): DemoScore | undefined {
  const truthPath = truthFile(data);
  if (!truthPath) return undefined;
  const table = (path: string) => parseCsv(readFileSync(path, 'utf8'), path);
  const tables = [forecastsPath, ...peerFiles(data)].map(p => readForecasts(table(p), nameOf(p)));
  const forecasts = tables.flatMap(t => t.forecasts);
  let baseline = forecasts.find(f => /baseline/i.test(f.model))?.model;
  if (baseline === undefined) {
    baseline = PERSISTENCE;
    forecasts.push(...persistence(data, tables[0].forecasts));
  }
  const truth = readTruth(table(truthPath));
  const known = new Set(truth.map(t => `${t.location} ${t.date}`));
  // A forecast of weeks that nobody has seen yet has no score.
  if (!tables[0].forecasts.some(f => known.has(`${f.location} ${f.targetEndDate}`))) return undefined;
  const result = scoreForecasts({
    levels: tables[0].levels,
    truth,
    forecasts,
    baseline,
    target: data.target,
    ...(data.season ? { season: data.season } : {}),
  });
  const mine = result.models.find(m => m.model === nameOf(forecastsPath));
  if (!mine) return undefined;
  return {
    target: data.target,
    relwis: mine.relwis,
    n: mine.n,
    baseline,
    gmLoc: mine.gm_loc,
    coverage50: mine.c50,
    coverage95: mine.c95,
  };
}

const PERSISTENCE = 'persistence-baseline';
const RATES: Transform = { forward: v => v, backward: v => Math.max(0, v) };

/** The last value known at the deadline, with past changes over as many weeks made symmetric. */
function persistence(data: DemoData, wanted: readonly Forecast[]): Forecast[] {
  const [target, location, date, asOf] = ['target', 'location', 'date', 'as_of'].map(c => data.vintages.text(c));
  const value = data.vintages.numbers('value');
  const log = changeLog(
    target.flatMap((t, i) =>
      t === data.target
        ? [
            {
              target: t,
              location: location[i],
              period: weekOf(dayOf(date[i])),
              knownFrom: dayOf(asOf[i]),
              value: value[i],
            },
          ]
        : [],
    ),
  );
  const known = new Map<string, Map<string, Series>>();
  return wanted.flatMap(f => {
    const table = known.get(f.originDate) ?? new Map(snapshot(log, dayOf(f.originDate)).map(s => [s.location, s]));
    known.set(f.originDate, table);
    const s = table.get(f.location);
    const step = s ? weekOf(dayOf(f.targetEndDate)) - (s.first + s.values.length - 1) : 0;
    const quantiles = s && step > 0 ? persistenceQuantiles(s.values, step, 1, RATES) : undefined;
    return quantiles ? [{ ...f, model: PERSISTENCE, quantiles }] : [];
  });
}

function nameOf(path: string): string {
  return basename(path, '.csv');
}
