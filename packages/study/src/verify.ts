// What anyone can check about a public result with nothing but the log and its blobs: the shares are those committed to, the result is exactly
// their sum, and the slips are those of the organisations that the transcript names. Needs trust and charter only, so that a browser can load it.
import { isNoteKeys, type Round, type Shape, type State, type Study } from '@madang/charter';
import { decodePublicKey, fromUtf8, verifyStatement } from '@madang/trust';
import { digestOf } from './round/binding.ts';
import { unpackFrame } from './round/frame.ts';
import { readSlip } from './round/slip.ts';

/** Reads a blob by its SHA-256 (hexadecimal); undefined when nobody has it. */
export type BlobReader = (digest: string) => Promise<Uint8Array | undefined>;

export type ResultCheck =
  | { readonly outcome: 'checked'; readonly sums: readonly number[] }
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
  /** What the kind makes of the sums, in the kind's own terms. */
  readonly decoded: unknown;
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

/** Checks one published round of a public study. */
export async function checkResult(state: State, study: Study, number: string, read: BlobReader): Promise<ResultCheck> {
  const round: Round | undefined = study.opening?.rounds[number];
  if (!round?.result || !round.transcript) return { outcome: 'missing', why: `round ${number} has no result` };
  const blob = async (digest: string, what: string) => {
    const bytes = await read(digest);
    if (!bytes) throw new Absent(`${what} (${digest.slice(0, 12)}…) is not to be had`);
    if (digestOf(bytes) !== digest) throw new Error(`${what} is not what its digest names`);
    return bytes;
  };
  try {
    const shares: Uint8Array[] = [];
    for (const a of study.aggregators) shares.push(await blob(round.reveals[a].share, `the share of ${a}`));
    const sums = addShares(shares, study.shape);
    if (sums.length !== study.shape.length)
      return { outcome: 'wrong', why: `the shares of round ${number} have another length than the study declares` };
    const document = JSON.parse(fromUtf8(await blob(round.result.digest, 'the result'))) as ResultDocument;
    if (document.opening !== study.opening!.id || String(document.round) !== number)
      return { outcome: 'wrong', why: 'the result names another opening or round' };
    if (document.sums.length !== sums.length || document.sums.some((s, i) => s !== sums[i]))
      return { outcome: 'wrong', why: `the result of round ${number} is not the sum of the revealed shares` };
    const slipFault = checkSlips(state, study, number, await blob(round.transcript.slips, 'the slips'));
    if (slipFault) return { outcome: 'wrong', why: slipFault };
    return { outcome: 'checked', sums };
  } catch (error) {
    if (error instanceof Absent) return { outcome: 'missing', why: error.message };
    return { outcome: 'wrong', why: error instanceof Error ? error.message : String(error) };
  }
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
