// Small-cell suppression for tables that hang together: several tables of one release over the same rows, three-way tables and their margins. One cell may
// stand in many sums, so tables protected one by one do not protect each other. All tables are seen as one array with totals along every axis, of which
// some cells are published; a small cell is protected by a witness: two whole tables, alike in every published cell, that differ in it by the rule's width.
// Nobody can tell them apart, whatever he computes, so the promise needs no trust in a solver. Kelly, Golden, Assad 1992; hypercubes: Giessing, Repsilber 2002.
import type { SuppressionRule } from './suppress.ts';

/** Counts of every combination of categories: `values` row-major, the last axis fastest. */
export interface CountArray {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** A published cell: along each axis a category, or `null` for the total. */
export type Coordinates = readonly (number | null)[];

export interface LinkedCell {
  readonly at: Coordinates;
  /** Null is hidden. */
  readonly value: number | null;
}

export interface LinkedTables {
  /** For each table asked for, its cells with their totals. A cell that two tables share is hidden in both or in none. */
  readonly tables: readonly (readonly LinkedCell[])[];
  readonly primary: number;
  readonly complementary: number;
  /** For each small cell two whole numbers at least the rule's width apart, neither of which a reader can rule out. */
  readonly bounds: readonly { readonly at: Coordinates; readonly low: number; readonly high: number }[];
  readonly statement: string;
}

/**
 * Protects the tables together. `tables`: the axes of each one, e.g. [[0, 1], [0, 2]]; its other axes are summed over, and its totals are published too.
 * Throws RangeError on counts that are none, on axes that do not exist, and above a million cells.
 */
export function suppressLinkedTables(
  counts: CountArray,
  tables: readonly (readonly number[])[],
  rule: SuppressionRule,
): LinkedTables {
  if (!Number.isSafeInteger(rule.threshold) || rule.threshold < 2)
    throw new RangeError(`threshold: ${rule.threshold} is not a whole number above 1`);
  const width = rule.width ?? rule.threshold;
  checkAxes(tables, counts.shape.length);
  // An axis that no table has is summed over first: what nobody publishes is no help to anybody.
  const kept = counts.shape.flatMap((_, k) => (tables.some(axes => axes.includes(k)) ? [k] : []));
  const grid = new Grid(sumOver(counts, kept));
  const whole = (cell: number): Coordinates => {
    const at = grid.coordinates(cell);
    return counts.shape.map((_, k) => (kept.includes(k) ? at[kept.indexOf(k)] : null));
  };
  const listed = tables.map(axes => grid.cellsOf(axes.map(a => kept.indexOf(a))));
  const published = new Set(listed.flat());
  const small = (v: number) => v < rule.threshold && (v > 0 || rule.zeros === true);
  const primary = [...published].filter(cell => small(grid.values[cell])).sort((a, b) => a - b);
  const shown = new Set(published);
  for (const cell of primary) shown.delete(cell);
  const bounds = primary.map(cell => {
    const [low, high] = protect(grid, shown, cell, width);
    return { at: whole(cell), low, high };
  });
  const complementary = published.size - shown.size - primary.length;
  return {
    tables: listed.map(cells =>
      cells.map(cell => ({ at: whole(cell), value: shown.has(cell) ? grid.values[cell] : null })),
    ),
    primary: primary.length,
    complementary,
    bounds,
    statement:
      `Counts below ${rule.threshold}${rule.zeros ? '' : ' (but not 0)'} are hidden, and others, in all ${tables.length} tables together, ` +
      `so that for each hidden small count two numbers at least ${width} apart agree with everything that is shown: ${primary.length + complementary} in all.`,
  };
}

/** Throws RangeError unless tables are asked for and all their axes exist. */
export function checkAxes(tables: readonly (readonly number[])[], axes: number): void {
  if (tables.length === 0) throw new RangeError('tables: none is asked for');
  for (const axis of tables.flat())
    if (!Number.isSafeInteger(axis) || axis < 0 || axis >= axes)
      throw new RangeError(`tables: there is no axis ${axis}; there are ${axes}`);
}

/** The counts over some of the axes only, ascending. */
export function sumOver({ shape, values }: CountArray, kept: readonly number[]): CountArray {
  if (kept.length === shape.length) return { shape, values };
  const out = new Float64Array(kept.reduce((n, k) => n * shape[k], 1));
  for (let i = 0; i < values.length; i++) {
    let rest = i;
    const at = new Array<number>(shape.length);
    for (let k = shape.length - 1; k >= 0; k--) {
      at[k] = rest % shape[k];
      rest = Math.floor(rest / shape[k]);
    }
    out[kept.reduce((cell, k) => cell * shape[k] + at[k], 0)] += values[i];
  }
  return { shape: kept.map(k => shape[k]), values: out };
}

/** Hides cells until two whole tables that a reader cannot tell apart differ in `cell` by `width`; the cell's values in them. */
function protect(grid: Grid, shown: Set<number>, cell: number, width: number): [low: number, high: number] {
  const low = Float64Array.from(grid.values);
  const high = Float64Array.from(grid.values);
  while (high[cell] - low[cell] < width) {
    const missing = width - (high[cell] - low[cell]);
    // All at once upwards or downwards if that is possible; else as far as it goes.
    const up = grid.bestMove(shown, high, cell, 1, missing) ?? grid.bestMove(shown, high, cell, 1, 1);
    const down = grid.bestMove(shown, low, cell, -1, missing) ?? grid.bestMove(shown, low, cell, -1, 1);
    const better =
      up && (!down || up.cost <= down.cost) ? { table: high, move: up } : down && { table: low, move: down };
    if (!better) {
      // Nothing can make up for this cell: then nothing may be shown that says anything about it.
      shown.clear();
      return [0, Number.POSITIVE_INFINITY];
    }
    const { table, move } = better;
    const by = Math.min(move.room, missing);
    for (const [c, sign] of move.cells) {
      table[c] += sign * by;
      shown.delete(c);
    }
  }
  return [low[cell], high[cell]];
}

interface Move {
  /** Cells and whether each rises (1) or falls (-1) by one. */
  readonly cells: readonly (readonly [cell: number, sign: number])[];
  /** How often it can be made before a count would fall below zero. */
  readonly room: number;
  readonly cost: number;
}

/** An array with a total along each axis: level n of an axis with n categories. */
class Grid {
  readonly values: Float64Array;
  private readonly levels: readonly number[];
  private readonly strides: readonly number[];

