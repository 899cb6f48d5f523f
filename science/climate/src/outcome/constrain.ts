// Constraining an ensemble by observations: each member is weighted by how likely the observations are given its run (independent normal
// errors). What is compared, with which error, is the caller's and stands in the result. Trap: too few members carry the weight when the
// ensemble misses the observations or is small; the effective number is given, and below the caller's least the constraint is refused.

/** One observation: a number, its standard deviation, and what each member says, in the same unit. */
export interface Observation {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly sd: number;
  readonly members: Float64Array;
}

export type Constrained =
  | {
      readonly ok: true;
      readonly weights: Float64Array;
      readonly effectiveMembers: number;
      readonly fit: readonly Fit[];
    }
  | {
      readonly ok: false;
      readonly refusal: { readonly code: 'too-few-members'; readonly why: string };
      readonly effectiveMembers: number;
      readonly fit: readonly Fit[];
    };

/** How an observation stands to the ensemble: share of members below it, and their mean before weighting. */
export interface Fit {
  readonly name: string;
  readonly value: number;
  readonly priorMean: number;
  readonly priorSd: number;
  readonly belowShare: number;
}

/** Weights that sum to 1. `leastMembers` is the least effective number of members (1 / sum of squared weights). */
export function constrain(observations: readonly Observation[], leastMembers = 10): Constrained {
  if (observations.length === 0) throw new RangeError('give at least one observation');
  const count = observations[0].members.length;
  const log = new Float64Array(count);
  const fit = observations.map((o): Fit => {
    if (!(o.sd > 0) || !Number.isFinite(o.value))
      throw new RangeError(`observation "${o.name}": ${o.value} with standard deviation ${o.sd} is no measurement`);
    if (o.members.length !== count)
      throw new RangeError(`observation "${o.name}" has ${o.members.length} members, the first has ${count}`);
    for (let m = 0; m < count; m++) log[m] -= 0.5 * ((o.members[m] - o.value) / o.sd) ** 2;
    const mean = o.members.reduce((a, b) => a + b, 0) / count;
    const variance = o.members.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, count - 1);
    return {
      name: o.name,
      value: o.value,
      priorMean: mean,
      priorSd: Math.sqrt(variance),
      belowShare: o.members.filter(v => v < o.value).length / count,
    };
  });
  const most = log.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const weights = log.map(v => Math.exp(v - most));
  const total = weights.reduce((a, b) => a + b, 0);
  for (let m = 0; m < count; m++) weights[m] /= total;
  const effectiveMembers = 1 / weights.reduce((a, w) => a + w * w, 0);
  if (effectiveMembers >= leastMembers) return { ok: true, weights, effectiveMembers, fit };
  const why = `only ${effectiveMembers.toFixed(1)} of ${count} members carry the weight, fewer than ${leastMembers}: the observations lie at the edge of the ensemble or are given too small errors`;
  return { ok: false, refusal: { code: 'too-few-members', why }, effectiveMembers, fit };
}

/**
 * Mean of yearly observations over one period less their mean over another, with the standard error that year-to-year variability gives:
 * residuals from a line through both periods' span, lag-one autocorrelation counted by an effective number of years.
 */
export function periodChange(
  years: ArrayLike<number>,
  values: ArrayLike<number>,
  period: readonly [number, number],
  reference: readonly [number, number],
): { readonly value: number; readonly sd: number } {
  const pick = (p: readonly [number, number]) => {
    const k = Array.from({ length: years.length }, (_, i) => i).filter(i => years[i] >= p[0] && years[i] <= p[1]);
    const expected = p[1] - p[0] + 1;
    if (k.length !== expected)
      throw new RangeError(`the observations have ${k.length} of the ${expected} years ${p[0]} to ${p[1]}`);
    return k.map(i => [years[i], values[i]] as const);
  };
  const stats = (points: readonly (readonly [number, number])[]) => {
    const n = points.length;
    const mx = points.reduce((s, p) => s + p[0], 0) / n;
    const my = points.reduce((s, p) => s + p[1], 0) / n;
    const sxx = points.reduce((s, p) => s + (p[0] - mx) ** 2, 0);
    const slope = sxx > 0 ? points.reduce((s, p) => s + (p[0] - mx) * (p[1] - my), 0) / sxx : 0;
    const r = points.map(p => p[1] - my - slope * (p[0] - mx));
    const variance = r.reduce((s, v) => s + v * v, 0) / Math.max(1, n - 2);
    const lag =
      r.slice(1).reduce((s, v, i) => s + v * r[i], 0) /
      Math.max(
        1e-300,
        r.reduce((s, v) => s + v * v, 0),
      );
    const phi = Math.min(0.9, Math.max(0, lag));
    return { mean: my, error: variance / Math.max(1, (n * (1 - phi)) / (1 + phi)) };
  };
  const a = stats(pick(period));
  const b = stats(pick(reference));
  return { value: a.mean - b.mean, sd: Math.sqrt(a.error + b.error) };
}
