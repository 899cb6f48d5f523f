// What is done with units: letters of authorisation, transfers, corresponding adjustments, use.
import { inYear, unreported } from './article6.ts';
import type { EventOf } from './events.ts';
import { firstTransferred, kilogramsOf, type Run } from './ledger.ts';
import { grow, held, type State, short, stranger, type Verdict } from './state.ts';

export function authorise(s: State, e: EventOf<'authorise'>): Verdict {
  const wrong =
    short(s, e, 'not-the-host', r => r.host === e.host, `are ${e.host}'s`) ??
    short(s, e, 'used-twice', r => r.state === 'held' || r.state === 'mitigation', 'are held and unused') ??
    short(s, e, 'authorised-twice', r => !r.authorised, 'are not authorised yet') ??
    short(
      s,
      e,
      'no-initial-report',
      r => !r.approach || s.initial.has(e.host),
      `may be authorised before ${e.host} has given its initial report`,
    ) ??
    short(
      s,
      e,
      'first-transfer-unsaid',
      r => !r.approach || e.firstTransfer !== undefined || e.uses.every(u => u === 'target'),
      'may be authorised for other uses without saying what their first transfer is',
    );
  if (wrong) return wrong;
  s.ledger.change(e.first, e.first + e.kilograms, r => ({ ...r, authorised: e }));
  return `letter ${e.letter}`;
}

export function withdraw(s: State, e: EventOf<'withdraw'>): Verdict {
  const wrong =
    short(s, e, 'not-the-host', r => r.host === e.host, `are ${e.host}'s`) ??
    short(s, e, 'not-authorised', r => r.authorised !== undefined, 'are authorised') ??
    short(
      s,
      e,
      'transferred-already',
      r => !firstTransferred(r) && !r.adjusted && r.state === 'held',
      'have stayed at home, unused',
    );
  if (wrong) return wrong;
  s.ledger.change(e.first, e.first + e.kilograms, ({ authorised: _, ...r }) => r);
  return 'the authorisation is taken back';
}

export function transfer(s: State, e: EventOf<'transfer'>): Verdict {
  const unknown = stranger(s, e.to);
  if (unknown) return unknown;
  const abroad = (r: Run) => {
    const country = s.parties.get(e.to)?.country;
    return country !== undefined && country !== r.host;
  };
  const wrong =
    held(s, e, e.from) ??
    short(s, e, 'not-authorised', r => !abroad(r) || r.authorised !== undefined, 'may leave the host country') ??
    short(
      s,
      e,
      'outside-approach',
      r => !abroad(r) || (r.approach?.countries.includes(s.parties.get(e.to)?.country ?? '') ?? true),
      'may go to a country outside their cooperative approach',
    );
  if (wrong) return wrong;
  s.ledger.change(e.first, e.first + e.kilograms, r => ({
    ...r,
    holder: e.to,
    transferred: r.transferred || abroad(r),
  }));
  return `${e.from} held all of it`;
}

export function adjust(s: State, e: EventOf<'adjust'>): Verdict {
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
    ) ??
    unreported(s, e, e.host, () => true);
  if (wrong) return wrong;
  s.ledger.change(e.first, e.first + e.kilograms, r => ({ ...r, adjusted: true }));
  grow(s.added, e.host, e.kilograms);
  inYear(s, e.host, e.year).added += e.kilograms;
  return `${e.host} adds them to its emissions`;
}

export function retire(s: State, e: EventOf<'retire'>): Verdict {
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
    ) ??
    (e.country === undefined ? undefined : unreported(s, e, e.country, foreign));
  if (wrong) return wrong;
  s.ledger.change(e.first, e.first + e.kilograms, r => ({
    ...r,
    state: 'retired',
    ...(e.country === undefined ? {} : { country: e.country }),
  }));
  if (e.country !== undefined) {
    const abroad = s.ledger.within(e.first, e.first + e.kilograms).filter(r => r.host !== e.country);
    if (abroad.length > 0) {
      grow(s.subtracted, e.country, kilogramsOf(abroad));
      inYear(s, e.country, e.year).subtracted += kilogramsOf(abroad);
    }
  }
  return 'used for the first time, and counted by no one else';
}
