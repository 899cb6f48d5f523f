// What anyone can check about a public result with nothing but the log and its blobs: the shares are those committed to, the result is exactly
// their sum, and the slips are those of the organisations that the transcript names. Needs trust and charter only, so that a browser can load it.
import { isNoteKeys, type Round, type Shape, type State, type Study } from '@madang/charter';
import { decodePublicKey, fromUtf8, verifyStatement } from '@madang/trust';
import { digestOf } from './round/binding.ts';
import { unpackFrame } from './round/frame.ts';
import { isLong, numberBytes, partCount, partRange, readManifest } from './round/parts.ts';
import { readSlip } from './round/slip.ts';

/** Reads a blob by its SHA-256 (hexadecimal); undefined when nobody has it. */
export type BlobReader = (digest: string) => Promise<Uint8Array | undefined>;

export type ResultCheck =
  | { readonly outcome: 'checked'; readonly sums: ArrayLike<number> }
  | { readonly outcome: 'wrong'; readonly why: string }
  | { readonly outcome: 'missing'; readonly why: string };

/** The result's blob: kind of study, contributors and the sums as revealed (whole numbers, noise included). */
export interface ResultDocument {
  readonly opening: string;
  readonly round: number;
  readonly kind: string;
  readonly contributors: readonly string[];
  readonly noise: readonly { readonly unit: string; readonly variance: number; readonly aggregators: number }[];
  readonly sums: readonly number[];
  /** Long vectors: `sums` is empty and each part is a blob of its own, doubles (little-endian) of whole numbers, named by its digest. */
  readonly sumParts?: readonly string[];
  /** What the kind makes of the sums, in the kind's own terms. */
  readonly decoded: unknown;
  /** Of a result for one reader: random, so that its digest in the log cannot be tried out. */
  readonly salt?: string;
}

/** By bits of one number. */
const FIELDS: Readonly<Record<number, bigint>> = {
  64: 2n ** 32n * 4294967295n + 1n,
  128: 2n ** 66n * 4611686018427387897n + 1n,
};
const RINGS: Readonly<Record<number, bigint>> = { 32: 2n ** 32n, 64: 2n ** 64n };

/**
 * Adds aggregate shares (little-endian): field elements modulo the field, masked sums modulo 2^32 or 2^64. Centred, since noise may make a
 * sum negative; beyond 2^53, where only a liar brings a sum, rounded to a double. Throws RangeError on shares that are none of this shape.
 */
export function addShares(shares: readonly Uint8Array[], shape: Pick<Shape, 'encoding' | 'field'>): number[] {
  const bits = shape.encoding === 'prio3-histogram' ? 128 : shape.field;
  const modulus = (shape.encoding === 'masked-sum' ? RINGS : FIELDS)[bits];
  if (modulus === undefined) throw new RangeError(`no ${shape.encoding} has numbers of ${bits} bits`);
  const size = bits / 8;
  const length = shares[0].length / size;
  if (!Number.isInteger(length) || shares.some(s => s.length !== shares[0].length))
    throw new RangeError('the shares differ in length or are not whole numbers of this shape');
  const views = shares.map(s => new DataView(s.buffer, s.byteOffset, s.byteLength));
  if (bits === 32)
    return Array.from({ length }, (_, i) => views.reduce((sum, v) => (sum + v.getInt32(4 * i, true)) | 0, 0));
  const sums: number[] = [];
  for (let i = 0; i < length; i++) {
    let sum = 0n;
    for (const v of views) {
      let x = v.getBigUint64(i * size, true);
      if (size === 16) x |= v.getBigUint64(i * size + 8, true) << 64n;
      if (x >= modulus) throw new RangeError(`element ${i} of a share is not in the field`);
      sum += x;
    }
    sum %= modulus;
    sums.push(Number(sum > (modulus - 1n) / 2n ? sum - modulus : sum));
  }
  return sums;
}

/**
 * Checks one published round of a public study, part by part where its vectors are long. `keepSums` false: `sums` stays empty, and memory does not grow
 * with their number.
 */
export async function checkResult(
  state: State,
  study: Study,
  number: string,
  read: BlobReader,
  keepSums = true,
): Promise<ResultCheck> {
  const round: Round | undefined = study.opening?.rounds[number];
  if (!round?.result || !round.transcript) return { outcome: 'missing', why: `round ${number} has no result` };
  const blob: NamedBlob = async (digest, what) => {
    const bytes = await read(digest);
    if (!bytes) throw new Absent(`${what} (${digest.slice(0, 12)}…) is not to be had`);
    if (digestOf(bytes) !== digest) throw new Error(`${what} is not what its digest names`);
    return bytes;
  };
  try {
    const document = JSON.parse(fromUtf8(await blob(round.result.digest, 'the result'))) as ResultDocument;
    if (document.opening !== study.opening!.id || String(document.round) !== number)
      return { outcome: 'wrong', why: 'the result names another opening or round' };
    const sums = new Float64Array(keepSums ? study.shape.length : 0);
    let seen = 0;
    for await (const part of revealedSums(study, round, blob)) {
      const published = document.sumParts
        ? await publishedPart(document.sumParts[part.index], part.index, blob)
        : document.sums.slice(part.first, part.first + part.sums.length);
      if (published.length !== part.sums.length || part.sums.some((s, i) => s !== published[i]))
        return { outcome: 'wrong', why: `the result of round ${number} is not the sum of the revealed shares` };
      if (keepSums) sums.set(part.sums, part.first);
      seen += part.sums.length;
    }
    if (seen !== study.shape.length)
      return { outcome: 'wrong', why: `the shares of round ${number} have another length than the study declares` };
    if (document.sums.length !== (document.sumParts ? 0 : seen))
      return { outcome: 'wrong', why: `the result of round ${number} is not the sum of the revealed shares` };
    const slipFault = checkSlips(state, study, number, await blob(round.transcript.slips, 'the slips'));
    if (slipFault) return { outcome: 'wrong', why: slipFault };
    return { outcome: 'checked', sums };
  } catch (error) {
    if (error instanceof Absent) return { outcome: 'missing', why: error.message };
    return { outcome: 'wrong', why: error instanceof Error ? error.message : String(error) };
  }
}

