// A member's own copy of the log in tlog-tiles form: every member holds one, so that the hub can be replaced. Hash tiles are made from the node's own
// replay, never taken from the hub; bundles hold only entries whose hashes the replay knows.
import type { History } from '@madang/charter';
import {
  type BlobStore,
  concat,
  joinBundle,
  levelCount,
  splitBundle,
  type TileRef,
  TrustError,
  tilePath,
  tilesOfLevel,
  tileWidth,
  widthAt,
} from '@madang/trust';

export class Mirror {
  private readonly store: BlobStore;
  private readonly past: History;
  /** Entries of the bundle that is not full yet. */
  private tail: Uint8Array[] = [];
  private count = 0;
  private readonly written = new Map<string, number>();
  private flushed = 0;
  private lastRead: { readonly index: number; readonly entries: readonly Uint8Array[] } | undefined;

  constructor(store: BlobStore, past: History) {
    this.store = store;
    this.past = past;
  }

  /** Takes entries in order; a bundle that becomes full is written at once. */
  async append(entry: Uint8Array): Promise<void> {
    this.count += 1;
    this.tail.push(entry);
    if (this.tail.length < tileWidth) return;
    const index = Math.floor((this.count - 1) / tileWidth);
    await this.write({ level: 'entries', index, width: tileWidth }, joinBundle(this.tail));
    this.tail = [];
  }

  /** For a restart: entries that are on disk already. */
  adopt(entry: Uint8Array): void {
    this.count += 1;
    this.tail.push(entry);
    if (this.tail.length === tileWidth) this.tail = [];
  }

  /** Entries from `start` on, at most 1,024 and some 3 MB of them and at least one; none past the end. */
  async entries(start: number): Promise<Uint8Array[]> {
    const found: Uint8Array[] = [];
    let bytes = 0;
    const tailStart = this.count - this.tail.length;
    while (start + found.length < this.count && found.length < 1024 && bytes < 3_000_000) {
      const at = start + found.length;
      const index = Math.floor(at / tileWidth);
      const bundle = at >= tailStart ? this.tail : await this.bundle(index);
      const entry = bundle[at % tileWidth];
      found.push(entry);
      bytes += entry.length;
    }
    return found;
  }

  private async bundle(index: number): Promise<readonly Uint8Array[]> {
    if (this.lastRead?.index === index) return this.lastRead.entries;
    const path = tilePath({ level: 'entries', index, width: tileWidth });
    const bytes = await this.store.read(path);
    if (!bytes) throw new TrustError('missing', `${path} is not there`);
    this.lastRead = { index, entries: splitBundle(bytes) };
    return this.lastRead.entries;
  }

  /** Writes the tiles of the present size and the checkpoint over it; the checkpoint goes last. */
  async flush(size: number, note: Uint8Array): Promise<void> {
    if (size !== this.count || size !== this.past.size || size === this.flushed) return;
    const index = Math.floor(size / tileWidth);
    const width = widthAt(size, 'entries', index);
    if (width > 0) await this.write({ level: 'entries', index, width }, joinBundle(this.tail));
    for (let level = 0; level < levelCount(size); level++)
      for (const ref of tilesOfLevel(size, level)) {
        const known = this.written.get(`${level}/${ref.index}`) ?? 0;
        if (known >= ref.width) continue;
        const first = ref.index * tileWidth;
        await this.write(ref, concat(...this.past.hashes(level * 8, first, first + ref.width)));
      }
    await this.store.write('checkpoint', note);
    this.flushed = size;
  }

  private async write(ref: TileRef, bytes: Uint8Array): Promise<void> {
    await this.store.write(tilePath(ref), bytes);
    const slot = `${ref.level}/${ref.index}`;
    const before = this.written.get(slot);
    this.written.set(slot, ref.width);
    if (before !== undefined && before !== ref.width) await this.store.remove(tilePath({ ...ref, width: before }));
  }

  /** Removes partial tiles that a wider one has replaced, left by an earlier run. */
  async tidy(size: number): Promise<void> {
    for (const path of await this.store.list('tile/')) {
      const match = /^(.*)\.p\/([0-9]+)$/.exec(path);
      if (!match) continue;
      const keep = [...expected(size)].includes(path);
      if (!keep) await this.store.remove(path);
    }
  }
}

function* expected(size: number): Generator<string> {
  for (let level = 0; level < levelCount(size); level++)
    for (const ref of tilesOfLevel(size, level)) yield tilePath(ref);
  for (const ref of tilesOfLevel(size, 'entries')) yield tilePath(ref);
}
