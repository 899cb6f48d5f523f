// The weather behind /weather: what `madang weather forecast --json` and `backtest --json` printed, in files that the operator names in a JSON file
// (MADANG_WEATHER); or a simulated network. Read once, when the page is first asked for.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseCsv } from '@madang/numerics';
import { simulatedWeather, type WeatherBacktest, type WeatherModel } from '@madang/web';
import { z } from 'zod';

const number = z.number();
const day = z.iso.date();
/** Files by path, beside this file or absolute; texts for people. */
const schema = z.object({
  forecast: z.string(),
  backtest: z.string().optional(),
  /** What `backtest --out` wrote: scores of each station. */
  scores: z.string().optional(),
  cite: z.string(),
  note: z.string().default(''),
  simulated: z.boolean().default(false),
});
const forecastSchema = z.object({
  issued: day,
  model: z.string(),
  forecasts: z
    .array(
      z.object({
        station: z.string(),
        variable: z.string(),
        unit: z.string(),
        date: day,
        leadDays: number.int().min(1).max(30),
        q05: number,
        q25: number,
        q50: number,
        q75: number,
        q95: number,
        chanceWet: number.optional(),
      }),
    )
    .min(1),
  warnings: z
    .array(
      z.object({
        station: z.string(),
        kind: z.enum(['heat', 'cold']),
        from: day,
        days: number,
        thresholdC: number,
        chance: number,
        level: z.string(),
      }),
    )
    .default([]),
});
const skill = z.record(
  z.string(),
  z.array(
    z.object({
      leadDays: number,
      rmse: number,
      crps: number,
      coverage90: number,
      toDampedPersistence: number,
      toClimatology: number,
    }),
  ),
);
const share = number.min(0).max(1);
const verification = z.array(
  z.object({
    variable: z.string(),
    leadDays: number,
    pit: z.array(number),
    brier: z
      .object({ score: number, bins: z.array(z.object({ forecast: share, observed: share, count: number })) })
      .optional(),
  }),
);
const backtestSchema = z.object({
  verification: verification.optional(),
  testYear: number,
  stations: number,
  models: z.object({ own: skill, federated: skill, pooled: skill }),
});

/** Throws with the file and what is wrong in it. */
export function installedWeather(path: string | undefined): WeatherModel {
  if (path === undefined || path === '') return simulatedWeather();
  const read = <T>(file: string, form: z.ZodType<T>): T => {
    const found = form.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (found.success) return found.data;
    const { path: at, message } = found.error.issues[0];
    throw new Error(`${file}, ${at.join('.')}: ${message}`);
  };
  const beside = (name: string) => join(name.startsWith('/') ? '' : dirname(path), name);
  const { forecast, backtest, scores, ...texts } = read(path, schema) as z.infer<typeof schema>;
  const scored = backtest === undefined ? undefined : (read(beside(backtest), backtestSchema) as WeatherBacktest);
  return {
    ...texts,
    forecast: read(beside(forecast), forecastSchema) as z.infer<typeof forecastSchema>,
    ...(scored === undefined
      ? {}
      : { backtest: { ...scored, ...(scores === undefined ? {} : { perStation: stationScores(beside(scores)) }) } }),
  };
}

function stationScores(file: string): NonNullable<WeatherBacktest['perStation']> {
  const t = parseCsv(readFileSync(file, 'utf8'), file);
  const [station, variable] = [t.text('station'), t.text('variable')];
  const [lead, n, rmse, crps, coverage] = ['lead_days', 'n', 'rmse_C', 'crps_C', 'coverage90'].map(c => t.numbers(c));
  return station.map((name, i) => ({
    ...{ station: name, variable: variable[i], leadDays: lead[i], n: n[i] },
    ...{ rmse: rmse[i], crps: crps[i], coverage90: coverage[i] },
  }));
}
