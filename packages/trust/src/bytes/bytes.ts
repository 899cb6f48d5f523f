// Bytes and their text forms: UTF-8, lower-case hexadecimal, base64 (RFC 4648 section 4, padded). Decoders are strict: one text for
// one value, or identifiers computed over the text would differ. Plain JavaScript, the same in Node and in browsers.
import { TrustError } from '../error.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 of a text. Throws `bad-text` on a lone surrogate, which TextEncoder would quietly replace. */
export function utf8(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new TrustError('bad-text', 'text has a lone surrogate');
  return encoder.encode(text);
}

/** Text of UTF-8 bytes; a byte order mark stays. Throws `bad-text` on invalid UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new TrustError('bad-text', 'bytes are not valid UTF-8', { cause });
  }
}

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += hexOf[byte];
  return text;
}

/** Throws `bad-text` unless `text` is an even number of lower-case digits. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) {
    throw new TrustError('bad-text', 'not lower-case hexadecimal with an even number of digits');
  }
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const symbolCodes = Uint8Array.from(alphabet, symbol => symbol.charCodeAt(0));
const symbolValues = new Uint8Array(128).fill(255);
for (let value = 0; value < 64; value++) symbolValues[symbolCodes[value]] = value;
const padCode = '='.charCodeAt(0);

export function toBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(4 * Math.ceil(bytes.length / 3));
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word = (bytes[i] << 16) | ((left > 1 ? bytes[i + 1] : 0) << 8) | (left > 2 ? bytes[i + 2] : 0);
    codes[at++] = symbolCodes[word >> 18];
    codes[at++] = symbolCodes[(word >> 12) & 63];
    codes[at++] = left > 1 ? symbolCodes[(word >> 6) & 63] : padCode;
    codes[at++] = left > 2 ? symbolCodes[word & 63] : padCode;
  }
  return decoder.decode(codes);
}

/** Throws `bad-text` on anything but the one padded form, also when the unused last bits are not zero. */
export function fromBase64(text: string): Uint8Array {
  const refuse = () => new TrustError('bad-text', 'not base64 in its one padded form');
  const length = text.length;
  if (length % 4 !== 0) throw refuse();
  if (length === 0) return new Uint8Array(0);
  const padding = text.charCodeAt(length - 1) !== padCode ? 0 : text.charCodeAt(length - 2) !== padCode ? 1 : 2;
  const symbols = length - padding;
  const bytes = new Uint8Array((length / 4) * 3 - padding);
  let at = 0;
  // Four at a time, since most of a log is base64.
  const whole = symbols - (symbols % 4);
  for (let i = 0; i < whole; i += 4) {
    const a = symbolValues[text.charCodeAt(i)];
    const b = symbolValues[text.charCodeAt(i + 1)];
    const c = symbolValues[text.charCodeAt(i + 2)];
    const d = symbolValues[text.charCodeAt(i + 3)];
    // Also what is no ASCII at all: undefined is not under 64.
    if (!(a < 64 && b < 64 && c < 64 && d < 64)) throw refuse();
    bytes[at++] = (a << 2) | (b >> 4);
    bytes[at++] = (b << 4) | (c >> 2);
    bytes[at++] = (c << 6) | d;
  }
  let word = 0;
  for (let i = whole; i < symbols; i++) {
    const value = symbolValues[text.charCodeAt(i)];
    if (!(value < 64)) throw refuse();
    word = (word << 6) | value;
  }
  if (padding === 1) {
    if ((word & 3) !== 0) throw refuse();
    bytes[at++] = word >> 10;
    bytes[at++] = word >> 2;
  } else if (padding === 2) {
    if ((word & 15) !== 0) throw refuse();
    bytes[at++] = word >> 4;
  }
  return bytes;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** For public values: takes a time that depends on where they differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
