// Optimal composition of k equal (epsilon, delta) mechanisms (Kairouz, Oh, Viswanath 2015, theorem 3.3; exact also by Murtagh and Vadhan 2016).

/**
 * The least epsilon' among epsilon times k, k-2, k-4, … such that `count` mechanisms, each (epsilon, delta)-DP, together are (epsilon', totalDelta)-DP;
 * undefined when totalDelta is below what the single deltas add up to.
 */
export function optimalComposition(
  epsilon: number,
  delta: number,
  count: number,
  totalDelta: number,
): number | undefined {
  if (!(epsilon > 0)) throw new RangeError(`epsilon: ${epsilon} is not positive`);
  if (!(delta >= 0 && delta < 1)) throw new RangeError(`delta: ${delta} is not between 0 and 1`);
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`count: ${count} is not a whole number above 0`);
  const noFailure = Math.exp(count * Math.log1p(-delta));
  // 1 - (1 - delta)^k (1 - d) <= total  <=>  d <= 1 - (1 - total) / (1 - delta)^k
  const room = 1 - (1 - totalDelta) / noFailure;
  if (room < -1e-15) return undefined;
  for (let i = Math.floor(count / 2); i >= 0; i--)
    if (pureDelta(epsilon, count, i) <= Math.max(0, room)) return epsilon * (count - 2 * i);
  return undefined;
}

/** delta at epsilon (k - 2i): sum over l < i of C(k, l) (e^(epsilon (k-l)) - e^(epsilon (k-2i+l))) / (1 + e^epsilon)^k. */
function pureDelta(epsilon: number, k: number, i: number): number {
  const logBase = k * (epsilon + Math.log1p(Math.exp(-epsilon)));
  let logChoose = 0;
  let sum = 0;
  for (let l = 0; l < i; l++) {
    sum += Math.exp(logChoose + epsilon * (k - l) - logBase) * -Math.expm1(epsilon * (2 * l - 2 * i));
    logChoose += Math.log((k - l) / (l + 1));
  }
  return sum;
}
