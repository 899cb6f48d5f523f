// A member's forecasts of its own places, made at its node from a study's model: each deadline rests on what was known then, and on the newest model as of
// that day. Rows in hubverse form (CSV), signed as a statement, one for each deadline and target.
import type { Study } from '@madang/charter';
import { dateOf, dayInWeek, dayOf, LEVELS, weekOf } from '@madang/disease';
import { formatCsv } from '@madang/numerics';
import { pooledIncrements, sharedRidge } from '@madang/study';
import { utf8 } from '@madang/trust';
import { dataSource } from '../data/source.ts';
import { type Desk, submitOnce } from './desk.ts';
import { type ForecastPlan, forecastPlan, type WeekForecast } from './forecasters.ts';
import { queryText } from './steward.ts';

/** Names of the models in hubverse files, by kind of study. */
export const MODELS: Readonly<Record<string, string>> = {
  [pooledIncrements.kind]: 'madang-pooledIncrements',
  [sharedRidge.kind]: 'madang-sharedRidge',
};

const HORIZONS = [1, 2, 3, 4];
/** A place that was silent longer (weeks) gets no forecast. */
const LONGEST_SILENCE = 6;
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
      const round = Number(number);
      if (round % plan.roundsAModel !== 0) continue;
      const done = `forecasts/${opening.id}-${number}.done`;
      if (await desk.memory.bytes(done)) continue;
      const complete = await publishRound(desk, study, round, plan, () =>
        dataSource(desk.home, dataset).file('vintages'),
      );
      if (complete) await desk.memory.put(done, new Uint8Array([1]));
    }
  }
}

async function publishRound(
  desk: Desk,
  study: Study,
  round: number,
  plan: ForecastPlan,
  vintages: () => Promise<string>,
): Promise<boolean> {
  const model = await plan.model(desk, study, round);
  if (!model) return false;
  const opening = study.opening!.id;
  const release = round / plan.roundsAModel;
  const [from, before] = [plan.asOf[release - 1], plan.asOf[release]];
  const table = await vintages();
  for (const deadline of plan.deadlines.filter(d => d >= from && (before === undefined || d < before))) {
    // Horizon 1 is the week that ended before the deadline, as the European hub counts.
    const firstWeek = weekOf(dayOf(deadline)) - 1;
    const weeks = HORIZONS.map(h => firstWeek + h - 1);
    for (const target of plan.targets) {
      const rows = rowsOf(model(table, target, deadline, weeks), target, deadline, firstWeek);
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

function rowsOf(
  forecasts: readonly WeekForecast[],
  target: string,
  deadline: string,
  firstWeek: number,
): (string | number)[][] {
  return forecasts
    .filter(f => firstWeek - f.base <= LONGEST_SILENCE)
    .flatMap(({ location, week, quantiles }) => {
      const end = dateOf(dayInWeek(week, 7));
      const horizon = week - firstWeek + 1;
      return LEVELS.map((level, i) => {
        const value = Number(quantiles[i].toPrecision(6));
        return [deadline, target, end, horizon, location, 'quantile', level, value];
      });
    });
}
