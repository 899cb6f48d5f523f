// Parties, batches and what comes out again.
import type { EventOf } from './events.ts';
import { kilogramsOf, type Run } from './ledger.ts';
import { grow, refuse, type State, stranger, type Verdict } from './state.ts';

/** Holder of the share of proceeds for adaptation (decision 3/CMA.3, annex, chapter VII). */
const ADAPTATION_FUND = 'adaptation fund';

export function party(s: State, e: EventOf<'party'>): Verdict {
  if (s.parties.has(e.party)) return refuse('party-twice', `"${e.party}" is named already`);
  if (e.role === 'keeper' && [...s.parties.values()].some(p => p.role === 'keeper'))
    return refuse('party-twice', 'a register has one keeper');
  if (e.role === 'holder' && e.country === undefined)
    return refuse('unknown-party', `the account of "${e.party}" lies in no country`);
  s.parties.set(e.party, e);
  return `${e.role} "${e.party}"`;
}

export function issue(s: State, e: EventOf<'issue'>): Verdict {
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
  const approach = e.approach === undefined ? undefined : s.approaches.get(e.approach);
  if (e.approach !== undefined && !approach)
    return refuse('no-such-approach', `no event names the approach "${e.approach}"`);
  if (approach && !approach.countries.includes(e.host))
    return refuse('outside-approach', `${e.host} does not take part in "${approach.approach}"`);
  const cuts = [e.bufferShare, approach?.adaptationShare ?? 0, approach?.mitigationShare ?? 0];
  const [buffer, adaptation, mitigation] = cuts.map(share => Math.ceil(share * e.kilograms * (1 - 1e-12)));
  const rest = e.kilograms - buffer - adaptation - mitigation;
  if (rest < 0) return refuse('bad-share', `buffer and shares take more than the ${e.kilograms} kg of the batch`);
  s.issues.set(e.id, e);
  const base = { issue: e.id, host: e.host, adjusted: false, ...(approach ? { approach } : {}) };
  let first = e.first;
  // Under Article 6.4 what is set aside is forwarded, and with that first transferred.
  const forwarded = approach?.mechanism === 'article 6.4';
  const put = (kilograms: number, state: Run['state'], holder: string, transferred = false) => {
    if (kilograms > 0) s.ledger.add({ ...base, first, end: first + kilograms, state, holder, transferred });
    first += kilograms;
  };
  put(buffer, 'buffer', 'buffer');
  put(adaptation, 'held', ADAPTATION_FUND, forwarded);
  put(mitigation, 'mitigation', 'overall mitigation', forwarded);
  put(rest, 'held', e.holder);
  return `${e.kilograms} kg, ${buffer} of them buffer${approach ? `, ${adaptation} to the ${ADAPTATION_FUND}, ${mitigation} cancelled for overall mitigation` : ''}`;
}

export function reversal(s: State, e: EventOf<'reversal'>): Verdict {
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
