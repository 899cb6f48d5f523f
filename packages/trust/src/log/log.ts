// The writer of an append-only log in C2SP tlog-tiles form over a BlobStore. Order everywhere: write, sync, then sign or answer.
// append: one synced journal group for all who wait, then the answer. publish: tiles, then the checkpoint, signed once for its size
// and on disk before anyone sees it, then the journal is cut. Recovery is openLog: checkpoint, right edge of its tiles, journal.
// Trap: there is no lock here. The program that opens a log holds one that the kernel frees when the program dies.
import { equalBytes } from '../bytes/bytes.ts';
import { formatCheckpoint } from '../checkpoint/checkpoint.ts';
import { parseNote } from '../checkpoint/note.ts';
import { type NoteKeys, signCheckpoint } from '../checkpoint/signer.ts';
import { openCheckpoint } from '../checkpoint/verifier.ts';
import { TrustError } from '../error.ts';
import type { BlobStore } from '../store/store.ts';
import { type DueTile, TreeEdge } from './edge.ts';
import { type Journal, openJournal } from './journal.ts';
import { checkpointPath, finalCheckpointPath, type LogReader, logReader } from './reader.ts';
import { type PublishedCheckpoint, readEdge, readPublished } from './recovery.ts';
import { maxEntryBytes, parseTilePath, tilePath, tileWidth, widthAt } from './tiles.ts';

/** Most that one synced group holds; more waits for the next one. */
const maxGroupBytes = 8 * 1024 * 1024;

export interface LogOptions {
  readonly store: BlobStore;
  readonly origin: string;
  /** The log's keys; their name should be the origin. */
  readonly signer: NoteKeys;
  /** POSIX seconds for the ML-DSA-44 signature; without it the signature states no time, which the standard allows. */
  readonly now?: () => number;
}

/** Opens or begins a log. Signs nothing. Throws `wrong-log`, `log-damaged`, `missing`, `store-failed`. */
export async function openLog({ store, origin, signer, now }: LogOptions): Promise<Log> {
  if (signer.role !== 'log') throw new TrustError('bad-key', `${signer.name} is a witness's key, not a log's`);
  await store.tidy?.();
  const published = await readPublished(store, origin, signer);
  const edge = published ? await readEdge(store, published) : new TreeEdge();
  const { journal, pending } = await openJournal(store, edge.size);
  for (const entry of pending) edge.push(entry);
  return new Log({ store, origin, signer, now }, edge, journal, published, pending);
}

interface Waiting {
  readonly entries: readonly Uint8Array[];
  readonly resolve: (at: { first: number }) => void;
  readonly reject: (error: unknown) => void;
}

/** An open log. */
export class Log {
  readonly reader: LogReader;
  readonly #options: LogOptions;
  readonly #edge: TreeEdge;
  readonly #journal: Journal;
  #published: PublishedCheckpoint | undefined;
  /** Entries on disk in the journal and not yet under the checkpoint. */
  #pending: Uint8Array[];
  #queue: Waiting[] = [];
  #flushing = false;
  #publishing: Promise<unknown> = Promise.resolve();

  /** Use `openLog`. */
  constructor(
    options: LogOptions,
    edge: TreeEdge,
    journal: Journal,
    published: PublishedCheckpoint | undefined,
    pending: readonly Uint8Array[],
  ) {
    this.#options = options;
    this.#edge = edge;
    this.#journal = journal;
    this.#published = published;
    this.#pending = [...pending];
    this.reader = logReader(options.store);
  }

  get origin(): string {
    return this.#options.origin;
  }

  /** Entries acknowledged, published or not. */
  get size(): number {
    return this.#edge.size;
  }

  /** Root over all acknowledged entries. */
  get root(): Uint8Array {
    return this.#edge.root();
  }

  /** The last published checkpoint; undefined before the first one. */
  get published(): PublishedCheckpoint | undefined {
    return this.#published;
  }

  /** The published note. Throws `missing` before the first one. */
  checkpoint(): Uint8Array {
    if (!this.#published) throw new TrustError('missing', 'the log has published no checkpoint yet');
    return this.#published.note;
  }

  /**
   * Adds entries in one piece and resolves with the index of the first when they are on disk. All who wait share one sync.
   * Rejects with `oversize`, or `disk-full` and `store-failed`: then nothing of this call is in the log, and a later call may succeed.
   * (If the program dies right after such a failure, the next start may find the entries on disk after all and keep them.)
   */
  append(entries: readonly Uint8Array[]): Promise<{ first: number }> {
    const tooLong = entries.find(entry => entry.length > maxEntryBytes);
    if (tooLong) {
      return Promise.reject(
        new TrustError('oversize', `an entry of ${tooLong.length} bytes; the limit is ${maxEntryBytes}`),
      );
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ entries: entries.map(entry => Uint8Array.from(entry)), resolve, reject });
      if (!this.#flushing) void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    this.#flushing = true;
    // Callers of the same turn of the event loop are collected before the first sync.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const group = this.#takeGroup();
      const entries = group.flatMap(waiting => waiting.entries);
      const first = this.#edge.size;
      try {
        if (entries.length > 0) await this.#journal.commit(first, entries);
      } catch (error) {
        for (const waiting of group) waiting.reject(error);
        continue;
      }
      for (const entry of entries) {
        this.#edge.push(entry);
        this.#pending.push(entry);
      }
      let at = first;
      for (const waiting of group) {
        waiting.resolve({ first: at });
        at += waiting.entries.length;
      }
    }
    this.#flushing = false;
  }

