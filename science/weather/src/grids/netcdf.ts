// NetCDF classic files: CDF-1, CDF-2 (64-bit offsets) and CDF-5 (64-bit data), from bytes (NetCDF Users Guide, appendix B).
// Traps: everything is big-endian and padded to four bytes; record variables interleave, except a lone one, which is not padded; a value never
// written holds the fill value of its type, though no attribute says so.
import { type GridArray, type GridFile, unpack } from './array.ts';

const TAGS = { dimension: 10, variable: 11, attribute: 12 } as const;
const SIZES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8 };
const FLOAT = 5;
/** netcdf.h, NC_FILL_*: of the types wide enough for no measurement to meet them by chance. */
const FILLS: Readonly<Record<number, number>> = {
  4: -2147483647,
  5: Math.fround(9.969209968386869e36),
  6: 9.969209968386869e36,
};

/** Parses a file. Throws with what is wrong and at which byte; HDF5-based NetCDF-4 is named as such. `name` is for messages. */
export function parseNetcdf(bytes: Uint8Array, name: string): GridFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const fail = (why: string): never => {
    throw new Error(`${name}, byte ${at}: ${why}`);
  };
  const need = (n: number) => {
    if (at + n > bytes.length) fail(`the file ends where ${n} more bytes were expected`);
  };
  const starts = (text: string) => [...text].every((c, i) => bytes[i] === c.charCodeAt(0));
  if (starts('\x89HDF'))
    fail('this is NetCDF-4 (HDF5), which is not read; write it as NetCDF classic: nccopy -k cdf5 in.nc out.nc');
  if (starts('GRIB'))
    fail(
      'this is GRIB, which is not read; write it as NetCDF classic: cdo -f nc2 copy in.grib out.nc, or grib_to_netcdf -k 2',
    );
  if (!starts('CDF')) fail('this is not a NetCDF file');
  const version = bytes[3];
  if (version !== 1 && version !== 2 && version !== 5) fail(`version ${version} is not known (1, 2 and 5 are)`);
  at = 4;
  const int = () => {
    need(4);
    at += 4;
    return view.getInt32(at - 4);
  };
  const long = () => {
    need(8);
    at += 8;
    return Number(view.getBigInt64(at - 8));
  };
  const count = () => {
    const n = version === 5 ? long() : int();
    if (n < 0 || n > bytes.length) fail(`a count of ${n} cannot be`);
    return n;
  };
  const text = () => {
    const n = count();
    need(n);
    const s = new TextDecoder().decode(bytes.subarray(at, at + n));
    at += Math.ceil(n / 4) * 4;
    return s;
  };
  const value = (type: number, p: number): number => {
    switch (type) {
      case 1:
        return view.getInt8(p);
      case 3:
        return view.getInt16(p);
      case 4:
        return view.getInt32(p);
      case 5:
        return view.getFloat32(p);
      case 6:
        return view.getFloat64(p);
      case 7:
        return view.getUint8(p);
      case 8:
        return view.getUint16(p);
      case 9:
        return view.getUint32(p);
      case 10:
        return Number(view.getBigInt64(p));
      case 11:
        return Number(view.getBigUint64(p));
      default:
        return Number.NaN;
    }
  };
  const list = <T>(tag: number, read: () => T): T[] => {
    const found = int();
    const n = count();
    if (found === 0 && n === 0) return [];
    if (found !== tag) fail(`a list of kind ${tag} was expected, ${found} is there`);
    return Array.from({ length: n }, read);
  };
  const attributes = () =>
    new Map(
      list(TAGS.attribute, (): [string, string | number] => {
        const key = text();
        const type = int();
        const n = count();
        const size = SIZES[type] ?? fail(`type ${type} is not known`);
        need(n * size);
        const v =
          type === 2
            ? new TextDecoder().decode(bytes.subarray(at, at + n)).replace(/\0+$/, '')
            : n > 0
              ? value(type, at)
              : '';
        at += Math.ceil((n * size) / 4) * 4;
        return [key, v];
      }),
    );
  let records = version === 5 ? long() : int();
  const dimensions = list(TAGS.dimension, () => ({ name: text(), length: count() }));
  attributes();
  const headers = list(TAGS.variable, () => {
    const key = text();
    const dims = Array.from({ length: count() }, () => {
      const d = version === 5 ? long() : int();
      if (!dimensions[d]) fail(`variable "${key}" names dimension ${d}, which is not there`);
      return d;
    });
    const own = attributes();
    const type = int();
    const size = version === 5 ? long() : int();
    const begin = version === 1 ? int() : long();
    return { key, dims, own, type, size, begin };
  });
  const isRecord = (h: (typeof headers)[number]) => h.dims.length > 0 && dimensions[h.dims[0]].length === 0;
  const recordHeaders = headers.filter(isRecord);
  const width = (h: (typeof headers)[number]) =>
    h.dims.reduce((s, d, i) => s * (i === 0 && isRecord(h) ? 1 : dimensions[d].length), 1) * (SIZES[h.type] ?? 0);
  const padded = (n: number) => Math.ceil(n / 4) * 4;
  const stride =
    recordHeaders.length === 1 ? width(recordHeaders[0]) : recordHeaders.reduce((s, h) => s + padded(width(h)), 0);
  if (records < 0) records = stride > 0 ? Math.floor((bytes.length - recordHeaders[0].begin) / stride) : 0;
  const arrays = new Map<string, GridArray>();
  for (const h of headers) {
    if (h.type === 2) continue;
    const shape = h.dims.map((d, i) => (i === 0 && isRecord(h) ? records : dimensions[d].length));
    const total = shape.reduce((s, n) => s * n, 1);
    const one = SIZES[h.type];
    const per = width(h) / one;
    const last = isRecord(h) ? h.begin + Math.max(0, records - 1) * stride + width(h) : h.begin + total * one;
    if (total > 0 && last > bytes.length)
      throw new Error(`${name}: variable "${h.key}" ends at byte ${last}, the file at ${bytes.length}`);
    const { begin, type, own, key } = h;
    const record = isRecord(h);
    const read = (places: ArrayLike<number>): Float64Array => {
      const stored = new Float64Array(places.length);
      for (let k = 0; k < stored.length; k++) {
        const i = places[k];
        const place = record ? Math.floor(i / per) * stride + (i % per) * one : i * one;
        stored[k] = value(type, begin + place);
      }
      return unpack(stored, own, type === FLOAT, FILLS[type] === undefined ? [] : [FILLS[type]]);
    };
    arrays.set(key, { dimensions: h.dims.map(d => dimensions[d].name), shape, attributes: own, read });
  }
  return { name, arrays };
}
