// What a register knows, and how an event is refused by name.
import type { EventOf } from './events.ts';
import { kilogramsOf, type Ledger, ledger, type Run } from './ledger.ts';

export type RefusalCode =
  | 'event-twice'
  | 'wrong-signer'
  | 'unknown-party'
  | 'party-twice'
  | 'bad-amount'
  | 'issued-twice'
  | 'days-claimed-twice'
  | 'bad-share'
  | 'not-held'
  | 'used-twice'
  | 'not-the-host'
  | 'authorised-twice'
  | 'not-authorised'
  | 'transferred-already'
  | 'adjusted-twice'
  | 'not-adjusted'
  | 'counted-by-host'
  | 'no-such-issue'
  | 'reversed-more-than-stored'
  | 'approach-twice'
  | 'no-such-approach'
  | 'outside-approach'
  | 'no-initial-report'
  | 'report-twice'
  | 'first-transfer-unsaid'
  | 'outside-period';

export interface Refusal {
  readonly code: RefusalCode;
  readonly why: string;
}

export interface State {
  readonly ledger: Ledger;
  readonly parties: Map<string, EventOf<'party'>>;
  readonly issues: Map<string, EventOf<'issue'>>;
  /** Kilograms that came out of each batch again. */
  readonly reversed: Map<string, number>;
  /** Kilograms that each country has added to its emissions, and subtracted by using another's. */
  readonly added: Map<string, number>;
  readonly subtracted: Map<string, number>;
  owedKg: number;
  readonly approaches: Map<string, EventOf<'approach'>>;
  /** Initial reports, by country. */
  readonly initial: Map<string, EventOf<'initial'>>;
  /** By country and year of its target: kilograms added, and subtracted. */
  readonly years: Map<string, Map<number, { added: number; subtracted: number }>>;
}

/** A register before its first event. */
export const emptyState = (): State => ({
  ledger: ledger(),
  parties: new Map(),
  issues: new Map(),
  reversed: new Map(),
  added: new Map(),
  subtracted: new Map(),
  owedKg: 0,
  approaches: new Map(),
  initial: new Map(),
  years: new Map(),
});

/** What is said of an event that was taken, or the refusal. */
export type Verdict = string | Refusal;

export const refuse = (code: RefusalCode, why: string): Refusal => ({ code, why });
export const grow = (m: Map<string, number>, key: string, kg: number) => m.set(key, (m.get(key) ?? 0) + kg);
export type Ranged = { readonly first: number; readonly kilograms: number };

/** Where parties are named, every hand must be one of them. */
export function stranger(s: State, name: string): Refusal | undefined {
  if (s.parties.size === 0 || s.parties.has(name)) return undefined;
  return refuse('unknown-party', `no event names the party "${name}"`);
}

export function held(s: State, e: Ranged, holder: string): Refusal | undefined {
  return (
    short(s, e, 'used-twice', r => r.state !== 'retired', 'have not been used') ??
    short(s, e, 'not-held', r => r.state === 'held' && r.holder === holder, `are in ${holder}'s hand`)
  );
}

/** The refusal when not all the units pass the test. */
export function short(
  s: State,
  e: Ranged,
  code: RefusalCode,
  test: (r: Run) => boolean,
  what: string,
): Refusal | undefined {
  const good = kilogramsOf(s.ledger.within(e.first, e.first + e.kilograms).filter(test));
  // Units that were never issued are nobody's, used by no one: only `not-held` and `not-the-host` speak of them.
  const there = kilogramsOf(s.ledger.within(e.first, e.first + e.kilograms));
  const asked = code === 'not-held' || code === 'not-the-host' ? e.kilograms : there;
  return good === asked ? undefined : refuse(code, `only ${good} of ${e.kilograms} kg ${what}`);
}
