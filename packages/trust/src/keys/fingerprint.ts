// Eight words for a digest, to be compared by eye or read over the telephone. Proquints (D. S. Wilkerson, arXiv:0901.4016): 16 bits
// are one pronounceable word of five letters. Eight carry 128 bits, where a list of 2,048 English words would carry 88; and nobody
// needs English, a list, or its translation. docs/decisions/0010-fingerprint-words.md says more.
import { fromHex } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';

const consonants = 'bdfghjklmnprstvz';
const vowels = 'aiou';

/** Eight words over the first 128 bits of a SHA-256 digest (32 bytes). */
export function fingerprintWords(digest: Uint8Array): string[] {
  if (digest.length !== 32) throw new TrustError('bad-length', `a digest has 32 bytes, not ${digest.length}`);
  return Array.from({ length: 8 }, (_, i) => word((digest[2 * i] << 8) | digest[2 * i + 1]));
}

/** What a reader gives for a digest, in one form: 64 hexadecimal digits, or eight words with one blank between. Undefined when it is neither. */
export function readFingerprint(text: string): string | undefined {
  const given = text
    .trim()
    .toLowerCase()
    .split(/[\s,;-]+/);
  if (given.length === 1) return /^[0-9a-f]{64}$/.test(given[0]) ? given[0] : undefined;
  const isWord = (w: string) =>
    new RegExp(`^[${consonants}][${vowels}][${consonants}][${vowels}][${consonants}]$`).test(w);
  return given.length === 8 && given.every(isWord) ? given.join(' ') : undefined;
}

/** Whether `given` (as `readFingerprint` returns it) names the digest (64 hexadecimal digits). */
export function namesDigest(given: string, digest: string): boolean {
  return given === digest || given === fingerprintWords(fromHex(digest)).join(' ');
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
