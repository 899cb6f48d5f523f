// Cooperative approaches (decisions 2/CMA.3 and 3/CMA.3): who takes part, what of a batch is set aside, initial reports, and the accounts year by year.
import type { EventOf } from './events.ts';
import { firstTransferred, type Run } from './ledger.ts';
import { type Ranged, type Refusal, refuse, type State, short, stranger, type Verdict } from './state.ts';

/** Least shares under Article 6.4 (3/CMA.3, annex, chapters VII and VIII): for adaptation, and cancelled for overall mitigation. */
const LEAST = { adaptation: 0.05, mitigation: 0.02 } as const;

export function key(s: State, e: EventOf<'key'>): Verdict {
  if (!s.parties.has(e.party)) return refuse('unknown-party', `no event names the party "${e.party}"`);
  return `"${e.party}" has another key from here on`;
}

export function approach(s: State, e: EventOf<'approach'>): Verdict {
  if (s.approaches.has(e.approach)) return refuse('approach-twice', `"${e.approach}" is named already`);
  for (const c of e.countries) {
    const unknown = stranger(s, c);
    if (unknown) return unknown;
  }
  if (
    e.mechanism === 'article 6.4' &&
    !(e.adaptationShare >= LEAST.adaptation && e.mitigationShare >= LEAST.mitigation)
  )
    return refuse(
      'bad-share',
      `Article 6.4 asks for ${LEAST.adaptation} to adaptation and ${LEAST.mitigation} to overall mitigation at least`,
    );
  s.approaches.set(e.approach, e);
  return `${e.countries.join(', ')} take part`;
}

export function initial(s: State, e: EventOf<'initial'>): Verdict {
  const unknown = stranger(s, e.country);
  if (unknown) return unknown;
  const before = s.initial.get(e.country);
  if (before) return refuse('report-twice', `${e.country} has reported for ${before.fromYear} to ${before.toYear}`);
  if (!(e.fromYear <= e.toYear))
    return refuse('outside-period', `its target ends (${e.toYear}) before it begins (${e.fromYear})`);
  s.initial.set(e.country, e);
  return `target from ${e.fromYear} to ${e.toYear}, adjusted ${e.method === 'average' ? 'by the average' : 'year by year'}`;
}

/** The refusal when units of an approach, among those of the test, are counted by a country without its report, or in a year outside its target. */
export function unreported(
  s: State,
  e: Ranged & { readonly year?: number },
  country: string,
  test: (r: Run) => boolean,
): Refusal | undefined {
  const report = s.initial.get(country);
  const within = report && e.year !== undefined && e.year >= report.fromYear && e.year <= report.toYear;
  return (
    short(
      s,
      e,
      'no-initial-report',
      r => !(r.approach && test(r)) || report !== undefined,
      `need no report of ${country}`,
    ) ??
    short(
      s,
      e,
      'outside-period',
      r => !(r.approach && test(r)) || within === true,
      `may be counted in ${e.year ?? 'no year'}, outside ${country}'s target`,
    )
  );
}

/** The account of a country in a year; without one, an account that nobody reads. */
export function inYear(s: State, country: string, year: number | undefined): { added: number; subtracted: number } {
  const account = { added: 0, subtracted: 0 };
  if (year === undefined) return account;
  const years = s.years.get(country) ?? new Map<number, typeof account>();
  s.years.set(country, years);
  const known = years.get(year) ?? account;
  years.set(year, known);
  return known;
}

/** A country's annual information (2/CMA.3, annex, paragraphs 7 and 20). */
export interface AnnualReport {
  readonly country: string;
  readonly method: 'yearly' | 'average';
  /** Its units whose first transfer has happened, and those of them that it has not added back yet. */
  readonly firstTransferredKg: number;
  readonly notAdjustedKg: number;
  readonly years: readonly {
    readonly year: number;
    readonly addedKg: number;
    readonly subtractedKg: number;
    /** Added less subtracted, since the target began. */
    readonly cumulativeKg: number;
    /** Adjustment of the year's emissions: the year's own, or the cumulative one over the years gone by. */
    readonly adjustmentKg: number;
  }[];
}

/** One for each country that has reported, with every year of its target from the first to the last that has an entry. */
export function annualReports(s: State): AnnualReport[] {
  return [...s.initial.values()].map(r => {
    const accounts = s.years.get(r.country);
    const last = Math.min(r.toYear, Math.max(r.fromYear - 1, ...(accounts?.keys() ?? [])));
    let cumulativeKg = 0;
    const years = Array.from({ length: last - r.fromYear + 1 }, (_, i) => {
      const { added, subtracted } = accounts?.get(r.fromYear + i) ?? { added: 0, subtracted: 0 };
      cumulativeKg += added - subtracted;
      const adjustmentKg = r.method === 'average' ? cumulativeKg / (i + 1) : added - subtracted;
      return { year: r.fromYear + i, addedKg: added, subtractedKg: subtracted, cumulativeKg, adjustmentKg };
    });
    const mine = (run: Run) => run.host === r.country && firstTransferred(run);
    return {
      country: r.country,
      method: r.method,
      firstTransferredKg: s.ledger.total(mine),
      notAdjustedKg: s.ledger.total(run => mine(run) && !run.adjusted),
      years,
    };
  });
}
