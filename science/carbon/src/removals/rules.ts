// What each event may do. A rule either changes the register or refuses by name and changes nothing.
import type { EventOf, RemovalEvent } from './events.ts';
import { kilogramsOf, type Ledger, type Run } from './ledger.ts';

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
  | 'reversed-more-than-stored';

interface Refusal {
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
}

/** What is said of an event that was taken, or the refusal. */
export type Verdict = string | Refusal;

const refuse = (code: RefusalCode, why: string): Refusal => ({ code, why });
const grow = (m: Map<string, number>, key: string, kg: number) => m.set(key, (m.get(key) ?? 0) + kg);
type Ranged = { readonly first: number; readonly kilograms: number };

/** Applies an event whose form is whole and whose id is new. */
export function apply(s: State, e: RemovalEvent): Verdict {
  if ('kilograms' in e && !(e.kilograms > 0)) return refuse('bad-amount', `${e.kilograms} kg is not above 0`);
  switch (e.kind) {
    case 'party':
      return party(s, e);
    case 'issue':
      return issue(s, e);
    case 'authorise':
      return authorise(s, e);
    case 'withdraw':
      return withdraw(s, e);
    case 'transfer':
      return transfer(s, e);
    case 'adjust':
      return adjust(s, e);
    case 'retire':
      return retire(s, e);
    case 'reversal':
      return reversal(s, e);
  }
}

function party(s: State, e: EventOf<'party'>): Verdict {
  if (s.parties.has(e.party)) return refuse('party-twice', `"${e.party}" is named already`);
  if (e.role === 'keeper' && [...s.parties.values()].some(p => p.role === 'keeper'))
    return refuse('party-twice', 'a register has one keeper');
  if (e.role === 'holder' && e.country === undefined)
    return refuse('unknown-party', `the account of "${e.party}" lies in no country`);
  s.parties.set(e.party, e);
  return `${e.role} "${e.party}"`;
}

function issue(s: State, e: EventOf<'issue'>): Verdict {
  const unknown = stranger(s, e.holder) ?? stranger(s, e.host);
  if (unknown) return unknown;
  const end = e.first + e.kilograms;
  const there = s.ledger.within(e.first, end);
  if (there.length > 0)
    return refuse('issued-twice', `${kilogramsOf(there)} of its serial numbers belong to ${there[0].issue}`);
  if (!(e.fromDay <= e.toDay))
    return refuse('days-claimed-twice', `its days end (${e.toDay}) before they begin (${e.fromDay})`);
  const other = [...s.issues.values()].find(
    o => o.activity === e.activity && o.host === e.host && o.fromDay <= e.toDay && e.fromDay <= o.toDay,
  );
  if (other)
    return refuse('days-claimed-twice', `the activity "${e.activity}" already has ${other.id} for days of this span`);
  if (!(e.bufferShare >= 0 && e.bufferShare < 1)) return refuse('bad-share', `a buffer share of ${e.bufferShare}`);
  s.issues.set(e.id, e);
  const buffer = Math.ceil(e.bufferShare * e.kilograms);
  const base = { issue: e.id, host: e.host, transferred: false, adjusted: false };
  if (buffer > 0) s.ledger.add({ ...base, first: e.first, end: e.first + buffer, state: 'buffer', holder: 'buffer' });
  if (buffer < e.kilograms) s.ledger.add({ ...base, first: e.first + buffer, end, state: 'held', holder: e.holder });
  return `${e.kilograms} kg, ${buffer} of them buffer`;
}

function authorise(s: State, e: EventOf<'authorise'>): Verdict {
  const wrong =
    short(s, e, 'not-the-host', r => r.host === e.host, `are ${e.host}'s`) ??
    short(s, e, 'used-twice', r => r.state === 'held', 'are held and unused') ??
    short(s, e, 'authorised-twice', r => !r.authorised, 'are not authorised yet');
  if (wrong) return wrong;
  s.ledger.change(e.first, e.first + e.kilograms, r => ({ ...r, authorised: e }));
  return `letter ${e.letter}`;
}

function withdraw(s: State, e: EventOf<'withdraw'>): Verdict {
  const wrong =
    short(s, e, 'not-the-host', r => r.host === e.host, `are ${e.host}'s`) ??
    short(s, e, 'not-authorised', r => r.authorised !== undefined, 'are authorised') ??
    short(
      s,
      e,
      'transferred-already',
      r => !r.transferred && !r.adjusted && r.state === 'held',
      'have stayed at home, unused',
    );
  if (wrong) return wrong;
  s.ledger.change(e.first, e.first + e.kilograms, ({ authorised: _, ...r }) => r);
  return 'the authorisation is taken back';
}

function transfer(s: State, e: EventOf<'transfer'>): Verdict {
  const unknown = stranger(s, e.to);
  if (unknown) return unknown;
  const abroad = (r: Run) => {
    const country = s.parties.get(e.to)?.country;
    return country !== undefined && country !== r.host;
  };
  const wrong =
    held(s, e, e.from) ??
    short(s, e, 'not-authorised', r => !abroad(r) || r.authorised !== undefined, 'may leave the host country');
  if (wrong) return wrong;
  s.ledger.change(e.first, e.first + e.kilograms, r => ({
    ...r,
    holder: e.to,
    transferred: r.transferred || abroad(r),
  }));
  return `${e.from} held all of it`;
}

