// What a member lets others compare: agreed features of today's and yesterday's weather; and the landmark days with which days are compared.
import type { Network } from './network.ts';

/** Features of one member: days x width, row-major, already weighted. */
export interface Part {
  readonly rows: Float64Array;
  readonly width: number;
  /** Expected squared length of a row: the sum of the squared weights. */
  readonly size: number;
}

const SEASON_WEIGHT = 6;

/** Today's and yesterday's standardised values of some series, weighted as the table of variables says. */
export function memberPart(network: Network, z: readonly Float64Array[], series: readonly number[]): Part {
  const width = 2 * series.length;
  const rows = new Float64Array(network.days * width);
  let size = 0;
  series.forEach((k, c) => {
    const { weight, lagWeight } = network.series[k].variable;
    size += weight ** 2 * (1 + lagWeight ** 2);
    const v = z[k];
    for (let i = 0; i < network.days; i++) {
      const today = v[i];
      const yesterday = i > 0 ? v[i - 1] : 0;
      rows[i * width + 2 * c] = Number.isNaN(today) ? 0 : weight * today;
      rows[i * width + 2 * c + 1] = Number.isNaN(yesterday) ? 0 : weight * lagWeight * yesterday;
    }
  });
  return { rows, width, size };
}

/** The season as a feature that everybody knows: cosine and sine of the day's angle. */
export function seasonPart(angles: Float64Array, size: number): Part {
  const scale = SEASON_WEIGHT * Math.sqrt(size / REFERENCE_SIZE);
  const rows = new Float64Array(angles.length * 2);
  for (let i = 0; i < angles.length; i++) {
    rows[2 * i] = scale * Math.cos(angles[i]);
    rows[2 * i + 1] = scale * Math.sin(angles[i]);
  }
  return { rows, width: 2, size: scale ** 2 };
}

/** Features of both, one after the other. */
export function besides(a: Part, b: Part): Part {
  if (b.width === 0) return a;
  const width = a.width + b.width;
  const days = a.rows.length / a.width;
  const rows = new Float64Array(days * width);
  for (let d = 0; d < days; d++) {
    rows.set(a.rows.subarray(d * a.width, (d + 1) * a.width), d * width);
    rows.set(b.rows.subarray(d * b.width, (d + 1) * b.width), d * width + a.width);
  }
  return { rows, width, size: a.size + b.size };
}

/** Size of the 18-station network on which the season's weight was chosen; smaller networks keep the same balance. */
export const REFERENCE_SIZE = 190;

/** Days spread evenly over the training days, at most `most`. */
export function chooseLandmarks(trainEnd: number, most: number): Int32Array {
  const count = Math.min(trainEnd, most);
  return Int32Array.from({ length: count }, (_, i) => Math.floor((i * trainEnd) / count));
}
