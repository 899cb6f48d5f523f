// The hub's state: what the statements so far add up to. Plain immutable data; a reducer returns a new state that shares what it did not change.
// Records, not Maps, so that the canonical form (and its digest) is the state itself.

import type { ComputeBackend, Job } from './compute/records.ts';

export type Seat = 'organisation' | 'bank';
export type KeyUse =
  | 'root'
  | 'officer'
  | 'steward'
  | 'researcher'
  | 'node'
  | 'aggregator'
  | 'witness'
  | 'replay-witness'
  | 'log';

/** Public half of a hybrid statement key, base64: Ed25519 (32 bytes) and ML-DSA-65 (1,952 bytes). */
export interface HybridKey {
  readonly ed25519: string;
  readonly mldsa65: string;
}

/** A pair of C2SP verifier keys, Ed25519 and ML-DSA-44, as text `name+hash+base64`. */
export interface NoteKeys {
  readonly ed25519: string;
  readonly mldsa44: string;
}

export interface KeyRecord {
  readonly org: string;
  readonly use: KeyUse;
  readonly key: HybridKey | NoteKeys;
  /** Good from this entry index on … */
  readonly from: number;
  /** … to this log time (seconds), … */
  readonly until: number;
  /** … or to this entry index, when it was ended. */
  readonly ended?: number;
  readonly compromisedFrom?: number;
}

export interface Member {
  readonly name: string;
  readonly seat: Seat;
  readonly home: string;
  readonly roles: readonly string[];
  readonly root: string;
  readonly joined: number;
  readonly left?: number;
}

export interface Invitation {
  readonly candidates: readonly Candidate[];
  /** Members who agreed, the inviter first. */
  readonly admittedBy: readonly string[];
}

export interface Candidate {
  readonly org: string;
  readonly name: string;
  readonly seat: Seat;
  readonly home: string;
  readonly roles: readonly string[];
  readonly root: string;
}

/** The root statement in force: what a verifier starts from. */
export interface Root {
  readonly id: string;
  readonly rules: number;
  readonly operator: string;
  readonly logKey: string;
  readonly logNotes: NoteKeys;
  readonly witnesses: readonly { readonly org: string; readonly key: string }[];
}

export interface RootProposal {
  readonly root: Root;
  readonly previous: string;
  readonly agreedBy: readonly string[];
}

export interface Dataset {
  readonly org: string;
  /** Salted commitment to name and description, which are a blob for members. */
  readonly description: string;
}

/** Privacy budget of one (dataset, unit, period), in micro-rho of zero-concentrated differential privacy. */
export interface Ledger {
  readonly cap: number;
  readonly reserved: number;
  readonly spent: number;
}

export type StudyStage = 'proposed' | 'open' | 'finished' | 'failed';

export interface Charge {
  readonly unit: string;
  readonly period: string;
  readonly sensitivitySquared: number;
  readonly variance: number;
}

export interface Study {
  readonly org: string;
  readonly kind: string;
  readonly version: number;
  readonly title: string;
  readonly purpose: string;
  readonly query: string;
  readonly code: string;
  readonly datasets: readonly string[];
  readonly shape: Shape;
  readonly rounds: number;
  readonly minimum: number;
  readonly aggregators: readonly string[];
  readonly collector: string;
  readonly charges: readonly Charge[];
  readonly replyKey: string;
  readonly family: string;
  readonly differencing: 'withhold' | 'accept';
  readonly approveBy: number;
  readonly stage: StudyStage;
  readonly proposedAt: number;
  readonly approvals: Readonly<Record<string, Approval>>;
  readonly ready: Readonly<Record<string, Ready>>;
  readonly opening?: Opening;
  /** The last round of a study that its question was answered before its last (`study.finish`). */
  readonly finishedAfter?: number;
  readonly failure?: { readonly code: string; readonly why: string; readonly by: string };
}

