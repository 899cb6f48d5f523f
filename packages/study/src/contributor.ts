// The contributor's role: turn a measurement into sealed shares and a signed slip (protocol, section 5, step 5).
// The caller stores the parcel before it sends anything and sends the same bytes again when asked: a node never shards twice.
import type { Shape } from '@madang/charter';
import { bodyKeySize, maskSeedSize } from '@madang/privacy';
import { fromBase64, randomBytes, type Signer, seal, toHex } from '@madang/trust';
import { digestOf, type RoundRef, roundContext, SHARE_INFO, shareAad } from './round/binding.ts';
import { encodingOf } from './round/encoding.ts';
import { packFrame, unpackFrame } from './round/frame.ts';
import { type LongCipher, longSum, packBodyHeader } from './round/long.ts';
import { isLong } from './round/parts.ts';
import { signSlip } from './round/slip.ts';

export interface ContributionRequest extends RoundRef {
  readonly org: string;
  readonly shape: Shape;
  /** In the study's order, with the sealing key each signed for this opening (base64). */
  readonly aggregators: readonly { readonly org: string; readonly sealKey: string }[];
  /** Whole numbers 0..shape.maximum, shape.length of them. */
  readonly measurement: ArrayLike<number>;
}

/** What goes to one aggregator: the slip, the public share, its sealed share. */
export interface Parcel {
  readonly slip: Uint8Array;
  readonly publicShare: Uint8Array;
  readonly sealedShare: Uint8Array;
}

/** Where the sealed chunks of a long vector go: stored as they are made, so that the node never holds them all. */
export interface BodyTarget {
  readonly cipher: LongCipher;
  store(index: number, chunk: Uint8Array): Promise<void>;
}

/**
 * One parcel for each aggregator, in order; of a long vector (`isLong`) the chunks go to `body` first. Throws RangeError when the measurement does not
 * fit the declared shape.
 */
export async function makeContribution(
  request: ContributionRequest,
  signer: Signer,
  body?: BodyTarget,
): Promise<readonly Parcel[]> {
  const { shape, measurement, aggregators } = request;
  if (measurement.length !== shape.length)
    throw new RangeError(`the measurement has ${measurement.length} numbers; the study asks for ${shape.length}`);
  for (let i = 0; i < measurement.length; i++) {
    const v = measurement[i];
    if (!Number.isSafeInteger(v) || v < 0 || v > shape.maximum)
      throw new RangeError(
        `number ${i} of the measurement is ${v}; the study allows whole numbers from 0 to ${shape.maximum}`,
      );
  }
  const { nonce, publicShare, inputShares, header } = isLong(shape)
    ? await shareLong(request, body)
    : { ...(await shareShort(request)), header: undefined };
  const publicDigest = digestOf(publicShare);
  const sealed = inputShares.map((share, part) => {
    const { org, sealKey } = aggregators[part];
    const aad = shareAad(request, request.org, part, org, publicDigest);
    const bytes = seal(fromBase64(sealKey), SHARE_INFO, aad, share);
    return part === 0 && header ? packBodyHeader({ sealedKey: bytes, tags: header }) : bytes;
  });
  const slip = await signSlip(
    {
      opening: request.opening,
      round: request.round,
      org: request.org,
      nonce: toHex(nonce),
      publicShare: publicDigest,
      shares: sealed.map(digestOf),
    },
    signer,
  );
  return sealed.map(sealedShare => ({ slip, publicShare, sealedShare }));
}

async function shareShort({ shape, aggregators, measurement, opening, round }: ContributionRequest) {
  const encoding = encodingOf(shape, aggregators.length);
  const nonce = randomBytes(encoding.nonceSize);
  const rand = randomBytes(encoding.randSize);
  return { nonce, ...(await encoding.shard(roundContext({ opening, round }), measurement, nonce, rand)) };
}

/** The first aggregator's share is a body of sealed chunks; what is sealed to it is the body's key, to the others a seed each. */
async function shareLong({ shape, aggregators, measurement }: ContributionRequest, body: BodyTarget | undefined) {
  if (!body) throw new Error('a vector of this length needs a place for its chunks');
  const sum = longSum(shape, aggregators.length, 1, body.cipher);
  const seeds = aggregators.slice(1).map(() => randomBytes(maskSeedSize));
  const key = randomBytes(bodyKeySize);
  const values = {
    length: measurement.length,
    read: (offset: number, n: number) => Float64Array.from({ length: n }, (_, i) => measurement[offset + i]),
  };
  const header: Uint8Array[] = [];
  for await (const { index, share } of sum.shard(values, seeds)) {
    header.push(body.cipher.body.seal(key, index, share, share));
    await body.store(index, share);
  }
  return { nonce: randomBytes(16), publicShare: new Uint8Array(0), inputShares: [key, ...seeds], header };
}

export function packParcel(p: Parcel): Uint8Array {
  return packFrame([
    ['slip', p.slip],
    ['public', p.publicShare],
    ['sealed', p.sealedShare],
  ]);
}

/** Throws on bytes of another form. */
export function unpackParcel(bytes: Uint8Array): Parcel {
  const parts = unpackFrame(bytes);
  if (parts.length !== 3 || parts[0][0] !== 'slip' || parts[1][0] !== 'public' || parts[2][0] !== 'sealed')
    throw new Error('not a parcel: slip, public and sealed are expected');
  return { slip: parts[0][1], publicShare: parts[1][1], sealedShare: parts[2][1] };
}
