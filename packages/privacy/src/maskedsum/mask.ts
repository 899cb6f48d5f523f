// Masks: what AES-256-GCM (NIST SP 800-38D) makes of zeros, tag thrown away: key = the 32-byte seed, nonce = index of the chunk in 12 bytes, big-endian. That
// is the key stream of AES-256 in counter mode from the counter nonce || 2 on; GCM is what processors and libraries make fastest. Trap: a seed masks one
// vector once. A seed used for two vectors gives away their difference.
import { PrivacyError } from '../error.ts';
import { nonceOf, release } from './nonce.ts';

/** The mask of one chunk, each call going on where the last stopped. Lengths are multiples of 16 but for the last. What a call gave may be gone at the next. */
export interface MaskStream {
  next(bytes: number): Uint8Array | Promise<Uint8Array>;
}

/** Opens the mask of a seed for a chunk. Throws `parameter` unless the seed has 32 bytes. */
export type MaskCipher = (seed: Uint8Array, chunk: number) => MaskStream;

export const maskSeedSize = 32;
/** What is masked or expanded at once. */
export const pieceBytes = 1 << 16;

/** The part of `node:crypto` that is needed. */
export interface NodeCipher {
  createSecretKey(key: Uint8Array): object;
  createCipheriv(algorithm: 'aes-256-gcm', key: never, iv: Uint8Array): { update(data: Uint8Array): Uint8Array };
}

/** Masks by node:crypto: some gigabytes a second. */
export function nodeMask(crypto: NodeCipher): MaskCipher {
  let zeros = new Uint8Array(0);
  return (seed, chunk) => {
    checkSeed(seed);
    // Bytes for a key take Node three times as long as a key object.
    const key = crypto.createSecretKey(seed) as never;
    const cipher = crypto.createCipheriv('aes-256-gcm', key, nonceOf(chunk));
    let last: Uint8Array | undefined;
    return {
      next(bytes) {
        if (last) release(last);
        if (zeros.length < bytes) zeros = new Uint8Array(bytes);
        last = cipher.update(zeros.length === bytes ? zeros : zeros.subarray(0, bytes));
        return last;
      },
    };
  };
}

/** Masks by the Web Cryptography API: in browsers, and anywhere else that has it. */
export function webMask(subtle: SubtleCrypto): MaskCipher {
  return (seed, chunk) => {
    checkSeed(seed);
    const key = subtle.importKey('raw', new Uint8Array(seed), 'AES-CTR', false, ['encrypt']);
    const counter = new Uint8Array(16);
    counter.set(nonceOf(chunk));
    const view = new DataView(counter.buffer);
    let block = 2;
    return {
      async next(bytes) {
        view.setUint32(12, block);
        block += Math.ceil(bytes / 16);
        const algorithm = { name: 'AES-CTR', counter: counter.slice(), length: 32 };
        return new Uint8Array(await subtle.encrypt(algorithm, await key, new Uint8Array(bytes)));
      },
    };
  };
}

function checkSeed(seed: Uint8Array): void {
  if (seed.length !== maskSeedSize)
    throw new PrivacyError('parameter', `a mask seed has ${maskSeedSize} bytes, not ${seed.length}`);
}
