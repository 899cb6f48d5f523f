// Order statistics without sorting.

/** What would stand at index `k` were the numbers sorted (Hoare's FIND, 1961); undefined when there is no such place. None may be NaN; their order changes. */
export function ranked(x: Float64Array, k: number): number | undefined {
  let low = 0;
  let high = x.length - 1;
  while (low < high) {
    const pivot = x[k];
    let i = low;
    let j = high;
    while (i <= j) {
      if (x[i] < pivot) i += 1;
      else if (x[j] > pivot) j -= 1;
      else {
        const t = x[i];
        x[i++] = x[j];
        x[j--] = t;
      }
    }
    if (j < k) low = i;
    if (k < i) high = j;
  }
  return x[k];
}

/** The first `end` of the values without those that are NaN. */
export function known(values: Float64Array, end: number): Float64Array {
  const out = new Float64Array(Math.min(end, values.length));
  let n = 0;
  for (let d = 0; d < out.length; d++) if (!Number.isNaN(values[d])) out[n++] = values[d];
  return out.subarray(0, n);
}
