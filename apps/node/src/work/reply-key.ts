// The key that a proposal carries for what goes sealed to its proposer: declines, and shares of a result that is not public.
import type { Study } from '@madang/charter';
import { generateSealKey, toBase64 } from '@madang/trust';
import type { Memory } from '../store/memory.ts';

/** The secret part for the proposal file `name`, made once; its public part in base64. */
export async function newReplyKey(memory: Memory, name: string): Promise<string> {
  return publicPart(await memory.once(`reply-keys/${name}`, () => generateSealKey().secretKey));
}

/** The secret part of a study's reply key; undefined when the study was not proposed from this folder. */
export async function replySecret(memory: Memory, study: Pick<Study, 'replyKey'>): Promise<Uint8Array | undefined> {
  for (const path of await memory.list('reply-keys/')) {
    const secret = await memory.bytes(path);
    if (secret && publicPart(secret) === study.replyKey) return secret;
  }
  return undefined;
}

const publicPart = (secret: Uint8Array) => toBase64(generateSealKey(secret).publicKey);
