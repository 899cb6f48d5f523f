// The body of a long share on its way: chunks sealed with AES-256-GCM (NIST SP 800-38D) under a key of their own, nonce = index of the chunk, tags kept
// apart. Whoever signs the list of tags has bound every byte: nobody without the key can find other bytes for a tag. Traps: one key seals one body
// (a nonce twice gives both away); GCM does not commit to its key, so a body is bound by its tags only together with the key that came sealed.
import { PrivacyError } from '../error.ts';
import { nonceOf, release } from './nonce.ts';

export const bodyKeySize = 32;
export const bodyTagSize = 16;

/** Seals and opens chunks; both directions work through pieces, so that a chunk costs one buffer. */
export interface BodyCipher {
  /** Writes the sealed chunk, as long as the plain one, into `into` (which may be `plain` itself); returns its tag. */
  seal(key: Uint8Array, index: number, plain: Uint8Array, into: Uint8Array): Uint8Array;
  /** Writes the plain chunk into `into`; false, and zeros, when the chunk is not the one that was sealed there. */
  open(key: Uint8Array, index: number, sealed: Uint8Array, tag: Uint8Array, into: Uint8Array): boolean;
}

/** The part of `node:crypto` that is needed. */
export interface NodeAead {
  createSecretKey(key: Uint8Array): object;
  createCipheriv(
    algorithm: 'aes-256-gcm',
    key: never,
    iv: Uint8Array,
  ): { update(data: Uint8Array): Uint8Array; final(): Uint8Array; getAuthTag(): Uint8Array };
  createDecipheriv(
    algorithm: 'aes-256-gcm',
    key: never,
    iv: Uint8Array,
    options: { authTagLength: number },
  ): { update(data: Uint8Array): Uint8Array; final(): Uint8Array; setAuthTag(tag: Uint8Array): unknown };
}

/** What goes through the cipher at once: larger outputs come from fresh pages of memory, at a tenth of the speed. */
const pieceBytes = 1 << 16;

/** Bodies by node:crypto: some gigabytes a second. */
export function nodeBody(crypto: NodeAead): BodyCipher {
  const keyOf = (key: Uint8Array) => {
    if (key.length !== bodyKeySize)
      throw new PrivacyError('parameter', `the key of a body has ${bodyKeySize} bytes, not ${key.length}`);
    return crypto.createSecretKey(key) as never;
  };
  const through = (cipher: { update(data: Uint8Array): Uint8Array }, from: Uint8Array, into: Uint8Array) => {
    if (into.length < from.length)
      throw new PrivacyError('parameter', `a chunk of ${from.length} bytes does not fit ${into.length}`);
    for (let at = 0; at < from.length; at += pieceBytes) {
      const piece = cipher.update(from.subarray(at, at + pieceBytes));
      into.set(piece, at);
      release(piece);
    }
  };
  return {
    seal(key, index, plain, into) {
      const cipher = crypto.createCipheriv('aes-256-gcm', keyOf(key), nonceOf(index));
      through(cipher, plain, into);
      cipher.final();
      return new Uint8Array(cipher.getAuthTag());
    },
    open(key, index, sealed, tag, into) {
      const options = { authTagLength: bodyTagSize };
      const decipher = crypto.createDecipheriv('aes-256-gcm', keyOf(key), nonceOf(index), options);
      if (tag.length !== bodyTagSize) return false;
      decipher.setAuthTag(tag);
      through(decipher, sealed, into);
      try {
        decipher.final();
        return true;
      } catch {
        into.fill(0, 0, sealed.length);
        return false;
      }
    },
  };
}
