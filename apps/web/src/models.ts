// What pages are drawn from: plain data that a hub may show to anyone. The hub makes these models, this package draws them, nothing here fetches.

/** Addresses of the built files under /assets/, and the digest of the verifier that the page offers. Empty when they have not been built. */
export interface Assets {
  readonly style?: string;
  readonly page?: string;
  readonly verifier?: string;
  readonly climate?: string;
  readonly climateWorker?: string;
  readonly energy?: string;
  readonly energyWorker?: string;
  readonly carbon?: string;
  readonly carbonWorker?: string;
  readonly icon?: string;
  /** SHA-256 (hexadecimal) of the verifier's file. */
  readonly verifierDigest?: string;
}

/** What every page says about the hub that serves it. */
export interface Site {
  readonly assets: Assets;
  /** Name of the log, e.g. `demo/6fd1…`. */
  readonly origin: string;
  /** True when any study of this log says that its data are simulated. */
  readonly simulated: boolean;
  /** A member's name by its handle; the handle itself where the log has none. */
  readonly nameOf: (org: string) => string;
  readonly log: LogBrief;
}

export interface LogBrief {
  readonly size: number;
  readonly finalSize: number;
  /** Log time in seconds; 0 before the first. */
  readonly time: number;
  readonly rules: number;
  readonly operator: string;
  /** Witnesses that cosigned the final checkpoint, of those listed; `needed` make it final. */
  readonly witnesses: { readonly good: readonly string[]; readonly listed: readonly string[]; readonly needed: number };
  /** Id of the founding statement; empty before there is one. */
  readonly rootId: string;
  /** Its fingerprint in eight words. */
  readonly rootWords: readonly string[];
}

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

export interface EntryLine {
  readonly index: number;
  readonly kind: string;
  readonly org: string;
  /** Name of the organisation, or its handle. */
  readonly name: string;
  readonly time: number;
  /** What a published forecast is of. */
  readonly forecast?: { readonly target: string; readonly asOf: string };
}

export interface MemberLine {
  readonly org: string;
  readonly name: string;
  readonly seat: string;
  readonly home: string;
  readonly roles: readonly string[];
  readonly left: boolean;
  readonly witness: boolean;
  readonly datasets: number;
  readonly forecasts: number;
}

export interface KeyLine {
  readonly id: string;
  readonly use: string;
  readonly from: number;
  /** Log time in seconds. */
  readonly until: number;
  readonly ended?: number;
}

export interface MemberModel {
  readonly member: MemberLine;
  readonly joined: number;
  readonly root: string;
  readonly keys: readonly KeyLine[];
  readonly datasets: readonly { readonly handle: string; readonly ledgers: readonly LedgerLine[] }[];
  readonly studies: readonly { readonly id: string; readonly title: string; readonly part: string }[];
  readonly recent: readonly EntryLine[];
}

/** A privacy budget in micro-rho, with what it means as epsilon at delta 1e-5. */
export interface LedgerLine {
  readonly dataset: string;
  readonly org: string;
  readonly unit: string;
  readonly period: string;
  readonly capEpsilon: number;
  readonly spentEpsilon: number;
  readonly capMicroRho: number;
  readonly spentMicroRho: number;
  readonly reservedMicroRho: number;
}

export interface ChargeLine {
  readonly unit: string;
  readonly period: string;
  /** Variance of one aggregator's noise in each number. */
  readonly variance: number;
  /** Standard deviation of all aggregators' noise together. */
  readonly deviation: number;
  readonly sensitivitySquared: number;
  /** Epsilon at delta 1e-5 of one round, and of all rounds together. */
  readonly epsilonRound: number;
  readonly epsilonAll: number;
}

