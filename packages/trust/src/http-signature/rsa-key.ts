// RSA keys in the forms that files have them in, made into the one form that WebCrypto reads: SubjectPublicKeyInfo or PKCS#8
// with the rsaEncryption identifier (RFC 8017 appendix A.1). Trap: a key marked id-RSASSA-PSS (RFC 4055) is the same key.
import { concat } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';

const sequence = 0x30;
const integer = 0x02;
const bitString = 0x03;
const octetString = 0x04;

/** AlgorithmIdentifier of rsaEncryption, 1.2.840.113549.1.1.1 with NULL parameters. */
const rsaEncryption = Uint8Array.of(
  0x30,
  0x0d,
  0x06,
  0x09,
  0x2a,
  0x86,
  0x48,
  0x86,
  0xf7,
  0x0d,
  0x01,
  0x01,
  0x01,
  0x05,
  0x00,
);

/** From SubjectPublicKeyInfo (either identifier) or PKCS#1 RSAPublicKey, DER. */
export function rsaPublicKey(der: Uint8Array): Uint8Array {
  const parts = readAll(content(der, sequence));
  const bits =
    parts[0]?.tag === integer
      ? concat(Uint8Array.of(0), der)
      : parts[1]?.tag === bitString
        ? parts[1].content
        : undefined;
  if (!bits) throw new TrustError('bad-key', 'not an RSA public key');
  return write(sequence, concat(rsaEncryption, write(bitString, bits)));
}

/** From PKCS#8 (either identifier) or PKCS#1 RSAPrivateKey, DER. */
export function rsaPrivateKey(der: Uint8Array): Uint8Array {
  const parts = readAll(content(der, sequence));
  const inner = parts.length > 4 ? der : parts[2]?.tag === octetString ? parts[2].content : undefined;
  if (!inner) throw new TrustError('bad-key', 'not an RSA private key');
  return write(sequence, concat(Uint8Array.of(integer, 1, 0), rsaEncryption, write(octetString, inner)));
}

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
}

function content(der: Uint8Array, tag: number): Uint8Array {
  const [first, ...rest] = readAll(der);
  if (first?.tag !== tag || rest.length > 0) throw new TrustError('bad-key', 'not a DER key');
  return first.content;
}

function readAll(der: Uint8Array): Element[] {
  const elements: Element[] = [];
  let at = 0;
  while (at < der.length) {
    const tag = der[at];
    let length = der[at + 1];
    at += 2;
    if (length >= 0x80) {
      const count = length & 0x7f;
      length = 0;
      for (let i = 0; i < count; i++) length = length * 256 + der[at + i];
      at += count;
    }
    if (!(length <= der.length - at)) throw new TrustError('bad-key', 'a DER key that ends early');
    elements.push({ tag, content: der.subarray(at, at + length) });
    at += length;
  }
  return elements;
}

function write(tag: number, body: Uint8Array): Uint8Array {
  const size: number[] = [];
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest % 256);
  const header = body.length < 0x80 ? [tag, body.length] : [tag, 0x80 | size.length, ...size];
  return concat(Uint8Array.from(header), body);
}
