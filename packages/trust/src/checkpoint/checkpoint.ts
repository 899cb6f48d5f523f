// Checkpoint texts (C2SP tlog-checkpoint): origin, size, root, one line each.
// Trap: extension lines are signed by Ed25519 but not by ML-DSA-44 cosignatures. We read them and never write any.
import { fromBase64, toBase64, utf8 } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';
import { hashBytes } from '../log/merkle.ts';

/** `origin` is 1 to 255 bytes of UTF-8 (tlog-cosignature's limit), `root` 32 bytes. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** Lines after the root; none in our own logs. */
  readonly extensions: readonly string[];
}

/** The note text. Throws `bad-note` on an origin or root that cannot be. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  check(checkpoint);
  const { origin, size, root, extensions } = checkpoint;
  return `${[origin, size, toBase64(root), ...extensions].join('\n')}\n`;
}

/** Reads a note text. Throws `bad-note`. */
export function parseCheckpoint(text: string): Checkpoint {
  if (!text.endsWith('\n')) throw badCheckpoint('does not end in a newline');
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n');
  if (size === undefined || root === undefined) throw badCheckpoint('has fewer than three lines');
  if (!/^(0|[1-9][0-9]*)$/.test(size) || !Number.isSafeInteger(Number(size)))
    throw badCheckpoint('has a size that is no number');
  const checkpoint = { origin, size: Number(size), root: readRoot(root), extensions };
  check(checkpoint);
  return checkpoint;
}

function readRoot(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch (cause) {
    throw new TrustError('bad-note', 'the checkpoint has a root that is not base64', { cause });
  }
}

function check({ origin, size, root, extensions }: Checkpoint): void {
  const originBytes = utf8(origin).length;
  if (originBytes < 1 || originBytes > 255 || origin.includes('\n')) {
    throw badCheckpoint(`has an origin of ${originBytes} bytes; 1 to 255 on one line are allowed`);
  }
  if (!Number.isSafeInteger(size) || size < 0) throw badCheckpoint('has a size that is no number');
  if (root.length !== hashBytes) throw badCheckpoint(`has a root of ${root.length} bytes, not ${hashBytes}`);
  if (extensions.some(line => line === '' || line.includes('\n'))) throw badCheckpoint('has an empty extension line');
}

function badCheckpoint(why: string): TrustError {
  return new TrustError('bad-note', `the checkpoint ${why}`);
}
