// How a Zarr array lies in its store: its metadata (.zarray and .zattrs of version 2, zarr.json of version 3) as one checked form.
// Traps: xarray takes version 2's fill_value for the marker of missing values, version 3's for what it says; version 3 writes markers in base64.
import type { Store } from './zarr.ts';

export type Codec = 'zlib' | 'gzip' | 'zstd' | 'blosc' | 'lz4' | 'crc32c';
const CODECS: readonly string[] = ['zlib', 'gzip', 'zstd', 'blosc', 'lz4', 'crc32c'] satisfies Codec[];

export interface Layout {
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  /** Of the numbers inside a chunk, per dimension. */
  readonly strides: readonly number[];
  readonly type: { readonly kind: 'f' | 'i' | 'u'; readonly bytes: number; readonly little: boolean };
  /** What absent chunks hold, and stored numbers that mean missing. */
  readonly fill: number;
  readonly missing: readonly number[];
  /** In the order in which they were applied to a chunk's bytes. */
  readonly codecs: readonly Codec[];
  /** Chunks of a shard in each dimension. */
  readonly shard?: { readonly per: readonly number[]; readonly indexAtEnd: boolean; readonly checksum: boolean };
  readonly key: (index: readonly number[]) => string;
  readonly dimensions: readonly string[];
  readonly attributes: ReadonlyMap<string, string | number>;
  /** Why the values cannot be read, if so: other arrays of the group may still serve. */
  readonly unread?: string;
}

interface Named {
  readonly name: string;
  readonly configuration?: Readonly<Record<string, unknown>>;
}

/** Undefined for a group. Throws naming the file that is no metadata. */
export function layout(store: Store, array: string, name: string): Layout | undefined {
  const json = (key: string): Record<string, unknown> | undefined => {
    const bytes = store.read(`${array}/${key}`);
    if (!bytes) return undefined;
    try {
      // Python writes bare NaN for a fill value.
      return JSON.parse(new TextDecoder().decode(bytes).replace(/:\s*(-?Infinity|NaN)/g, ': "$1"'));
    } catch (error) {
      throw new Error(`${name}: ${array}/${key} is not JSON`, { cause: error });
    }
  };
  const two = json('.zarray');
  if (two) return ofVersion2(two, json('.zattrs') ?? {});
  const three = json('zarr.json');
  return three?.['node_type'] === 'array' ? ofVersion3(three) : undefined;
}

function ofVersion2(meta: Record<string, unknown>, attributes: Record<string, unknown>): Layout {
  const [shape, chunks] = [meta['shape'] as number[], meta['chunks'] as number[]];
  const type = /^([<>|])([fiu])([1248])$/.exec(String(meta['dtype']));
  const compressor = (meta['compressor'] as { id: string } | null)?.id;
  const filters = ((meta['filters'] ?? []) as { id: string }[]).map(f => f.id);
  const fill = numeric(meta['fill_value']);
  const dims = attributes['_ARRAY_DIMENSIONS'];
  const bad = [
    !type && `type ${JSON.stringify(meta['dtype'])} is not a number type that is read`,
    filters.length > 0 && `filter "${filters[0]}" is not read; write it without filters`,
    compressor !== undefined && notRead(compressor),
  ].find(Boolean);
  const separator = String(meta['dimension_separator'] ?? '.');
  return {
    shape,
    chunks,
    strides: stridesOf(chunks, meta['order'] === 'F' ? chunks.map((_, d) => chunks.length - 1 - d) : undefined),
    type: { kind: (type?.[2] ?? 'f') as 'f', bytes: Number(type?.[3] ?? 8), little: type?.[1] !== '>' },
    fill,
    missing: fill === 0 ? [] : [fill],
    codecs: compressor === undefined ? [] : [compressor as Codec],
    key: index => (index.length === 0 ? '0' : index.join(separator)),
    dimensions: Array.isArray(dims) ? dims.map(String) : shape.map((_, d) => `dim_${d}`),
    attributes: plain(attributes),
    ...(bad ? { unread: bad } : {}),
  };
}

