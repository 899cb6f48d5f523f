// Gathers the forecasts that the members published into one hubverse file, and scores them as the hub would.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { HubClient } from '@madang/api';
import { readForecasts, readTruth, scoreForecasts } from '@madang/disease';
import { formatCsv, parseCsv } from '@madang/numerics';
import { type Opened, openStatement } from '@madang/trust';
import { type DemoData, peerFiles, truthFile } from './data.ts';

/** All published forecasts as one CSV in hubverse form, in the order of the log. */
export async function gatherForecasts(
  hub: HubClient,
  entries: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
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
    if (statement.kind !== 'forecast.publish') continue;
    const blob = await hub.blob(String(statement.body['csv']));
    if (!blob) throw new Error(`the forecast of ${statement.org} for ${statement.body['asOf']} is not to be had`);
    const table = parseCsv(new TextDecoder().decode(blob), `forecast of ${statement.org}`);
    columns = table.columns;
    const texts = columns.map(c => table.text(c));
    for (let i = 0; i < table.length; i++) rows.push(texts.map(t => t[i]));
  }
  return formatCsv(columns, rows);
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

/** Relative WIS against the baseline among the published forecasts beside the data; undefined when there is no truth or no baseline. */
export function scoreDemo(data: DemoData, forecastsPath: string): DemoScore | undefined {
  const truthPath = truthFile(data);
  if (!truthPath) return undefined;
  const table = (path: string) => parseCsv(readFileSync(path, 'utf8'), path);
  const tables = [forecastsPath, ...peerFiles(data)].map(p => readForecasts(table(p), nameOf(p)));
  const forecasts = tables.flatMap(t => t.forecasts);
  const baseline = forecasts.find(f => /baseline/i.test(f.model))?.model;
  if (baseline === undefined) return undefined;
  const result = scoreForecasts({
    levels: tables[0].levels,
    truth: readTruth(table(truthPath)),
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

function nameOf(path: string): string {
  return basename(path, '.csv');
}
