// The storage port: named blobs, durable when a promise resolves. `folderStore` (./folder, Node only) is the real one.
// Trap: a promise that resolves before the disk has the bytes breaks every guarantee of the log.
import { concat } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';

/** Paths are plain names of letters, digits, `.`, `_`, `-`, joined by `/`. A failure throws TrustError `disk-full` or `store-failed`. */
export interface BlobStore {
  /** Undefined if there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Makes or replaces a blob: whole and on disk when it resolves, unchanged if it fails. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Adds to the end, on disk when it resolves; after a failure the end may hold any part of `bytes`. Left out by stores that cannot. */
  append?(path: string, bytes: Uint8Array): Promise<void>;
  /** Paths that begin with `prefix`, sorted. */
  list(prefix: string): Promise<string[]>;
  /** No error if there is none. */
  remove(path: string): Promise<void>;
  /** Clears what interrupted writes left; called when nobody else writes. */
  tidy?(): Promise<void>;
}

/** What reading needs: a store, a folder, a web server, another member's copy. */
export interface BlobSource {
  read(path: string): Promise<Uint8Array | undefined>;
  list?(prefix: string): Promise<string[]>;
}

/** Throws `bad-path` on a path that could lead out of the store. */
export function checkPath(path: string): void {
  if (path.length > 512 || !/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/.test(path) || /(^|\/)\.+(\/|$)/.test(path)) {
    throw new TrustError('bad-path', `${JSON.stringify(path.slice(0, 80))} is not a path in a store`);
  }
}

/** A store in memory, for tests and for pages that verify. Bytes are copied in and out. */
export function memoryStore(content: ReadonlyMap<string, Uint8Array> = new Map()): BlobStore {
  const blobs = new Map(content);
  return {
    async read(path) {
      checkPath(path);
      const bytes = blobs.get(path);
      return bytes && Uint8Array.from(bytes);
    },
    async write(path, bytes) {
      checkPath(path);
      blobs.set(path, Uint8Array.from(bytes));
    },
    async append(path, bytes) {
      checkPath(path);
      blobs.set(path, concat(blobs.get(path) ?? new Uint8Array(0), bytes));
    },
    async list(prefix) {
      return [...blobs.keys()].filter(path => path.startsWith(prefix)).sort();
    },
    async remove(path) {
      checkPath(path);
      blobs.delete(path);
    },
  };
}
