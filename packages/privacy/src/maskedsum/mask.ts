// Masks: the key stream of AES-256 in counter mode (NIST SP 800-38A), key = the 32-byte seed, counter = index of the 16-byte block, big-endian
// from 0. Trap: a seed masks one vector once. A seed used for two vectors gives away their difference.
import { PrivacyError } from '../error.ts';
import { release } from './body.ts';

/**
 * Output from one seed, from one block on, each call going on where the last stopped. Lengths are multiples of 16 but for the last. What
 * a call gave may be gone at the next.
 */
export interface MaskStream {
  next(bytes: number): Uint8Array | Promise<Uint8Array>;
}

/** Opens the stream of a seed at a block of 16 bytes. Throws `parameter` unless the seed has 32 bytes. */
export type MaskCipher = (seed: Uint8Array, block: number) => MaskStream;

export const maskSeedSize = 32;

/** The part of `node:crypto` that is needed. */
export interface NodeCipher {
  createCipheriv(algorithm: string, key: Uint8Array, iv: Uint8Array): { update(data: Uint8Array): Uint8Array };
}

/** Masks by node:crypto: some gigabytes a second. */
export function nodeMask(crypto: NodeCipher): MaskCipher {
  let zeros = new Uint8Array(0);
  return (seed, block) => {
    checkSeed(seed);
    const cipher = crypto.createCipheriv('aes-256-ctr', seed, counter(block));
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
  return (seed, block) => {
    checkSeed(seed);
    const key = subtle.importKey('raw', new Uint8Array(seed), 'AES-CTR', false, ['encrypt']);
    let at = block;
    return {
      async next(bytes) {
        const algorithm = { name: 'AES-CTR', counter: counter(at), length: 64 };
        at += Math.ceil(bytes / 16);
        return new Uint8Array(await subtle.encrypt(algorithm, await key, new Uint8Array(bytes)));
      },
    };
  };
}

function counter(block: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(16);
  const view = new DataView(out.buffer);
  view.setUint32(8, Math.floor(block / 2 ** 32));
  view.setUint32(12, block >>> 0);
  return out;
}

function checkSeed(seed: Uint8Array): void {
  if (seed.length !== maskSeedSize)
    throw new PrivacyError('parameter', `a mask seed has ${maskSeedSize} bytes, not ${seed.length}`);
}
