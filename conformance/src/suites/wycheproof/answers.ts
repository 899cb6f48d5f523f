// What our implementations answer to one case, and how its fields are read.
import { type SignatureName, signatureImplementations } from '@madang/trust/vectors';
import { hex, type JsonObject, Unreadable, Unsupported } from '../../vector-file.ts';

/** What one implementation answers: the output (true for a signature that verified), or undefined for a refusal. */
export type Answer = Uint8Array | true | undefined;

/** All answers to one case, and the output a good one must have. */
export interface Outcome {
  readonly answers: readonly Answer[];
  readonly expected: Uint8Array | true;
}

/** `c` is the test over its group; `algorithm` is the file's. */
export type Run = (c: JsonObject, algorithm: string) => Outcome;

/** A throw of ours is a refusal; a field that is not there is not. */
export function answer(run: () => Answer): Answer {
  try {
    return run();
  } catch (error) {
    if (error instanceof Unreadable || error instanceof Unsupported) throw error;
    return undefined;
  }
}

/** `hex`, for fields that a case may leave out. */
export function optional(c: JsonObject, field: string): Uint8Array {
  return c[field] === undefined || c[field] === null ? new Uint8Array(0) : hex(c, field);
}

export function pick<T>(table: Readonly<Record<string, T>>, name: string): T {
  const found = table[name];
  if (found === undefined) throw new Unsupported(name);
  return found;
}

export function verifyBoth(name: SignatureName, c: JsonObject, publicKey: Uint8Array): Answer[] {
  const [signature, message] = [hex(c, 'sig'), hex(c, 'msg')];
  return signatureImplementations.map(using => using.verify(name, signature, message, publicKey) || undefined);
}
