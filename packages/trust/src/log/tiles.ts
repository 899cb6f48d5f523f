// Geometry, paths and contents of C2SP tlog-tiles: a tile is 256 hashes of one level in eight, a bundle 256 entries.
// Trap: a partial tile is a prefix of every wider one with the same index, and is never hashed into the level above.
import { TrustError } from '../error.ts';
import { hashBytes, type NodeSource, rootFromHashes } from './merkle.ts';

export const tileWidth = 256;
/** A bundle gives an entry's length 16 bits. */
export const maxEntryBytes = 65_535;
const maxLevel = 63;

/** One tile or, with level `entries`, one bundle. `width` is 256 when full. */
export interface TileRef {
  readonly level: number | 'entries';
  readonly index: number;
  readonly width: number;
}

/** `tile/0/x001/234`, `tile/entries/000.p/17`. */
export function tilePath({ level, index, width }: TileRef): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/.../g)!;
  const path = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${path}${width === tileWidth ? '' : `.p/${width}`}`;
}

/** The reverse of `tilePath`; undefined for every other text. */
export function parseTilePath(path: string): TileRef | undefined {
  const match = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (!match) return undefined;
  const level = match[1] === 'entries' ? 'entries' : Number(match[1]);
  const ref = { level, index: Number(match[2].replaceAll(/[x/]/g, '')), width: Number(match[3] ?? tileWidth) } as const;
  const possible = Number.isSafeInteger(ref.index) && ref.width > 0 && (level === 'entries' || level <= maxLevel);
  return possible && tilePath(ref) === path ? ref : undefined;
}

/** Number of hashes at a level of a tree of `size`. */
export function levelLength(size: number, level: number): number {
  return Math.floor(size / tileWidth ** level);
}

/** How many hashes of tile `index` a tree of `size` has: 0 to 256. */
export function widthAt(size: number, level: number | 'entries', index: number): number {
  const hashes = levelLength(size, level === 'entries' ? 0 : level);
  return Math.max(0, Math.min(tileWidth, hashes - index * tileWidth));
}

/** Levels with at least one hash in a tree of `size`. */
export function levelCount(size: number): number {
  let levels = 0;
  while (levelLength(size, levels) > 0) levels += 1;
  return levels;
}

/** Every tile of one level of a tree of `size`, left to right. */
export function* tilesOfLevel(size: number, level: number | 'entries'): Generator<TileRef> {
  for (let index = 0; widthAt(size, level, index) > 0; index++)
    yield { level, index, width: widthAt(size, level, index) };
}

/** A node source over a reader of tiles, for a tree of `size`. */
export function tileNodes(size: number, readTile: (ref: TileRef) => Promise<Uint8Array>): NodeSource {
  return async (level, index) => {
    const tileLevel = Math.floor(level / 8);
    const count = 2 ** (level - 8 * tileLevel);
    const first = index * count;
    const tileIndex = Math.floor(first / tileWidth);
    const ref = { level: tileLevel, index: tileIndex, width: widthAt(size, tileLevel, tileIndex) };
    const hashes = splitHashes(await readTile(ref));
    const offset = first % tileWidth;
    return rootFromHashes(hashes.slice(offset, offset + count));
  };
}

/** The hashes in a tile's bytes. Throws `log-damaged` on a length that is no multiple of 32. */
export function splitHashes(tile: Uint8Array): Uint8Array[] {
  if (tile.length % hashBytes !== 0)
    throw new TrustError('log-damaged', `a tile of ${tile.length} bytes is not whole hashes`);
  return Array.from({ length: tile.length / hashBytes }, (_, i) => tile.subarray(i * hashBytes, (i + 1) * hashBytes));
}

/** Entries as a bundle: each after its length, 16 bits, big-endian. Throws `oversize`. */
export function joinBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bundle = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0));
  let at = 0;
  for (const entry of entries) {
    if (entry.length > maxEntryBytes) {
      throw new TrustError('oversize', `an entry of ${entry.length} bytes; the limit is ${maxEntryBytes}`);
    }
    bundle[at] = entry.length >> 8;
    bundle[at + 1] = entry.length & 255;
    bundle.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bundle;
}

/** Entries of a bundle, at most `limit`; bytes after them are left alone only if `limit` was reached. Throws `log-damaged`. */
export function splitBundle(bundle: Uint8Array, limit: number = tileWidth): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bundle.length && entries.length < limit) {
    const begin = at + 2;
    const end = begin + ((bundle[at] << 8) | bundle[at + 1]);
    if (begin > bundle.length || end > bundle.length) {
      throw new TrustError('log-damaged', `entry ${entries.length} of a bundle ends after the bundle`);
    }
    entries.push(bundle.subarray(begin, end));
    at = end;
  }
  return entries;
}
