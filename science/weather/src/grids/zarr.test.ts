import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gunzipSync, gzipSync, inflateSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type Inflate, readAll } from './array.ts';
import { decodeBlosc, decodeLz4 } from './blosc.ts';
import { readZarr } from './zarr.ts';

const inflate: Inflate = (b, codec) =>
  new Uint8Array(codec === 'zstd' ? zstdDecompressSync(b) : codec === 'gzip' ? gunzipSync(b) : inflateSync(b));
const bytesOf = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const doubles = (data: readonly number[]) => new Uint8Array(Float64Array.from(data).buffer);
const u32 = (...v: number[]) => new Uint8Array(Uint32Array.from(v).buffer);

/** A store of keys and what they hold: JSON or bytes. */
function store(entries: Record<string, unknown>) {
  const map = new Map(
    Object.entries(entries).map(([k, v]) => [
      k,
      v instanceof Uint8Array ? v : new TextEncoder().encode(JSON.stringify(v).replaceAll('"NaN"', 'NaN')),
    ]),
  );
  return { keys: [...map.keys()], read: (k: string) => map.get(k) };
}

const two = (more: object) => ({
  zarr_format: 2,
  shape: [3],
  chunks: [2],
  dtype: '<f8',
  compressor: null,
  fill_value: 'NaN',
  order: 'C',
  filters: null,
  ...more,
});
const three = (codecs: object[], more = {}) => ({
  zarr_format: 3,
  node_type: 'array',
  shape: [3],
  data_type: 'float64',
  chunk_grid: { name: 'regular', configuration: { chunk_shape: [2] } },
  chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
  fill_value: 0,
  codecs,
  dimension_names: ['time'],
  attributes: { units: 'K' },
  ...more,
});
const LITTLE = { name: 'bytes', configuration: { endian: 'little' } };
const values = (entries: Record<string, unknown>, name = 'a') => [
  ...readAll(readZarr(store(entries), 'z', inflate).arrays.get(name)!),
];

test('version 2: ragged and absent chunks, each way of packing, packed integers with a marker, either byte order', () => {
  const packed = (compressor: object | null, pack: (b: Uint8Array) => Uint8Array) => ({
    'a/.zarray': two({ compressor }),
    'a/0': pack(doubles([1, 2])),
    'a/1': pack(doubles([3, 9])),
  });
  const ways: [object | null, (b: Uint8Array) => Uint8Array][] = [
    [null, b => b],
    [{ id: 'zlib' }, deflateSync],
    [{ id: 'gzip' }, gzipSync],
    [{ id: 'zstd' }, zstdCompressSync],
  ];
  for (const [compressor, pack] of ways) assert.deepEqual(values(packed(compressor, pack)), [1, 2, 3]);
  const { 'a/1': _, ...half } = packed(null, b => b);
  assert.deepEqual(values(half), [1, 2, Number.NaN]);
  const shorts = {
    'a/.zarray': two({ dtype: '>i2', fill_value: -32767 }),
    'a/.zattrs': { scale_factor: 0.5, add_offset: 10, _ARRAY_DIMENSIONS: ['time'] },
    'a/0': Uint8Array.of(0, 4, 0x80, 1),
  };
  assert.deepEqual(values(shorts), [12, Number.NaN, Number.NaN]);
  assert.deepEqual(readZarr(store(shorts), 'z').arrays.get('a')!.dimensions, ['time']);
});

test('order F and transposed chunks, half precision, separators', () => {
  const f = {
    'a/.zarray': two({ shape: [2, 3], chunks: [2, 3], order: 'F', dimension_separator: '/' }),
    'a/0/0': doubles([1, 4, 2, 5, 3, 6]),
  };
  assert.deepEqual(values(f), [1, 2, 3, 4, 5, 6]);
  const turned = three([{ name: 'transpose', configuration: { order: [1, 0] } }, LITTLE], {
    shape: [2, 3],
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [2, 3] } },
  });
  assert.deepEqual(values({ 'a/zarr.json': turned, 'a/c/0/0': doubles([1, 4, 2, 5, 3, 6]) }), [1, 2, 3, 4, 5, 6]);
  const halves = three([LITTLE], { data_type: 'float16' });
  const small = new Uint8Array(Uint16Array.of(0x3c00, 0xc100).buffer);
  assert.deepEqual(values({ 'a/zarr.json': halves, 'a/c/0': small }), [1, -2.5, 0]);
});

test('version 3: absent chunks hold the fill value, markers are base64, a group that lists its arrays is no array', () => {
  const marker = Buffer.from(doubles([-999])).toString('base64');
  const a = three([LITTLE, { name: 'zstd', configuration: { level: 0 } }, { name: 'crc32c' }], {
    attributes: { _FillValue: marker },
  });
  const chunk = bytesOf(zstdCompressSync(doubles([-999, 7])), u32(0));
  const group = { node_type: 'group', consolidated_metadata: { metadata: { a: { node_type: 'array' } } } };
  assert.deepEqual(values({ 'zarr.json': group, 'a/zarr.json': a, 'a/c/0': chunk }), [Number.NaN, 7, 0]);
});

