// A member's forecasts of what is its own, made at its node from a study's model. Rows in hubverse form (CSV), signed as a statement, one for each deadline
// and target: each rests on what was known then, and on the newest model as of that day.
import type { Study } from '@madang/charter';
import { formatCsv } from '@madang/numerics';
import { utf8 } from '@madang/trust';
import type { DatasetConfig } from '../config.ts';
import { dataSource } from '../data/source.ts';
import { type Desk, submitOnce } from './desk.ts';
import { type ForecastPlan, forecastPlan, MODELS } from './forecasters.ts';
import { queryText } from './steward.ts';

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

export async function forecast(desk: Desk): Promise<void> {
  for (const study of Object.values(desk.state.studies)) {
    const { opening } = study;
    if (!Object.hasOwn(MODELS, study.kind) || !opening?.organisations.includes(desk.config.org)) continue;
    const dataset = desk.config.datasets.find(d => study.datasets.includes(d.handle));
    const results = Object.entries(opening.rounds).filter(([, round]) => round.result);
    if (!dataset || results.length === 0) continue;
    const text = await queryText(desk, study);
    const plan = text === undefined ? undefined : forecastPlan(study.kind, text);
    if (!plan) continue;
    for (const [number] of results) {
      if (Number(number) % plan.roundsAModel !== 0) continue;
      const done = `forecasts/${opening.id}-${number}.done`;
      if (await desk.memory.bytes(done)) continue;
      if (await publishRound(desk, study, Number(number), plan, dataset))
        await desk.memory.put(done, new Uint8Array([1]));
    }
  }
}

async function publishRound(
  desk: Desk,
  study: Study,
  round: number,
  plan: ForecastPlan,
  dataset: DatasetConfig,
): Promise<boolean> {
  const files = await plan.files(desk, study, round, dataSource(desk.home, dataset));
  if (!files) return false;
  const opening = study.opening!.id;
  for (const { target, asOf, rows } of files) {
    if (rows.length === 0) continue;
    const slot = `forecast-${opening}-${round}-${target.toLowerCase()}-${asOf}`;
    if (await desk.memory.json(`sent/${slot}.receipt`)) continue;
    const csv = await desk.hub.putBlob(utf8(formatCsv(COLUMNS, rows)));
    const body = { opening, round, target: target.toLowerCase(), asOf, csv, rows: rows.length };
    if ((await submitOnce(desk, slot, 'forecast.publish', body, 'node')) === undefined) return false;
  }
  return true;
}
