// One aggregator's side of a masked sum: who may be added, and the sum of all contributions, chunk by chunk.
import { PrivacyError } from '../error.ts';
import type { Contribution, MaskedSum } from './interface.ts';
import type { Accumulator, SumKernel } from './kernel.ts';
import { type MaskCipher, type MaskStream, maskSeedSize, pieceBytes } from './mask.ts';
import { type ChunkRange, checkRange, type Layout } from './shape.ts';

/** Who may be added: contributions with the right length, each contributor once. */
export function admit(
  { shape, byteLength }: Layout,
  contributions: readonly Contribution[],
): ReturnType<MaskedSum['admit']> {
  const accepted: Contribution[] = [];
  const rejected: { contributor: string; why: string }[] = [];
  const seen = new Set<string>();
  for (const c of contributions) {
    const why =
      'seed' in c
        ? c.seed.length === maskSeedSize
          ? undefined
          : `its seed has ${c.seed.length} bytes, not ${maskSeedSize}`
        : c.byteLength === byteLength
          ? undefined
          : `its share has ${c.byteLength} bytes, not ${byteLength}`;
    if (why) rejected.push({ contributor: c.contributor, why });
    else if (seen.has(c.contributor)) rejected.push({ contributor: c.contributor, why: 'it has contributed already' });
    else {
      seen.add(c.contributor);
      accepted.push(c);
    }
  }
  if (accepted.length > shape.contributors)
    throw new PrivacyError(
      'parameter',
      `${accepted.length} contributions, the shape leaves room for ${shape.contributors}`,
    );
  return { accepted, rejected };
}

/** The share of the sum, chunk by chunk. */
export async function* aggregate(
  layout: Layout,
  mask: MaskCipher,
  kernel: SumKernel,
  contributions: readonly Contribution[],
  into?: Uint8Array,
  range: ChunkRange = { first: 0, end: layout.chunks },
): ReturnType<MaskedSum['aggregate']> {
  const { shape, byteLength } = layout;
  if (contributions.length > shape.contributors)
    throw new PrivacyError(
      'parameter',
      `${contributions.length} contributions, the shape leaves room for ${shape.contributors}`,
    );
  checkRange(layout, range);
  const total = kernel.accumulator(shape.ring, Math.min(shape.chunkBytes, byteLength));
  try {
    yield* added(layout, mask, total, contributions, into, range);
  } finally {
    total.release();
  }
}

async function* added(
  { chunkSize }: Layout,
  mask: MaskCipher,
  total: Accumulator,
  contributions: readonly Contribution[],
  into: Uint8Array | undefined,
  range: ChunkRange,
) {
  for (let index = range.first; index < range.end; index++) {
    const streams: MaskStream[] = [];
    for (const c of contributions) if ('seed' in c) streams.push(mask(c.seed, index));
    const size = chunkSize(index);
    total.clear(size);
    await addStreams(total, streams, size);
    for (const c of contributions) {
      if ('seed' in c) continue;
      const chunk = await c.readChunk(index);
      if (chunk.length !== size)
        throw new PrivacyError('shape', `chunk ${index} of ${c.contributor} has ${chunk.length} bytes, not ${size}`);
      total.add(chunk, 0);
    }
    yield { index, share: total.take(size, into) };
  }
}

/** Piece by piece over all streams, so that the sum of a piece stays in the cache. */
async function addStreams(total: Accumulator, streams: readonly MaskStream[], size: number): Promise<void> {
  for (let at = 0; at < size; at += pieceBytes)
    for (const stream of streams) {
      const m = stream.next(Math.min(pieceBytes, size - at));
      total.add(m instanceof Promise ? await m : m, at);
    }
}
