// Reading a log in tlog-tiles form from anywhere: checkpoint, entries, proofs. Nothing is verified here: verify-tiles.ts and
// merkle.ts do that. Trap: a partial tile may be gone once a wider one exists, and is then the prefix of that one.
import { TrustError } from '../error.ts';
import type { BlobSource } from '../store/store.ts';
import { consistencyRanges, hashBytes, inclusionRanges, rangeRoot } from './merkle.ts';
import {
  joinBundle,
  parseTilePath,
  splitBundle,
  type TileRef,
  tileNodes,
  tilePath,
  tileWidth,
  widthAt,
} from './tiles.ts';

export const checkpointPath = 'checkpoint';
/** The newest checkpoint that was cosigned by a quorum. */
export const finalCheckpointPath = 'checkpoint.final';

export interface LogReader {
  /** The note at `checkpoint`. Throws `missing`. */
  checkpoint(): Promise<Uint8Array>;
  /** Entry `index` of a log of `size`. Throws `missing`, `bad-proof` (no such entry). */
  entry(index: number, size: number): Promise<Uint8Array>;
  /** Entries from `begin` to before `end`, bundle by bundle. */
  entries(begin: number, end: number): AsyncGenerator<{ readonly index: number; readonly entry: Uint8Array }>;
  /** Root at any size the tiles reach. */
  root(size: number): Promise<Uint8Array>;
  inclusion(index: number, size: number): Promise<Uint8Array[]>;
  consistency(oldSize: number, size: number): Promise<Uint8Array[]>;
}

/**
 * The tile or bundle at a path, or the prefix of a wider one; undefined if there is neither. What a server answers `GET /tile/…` with.
 */
export async function readTile(source: BlobSource, path: string): Promise<Uint8Array | undefined> {
  const ref = parseTilePath(path);
  if (!ref) return undefined;
  const exact = await source.read(path);
  if (exact || ref.width === tileWidth) return exact;
  const full = await source.read(tilePath({ ...ref, width: tileWidth }));
  if (full) return prefixOf(full, ref);
  const siblings = (await source.list?.(`${tilePath({ ...ref, width: tileWidth })}.p/`)) ?? [];
  for (const sibling of siblings) {
    if ((parseTilePath(sibling)?.width ?? 0) <= ref.width) continue;
    const wider = await source.read(sibling);
    if (wider) return prefixOf(wider, ref);
  }
  return undefined;
}

/** The narrower tile inside a wider one. */
export function prefixOf(wider: Uint8Array, { level, width }: TileRef): Uint8Array {
  return level === 'entries' ? joinBundle(splitBundle(wider, width)) : wider.subarray(0, width * hashBytes);
}

/** A reader over a store, a folder or a web server. Keeps the last few hundred tiles, which never change. */
export function logReader(source: BlobSource): LogReader {
  const tiles = new Map<string, Uint8Array>();
  const bundles = new Map<string, Uint8Array[]>();

  async function tile(ref: TileRef): Promise<Uint8Array> {
    const path = tilePath(ref);
    return remember(tiles, path, 512, async () => (await readTile(source, path)) ?? missing(path));
  }

  async function bundle(index: number, width: number): Promise<Uint8Array[]> {
    const path = tilePath({ level: 'entries', index, width });
    return remember(bundles, path, 4, async () => splitBundle((await readTile(source, path)) ?? missing(path), width));
  }

  return {
    async checkpoint() {
      return (await source.read(checkpointPath)) ?? missing(checkpointPath);
    },
    async entry(index, size) {
      if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
        throw new TrustError('bad-proof', `entry ${index} is not in a log of ${size}`);
      }
      const bundleIndex = Math.floor(index / tileWidth);
      const entries = await bundle(bundleIndex, widthAt(size, 'entries', bundleIndex));
      return entries[index % tileWidth] ?? missing(`entry ${index}`);
    },
    async *entries(begin, end) {
      for (let index = begin; index < end; ) {
        const bundleIndex = Math.floor(index / tileWidth);
        const entries = await bundle(bundleIndex, widthAt(end, 'entries', bundleIndex));
        for (; index < end && index < (bundleIndex + 1) * tileWidth; index++) {
          yield { index, entry: entries[index % tileWidth] ?? missing(`entry ${index}`) };
        }
      }
    },
    root: size => rangeRoot({ begin: 0, end: size }, tileNodes(size, tile)),
    async inclusion(index, size) {
      const nodes = tileNodes(size, tile);
      return Promise.all(inclusionRanges(index, size).map(range => rangeRoot(range, nodes)));
    },
    async consistency(oldSize, size) {
      const nodes = tileNodes(size, tile);
      return Promise.all(consistencyRanges(oldSize, size).map(range => rangeRoot(range, nodes)));
    },
  };
}

function missing(path: string): never {
  throw new TrustError('missing', `${path} is not there`);
}

/** Keeps the newest `limit` results. */
async function remember<T>(cache: Map<string, T>, key: string, limit: number, load: () => Promise<T>): Promise<T> {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const value = await load();
  cache.set(key, value);
  if (cache.size > limit) cache.delete(cache.keys().next().value!);
  return value;
}
