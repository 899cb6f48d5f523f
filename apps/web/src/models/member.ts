// Who takes part: organisations, their keys, their data and budgets.
import type { EntryLine } from './log.ts';

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
