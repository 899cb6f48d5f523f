// Plain loops over the days of series, which regressions are made of. One small loop a function, its length read once, is what V8 compiles early and well.

/** Sum of the products of both on some days, in their order. */
export function productOver(a: Float64Array, b: Float64Array, days: Int32Array): number {
  const n = days.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[days[i]] * b[days[i]];
  return sum;
}

/** Products of the columns with each other, summed over some days: p x p, the lower triangle counts. */
export function gram(columns: readonly Float64Array[], days: Int32Array): Float64Array {
  const p = columns.length;
  const out = new Float64Array(p * p);
  for (let i = 0; i < p; i++) for (let j = 0; j <= i; j++) out[i * p + j] = productOver(columns[i], columns[j], days);
  return out;
}

/** Products of each column with `right`, summed over some days. */
export const against = (columns: readonly Float64Array[], right: Float64Array, days: Int32Array): Float64Array =>
  Float64Array.from(columns, c => productOver(c, right, days));

/** Distances of both, day by day. */
export function distances(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let d = 0; d < out.length; d++) out[d] = Math.abs(a[d] - b[d]);
  return out;
}

/** Days on which a number is above a limit. */
export function daysAbove(values: Float64Array, limit: number): Int32Array {
  const days = new Int32Array(values.length);
  let n = 0;
  for (let d = 0; d < values.length; d++) if (values[d] > limit) days[n++] = d;
  return days.subarray(0, n);
}

/** The columns times the weights, added up for each day. */
export function weighted(columns: readonly Float64Array[], weights: Float64Array): Float64Array {
  const out = new Float64Array(columns[0].length);
  for (let k = 0; k < columns.length; k++) addTimes(weights[k], columns[k], out);
  return out;
}

function addTimes(by: number, values: Float64Array, out: Float64Array): void {
  const n = out.length;
  for (let d = 0; d < n; d++) out[d] += by * values[d];
}
