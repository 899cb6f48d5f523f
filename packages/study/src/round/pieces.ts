// A message too long for the mailbox, in pieces: each names the digest of the whole, its place and how many there are. Pieces may come twice, in any order
// and from a sender who lies about them; a whole counts when its digest is right. Every message travels so, short ones as one piece.
import { concat, equalBytes, sha256, toHex } from '@madang/trust';

const HEADER_BYTES = 40;
/** No message has more pieces. */
const MAX_PIECES = 4096;

export interface Piece {
  /** SHA-256 of the whole message (of a body: of its header), hexadecimal. */
  readonly whole: string;
  readonly index: number;
  readonly count: number;
}

/** Pieces of at most `limit` bytes each, headers included. */
export function* piecesOf(message: Uint8Array, limit: number): Generator<Uint8Array> {
  const room = limit - HEADER_BYTES;
  const count = Math.max(1, Math.ceil(message.length / room));
  if (room < 1 || count > MAX_PIECES)
    throw new RangeError(`a message of ${message.length} bytes does not fit ${MAX_PIECES} pieces of ${limit}`);
  const digest = sha256(message);
  for (let index = 0; index < count; index++)
    yield packPiece(digest, index, count, message.subarray(index * room, (index + 1) * room));
}

/** One piece; `whole` is what names the message it belongs to (32 bytes). */
export function packPiece(whole: Uint8Array, index: number, count: number, data: Uint8Array): Uint8Array {
  const header = new Uint8Array(8);
  const view = new DataView(header.buffer);
  view.setUint32(0, index);
  view.setUint32(4, count);
  return concat(whole, header, data);
}

/** What a piece carries. */
export function pieceData(piece: Uint8Array): Uint8Array {
  return piece.subarray(HEADER_BYTES);
}

/** Throws on bytes that are no piece. */
export function readPiece(bytes: Uint8Array): Piece {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [index, count] = bytes.length < HEADER_BYTES ? [0, 0] : [view.getUint32(32), view.getUint32(36)];
  if (count < 1 || count > MAX_PIECES || index >= count) throw new Error('not a piece of a message');
  return { whole: toHex(bytes.subarray(0, 32)), index, count };
}

/** The message from its pieces in order; throws when they are not those of one message. */
export function joinPieces(pieces: readonly Uint8Array[]): Uint8Array {
  const message = concat(...pieces.map(pieceData));
  const digest = sha256(message);
  if (pieces.length === 0 || pieces.some(p => !equalBytes(p.subarray(0, 32), digest)))
    throw new Error('the pieces do not make the message that they name');
  return message;
}
