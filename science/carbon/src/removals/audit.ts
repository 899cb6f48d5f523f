// A register of removals is a list of events; everything is recomputed from it, and each event is either taken or refused by name. At the end the sums
// are drawn: every unit is in one state and one hand, is counted once, and corresponding adjustments add up to nothing over all countries.
import { type AnnualReport, annualReports } from './article6.ts';
import { type RemovalEvent, signersOf } from './events.ts';
import { apply } from './rules.ts';
import { emptyState, type RefusalCode, type State, type Verdict } from './state.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly code?: RefusalCode;
  readonly detail: string;
}

/** A country's side of the corresponding adjustments. */
export interface CountryBalance {
  readonly country: string;
  /** Added to its emissions as a host. */
  readonly addedKg: number;
  /** Subtracted as a user of another country's units. */
  readonly subtractedKg: number;
}

export interface Register {
  /** One for each event, then the sums; the register is sound when all are ok. */
  readonly checks: readonly Check[];
  readonly sound: boolean;
  readonly issuedKg: number;
  readonly heldKg: number;
  readonly bufferKg: number;
  readonly retiredKg: number;
  readonly cancelledKg: number;
  /** Cancelled at issue for overall mitigation. */
  readonly mitigationKg: number;
  /** What came out again and no buffer or unused unit covers: it must be made good. */
  readonly owedKg: number;
  readonly authorisedKg: number;
  readonly holdings: readonly { readonly holder: string; readonly kilograms: number }[];
  readonly adjustments: {
    readonly countries: readonly CountryBalance[];
    /** Added back by a host and counted by no country: held, in a programme, for a holder's own claim, or cancelled. */
    readonly uncountedKg: number;
    /** Added less subtracted less uncounted: 0. */
    readonly balanceKg: number;
  };
  /** Annual information of every country that gave an initial report. */
  readonly reports: readonly AnnualReport[];
}

/**
 * Replays a register; an event that is refused changes nothing. `signedBy` holds, event by event, the parties whose signatures were verified; without it the
 * register is judged as unsigned.
 */
export function auditRegister(events: readonly RemovalEvent[], signedBy?: readonly (readonly string[])[]): Register {
  const checks: Check[] = [];
  const s = emptyState();
  const ids = new Set<string>();
  const judge = (e: RemovalEvent, i: number): Verdict => {
    if (ids.has(e.id)) return { code: 'event-twice', why: 'this event is there twice' };
    ids.add(e.id);
    const missing = signedBy ? signersOf(e, keeperOf(s, e)).filter(p => !signedBy[i]?.includes(p)) : [];
    if (missing.length > 0) return { code: 'wrong-signer', why: `not signed by ${missing.join(' and ')}` };
    return apply(s, e);
  };
  for (const [i, e] of events.entries()) {
    const verdict = judge(e, i);
    const name = `${e.kind} ${e.id}`;
    checks.push(
      typeof verdict === 'string'
        ? { name, ok: true, detail: verdict }
        : { name, ok: false, code: verdict.code, detail: verdict.why },
    );
  }
  const { total } = s.ledger;
  const sum = (m: ReadonlyMap<string, number>) => [...m.values()].reduce((a, b) => a + b, 0);
  const say = (name: string, ok: boolean, detail: string) => checks.push({ name, ok, detail });
  const issuedKg = [...s.issues.values()].reduce((a, i) => a + i.kilograms, 0);
  const sorted = [...s.ledger.runs].sort((a, b) => a.first - b.first);
  say(
    'every unit',
    sorted.every((r, i) => i === 0 || r.first >= sorted[i - 1].end),
    'is in one state and one hand',
  );
  say(
    'all units',
    total(() => true) === issuedKg,
    'held, buffer, retired, cancelled and for overall mitigation add up to what was issued',
  );
  // A country has a unit in its account as its host until it adds it back, or as a user.
  const twice = total(r => r.country !== undefined && (r.country === r.host ? r.adjusted : !r.adjusted));
  say('every tonne', twice === 0, 'is counted by one country at most');
  const cancelledKg = total(r => r.state === 'cancelled');
  say('reversals', cancelledKg + s.owedKg === sum(s.reversed), 'cancelled and owed add up to what came out again');
  const uncountedKg = total(r => r.adjusted && r.country === undefined);
  const balanceKg = sum(s.added) - sum(s.subtracted) - uncountedKg;
  say('corresponding adjustments', balanceKg === 0, 'of all countries, and what none counts, add up to nothing');
  const hands = new Map<string, number>();
  for (const r of s.ledger.runs)
    if (r.state === 'held') hands.set(r.holder, (hands.get(r.holder) ?? 0) + r.end - r.first);
  return {
    checks,
    sound: checks.every(c => c.ok),
    issuedKg,
    heldKg: total(r => r.state === 'held'),
    bufferKg: total(r => r.state === 'buffer'),
    retiredKg: total(r => r.state === 'retired'),
    cancelledKg,
    mitigationKg: total(r => r.state === 'mitigation'),
    owedKg: s.owedKg,
    authorisedKg: total(r => r.authorised !== undefined),
    holdings: [...hands].map(([holder, kilograms]) => ({ holder, kilograms })),
    adjustments: {
      countries: [...new Set([...s.added.keys(), ...s.subtracted.keys()])].sort().map(country => ({
        country,
        addedKg: s.added.get(country) ?? 0,
        subtractedKg: s.subtracted.get(country) ?? 0,
      })),
      uncountedKg,
      balanceKg,
    },
    reports: annualReports(s),
  };
}

/** The register's keeper; before there is one, the party that the event makes it. */
function keeperOf(s: State, e: RemovalEvent): string {
  const known = [...s.parties.values()].find(p => p.role === 'keeper')?.party;
  return known ?? (e.kind === 'party' && e.role === 'keeper' ? e.party : 'a keeper, who is not named');
}
