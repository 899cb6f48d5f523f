import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atStations } from './grid.ts';
import { parseNetcdf } from './netcdf.ts';
import { bilinear } from './places.ts';
import { gridOf } from './testing.ts';

/** Writes a classic file by hand, CDF-1, CDF-2 or CDF-5: time unlimited, lead, lat, lon; t2m in kelvin as packed shorts. */
function classicFile(version: 1 | 2 | 5 = 1): Uint8Array {
  const out: number[] = [];
  const int = (v: number) => out.push((v >>> 24) & 255, (v >>> 16) & 255, (v >>> 8) & 255, v & 255);
  /** Counts are of 64 bits in CDF-5, places in CDF-2 as well. */
  const count = (v: number) => {
    if (version === 5) int(0);
    int(v);
  };
  const pad = () => {
    while (out.length % 4) out.push(0);
  };
  const text = (s: string) => {
    count(s.length);
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
  out.push(0x43, 0x44, 0x46, version);
  count(2);
  int(10);
  count(4);
  for (const [n, l] of [
    ['time', 0],
    ['lead', 1],
    ['lat', 2],
    ['lon', 2],
  ] as const) {
    text(n);
    count(l);
  }
  int(0);
  count(0);
  int(11);
  count(5);
  const begins: number[] = [];
  const variable = (
    name: string,
    dims: number[],
    attributes: [string, string | number][],
    type: number,
    size: number,
  ) => {
    text(name);
    count(dims.length);
    for (const d of dims) count(d);
    int(attributes.length ? 12 : 0);
    count(attributes.length);
    for (const [k, v] of attributes) {
      text(k);
      if (typeof v === 'string') {
        int(2);
        text(v);
      } else {
        int(6);
        count(1);
        doubles(v);
      }
    }
    int(type);
    count(size);
    if (version !== 1) int(0);
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
  for (const version of [1, 2, 5] as const) {
    const got = atStations(parseNetcdf(classicFile(version), 'f.nc'), ['t2m'], 'temp_mean', [station]);
    assert.deepEqual(
      got.forecasts.map(f =>
        [f.issuedDay - 10957, f.issuedHour, f.leadDays, ...f.members].map(v => Number(v.toFixed(9))),
      ),
      [
        [1, 0, 1, 2.5],
        [2, 0, 1, 22.5],
      ],
    );
  }
});

test('a cut file, an HDF5 file and other bytes are named as what they are', () => {
  const whole = classicFile();
  for (const n of [10, 60, 200, whole.length - 4])
    assert.throws(() => parseNetcdf(whole.subarray(0, n), 'f.nc'), /f\.nc/);
  assert.throws(() => parseNetcdf(Uint8Array.of(0x89, 0x48, 0x44, 0x46), 'f.nc'), /NetCDF-4 \(HDF5\).*nccopy/);
  assert.throws(() => parseNetcdf(new TextEncoder().encode('GRIB2'), 'f.nc'), /GRIB.*cdo/);
  assert.throws(() => parseNetcdf(new TextEncoder().encode('hello'), 'f.nc'), /not a NetCDF file/);
});

const MID = { ...station, latitude: 50, longitude: 5 };
/** One issue at 2000-01-01 00:00, steps every 6 hours to 48, on four points with one value; changed as asked. */
function file(change: { [array: string]: Partial<Parameters<typeof gridOf>[0][string]> | undefined } = {}) {
  const steps = Array.from({ length: 8 }, (_, i) => 6 * (i + 1));
  const arrays: Parameters<typeof gridOf>[0] = {
    time: { dims: ['time'], shape: [1], data: [0], attributes: { units: 'hours since 2000-01-01 00:00:00' } },
    step: { dims: ['step'], shape: [8], data: steps, attributes: { units: 'hours' } },
    latitude: { dims: ['latitude'], shape: [2], data: [50, 49], attributes: {} },
    longitude: { dims: ['longitude'], shape: [2], data: [4, 6], attributes: {} },
    x: {
      dims: ['time', 'step', 'latitude', 'longitude'],
      shape: [1, 8, 2, 2],
      data: steps.flatMap(h => [h, h, h, h]),
      attributes: { units: 'degC' },
    },
  };
  for (const [name, by] of Object.entries(change))
    arrays[name] = { ...(arrays[name] ?? arrays['time']), ...by } as never;
  return gridOf(arrays);
}
const days = (g: ReturnType<typeof file>, variable = 'temp_mean', options = {}) =>
  atStations(g, ['x'], variable, [MID], options).forecasts.map(f => [
    f.issuedDay - 10957,
    f.leadDays,
    ...[...f.members].map(v => Number(v.toFixed(6))),
  ]);

test('steps become whole days: mean, least, most; the day that is forecast in part is left out', () => {
  assert.deepEqual(days(file()), [[0, 1, 33]]);
  assert.deepEqual(days(file(), 'temp_min'), [[0, 1, 24]]);
  assert.deepEqual(days(file(), 'temp_max'), [[0, 1, 42]]);
  // Each step stands for the six hours before it: two whole days.
  const ended = file({ x: { attributes: { units: 'degC', GRIB_stepType: 'max' } } });
  assert.deepEqual(days(ended, 'temp_max'), [
    [0, 0, 24],
    [0, 1, 48],
  ]);
  // Issued at noon, and days that begin at noon.
  const noon = file({ time: { data: [12] } });
  assert.deepEqual(days(noon), [[0, 1, 21]]);
  assert.deepEqual(days(noon, 'temp_mean', { dayStart: 12 }), [[0, 1, 33]]);
});

test('rain: running totals and amounts of steps are told apart; metres, millimetres and rates', () => {
  const rain = (data: number[], units: string) =>
    days(file({ x: { data: data.flatMap(v => [v, v, v, v]), attributes: { units } } }), 'precipitation');
  const both = [
    [0, 0, 0.7],
    [0, 1, 0.2],
  ];
  assert.deepEqual(rain([1, 3, 6, 7, 7, 7, 8, 9], 'mm'), both);
  assert.deepEqual(rain([1, 2, 3, 1, 0, 0, 1, 1], 'kg m**-2'), both);
  assert.deepEqual(
    rain(
      [1, 3, 6, 7, 7, 7, 8, 9].map(v => v / 1000),
      'm',
    ),
    both,
  );
  const rate = rain(
    [1, 1, 1, 1, 1, 1, 1, 1].map(v => v / 86400),
    'kg m-2 s-1',
  );
  assert.deepEqual(rate, [[0, 1, 0.1]]);
});

test('time of issue: as a scalar beside valid times, as GraphCast writes it, and not at all', () => {
  const steps = Array.from({ length: 8 }, (_, i) => 6 * (i + 1));
  const along = (of: string) => ({ dims: [of, 'latitude', 'longitude'], shape: [8, 2, 2] });
  const hours = { units: 'hours since 2000-01-01' };
  const valid = {
    time: { dims: ['time'], shape: [8], data: steps, attributes: hours },
    step: { dims: ['nothing'] },
    x: along('time'),
  };
  const reference = {
    dims: [],
    shape: [],
    data: [0],
    attributes: { ...hours, standard_name: 'forecast_reference_time' },
  };
  assert.deepEqual(days(file({ ...valid, start: reference })), [[0, 1, 33]]);
  assert.throws(() => days(file(valid)), /nothing when they were made.*forecast_reference_time/);
  const graphcast = file({
    time: { dims: ['time'], shape: [8], data: steps, attributes: { units: 'hours' } },
    step: { dims: ['nothing'] },
    datetime: { dims: ['batch', 'time'], shape: [1, 8], data: steps.map(h => h + 24), attributes: hours },
    x: { dims: ['batch', 'time', 'latitude', 'longitude'] },
  });
  assert.deepEqual(days(graphcast), [[1, 1, 33]]);
  const units = (u: string) => file({ time: { attributes: { units: u } } });
  assert.deepEqual(days(units('days since 1999-12-31T18:00:00Z')), [
    [-1, 1, 15],
    [-1, 2, 39],
  ]);
  assert.throws(() => days(units('fortnights since 2000-01-01')), /"time": the units are "fortnights/);
  assert.throws(
    () => days(file({ time: { attributes: { units: 'hours since 2000-01-01', calendar: 'noleap' } } })),
    /calendar "noleap"/,
  );
});

test('dimensions that are none of time, lead, place and member have to be chosen; members are kept, missing ones too', () => {
  const steps = Array.from({ length: 8 }, (_, i) => 6 * (i + 1));
  const deep = file({
    level: { dims: ['level'], shape: [2], data: [500, 850], attributes: {} },
    x: {
      dims: ['time', 'step', 'level', 'latitude', 'longitude'],
      shape: [1, 8, 2, 2, 2],
      data: steps.flatMap(h => [h, h, h, h, h + 1, h + 1, h + 1, h + 1]),
    },
  });
  assert.throws(() => days(deep), /"level" has 2 values \(500, 850\).*--select level=500/);
  assert.deepEqual(days(deep, 'temp_mean', { select: new Map([['level', 850]]) }), [[0, 1, 34]]);
  const ensemble = file({
    x: {
      dims: ['time', 'step', 'realization', 'latitude', 'longitude'],
      shape: [1, 8, 2, 2, 2],
      data: steps.flatMap(h => [h, h, h, h, h === 24 ? Number.NaN : h, h, h, h]),
    },
  });
  assert.deepEqual(days(ensemble), [[0, 1, 33, Number.NaN]]);
});

test('units that are missing, unknown or wrong are named; a wind comes from its parts', () => {
  const x = (attributes: Record<string, string>) => file({ x: { attributes } });
  assert.throws(() => days(x({})), /no attribute "units"; say them, e\.g\. --units "K"/);
  assert.throws(
    () => days(x({ units: 'm s-1' })),
    /the units are "m s-1", which is no unit of temp_mean \(K, deg C, deg F\)/,
  );
  assert.throws(
    () => days(x({ units: 'K' })),
    /-240\.15 deg C at MID, issue 1, 1 days ahead, is not what temp_mean can be/,
  );
  assert.deepEqual(days(x({ units: 'K' }), 'temp_mean', { units: 'degF' }), [[0, 1, 0.555556]]);
  const wind = file({
    y: {
      dims: ['time', 'step', 'latitude', 'longitude'],
      shape: [1, 8, 2, 2],
      data: new Array(32).fill(3),
      attributes: { units: 'm s**-1' },
    },
    x: { data: new Array(32).fill(-4), attributes: { units: 'm s**-1' } },
  });
  assert.deepEqual([...atStations(wind, ['x', 'y'], 'wind_speed', [MID]).forecasts[0].members], [5]);
});

test('scattered and bent grids give the nearest point; stations outside are named, all outside is refused', () => {
  const scattered = file({
    latitude: { dims: ['values'], shape: [4], data: [50, 50, 49, 49], attributes: {} },
    longitude: { dims: ['values'], shape: [4], data: [364, 6, 4, 6], attributes: {} },
    x: { dims: ['time', 'step', 'values'], shape: [1, 8, 4] },
  });
  const near = { ...MID, name: 'NEAR', latitude: 50.1, longitude: 4.1 };
  const far = { ...MID, name: 'FAR', latitude: 10 };
  const got = atStations(scattered, ['x'], 'temp_mean', [near, far]);
  assert.deepEqual([got.forecasts.length, got.outside, /nearest/.test(got.read)], [1, ['FAR'], true]);
  assert.throws(
    () => atStations(file(), ['x'], 'temp_mean', [far]),
    /all stations lie outside the grid, the first FAR/,
  );
});

test('longitudes go round; a region cut from 0 to 360 degrees has a gap that nothing crosses', () => {
  const at = (lat: number[], lon: number[], s: Partial<typeof station>) =>
    bilinear(Float64Array.from(lat), Float64Array.from(lon), { ...station, ...s });
  assert.equal(at([50, 51], [0, 1], { latitude: 60 }), undefined);
  assert.equal(at([50, 51], [10, 11], {}), undefined);
  const globe = Array.from({ length: 36 }, (_, i) => 10 * i);
  const corners = at([50, 51], globe, { longitude: -5 })!;
  assert.deepEqual(new Set(corners.map(c => c.x)), new Set([35, 0]));
  assert.ok(Math.abs(corners.reduce((s, c) => s + c.weight, 0) - 1) < 1e-12);
  const cut = [0, 1, 2, 3, 357, 358, 359];
  const xs = (longitude: number) => new Set(at([50, 51], cut, { longitude })?.map(c => cut[c.x]));
  assert.deepEqual(xs(-0.5), new Set([359, 0]));
  assert.deepEqual(xs(-1.5), new Set([358, 359]));
  assert.deepEqual(xs(2.5), new Set([2, 3]));
  assert.equal(at([50, 51], cut, { longitude: 20 }), undefined);
});