function adjust(s: State, e: EventOf<'adjust'>): Verdict {
  const wrong =
    short(s, e, 'not-the-host', r => r.host === e.host, `are ${e.host}'s`) ??
    short(s, e, 'adjusted-twice', r => !r.adjusted, 'are not adjusted yet') ??
    short(s, e, 'not-authorised', r => r.authorised !== undefined, 'are authorised') ??
    short(
      s,
      e,
      'counted-by-host',
      r => r.country !== r.host && r.state !== 'cancelled',
      `are not in ${e.host}'s own target, nor cancelled`,
    );
  if (wrong) return wrong;
  s.ledger.change(e.first, e.first + e.kilograms, r => ({ ...r, adjusted: true }));
  grow(s.added, e.host, e.kilograms);
  return `${e.host} adds them to its emissions`;
}

function retire(s: State, e: EventOf<'retire'>): Verdict {
  const use = e.country !== undefined ? 'target' : e.programme !== undefined ? 'mitigation' : undefined;
  const foreign = (r: Run) => use !== undefined && r.host !== e.country;
  const allowed = (r: Run) =>
    r.authorised?.uses.includes(use as 'target') === true &&
    (e.country === undefined || (r.authorised.countries?.includes(e.country) ?? true));
  const wrong =
    held(s, e, e.holder) ??
    short(
      s,
      e,
      'not-authorised',
      r => !foreign(r) || allowed(r),
      `have the host's letter for this use (${e.country ?? e.programme})`,
    ) ??
    short(
      s,
      e,
      'not-adjusted',
      r => !foreign(r) || r.adjusted,
      "have the host's corresponding adjustment: both countries would count the rest",
    ) ??
    short(
      s,
      e,
      'counted-by-host',
      r => r.host !== e.country || !r.adjusted,
      'are still in the host country’s own account',
    );
  if (wrong) return wrong;
  s.ledger.change(e.first, e.first + e.kilograms, r => ({
    ...r,
    state: 'retired',
    ...(e.country === undefined ? {} : { country: e.country }),
  }));
  if (e.country !== undefined) {
    const abroad = s.ledger.within(e.first, e.first + e.kilograms).filter(r => r.host !== e.country);
    if (abroad.length > 0) grow(s.subtracted, e.country, kilogramsOf(abroad));
  }
  return 'used for the first time, and counted by no one else';
}

function reversal(s: State, e: EventOf<'reversal'>): Verdict {
  const batch = s.issues.get(e.issue);
  if (!batch) return refuse('no-such-issue', `there is no issue "${e.issue}"`);
  const gone = s.reversed.get(e.issue) ?? 0;
  if (e.kilograms > batch.kilograms - gone)
    return refuse(
      'reversed-more-than-stored',
      `${e.kilograms} kg came out of a batch that holds ${batch.kilograms - gone}`,
    );
  grow(s.reversed, e.issue, e.kilograms);
  const own = (r: Run) => r.state === 'buffer' && r.issue === e.issue;
  const pool = (r: Run) => r.state === 'buffer' && r.issue !== e.issue;
  const unused = (r: Run) => r.state === 'held' && r.issue === e.issue;
  let left = e.kilograms;
  for (const cancels of [own, pool, unused])
    for (const r of s.ledger.runs.filter(cancels)) {
      const take = Math.min(left, r.end - r.first);
      s.ledger.change(r.first, r.first + take, x => ({ ...x, state: 'cancelled' }));
      left -= take;
    }
  s.owedKg += left;
  return left > 0 ? `${left} kg of used units must be made good` : 'covered by the buffers and unused units';
}

/** Where parties are named, every hand must be one of them. */
function stranger(s: State, name: string): Refusal | undefined {
  if (s.parties.size === 0 || s.parties.has(name)) return undefined;
  return refuse('unknown-party', `no event names the party "${name}"`);
}

function held(s: State, e: Ranged, holder: string): Refusal | undefined {
  return (
    short(s, e, 'used-twice', r => r.state !== 'retired', 'have not been used') ??
    short(s, e, 'not-held', r => r.state === 'held' && r.holder === holder, `are in ${holder}'s hand`)
  );
}

/** The refusal when not all the units pass the test. */
function short(s: State, e: Ranged, code: RefusalCode, test: (r: Run) => boolean, what: string): Refusal | undefined {
  const good = kilogramsOf(s.ledger.within(e.first, e.first + e.kilograms).filter(test));
  // Units that were never issued are nobody's, used by no one: only `not-held` and `not-the-host` speak of them.
  const there = kilogramsOf(s.ledger.within(e.first, e.first + e.kilograms));
  const asked = code === 'not-held' || code === 'not-the-host' ? e.kilograms : there;
  return good === asked ? undefined : refuse(code, `only ${good} of ${e.kilograms} kg ${what}`);
}
