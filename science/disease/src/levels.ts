// The 23 quantile levels that all public forecast hubs ask for (0.01, 0.025, 0.05 … 0.95, 0.975, 0.99).

/** Quantile levels of a forecast, ascending and symmetric about the median (index 11). */
export const LEVELS: readonly number[] = [
  0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95,
  0.975, 0.99,
];

/** Index of the median in {@link LEVELS}. */
export const MEDIAN = 11;

/** One probabilistic forecast in hubverse terms. Dates are ISO days; `quantiles` belong to the levels it is given with. */
export interface Forecast {
  readonly model: string;
  readonly target: string;
  /** The deadline (RespiCast `origin_date`, FluSight `reference_date`). */
  readonly originDate: string;
  /** Steps as the hub counts them. */
  readonly horizon: number;
  readonly targetEndDate: string;
  readonly location: string;
  /** Values in the unit of the target, one for each level. */
  readonly quantiles: ArrayLike<number>;
}

/** One observed value. `season` is the label a file may carry (`2024/25`), else undefined. */
export interface Truth {
  readonly target: string;
  readonly location: string;
  readonly date: string;
  readonly value: number;
  readonly season?: string;
}