export interface RoundLine {
  readonly number: number;
  /** Organisations whose contribution counts; undefined before the aggregators agreed on it. */
  readonly counted?: readonly string[];
  readonly spent: boolean;
  readonly revealed: number;
  readonly result?: { readonly id: string; readonly digest: string; readonly entry?: number };
  /** The aggregators signed different transcripts: who showed them, and both as blobs. The round has no result. */
  readonly differ?: { readonly by: string; readonly theirs: string; readonly ours: string };
  /** Organisations that signed two different slips, and the blob that holds both. */
  readonly twins?: readonly { readonly org: string; readonly evidence: string }[];
  /** Day whose knowledge the round rests on, where the query names one. */
  readonly asOf?: string;
}

export interface StudyLine {
  readonly id: string;
  readonly title: string;
  readonly stage: string;
  readonly kind: string;
  readonly data: DataKind;
  readonly proposer: string;
}

export interface StudyModel extends StudyLine {
  readonly version: number;
  readonly purpose: string;
  readonly proposerName: string;
  readonly query: string;
  /** Text of the query's blob; undefined when nobody has it here. */
  readonly queryText?: string;
  /** What the kind of study makes of the query in words: what is computed, what leaves a node and what does not. */
  readonly leaves?: readonly string[];
  readonly code: string;
  readonly encoding: string;
  readonly numbers: number;
  readonly maximum: number;
  readonly minimum: number;
  readonly rounds: number;
  readonly differencing: string;
  readonly collector: string;
  readonly aggregators: readonly {
    readonly org: string;
    readonly name: string;
    readonly home: string;
    readonly seat: string;
  }[];
  /** Organisations that own the datasets asked for. */
  readonly asked: readonly { readonly org: string; readonly name: string; readonly approved?: number }[];
  readonly charges: readonly ChargeLine[];
  readonly ledgers: readonly LedgerLine[];
  readonly done: readonly RoundLine[];
  readonly failure?: { readonly code: string; readonly why: string; readonly by: string };
  readonly proposedAt: number;
  readonly openedAt?: number;
  readonly closed: boolean;
  readonly forecasts: number;
}

export interface TodayModel {
  /** Regions that the reader's browser asks pages for, e.g. `FR`; their forecast comes first. */
  readonly regions: readonly string[];
  readonly targets: readonly { readonly target: string; readonly places: readonly PlaceForecasts[] }[];
  /** Days of all published forecasts, oldest first, and the one that the page shows. */
  readonly days: readonly string[];
  readonly day: string;
  /** Score of all forecasts shown for the first target, where this hub has public figures. */
  readonly score?: OverallScore;
  /** The early warnings of the same forecasts. */
  readonly warned?: readonly WarnedWeek[];
  readonly figures?: FiguresSource;
  readonly study?: StudyModel;
  readonly members: readonly MemberLine[];
  readonly recent: readonly EntryLine[];
  /** Forecast files that the log names and this hub does not have or cannot read. */
  readonly unreadable: number;
}

export interface EntryModel {
  readonly index: number;
  readonly id: string;
  readonly kind: string;
  readonly org: string;
  readonly name: string;
  readonly time: number;
  readonly final: boolean;
  readonly summary: string;
  /** Payload as indented JSON. */
  readonly payload: string;
  readonly bytes: number;
  readonly signers: readonly { readonly keyId: string; readonly use?: string; readonly org?: string }[];
  readonly proof: readonly string[];
  readonly proofSize: number;
  /** Why the rules refused it, for an entry that has no effect. */
  readonly refused?: { readonly code: string; readonly why: string; readonly voided: boolean };
}

export interface LogModel {
  readonly entries: readonly EntryLine[];
  /** Index to go on from, downwards; undefined at the beginning of the log. */
  readonly older?: number;
  readonly newer?: number;
  readonly kind?: string;
}

export interface StatusModel {
  readonly members: readonly MemberLine[];
  readonly studies: readonly StudyLine[];
  readonly engine: string;
  /** Seconds between the log's time and this page's. */
  readonly ageSeconds: number;
  readonly inadmissible: readonly {
    readonly index: number;
    readonly code: string;
    readonly why: string;
    readonly voided: boolean;
  }[];
  readonly version: string;
}
