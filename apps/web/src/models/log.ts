// Statements of the log, one or many, and how the log stands.
import type { MemberLine } from './member.ts';
import type { StudyLine } from './study.ts';

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