function ofVersion3(meta: Record<string, unknown>): Layout {
  const shape = meta['shape'] as number[];
  const grid = meta['chunk_grid'] as Named;
  const outer = (grid.configuration?.['chunk_shape'] ?? shape) as number[];
  const encoding = (meta['chunk_key_encoding'] ?? { name: 'default' }) as Named;
  const separator = String(encoding.configuration?.['separator'] ?? (encoding.name === 'v2' ? '.' : '/'));
  const type = /^(float|int|uint)(8|16|32|64)$/.exec(typeof meta['data_type'] === 'string' ? meta['data_type'] : '');
  let codecs = meta['codecs'] as Named[];
  const sharding = codecs.length === 1 && codecs[0].name === 'sharding_indexed' ? codecs[0].configuration : undefined;
  const chunks = (sharding?.['chunk_shape'] ?? outer) as number[];
  if (sharding) codecs = sharding['codecs'] as Named[];
  const transposed = codecs.find(c => c.name === 'transpose')?.configuration?.['order'] as number[] | undefined;
  const bytes = codecs
    .filter(c => c.name !== 'transpose' && c.name !== 'bytes')
    .map(c => c.name.replace(/^numcodecs\./, ''));
  const bad = [
    !type && `type ${JSON.stringify(meta['data_type'])} is not a number type that is read`,
    grid.name !== 'regular' && `chunk grid "${grid.name}" is not read; regular is`,
    ...bytes.map(notRead),
  ].find(Boolean);
  const attributes = (meta['attributes'] ?? {}) as Record<string, unknown>;
  const dims = (meta['dimension_names'] ?? attributes['_ARRAY_DIMENSIONS']) as unknown[] | undefined;
  const endian = codecs.find(c => c.name === 'bytes')?.configuration?.['endian'];
  return {
    shape,
    chunks,
    strides: stridesOf(chunks, transposed),
    type: {
      kind: type?.[1] === 'float' ? 'f' : type?.[1] === 'uint' ? 'u' : 'i',
      bytes: Number(type?.[2] ?? 64) / 8,
      little: endian !== 'big',
    },
    fill: numeric(meta['fill_value']),
    missing: [],
    codecs: bytes as Codec[],
    ...(sharding
      ? {
          shard: {
            per: outer.map((n, d) => n / chunks[d]),
            indexAtEnd: sharding['index_location'] !== 'start',
            checksum: ((sharding['index_codecs'] ?? []) as Named[]).some(c => c.name === 'crc32c'),
          },
        }
      : {}),
    key: index => (encoding.name === 'v2' ? index.join(separator) || '0' : ['c', ...index].join(separator)),
    dimensions: dims ? dims.map((d, i) => String(d ?? `dim_${i}`)) : shape.map((_, d) => `dim_${d}`),
    attributes: plain(attributes),
    ...(bad ? { unread: bad } : {}),
  };
}

const notRead = (codec: string): string | false =>
  !CODECS.includes(codec) && `compressor "${codec}" is not read; write it with zstd, zlib, gzip, lz4, blosc or none`;

/** Of a chunk whose dimensions were stored in another order. */
function stridesOf(chunks: readonly number[], order = chunks.map((_, d) => d)): number[] {
  const strides = new Array<number>(chunks.length).fill(1);
  let s = 1;
  for (const d of [...order].reverse()) {
    strides[d] = s;
    s *= chunks[d];
  }
  return strides;
}

/** A fill value: a number, or NaN and the infinities as text; null and what else there is are NaN. */
function numeric(v: unknown): number {
  return typeof v === 'number'
    ? v
    : v === 'Infinity'
      ? Number.POSITIVE_INFINITY
      : v === '-Infinity'
        ? Number.NEGATIVE_INFINITY
        : Number.NaN;
}

function plain(attributes: Record<string, unknown>): Map<string, string | number> {
  return new Map(
    Object.entries(attributes).flatMap(([k, v]): [string, string | number][] => {
      const marker = k === '_FillValue' || k === 'missing_value';
      if (marker && typeof v === 'string') return [[k, base64Number(v)]];
      return typeof v === 'string' || typeof v === 'number' ? [[k, v]] : [];
    }),
  );
}

/** A marker as xarray writes it beside version 3: eight bytes in base64; NaN also as text. */
function base64Number(text: string): number {
  if (!/^[A-Za-z0-9+/]{11}=$/.test(text)) return numeric(text);
  const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
  return new DataView(bytes.buffer).getFloat64(0, true);
}
