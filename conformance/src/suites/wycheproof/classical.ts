// Wycheproof's cases of ciphers, MACs, key derivation and curves.
import {
  type AeadName,
  type CurveName,
  type HashName,
  hkdfExpand,
  hkdfExtract,
  implementations,
} from '@madang/trust/vectors';
import {
  hex,
  integer,
  isObject,
  type JsonObject,
  sameBytes,
  string,
  Unreadable,
  Unsupported,
} from '../../vector-file.ts';
import { answer, type Outcome, pick, verifyBoth } from './answers.ts';

export function aead(c: JsonObject, algorithm: string): Outcome {
  const tagBytes = integer(c, 'tagSize') / 8;
  if (tagBytes !== 16) throw new Unsupported(`${algorithm} with a tag of ${tagBytes} bytes`);
  const table: Readonly<Record<string, AeadName>> = {
    'CHACHA20-POLY1305': 'chacha20-poly1305',
    'AES-GCM 128': 'aes-128-gcm',
    'AES-GCM 256': 'aes-256-gcm',
  };
  const name = pick(table, algorithm === 'AES-GCM' ? `AES-GCM ${integer(c, 'keySize')}` : algorithm);
  const [key, iv, aad, message] = [hex(c, 'key'), hex(c, 'iv'), hex(c, 'aad'), hex(c, 'msg')];
  const sealed = new Uint8Array(Buffer.concat([hex(c, 'ct'), hex(c, 'tag')]));
  return {
    expected: message,
    // A case counts as taken only if sealing gives exactly these bytes too.
    answers: implementations.map(using =>
      answer(() => {
        const opened = using.aeadOpen(name, key, iv, aad, sealed);
        const again = opened && using.aeadSeal(name, key, iv, aad, message);
        return again && sameBytes(again, sealed) ? opened : undefined;
      }),
    ),
  };
}

function publicKeyHex(c: JsonObject): Uint8Array {
  return isObject(c.publicKey) ? hex(c.publicKey, 'pk') : hex(c, 'publicKey');
}

export function eddsa(c: JsonObject): Outcome {
  const curve = isObject(c.publicKey) ? string(c.publicKey, 'curve') : 'edwards25519';
  if (curve !== 'edwards25519') throw new Unsupported(`EdDSA on ${curve}`);
  return { expected: true, answers: verifyBoth('ed25519', c, publicKeyHex(c)) };
}

export function hkdf(c: JsonObject, algorithm: string): Outcome {
  const table: Readonly<Record<string, HashName>> = {
    'HKDF-SHA-256': 'sha256',
    'HKDF-SHA-384': 'sha384',
    'HKDF-SHA-512': 'sha512',
  };
  const hash = pick(table, algorithm);
  return {
    expected: hex(c, 'okm'),
    answers: implementations.map(using =>
      answer(() =>
        hkdfExpand(
          using,
          hash,
          hkdfExtract(using, hash, hex(c, 'salt'), hex(c, 'ikm')),
          hex(c, 'info'),
          integer(c, 'size'),
        ),
      ),
    ),
  };
}

export function mac(c: JsonObject, algorithm: string): Outcome {
  const hash = pick<HashName>({ HMACSHA256: 'sha256', HMACSHA384: 'sha384', HMACSHA512: 'sha512' }, algorithm);
  const bytes = integer(c, 'tagSize') / 8;
  const tag = hex(c, 'tag');
  return {
    expected: true,
    answers: implementations.map(
      using => sameBytes(using.hmac(hash, hex(c, 'key'), hex(c, 'msg')).slice(0, bytes), tag) || undefined,
    ),
  };
}

export function xdh(c: JsonObject): Outcome {
  const curve = pick<CurveName>({ curve25519: 'x25519', curve448: 'x448' }, string(c, 'curve'));
  const [secretKey, publicKey] = [hex(c, 'private'), hex(c, 'public')];
  return {
    expected: hex(c, 'shared'),
    answers: implementations.map(using => answer(() => using.dh(curve).secret(secretKey).shared(publicKey))),
  };
}

/** Private keys are written as signed integers: leading zeros come and go. */
export function ecdhPoint(c: JsonObject): Outcome {
  const curves = { secp256r1: 'p256', secp384r1: 'p384', secp521r1: 'p521' } as const;
  const curve = pick<CurveName>(curves, string(c, 'curve'));
  const text = string(c, 'private').replace(/^0+/, '');
  const bytes = implementations[0].dh(curve).secretBytes;
  if (text.length > 2 * bytes || !/^[0-9a-fA-F]*$/.test(text)) throw new Unreadable('field private');
  const secretKey = new Uint8Array(Buffer.from(text.padStart(2 * bytes, '0'), 'hex'));
  const publicKey = hex(c, 'public');
  // HPKE knows the uncompressed form alone.
  if (publicKey[0] === 2 || publicKey[0] === 3) throw new Unsupported('compressed points');
  return {
    expected: hex(c, 'shared'),
    answers: implementations.map(using => answer(() => using.dh(curve).secret(secretKey).shared(publicKey))),
  };
}
