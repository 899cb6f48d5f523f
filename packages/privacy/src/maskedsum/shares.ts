// Shares of one chunk of the sum: more of them added up, an aggregator's noise in one, the sums in the values' unit from all.
import { PrivacyError } from '../error.ts';
import type { SumKernel } from './kernel.ts';
import type { Layout } from './shape.ts';

/** Adds whole steps of either sign, in place. */
export function addToShare(
  { width, shape }: Layout,
  share: Uint8Array,
  steps: ArrayLike<number> | ArrayLike<bigint>,
): Uint8Array {
  if (share.length !== steps.length * width)
    throw new PrivacyError('parameter', `${steps.length} steps for a share of ${share.length / width} numbers`);
  const view = new DataView(share.buffer, share.byteOffset, share.byteLength);
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i];
    if (typeof step === 'number' && !Number.isSafeInteger(step))
      throw new PrivacyError('parameter', `step ${i} is ${step}, not a whole number`);
    if (shape.ring === 32) {
      const s = typeof step === 'bigint' ? Number(BigInt.asIntN(32, step)) : step;
      view.setInt32(4 * i, view.getInt32(4 * i, true) + s, true);
    } else {
      view.setBigInt64(8 * i, view.getBigInt64(8 * i, true) + BigInt(step), true);
    }
  }
  return share;
}

/** The sum of shares of the same chunk. */
export function merge({ width, shape }: Layout, kernel: SumKernel, shares: readonly Uint8Array[]): Uint8Array {
  const size = shares[0]?.length ?? 0;
  for (const share of shares)
    if (share.length !== size || size % width !== 0)
      throw new PrivacyError('shape', `shares of ${shares.map(s => s.length).join(', ')} bytes do not fit together`);
  const total = kernel.accumulator(shape.ring, size);
  total.clear(size);
  for (const share of shares) total.add(share, 0);
  const sum = total.take(size);
  total.release();
  return sum;
}

/** The sums in the values' unit, from the shares of all aggregators. */
export function open(layout: Layout, kernel: SumKernel, shares: readonly Uint8Array[]): Float64Array {
  const { width } = layout;
  const { aggregators, ring, scale } = layout.shape;
  if (shares.length !== aggregators)
    throw new PrivacyError('shape', `${shares.length} aggregate shares, there are ${aggregators} aggregators`);
  const total = merge(layout, kernel, shares);
  const size = total.length;
  const view = new DataView(total.buffer);
  const out = new Float64Array(size / width);
  for (let i = 0; i < out.length; i++) {
    const steps =
      ring === 32 ? view.getInt32(4 * i, true) : view.getInt32(8 * i + 4, true) * 2 ** 32 + view.getUint32(8 * i, true);
    out[i] = steps / scale;
  }
  return out;
}
