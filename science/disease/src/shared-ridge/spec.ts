// The shared ridge as a study trains it: location, scale and shape of increments from three sums, each bounded row by row, so that what one value of one
// place in one week can change is known. Features look back a few weeks at the place's own series; scales and climatologies come from before the
// protected weeks; the units of features are public. So every number released is one of the three sums.
// Trap: a feature that looks back without end (the season's high), or at all places (the common wave), would let one value move every row.

/** The public design of a study. */
export interface SharedRidgeSpec {
  /** Weeks ahead, 1 to steps. */
  readonly steps: number;
  /** Features: names of {@link SHARED_FEATURES}, or `name*step` for one that grows with the steps ahead. A constant is always there. */
  readonly terms: readonly string[];
  /** A row's features are scaled down to this L2 norm; its increment is moved to within ± the bound. */
  readonly rowNorm: number;
  readonly targetBound: number;
  /** Penalty on every coefficient as a share of the total weight, times the number of weeks that rows begin in. */
  readonly penaltyPeriods: number;
  /** Residuals of all steps make one shape, or each step its own. */
  readonly shapes: 'one' | 'each-step';
  /** Cells of a shape, equal in asinh of the standardised residual. */
  readonly cells: number;
}

/** Centre, spread and weeks looked back of each feature that may be used. Measured on public European series of 2017 to 2024; any rough unit would do. */
export const SHARED_FEATURES: Readonly<Record<string, readonly [centre: number, spread: number, back: number]>> = {
  z0: [0.69, 0.25, 0],
  z1: [0.69, 0.24, 1],
  z2: [0.69, 0.24, 2],
  z3: [0.68, 0.24, 3],
  z5: [0.68, 0.24, 5],
  mean8: [0.67, 0.22, 7],
  change1: [0, 0.095, 1],
  change2: [0.01, 0.126, 2],
  change4: [0.02, 0.173, 4],
  line4: [0, 0.052, 3],
  line6: [0, 0.039, 5],
  slope6: [0, 0.073, 5],
  curve6: [0, 0.024, 5],
  fit6: [0, 0.024, 5],
  rough1: [0.065, 0.06, 8],
  rough2: [0.09, 0.099, 9],
  sin1: [0, 0.71, 0],
  cos1: [0, 0.71, 0],
  sin2: [0, 0.71, 0],
  cos2: [0, 0.71, 0],
  sin1Then: [0, 0.71, 0],
  cos1Then: [0, 0.71, 0],
  sin2Then: [0, 0.71, 0],
  cos2Then: [0, 0.71, 0],
  holiday0: [0, 0.24, 0],
  holiday1: [0, 0.24, 0],
  holiday2: [0, 0.24, 0],
  anomaly: [0.03, 0.19, 0],
  climateChange: [0, 0.115, 0],
  climateThen: [0.67, 0.2, 0],
  step: [3, 1.4, 0],
};

/** The design for noised sums: few and short rows, since noise grows with the square of their norm (docs/decisions/0100). */
export const PRIVATE_RIDGE: SharedRidgeSpec = {
  steps: 5,
  terms: ['climateChange', 'anomaly*step', 'change1*step'],
  rowNorm: 1.5,
  targetBound: 0.4,
  penaltyPeriods: 50,
  shapes: 'one',
  cells: 16,
};

/** Throws a RangeError that names the member at fault. */
export function checkSharedRidge(s: SharedRidgeSpec): void {
  const need = (ok: boolean, what: string) => {
    if (!ok) throw new RangeError(`shared ridge: ${what}`);
  };
  const whole = (x: number, low: number, high: number) => Number.isInteger(x) && x >= low && x <= high;
  need(typeof s === 'object' && s !== null, 'spec must be an object');
  need(whole(s.steps, 1, 8), 'steps must be 1 to 8');
  need(Array.isArray(s.terms) && s.terms.length > 0 && s.terms.length <= 60, 'terms must be a list of 1 to 60');
  const known = Object.keys(SHARED_FEATURES).join(', ');
  for (const t of s.terms)
    need(
      Object.hasOwn(SHARED_FEATURES, String(t).replace(/\*step$/, '')),
      `no feature "${t}" has a bounded influence; there are: ${known}, each also with *step`,
    );
  need(s.rowNorm > 0 && s.rowNorm <= 100, 'rowNorm must be above 0 and at most 100');
  need(s.targetBound > 0 && s.targetBound <= 10, 'targetBound must be above 0 and at most 10');
  need(s.penaltyPeriods >= 0, 'penaltyPeriods must not be negative');
  need(s.shapes === 'one' || s.shapes === 'each-step', 'shapes must be "one" or "each-step"');
  need(whole(s.cells, 4, 1000), 'cells must be 4 to 1,000');
}

/** Rows that one value of one place in one week can change: bases that look back at it, and those whose target it is. */
export function rowsOfPlaceWeek(s: SharedRidgeSpec): number {
  const back = Math.max(...s.terms.map(t => SHARED_FEATURES[t.split('*')[0]][2]));
  return (back + 1) * s.steps + s.steps;
}

/** The three sums, one a round. */
export const SUMS = ['location', 'scale', 'shape'] as const;
export type SumName = (typeof SUMS)[number];

/** Log |residual| is counted from this centre and moved to within ± this half: e^-5.7 to e^-0.7 on the z scale. */
export const LOG_CENTRE = -3.2;
export const LOG_HALF = 2.5;

/** Numbers of a sum. */
export function sumLength(s: SharedRidgeSpec, name: SumName): number {
  const p = 1 + s.terms.length;
  if (name === 'location') return (p * (p + 1)) / 2 + p;
  return name === 'scale' ? p : (s.shapes === 'one' ? 1 : s.steps) * s.cells;
}

/** Largest L2 distance between what any two rows, or a row and none, give to a sum; and the largest size of a single number. */
export function rowBounds(s: SharedRidgeSpec, name: SumName): { readonly diameter: number; readonly size: number } {
  const r = s.rowNorm;
  switch (name) {
    case 'location':
      // Outer products of two rows have a product of at least 0, so their squared distance is at most the sum of the squares; x y adds (2 r bound)^2.
      return {
        diameter: Math.sqrt(2 * r ** 4 + (2 * r * s.targetBound) ** 2),
        size: r * Math.max(r, s.targetBound),
      };
    case 'scale':
      return { diameter: 2 * r * LOG_HALF, size: r * LOG_HALF };
    case 'shape':
      return { diameter: Math.SQRT2, size: 1 };
  }
}
