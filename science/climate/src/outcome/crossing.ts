// When a warming is reached, and how much CO2 was emitted until then: time to a temperature and carbon budgets, member by member.
// A warming is "reached" when the running mean over `window` years first is at or above it; the year given is the window's middle.

/** Running mean over `window` years (odd or even) of each member's yearly values; NaN where the window does not fit. */
export function runningMean(yearly: Float64Array, members: number, window: number): Float64Array {
  const years = yearly.length / members;
  const out = new Float64Array(yearly.length).fill(Number.NaN);
  const before = Math.floor((window - 1) / 2);
  for (let m = 0; m < members; m++) {
    let sum = 0;
    for (let t = 0; t < years; t++) {
      sum += yearly[t * members + m];
      if (t >= window) sum -= yearly[(t - window) * members + m];
      if (t >= window - 1) out[(t - window + 1 + before) * members + m] = sum / window;
    }
  }
  return out;
}

/** For each member the number of the first year at or above the level (linear between years), or NaN if it is never reached. */
export function firstReached(smooth: Float64Array, members: number, level: number): Float64Array {
  const years = smooth.length / members;
  const out = new Float64Array(members).fill(Number.NaN);
  for (let m = 0; m < members; m++) {
    let last = Number.NaN;
    for (let t = 0; t < years; t++) {
      const v = smooth[t * members + m];
      if (v >= level) {
        out[m] = last < level ? t - 1 + (level - last) / (v - last) : t;
        break;
      }
      last = v;
    }
  }
  return out;
}

/** Cumulative CO2 (Gt) from the beginning of year number `from`, as published budgets count, until each member's crossing (fractional year numbers); NaN where it never crosses. */
export function emittedUntil(
  cumulativeAtBounds: ArrayLike<number>,
  crossing: Float64Array,
  from: number,
): Float64Array {
  // Year number t has its middle at bound t + 0.5.
  const at = (year: number) => {
    const x = year + 0.5;
    const k = Math.min(Math.floor(x), cumulativeAtBounds.length - 2);
    return cumulativeAtBounds[k] + (x - k) * (cumulativeAtBounds[k + 1] - cumulativeAtBounds[k]);
  };
  return crossing.map(year => (Number.isNaN(year) ? Number.NaN : at(year) - cumulativeAtBounds[from]));
}

/** Percentiles over all members, of whom those that never cross (NaN) come after every other; NaN where a percentile falls among them. */
export function bandWithNever(values: Float64Array, at: readonly number[]): number[] {
  const sorted = values.map(v => (Number.isNaN(v) ? Number.POSITIVE_INFINITY : v)).sort();
  return at.map(p => {
    const x = (p / 100) * (sorted.length - 1);
    const k = Math.min(Math.floor(x), sorted.length - 1);
    const v = x === k ? sorted[k] : sorted[k] + (x - k) * (sorted[k + 1] - sorted[k]);
    return Number.isFinite(v) ? v : Number.NaN;
  });
}

/** Warming moved, member by member, so that its mean over the years `from` to `to` (numbers, both included) is what was observed. */
export function anchored(
  warming: Float64Array,
  members: number,
  observedK: number,
  from: number,
  to: number,
): Float64Array {
  const out = new Float64Array(warming.length);
  for (let m = 0; m < members; m++) {
    let mean = 0;
    for (let t = from; t <= to; t++) mean += warming[t * members + m] / (to - from + 1);
    for (let k = m; k < warming.length; k += members) out[k] = warming[k] - mean + observedK;
  }
  return out;
}

/**
 * Remaining budget by its parts (Rogelj et al. 2019, Nature 571, 335): (limit - warming so far - warming of other gases - zero-emission
 * commitment) / TCRE - unrepresented feedbacks. K, K per 1000 Gt CO2, Gt CO2.
 */
export function budgetByParts(parts: {
  readonly limitK: number;
  readonly warmingSoFarK: number;
  readonly otherWarmingK: number;
  readonly zeroEmissionsCommitmentK: number;
  readonly tcreKPer1000Gt: number;
  readonly feedbacksGt: number;
}): number {
  if (!(parts.tcreKPer1000Gt > 0)) throw new RangeError(`the TCRE must be positive, not ${parts.tcreKPer1000Gt}`);
  const left = parts.limitK - parts.warmingSoFarK - parts.otherWarmingK - parts.zeroEmissionsCommitmentK;
  return (1000 * left) / parts.tcreKPer1000Gt - parts.feedbacksGt;
}
