// Runs of serial numbers, each in one state and one hand. Runs never overlap and together cover what was issued: a unit is somewhere, once.
import type { EventOf } from './events.ts';

export interface Run {
  readonly first: number;
  /** One past the last serial number. */
  readonly end: number;
  /** Id of the issue. */
  readonly issue: string;
  readonly host: string;
  /** `cancelled` by a reversal; `mitigation` at issue, for overall mitigation: used by no one. */
  readonly state: 'held' | 'buffer' | 'retired' | 'cancelled' | 'mitigation';
  readonly holder: string;
  /** The cooperative approach they were issued under. */
  readonly approach?: EventOf<'approach'>;
  /** The host's letter that stands for these units. */
  readonly authorised?: EventOf<'authorise'>;
  /** Has left the host country once, or was forwarded under Article 6.4. */
  readonly transferred: boolean;
  /** The host has added it to its emissions. */
  readonly adjusted: boolean;
  /** Country in whose target a retired unit counts. */
  readonly country?: string;
}

export interface Ledger {
  readonly runs: readonly Run[];
  add(run: Run): void;
  /** Parts of runs within [first, end). */
  within(first: number, end: number): readonly Run[];
  /** Rewrites [first, end). */
  change(first: number, end: number, to: (r: Run) => Run): void;
  /** Kilograms of the runs that pass. */
  total(test: (r: Run) => boolean): number;
}

export function ledger(): Ledger {
  let runs: Run[] = [];
  const cut = (r: Run, first: number, end: number): Run => ({
    ...r,
    first: Math.max(first, r.first),
    end: Math.min(end, r.end),
  });
  return {
    get runs() {
      return runs;
    },
    add: run => {
      runs.push(run);
    },
    within: (first, end) => runs.map(r => cut(r, first, end)).filter(r => r.first < r.end),
    change(first, end, to) {
      runs = runs.flatMap(r => {
        const part = cut(r, first, end);
        if (part.first >= part.end) return [r];
        return [{ ...r, end: part.first }, to(part), { ...r, first: part.end }].filter(x => x.first < x.end);
      });
    },
    total: test => runs.reduce((s, r) => s + (test(r) ? r.end - r.first : 0), 0),
  };
}

/** Whether the host's duty to add them back has begun (2/CMA.3, annex, paragraph 2): having left for another's target, or as the letter says for other uses. */
export const firstTransferred = (r: Run): boolean => {
  if (!r.authorised) return false;
  const said = r.authorised.firstTransfer;
  const used = r.state === 'retired' && r.country === undefined;
  return r.transferred || said === 'authorisation' || said === 'issuance' || (said === 'use' && used);
};

/** Kilograms of runs. */
export const kilogramsOf = (runs: readonly Run[]): number => runs.reduce((s, r) => s + r.end - r.first, 0);
