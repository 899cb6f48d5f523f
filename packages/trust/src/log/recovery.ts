// What a log's folder says about itself when it is opened: the published checkpoint and the right edge of its tiles. They must agree,
// or nothing is signed any more. The journal (journal.ts) adds what was acknowledged after it.
import { equalBytes } from '../bytes/bytes.ts';
import type { NoteKeys } from '../checkpoint/signer.ts';
import { openCheckpoint, type SignedCheckpoint } from '../checkpoint/verifier.ts';
import { TrustError } from '../error.ts';
import type { BlobStore } from '../store/store.ts';
import { TreeEdge } from './edge.ts';
import { leafHash } from './merkle.ts';
import { checkpointPath } from './reader.ts';
import { levelCount, splitBundle, splitHashes, tilePath, tileWidth, widthAt } from './tiles.ts';

/** A published checkpoint: `note` is the signed text, with whatever cosignatures were attached. */
export interface PublishedCheckpoint {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: Uint8Array;
}

/** The checkpoint on disk, if it is this log's own. Throws `wrong-log`. */
export async function readPublished(
  store: BlobStore,
  origin: string,
  signer: NoteKeys,
): Promise<PublishedCheckpoint | undefined> {
  const note = await store.read(checkpointPath);
  if (!note) return undefined;
  let checkpoint: SignedCheckpoint;
  try {
    checkpoint = openCheckpoint(note, signer.verifiers);
  } catch (cause) {
    throw new TrustError('wrong-log', 'the checkpoint on disk is not signed by this log', { cause });
  }
  if (checkpoint.origin !== origin) {
    throw new TrustError('wrong-log', `the folder holds the log ${checkpoint.origin}, not ${origin}`);
  }
  return { size: checkpoint.size, root: checkpoint.root, note };
}

/** The unfinished tiles of a checkpoint, checked against its root. Throws `log-damaged`. */
export async function readEdge(store: BlobStore, { size, root }: PublishedCheckpoint): Promise<TreeEdge> {
  const readPartial = async (level: number | 'entries') => {
    const index = Math.floor((level === 'entries' ? size : size / tileWidth ** level) / tileWidth);
    const width = widthAt(size, level, index);
    if (width === 0) return undefined;
    const path = tilePath({ level, index, width });
    const bytes = await store.read(path);
    if (!bytes)
      throw new TrustError('log-damaged', `${path} is missing, which the published checkpoint of ${size} needs`);
    return bytes;
  };
  const levels = [];
  for (let level = 0; level < levelCount(size); level++) {
    const tile = await readPartial(level);
    levels.push(tile ? splitHashes(tile) : []);
  }
  const bundle = await readPartial('entries');
  const entries = bundle ? splitBundle(bundle) : [];
  const edge = new TreeEdge(size, levels, entries);
  const last = levels[0] ?? [];
  if (
    !equalBytes(edge.root(), root) ||
    entries.length !== last.length ||
    !entries.every((e, i) => equalBytes(leafHash(e), last[i]))
  ) {
    throw new TrustError('log-damaged', `the tiles on disk contradict the published checkpoint of ${size}`);
  }
  return edge;
}
