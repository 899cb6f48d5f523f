// Whether a study's sums can be held and published: no sum may wrap round the ring, leave the whole numbers that a double holds, or be too long for a blob.
// Proposer, steward and aggregators ask the same question before anything is signed.
import type { Shape, Study } from '@madang/charter';
import { isLong, numberBytes } from './parts.ts';

/** Noise of one aggregator stays within this many standard deviations, but for a chance of 1e-88 a number. */
const NOISE_REACH = 20;
/** Blobs of the hub have 8 MiB; a result has some other text beside its numbers. */
const RESULT_BYTES = 8 * 1024 * 1024 - 512 * 1024;

/** Why nobody may take part, whatever the numbers: what a study may declare and this version of the protocol cannot keep. */
export function notBuilt({ collector }: Pick<Study, 'collector'>): string | undefined {
  return collector === 'public'
    ? undefined
    : `results for ${collector} alone are not built yet: aggregators reveal their shares to everyone; use the collector "public"`;
}

/** Why the sums of `contributors` organisations do not fit, or undefined. */
export function overCapacity(
  shape: Shape,
  contributors: number,
  aggregators: number,
  charges: Study['charges'],
): string | undefined {
  const variance = charges.reduce((most, c) => Math.max(most, c.variance), 0);
  const noise = BigInt(aggregators * NOISE_REACH * Math.ceil(Math.sqrt(variance)));
  const largest = BigInt(shape.maximum) * BigInt(contributors) + noise;
  const ring = shape.encoding === 'masked-sum' && shape.field === 32;
  const room = ring ? 2n ** 31n : 2n ** 53n;
  const reach = `sums of ${contributors} contributions of up to ${shape.maximum}, with their noise, reach ${largest}`;
  if (largest >= room)
    return ring
      ? `${reach}: a ring of 2^32 holds ${room}; use the ring of 2^64 or fewer binary places`
      : `${reach}: whole numbers are exact below ${room}; use fewer binary places`;
  // Long vectors go in parts, to the 2^27 numbers that the charter allows.
  if (isLong(shape)) return undefined;
  const share = shape.length * numberBytes(shape);
  // Signs, digits and commas of one published number.
  const published = shape.length * (largest.toString().length + 2);
  if (share > RESULT_BYTES || published > RESULT_BYTES)
    return `${shape.length} numbers are too long for the hub: shares and results of a round have at most ${RESULT_BYTES} bytes`;
  return undefined;
}
