// Zarr groups of arrays, versions 2 and 3 (zarr-specs), read through a store that gives the bytes of a key, so that a folder, a zip file or a server
// will do. Dimensions and attributes as xarray writes them. What is packed with gzip, zlib or zstd needs an `inflate` from the caller.
import { type GridArray, type GridFile, type Inflate, unpack } from './array.ts';
import { decodeBlosc, decodeLz4 } from './blosc.ts';
import { type Codec, type Layout, layout } from './zarr-layout.ts';

/** `keys` are all that there are, such as `t2m/.zarray` or `t2m/c/0/0/1`. */
export interface Store {
  readonly keys: readonly string[];
  read(key: string): Uint8Array | undefined;
}

/** Unpacked chunks are kept up to so many numbers: a chunk often holds many stations and days. */
const KEPT_NUMBERS = 2 ** 25;

/** All arrays of the group; chunks are read when asked for. Throws when there is no array; what cannot be decoded throws when it is read. */
export function readZarr(store: Store, name: string, inflate?: Inflate): GridFile {
  const names = new Set(store.keys.flatMap(k => /^(.+)\/(?:\.zarray|zarr\.json)$/.exec(k)?.[1] ?? []));
  const arrays = new Map<string, GridArray>();
  for (const array of names) {
    const made = layout(store, array, name);
    if (made) arrays.set(array, open(store, array, made, name, inflate));
  }
  if (arrays.size === 0) throw new Error(`${name}: there is no Zarr array (no .zarray, no zarr.json of one)`);
  return { name, arrays };
}

function open(store: Store, array: string, l: Layout, name: string, inflate?: Inflate): GridArray {
  const fail = (why: string): never => {
    throw new Error(`${name}, array "${array}": ${why}`);
  };
  const kept = new Map<string, Float64Array | undefined>();
  const each = l.chunks.reduce((s, n) => s * n, 1);
  const most = Math.max(4, Math.floor(KEPT_NUMBERS / each));
  const chunk = (index: readonly number[]): Float64Array | undefined => {
    const id = index.join('.');
    if (kept.has(id)) return kept.get(id);
    let made: Float64Array | undefined;
    try {
      made = numbers(l, stored(store, array, l, index), each, inflate);
    } catch (error) {
      fail(`chunk ${id}: ${error instanceof Error ? error.message : error}`);
    }
    if (kept.size >= most) kept.delete(kept.keys().next().value ?? '');
    kept.set(id, made);
    return made;
  };
  const read = (places: ArrayLike<number>): Float64Array => {
    if (l.unread) fail(l.unread);
    const out = new Float64Array(places.length);
    const index = new Array<number>(l.shape.length);
    for (let k = 0; k < out.length; k++) {
      let rest = places[k];
      let inside = 0;
      for (let d = l.shape.length - 1; d >= 0; d--) {
        const i = rest % l.shape[d];
        rest = Math.floor(rest / l.shape[d]);
        index[d] = Math.floor(i / l.chunks[d]);
        inside += (i % l.chunks[d]) * l.strides[d];
      }
      out[k] = chunk(index)?.[inside] ?? l.fill;
    }
    return unpack(out, l.attributes, l.type.bytes === 4 && l.type.kind === 'f', l.missing);
  };
  return { dimensions: l.dimensions, shape: l.shape, attributes: l.attributes, read };
}

/** The packed bytes of a chunk: a key of their own, or a stretch of a shard. */
function stored(store: Store, array: string, l: Layout, index: readonly number[]): Uint8Array | undefined {
  if (!l.shard) return store.read(`${array}/${l.key(index)}`);
  const { per, indexAtEnd, checksum } = l.shard;
  const shard = store.read(`${array}/${l.key(index.map((i, d) => Math.floor(i / per[d])))}`);
  if (!shard) return undefined;
  const bytes = 16 * per.reduce((s, n) => s * n, 1);
  const at = indexAtEnd ? shard.length - bytes - (checksum ? 4 : 0) : 0;
  if (at < 0) throw new Error('the shard is cut');
  const view = new DataView(shard.buffer, shard.byteOffset + at, bytes);
  const place = index.reduce((s, i, d) => s * per[d] + (i % per[d]), 0);
  const [from, length] = [view.getBigUint64(16 * place, true), view.getBigUint64(16 * place + 8, true)];
  if (from === 2n ** 64n - 1n) return undefined;
  if (Number(from) + Number(length) > shard.length) throw new Error('the shard is cut');
  return shard.subarray(Number(from), Number(from) + Number(length));
}

function numbers(l: Layout, packed: Uint8Array | undefined, each: number, inflate?: Inflate): Float64Array | undefined {
  if (!packed) return undefined;
  const bytes = l.codecs.reduceRight((b, c) => decode(c, b, inflate), packed);
  const { kind, bytes: size, little } = l.type;
  if (bytes.length !== each * size) throw new Error(`${bytes.length} bytes where ${each * size} were expected`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: each }, (_, i) => number(view, i * size, kind, size, little));
}

function decode(codec: Codec, bytes: Uint8Array, inflate?: Inflate): Uint8Array {
  switch (codec) {
    case 'crc32c':
      return bytes.subarray(0, bytes.length - 4);
    case 'blosc':
      return decodeBlosc(bytes, inflate);
    case 'lz4':
      return decodeLz4(bytes.subarray(4), new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true));
    default:
      if (!inflate) throw new Error(`it is compressed with ${codec} and no way to inflate was given`);
      return inflate(bytes, codec);
  }
}

function number(v: DataView, at: number, kind: string, size: number, little: boolean): number {
  if (kind === 'f')
    return size === 2
      ? half(v.getUint16(at, little))
      : size === 4
        ? v.getFloat32(at, little)
        : v.getFloat64(at, little);
  if (size === 8) return Number(kind === 'i' ? v.getBigInt64(at, little) : v.getBigUint64(at, little));
  if (size === 4) return kind === 'i' ? v.getInt32(at, little) : v.getUint32(at, little);
  if (size === 2) return kind === 'i' ? v.getInt16(at, little) : v.getUint16(at, little);
  return kind === 'i' ? v.getInt8(at) : v.getUint8(at);
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
