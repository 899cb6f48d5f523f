// Checks every byte of a log's files against one checkpoint, and names the first thing that is wrong.
// The order makes the blame exact: the right edge against the root, then each tile against its parent, then each entry against its
// leaf hash. If the edge does not give the root, neighbours are compared to find where the tiles contradict each other.
import { equalBytes } from '../bytes/bytes.ts';
import type { BlobSource } from '../store/store.ts';
import { TreeEdge } from './edge.ts';
import { hashBytes, leafHash, rootFromHashes } from './merkle.ts';
import { prefixOf, readTile } from './reader.ts';
import {
  levelCount,
  parseTilePath,
  splitBundle,
  splitHashes,
  type TileRef,
  tilePath,
  tilesOfLevel,
  tileWidth,
  widthAt,
} from './tiles.ts';

/** `at` is a path, with an entry's index where one is wrong; `reason` a sentence. */
export interface TileFault {
  readonly at: string;
  readonly reason: string;
}

export type TilesVerified =
  | {
      readonly ok: true;
      readonly tiles: number;
      readonly bytes: number;
      /** Files beyond the checkpoint's size: written, not signed yet, so there is nothing to check them against. */
      readonly beyond: readonly string[];
    }
  | { readonly ok: false; readonly fault: TileFault };

export interface VerifyTilesOptions {
  /** Called with each bundle's entries, in order, once they agree with the checkpoint. May return a fault of its own. */
  readonly onBundle?: (
    first: number,
    entries: readonly Uint8Array[],
  ) => Promise<TileFault | undefined> | TileFault | undefined;
  /** Bundles read ahead: 2 for a disk, more for a web server. */
  readonly readAhead?: number;
}

class Fault extends Error {
  readonly fault: TileFault;
  constructor(at: string, reason: string) {
    super(reason);
    this.fault = { at, reason };
  }
}

/** Verifies the tiles and bundles of a log of `size` and `root`, and every other file under `tile/` where the source can list. */
export async function verifyTiles(
  source: BlobSource,
  { size, root }: { readonly size: number; readonly root: Uint8Array },
  options: VerifyTilesOptions = {},
): Promise<TilesVerified> {
  try {
    const check = new TileCheck(source, size);
    await check.edge(root);
    const leaves = await check.descend();
    await check.bundles(leaves, options);
    const beyond = await check.strays();
    return { ok: true, tiles: check.tiles, bytes: check.bytes, beyond };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, fault: error.fault };
    throw error;
  }
}

class TileCheck {
  tiles = 0;
  bytes = 0;
  readonly #source: BlobSource;
  readonly #size: number;
  /** The unfinished tiles: they give the root first and are walked again later. */
  readonly #edge = new Map<string, Uint8Array[]>();

  constructor(source: BlobSource, size: number) {
    this.#source = source;
    this.#size = size;
  }

  async #read(ref: TileRef): Promise<Uint8Array> {
    const path = tilePath(ref);
    const bytes = await readTile(this.#source, path);
    if (!bytes) throw new Fault(path, 'the file is missing');
    this.tiles += 1;
    this.bytes += bytes.length;
    return bytes;
  }

