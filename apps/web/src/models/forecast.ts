// Signed forecasts of a place, and what public figures say beside them.

/** Whether the data behind something are real: what the study's title says, and `unstated` when it says nothing. */
export type DataKind = 'simulated' | 'real' | 'unstated';

export interface FanPoint {
  /** Last day of the week that is forecast, ISO. */
  readonly date: string;
  readonly horizon: number;
  readonly median: number;
  readonly low50: number;
  readonly high50: number;
  readonly low95: number;
  readonly high95: number;
}

/** One published forecast of one place: the day whose knowledge it rests on, who signed it, and where. */
export interface Fan {
  readonly asOf: string;
  readonly org: string;
  /** Index of the statement in the log. */
  readonly entry: number;
  /** Opening and round whose result the forecast is made from. */
  readonly opening?: string;
  readonly round?: number;
  readonly points: readonly FanPoint[];
}

/** A public figure: the last day of its week, ISO, and the value in the place's unit. */
export interface Observation {
  readonly date: string;
  readonly value: number;
}

/** What came of one week of a forecast, and how others did on the very same week; scores in the place's unit, smaller is better. */
export interface Outcome {
  readonly date: string;
  readonly horizon: number;
  readonly observed?: number;
  readonly inside50?: boolean;
  readonly inside95?: boolean;
  readonly wis?: number;
  readonly baseline?: number;
  readonly ensemble?: number;
}

/** What public figures say about one forecast: nothing here rests on what became known after its day but the outcomes. */
export interface FanEvidence {
  /** The public series as known on the forecast's day, oldest first. */
  readonly known: readonly Observation[];
  /** Reproduction number of the last five weeks known then, with its 95 % interval. */
  readonly rt?: { readonly date: string; readonly r: number; readonly low: number; readonly high: number };
  /** 90th percentile of the place's own values known then: a week above it is unusually high. */
  readonly threshold?: number;
  /** Chance of a week above the threshold, one for each point of the fan. */
  readonly chances: readonly number[];
  /** One for each point of the fan. */
  readonly outcomes: readonly Outcome[];
}

/** Mean scores over the targets that all compared models have. */
export interface ScoreLine {
  readonly n: number;
  readonly wis: number;
  readonly baseline?: number;
  readonly ensemble?: number;
  /** All targets with an observed value, and the shares of them inside the bands. */
  readonly scored: number;
  readonly inside50: number;
  readonly inside95: number;
}

/** Over places: ratios are geometric means of the places' own. */
export interface OverallScore {
  readonly places: number;
  readonly scored: number;
  readonly inside50: number;
  readonly inside95: number;
  /** Targets compared with the baseline. */
  readonly compared: number;
  readonly toBaseline?: number;
  /** Places at which the forecasts were better than the baseline. */
  readonly better?: number;
  readonly ensembleToBaseline?: number;
}

/** A chance of an unusually high week that was announced, and whether the week was one. */
export interface WarnedWeek {
  /** 0 to 1. */
  readonly probability: number;
  readonly happened: boolean;
}

/** Public figures beside the signed forecasts of a place: the operator's files, not the log. */
export interface PlaceEvidence {
  readonly unit?: string;
  /** Newest public values, oldest first. */
  readonly observed: readonly Observation[];
  /** In the order of the place's fans. */
  readonly fans: readonly FanEvidence[];
  readonly baselineName?: string;
  readonly ensembleName?: string;
}

/** Where public figures come from. */
export interface FiguresSource {
  readonly cite: string;
  readonly note: string;
  readonly simulated: boolean;
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
}

export interface PlaceForecasts {
  readonly target: string;
  readonly place: string;
  readonly data: DataKind;
  /** Oldest first. */
  readonly fans: readonly Fan[];
  /** Absent when this hub has no public figures of the place. */
  readonly evidence?: PlaceEvidence;
}
