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
  const mean = new Float64Array(members);
  for (let t = a; t <= b; t++) for (let m = 0; m < members; m++) mean[m] += yearly[t * members + m];
  for (let m = 0; m < members; m++) mean[m] /= b - a + 1;
  for (let t = 0; t < years; t++)
    for (let m = 0; m < members; m++) out[t * members + m] = yearly[t * members + m] - mean[m];
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
  // Only the order statistics asked for are brought to their places, the lowest first; each search goes on where the one before ended.
  const work = new Float64Array(members);
  const wanted = at.map((p, i) => ({ i, x: (p / 100) * (members - 1) })).sort((a, b) => a.x - b.x);
  for (let t = 0; t < count; t++) {
    for (let m = 0; m < members; m++) work[m] = rows[t * members + m];
    let placed = -1;
    for (const { i, x } of wanted) {
      const k = Math.min(Math.floor(x), members - 1);
      const next = Math.min(k + 1, members - 1);
      for (const rank of [k, next]) {
        if (rank <= placed) continue;
        select(work, rank, placed + 1, members - 1);
        placed = rank;
      }
      out[t * at.length + i] = work[k] + (x - k) * (work[next] - work[k]);
    }
  }
  return out;
}

/** Brings the element of the given rank to its place within left..right, no smaller ones after it, no larger ones before it (Hoare's quickselect). */
function select(a: Float64Array, rank: number, left: number, right: number): void {
  let low = left;
  let high = right;
  while (low < high) {
    const x = a[(low + high) >> 1];
    let i = low;
    let j = high;
    while (i <= j) {
      while (a[i] < x) i += 1;
      while (x < a[j]) j -= 1;
      if (i <= j) {
        const v = a[i];
        a[i] = a[j];
        a[j] = v;
        i += 1;
        j -= 1;
      }
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else return;
  }
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
