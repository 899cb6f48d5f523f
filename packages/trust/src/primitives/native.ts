// Primitives over node:crypto (OpenSSL 3.5 in Node 24). Trap: there is no native ML-KEM encapsulation from a given m, and no
// TurboSHAKE; keys go in and out in the raw forms that Node 24 added.
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  decapsulate,
  diffieHellman,
  encapsulate,
  hash,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { TrustError } from '../error.ts';
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

const tagBytes = 16;
const curveNames: Record<CurveName, { asymmetricKeyType: 'x25519' | 'x448' | 'ec'; namedCurve?: string }> = {
  x25519: { asymmetricKeyType: 'x25519' },
  x448: { asymmetricKeyType: 'x448' },
  p256: { asymmetricKeyType: 'ec', namedCurve: 'P-256' },
  p384: { asymmetricKeyType: 'ec', namedCurve: 'P-384' },
  p521: { asymmetricKeyType: 'ec', namedCurve: 'P-521' },
};

function dh(curve: CurveName): Dh {
  const bytes = curveBytes[curve];
  const type = curveNames[curve];
  return {
    secretBytes: bytes.secret,
    publicBytes: bytes.public,
    secret: secretKey =>
      refusing(`a ${curve} secret key`, () => {
        checkLength(secretKey, bytes.secret);
        const privateKey = createPrivateKey({ key: view(secretKey), format: 'raw-private', ...type });
        return {
          publicKey: raw(createPublicKey(privateKey)),
          shared: peer =>
            refusing(`a ${curve} public key`, () => {
              // OpenSSL would also take compressed points; RFC 9180 section 7.1.1 has the uncompressed form alone.
              checkLength(peer, bytes.public);
              const publicKey = createPublicKey({ key: view(peer), format: 'raw-public', ...type });
              return plain(diffieHellman({ privateKey, publicKey }));
            }),
        };
      }),
  };
}

function mlKem(size: MlKemSize): MlKem {
  const bytes = mlKemBytes[size];
  const asymmetricKeyType = `ml-kem-${size}` as const;
  return {
    publicBytes: bytes.public,
    ciphertextBytes: bytes.ciphertext,
    secret: seed =>
      refusing(`an ML-KEM-${size} seed`, () => {
        const key = createPrivateKey({ key: view(seed), format: 'raw-seed', asymmetricKeyType });
        return {
          publicKey: raw(createPublicKey(key)),
          decapsulate: ciphertext =>
            refusing(`an ML-KEM-${size} ciphertext`, () => plain(decapsulate(key, ciphertext))),
        };
      }),
    encapsulate(publicKey, m) {
      if (m) throw new TrustError('unsupported', 'node:crypto has no encapsulation from given randomness');
      return refusing(`an ML-KEM-${size} public key`, () => {
        const key = createPublicKey({ key: view(publicKey), format: 'raw-public', asymmetricKeyType });
        const { sharedKey, ciphertext } = encapsulate(key);
        return { sharedSecret: plain(sharedKey), enc: plain(ciphertext) };
      });
    },
  };
}

/** A Uint8Array that is not a Buffer, so that both implementations return the same type. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The same bytes as a Buffer, which is what the key imports are typed for. */
function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function raw(key: KeyObject): Uint8Array {
  return plain(key.export({ format: 'raw-public' }));
}

export const primitives: Primitives = {
  name: 'native',
  hash: (name, message) => plain(hash(name, message, 'buffer')),
  hmac: (hash, key, message) => plain(createHmac(hash, key).update(message).digest()),
  sha3_256: message => plain(createHash('sha3-256').update(message).digest()),
  shake128: (message, outputLength) => plain(createHash('shake128', { outputLength }).update(message).digest()),
  shake256: (message, outputLength) => plain(createHash('shake256', { outputLength }).update(message).digest()),
  dh,
  mlKem,
  aeadSeal(aead, key, nonce, aad, plaintext) {
    const cipher = createCipheriv(aead as 'chacha20-poly1305', key, nonce, { authTagLength: tagBytes });
    cipher.setAAD(aad, { plaintextLength: plaintext.length });
    const out = new Uint8Array(plaintext.length + tagBytes);
    out.set(cipher.update(plaintext));
    cipher.final();
    out.set(cipher.getAuthTag(), plaintext.length);
    return out;
  },
  aeadOpen(aead, key, nonce, aad, ciphertext) {
    const length = ciphertext.length - tagBytes;
    if (length < 0) return undefined;
    const decipher = createDecipheriv(aead as 'chacha20-poly1305', key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(aad, { plaintextLength: length });
    decipher.setAuthTag(ciphertext.subarray(length));
    const out = plain(decipher.update(ciphertext.subarray(0, length)));
    try {
      decipher.final();
    } catch {
      out.fill(0);
      return undefined;
    }
    return out;
  },
  randomBytes: bytes => plain(randomBytes(bytes)),
};
