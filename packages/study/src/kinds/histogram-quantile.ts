/**
 * The level-q quantile of a histogram: `within(cell, over, here)` places it in a cell of `here` counts, `over` of which lie below it; `end` is the end of the last cell.
 * Counts that noise made negative are none; 0 where nothing is counted.
 */
export function histogramQuantile(
  cells: Float64Array,
  q: number,
  within: (cell: number, over: number, here: number) => number,
  end: number,
): number {
  let total = 0;
  for (const c of cells) total += Math.max(0, c);
  if (total === 0) return 0;
  let seen = 0;
  for (let c = 0; c < cells.length; c++) {
    const here = Math.max(0, cells[c]);
    if (here > 0 && seen + here >= q * total) return within(c, q * total - seen, here);
    seen += here;
  }
  return end;
}