  constructor({ shape, values }: CountArray) {
    if (shape.length === 0 || shape.some(n => !Number.isSafeInteger(n) || n < 1))
      throw new RangeError(`shape: ${shape.join(' x ') || 'nothing'} is no table`);
    this.levels = shape.map(n => n + 1);
    const size = this.levels.reduce((a, b) => a * b, 1);
    if (size > 1_000_000) throw new RangeError(`shape: ${size} cells with totals are more than a million`);
    const cells = shape.reduce((a, b) => a * b, 1);
    if (values.length !== cells)
      throw new RangeError(`values: ${values.length} where ${shape.join(' x ')} need ${cells}`);
    this.strides = this.levels.map((_, k) => this.levels.slice(k + 1).reduce((a, b) => a * b, 1));
    this.values = new Float64Array(size);
    for (let i = 0; i < cells; i++) {
      const v = values[i];
      if (!Number.isSafeInteger(v) || v < 0) throw new RangeError(`values: number ${i}, ${v}, is not a count`);
      // Into the cell itself and into each of its totals.
      let rest = i;
      const at = new Array<number>(shape.length);
      for (let k = shape.length - 1; k >= 0; k--) {
        at[k] = rest % shape[k];
        rest = Math.floor(rest / shape[k]);
      }
      for (let mask = 0; mask < 1 << shape.length; mask++)
        this.values[this.index(at.map((a, k) => ((mask >> k) & 1 ? shape[k] : a)))] += v;
    }
  }

  private index(at: readonly number[]): number {
    return at.reduce((sum, a, k) => sum + a * this.strides[k], 0);
  }

  private levelsOf(cell: number): number[] {
    return this.strides.map((s, k) => Math.floor(cell / s) % this.levels[k]);
  }

  coordinates(cell: number): Coordinates {
    return this.levelsOf(cell).map((a, k) => (a === this.levels[k] - 1 ? null : a));
  }

  /** Cells of a table over some axes, totals included. */
  cellsOf(axes: readonly number[]): number[] {
    let cells = [0];
    for (const [k, n] of this.levels.entries()) {
      const choices = axes.includes(k) ? Array.from({ length: n }, (_, a) => a) : [n - 1];
      cells = cells.flatMap(c => choices.map(a => c + a * this.strides[k]));
    }
    return cells;
  }

  /**
   * The cheapest hypercube through `cell` in which it moves in `direction` while every line along every axis keeps its sum; `table` must have room to move
   * `by`. Cost of a shown cell is its count + 1, of one that nobody sees 0.
   */
  bestMove(
    shown: ReadonlySet<number>,
    table: Float64Array,
    cell: number,
    direction: 1 | -1,
    by: number,
  ): Move | undefined {
    const at = this.levelsOf(cell);
    let best: Move | undefined;
    for (const opposite of this.opposites(at)) {
      let [cost, room] = [0, Number.POSITIVE_INFINITY];
      const cells: [number, number][] = [];
      for (let mask = 0; mask < 1 << at.length && cost < (best?.cost ?? Number.POSITIVE_INFINITY); mask++) {
        let [c, parity] = [0, 0];
        for (let k = 0; k < at.length; k++) {
          const moved = (mask >> k) & 1;
          const level = moved ? opposite[k] : at[k];
          c += level * this.strides[k];
          // A total stands on the other side of its line's sum.
          const flips = (level === this.levels[k] - 1) !== (at[k] === this.levels[k] - 1);
          parity ^= moved ^ (flips ? 1 : 0);
        }
        const sign = parity ? -direction : direction;
        if (sign < 0) room = Math.min(room, table[c]);
        if (shown.has(c)) cost += this.values[c] + 1;
        cells.push([c, sign]);
      }
      if (cells.length === 1 << at.length && room >= by && cost < (best?.cost ?? Number.POSITIVE_INFINITY))
        best = { cells, room, cost };
    }
    return best;
  }

  /** Every cell that differs from `at` along all axes. */
  private *opposites(at: readonly number[], k = 0, chosen: readonly number[] = []): Generator<readonly number[]> {
    if (k === at.length) return yield chosen;
    for (let level = 0; level < this.levels[k]; level++)
      if (level !== at[k]) yield* this.opposites(at, k + 1, [...chosen, level]);
  }
}
