// Inputs that work as they stand, printed by `--example`, to be changed by hand: the quickest way to learn a format.
import type { CostAssumptions } from '@madang/carbon';
import { CommandError, type Outcome } from '../command.ts';

export const EXAMPLE_OPTION = {
  flags: '--example',
  description: 'print an input that works, to be changed by hand, and stop',
} as const;

/** The file that was asked for; wrong use when there is none. */
export function fileArgument(file: unknown): string {
  if (file === undefined) throw new CommandError('give a file; --example prints one that works', 2);
  return String(file);
}

/** An input as text: one JSON document, or one a line for a list of events. */
export const exampleOutcome = (value: object): Outcome => ({
  json: { ok: true, example: value },
  text: Array.isArray(value) ? value.map(v => JSON.stringify(v)).join('\n') : JSON.stringify(value, null, 2),
});

export const COST: CostAssumptions = {
  capturedTonnesYear: 1_000_000,
  equipment: [
    { name: 'columns and sorbent handling', cost: 240e6, lifeYears: 25 },
    { name: 'vacuum pumps and compressors', cost: 110e6, lifeYears: 15 },
  ],
  discountRate: 0.08,
  fixedShareYear: 0.03,
  electricityKwhTonne: 310,
  electricityPriceMwh: 65,
  electricityKgCo2Mwh: 120,
  heatKwhTonne: 0,
  heatPriceMwh: 0,
  heatKgCo2Mwh: 0,
  sorbent: { inventoryKg: 800_000, priceKg: 5, lifeYears: 5, lossKgTonne: 0 },
  transportTonne: 8,
  storageTonne: 12,
};
