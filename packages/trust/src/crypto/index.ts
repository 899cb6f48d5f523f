// Hashing and randomness for the rest of the platform, from whichever implementation this build has.
import { crypto } from '#crypto';

/** FIPS 180-4, 32 bytes. */
export function sha256(message: Uint8Array): Uint8Array {
  return crypto.sha256(message);
}

/** `length` bytes from the system's generator. */
export function randomBytes(length: number): Uint8Array {
  return crypto.randomBytes(length);
}