/** Reads a blob whose digest is checked; throws when nobody has it. `what` names it in the message. */
export type NamedBlob = (digest: string, what: string) => Promise<Uint8Array>;

/** The sums of a round from the aggregators' revealed shares, part by part; one part where every share is in one piece. */
export async function* revealedSums(
  study: Study,
  round: Round,
  blob: NamedBlob,
): AsyncGenerator<{ readonly index: number; readonly first: number; readonly sums: readonly number[] }> {
  const { shape, aggregators } = study;
  const heads: Uint8Array[] = [];
  for (const a of aggregators) heads.push(await blob(round.reveals[a].share, `the share of ${a}`));
  // By its length alone a share in one piece cannot be taken for a manifest: one that long has parts.
  if (!isLong(shape) || heads.every(h => h.length === shape.length * numberBytes(shape)))
    return yield { index: 0, first: 0, sums: addShares(heads, shape) };
  const lists = heads.map((h, i) => {
    const list = readManifest(h, partCount(shape));
    if (!list) throw new Error(`the share of ${aggregators[i]} is neither in one piece nor a list of its parts`);
    return list;
  });
  for (let index = 0; index < partCount(shape); index++) {
    const parts: Uint8Array[] = [];
    for (const [i, list] of lists.entries())
      parts.push(await blob(list[index], `part ${index} of the share of ${aggregators[i]}`));
    const { first, count } = partRange(shape, index);
    const sums = addShares(parts, shape);
    if (sums.length !== count) throw new Error(`part ${index} of the shares has ${sums.length} numbers, not ${count}`);
    yield { index, first, sums };
  }
}

async function publishedPart(digest: string | undefined, index: number, blob: NamedBlob): Promise<Float64Array> {
  if (digest === undefined) throw new Error(`the result has no part ${index}`);
  return unpackDoubles(await blob(digest, `part ${index} of the result`));
}

/** Checks what the public can of a round whose result is for one reader: everyone that counts signed a slip. Commitments and reveals are the rules' matter. */
export async function checkSealedRound(
  state: State,
  study: Study,
  number: string,
  read: BlobReader,
): Promise<Exclude<ResultCheck, { outcome: 'checked' }> | { readonly outcome: 'checked' }> {
  const { slips } = study.opening!.rounds[number].transcript!;
  const blob = await read(slips);
  if (!blob) return { outcome: 'missing', why: `the slips of round ${number} are not to be had` };
  try {
    const fault =
      digestOf(blob) === slips ? checkSlips(state, study, number, blob) : 'the slips are not what their digest names';
    return fault === undefined ? { outcome: 'checked' } : { outcome: 'wrong', why: fault };
  } catch (error) {
    return { outcome: 'wrong', why: error instanceof Error ? error.message : String(error) };
  }
}

/** Doubles as bytes, little-endian, on any machine. */
export function packDoubles(values: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  for (let i = 0; i < values.length; i++) view.setFloat64(8 * i, values[i], true);
  return new Uint8Array(view.buffer);
}

export function unpackDoubles(bytes: Uint8Array): Float64Array {
  if (bytes.length % 8 !== 0) throw new RangeError(`${bytes.length} bytes are no list of doubles`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}

class Absent extends Error {}

/** Every organisation that counts signed a slip for this very round, with a node key of its own. */
function checkSlips(state: State, study: Study, number: string, blob: Uint8Array): string | undefined {
  const named = study.opening!.rounds[number].transcript!.organisations;
  const parts = unpackFrame(blob);
  if (parts.length !== named.length)
    return `round ${number} counts ${named.length} organisations and has ${parts.length} slips`;
  for (const [i, [org, bytes]] of parts.entries()) {
    const { slip, opened } = readSlip(bytes);
    if (org !== named[i] || slip.org !== org || slip.opening !== study.opening!.id || String(slip.round) !== number)
      return `slip ${i} of round ${number} is not that of ${named[i]}`;
    const verdict = verifyStatement(opened, id => {
      const k = state.keys[id];
      return k && k.org === org && k.use === 'node' && !isNoteKeys(k.key) ? decodePublicKey(k.key) : undefined;
    });
    if (!verdict.ok) return `the slip of ${org} in round ${number}: ${verdict.refusal.why}`;
  }
  return undefined;
}
