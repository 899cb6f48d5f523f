// Canonical JSON: the one text of a value, so that what is signed is what is read. Like RFC 8785 but narrower: numbers are safe
// integers only, so no two engines can print them differently. Traps: `__proto__` as a key, -0, lone surrogates, duplicate keys.
import { fromUtf8 } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';

/** What a statement may hold. Real numbers and amounts are decimal strings. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export const maxDepth = 16;
export const maxKeys = 4096;

/**
 * The canonical text: keys sorted by UTF-16 code unit, no white space, JSON's shortest escapes. A key whose value is undefined is left out.
 * Throws `bad-json` (fraction, unsafe integer, lone surrogate, not a plain object), `too-deep`, `too-many-keys`.
 */
export function canonicalJson(value: Json): string {
  return write(value, 0, { keys: 0 });
}

function write(value: Json | undefined, depth: number, count: { keys: number }): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isSafeInteger(value)) {
        throw new TrustError('bad-json', `${value} is not a safe integer; write other numbers as decimal strings`);
      }
      return Object.is(value, -0) ? '0' : String(value);
    case 'string':
      return writeString(value);
    case 'object':
      if (depth >= maxDepth) throw new TrustError('too-deep', `JSON is nested over ${maxDepth} levels`);
      return Array.isArray(value)
        ? `[${value.map(item => write(item, depth + 1, count)).join(',')}]`
        : writeObject(value as { readonly [key: string]: Json }, depth, count);
    default:
      throw new TrustError('bad-json', `JSON has no ${typeof value}`);
  }
}

function writeObject(value: { readonly [key: string]: Json }, depth: number, count: { keys: number }): string {
  // An object literal, also one of another window or context, whose Object.prototype is not ours.
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new TrustError('bad-json', 'not a plain object');
  let text = '';
  for (const key of Object.keys(value).sort()) {
    if (value[key] === undefined) continue;
    count.keys += 1;
    if (count.keys > maxKeys) throw new TrustError('too-many-keys', `JSON has over ${maxKeys} keys`);
    if (key === '__proto__') throw new TrustError('bad-json', '__proto__ cannot be a key');
    text += `${text === '' ? '' : ','}${writeString(key)}:${write(value[key], depth + 1, count)}`;
  }
  return `{${text}}`;
}

function writeString(text: string): string {
  if (!text.isWellFormed()) throw new TrustError('bad-json', 'a string has a lone surrogate');
  return JSON.stringify(text);
}

/**
 * Reads canonical JSON and nothing else: the input must equal its own re-serialisation byte for byte.
 * Throws `bad-text` (not UTF-8), `bad-json`, `not-canonical`, `too-deep`, `too-many-keys`.
 */
export function parseCanonical(input: Uint8Array | string): Json {
  const text = typeof input === 'string' ? input : fromUtf8(input);
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (cause) {
    throw new TrustError('bad-json', 'not JSON', { cause });
  }
  if (canonicalJson(value) !== text) {
    throw new TrustError(
      'not-canonical',
      'JSON is not in canonical form (sorted keys, no white space, no duplicate keys)',
    );
  }
  return value;
}
