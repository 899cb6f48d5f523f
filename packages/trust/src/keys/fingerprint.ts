// Eight words for a digest, to be compared by eye or read over the telephone. Proquints (D. S. Wilkerson, arXiv:0901.4016): 16 bits
// are one pronounceable word of five letters. Eight carry 128 bits, where a list of 2,048 English words would carry 88; and nobody
// needs English, a list, or its translation. docs/decisions/0010-fingerprint-words.md says more.
import { TrustError } from '../error.ts';

const consonants = 'bdfghjklmnprstvz';
const vowels = 'aiou';

/** Eight words over the first 128 bits of a SHA-256 digest (32 bytes). */
export function fingerprintWords(digest: Uint8Array): string[] {
  if (digest.length !== 32) throw new TrustError('bad-length', `a digest has 32 bytes, not ${digest.length}`);
  return Array.from({ length: 8 }, (_, i) => word((digest[2 * i] << 8) | digest[2 * i + 1]));
}

function word(bits: number): string {
  return (
    consonants[bits >> 12] +
    vowels[(bits >> 10) & 3] +
    consonants[(bits >> 6) & 15] +
    vowels[(bits >> 4) & 3] +
    consonants[bits & 15]
  );
}
