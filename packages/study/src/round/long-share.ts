// An aggregator's side of long vectors: a share is a seed, or a body that is read chunk by chunk, checked once when it has come and opened again when it
// is added. Whatever the length and the number of contributors, the aggregator holds its sum of one part and one chunk.
import type { Shape } from '@madang/charter';
import { type Contribution, discreteGaussianVector } from '@madang/privacy';
import { randomBytes } from '@madang/trust';
import { type BodySource, type LongCipher, longSum } from './long.ts';
import { numberBytes, partCount, partRange } from './parts.ts';

export interface LongRound {
  readonly shape: Shape;
  readonly aggregators: readonly string[];
  readonly cipher?: LongCipher;
}

/** One contribution at one aggregator. */
export class LongShare {
  private readonly round: LongRound;
  /** The seed, or the key of the body. */
  private readonly secret: Uint8Array;
  private readonly tags: readonly Uint8Array[] | undefined;
  private source: BodySource | undefined;
  /** Everything that belongs to it has come and opens. */
  whole: boolean;

  /** `tags`: of the body's chunks; absent where the share is a seed. */
  constructor(round: LongRound, secret: Uint8Array, tags: readonly Uint8Array[] | undefined) {
    this.round = round;
    this.secret = secret;
    this.tags = tags;
    this.whole = tags === undefined;
  }

  /** Opens every chunk once, if all are here. False when one is not what was sealed. */
  async check(source: BodySource): Promise<boolean> {
    const count = partCount(this.round.shape);
    if (!source.complete(count)) return true;
    this.source = source;
    for (let i = 0; i < count; i++) if (!(await this.chunk(i))) return false;
    this.whole = true;
    return true;
  }

  /** The plain chunk; undefined when it is not the one that was sealed. */
  private async chunk(index: number): Promise<Uint8Array | undefined> {
    const { shape } = this.round;
    const sealed = await this.source!.read(index);
    if (sealed.length !== partRange(shape, index).count * numberBytes(shape)) return undefined;
    const plain = new Uint8Array(sealed.length);
    const opened = cipherOf(this.round).body.open(this.secret, index, sealed, this.tags![index], plain);
    return opened ? plain : undefined;
  }

  /** As masked sum takes it. */
  contribution(contributor: string): Contribution {
    if (!this.tags) return { contributor, seed: this.secret };
    const readChunk = async (index: number) => {
      const chunk = await this.chunk(index);
      if (!chunk) throw new Error(`the stored body of ${contributor} is not the one that was taken in`);
      return chunk;
    };
    return { contributor, byteLength: this.round.shape.length * numberBytes(this.round.shape), readChunk };
  }
}

/** This aggregator's share of the sum, part by part. */
export async function* longParts(
  round: LongRound,
  shares: readonly (readonly [org: string, share: LongShare])[],
): AsyncGenerator<Uint8Array> {
  const sum = longSum(round.shape, round.aggregators.length, Math.max(1, shares.length), cipherOf(round));
  for await (const { share } of sum.aggregate(shares.map(([org, s]) => s.contribution(org)))) yield share;
}

/** An aggregator's noise on one part of its share, in place. */
export function noisePart(shape: Shape, aggregators: number, part: Uint8Array, variance: number, cipher: LongCipher) {
  if (variance > 0)
    longSum(shape, aggregators, 1, cipher).addToShare(
      part,
      discreteGaussianVector(part.length / numberBytes(shape), variance, randomBytes),
    );
  return part;
}

function cipherOf({ cipher }: LongRound): LongCipher {
  if (!cipher) throw new Error('this aggregator was set up without a cipher for long vectors');
  return cipher;
}
