// Content-Digest (RFC 9530): the content's hash as a field, so that a signature can cover it.
import { primitives } from '#primitives';
import { equalBytes } from '../bytes/bytes.ts';
import type { HashName } from '../primitives/primitives.ts';
import { fieldValue, type HttpMessage } from './message.ts';
import { item, serializeDictionary } from './structured-field.ts';
import { parseDictionary } from './structured-parse.ts';

export type DigestName = 'sha-256' | 'sha-512';

const hashes: Readonly<Record<DigestName, HashName>> = { 'sha-256': 'sha256', 'sha-512': 'sha512' };

export function contentDigest(body: Uint8Array, digest: DigestName = 'sha-256'): string {
  return serializeDictionary(
    new Map([[digest, item({ kind: 'bytes', value: primitives.hash(hashes[digest], body) })]]),
  );
}

/**
 * Undefined when the field fits the body: at least one digest that we know, and every one that we know right. Else why not.
 * Digests that the standard calls insecure are passed over.
 */
export function contentDigestFault(message: HttpMessage, body: Uint8Array): string | undefined {
  const field = fieldValue(message.headers, 'content-digest');
  if (field === undefined) return 'there is no Content-Digest field';
  let known = 0;
  try {
    for (const [name, member] of parseDictionary(field)) {
      const hash = hashes[name as DigestName];
      if (!hash) continue;
      if (member.kind !== 'item' || member.value.kind !== 'bytes') return `Content-Digest ${name} is no byte sequence`;
      if (!equalBytes(member.value.value, primitives.hash(hash, body)))
        return `Content-Digest ${name} is not the body's`;
      known += 1;
    }
  } catch (error) {
    return `Content-Digest: ${(error as Error).message}`;
  }
  return known > 0 ? undefined : 'Content-Digest has neither sha-256 nor sha-512';
}
