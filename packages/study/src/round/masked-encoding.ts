// Masked sum as a round carries it: the first aggregator gets the masked vector, every other one a 32-byte seed. Bytes of one contribution are read, added
// and let go, so an aggregator holds its sum and one share, however many contribute. Trap: nothing here proves a range; lengths are all that is checked.
import type { Shape } from '@madang/charter';
import { type MaskCipher, maskedSum, maskSeedSize, PrivacyError, webMask } from '@madang/privacy';
import type { Encoding } from './encoding.ts';

/** What is expanded of a seed at once: a multiple of 16. */
const PIECE_BYTES = 1 << 17;

/** `field` 32 or 64: the ring. Throws PrivacyError `parameter` for a shape that cannot be. */
export function maskedEncoding(
  shape: Shape,
  aggregators: number,
  mask: MaskCipher = webMask(globalThis.crypto.subtle),
): Encoding {
  const { length, maximum, field } = shape;
  if (field !== 32 && field !== 64)
    throw new PrivacyError('parameter', `masked sums are in a ring of 32 or 64 bits, not ${field}`);
  // Whether the contributors' sums fit the ring is for the study as a whole to say: see capacity.ts.
  const sum = maskedSum({ length, ring: field, clip: maximum, scale: 1, contributors: 1, aggregators }, mask);
  return {
    nonceSize: 16,
    randSize: maskSeedSize * (aggregators - 1),
    outputLength: length,
    inputShareSize: part => (part === 0 ? sum.byteLength : maskSeedSize),
    async shard(_ctx, measurement, _nonce, rand) {
      const seeds = Array.from({ length: aggregators - 1 }, (_, i) =>
        rand.slice(i * maskSeedSize, (i + 1) * maskSeedSize),
      );
      const values = measurement instanceof Float64Array ? measurement : Float64Array.from(measurement);
      const first = new Uint8Array(sum.byteLength);
      let at = 0;
      for await (const { share } of sum.shard(values, seeds)) {
        first.set(share, at);
        at += share.length;
      }
      return { publicShare: new Uint8Array(0), inputShares: [first, ...seeds] };
    },
    aggregateInit: () => new Uint8Array(sum.byteLength),
    async add(aggregate, part, share) {
      for (let chunk = 0, at = 0; chunk < sum.chunks; chunk++) {
        const stream = part === 0 ? undefined : mask(share, chunk);
        for (const end = at + sum.chunkSize(chunk); at < end; at += PIECE_BYTES) {
          const total = aggregate.subarray(at, Math.min(at + PIECE_BYTES, end));
          const piece = stream ? await stream.next(total.length) : share.subarray(at, at + total.length);
          total.set(sum.merge([total, piece]));
        }
      }
    },
    addToAggregateShare: (aggregate, integers) => void sum.addToShare(aggregate, integers),
  };
}