export interface Shape {
  readonly encoding: 'prio3-sumvec' | 'prio3-histogram' | 'masked-sum';
  readonly length: number;
  readonly maximum: number;
  readonly field: number;
  readonly proofs: number;
  readonly chunk: number;
}

export interface Approval {
  readonly id: string;
  readonly datasets: readonly string[];
  readonly rounds: number;
  readonly until: number;
  readonly index: number;
  /** Key that signed: when it is ended as compromised, what rests on it is in question. */
  readonly key: string;
  readonly withdrawn?: number;
}

export interface Ready {
  readonly id: string;
  readonly sealKey: string;
  readonly commitment: string;
}

export interface Opening {
  readonly id: string;
  readonly by: string;
  readonly index: number;
  readonly organisations: readonly string[];
  readonly datasets: readonly string[];
  readonly contributeUntil: number;
  readonly revealUntil: number;
  readonly rounds: Readonly<Record<string, Round>>;
  readonly closedBy: readonly string[];
  /** True once every aggregator signed which rounds never committed and their reservation went back. */
  readonly returned: boolean;
  /** Datasets whose stewards took back what was not spent (`budget.release`); absent where none did. */
  readonly released?: readonly string[];
}

export interface Round {
  readonly transcript?: {
    readonly id: string;
    readonly organisations: readonly string[];
    readonly slips: string;
    /** Organisation -> blob with two different slips that it signed for this round. */
    readonly twins?: Readonly<Record<string, string>>;
  };
  /** Two transcripts that aggregators signed for this round, as blobs, and who showed them: the round has no result. */
  readonly differ?: { readonly id: string; readonly by: string; readonly theirs: string; readonly ours: string };
  /** Aggregator -> commitment to blind and share. */
  readonly commits: Readonly<Record<string, string>>;
  readonly spent: boolean;
  readonly reveals: Readonly<Record<string, { readonly share: string; readonly blind: string }>>;
  readonly result?: { readonly id: string; readonly digest: string };
}

export interface State {
  /** Rules version in force for the next entry. */
  readonly rules: number;
  /** Entries applied, voided ones included. */
  readonly size: number;
  /** Log time in seconds since 1970. */
  readonly time: number;
  readonly origin: string;
  readonly root: Root | undefined;
  readonly rootProposals: Readonly<Record<string, RootProposal>>;
  readonly members: Readonly<Record<string, Member>>;
  readonly keys: Readonly<Record<string, KeyRecord>>;
  readonly invitations: Readonly<Record<string, Invitation>>;
  readonly datasets: Readonly<Record<string, Dataset>>;
  readonly ledgers: Readonly<Record<string, Ledger>>;
  readonly studies: Readonly<Record<string, Study>>;
  /** Opening id -> study id. */
  readonly openings: Readonly<Record<string, string>>;
  readonly forecasts: number;
  /** Absent until a member offers one, so that logs from before keep their digest. */
  readonly backends?: Readonly<Record<string, ComputeBackend>>;
  readonly jobs?: Readonly<Record<string, Job>>;
  readonly withdrawnBlobs: readonly string[];
  /** Entries that the rules refuse, by index; each must be voided by a quorum before anything else is admitted. */
  readonly inadmissible: Readonly<Record<string, Inadmissible>>;
}

export interface Inadmissible {
  readonly leaf: string;
  readonly code: string;
  readonly why: string;
  readonly voidedBy: readonly string[];
  readonly voided: boolean;
}

export const emptyState: State = {
  rules: 1,
  size: 0,
  time: 0,
  origin: '',
  root: undefined,
  rootProposals: {},
  members: {},
  keys: {},
  invitations: {},
  datasets: {},
  ledgers: {},
  studies: {},
  openings: {},
  forecasts: 0,
  withdrawnBlobs: [],
  inadmissible: {},
};

/** Seats that count: members who have not left. */
export function activeMembers(state: State): readonly string[] {
  return Object.keys(state.members).filter(org => state.members[org].left === undefined);
}

export function ledgerId(dataset: string, unit: string, period: string): string {
  return `${dataset}/${unit}/${period}`;
}
