// A question, who was asked, what each round did and cost.
import type { DataKind } from './forecast.ts';
import type { LedgerLine } from './member.ts';

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
