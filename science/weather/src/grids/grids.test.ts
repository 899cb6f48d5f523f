import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, inflateSync } from 'node:zlib';
import { atStations, bilinear } from './grid.ts';
import { parseNetcdf } from './netcdf.ts';
import { readZarr } from './zarr.ts';

/** Writes a CDF-1 file by hand: time unlimited, lead, lat, lon; t2m in kelvin as packed shorts. */
function classicFile(): Uint8Array {
  const out: number[] = [];
  const int = (v: number) => out.push((v >>> 24) & 255, (v >>> 16) & 255, (v >>> 8) & 255, v & 255);
  const pad = () => {
    while (out.length % 4) out.push(0);
  };
  const text = (s: string) => {
    int(s.length);
    out.push(...new TextEncoder().encode(s));
    pad();
  };
  const doubles = (...v: number[]) => {
    const b = new DataView(new ArrayBuffer(8 * v.length));
    v.forEach((x, i) => {
      b.setFloat64(8 * i, x);
    });
    out.push(...new Uint8Array(b.buffer));
  };
  out.push(0x43, 0x44, 0x46, 1);
  int(2);
  int(10);
  int(4);
  for (const [n, l] of [
    ['time', 0],
    ['lead', 1],
    ['lat', 2],
    ['lon', 2],
  ] as const) {
    text(n);
    int(l);
  }
  int(0);
  int(0);
  int(11);
  int(5);
  const begins: number[] = [];
  const variable = (
    name: string,
    dims: number[],
    attributes: [string, string | number][],
    type: number,
    size: number,
  ) => {
    text(name);
    int(dims.length);
    for (const d of dims) int(d);
    int(attributes.length ? 12 : 0);
    int(attributes.length);
    for (const [k, v] of attributes) {
      text(k);
      if (typeof v === 'string') {
        int(2);
        text(v);
      } else {
        int(6);
        int(1);
        doubles(v);
      }
    }
    int(type);
    int(size);
    begins.push(out.length);
    int(0);
  };
  variable('time', [0], [['units', 'hours since 2000-01-01 00:00']], 4, 4);
  variable('lead', [1], [['units', 'days']], 6, 8);
  variable('lat', [2], [['units', 'degrees']], 6, 16);
  variable('lon', [3], [], 6, 16);
  variable(
    't2m',
    [0, 1, 2, 3],
    [
      ['units', 'K'],
      ['scale_factor', 0.5],
      ['add_offset', 273.15],
    ],
    3,
    8,
  );
  const begin = (i: number) => {
    const at = out.length;
    [24, 16, 8, 0].forEach((s, k) => {
      out[begins[i] + k] = (at >>> s) & 255;
    });
  };
  begin(1);
  doubles(1);
  begin(2);
  doubles(51, 50);
  begin(3);
  doubles(4, 6);
  begin(0);
  const first = out.length;
  for (const [time, base] of [
    [24, 0],
    [48, 40],
  ]) {
    int(time);
    if (out.length - first === 4) begin(4);
    for (const v of [2, 4, 6, 8]) out.push(((v + base) >> 8) & 255, (v + base) & 255);
  }
  return Uint8Array.from(out);
}

const station = { name: 'MID', latitude: 50.5, longitude: 5, elevationM: 0 };

test('a classic file with an unlimited dimension and packed kelvin gives celsius at a station', () => {
  const rows = atStations(parseNetcdf(classicFile(), 'f.nc'), 't2m', [station]);
  assert.deepEqual(
    rows.map(r => [r.issuedDay - 10957, r.leadDays, Number(r.mean.toFixed(9)), r.variance]),
    [
      [1, 1, 2.5, 0],
      [2, 1, 22.5, 0],
    ],
  );
});

