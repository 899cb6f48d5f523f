// From raw features to the columns of a linear model: standardised by means and deviations that are themselves secure sums, then random ReLU features
// from a public seed (random kitchen sinks, Rahimi and Recht 2008). Rows are bounded by norm, so that one row's influence is known.
import { random } from '@madang/numerics';
import type { Ask, Rows } from '../learner.ts';
import { fixedDiameterSquared, SUM_BITS } from './fixed-sums.ts';

export interface DesignSpec {
  /** Public range of each raw feature; values outside are moved to the edge. */
  readonly featureRanges: readonly (readonly [low: number, high: number])[];
  /** Random ReLU features beside the linear ones; 0 for a plain linear model. */
  readonly hidden: number;
  /** Public seed of the random features. */
  readonly seed: string;
  /** A row's columns are scaled down to this L2 norm at the node. */
  readonly rowNorm: number;
  readonly maxRows: number;
  /** Binary places of every sum (of the first round's at most 30), 8 to 32; default 32. Fewer where a study's numbers must stay small. */
  readonly bits?: number;
}

/** Means and deviations of the features as the study found them. */
export interface Scaling {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

/** One in the first round's sums: 30 binary places, or the study's if fewer. */
const unitOf = (s: DesignSpec) => 2 ** Math.min(30, bitsOf(s));

export function checkDesign(s: DesignSpec, name: string): void {
  const need = (ok: boolean, what: string) => {
    if (!ok) throw new RangeError(`${name}: ${what}`);
  };
  need(s.featureRanges.length > 0, 'no features');
  for (const [i, [low, high]] of s.featureRanges.entries())
    need(low < high, `feature ${i}: the range ${low} to ${high} is empty`);
  need(Number.isInteger(s.hidden) && s.hidden >= 0 && s.hidden <= 4000, `hidden: ${s.hidden} is not 0 to 4,000`);
  need(s.rowNorm > 0 && s.rowNorm <= 1000, `row norm: ${s.rowNorm} is not above 0 and at most 1,000`);
  need(
    s.bits === undefined || (Number.isInteger(s.bits) && s.bits >= 8 && s.bits <= 32),
    `bits: ${s.bits} is not 8 to 32`,
  );
  need(Number.isSafeInteger(s.maxRows) && s.maxRows >= 1, `rows a node: ${s.maxRows}`);
}

export function checkRows(s: DesignSpec, rows: Rows, name: string): void {
  const f = s.featureRanges.length;
  if (rows.features !== f) throw new RangeError(`${name}: rows have ${rows.features} features, the study ${f}`);
  if (rows.count > s.maxRows)
    throw new RangeError(
      `${name}: ${rows.count} rows, but the study allows ${s.maxRows} a node; leave rows out or do not take part`,
    );
  if (rows.x.length !== rows.count * f || rows.y.length !== rows.count)
    throw new RangeError(`${name}: ${rows.count} rows need ${rows.count * f} feature values and as many targets`);
}

/** Binary places of a study's sums. */
export function bitsOf(s: DesignSpec): number {
  return s.bits ?? SUM_BITS;
}

/** First round: for each feature the sums of w, w u, w u^2 over rows where it is present; u in [-1, 1] over its range. */
export function momentsAsk(s: DesignSpec): Ask {
  return {
    label: 'means and deviations of the features',
    length: 3 * s.featureRanges.length,
    limit: BigInt(s.maxRows) * BigInt(unitOf(s)),
    // (u1 - u2)^2 (1 + (u1 + u2)^2) is at most 4, at opposite ends.
    rowDiameterSquared: fixedDiameterSquared(
      4 * s.featureRanges.length,
      3 * s.featureRanges.length,
      Math.min(30, bitsOf(s)),
    ),
  };
}

export function moments(s: DesignSpec, rows: Rows): Float64Array {
  const f = s.featureRanges.length;
  const one = unitOf(s);
  const out = new Float64Array(3 * f);
  for (let i = 0; i < rows.count; i++) {
    const w = weightOf(rows, i);
    for (let j = 0; j < f; j++) {
      const u = unit(rows.x[i * f + j], s.featureRanges[j]);
      if (Number.isNaN(u)) continue;
      out[3 * j] += Math.round(one * w);
      out[3 * j + 1] += Math.round(one * w * u);
      out[3 * j + 2] += Math.round(one * w * u * u);
    }
  }
  return out;
}

/** A feature without spread gets deviation 1 of its half range. */
export function scalingFrom(s: DesignSpec, sum: ArrayLike<number>): Scaling {
  const means: number[] = [];
  const deviations: number[] = [];
  for (const [j, [low, high]] of s.featureRanges.entries()) {
    const half = (high - low) / 2;
    const w = Math.max(sum[3 * j], 1);
    const mean = Math.max(-1, Math.min(1, sum[3 * j + 1] / w));
    const variance = sum[3 * j + 2] / w - mean * mean;
    means.push((low + high) / 2 + half * mean);
    deviations.push(half * (variance > 1e-8 ? Math.sqrt(variance) : 1));
  }
  return { means, deviations };
}

/** Weight of a row, clipped to [0, 1]. */
export function weightOf(rows: Rows, i: number): number {
  return Math.max(0, Math.min(1, rows.weight?.[i] ?? 1));
}

function unit(x: number, [low, high]: readonly [number, number]): number {
  return Math.max(-1, Math.min(1, (2 * x - low - high) / (high - low)));
}

/** Columns of the model: 1, standardised features (0 where missing), random features. */
export function columnsOf(s: DesignSpec): number {
  return 1 + s.featureRanges.length + s.hidden;
}

/** Writes one row's columns; `x` from `at` on are its raw features. */
export type Design = (x: ArrayLike<number>, at: number, out: Float64Array) => void;

export function designOf(s: DesignSpec, scaling: Scaling): Design {
  const f = s.featureRanges.length;
  const r = random(`random features ${s.seed}`);
  const weights = Float64Array.from({ length: s.hidden * f }, () => r.normal() / Math.sqrt(f));
  const offsets = Float64Array.from({ length: s.hidden }, () => r.normal());
  const damp = s.hidden > 0 ? Math.sqrt(f / s.hidden) : 1;
  return (x, at, out) => {
    out[0] = 1;
    for (let j = 0; j < f; j++) {
      const [low, high] = s.featureRanges[j];
      const v = x[at + j];
      out[1 + j] = Number.isNaN(v) ? 0 : (Math.max(low, Math.min(high, v)) - scaling.means[j]) / scaling.deviations[j];
    }
    for (let h = 0; h < s.hidden; h++) {
      let a = offsets[h];
      for (let j = 0; j < f; j++) a += weights[h * f + j] * out[1 + j];
      out[1 + f + h] = a > 0 ? damp * a : 0;
    }
    let square = 0;
    for (const v of out) square += v * v;
    if (square > s.rowNorm * s.rowNorm) {
      const shrink = s.rowNorm / Math.sqrt(square);
      for (let c = 0; c < out.length; c++) out[c] *= shrink;
    }
  };
}
