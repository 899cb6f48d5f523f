// Masked sum: additive sharing of long vectors of real numbers where every share but the first is a 32-byte seed (protocol: trust table, a
// round step by step). Values are clipped, scaled to whole numbers and added modulo 2^32 or 2^64, chunk by chunk: neither node nor aggregator
// ever holds more than three chunks. Trap: nothing proves that a vector is in range. The clip is the honest node's own promise; a liar can
// add anything. Where that is not enough and the vector is short, use Prio3.
import { PrivacyError } from '../error.ts';
import { type Accumulator, type Ring, type SumKernel, sumKernel } from './kernel.ts';
import { type MaskCipher, type MaskStream, maskSeedSize } from './mask.ts';

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

/** Numbers of a vector, read piece by piece. `read` gives `n` values from `offset` on. */
export interface ValueSource {
  readonly length: number;
  read(offset: number, n: number): Float32Array | Float64Array | Promise<Float32Array | Float64Array>;
}

/** A contribution as one aggregator has it: a seed, or the first share with its declared size and its chunks. */
export type Contribution =
  | { readonly contributor: string; readonly seed: Uint8Array }
  | {
      readonly contributor: string;
      readonly byteLength: number;
      /** Chunk `index`, `chunkSize(index)` bytes. */
      readChunk(index: number): Uint8Array | Promise<Uint8Array>;
    };

/** Chunks `first` to `end` - 1. */
export interface ChunkRange {
  readonly first: number;
  readonly end: number;
}

export interface SharedChunk {
  readonly index: number;
  /** The first aggregator's share of this chunk. */
  readonly share: Uint8Array;
  /** Values that lay outside the clip. */
  readonly clipped: number;
}

export interface MaskedSum {
  readonly shape: Required<MaskedSumShape>;
  readonly influence: Influence;
  readonly chunks: number;
  /** Bytes of the first share: what a contributor uploads beside `aggregators - 1` seeds. */
  readonly byteLength: number;
  chunkSize(index: number): number;
  /**
   * The first aggregator's share, chunk by chunk. The others' shares are the seeds themselves.
   * @param seeds aggregators - 1 seeds of 32 bytes from the system's random source, used for nothing else
   * @param into at least `chunkSize(0)` bytes that every chunk is written to in turn; without it each chunk has its own
   * @param range which chunks: threads may share one vector out among them
   * Throws `measurement` for a wrong length or a NaN.
   */
  shard(
    values: Float32Array | Float64Array | ValueSource,
    seeds: readonly Uint8Array[],
    into?: Uint8Array,
    range?: ChunkRange,
  ): AsyncGenerator<SharedChunk>;
  /** Who may be added: contributions with the right length. Do this before `aggregate`, which cannot take one back. */
  admit(contributions: readonly Contribution[]): {
    readonly accepted: readonly Contribution[];
    readonly rejected: readonly { readonly contributor: string; readonly why: string }[];
  };
  /**
   * One aggregator's share of the sum, chunk by chunk: for each chunk all contributions are read and added.
   * Throws `shape`, naming the contributor, if a chunk is shorter or longer than declared.
   * @param into as for `shard`
   * @param range as for `shard`
   */
  aggregate(
    contributions: readonly Contribution[],
    into?: Uint8Array,
    range?: ChunkRange,
  ): AsyncGenerator<{ readonly index: number; readonly share: Uint8Array }>;
  /** The sum of shares of the same chunk over different contributions: where several threads of one aggregator each added some. */
  merge(shares: readonly Uint8Array[]): Uint8Array;
  /** Adds whole steps of either sign to a chunk of an aggregate share, in place: an aggregator's own noise. */
  addToShare(share: Uint8Array, steps: ArrayLike<number> | ArrayLike<bigint>): Uint8Array;
  /** The sums in one chunk, from the aggregate shares of all aggregators, in the values' unit. */
  open(shares: readonly Uint8Array[]): Float64Array;
}

const most = 2 ** 27;
/** What is masked or expanded at once. */
const pieceBytes = 1 << 16;

