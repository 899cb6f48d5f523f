// Whether a study's sums can be held and published: no sum may wrap round the ring, leave the whole numbers that a double holds, or be too long for a blob.
// Proposer, steward and aggregators ask the same question before anything is signed.
import type { Shape, Study } from '@madang/charter';
import { isLong, numberBytes } from './parts.ts';

/** Noise of one aggregator stays within this many standard deviations, but for a chance of 1e-88 a number. */
const NOISE_REACH = 20;
/** Blobs of the hub have 8 MiB; a result has some other text beside its numbers. */
const RESULT_BYTES = 8 * 1024 * 1024 - 512 * 1024;

/** Why nobody may take part in a study whose result is for one reader, though the charter allows it; undefined for what can be kept. */
export function unfitForReader(
  { org, collector, rounds, shape }: Pick<Study, 'org' | 'collector' | 'rounds' | 'shape'>,
  kind: { readonly buildsOnEarlier?: true },
): string | undefined {
  if (collector === 'public') return undefined;
  if (collector !== org)
    return `the result is for ${collector}, and only the proposer's key is in the proposal: let ${collector} propose it`;
  if (kind.buildsOnEarlier && rounds > 1)
    return 'later rounds of this kind build on the results before them, which every node must see: use the collector "public"';
  if (isLong(shape)) return `${shape.length} numbers go in parts, and parts are public: use the collector "public"`;
  return undefined;
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
