// Which chunk length makes the shortest proof: 2 * chunk wire seeds and 2 * (p - 1) + 1 values of the gadget polynomial, p the power of
// two above the number of calls. Only the smallest chunk for each p can be best, so a handful of candidates is enough.

/** The chunk length for `elements` encoded elements that gives the shortest proof (the smaller chunk on a tie). */
export function optimalChunkLength(elements: number): number {
  if (!(elements >= 1)) return 1;
  let best = elements;
  let bestLength = Number.POSITIVE_INFINITY;
  for (let p = 2; p <= 4 * elements; p *= 2) {
    const chunk = Math.ceil(elements / (p - 1));
    const length = 2 * chunk + 2 * (p - 1) + 1;
    if (length < bestLength || (length === bestLength && chunk < best)) {
      best = chunk;
      bestLength = length;
    }
  }
  return best;
}
