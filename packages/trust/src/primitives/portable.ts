// Primitives over noble (pure JavaScript): for browsers, for published vectors that need given randomness, and as the twin that
// native.ts is tested against. Trap: noble's NIST shared secrets are compressed points; the x coordinate follows the first byte.
import { gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x448 } from '@noble/curves/ed448.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { sha3_256, shake128, shake256 } from '@noble/hashes/sha3.js';
import { randomBytes } from '@noble/hashes/utils.js';
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import {
  type CurveName,
  checkLength,
  curveBytes,
  type Dh,
  type MlKem,
  type MlKemSize,
  mlKemBytes,
  type Primitives,
  refusing,
} from './primitives.ts';

const hashes = { sha256, sha384, sha512 };
const montgomery = { x25519, x448 };
const weierstrass = { p256, p384, p521 };
const mlKems = { 512: ml_kem512, 768: ml_kem768, 1024: ml_kem1024 };
const aeads = { 'aes-128-gcm': gcm, 'aes-256-gcm': gcm, 'chacha20-poly1305': chacha20poly1305 };

function dh(curve: CurveName): Dh {
  const bytes = curveBytes[curve];
  const agree = (secretKey: Uint8Array, peer: Uint8Array) =>
    curve === 'x25519' || curve === 'x448'
      ? montgomery[curve].getSharedSecret(secretKey, peer)
      : weierstrass[curve].getSharedSecret(secretKey, peer, true).subarray(1);
  return {
    secretBytes: bytes.secret,
    publicBytes: bytes.public,
    secret: secretKey =>
      refusing(`a ${curve} secret key`, () => {
        checkLength(secretKey, bytes.secret);
        const publicKey =
          curve === 'x25519' || curve === 'x448'
            ? montgomery[curve].getPublicKey(secretKey)
            : weierstrass[curve].getPublicKey(secretKey, false);
        return {
          publicKey,
          shared: peer =>
            refusing(`a ${curve} public key`, () => {
              checkLength(peer, bytes.public);
              return agree(secretKey, peer);
            }),
        };
      }),
  };
}

function mlKem(size: MlKemSize): MlKem {
  const bytes = mlKemBytes[size];
  const kem = mlKems[size];
  return {
    publicBytes: bytes.public,
    ciphertextBytes: bytes.ciphertext,
    secret: seed =>
      refusing(`an ML-KEM-${size} seed`, () => {
        const { publicKey, secretKey } = kem.keygen(seed);
        return {
          publicKey,
          decapsulate: ciphertext =>
            refusing(`an ML-KEM-${size} ciphertext`, () => kem.decapsulate(ciphertext, secretKey)),
        };
      }),
    encapsulate: (publicKey, m) =>
      refusing(`an ML-KEM-${size} public key`, () => {
        const { sharedSecret, cipherText } = kem.encapsulate(publicKey, m);
        return { sharedSecret, enc: cipherText };
      }),
  };
}

export const primitives: Primitives = {
  name: 'portable',
  hash: (name, message) => hashes[name](message),
  hmac: (hash, key, message) => hmac(hashes[hash], key, message),
  sha3_256: message => sha3_256(message),
  shake128: (message, dkLen) => shake128(message, { dkLen }),
  shake256: (message, dkLen) => shake256(message, { dkLen }),
  dh,
  mlKem,
  aeadSeal: (aead, key, nonce, aad, plaintext) => aeads[aead](key, nonce, aad).encrypt(plaintext),
  aeadOpen(aead, key, nonce, aad, ciphertext) {
    if (ciphertext.length < 16) return undefined;
    try {
      return aeads[aead](key, nonce, aad).decrypt(ciphertext);
    } catch {
      return undefined;
    }
  },
  randomBytes: bytes => randomBytes(bytes),
};
