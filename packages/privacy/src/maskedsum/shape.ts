// What a masked sum adds up, what follows from it, and how far one contributor can move the result.
import { PrivacyError } from '../error.ts';
import type { Ring } from './kernel.ts';

export interface MaskedSumShape {
  /** Numbers in the vector, at most 2^27. */
  readonly length: number;
  /** 32 for models, 64 where sums must equal a double's to 1e-9. */
  readonly ring: Ring;
  /** Values are clipped to [-clip, clip] at the node. */
  readonly clip: number;
  /** Whole steps for one unit: a value travels as round(value * scale). */
  readonly scale: number;
  /** The most contributions that may be added. */
  readonly contributors: number;
  /** 2 to 5; default 2. */
  readonly aggregators?: number;
  /** The largest sum, in steps, that all aggregators' noise together may reach; default 0. Reserved so that sums cannot wrap. */
  readonly noiseSteps?: number;
  /** Bytes of one chunk, a multiple of 16; default 4 MiB. */
  readonly chunkBytes?: number;
}

/** How far one contributor can move the result. */
export interface Influence {
  /** A node that clips as promised: at most this much in each place, in the values' unit. */
  readonly honestEach: number;
  /** The same over the whole vector (Euclidean norm). */
  readonly honestNorm: number;
  /** Nothing bounds a node that lies: no proof is made. */
  readonly lying: 'unbounded';
  /** One plain sentence for reports and terminals. */
  readonly sentence: string;
}

/** A shape with what follows from it: how shares are laid out in chunks. */
export interface Layout {
  readonly shape: Required<MaskedSumShape>;
  /** Bytes of one number. */
  readonly width: number;
  /** Bytes of a whole share. */
  readonly byteLength: number;
  readonly chunks: number;
  chunkSize(index: number): number;
}

/** Chunks `first` to `end` - 1. */
export interface ChunkRange {
  readonly first: number;
  readonly end: number;
}

const most = 2 ** 27;

/** Throws `parameter` if the shape is impossible or a sum could wrap. */
export function layoutOf(shape: MaskedSumShape): Layout {
  const full = checkShape(shape);
  const width = full.ring / 8;
  const byteLength = full.length * width;
  return {
    shape: full,
    width,
    byteLength,
    chunks: Math.ceil(byteLength / full.chunkBytes),
    chunkSize: index => Math.min(full.chunkBytes, byteLength - index * full.chunkBytes),
  };
}

/** Throws `parameter` for chunks that a share does not have. */
export function checkRange({ chunks }: Layout, { first, end }: ChunkRange): void {
  if (!(Number.isInteger(first) && Number.isInteger(end) && first >= 0 && first <= end && end <= chunks))
    throw new PrivacyError('parameter', `there are chunks 0 to ${chunks - 1}, not ${first} to ${end - 1}`);
}

function checkShape(shape: MaskedSumShape): Required<MaskedSumShape> {
  const full = { aggregators: 2, noiseSteps: 0, chunkBytes: 4 << 20, ...shape };
  const whole = (name: 'length' | 'contributors' | 'aggregators' | 'chunkBytes', low: number, high: number) => {
    const value = full[name];
    if (!Number.isInteger(value) || value < low || value > high)
      throw new PrivacyError('parameter', `${name} must be a whole number from ${low} to ${high}, not ${value}`);
  };
  whole('length', 1, most);
  whole('contributors', 1, 1e6);
  whole('aggregators', 2, 5);
  whole('chunkBytes', 16, 2 ** 28);
  if (full.chunkBytes % 16 !== 0) throw new PrivacyError('parameter', 'chunkBytes must be a multiple of 16');
  if (full.ring !== 32 && full.ring !== 64) throw new PrivacyError('parameter', `ring is 32 or 64, not ${full.ring}`);
  for (const name of ['clip', 'scale'] as const)
    if (!(full[name] > 0) || !Number.isFinite(full[name]))
      throw new PrivacyError('parameter', `${name} must be a number above 0, not ${full[name]}`);
  if (!(full.noiseSteps >= 0))
    throw new PrivacyError('parameter', `noiseSteps must be at least 0, not ${full.noiseSteps}`);
  const largest = full.contributors * Math.ceil(full.clip * full.scale) + full.noiseSteps;
  // The factor covers the rounding of the product above.
  if (!(largest * (1 + 2 ** -50) < 2 ** (full.ring - 1)))
    throw new PrivacyError(
      'parameter',
      `${full.contributors} contributions of up to ${full.clip} at scale ${full.scale} reach ${largest} steps, ` +
        `a ring of 2^${full.ring} holds ${2 ** (full.ring - 1)}: use a smaller scale${full.ring === 32 ? ' or ring 64' : ''}`,
    );
  return full;
}

export function influenceOf(shape: Required<MaskedSumShape>): Influence {
  const honestNorm = shape.clip * Math.sqrt(shape.length);
  return {
    honestEach: shape.clip,
    honestNorm,
    lying: 'unbounded',
    sentence:
      `One node that clips as promised moves each of the ${shape.length} numbers by at most ${shape.clip} ` +
      `(all together ${honestNorm.toPrecision(3)} in Euclidean norm); nothing proves that it clipped, so a node that lies can move them by any amount.`,
  };
}