  async #hashes(ref: TileRef): Promise<Uint8Array[]> {
    const path = tilePath(ref);
    const known = this.#edge.get(path);
    if (known) return known;
    const bytes = await this.#read(ref);
    if (bytes.length !== ref.width * hashBytes) {
      throw new Fault(path, `the tile has ${bytes.length} bytes, not ${ref.width * hashBytes}`);
    }
    const hashes = splitHashes(bytes);
    if (ref.width < tileWidth) this.#edge.set(path, hashes);
    return hashes;
  }

  async #entries(ref: TileRef): Promise<Uint8Array[]> {
    const bytes = await this.#read(ref);
    let entries: Uint8Array[];
    try {
      entries = splitBundle(bytes);
    } catch {
      throw new Fault(tilePath(ref), 'the bundle does not divide into entries');
    }
    const used = entries.reduce((sum, entry) => sum + 2 + entry.length, 0);
    if (entries.length !== ref.width || used !== bytes.length) {
      throw new Fault(
        tilePath(ref),
        `the bundle has ${entries.length} entries in ${used} of ${bytes.length} bytes, not ${ref.width} entries`,
      );
    }
    return entries;
  }

  /** The unfinished tile of each level together give the root; else the files are searched for a contradiction. */
  async edge(root: Uint8Array): Promise<void> {
    const levels: Uint8Array[][] = [];
    for (let level = 0; level < levelCount(this.#size); level++) {
      const index = Math.floor(this.#size / tileWidth ** (level + 1));
      const width = widthAt(this.#size, level, index);
      levels.push(width > 0 ? await this.#hashes({ level, index, width }) : []);
    }
    if (equalBytes(new TreeEdge(this.#size, levels).root(), root)) return;
    await this.#contradiction();
    throw new Fault('checkpoint', `its root is not the root of the ${this.#size} entries in the tiles`);
  }

  /** Compares every tile with the entries or tiles below it, from the bottom up. */
  async #contradiction(): Promise<void> {
    for (const ref of tilesOfLevel(this.#size, 'entries')) {
      const hashes = await this.#hashes({ ...ref, level: 0 });
      this.#checkEntries(ref, await this.#entries(ref), hashes);
    }
    for (let level = 1; level < levelCount(this.#size); level++) {
      for (const ref of tilesOfLevel(this.#size, level)) {
        for (const [i, hash] of (await this.#hashes(ref)).entries()) {
          const below = { level: level - 1, index: ref.index * tileWidth + i, width: tileWidth };
          if (equalBytes(rootFromHashes(await this.#hashes(below)), hash)) continue;
          throw new Fault(
            tilePath(ref),
            `hash ${i} is not the root of ${tilePath(below)}, and they do not give the checkpoint's root`,
          );
        }
      }
    }
  }

  /** From the top down, each full tile against its hash in the level above. Returns the hashes that full level-0 tiles must have. */
  async descend(): Promise<Uint8Array[]> {
    let above: Uint8Array[] = [];
    for (let level = levelCount(this.#size) - 1; level >= 1; level--) {
      const here: Uint8Array[] = [];
      for (const ref of tilesOfLevel(this.#size, level)) here.push(...(await this.#checked(ref, above)));
      above = here;
    }
    return above;
  }

  async #checked(ref: TileRef, above: readonly Uint8Array[]): Promise<Uint8Array[]> {
    const hashes = await this.#hashes(ref);
    if (ref.width === tileWidth && !equalBytes(rootFromHashes(hashes), above[ref.index])) {
      throw new Fault(tilePath(ref), 'the tile does not agree with the level above, which agrees with the checkpoint');
    }
    return hashes;
  }

  async bundles(above: readonly Uint8Array[], { onBundle, readAhead = 2 }: VerifyTilesOptions): Promise<void> {
    const read = async (ref: TileRef) => {
      const hashes = await this.#checked({ ...ref, level: 0 }, above);
      const entries = await this.#entries(ref);
      this.#checkEntries(ref, entries, hashes);
      return { first: ref.index * tileWidth, entries };
    };
    for await (const { first, entries } of ahead(tilesOfLevel(this.#size, 'entries'), readAhead, read)) {
      const fault = await onBundle?.(first, entries);
      if (fault) throw new Fault(fault.at, fault.reason);
    }
  }

  #checkEntries(ref: TileRef, entries: readonly Uint8Array[], hashes: readonly Uint8Array[]): void {
    for (const [i, entry] of entries.entries()) {
      if (equalBytes(leafHash(entry), hashes[i])) continue;
      throw new Fault(
        `${tilePath(ref)} entry ${ref.index * tileWidth + i}`,
        'the entry does not agree with its leaf hash in the tiles',
      );
    }
  }

  /** Files that the checkpoint does not need: older partial tiles must be prefixes of the checked ones; others must not be there. */
  async strays(): Promise<string[]> {
    const beyond: string[] = [];
    for (const path of (await this.#source.list?.('tile/')) ?? []) {
      const ref = parseTilePath(path);
      const width = ref ? widthAt(this.#size, ref.level, ref.index) : 0;
      if (!ref) throw new Fault(path, 'the file is not a tile or bundle of this log');
      if (ref.width === width) continue;
      const bytes = (await this.#source.read(path)) ?? new Uint8Array(0);
      const narrow = { ...ref, width: Math.min(width, ref.width) };
      const expected = width > 0 ? await readTile(this.#source, tilePath({ ...ref, width })) : undefined;
      if (expected && !agree(ref, bytes, expected, narrow)) {
        throw new Fault(path, 'the partial tile does not agree with the wider one, which agrees with the checkpoint');
      }
      if (ref.width > width) beyond.push(path);
    }
    return beyond;
  }
}

/** An older tile is exactly the prefix of the checked one; a newer one begins with it. */
function agree(ref: TileRef, bytes: Uint8Array, expected: Uint8Array, narrow: TileRef): boolean {
  try {
    const same = equalBytes(prefixOf(bytes, narrow), prefixOf(expected, narrow));
    return same && (ref.width > narrow.width || bytes.length === prefixOf(expected, narrow).length);
  } catch {
    return false;
  }
}

/** Runs `work` on up to `count` items ahead of the one being used, in order. */
async function* ahead<T, R>(items: Iterable<T>, count: number, work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  for (const item of items) {
    const result = work(item);
    result.catch(() => undefined); // reported when its turn comes
    running.push(result);
    if (running.length > count) yield await running.shift()!;
  }
  for (const result of running) yield await result;
}
