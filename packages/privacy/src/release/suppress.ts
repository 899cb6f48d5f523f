// Small-cell suppression for a two-way table of counts with totals: small cells are hidden, then as many others as needed so that nobody can work out a
// small cell from the totals to within less than the rule's width. Complements by cheapest cycles, proven afterwards by exact bounds (flow.ts).
import { boundsOf, cheapestCycle, type TotalledTable, withTotals } from './flow.ts';
import { suppressLinkedTables } from './linked.ts';

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
  /** For the result's page: what was done. How many of the hidden cells are small it does not say: "all of them" would narrow each to below the threshold. */
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
  const hidden = byCycles(table, primary, width) ?? byWitnesses(table, counts, rule);
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
    statement: `Counts below ${rule.threshold}${rule.zeros ? '' : ' (but not 0)'} are hidden, and others so that no hidden small count can be worked out from the totals to within less than ${width}: ${hidden.size} in all.`,
  };
}

/** The small cells and their complements; undefined where cheapest cycles lead nowhere, since those found are hidden already and used up. */
function byCycles(t: TotalledTable, primary: ReadonlySet<number>, width: number): Set<number> | undefined {
  const hidden = new Set(primary);
  for (const cell of primary)
    for (;;) {
      const [low, high] = boundsOf(t, hidden, cell);
      if (high - low >= width) break;
      // Upwards first; if no cycle has the room, one that moves at all, either way.
      const cycle =
        newCells(hidden, cheapestCycle(t, hidden, cell, width - (high - low), 1)) ??
        newCells(hidden, cheapestCycle(t, hidden, cell, 1, 1)) ??
        newCells(hidden, cheapestCycle(t, hidden, cell, 1, -1));
      if (!cycle) return undefined;
      for (const c of cycle) hidden.add(c);
    }
  return hidden;
}

/** The hidden cells as the method for linked tables finds them: it keeps account of the room that is used up. */
function byWitnesses(t: TotalledTable, counts: readonly (readonly number[])[], rule: SuppressionRule): Set<number> {
  const { tables } = suppressLinkedTables({ shape: [t.rows, t.columns], values: counts.flat() }, [[0, 1]], rule);
  return new Set(
    tables[0].flatMap(({ at: [r, c], value }) =>
      value === null ? [(r ?? t.rows) * (t.columns + 1) + (c ?? t.columns)] : [],
    ),
  );
}

/** A cycle all of whose cells are hidden already cannot widen anything by being hidden again. */
function newCells(hidden: ReadonlySet<number>, cycle: number[] | undefined): number[] | undefined {
  return cycle?.some(c => !hidden.has(c)) ? cycle : undefined;
}