/** Builds a masked sum. Throws `parameter` if the shape is impossible or a sum could wrap. */
export function maskedSum(shape: MaskedSumShape, mask: MaskCipher, kernel: SumKernel = sumKernel()): MaskedSum {
  const full = checkShape(shape);
  const { length, ring, clip, scale, aggregators, chunkBytes } = full;
  const width = ring / 8;
  const byteLength = length * width;
  const chunks = Math.ceil(byteLength / chunkBytes);
  const chunkSize = (index: number) => Math.min(chunkBytes, byteLength - index * chunkBytes);

  const whole: ChunkRange = { first: 0, end: chunks };
  const checkRange = ({ first, end }: ChunkRange) => {
    if (!(Number.isInteger(first) && Number.isInteger(end) && first >= 0 && first <= end && end <= chunks))
      throw new PrivacyError('parameter', `there are chunks 0 to ${chunks - 1}, not ${first} to ${end - 1}`);
  };

  async function* shard(
    values: Float32Array | Float64Array | ValueSource,
    seeds: readonly Uint8Array[],
    into?: Uint8Array,
    range = whole,
  ) {
    if (values.length !== length)
      throw new PrivacyError('measurement', `the vector has ${values.length} numbers, the study asks for ${length}`);
    if (seeds.length !== aggregators - 1)
      throw new PrivacyError(
        'parameter',
        `${aggregators} aggregators need ${aggregators - 1} seeds, not ${seeds.length}`,
      );
    checkRange(range);
    for (let index = range.first; index < range.end; index++) {
      const streams = seeds.map(seed => mask(seed, index));
      const size = chunkSize(index);
      const share = into ? into.subarray(0, size) : new Uint8Array(size);
      const first = (index * chunkBytes) / width;
      const count = size / width;
      const input = 'read' in values ? await values.read(first, count) : values.subarray(first, first + count);
      if (input.length !== count)
        throw new PrivacyError(
          'measurement',
          `${input.length} numbers came where ${count} from ${first} on were asked for`,
        );
      let clipped = 0;
      for (let at = 0; at < size; at += pieceBytes) {
        const n = Math.min(pieceBytes, size - at);
        const piece = share.subarray(at, at + n);
        for (let j = 0; j < streams.length; j++) {
          const m = streams[j].next(n);
          const bytes = m instanceof Promise ? await m : m;
          if (j > 0) {
            kernel.subtract(piece, bytes, ring);
            continue;
          }
          const found = kernel.encode(input.subarray(at / width, (at + n) / width), bytes, piece, ring, clip, scale);
          if (found < 0)
            throw new PrivacyError(
              'measurement',
              `a value between ${first + at / width} and ${first + (at + n) / width} is NaN`,
            );
          clipped += found;
        }
      }
      yield { index, share, clipped };
    }
  }

  function admit(contributions: readonly Contribution[]) {
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
      else if (seen.has(c.contributor))
        rejected.push({ contributor: c.contributor, why: 'it has contributed already' });
      else {
        seen.add(c.contributor);
        accepted.push(c);
      }
    }
    if (accepted.length > full.contributors)
      throw new PrivacyError(
        'parameter',
        `${accepted.length} contributions, the shape leaves room for ${full.contributors}`,
      );
    return { accepted, rejected };
  }

  async function* aggregate(contributions: readonly Contribution[], into?: Uint8Array, range = whole) {
    if (contributions.length > full.contributors)
      throw new PrivacyError(
        'parameter',
        `${contributions.length} contributions, the shape leaves room for ${full.contributors}`,
      );
    checkRange(range);
    const total = kernel.accumulator(ring, Math.min(chunkBytes, byteLength));
    try {
      yield* added(total, contributions, into, range);
    } finally {
      total.release();
    }
  }

  async function* added(
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

  function addToShare(share: Uint8Array, steps: ArrayLike<number> | ArrayLike<bigint>): Uint8Array {
    if (share.length !== steps.length * width)
      throw new PrivacyError('parameter', `${steps.length} steps for a share of ${share.length / width} numbers`);
    const view = new DataView(share.buffer, share.byteOffset, share.byteLength);
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i];
      if (typeof step === 'number' && !Number.isSafeInteger(step))
        throw new PrivacyError('parameter', `step ${i} is ${step}, not a whole number`);
      if (ring === 32) {
        const s = typeof step === 'bigint' ? Number(BigInt.asIntN(32, step)) : step;
        view.setInt32(4 * i, view.getInt32(4 * i, true) + s, true);
      } else {
        view.setBigInt64(8 * i, view.getBigInt64(8 * i, true) + BigInt(step), true);
      }
    }
    return share;
  }

  function merge(shares: readonly Uint8Array[]): Uint8Array {
    const size = shares[0]?.length ?? 0;
    for (const share of shares)
      if (share.length !== size || size % width !== 0)
        throw new PrivacyError('shape', `shares of ${shares.map(s => s.length).join(', ')} bytes do not fit together`);
    const total = kernel.accumulator(ring, size);
    total.clear(size);
    for (const share of shares) total.add(share, 0);
    const sum = total.take(size);
    total.release();
    return sum;
  }

  function open(shares: readonly Uint8Array[]): Float64Array {
    if (shares.length !== aggregators)
      throw new PrivacyError('shape', `${shares.length} aggregate shares, there are ${aggregators} aggregators`);
    const total = merge(shares);
    const size = total.length;
    const view = new DataView(total.buffer);
    const out = new Float64Array(size / width);
    for (let i = 0; i < out.length; i++) {
      const steps =
        ring === 32
          ? view.getInt32(4 * i, true)
          : view.getInt32(8 * i + 4, true) * 2 ** 32 + view.getUint32(8 * i, true);
      out[i] = steps / scale;
    }
    return out;
  }

  return {
    shape: full,
    influence: influenceOf(full),
    chunks,
    byteLength,
    chunkSize,
    shard,
    admit,
    aggregate,
    merge,
    addToShare,
    open,
  };
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

function influenceOf(shape: Required<MaskedSumShape>): Influence {
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
