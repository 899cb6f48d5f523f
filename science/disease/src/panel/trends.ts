// The last few values of a series in single numbers: mean, straight line, parabola, roughness. Values come by lag; a missing one is NaN.

/** Mean of those of the last n values that are known; NaN when none is. */
export function meanOf(z: (lag: number) => number, n: number): number {
  let s = 0;
  let m = 0;
  for (let lag = 0; lag < n; lag++) {
    const v = z(lag);
    if (Number.isNaN(v)) continue;
    s += v;
    m += 1;
  }
  return m > 0 ? s / m : Number.NaN;
}

/** Slope per period of the least-squares line through the last n values; NaN when one is missing. */
export function lineSlope(z: (lag: number) => number, n: number): number {
  let s = 0;
  const centre = (n - 1) / 2;
  for (let lag = 0; lag < n; lag++) s += (centre - lag) * z(lag);
  return s / ((n * (n * n - 1)) / 12);
}

/** Value and slope at the last period, and curvature, of the parabola through the last six values. */
export function quadratic(z: (lag: number) => number): { value: number; slope: number; curve: number } {
  // Orthogonal polynomials on six points, x = -2.5 … 2.5.
  const x = [2.5, 1.5, 0.5, -0.5, -1.5, -2.5];
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  for (let lag = 0; lag < 6; lag++) {
    const v = z(lag);
    s0 += v;
    s1 += x[lag] * v;
    s2 += (x[lag] * x[lag] - 35 / 12) * v;
  }
  const b1 = s1 / 17.5;
  const b2 = s2 / (112 / 3);
  return { value: s0 / 6 + b1 * 2.5 + b2 * (6.25 - 35 / 12), slope: b1 + 5 * b2, curve: 2 * b2 };
}

/** Root mean square of a term over the last n lags; NaN with fewer than three, or when the last value is missing. */
export function roughness(z: (lag: number) => number, n: number, term: (lag: number) => number): number {
  let s = 0;
  let m = 0;
  for (let lag = 0; lag < n; lag++) {
    const v = term(lag);
    if (Number.isNaN(v)) continue;
    s += v * v;
    m += 1;
  }
  return m >= 3 && !Number.isNaN(z(0)) ? Math.sqrt(s / m) : Number.NaN;
}
