// A release of tables of counts with totals, whole: what is hidden, what a reader can still infer, how the rest is rounded. One table of one or two axes is
// protected by exact bounds (suppress.ts), more by witnesses (linked.ts). Rounding comes last and sees only what is shown, so it can only widen the bounds.
import type { RandomBytes } from '../dp/entropy.ts';
import { boundsOf, withTotals } from './flow.ts';
import { type CountArray, checkAxes, type LinkedCell, sumOver, suppressLinkedTables } from './linked.ts';
import { type Rounded, roundAtRandom, roundToBase } from './rounding.ts';
import { type SuppressionRule, suppressSmallCells } from './suppress.ts';

export interface TableRule extends SuppressionRule {
  /** Multiple to which shown counts are rounded; 1 leaves them. */
  readonly base: number;
  /** Rounds at random, right on average, instead of to the nearest. */
  readonly randomBytes?: RandomBytes;
}

/** What a reader must allow for a hidden count; `high` may be Infinity. */
export interface Interval {
  readonly at: LinkedCell['at'];
  readonly low: number;
  readonly high: number;
}

export interface TableRelease {
  readonly ok: true;
  /** Every published cell once, over all axes of the counts; null is hidden. Small and other hidden cells cannot be told apart, on purpose. */
  readonly cells: readonly LinkedCell[];
  /** Hidden since small, and hidden since the small ones could be worked out otherwise. For the owner: published, the two numbers would narrow counts. */
  readonly small: number;
  readonly complementary: number;
  /**
   * 'exact': of every hidden cell, all that the shown counts let a reader conclude. 'witness': of every small cell, two counts that agree with all that is
   * shown; a reader is left with these or more. Witnesses start from the true counts: for the owner, never published.
   */
  readonly proof: 'exact' | 'witness';
  readonly intervals: readonly Interval[];
  /** For the published file: the rules of hiding and rounding, and how many counts are hidden in all. */
  readonly statement: string;
  readonly rounding: string;
}

export type TableVerdict =
  | TableRelease
  | { readonly ok: false; readonly refusal: { readonly code: 'nothing-left'; readonly why: string } };

/** Protects and rounds tables over `counts`, as axes, e.g. [[0, 1], [0, 2]]. Throws RangeError on counts, axes and rules that are none. */
export function releaseTables(
  counts: CountArray,
  tables: readonly (readonly number[])[],
  rule: TableRule,
): TableVerdict {
  const width = rule.width ?? rule.threshold;
  if (!Number.isSafeInteger(width) || width < 1)
    throw new RangeError(`width: ${width} is not a whole number of at least 1`);
  const one =
    tables.length === 1 && new Set(tables[0]).size <= 2 ? [...new Set(tables[0])].sort((a, b) => a - b) : undefined;
  checkAxes(tables, counts.shape.length);
  const made = one ? single(counts, one, rule) : linked(counts, tables, rule);
  const shown = made.cells.filter(c => c.value !== null);
  const hidden = made.cells.length - shown.length;
  if (shown.length === 0)
    return {
      ok: false,
      refusal: {
        code: 'nothing-left',
        why: `to protect ${made.small} counts below ${rule.threshold}, all ${hidden} must be hidden: nothing is left to publish; merge categories or publish fewer tables`,
      },
    };
  const rounded: Rounded = rule.randomBytes
    ? roundAtRandom(
        shown.map(c => c.value!),
        rule.base,
        rule.randomBytes,
      )
    : roundToBase(
        shown.map(c => c.value!),
        rule.base,
      );
  const values = rounded.values.values();
  return {
    ok: true,
    ...made,
    cells: made.cells.map(c => (c.value === null ? c : { at: c.at, value: values.next().value! })),
    complementary: hidden - made.small,
    rounding: rounded.statement,
    statement: `Counts below ${rule.threshold}${rule.zeros ? '' : ' (but not 0)'} are hidden, and others so that none of them can be worked out to within less than ${width}: ${hidden} of ${made.cells.length} in all. ${rounded.statement}`,
  };
}

type Hidden = Pick<TableRelease, 'cells' | 'small' | 'proof' | 'intervals'>;

function single(counts: CountArray, axes: readonly number[], rule: SuppressionRule): Hidden {
  const { shape, values } = sumOver(counts, axes);
  const [rows, columns] = shape.length === 2 ? shape : [1, shape[0]];
  const table = withTotals(
    Array.from({ length: rows }, (_, r) => Array.from(values).slice(r * columns, (r + 1) * columns)),
  );
  const across = columns + 1;
  const inner = Array.from({ length: rows }, (_, r) =>
    Array.from(table.values.subarray(r * across, r * across + columns)),
  );
  const suppressed = suppressSmallCells(inner, rule).cells.flat();
  const hidden = new Set(suppressed.flatMap((v, i) => (v === null ? [i] : [])));
  // A table of one axis is worked on as one row, whose column totals are its cells once more: hidden here, hidden there.
  if (axes.length === 1)
    for (let i = 0; i < across; i++)
      if (hidden.has(i) || hidden.has(across + i)) {
        hidden.add(i);
        hidden.add(across + i);
      }
  const published = axes.length === 1 ? across : table.values.length;
  const cells: LinkedCell[] = [];
  const intervals: Interval[] = [];
  let small = 0;
  for (let i = 0; i < published; i++) {
    const [r, c] = [Math.floor(i / across), i % across];
    const levels = axes.length === 1 ? [c === columns ? null : c] : [r === rows ? null : r, c === columns ? null : c];
    const at = counts.shape.map((_, k) => (axes.includes(k) ? levels[axes.indexOf(k)] : null));
    const v = table.values[i];
    cells.push({ at, value: hidden.has(i) ? null : v });
    if (v < rule.threshold && (v > 0 || rule.zeros === true)) small += 1;
    if (!hidden.has(i)) continue;
    const [low, high] = boundsOf(table, hidden, i);
    intervals.push({ at, low, high });
  }
  return { cells, small, proof: 'exact', intervals };
}

function linked(counts: CountArray, tables: readonly (readonly number[])[], rule: SuppressionRule): Hidden {
  const s = suppressLinkedTables(counts, tables, rule);
  const unique = new Map(s.tables.flat().map(c => [c.at.map(a => a ?? '+').join(','), c]));
  return { cells: [...unique.values()], small: s.primary, proof: 'witness', intervals: s.bounds };
}
