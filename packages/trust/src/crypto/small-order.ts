// Ed25519 points of small order, which no honest key or signature has. Newer OpenSSL refuses them, older ones and noble do not all:
// both implementations of the seam refuse them here first, so that no version of a library decides what a log means.
// The list is the y coordinates of the eight points and their second encodings (y + p below 2^255), sign bit left out; a test computes it.
import { fromHex } from '../bytes/bytes.ts';

const encodings = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map(fromHex);

/** True if the first 32 bytes encode a point of small order. */
export function isSmallOrder(bytes: Uint8Array): boolean {
  return encodings.some(encoding => {
    for (let i = 0; i < 31; i++) if (bytes[i] !== encoding[i]) return false;
    return (bytes[31] & 127) === encoding[31];
  });
}
