// The form of a key file: JSON with a public part to read and a secret part, encrypted under a passphrase (scrypt, RFC 7914, and
// ChaCha20-Poly1305, RFC 8439) or plain. The public part is bound to the encryption.
// Trap: a JSON parser quotes the text that it could not read, which here may be the secret: no such message leaves this file.
import { randomBytes, scrypt } from 'node:crypto';
import { fromBase64, toBase64, utf8 } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';
import { primitives } from '../primitives/native.ts';

/** N = 2^17, r = 8, p = 1: 128 MiB and about a quarter of a second for each guess. */
const scryptCost = { N: 2 ** 17, r: 8, p: 1 } as const;

/** Costs outside these are refused: below is too weak, above is an attack on the reader's memory (1 GiB). */
const minN = 2 ** 14;
const maxN = 2 ** 20;

const version = 1;
const keyBytes = 32;
const nonceBytes = 12;
const saltBytes = 32;
const minPassphrase = 8;
const maxSecretBytes = 4096;

/** One secret with what may be known about it. */
export interface StoredKey {
  /** What the key is for, for example `hybrid`, `seal`, `witness`: one key, one use. */
  readonly use: string;
  /** Public keys or an id, as text; never read by this package. */
  readonly publicPart: string;
  /** 1 to 4,096 bytes; most keys here are seeds of 32. */
  readonly secret: Uint8Array;
}

interface EncryptedSecret {
  readonly kdf: 'scrypt';
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: string;
  readonly aead: 'chacha20-poly1305';
  readonly nonce: string;
  readonly ciphertext: string;
}

/** A key file that has been read and whose secret has not. */
export interface LockedKey {
  readonly use: string;
  readonly publicPart: string;
  readonly encrypted: boolean;
  /** The passphrase is ignored for a plain file. Throws TrustError 'key-passphrase' on none or a wrong one. */
  unlock(passphrase?: string): Promise<StoredKey>;
}

/** The text of a key file. Without a passphrase the secret is plain. Throws TrustError 'key-passphrase' on one too short. */
export async function encodeKeyFile(key: StoredKey, passphrase?: string): Promise<string> {
  if (key.secret.length === 0 || key.secret.length > maxSecretBytes) {
    throw new TrustError('bad-length', `a secret has 1 to ${maxSecretBytes} bytes, this has ${key.secret.length}`);
  }
  const head = { madangKeyFile: version, use: key.use, publicPart: key.publicPart };
  const secret = passphrase === undefined ? { plain: toBase64(key.secret) } : await encrypt(key, passphrase);
  return `${JSON.stringify({ ...head, secret }, null, 2)}\n`;
}

async function encrypt(key: StoredKey, passphrase: string): Promise<EncryptedSecret> {
  if (passphrase.length < minPassphrase) {
    throw new TrustError('key-passphrase', `a passphrase has at least ${minPassphrase} characters`);
  }
  const [salt, nonce] = [randomBytes(saltBytes), randomBytes(nonceBytes)];
  const derived = await derive(passphrase, salt, scryptCost);
  const ciphertext = primitives.aeadSeal('chacha20-poly1305', derived, nonce, bound(key), key.secret);
  return {
    kdf: 'scrypt',
    ...scryptCost,
    salt: toBase64(salt),
    aead: 'chacha20-poly1305',
    nonce: toBase64(nonce),
    ciphertext: toBase64(ciphertext),
  };
}

/** Throws TrustError 'key-file' on a text that is no key file, or one of a later version. */
export function decodeKeyFile(text: string): LockedKey {
  const file = parsed(text);
  const { madangKeyFile, use, publicPart, secret } = file;
  if (!Number.isInteger(madangKeyFile)) throw damaged('it is not a key file');
  if (madangKeyFile !== version) throw damaged(`it is of version ${madangKeyFile}, this program reads ${version}`);
  if (typeof use !== 'string' || typeof publicPart !== 'string') throw damaged('it does not say what key it holds');
  if (typeof secret !== 'object' || secret === null) throw damaged('it has no secret part');
  const { plain } = secret as { plain?: unknown };
  if (plain !== undefined) {
    const bytes = decoded(plain);
    return { use, publicPart, encrypted: false, unlock: async () => ({ use, publicPart, secret: bytes }) };
  }
  const box = checkedBox(secret as Record<string, unknown>);
  return {
    use,
    publicPart,
    encrypted: true,
    async unlock(passphrase) {
      if (passphrase === undefined)
        throw new TrustError('key-passphrase', 'the key is encrypted: a passphrase is needed');
      const derived = await derive(passphrase, box.salt, box.cost);
      const opened = primitives.aeadOpen(
        'chacha20-poly1305',
        derived,
        box.nonce,
        bound({ use, publicPart }),
        box.ciphertext,
      );
      if (!opened) {
        throw new TrustError('key-passphrase', 'the passphrase does not open the key, or the file was changed');
      }
      return { use, publicPart, secret: opened };
    },
  };
}

function checkedBox(box: Record<string, unknown>) {
  const { N, r, p } = box as { N: number; r: number; p: number };
  if (box.kdf !== 'scrypt' || box.aead !== 'chacha20-poly1305') throw damaged('its encryption is not known');
  if (!Number.isInteger(Math.log2(N)) || N < minN || N > maxN || r !== scryptCost.r || p !== scryptCost.p) {
    throw damaged('its scrypt cost is out of range');
  }
  const [salt, nonce, ciphertext] = [box.salt, box.nonce, box.ciphertext].map(decoded);
  if (salt.length < 16 || nonce.length !== nonceBytes) throw damaged('its salt or nonce has a wrong length');
  return { cost: { N, r, p }, salt, nonce, ciphertext };
}

/** Parsed without letting the parser's message out: it quotes what it read. */
function parsed(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null) throw damaged('it is not JSON');
  return value as Record<string, unknown>;
}

function decoded(field: unknown): Uint8Array {
  try {
    return fromBase64(field as string);
  } catch {
    throw damaged('a part of its secret is not base64');
  }
}

function damaged(why: string): TrustError {
  return new TrustError('key-file', `the key file cannot be read: ${why}`);
}

function bound(key: { readonly use: string; readonly publicPart: string }): Uint8Array {
  return utf8(`madang key file v${version}\n${JSON.stringify([key.use, key.publicPart])}`);
}

/** Passphrases that look alike are alike: Unicode NFKC. */
function derive(
  passphrase: string,
  salt: Uint8Array,
  cost: { readonly N: number; readonly r: number; readonly p: number },
): Promise<Uint8Array> {
  const { N, r, p } = cost;
  const maxmem = 128 * N * r + 2 ** 20;
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, keyBytes, { N, r, p, maxmem }, (error, key) =>
      error ? reject(new TrustError('key-file', 'this machine has no memory for scrypt (128 MiB)')) : resolve(key),
    );
  });
}
