// Small-cell suppression for a two-way table of counts with totals: small cells are hidden, then as many others as needed so that nobody can work out a
// small cell from the totals to within less than the rule's width. Complements by cheapest cycles, proven afterwards by exact bounds (flow.ts).
import { boundsOf, cheapestCycle, type TotalledTable, withTotals } from './flow.ts';

export interface SuppressionRule {
  /** Counts from 1 to threshold - 1 are hidden. */
  readonly threshold: number;
  /** A reader must be left with a range at least this wide for each small cell; default: the threshold. */
  readonly width?: number;
  /** Hide zeros too (where "nobody" is itself news); default false. */
  readonly zeros?: boolean;
}

export interface SuppressedTable {
  /** (rows + 1) x (columns + 1) with totals last; null is hidden. */
  readonly cells: readonly (readonly (number | null)[])[];
  readonly primary: number;
  readonly complementary: number;
  /** What a reader must allow for the small cells: [row, column, least, greatest]. */
  readonly bounds: readonly (readonly [row: number, column: number, low: number, high: number])[];
  /** For the result's page: what was done. */
  readonly statement: string;
}

/** Hides cells until every small one is protected. A one-way table is a table of one row. */
export function suppressSmallCells(counts: readonly (readonly number[])[], rule: SuppressionRule): SuppressedTable {
  if (!Number.isSafeInteger(rule.threshold) || rule.threshold < 2)
    throw new RangeError(`threshold: ${rule.threshold} is not a whole number above 1`);
  const width = rule.width ?? rule.threshold;
  const table = withTotals(counts);
  const small = (v: number) => v < rule.threshold && (v > 0 || rule.zeros === true);
  const primary = new Set<number>();
  for (const [i, v] of table.values.entries()) if (small(v)) primary.add(i);
  const hidden = new Set(primary);
  for (const cell of primary) protect(table, hidden, cell, width);
  // Cells added later may only widen what a reader must allow, so earlier cells stay protected; check all the same.
  const bounds: [number, number, number, number][] = [];
  for (const cell of primary) {
    const [low, high] = boundsOf(table, hidden, cell);
    if (high - low < width && hidden.size < table.values.length)
      throw new Error(`cell ${cell}: ${low} to ${high} is too narrow`);
    bounds.push([Math.floor(cell / (table.columns + 1)), cell % (table.columns + 1), low, high]);
  }
  const across = table.columns + 1;
  const cells = Array.from({ length: table.rows + 1 }, (_, r) =>
    Array.from({ length: across }, (_, c) => (hidden.has(r * across + c) ? null : table.values[r * across + c])),
  );
  const complementary = hidden.size - primary.size;
  return {
    cells,
    primary: primary.size,
    complementary,
    bounds,
    statement: `Counts below ${rule.threshold}${rule.zeros ? '' : ' (but not 0)'} are hidden (${primary.size}), and ${complementary} more so that no hidden small count can be worked out from the totals to within less than ${width}.`,
  };
}

function protect(t: TotalledTable, hidden: Set<number>, cell: number, width: number): void {
  for (let round = 0; round <= t.values.length; round++) {
    const [low, high] = boundsOf(t, hidden, cell);
    if (high - low >= width) return;
    const missing = width - (high - low);
    // Upwards first; if no cycle has the room, one that moves at all, either way; at last hide everything.
    const cycle =
      newCells(hidden, cheapestCycle(t, hidden, cell, missing, 1)) ??
      newCells(hidden, cheapestCycle(t, hidden, cell, 1, 1)) ??
      newCells(hidden, cheapestCycle(t, hidden, cell, 1, -1));
    if (!cycle) {
      for (let i = 0; i < t.values.length; i++) hidden.add(i);
      return;
    }
    for (const c of cycle) hidden.add(c);
  }
}

/** A cycle all of whose cells are hidden already cannot widen anything by being hidden again. */
function newCells(hidden: ReadonlySet<number>, cycle: number[] | undefined): number[] | undefined {
  return cycle?.some(c => !hidden.has(c)) ? cycle : undefined;
}
