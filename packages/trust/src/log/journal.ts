// The journal: entries that were acknowledged and are not yet under a checkpoint, in groups that were synced together.
// A segment is `journal/<number>`; a new one begins at every start, checkpoint and failure. Group: magic, first index (8 bytes),
// count (4), length (4), check of these (4, so that a damaged length is not taken for a short file), SHA-256 of all that and the
// entries (32), entries as in a bundle.
// Traps: (1) a group that failed may be whole on disk though its senders were told it failed; the next segment then starts again at
// its index and overrides it. (2) A torn tail may be cut only if it was never acknowledged: the end of a file that is too short or
// zero, followed by nothing or by a segment that continues at the torn index. Anything else is damage, and a person must look.
import { crypto } from '#crypto';
import { concat, equalBytes, utf8 } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';
import type { BlobStore } from '../store/store.ts';
import { joinBundle, splitBundle } from './tiles.ts';

const magic = utf8('MDJ1');
const headerBytes = 24;
const digestBytes = 32;
const prefix = 'journal/';

interface Group {
  readonly first: number;
  readonly entries: readonly Uint8Array[];
}

export interface Journal {
  /** Durable when it resolves. After a failure the caller may try again at the same index. */
  commit(first: number, entries: readonly Uint8Array[]): Promise<void>;
  /** Starts a new segment; returns the first one that may hold entries after those committed so far. */
  rotate(): number;
  /** Removes the segments before this one. */
  dropBefore(segment: number): Promise<void>;
}

/** Opens the journal and replays what is not yet under the checkpoint of `size`. Throws `log-damaged`. */
export async function openJournal(
  store: BlobStore,
  size: number,
): Promise<{ journal: Journal; pending: Uint8Array[] }> {
  const segments = (await store.list(prefix)).map(numberOf);
  const pending: Uint8Array[] = [];
  let next: number | undefined; // index after the last group read
  for (const segment of segments) {
    const path = pathOf(segment);
    const groups = readSegment((await store.read(path)) ?? new Uint8Array(0), path);
    for (const [i, { first, entries }] of groups.entries()) {
      const expected = next ?? size;
      const overrides = i === 0 || next === undefined;
      if (first > expected || (first < expected && !overrides)) {
        throw damaged(path, `continues at entry ${first} where entry ${expected} is due; entries in between are lost`);
      }
      pending.length = Math.max(0, first - size);
      for (const entry of entries.slice(Math.max(0, size - first))) pending.push(entry);
      next = first + entries.length;
    }
  }
  // Entries below the checkpoint are in the tiles already; a journal that ends below it has nothing to add.
  return { journal: writer(store, segments), pending };
}

function writer(store: BlobStore, existing: readonly number[]): Journal {
  let segment = Math.max(0, ...existing) + 1;
  let oldest = Math.min(segment, ...existing);
  let writing: number | undefined;
  return {
    async commit(first, entries) {
      const bytes = encodeGroup({ first, entries });
      const target = segment;
      writing = target;
      try {
        if (store.append) {
          await store.append(pathOf(target), bytes);
        } else {
          segment += 1;
          await store.write(pathOf(target), bytes);
        }
      } catch (error) {
        segment = Math.max(segment, target + 1);
        throw error;
      } finally {
        writing = undefined;
      }
    },
    rotate() {
      segment += 1;
      // A group on its way to the old segment holds entries that the coming checkpoint does not: that segment stays.
      return writing ?? segment;
    },
    async dropBefore(limit) {
      for (; oldest < limit; oldest++) await store.remove(pathOf(oldest));
    },
  };
}

function pathOf(segment: number): string {
  return `${prefix}${String(segment).padStart(12, '0')}`;
}

function numberOf(path: string): number {
  const match = /^journal\/(\d{12})$/.exec(path);
  if (!match) throw damaged(path, 'is not a segment');
  return Number(match[1]);
}

function encodeGroup({ first, entries }: Group): Uint8Array {
  const payload = joinBundle(entries);
  const header = new Uint8Array(headerBytes);
  header.set(magic);
  const view = new DataView(header.buffer);
  view.setBigUint64(4, BigInt(first));
  view.setUint32(12, entries.length);
  view.setUint32(16, payload.length);
  header.set(headerCheck(header), 20);
  return concat(header, crypto.sha256(concat(header, payload)), payload);
}

function headerCheck(header: Uint8Array): Uint8Array {
  return crypto.sha256(header.subarray(0, 20)).subarray(0, 4);
}

/** The whole groups of a segment; a torn tail is left out. */
function readSegment(bytes: Uint8Array, path: string): Group[] {
  const groups: Group[] = [];
  let at = 0;
  while (at < bytes.length) {
    const rest = bytes.subarray(at);
    if (rest.every(byte => byte === 0)) break; // made longer, never written
    const header = rest.subarray(0, headerBytes);
    const startsWell = equalBytes(header.subarray(0, 4), magic.subarray(0, header.length));
    if (startsWell && header.length < headerBytes) break;
    if (!startsWell || !equalBytes(header.subarray(20), headerCheck(header))) throw damagedGroup(path, at);
    const end = headerBytes + digestBytes + new DataView(header.buffer, header.byteOffset).getUint32(16);
    if (rest.length < end) break;
    const group = decodeGroup(rest.subarray(0, end));
    if (!group) {
      if (endsInZeros(rest)) break;
      throw damagedGroup(path, at);
    }
    groups.push(group);
    at += end;
  }
  return groups;
}

function decodeGroup(bytes: Uint8Array): Group | undefined {
  const [header, payload] = [bytes.subarray(0, headerBytes), bytes.subarray(headerBytes + digestBytes)];
  const digest = bytes.subarray(headerBytes, headerBytes + digestBytes);
  if (!equalBytes(crypto.sha256(concat(header, payload)), digest)) return undefined;
  const view = new DataView(header.buffer, header.byteOffset);
  const count = view.getUint32(12);
  const entries = splitBundle(payload, count);
  return entries.length === count ? { first: Number(view.getBigUint64(4)), entries } : undefined;
}

/** The last block of a file whose length reached the disk before its content. */
function endsInZeros(bytes: Uint8Array): boolean {
  return bytes.length >= 512 && bytes.subarray(bytes.length - 512).every(byte => byte === 0);
}

function damagedGroup(path: string, at: number): TrustError {
  return damaged(path, `has a damaged group at byte ${at}`);
}

function damaged(path: string, why: string): TrustError {
  return new TrustError(
    'log-damaged',
    `${path} ${why}. Restore the log's folder from a member's copy; nothing was signed`,
  );
}
