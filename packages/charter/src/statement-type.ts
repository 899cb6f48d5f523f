// What one kind of statement is: its name, body, who may sign, and the reducer of every rules version. One kind, one file.
import type { Schema } from './schema.ts';
import type { KeyUse, State } from './state.ts';

/** Why the charter does not admit a statement: a stable code, a sentence that names the thing and what to do. */
export interface Refusal {
  readonly code: string;
  readonly why: string;
}

/** A statement whose form, signatures, key uses and freshness have been checked; what a reducer sees. */
export interface Checked<B> {
  readonly id: string;
  readonly index: number;
  readonly org: string;
  readonly body: B;
  /** Key ids that signed, in envelope order, and the organisation of each. */
  readonly signers: readonly { readonly keyId: string; readonly org: string; readonly use: KeyUse }[];
}

export type Reducer<B> = (state: State, statement: Checked<B>) => State | Refusal;

export interface StatementType<B> {
  readonly kind: string;
  readonly summary: string;
  readonly body: Schema<B>;
  /** Which keys may sign. Every signature must come from a key with one of these uses. */
  readonly signers: readonly KeyUse[];
  /** `self`: the signing keys are introduced by the body (founding, joining). `cosigned`: signers may be of several organisations. */
  readonly signedBy?: 'self' | 'cosigned';
  /** Founding and the log's own time carry no `seen` and `until`. */
  readonly timeless?: true;
  /** One reducer for each rules version that knows this kind; never edited once a version is adopted. */
  readonly apply: Readonly<Record<number, Reducer<B>>>;
  /** Codes this kind may refuse with, for the manual. */
  readonly refusals: Readonly<Record<string, string>>;
}

export function refuse(code: string, why: string): Refusal {
  return { code, why };
}

export function isRefusal(x: object): x is Refusal {
  return 'code' in x && 'why' in x;
}

export { put } from './record.ts';