test('a cut file, an HDF5 file and other bytes are named as what they are', () => {
  const whole = classicFile();
  for (const n of [10, 60, 200, whole.length - 4])
    assert.throws(() => parseNetcdf(whole.subarray(0, n), 'f.nc'), /f\.nc/);
  assert.throws(() => parseNetcdf(Uint8Array.of(0x89, 0x48, 0x44, 0x46), 'f.nc'), /NetCDF-4 \(HDF5\)/);
  assert.throws(() => parseNetcdf(new TextEncoder().encode('hello'), 'f.nc'), /not a NetCDF file/);
});

test('zarr chunks, whole, ragged, compressed and absent', () => {
  const store = new Map<string, Uint8Array>();
  const put = (key: string, v: unknown) =>
    store.set(key, v instanceof Uint8Array ? v : new TextEncoder().encode(JSON.stringify(v)));
  const array = (
    name: string,
    shape: number[],
    chunks: number[],
    dims: string[],
    units: string,
    data: number[],
    compressed: boolean,
  ) => {
    put(`${name}/.zarray`, {
      zarr_format: 2,
      shape,
      chunks,
      dtype: '<f8',
      compressor: compressed ? { id: 'zlib', level: 1 } : null,
      fill_value: 'NaN',
      order: 'C',
      filters: null,
    });
    put(`${name}/.zattrs`, { _ARRAY_DIMENSIONS: dims, units });
    const bytes = new Uint8Array(Float64Array.from(data).buffer);
    put(`${name}/${shape.map(() => 0).join('.')}`, compressed ? new Uint8Array(deflateSync(bytes)) : bytes);
  };
  array('time', [1], [1], ['time'], 'days since 2000-01-01', [5], false);
  array('step', [1], [1], ['step'], 'hours', [48], false);
  array('latitude', [2], [2], ['latitude'], '', [50, 51], false);
  array('longitude', [2], [2], ['longitude'], '', [4, 6], false);
  // Two members in chunks of one, the second chunk is absent and reads as missing.
  array(
    't',
    [1, 1, 2, 2, 2],
    [1, 1, 1, 2, 2],
    ['time', 'step', 'number', 'latitude', 'longitude'],
    'degC',
    [1, 2, 3, 4],
    true,
  );
  const names = ['time', 'step', 'latitude', 'longitude', 't'];
  const inflate = (b: Uint8Array) => new Uint8Array(inflateSync(b));
  const one = atStations(
    readZarr(k => store.get(k), names, 'z', inflate),
    't',
    [station],
  );
  assert.ok(one.length === 1 && Number.isNaN(one[0].mean));
  put('t/0.0.1.0.0', new Uint8Array(deflateSync(new Uint8Array(Float64Array.from([3, 4, 5, 6]).buffer))));
  const both = atStations(
    readZarr(k => store.get(k), names, 'z', inflate),
    't',
    [station],
  );
  assert.deepEqual(
    both.map(r => [r.leadDays, r.mean, r.variance]),
    [[2, 3.5, 2]],
  );
  assert.throws(() => readZarr(k => store.get(k), names, 'z'), /compressed with zlib/);
  assert.throws(() => readZarr(k => store.get(k), ['nothing'], 'z'), /array "nothing": there is no \.zarray/);
});

test('stations outside the grid are named; longitudes go round', () => {
  const lat = Float64Array.of(50, 51);
  assert.throws(
    () => bilinear(lat, Float64Array.of(0, 1), { ...station, latitude: 60 }, 'g'),
    /station MID .* latitudes/,
  );
  assert.throws(() => bilinear(lat, Float64Array.of(10, 11), station, 'g'), /longitudes/);
  const globe = Float64Array.from({ length: 36 }, (_, i) => 10 * i);
  const corners = bilinear(lat, globe, { ...station, longitude: -5 }, 'g');
  assert.deepEqual(new Set(corners.map(c => c.x)), new Set([35, 0]));
  assert.ok(Math.abs(corners.reduce((s, c) => s + c.weight, 0) - 1) < 1e-12);
});
