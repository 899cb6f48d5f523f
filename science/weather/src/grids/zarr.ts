// Zarr version 2 groups of arrays (zarr-specs, v2), read through a function that gives the bytes of a key, so that a folder, an archive or a
// server will do. Uncompressed chunks are read here; zlib and gzip need an `inflate` from the caller. Dimensions as xarray writes them.
import type { GridArray, GridFile } from './grid.ts';

/** Bytes of a key such as `t2m/.zarray` or `t2m/0.0.1`; undefined when there is none. */
export type ReadKey = (key: string) => Uint8Array | undefined;
export type Inflate = (bytes: Uint8Array, codec: 'zlib' | 'gzip') => Uint8Array;

interface Meta {
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly dtype: string;
  readonly compressor: { readonly id: string } | null;
  readonly filters?: readonly unknown[] | null;
  readonly fill_value: number | string | null;
  readonly order: 'C' | 'F';
  readonly dimension_separator?: '.' | '/';
}

/** Reads the named arrays. Throws naming array and key on what it does not understand. */
export function readZarr(read: ReadKey, names: readonly string[], name: string, inflate?: Inflate): GridFile {
  return { name, arrays: new Map(names.map(n => [n, readArray(read, n, name, inflate)])) };
}

function readArray(read: ReadKey, array: string, name: string, inflate?: Inflate): GridArray {
  const fail = (why: string): never => {
    throw new Error(`${name}, array "${array}": ${why}`);
  };
  const json = (key: string): unknown => {
    const bytes = read(`${array}/${key}`);
    return bytes ? JSON.parse(new TextDecoder().decode(bytes)) : undefined;
  };
  const meta = (json('.zarray') ?? fail('there is no .zarray (Zarr version 2 is read; version 3 is not)')) as Meta;
  const attributes = (json('.zattrs') ?? {}) as Record<string, unknown>;
  const type =
    /^([<>|])([fiu])([1248])$/.exec(meta.dtype) ?? fail(`type "${meta.dtype}" is not a number type that is read`);
  const [little, kind, size] = [type[1] !== '>', type[2], Number(type[3])];
  if (meta.order !== 'C') fail('only row-major order is read');
  if (meta.filters && meta.filters.length > 0) fail('filters are not read');
  const codec = meta.compressor?.id;
  if (codec !== undefined && codec !== 'zlib' && codec !== 'gzip')
    fail(`compressor "${codec}" is not read; write it with zlib, gzip or none`);
  if (codec !== undefined && !inflate) fail(`it is compressed with ${codec} and no way to inflate was given`);
  const { shape, chunks } = meta;
  const fill = typeof meta.fill_value === 'number' ? meta.fill_value : Number.NaN;
  const total = shape.reduce((s, n) => s * n, 1);
  const data = new Float64Array(total).fill(fill);
  const grid = shape.map((n, d) => Math.ceil(n / chunks[d]));
  const each = chunks.reduce((s, n) => s * n, 1);
  const missing = attributes['_FillValue'] ?? attributes['missing_value'];
  const scale = Number(attributes['scale_factor'] ?? 1);
  const offset = Number(attributes['add_offset'] ?? 0);
  const count = grid.reduce((s, n) => s * n, 1);
  for (let c = 0; c < count; c++) {
    const index = unravel(c, grid);
    const key = index.length === 0 ? '0' : index.join(meta.dimension_separator ?? '.');
    const packed = read(`${array}/${key}`);
    if (!packed) continue;
    const bytes = codec === 'zlib' || codec === 'gzip' ? (inflate?.(packed, codec) ?? packed) : packed;
    if (bytes.length !== each * size) fail(`chunk ${key} has ${bytes.length} bytes where ${each * size} were expected`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let e = 0; e < each; e++) {
      const inside = unravel(e, chunks);
      let flat = 0;
      let out = false;
      for (let d = 0; d < shape.length; d++) {
        const i = index[d] * chunks[d] + inside[d];
        if (i >= shape[d]) out = true;
        flat = flat * shape[d] + i;
      }
      if (!out) data[flat] = number(view, e * size, kind, size, little);
    }
  }
  for (let i = 0; i < total; i++) data[i] = data[i] === missing ? Number.NaN : data[i] * scale + offset;
  const dims = attributes['_ARRAY_DIMENSIONS'];
  return {
    dimensions: Array.isArray(dims) ? dims.map(String) : shape.map((_, d) => `dim_${d}`),
    shape: [...shape],
    data,
    units: String(attributes['units'] ?? ''),
  };
}

function unravel(flat: number, shape: readonly number[]): number[] {
  const out = new Array<number>(shape.length);
  let rest = flat;
  for (let d = shape.length - 1; d >= 0; d--) {
    out[d] = rest % shape[d];
    rest = Math.floor(rest / shape[d]);
  }
  return out;
}

function number(v: DataView, at: number, kind: string, size: number, little: boolean): number {
  if (kind === 'f') return size === 4 ? v.getFloat32(at, little) : size === 8 ? v.getFloat64(at, little) : Number.NaN;
  if (size === 8) return Number(kind === 'i' ? v.getBigInt64(at, little) : v.getBigUint64(at, little));
  if (size === 4) return kind === 'i' ? v.getInt32(at, little) : v.getUint32(at, little);
  if (size === 2) return kind === 'i' ? v.getInt16(at, little) : v.getUint16(at, little);
  return kind === 'i' ? v.getInt8(at) : v.getUint8(at);
}
