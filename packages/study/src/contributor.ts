// The contributor's role: turn a measurement into sealed shares and a signed slip (protocol, section 5, step 5).
// The caller stores the parcel before it sends anything and sends the same bytes again when asked: a node never shards twice.
import type { Shape } from '@madang/charter';
import { fromBase64, randomBytes, type Signer, seal, toHex } from '@madang/trust';
import { digestOf, type RoundRef, roundContext, SHARE_INFO, shareAad } from './round/binding.ts';
import { encodingOf } from './round/encoding.ts';
import { packFrame, unpackFrame } from './round/frame.ts';
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

/** One parcel for each aggregator, in order. Throws RangeError when the measurement does not fit the declared shape. */
export async function makeContribution(request: ContributionRequest, signer: Signer): Promise<readonly Parcel[]> {
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
  const encoding = encodingOf(shape, aggregators.length);
  const nonce = randomBytes(encoding.nonceSize);
  const { publicShare, inputShares } = await encoding.shard(
    roundContext(request),
    measurement,
    nonce,
    randomBytes(encoding.randSize),
  );
  const publicDigest = digestOf(publicShare);
  const sealed = inputShares.map((share, part) => {
    const { org, sealKey } = aggregators[part];
    return seal(fromBase64(sealKey), SHARE_INFO, shareAad(request, request.org, part, org, publicDigest), share);
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