  #takeGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { entries } of this.#queue) {
      for (const entry of entries) bytes += entry.length;
      if (count > 0 && bytes > maxGroupBytes) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  /**
   * Publishes a checkpoint over everything acknowledged so far; the same one again if nothing was added. Tiles are on disk before
   * it is signed, it is on disk before this resolves. After a failure nothing has changed and it may be called again.
   */
  publish(): Promise<PublishedCheckpoint> {
    return this.#exclusively(async () => {
      if (this.#published?.size === this.#edge.size) return this.#published;
      const { store, origin, signer, now } = this.#options;
      const snapshot = this.#edge.snapshot();
      const segment = this.#journal.rotate();
      await this.#writeTiles(snapshot.due);
      const { size, root } = snapshot;
      const previousSize = this.#published?.size ?? 0;
      const note = signCheckpoint({ origin, size, root, extensions: [] }, signer, Math.floor(now?.() ?? 0));
      await store.write(checkpointPath, note);
      this.#edge.saved(snapshot);
      this.#pending = this.#pending.slice(size - previousSize);
      this.#published = { size, root, note };
      // From here on a failure costs only space: the next start reads the journal again and finds it under the checkpoint.
      await this.#journal.dropBefore(segment).catch(() => undefined);
      await this.#dropPartials(snapshot.due, previousSize).catch(() => undefined);
      return this.#published;
    });
  }

  async #writeTiles(due: readonly DueTile[]): Promise<void> {
    const { store } = this.#options;
    for (let i = 0; i < due.length; i += 8) {
      await Promise.all(
        due.slice(i, i + 8).map(async ({ path, bytes }) => {
          const existing = await store.read(path);
          if (existing && !equalBytes(existing, bytes)) {
            throw new TrustError('log-damaged', `${path} on disk contradicts the journal; nothing was signed`);
          }
          // Also when equal: a file seen after a crash may not have reached the disk yet.
          await store.write(path, bytes);
        }),
      );
    }
  }

  /** Readers of the checkpoint before this one still find its partial tiles; `readTile` cuts older ones from wider ones. */
  async #dropPartials(due: readonly DueTile[], previousSize: number): Promise<void> {
    const { store } = this.#options;
    for (const { path } of due) {
      const ref = parseTilePath(path)!;
      const previous = tilePath({ ...ref, width: widthAt(previousSize, ref.level, ref.index) });
      for (const sibling of await store.list(`${tilePath({ ...ref, width: tileWidth })}.p/`)) {
        if (sibling !== path && (ref.width === tileWidth || sibling !== previous)) await store.remove(sibling);
      }
    }
  }

  /**
   * Stores a cosigned checkpoint, of any published size, as the newest final one; false if a later one is stored already.
   * Throws `bad-signature`, `bad-note` on a note that is not ours.
   */
  storeFinal(note: Uint8Array): Promise<boolean> {
    return this.#exclusively(async () => {
      const { store, origin, signer } = this.#options;
      const { size, root } = openCheckpoint(note, signer.verifiers);
      const published = this.#published !== undefined && size <= this.#published.size;
      const ours = published && equalBytes(root, await this.reader.root(size));
      if (!ours || parseNote(note).text !== formatCheckpoint({ origin, size, root, extensions: [] })) {
        throw new TrustError('bad-note', `this log published no such checkpoint of size ${size}`);
      }
      const stored = await store.read(finalCheckpointPath);
      if (stored && openCheckpoint(stored, signer.verifiers).size > size) return false;
      await store.write(finalCheckpointPath, note);
      return true;
    });
  }

  /** An acknowledged entry. Throws `bad-proof` if there is none. */
  async entry(index: number): Promise<Uint8Array> {
    const published = this.#published?.size ?? 0;
    const waiting = index >= published ? this.#pending[index - published] : undefined;
    return waiting ?? this.reader.entry(index, published);
  }

  /** Audit path of an entry in the tree of a published size, the newest if none is given. */
  async inclusion(index: number, size: number = this.#published?.size ?? 0): Promise<Uint8Array[]> {
    return this.reader.inclusion(index, this.#publishedSize(size));
  }

  /** Proof that the tree of `size` begins with the tree of `oldSize`, both published. */
  async consistency(oldSize: number, size: number = this.#published?.size ?? 0): Promise<Uint8Array[]> {
    return this.reader.consistency(oldSize, this.#publishedSize(size));
  }

  #publishedSize(size: number): number {
    const published = this.#published?.size ?? 0;
    if (size > published)
      throw new TrustError('bad-proof', `size ${size} is not published; the newest checkpoint has ${published}`);
    return size;
  }

  /** One publication or replacement of the checkpoint at a time. */
  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#publishing.then(work, work);
    this.#publishing = result.catch(() => undefined);
    return result;
  }
}
