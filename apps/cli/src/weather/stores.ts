// Zarr stores on disk: a folder, or a zip file of one (PKWARE APPNOTE 4.3; stored and deflated entries, Zip64). Only what is asked for is read.
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { Inflate, Store } from '@madang/weather';

export const inflate: Inflate = (bytes, codec) =>
  new Uint8Array(
    codec === 'zstd' ? zstdDecompressSync(bytes) : codec === 'gzip' ? gunzipSync(bytes) : inflateSync(bytes),
  );

/** The metadata are listed, chunks are found by their name. */
export function folderStore(folder: string): Store {
  const keys: string[] = [];
  const walk = (under: string) => {
    const entries = readdirSync(join(folder, under), { withFileTypes: true });
    const meta = entries.filter(e => e.name === '.zarray' || e.name === 'zarr.json');
    for (const e of meta) keys.push(under === '' ? e.name : `${under}/${e.name}`);
    // A group of version 3 may hold the metadata of its arrays, too: only its own type counts.
    const isArray = meta.some(
      e => e.name === '.zarray' || JSON.parse(readFileSync(join(folder, under, e.name), 'utf8')).node_type === 'array',
    );
    if (isArray) return;
    for (const e of entries) if (e.isDirectory()) walk(under === '' ? e.name : `${under}/${e.name}`);
  };
  walk('');
  const read = (key: string) => {
    const path = join(folder, key);
    return existsSync(path) && statSync(path).isFile() ? new Uint8Array(readFileSync(path)) : undefined;
  };
  return { keys, read };
}

interface Entry {
  readonly method: number;
  readonly packed: number;
  readonly at: number;
}

/** Throws naming the file and what is wrong. `close` when all has been read. */
export function zipStore(file: string): Store & { close(): void } {
  const fd = openSync(file, 'r');
  const size = fstatSync(fd).size;
  const bytes = (at: number, length: number): DataView => {
    const b = new Uint8Array(length);
    if (at < 0 || readSync(fd, b, 0, length, at) !== length) throw new Error(`${file}: the zip file is cut`);
    return new DataView(b.buffer);
  };
  const entries = directory(file, size, bytes);
  // A store zipped with its own folder has that folder before every key.
  const first = [...entries.keys()].find(k => /(^|\/)(\.zgroup|zarr\.json)$/.test(k)) ?? '';
  const root = first.slice(0, first.lastIndexOf('/') + 1);
  const read = (key: string) => {
    const e = entries.get(root + key);
    if (!e) return undefined;
    const local = bytes(e.at, 30);
    const from = e.at + 30 + local.getUint16(26, true) + local.getUint16(28, true);
    const packed = new Uint8Array(bytes(from, e.packed).buffer);
    if (e.method === 0) return packed;
    if (e.method === 8) return new Uint8Array(inflateRawSync(packed));
    throw new Error(`${file}, ${key}: zip method ${e.method} is not read; store the entries or deflate them`);
  };
  return {
    keys: [...entries.keys()].flatMap(k => (k.startsWith(root) ? [k.slice(root.length)] : [])),
    read,
    close: () => closeSync(fd),
  };
}

/** The central directory. Traps: counts and places that do not fit 32 bits stand in a second record and in extra fields. */
function directory(file: string, size: number, bytes: (at: number, length: number) => DataView): Map<string, Entry> {
  const tail = Math.min(size, 65557);
  const end = bytes(size - tail, tail);
  let p = tail - 22;
  while (p >= 0 && end.getUint32(p, true) !== 0x06054b50) p--;
  if (p < 0) throw new Error(`${file}: this is not a zip file`);
  const long = (v: DataView, at: number) => Number(v.getBigUint64(at, true));
  let [count, length, start] = [end.getUint16(p + 10, true), end.getUint32(p + 12, true), end.getUint32(p + 16, true)];
  if (p >= 20 && end.getUint32(p - 20, true) === 0x07064b50) {
    const more = bytes(long(end, p - 12), 56);
    [count, length, start] = [long(more, 32), long(more, 40), long(more, 48)];
  }
  const v = bytes(start, length);
  const entries = new Map<string, Entry>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    const [name, extra, comment] = [28, 30, 32].map(o => v.getUint16(at + o, true));
    let [packed, whole, place] = [20, 24, 42].map(o => v.getUint32(at + o, true));
    for (let e = at + 46 + name; e + 4 <= at + 46 + name + extra; e += 4 + v.getUint16(e + 2, true)) {
      if (v.getUint16(e, true) !== 1) continue;
      let f = e + 4;
      if (whole === 0xffffffff) {
        whole = long(v, f);
        f += 8;
      }
      if (packed === 0xffffffff) {
        packed = long(v, f);
        f += 8;
      }
      if (place === 0xffffffff) place = long(v, f);
    }
    const key = new TextDecoder().decode(new Uint8Array(v.buffer, at + 46, name));
    entries.set(key, { method: v.getUint16(at + 10, true), packed, at: place });
    at += 46 + name + extra + comment;
  }
  return entries;
}
