// Makes linear models column by column and row by row.
import type { LinearModel } from './linear-model.ts';

/** Collects columns and rows into typed arrays; the only place where models grow. */
export class ModelBuilder {
  #columns = 0;
  #rows = 0;
  #entries = 0;
  #cost: Reals = new Float64Array(64);
  #lower: Reals = new Float64Array(64);
  #upper: Reals = new Float64Array(64);
  #integer: Uint8Array | undefined;
  #rowLower: Reals = new Float64Array(64);
  #rowUpper: Reals = new Float64Array(64);
  #starts: Whole = new Int32Array(65);
  #indices: Whole = new Int32Array(256);
  #values: Reals = new Float64Array(256);
  #q: number[] = [];
  offset = 0;

  get columns(): number {
    return this.#columns;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Adds a column; returns its number. */
  column(cost: number, lower: number, upper: number, integer = false): number {
    const j = this.#columns++;
    if (j >= this.#cost.length) {
      const size = larger(j);
      this.#cost = resized(this.#cost, size);
      this.#lower = resized(this.#lower, size);
      this.#upper = resized(this.#upper, size);
    }
    this.#cost[j] = cost;
    this.#lower[j] = lower;
    this.#upper[j] = upper;
    if (integer) {
      if (!this.#integer || this.#integer.length <= j) {
        const next = new Uint8Array(Math.max(64, this.#cost.length));
        if (this.#integer) next.set(this.#integer);
        this.#integer = next;
      }
      this.#integer[j] = 1;
    }
    return j;
  }

  addCost(column: number, cost: number): void {
    this.#cost[column] += cost;
  }

  /** Adds `value` to the curvature: the objective gains 1/2 value x_i x_j (and its mirror when i differs from j). */
  curvature(i: number, j: number, value: number): void {
    this.#q.push(Math.max(i, j), Math.min(i, j), value);
  }

  /** Starts a row; `term` adds to the row last started. Returns its number. */
  row(lower: number, upper: number): number {
    const i = this.#rows++;
    if (i >= this.#rowLower.length) {
      const size = larger(i);
      this.#rowLower = resized(this.#rowLower, size);
      this.#rowUpper = resized(this.#rowUpper, size);
      this.#starts = resizedWhole(this.#starts, size + 1);
    }
    this.#rowLower[i] = lower;
    this.#rowUpper[i] = upper;
    this.#starts[i + 1] = this.#entries;
    return i;
  }

  term(column: number, value: number): void {
    if (value === 0) return;
    if (this.#entries >= this.#values.length) {
      const size = larger(this.#entries);
      this.#values = resized(this.#values, size);
      this.#indices = resizedWhole(this.#indices, size);
    }
    this.#indices[this.#entries] = column;
    this.#values[this.#entries++] = value;
    this.#starts[this.#rows] = this.#entries;
  }

  /** The model. It takes over the builder's memory, so this is the last call. */
  build(): LinearModel {
    const n = this.#columns;
    const m = this.#rows;
    const q = this.#q;
    const integer = this.#integer && new Uint8Array(n);
    if (integer && this.#integer) integer.set(this.#integer.subarray(0, Math.min(n, this.#integer.length)));
    const base = mergeRepeats({
      columns: n,
      rows: m,
      cost: resized(this.#cost, n),
      offset: this.offset,
      columnLower: resized(this.#lower, n),
      columnUpper: resized(this.#upper, n),
      rowLower: resized(this.#rowLower, m),
      rowUpper: resized(this.#rowUpper, m),
      starts: resizedWhole(this.#starts, m + 1),
      indices: resizedWhole(this.#indices, this.#entries),
      values: resized(this.#values, this.#entries),
    });
    return {
      ...base,
      ...(integer ? { integer } : {}),
      ...(q.length > 0
        ? {
            hessian: {
              rows: Int32Array.from({ length: q.length / 3 }, (_, k) => q[3 * k]),
              cols: Int32Array.from({ length: q.length / 3 }, (_, k) => q[3 * k + 1]),
              values: Float64Array.from({ length: q.length / 3 }, (_, k) => q[3 * k + 2]),
            },
          }
        : {}),
    };
  }
}

/** Solvers refuse a column that is twice in a row; sums such entries. */
function mergeRepeats(model: LinearModel): LinearModel {
  const last = new Int32Array(model.columns).fill(-1);
  let write = 0;
  const starts = new Int32Array(model.rows + 1);
  for (let i = 0; i < model.rows; i++) {
    const begin = write;
    for (let p = model.starts[i]; p < model.starts[i + 1]; p++) {
      const j = model.indices[p];
      if (last[j] >= begin) model.values[last[j]] += model.values[p];
      else {
        last[j] = write;
        model.indices[write] = j;
        model.values[write++] = model.values[p];
      }
    }
    starts[i + 1] = write;
  }
  if (write === model.values.length) return model;
  return { ...model, starts, indices: model.indices.slice(0, write), values: model.values.slice(0, write) };
}

type Reals = Float64Array<ArrayBuffer>;
type Whole = Int32Array<ArrayBuffer>;

/** Room for half as many again. */
function larger(size: number): number {
  return size + (size >> 1) + 1;
}

/** The array with another length, its memory moved rather than copied where the system can. */
function resized(a: Reals, size: number): Reals {
  return new Float64Array(a.buffer.transfer(8 * size));
}

function resizedWhole(a: Whole, size: number): Whole {
  return new Int32Array(a.buffer.transfer(4 * size));
}
