import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { deflateRawSync, zstdCompressSync } from 'node:zlib';
import { readZarr } from '@madang/weather';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { folderStore, inflate, zipStore } from './stores.ts';

const folder = tempFolder('stores-');
const doubles = new Uint8Array(Float64Array.of(1, 2).buffer);
const array = {
  zarr_format: 3,
  node_type: 'array',
  shape: [2],
  data_type: 'float64',
  chunk_grid: { name: 'regular', configuration: { chunk_shape: [2] } },
  chunk_key_encoding: { name: 'default' },
  fill_value: 0,
  codecs: [{ name: 'bytes', configuration: { endian: 'little' } }, { name: 'zstd' }],
  dimension_names: ['x'],
};
const json = (v: unknown) => new TextEncoder().encode(JSON.stringify(v));
const entries: Record<string, Uint8Array> = {
  'zarr.json': json({ node_type: 'group', consolidated_metadata: { metadata: { a: array } } }),
  'a/zarr.json': json(array),
  'a/c/0': new Uint8Array(zstdCompressSync(doubles)),
};
const read = (store: Parameters<typeof readZarr>[0]) => [
  ...readZarr(store, 's', inflate).arrays.get('a')!.read([0, 1]),
];

/** A zip file of stored or deflated entries; `long`: its directory is found by the records of Zip64. */
function zip(files: Record<string, Uint8Array>, method: 0 | 8, long = false): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const packed = method === 8 ? deflateRawSync(bytes) : Buffer.from(bytes);
    const local = Buffer.alloc(30 + name.length);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.write(name, 30);
    const extra = long ? 12 : 0;
    const c = Buffer.alloc(46 + name.length + extra);
    c.writeUInt32LE(0x02014b50, 0);
    c.writeUInt16LE(method, 10);
    c.writeUInt32LE(packed.length, 20);
    c.writeUInt32LE(bytes.length, 24);
    c.writeUInt16LE(name.length, 28);
    c.writeUInt16LE(extra, 30);
    c.writeUInt32LE(long ? 0xffffffff : at, 42);
    c.write(name, 46);
    if (long) {
      c.writeUInt16LE(1, 46 + name.length);
      c.writeUInt16LE(8, 48 + name.length);
      c.writeBigUInt64LE(BigInt(at), 50 + name.length);
    }
    parts.push(local, packed);
    central.push(c);
    at += local.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const count = Object.keys(files).length;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(long ? 0xffff : count, 10);
  end.writeUInt32LE(long ? 0xffffffff : directory.length, 12);
  end.writeUInt32LE(long ? 0xffffffff : at, 16);
  if (!long) return Buffer.concat([...parts, directory, end]);
  const more = Buffer.alloc(56 + 20);
  more.writeUInt32LE(0x06064b50, 0);
  more.writeBigUInt64LE(BigInt(count), 32);
  more.writeBigUInt64LE(BigInt(directory.length), 40);
  more.writeBigUInt64LE(BigInt(at), 48);
  more.writeUInt32LE(0x07064b50, 56);
  more.writeBigUInt64LE(BigInt(at + directory.length), 64);
  return Buffer.concat([...parts, directory, more, end]);
}

test('a folder: its arrays are listed, also beside a group that lists them itself', () => {
  for (const [name, bytes] of Object.entries(entries)) {
    mkdirSync(join(folder, 'f.zarr', name, '..'), { recursive: true });
    writeFileSync(join(folder, 'f.zarr', name), bytes);
  }
  const store = folderStore(join(folder, 'f.zarr'));
  assert.deepEqual([...store.keys].sort(), ['a/zarr.json', 'zarr.json']);
  assert.deepEqual(read(store), [1, 2]);
});

test('zip files: stored, deflated, with a folder of their own, Zip64; cut and other files are named', () => {
  const inFolder = Object.fromEntries(Object.entries(entries).map(([k, v]) => [`f.zarr/${k}`, v]));
  const file = join(folder, 'z.zip');
  for (const bytes of [zip(entries, 0), zip(entries, 8), zip(inFolder, 8), zip(entries, 0, true)]) {
    writeFileSync(file, bytes);
    const store = zipStore(file);
    assert.deepEqual(read(store), [1, 2]);
    store.close();
  }
  writeFileSync(file, zip(entries, 0).subarray(0, -30));
  assert.throws(() => zipStore(file), /z\.zip: this is not a zip file/);
  const damaged = zip(entries, 0);
  damaged.writeUInt32LE(2 ** 31, damaged.length - 6);
  writeFileSync(file, damaged);
  assert.throws(() => zipStore(file), /z\.zip: the zip file is cut/);
});
