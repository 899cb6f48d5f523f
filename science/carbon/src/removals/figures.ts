// A register in figures, as a file says them: what is issued, held, used and owed, country by country, and how long each batch lasts.
import type { Register } from './audit.ts';
import { durability, fairBuffer } from './durability.ts';
import type { RemovalEvent } from './events.ts';

/** How long a batch lasts over the horizon, and what of it is set aside. Shares. */
export interface Batch {
  readonly id: string;
  readonly medium: string;
  readonly durability: number;
  readonly fairBuffer: number;
  readonly bufferShare: number;
}

/** The batches that were issued, of the events that `register` is of: what it refused is no batch. Horizon in years, above 0. */
export function batchesOf(events: readonly RemovalEvent[], register: Register, years: number): Batch[] {
  // The checks of the events come first, in their order.
  return events.flatMap((e, i) =>
    e.kind === 'issue' && register.checks[i].ok
      ? [
          {
            id: e.id,
            medium: e.storage.medium,
            durability: durability(e.storage, years),
            fairBuffer: fairBuffer(e.storage, years),
            bufferShare: e.bufferShare,
          },
        ]
      : [],
  );
}

/** Quantity, value, unit. `checks`: how many failed, of how many. */
export function registerFigures(
  r: Register,
  batches: readonly Batch[],
  years: number,
  checks: { readonly failed: number; readonly of: number },
): (readonly [quantity: string, value: number, unit: string])[] {
  return [
    ['issued', r.issuedKg, 'kg CO2'],
    ['held', r.heldKg, 'kg CO2'],
    ...r.holdings.map(h => [`held by ${h.holder}`, h.kilograms, 'kg CO2'] as const),
    ['buffer', r.bufferKg, 'kg CO2'],
    ['retired', r.retiredKg, 'kg CO2'],
    ['cancelled after reversals', r.cancelledKg, 'kg CO2'],
    ['cancelled for overall mitigation', r.mitigationKg, 'kg CO2'],
    ['to be made good', r.owedKg, 'kg CO2'],
    ['authorised by the host', r.authorisedKg, 'kg CO2'],
    ...r.adjustments.countries.flatMap(c => [
      [`added to the emissions of ${c.country}`, c.addedKg, 'kg CO2'] as const,
      [`subtracted from the emissions of ${c.country}`, c.subtractedKg, 'kg CO2'] as const,
    ]),
    ['added back and counted by no country', r.adjustments.uncountedKg, 'kg CO2'],
    ...r.reports.flatMap(c => [
      [`first transferred by ${c.country}`, c.firstTransferredKg, 'kg CO2'] as const,
      [`first transferred by ${c.country}, not yet added to its emissions`, c.notAdjustedKg, 'kg CO2'] as const,
      ...c.years.flatMap(y => [
        [`added to the emissions of ${c.country} in ${y.year}`, y.addedKg, 'kg CO2'] as const,
        [`subtracted from the emissions of ${c.country} in ${y.year}`, y.subtractedKg, 'kg CO2'] as const,
        [`cumulative adjustment of ${c.country} to ${y.year}`, y.cumulativeKg, 'kg CO2'] as const,
        [`adjustment of ${c.country} in ${y.year} (${c.method})`, y.adjustmentKg, 'kg CO2'] as const,
      ]),
    ]),
    ['checks failed', checks.failed, `of ${checks.of}`],
    ...batches.map(b => [`durability of ${b.id}`, b.durability, `share of the tonne-years of ${years} years`] as const),
  ];
}
