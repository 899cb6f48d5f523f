// Where the entries of a Newton system stand: by rows, without repetition, by groups of unknowns that are eliminated together.

/** The entries of a list of coordinates by row: those of row i are `entries[starts[i] .. starts[i+1])`. */
export function rowsOf(index: Int32Array, m: number) {
  const starts = new Int32Array(m + 1);
  for (const i of index) starts[i + 1] += 1;
  for (let i = 0; i < m; i++) starts[i + 1] += starts[i];
  const fill = starts.slice();
  const entries = new Int32Array(index.length);
  for (let k = 0; k < index.length; k++) entries[fill[index[k]]++] = k;
  return { starts, entries };
}

/** Distinct coordinates (lower triangle) and, for each given entry, which of them it is. */
export function distinct(rows: readonly number[], cols: readonly number[], size: number) {
  const low = Int32Array.from(rows, (r, k) => Math.max(r, cols[k]));
  const column = Int32Array.from(rows, (r, k) => Math.min(r, cols[k]));
  const byColumn = rowsOf(column, size);
  const slot = new Int32Array(rows.length);
  const seen = new Int32Array(size).fill(-1);
  const outRows: number[] = [];
  const outCols: number[] = [];
  for (let j = 0; j < size; j++) {
    const begin = outRows.length;
    for (let q = byColumn.starts[j]; q < byColumn.starts[j + 1]; q++) {
      const k = byColumn.entries[q];
      if (seen[low[k]] < begin) {
        seen[low[k]] = outRows.length;
        outRows.push(low[k]);
        outCols.push(j);
      }
      slot[k] = seen[low[k]];
    }
  }
  return { rows: Int32Array.from(outRows), cols: Int32Array.from(outCols), slot };
}

/** Groups of the unknowns of the matrix, numbered without holes. */
export function groupsOf(given: Int32Array, n: number, m: number, place: Int32Array, size: number): Int32Array {
  const out = new Int32Array(size);
  for (let j = 0; j < n; j++) out[j] = given[j];
  for (let i = 0; i < m; i++) if (place[i] >= 0) out[place[i]] = given[n + i];
  const rename = new Map<number, number>();
  for (let k = 0; k < size; k++) {
    let id = rename.get(out[k]);
    if (id === undefined) {
      id = rename.size;
      rename.set(out[k], id);
    }
    out[k] = id;
  }
  return out;
}
