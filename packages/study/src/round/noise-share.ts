import type { Shape } from '@madang/charter';
import { discreteGaussianVector } from '@madang/privacy';
import { randomBytes } from '@madang/trust';
import { encodingOf } from './encoding.ts';

/**
 * An aggregator's secret step: its share plus its own discrete Gaussian noise of the declared variance, and the blind for the commitment.
 * The caller stores both before anything is sent: a second draw of noise would let a reader average it away.
 */
export function noiseShare(
  shape: Shape,
  aggregators: number,
  aggregate: Uint8Array,
  variance: number,
): { readonly share: Uint8Array; readonly blind: Uint8Array } {
  const encoding = encodingOf(shape, aggregators);
  const share = Uint8Array.from(aggregate);
  if (variance > 0)
    encoding.addToAggregateShare(share, discreteGaussianVector(encoding.outputLength, variance, randomBytes));
  return { share, blind: randomBytes(32) };
}
