// A store whose disk fills up or fails on command, as real ones do: an append may leave any part of its bytes behind.
import { TrustError } from '../error.ts';
import type { BlobStore } from '../store/store.ts';

export interface FaultyStore extends BlobStore {
  /** Lets `count` more writes and appends pass; the next ones fail until called again. Infinity heals. */
  allow(count: number): void;
  /** How much of a failing append stays behind: 0 to 1. */
  keepOfFailedAppend: number;
  readonly failures: number;
}

export function faultyStore(inner: BlobStore): FaultyStore {
  let left = Number.POSITIVE_INFINITY;
  let failures = 0;
  const spend = () => {
    if (left <= 0) {
      failures += 1;
      return false;
    }
    left -= 1;
    return true;
  };
  const full = (path: string) => new TrustError('disk-full', `the disk is full: could not write ${path}`);
  const store: FaultyStore = {
    keepOfFailedAppend: 0,
    get failures() {
      return failures;
    },
    allow(count) {
      left = count;
    },
    read: path => inner.read(path),
    list: prefix => inner.list(prefix),
    remove: path => inner.remove(path),
    async write(path, bytes) {
      if (!spend()) throw full(path);
      await inner.write(path, bytes);
    },
    async append(path, bytes) {
      if (spend()) return inner.append!(path, bytes);
      const kept = bytes.subarray(0, Math.floor(bytes.length * store.keepOfFailedAppend));
      if (kept.length > 0) await inner.append!(path, kept);
      throw full(path);
    },
  };
  return store;
}
