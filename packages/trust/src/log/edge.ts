// The right edge of a growing tree: hashes of the last, unfinished tile of each level, and what was finished since the last save.
import { concat } from '../bytes/bytes.ts';
import { emptyRoot, leafHash, rootFromHashes } from './merkle.ts';
import { joinBundle, levelLength, type TileRef, tilePath, tileWidth } from './tiles.ts';

/** A file of the log that is due to be written. */
export interface DueTile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Everything a checkpoint of `size` needs on disk that was not saved before. */
export interface EdgeSnapshot {
  readonly size: number;
  readonly root: Uint8Array;
  readonly due: readonly DueTile[];
  /** How many of `due` are full, which `saved` forgets. */
  readonly fullCount: number;
}

export class TreeEdge {
  #size: number;
  /** For each level, the hashes of its unfinished tile: fewer than 256. */
  readonly #levels: Uint8Array[][];
  /** Entries of the unfinished bundle. */
  #bundle: Uint8Array[];
  #full: DueTile[] = [];

  /** `levels` and `bundle` hold what the unfinished tiles and bundle of a tree of `size` hold. */
  constructor(size = 0, levels: readonly (readonly Uint8Array[])[] = [], bundle: readonly Uint8Array[] = []) {
    this.#size = size;
    this.#levels = levels.map(hashes => [...hashes]);
    this.#bundle = [...bundle];
  }

  get size(): number {
    return this.#size;
  }

  push(entry: Uint8Array): void {
    this.#size += 1;
    this.#bundle.push(entry);
    if (this.#bundle.length === tileWidth) {
      this.#finish({ level: 'entries', index: this.#size / tileWidth - 1, width: tileWidth }, joinBundle(this.#bundle));
      this.#bundle = [];
    }
    this.#add(0, leafHash(entry));
  }

  #add(level: number, hash: Uint8Array): void {
    this.#levels[level] ??= [];
    const hashes = this.#levels[level];
    hashes.push(hash);
    if (hashes.length < tileWidth) return;
    this.#levels[level] = [];
    this.#finish({ level, index: levelLength(this.#size, level) / tileWidth - 1, width: tileWidth }, concat(...hashes));
    this.#add(level + 1, rootFromHashes(hashes));
  }

  #finish(ref: TileRef, bytes: Uint8Array): void {
    this.#full.push({ path: tilePath(ref), bytes });
  }

  /** Root of the tree so far. */
  root(): Uint8Array {
    // What a lower level holds is one incomplete subtree to the right of a level's complete ones.
    let right: Uint8Array | undefined;
    for (const hashes of this.#levels) {
      if (hashes.length > 0) right = rootFromHashes(right ? [...hashes, right] : hashes);
    }
    return right ?? emptyRoot();
  }

  snapshot(): EdgeSnapshot {
    const partial: DueTile[] = [];
    for (const [level, hashes] of this.#levels.entries()) {
      if (hashes.length > 0) partial.push({ path: this.#partialPath(level, hashes.length), bytes: concat(...hashes) });
    }
    if (this.#bundle.length > 0) {
      partial.push({ path: this.#partialPath('entries', this.#bundle.length), bytes: joinBundle(this.#bundle) });
    }
    return { size: this.#size, root: this.root(), due: [...this.#full, ...partial], fullCount: this.#full.length };
  }

  #partialPath(level: number | 'entries', width: number): string {
    const length = levelLength(this.#size, level === 'entries' ? 0 : level);
    return tilePath({ level, index: Math.floor(length / tileWidth), width });
  }

  /** Forgets the full tiles of a snapshot that is on disk now. */
  saved({ fullCount }: EdgeSnapshot): void {
    this.#full = this.#full.slice(fullCount);
  }
}
