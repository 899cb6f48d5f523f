// What every reader of gridded files gives: arrays that are read where they are wanted, since a station needs four points of a globe.

export interface GridArray {
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
  readonly attributes: ReadonlyMap<string, string | number>;
  /** Values at places of the flat, row-major array, unpacked (CF scale_factor, add_offset); NaN where missing. Throws on what cannot be decoded. */
  read(places: ArrayLike<number>): Float64Array;
}

export interface GridFile {
  readonly name: string;
  readonly arrays: ReadonlyMap<string, GridArray>;
}

/** Bytes of a compressed stretch; given by the caller, since science/ knows no platform. */
export type Inflate = (bytes: Uint8Array, codec: 'zlib' | 'gzip' | 'zstd') => Uint8Array;

/** All of a small array, such as a coordinate. */
export const readAll = (a: GridArray): Float64Array =>
  a.read(Int32Array.from({ length: a.shape.reduce((s, n) => s * n, 1) }, (_, i) => i));

export const textOf = (a: GridArray, attribute: string): string => String(a.attributes.get(attribute) ?? '').trim();

/**
 * Stored numbers to values as the CF conventions (section 8.1 and 2.5.1) say: what equals a fill or missing value is NaN, the rest is scaled.
 * `single`: the numbers were stored with 32 bits, so that a marker of 64 bits has to be rounded before it can be met. `also`: markers of the format.
 */
export function unpack(
  stored: Float64Array,
  attributes: ReadonlyMap<string, string | number>,
  single: boolean,
  also: readonly number[],
): Float64Array {
  const markers = ['_FillValue', 'missing_value'].map(k => attributes.get(k)).filter(v => typeof v === 'number');
  const missing = [...also, ...markers].map(v => (single ? Math.fround(v) : v));
  const scale = Number(attributes.get('scale_factor') ?? 1);
  const offset = Number(attributes.get('add_offset') ?? 0);
  return stored.map(v => (missing.includes(v) ? Number.NaN : v * scale + offset));
}
