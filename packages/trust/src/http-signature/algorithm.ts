// Signature algorithms of HTTP message signatures: RFC 9421 section 3.3 and C2SP httpsig-pq. Ed25519 and ML-DSA over the
// package's own seam, the others over WebCrypto, which Node and browsers have alike.
// Trap: the key decides the algorithm; a message's `alg` may only agree with it.
import { crypto } from '#crypto';
import type { SignatureName } from '../crypto/port.ts';
import { TrustError } from '../error.ts';
import { rsaPrivateKey, rsaPublicKey } from './rsa-key.ts';

const seamed = {
  ed25519: 'ed25519',
  'ml-dsa-44': 'mldsa44',
  'ml-dsa-65': 'mldsa65',
  'ml-dsa-87': 'mldsa87',
} as const satisfies Record<string, SignatureName>;

interface WebAlgorithm {
  readonly key: RsaHashedImportParams | EcKeyImportParams;
  readonly use: AlgorithmIdentifier | RsaPssParams | EcdsaParams;
  readonly rsa: boolean;
}

const web = {
  'rsa-pss-sha512': {
    key: { name: 'RSA-PSS', hash: 'SHA-512' },
    use: { name: 'RSA-PSS', saltLength: 64 },
    rsa: true,
  },
  'rsa-v1_5-sha256': {
    key: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    use: { name: 'RSASSA-PKCS1-v1_5' },
    rsa: true,
  },
  'ecdsa-p256-sha256': {
    key: { name: 'ECDSA', namedCurve: 'P-256' },
    use: { name: 'ECDSA', hash: 'SHA-256' },
    rsa: false,
  },
  'ecdsa-p384-sha384': {
    key: { name: 'ECDSA', namedCurve: 'P-384' },
    use: { name: 'ECDSA', hash: 'SHA-384' },
    rsa: false,
  },
} as const satisfies Record<string, WebAlgorithm>;

const hmacAlgorithm = { name: 'HMAC', hash: 'SHA-256' };

type SeamedName = keyof typeof seamed;
type WebName = keyof typeof web;
export type HttpAlgorithm = SeamedName | WebName | 'hmac-sha256';

/** A key that verifies. `verify` is false for anything that is not this key's signature of these bytes; it never throws. */
export interface HttpVerifier {
  readonly algorithm: HttpAlgorithm;
  verify(message: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

/** A key that signs. */
export interface HttpSigner {
  readonly algorithm: HttpAlgorithm;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** Whether this build has the algorithm. */
export function isHttpAlgorithm(name: string): name is HttpAlgorithm {
  return Object.hasOwn(seamed, name) || Object.hasOwn(web, name) || name === 'hmac-sha256';
}

function isSeamed(name: HttpAlgorithm): name is SeamedName {
  return Object.hasOwn(seamed, name);
}

/** Bytes that a buffer of their own holds, which WebCrypto's types ask for. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes);
}

async function importing<T>(algorithm: HttpAlgorithm, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new TrustError('bad-key', `not a key for ${algorithm}`, { cause });
  }
}

/**
 * A verifier from a key in its usual form: raw public key (Ed25519, ML-DSA), shared secret (HMAC), SubjectPublicKeyInfo as DER
 * (RSA also PKCS#1). Throws TrustError 'bad-key', or 'unsupported' on an unknown algorithm.
 */
export async function httpVerifier(algorithm: HttpAlgorithm, key: Uint8Array): Promise<HttpVerifier> {
  if (isSeamed(algorithm)) {
    const name = seamed[algorithm];
    return { algorithm, verify: (message, signature) => crypto.verifyBeside(name, signature, message, key) };
  }
  const { subtle } = globalThis.crypto;
  if (algorithm === 'hmac-sha256') {
    const secret = await importing(algorithm, () =>
      subtle.importKey('raw', owned(key), hmacAlgorithm, false, ['verify']),
    );
    return { algorithm, verify: (message, tag) => subtle.verify('HMAC', secret, owned(tag), owned(message)) };
  }
  const { key: form, use, rsa } = webAlgorithm(algorithm);
  const publicKey = await importing(algorithm, () =>
    subtle.importKey('spki', owned(rsa ? rsaPublicKey(key) : key), form, false, ['verify']),
  );
  return { algorithm, verify: (message, signature) => subtle.verify(use, publicKey, owned(signature), owned(message)) };
}

/** A signer from a secret in its usual form: seed (Ed25519, ML-DSA), shared secret (HMAC), PKCS#8 as DER (RSA also PKCS#1). */
export async function httpSigner(algorithm: HttpAlgorithm, secret: Uint8Array): Promise<HttpSigner> {
  if (isSeamed(algorithm)) {
    const name = seamed[algorithm];
    return { algorithm, sign: async message => crypto.sign(name, message, secret) };
  }
  const { subtle } = globalThis.crypto;
  if (algorithm === 'hmac-sha256') {
    const key = await importing(algorithm, () =>
      subtle.importKey('raw', owned(secret), hmacAlgorithm, false, ['sign']),
    );
    return { algorithm, sign: async message => new Uint8Array(await subtle.sign('HMAC', key, owned(message))) };
  }
  const { key: form, use, rsa } = webAlgorithm(algorithm);
  const privateKey = await importing(algorithm, () =>
    subtle.importKey('pkcs8', owned(rsa ? rsaPrivateKey(secret) : secret), form, false, ['sign']),
  );
  return { algorithm, sign: async message => new Uint8Array(await subtle.sign(use, privateKey, owned(message))) };
}

function webAlgorithm(algorithm: WebName): WebAlgorithm {
  const found = web[algorithm];
  if (!found) throw new TrustError('unsupported', `HTTP signature algorithm "${algorithm}" is not supported`);
  return found;
}
