// Where the entries of a Newton system stand: by rows, without repetition, by groups of unknowns that are eliminated together.
import type { NonlinearProgram } from './nonlinear-program.ts';

/** Inequality rows with at most this many entries are condensed. */
const SHORT_ROW = 12;

/** Where everything of a program's Newton system stands. Entries come in this order: Hessian, diagonal, Jacobian, diagonal of rows, pairs. */
export interface KktLayout {
  /** 1 for rows that are equalities, and for variables that are fixed. */
  readonly equality: Uint8Array;
  readonly fixed: Uint8Array;
  /** A constraint's row in the matrix, -1 when it is condensed into the Hessian block. */
  readonly place: Int32Array;
  readonly size: number;
  readonly unique: ReturnType<typeof distinct>;
  /** Entries of the Jacobian that stand in the matrix, and constraints that have a row of their own. */
  readonly placed: readonly number[];
  readonly rowDiagonal: readonly number[];
  /** Pairs of entries of condensed rows: the row and both entries of the Jacobian. */
  readonly pairRow: readonly number[];
  readonly pairA: readonly number[];
  readonly pairB: readonly number[];
}

export function layoutOf(p: NonlinearProgram): KktLayout {
  const n = p.variables;
  const m = p.constraints;
  const equality = new Uint8Array(m);
  for (let i = 0; i < m; i++) equality[i] = p.constraintLower[i] === p.constraintUpper[i] ? 1 : 0;
  const fixed = new Uint8Array(n);
  for (let j = 0; j < n; j++) fixed[j] = p.lower[j] === p.upper[j] ? 1 : 0;
  const byRow = rowsOf(p.jacobian.rows, m);
  const place = new Int32Array(m).fill(-1);
  let size = n;
  for (let i = 0; i < m; i++) if (equality[i] || byRow.starts[i + 1] - byRow.starts[i] > SHORT_ROW) place[i] = size++;

  const rows: number[] = [];
  const cols: number[] = [];
  const put = (i: number, j: number) => {
    rows.push(i);
    cols.push(j);
  };
  for (let k = 0; k < p.hessian.rows.length; k++) put(p.hessian.rows[k], p.hessian.cols[k]);
  for (let j = 0; j < n; j++) put(j, j);
  const placed: number[] = [];
  for (let k = 0; k < p.jacobian.rows.length; k++) {
    const at = place[p.jacobian.rows[k]];
    if (at < 0) continue;
    placed.push(k);
    put(at, p.jacobian.cols[k]);
  }
  const rowDiagonal: number[] = [];
  for (let i = 0; i < m; i++) {
    if (place[i] < 0) continue;
    rowDiagonal.push(i);
    put(place[i], place[i]);
  }
  // Pairs of entries of condensed rows.
  const pairRow: number[] = [];
  const pairA: number[] = [];
  const pairB: number[] = [];
  for (let i = 0; i < m; i++) {
    if (place[i] >= 0) continue;
    for (let a = byRow.starts[i]; a < byRow.starts[i + 1]; a++)
      for (let b = byRow.starts[i]; b <= a; b++) {
        pairRow.push(i);
        pairA.push(byRow.entries[a]);
        pairB.push(byRow.entries[b]);
        put(p.jacobian.cols[byRow.entries[a]], p.jacobian.cols[byRow.entries[b]]);
      }
  }
  return {
    equality,
    fixed,
    place,
    size,
    unique: distinct(rows, cols, size),
    placed,
    rowDiagonal,
    pairRow,
    pairA,
    pairB,
  };
}

/** The entries of a list of coordinates by row: those of row i are `entries[starts[i] .. starts[i+1])`. */
function rowsOf(index: Int32Array, m: number) {
  const starts = new Int32Array(m + 1);
  for (const i of index) starts[i + 1] += 1;
  for (let i = 0; i < m; i++) starts[i + 1] += starts[i];
  const fill = starts.slice();
  const entries = new Int32Array(index.length);
  for (let k = 0; k < index.length; k++) entries[fill[index[k]]++] = k;
  return { starts, entries };
}

/** Distinct coordinates (lower triangle) and, for each given entry, which of them it is. */
function distinct(rows: readonly number[], cols: readonly number[], size: number) {
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
