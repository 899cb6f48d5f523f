// Ridge systems from an upper triangle of sums.
import { cholesky, choleskySolve } from '@madang/numerics';

/**
 * Solves (A + penalty I) b = y for each right-hand side; the first column (the constant) bears only a thousandth of the penalty. Noise can make A
 * indefinite: then the penalty grows tenfold until the system stands, which is post-processing and costs no privacy. Returns the penalty used.
 */
export function ridgeSolve(
  upper: Float64Array,
  n: number,
  penalty: number,
  sides: readonly Float64Array[],
): { solutions: Float64Array[]; penalty: number } {
  const full = new Float64Array(n * n);
  let place = 0;
  let trace = 0;
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      const v = upper[place++];
      full[i * n + j] = v;
      full[j * n + i] = v;
      if (i === j) trace += Math.abs(v);
    }
  let used = Math.max(penalty, 1e-12 * (trace / n + 1));
  for (;;) {
    const a = full.slice();
    for (let i = 0; i < n; i++) a[i * n + i] += i === 0 ? used / 1000 : used;
    try {
      const l = cholesky(a, n);
      return { solutions: sides.map(y => choleskySolve(l, n, y)), penalty: used };
    } catch (error) {
      if (!(error instanceof RangeError) || used > 1e6 * (trace + 1)) throw error;
      used *= 10;
    }
  }
}
