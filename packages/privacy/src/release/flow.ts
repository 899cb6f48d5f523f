// What a reader of a table with totals can work out about a hidden cell: exact bounds by maximum flow.
// The table with its totals is one larger table whose rows and columns all sum to zero (totals count negative), so hidden cells move along alternating
// cycles; how far is a transport problem, whose optimum is whole (Gusfield 1988; Cox 1995).

/** A table with totals: `values` has the totals in its last row and column. Every row and column: parts add up to the total. */
export interface TotalledTable {
  readonly rows: number;
  readonly columns: number;
  /** (rows + 1) x (columns + 1), row-major, whole numbers at least 0. */
  readonly values: Float64Array;
}

/** Adds the totals. Throws RangeError, by position, on anything but whole numbers of at least 0 in a rectangle. */
export function withTotals(counts: readonly (readonly number[])[]): TotalledTable {
  const rows = counts.length;
  const columns = counts[0]?.length ?? 0;
  if (rows === 0 || columns === 0) throw new RangeError('table: it has no cells');
  const width = columns + 1;
  const values = new Float64Array((rows + 1) * width);
  for (const [i, row] of counts.entries()) {
    if (row.length !== columns)
      throw new RangeError(`table: row ${i} has ${row.length} cells where the first has ${columns}`);
    for (const [j, v] of row.entries()) {
      if (!Number.isSafeInteger(v) || v < 0) throw new RangeError(`table: cell ${i}, ${j}: ${v} is not a count`);
      for (const at of [i * width + j, i * width + columns, rows * width + j, rows * width + columns]) values[at] += v;
    }
  }
  return { rows, columns, values };
}

/** Cells in the margin (but not the grand total) move against their row and column. */
function isNegative(t: TotalledTable, cell: number): boolean {
  const width = t.columns + 1;
  return (Math.floor(cell / width) === t.rows) !== (cell % width === t.columns);
}

/** The least and greatest value that a reader, who knows all cells but the hidden ones and that counts are not negative, must allow for `cell`. */
export function boundsOf(
  t: TotalledTable,
  hidden: ReadonlySet<number>,
  cell: number,
): readonly [low: number, high: number] {
  if (!hidden.has(cell)) return [t.values[cell], t.values[cell]];
  const v = t.values[cell];
  return [v - mostChange(t, hidden, cell, -1), v + mostChange(t, hidden, cell, 1)];
}

/** How far the cell's value can rise (or fall) while others make up for it. */
function mostChange(t: TotalledTable, hidden: ReadonlySet<number>, cell: number, direction: 1 | -1): number {
  const limit = direction === -1 ? t.values[cell] : Number.POSITIVE_INFINITY;
  if (limit === 0) return 0;
  const width = t.columns + 1;
  const height = t.rows + 1;
  const nodes = height + width;
  // The signed cell moves by +1 when rising is +1 and the cell is positive, and so on.
  const signed = direction * (isNegative(t, cell) ? -1 : 1);
  // Arc row -> column: the signed cell falls; column -> row: it rises. To let our signed cell rise, a path runs from its row to its column.
  const capacity = new Map<number, number>();
  const neighbours: number[][] = Array.from({ length: nodes }, () => []);
  for (const other of hidden) {
    if (other === cell) continue;
    const [r, c] = [Math.floor(other / width), height + (other % width)];
    const [fall, rise] = isNegative(t, other)
      ? [Number.POSITIVE_INFINITY, t.values[other]]
      : [t.values[other], Number.POSITIVE_INFINITY];
    capacity.set(r * nodes + c, fall);
    capacity.set(c * nodes + r, rise);
    neighbours[r].push(c);
    neighbours[c].push(r);
  }
  const [row, column] = [Math.floor(cell / width), height + (cell % width)];
  const [source, sink] = signed === 1 ? [row, column] : [column, row];
  let flow = 0;
  while (flow < limit) {
    const before = new Int32Array(nodes).fill(-1);
    before[source] = source;
    const queue = [source];
    for (const at of queue) {
      if (before[sink] >= 0) break;
      for (const next of neighbours[at])
        if (before[next] < 0 && capacity.get(at * nodes + next)! > 0) {
          before[next] = at;
          queue.push(next);
        }
    }
    if (before[sink] < 0) return flow;
    let push = limit - flow;
    for (let at = sink; at !== source; at = before[at]) push = Math.min(push, capacity.get(before[at] * nodes + at)!);
    if (push === Number.POSITIVE_INFINITY) return push;
    for (let at = sink; at !== source; at = before[at]) {
      const [forth, back] = [before[at] * nodes + at, at * nodes + before[at]];
      capacity.set(forth, capacity.get(forth)! - push);
      capacity.set(back, capacity.get(back)! + push);
    }
    flow += push;
  }
  return flow;
}

/**
 * The cheapest alternating cycle through `cell`: which cells must be hidden besides, so that it can move by `by` in one direction. Cost of a newly hidden
 * cell is its count + 1, of a hidden one 0. Undefined when there is none.
 */
export function cheapestCycle(
  t: TotalledTable,
  hidden: ReadonlySet<number>,
  cell: number,
  by: number,
  direction: 1 | -1,
): number[] | undefined {
  const width = t.columns + 1;
  const height = t.rows + 1;
  const nodes = height + width;
  const signed = direction * (isNegative(t, cell) ? -1 : 1);
  const [row, column] = [Math.floor(cell / width), height + (cell % width)];
  const [source, sink] = signed === 1 ? [row, column] : [column, row];
  const distance = new Float64Array(nodes).fill(Number.POSITIVE_INFINITY);
  const before = new Int32Array(nodes).fill(-1);
  const done = new Uint8Array(nodes);
  distance[source] = 0;
  for (;;) {
    let at = -1;
    for (let n = 0; n < nodes; n++)
      if (!done[n] && distance[n] < Number.POSITIVE_INFINITY && (at < 0 || distance[n] < distance[at])) at = n;
    if (at < 0) return undefined;
    if (at === sink) break;
    done[at] = 1;
    const fromRow = at < height;
    for (let next = fromRow ? height : 0; next < (fromRow ? nodes : height); next++) {
      const other = fromRow ? at * width + (next - height) : next * width + (at - height);
      if (other === cell || done[next]) continue;
      // Row -> column lets the signed cell fall: a positive cell then needs room, a negative one when it rises.
      if (fromRow !== isNegative(t, other) && t.values[other] < by) continue;
      const cost = distance[at] + (hidden.has(other) ? 0 : t.values[other] + 1);
      if (cost < distance[next]) {
        distance[next] = cost;
        before[next] = at;
      }
    }
  }
  const cells: number[] = [];
  for (let at = sink; at !== source; at = before[at]) {
    const [r, c] = at < height ? [at, before[at]] : [before[at], at];
    cells.push(r * width + (c - height));
  }
  return cells;
}
