// What /weather is drawn from: forecasts and scores in the form that `madang weather forecast --json` and `madang weather backtest --json` print.

export interface ForecastRow {
  readonly station: string;
  readonly variable: string;
  readonly unit: string;
  /** The day that is forecast, ISO. */
  readonly date: string;
  readonly leadDays: number;
  readonly q05: number;
  readonly q25: number;
  readonly q50: number;
  readonly q75: number;
  readonly q95: number;
  /** Rain only: chance of any. */
  readonly chanceWet?: number;
}

export interface SpellWarning {
  readonly station: string;
  readonly kind: 'heat' | 'cold';
  readonly from: string;
  readonly days: number;
  readonly thresholdC: number;
  readonly chance: number;
  readonly level: string;
}

export interface WeatherForecast {
  /** The last day that the forecast knows, ISO. */
  readonly issued: string;
  readonly model: string;
  readonly forecasts: readonly ForecastRow[];
  readonly warnings: readonly SpellWarning[];
}

/** Mean over stations of one model, variable and lead. */
export interface SkillRow {
  readonly leadDays: number;
  readonly rmse: number;
  readonly crps: number;
  readonly coverage90: number;
  readonly toDampedPersistence: number;
  readonly toClimatology: number;
}

export type ModelName = 'own' | 'federated' | 'pooled';

/** The federated model at one station. */
export interface StationScore {
  readonly station: string;
  readonly variable: string;
  readonly leadDays: number;
  /** Days with an observation. */
  readonly n: number;
  readonly rmse: number;
  readonly crps: number;
  readonly coverage90: number;
}

/** The federated model over all stations: how far its chances could be taken at their word. */
export interface Calibration {
  readonly variable: string;
  readonly leadDays: number;
  /** Days by tenths of the forecast distribution in which what came fell. */
  readonly pit: readonly number[];
  /** Rain only: chances of any, by bins. */
  readonly brier?: {
    readonly score: number;
    readonly bins: readonly { readonly forecast: number; readonly observed: number; readonly count: number }[];
  };
}

export interface WeatherBacktest {
  readonly testYear: number;
  readonly stations: number;
  readonly perStation?: readonly StationScore[];
  readonly verification?: readonly Calibration[];
  /** By model, then variable. */
  readonly models: Readonly<Record<ModelName, Readonly<Record<string, readonly SkillRow[]>>>>;
}

export interface WeatherModel {
  readonly forecast: WeatherForecast;
  readonly backtest?: WeatherBacktest;
  /** True when the observations behind it were made by a simulator. */
  readonly simulated: boolean;
  readonly cite: string;
  readonly note: string;
}

/** Stations in the order of the file. */
export function stationsOf(f: WeatherForecast): string[] {
  return [...new Set(f.forecasts.map(r => r.station))];
}
