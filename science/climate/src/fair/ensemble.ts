// From the members of a run to bands: yearly means, warming above a reference period, percentiles. A year's mean is the mean of its two
// bounds, and a period's the mean of its years, as the IPCC's statements are made from FaIR.

/** Yearly means, (bounds - 1) x members, of values at yearly bounds; `out` may be the values themselves, which are then lost. */
export function yearlyMeans(
  values: Float64Array,
  members: number,
  out: Float64Array = new Float64Array(values.length - members),
): Float64Array {
  if (out.length > values.length - members) out = out.subarray(0, values.length - members);
  for (let k = 0; k < out.length; k++) out[k] = 0.5 * (values[k] + values[k + members]);
  return out;
}

/**
 * Yearly means less each member's own mean over the years `from` to `to` (both included); `firstYear` is the year of the first row.
 * `out` may be the yearly means themselves. Throws RangeError when the rows do not hold the whole period.
 */
export function aboveReference(
  yearly: Float64Array,
  members: number,
  firstYear: number,
  from: number,
  to: number,
  out: Float64Array = new Float64Array(yearly.length),
): Float64Array {
  const years = yearly.length / members;
  const a = from - firstYear;
  const b = to - firstYear;
  if (!(a >= 0 && b < years && a <= b))
    throw new RangeError(
      `the reference period ${from} to ${to} is not within the years ${firstYear} to ${firstYear + years - 1}`,
    );
  for (let m = 0; m < members; m++) {
    let mean = 0;
    for (let k = a * members + m; k < (b + 1) * members; k += members) mean += yearly[k];
    mean /= b - a + 1;
    for (let k = m; k < yearly.length; k += members) out[k] = yearly[k] - mean;
  }
  return out;
}

/**
 * Percentiles (0 to 100) over the members of each row, rows x percentiles.length; linear between order statistics (Hyndman and Fan's
 * type 7, numpy's default). Optional weights of the members: then the inverse of the weighted distribution, linear between midpoints.
 */
export function percentiles(
  rows: Float64Array,
  members: number,
  at: readonly number[],
  weights?: Float64Array,
): Float64Array {
  const count = rows.length / members;
  const out = new Float64Array(count * at.length);
  if (weights) {
    for (let t = 0; t < count; t++)
      weightedRow(rows.subarray(t * members, (t + 1) * members), weights, at, out.subarray(t * at.length));
    return out;
  }
  const sorted = new Float64Array(members);
  for (let t = 0; t < count; t++) {
    sorted.set(rows.subarray(t * members, (t + 1) * members));
    sorted.sort();
    for (let i = 0; i < at.length; i++) {
      const x = (at[i] / 100) * (members - 1);
      const k = Math.min(Math.floor(x), members - 1);
      out[t * at.length + i] = sorted[k] + (x - k) * (sorted[Math.min(k + 1, members - 1)] - sorted[k]);
    }
  }
  return out;
}

function weightedRow(row: Float64Array, weights: Float64Array, at: readonly number[], out: Float64Array): void {
  const order = Array.from(row.keys())
    .filter(m => weights[m] > 0)
    .sort((a, b) => row[a] - row[b]);
  const total = order.reduce((s, m) => s + weights[m], 0);
  const mid: number[] = [];
  let sum = 0;
  for (const m of order) {
    mid.push((sum + weights[m] / 2) / total);
    sum += weights[m];
  }
  for (const [p, percent] of at.entries()) {
    const q = percent / 100;
    const k = mid.findIndex(x => x >= q);
    if (k < 0) out[p] = row[order[order.length - 1]];
    else if (k === 0) out[p] = row[order[0]];
    else out[p] = row[order[k - 1]] + ((q - mid[k - 1]) / (mid[k] - mid[k - 1])) * (row[order[k]] - row[order[k - 1]]);
  }
}
