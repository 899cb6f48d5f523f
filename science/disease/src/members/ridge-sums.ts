// The sums that a ridge is trained from: Gram matrix and moments for the location, one vector for the log scale. Sums of several nodes add
// up to those of all their rows, which is what secure aggregation needs.
import { cholesky } from '@madang/numerics';
import type { Design } from '../panel/design.ts';
import type { Encoding } from './encoding.ts';

/** First upload: Gram matrix X'WX (lower triangle filled, row-major), X'Wy and the total weight. */
export interface RidgeSums {
  readonly size: number;
  readonly gram: Float64Array;
  readonly moment: Float64Array;
  readonly weight: number;
}

/** Added to |residual| before the logarithm, on the z scale. */
export const LOG_FLOOR = 0.002;

/** The sums of one node's rows for the location; those of several nodes add up. */
export function ridgeSums(d: Design, encoding: Encoding): RidgeSums {
  const p = encoding.size;
  const gram = new Float64Array(p * p);
  const moment = new Float64Array(p);
  let weight = 0;
  const block = 8;
  const z = new Float64Array(block * p);
  for (let i = 0; i < d.rows; i += block) {
    const n = Math.min(block, d.rows - i);
    z.fill(0, n * p);
    for (let r = 0; r < n; r++) {
      const w = d.weight[i + r];
      encoding.encode(d, i + r, z, r * p);
      const root = Math.sqrt(w);
      const y = root * d.y[i + r];
      for (let k = 0; k < p; k++) {
        const v = z[r * p + k] * root;
        z[r * p + k] = v;
        moment[k] += v * y;
      }
      weight += w;
    }
    addGram(gram, z, p);
  }
  return { size: p, gram, moment, weight };
}

/** Adds the outer products of eight rows to the lower triangle; eight at a time, so that each cell is loaded once. */
function addGram(gram: Float64Array, z: Float64Array, p: number): void {
  const r0 = z.subarray(0, p);
  const r1 = z.subarray(p, 2 * p);
  const r2 = z.subarray(2 * p, 3 * p);
  const r3 = z.subarray(3 * p, 4 * p);
  const r4 = z.subarray(4 * p, 5 * p);
  const r5 = z.subarray(5 * p, 6 * p);
  const r6 = z.subarray(6 * p, 7 * p);
  const r7 = z.subarray(7 * p, 8 * p);
  for (let i = 0; i < p; i++) {
    const a0 = r0[i];
    const a1 = r1[i];
    const a2 = r2[i];
    const a3 = r3[i];
    const a4 = r4[i];
    const a5 = r5[i];
    const a6 = r6[i];
    const a7 = r7[i];
    const row = gram.subarray(i * p, i * p + i + 1);
    for (let j = 0; j <= i; j++) {
      row[j] += a0 * r0[j] + a1 * r1[j] + a2 * r2[j] + a3 * r3[j] + a4 * r4[j] + a5 * r5[j] + a6 * r6[j] + a7 * r7[j];
    }
  }
}

/** Factor of the penalised Gram matrix, good for both solves. */
export function ridgeFactor(sums: RidgeSums, penalty: number): Float64Array {
  const a = sums.gram.slice();
  const p = sums.size;
  for (let k = 0; k < p; k++) a[k * p + k] += (k === 0 ? 1e-9 : penalty) * Math.max(sums.weight, 1e-9) + 1e-9;
  return cholesky(a, p);
}

/** Second upload: X'W log(|residual| + floor) for a published location. */
export function scaleSums(d: Design, encoding: Encoding, location: Float64Array): Float64Array {
  const p = encoding.size;
  const z = new Float64Array(p);
  const out = new Float64Array(p);
  for (let i = 0; i < d.rows; i++) {
    encoding.encode(d, i, z, 0);
    const target = d.weight[i] * Math.log(Math.abs(d.y[i] - dot(z, location)) + LOG_FLOOR);
    for (let k = 0; k < p; k++) out[k] += z[k] * target;
  }
  return out;
}

/** Inner product of two vectors of one length. */
export function dot(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let k = 0; k < a.length; k++) s += a[k] * b[k];
  return s;
}
