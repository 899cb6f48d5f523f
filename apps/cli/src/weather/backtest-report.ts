// What a weather backtest says: values stopped and missing, and the means over stations that its JSON and its table hold.
import type { Model, Network, Prepared, ScoreRow } from '@madang/weather';

export const MODELS: readonly Model[] = ['own', 'federated', 'pooled'];

/** Values and days that the files do not have. A missing target counts nowhere; a missing feature stands for "as usual" at its station. */
export function absent(network: Network, p: Prepared, dateOf: (day: number) => string) {
  const columns = network.series.flatMap(s => {
    const count = (from: number, to: number) =>
      s.values.subarray(from, to).reduce((n, v) => n + (Number.isNaN(v) ? 1 : 0), 0);
    const [training, test] = [count(0, p.trainEnd), count(p.testFrom, p.testTo)];
    return training + test > 0 ? [{ column: s.column, training, test }] : [];
  });
  const daysWithoutRow = network.origins.flatMap((o, i) =>
    o === undefined && i < p.testTo ? [dateOf(network.first + i)] : [],
  );
  return { columns, daysWithoutRow };
}

/** Columns that would be forecast and cannot be, a line each. */
export function notForecast(network: Network, p: Prepared, isForecast: (variable: string) => boolean): string[] {
  const forecasted = new Set(p.targets.map(t => t.series));
  return network.series.flatMap((s, k) =>
    isForecast(s.variable.name) && !forecasted.has(k)
      ? [`not forecast: ${s.column}: its training values do not cover the year`]
      : [],
  );
}

export function summarise(p: Prepared) {
  const groups = new Map<string, { column: string; rule: string; count: number; first: Prepared['issues'][number] }>();
  for (const i of p.issues) {
    const key = `${i.column} ${i.rule}`;
    const g = groups.get(key) ?? { column: i.column, rule: i.rule, count: 0, first: i };
    g.count += 1;
    groups.set(key, g);
  }
  return [...groups.values()].map(g => ({
    ...g,
    text:
      g.first.row === undefined
        ? `${g.column}: ${g.first.reason}`
        : `${g.first.file}, row ${g.first.row}, column "${g.column}": ${g.first.value} on ${g.first.date}: ${g.first.reason}${g.count > 1 ? ` (and ${g.count - 1} more of this column)` : ''}`,
  }));
}

const average = (x: readonly number[]) => x.reduce((s, v) => s + v, 0) / x.length;
export const rounded = (x: number, digits = 4) => Number(x.toFixed(digits));

export function report(
  year: number,
  p: Prepared,
  stations: number,
  rows: Record<Model, ScoreRow[]>,
  base: readonly { station: string; variable: string; leadDays: number; climatologyRmse: number; dampedRmse: number }[],
  stopped: ReturnType<typeof summarise>,
  training: {
    readonly seconds: number;
    readonly threads: number;
    readonly cores: number;
    readonly models: Record<Model, number>;
  },
  provenance: string,
) {
  const variables = [...new Set(rows.federated.map(r => r.variable))];
  const models = Object.fromEntries(
    MODELS.map(m => [
      m,
      Object.fromEntries(
        variables.map(v => [
          v,
          [...new Set(rows[m].map(r => r.leadDays))].map(leadDays => {
            const mine = rows[m].filter(r => r.variable === v && r.leadDays === leadDays && r.n > 0);
            const names = new Set(mine.map(r => r.station));
            const theirs = base.filter(r => r.variable === v && r.leadDays === leadDays && names.has(r.station));
            const rmse = average(mine.map(r => r.rmse));
            const briers = mine.flatMap(r => (r.brier === undefined ? [] : [r.brier]));
            return {
              leadDays,
              stations: mine.length,
              unit: mine[0]?.unit,
              rmse: rounded(rmse),
              crps: rounded(average(mine.map(r => r.crps))),
              coverage90: rounded(average(mine.map(r => r.coverage90))),
              ...(briers.length > 0 ? { brier: rounded(average(briers)) } : {}),
              toDampedPersistence: rounded(rmse / average(theirs.map(r => r.dampedRmse))),
              toClimatology: rounded(rmse / average(theirs.map(r => r.climatologyRmse))),
            };
          }),
        ]),
      ),
    ]),
  );
  const first = (m: Model) => models[m]['temp_mean']?.[0];
  return {
    ok: true,
    testYear: year,
    trainingDays: p.trainEnd,
    testDays: p.testTo - p.testFrom,
    stations,
    models,
    federatedToPooledRmseDay1: rounded(first('federated')?.rmse / first('pooled')?.rmse, 6),
    crpsGainOverOwnDay1: rounded(1 - first('federated')?.crps / first('own')?.crps),
    stopped: stopped.map(({ column, rule, count, text: example }) => ({ column, rule, count, example })),
    suspended: p.released.suspended.map(s => p.gated.network.stations[s].name),
    seconds: training.seconds,
    training,
    provenance,
  };
}

export function text(json: ReturnType<typeof report>, year: number): string {
  const lines = [
    `Test year ${year}, ${json.stations} stations, trained on ${json.trainingDays} days in ${json.seconds} s.`,
  ];
  for (const [variable, leads] of Object.entries(json.models['federated'])) {
    lines.push('', `${variable} (${leads[0]?.unit}), mean over ${leads[0]?.stations} stations`);
    lines.push('  day   rmse: own  federated  pooled   /damped  /climatology   crps: own  federated   inside 90 %');
    leads.forEach((f, i) => {
      const own = json.models['own'][variable][i];
      const pooled = json.models['pooled'][variable][i];
      const cell = (x: number, width: number, digits = 3) => x.toFixed(digits).padStart(width);
      lines.push(
        `  ${String(f.leadDays).padStart(3)}  ${cell(own.rmse, 10)} ${cell(f.rmse, 10)} ${cell(pooled.rmse, 7)} ${cell(f.toDampedPersistence, 10)} ${cell(f.toClimatology, 13)} ${cell(own.crps, 12)} ${cell(f.crps, 10)} ${cell(100 * f.coverage90, 12, 1)} %`,
      );
    });
  }
  return lines.join('\n');
}