test('version 3: shards, their index at either end, with absent inner chunks', () => {
  const sharded = (location: string) =>
    three(
      [
        {
          name: 'sharding_indexed',
          configuration: {
            chunk_shape: [1],
            codecs: [LITTLE, { name: 'gzip', configuration: { level: 1 } }],
            index_codecs: [LITTLE, { name: 'crc32c' }],
            index_location: location,
          },
        },
      ],
      { shape: [4], fill_value: 'NaN' },
    );
  const inner = gzipSync(doubles([5]));
  const index = (from: number) =>
    bytesOf(
      new Uint8Array(BigUint64Array.of(2n ** 64n - 1n, 2n ** 64n - 1n, BigInt(from), BigInt(inner.length)).buffer),
      u32(0),
    );
  const end = { 'a/zarr.json': sharded('end'), 'a/c/1': bytesOf(inner, index(0)) };
  assert.deepEqual(values(end), [Number.NaN, Number.NaN, Number.NaN, 5]);
  const start = { 'a/zarr.json': sharded('start'), 'a/c/0': bytesOf(index(36), inner) };
  assert.deepEqual(values(start), [Number.NaN, 5, Number.NaN, Number.NaN]);
  assert.throws(
    () => values({ 'a/zarr.json': sharded('end'), 'a/c/0': Uint8Array.of(1, 2) }),
    /chunk 0: the shard is cut/,
  );
});

/** A Blosc container of one block of numbers in `size` bytes, each stream packed by `pack`. */
function blosc(
  flags: number,
  size: number,
  raw: Uint8Array,
  streams: number,
  pack: (b: Uint8Array) => Uint8Array,
): Uint8Array {
  const each = raw.length / streams;
  const parts = Array.from({ length: streams }, (_, s) => {
    const p = pack(raw.slice(s * each, (s + 1) * each));
    return bytesOf(u32(p.length), p);
  });
  const body = bytesOf(u32(20), ...parts);
  return bytesOf(Uint8Array.of(2, 1, flags, size), u32(raw.length, raw.length, 16 + body.length), body);
}

/** LZ4 without a single match: literals to the end. */
function lz4(raw: Uint8Array): Uint8Array {
  if (raw.length < 15) return bytesOf(Uint8Array.of(raw.length << 4), raw);
  const rest = raw.length - 15;
  return bytesOf(Uint8Array.of(0xf0), new Uint8Array(Math.floor(rest / 255)).fill(255), Uint8Array.of(rest % 255), raw);
}

test('Blosc: bytes and bits put back, streams split or not, lz4, zstd and stored blocks', () => {
  const raw = Uint8Array.from({ length: 512 * 4 }, (_, i) => (i * 7) % 251);
  const shuffled = Uint8Array.from(raw, (_, i) => raw[(i % 512) * 4 + Math.floor(i / 512)]);
  const [SHUFFLE, BITS, WHOLE, LZ4, ZSTD] = [1, 4, 16, 1 << 5, 4 << 5];
  assert.deepEqual(decodeBlosc(blosc(SHUFFLE | LZ4, 4, shuffled, 4, lz4), inflate), raw);
  assert.deepEqual(
    decodeBlosc(
      blosc(SHUFFLE | ZSTD | WHOLE, 4, shuffled, 1, b => new Uint8Array(zstdCompressSync(b))),
      inflate,
    ),
    raw,
  );
  const bits = new Uint8Array(raw.length);
  for (let i = 0; i < 512; i++)
    for (let b = 0; b < 32; b++) if (raw[4 * i + (b >> 3)] & (1 << (b & 7))) bits[b * 64 + (i >> 3)] |= 1 << (i & 7);
  assert.deepEqual(
    decodeBlosc(
      blosc(BITS | ZSTD | WHOLE, 4, bits, 1, b => b),
      inflate,
    ),
    raw,
  );
  assert.deepEqual(
    decodeBlosc(bytesOf(Uint8Array.of(2, 1, 2, 4), u32(4, 4, 20), Uint8Array.of(1, 2, 3, 4)), undefined),
    Uint8Array.of(1, 2, 3, 4),
  );
  assert.throws(
    () =>
      decodeBlosc(
        blosc(0, 4, raw, 4, b => b.slice(1)),
        inflate,
      ),
    /"blosclz" is not read; lz4, zstd and zlib are/,
  );
});

test('LZ4: matches that overlap themselves; damage is named', () => {
  // Three literals, then twelve bytes from three back, then one literal.
  const block = Uint8Array.of(0x38, 1, 2, 3, 3, 0, 0x10, 9);
  assert.deepEqual([...decodeLz4(block, 16)], [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 9]);
  for (const bad of [Uint8Array.of(0x38, 1, 2, 3, 9, 0, 0x10, 9), block.subarray(0, 3), Uint8Array.of(0x10, 1)])
    assert.throws(() => decodeLz4(bad, 16), /an LZ4 block is damaged/);
});

test('what is not read is named with what to do, and only when it is asked for', () => {
  const ok = { 'a/.zarray': two({}), 'a/0': doubles([1, 2]) };
  const odd = {
    ...ok,
    'b/.zarray': two({ dtype: '|O' }),
    'c/.zarray': two({ compressor: { id: 'lzma' } }),
    'd/.zarray': two({ filters: [{ id: 'delta' }] }),
  };
  assert.deepEqual(values(odd), [1, 2, Number.NaN]);
  assert.throws(() => values(odd, 'b'), /array "b": type "\|O" is not a number type/);
  assert.throws(() => values(odd, 'c'), /compressor "lzma" is not read; write it with zstd/);
  assert.throws(() => values(odd, 'd'), /filter "delta" is not read/);
  assert.throws(() => readZarr(store({}), 'z'), /no Zarr array/);
  assert.throws(() => values({ 'a/.zarray': two({}), 'a/0': doubles([1]) }), /chunk 0: 8 bytes where 16 were expected/);
  assert.throws(() => readZarr(store({ 'a/.zarray': new TextEncoder().encode('{') }), 'z'), /a\/\.zarray is not JSON/);
});
