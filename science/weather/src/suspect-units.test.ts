import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv, random } from '@madang/numerics';
import { parseDaily, parseStations } from './network.ts';
import { suspectUnits } from './suspect-units.ts';

const stations = parseStations(
  parseCsv('station,latitude,longitude,elevation_m\nA,50,0,0\nB,50,1,0\nC,50,2,0\n'),
  's.csv',
);
/** Forty days of one variable at three stations, made of standard normals. */
function network(variable: string, make: (z: number, station: number, day: number) => number) {
  const r = random(variable);
  const lines = Array.from({ length: 40 }, (_, d) => {
    const date = `2001${d < 31 ? '01' : '02'}${String(d < 31 ? d + 1 : d - 30).padStart(2, '0')}`;
    return [date, ...[0, 1, 2].map(s => make(r.normal(), s, d).toFixed(4))].join(',');
  });
  const text = [`DATE,A_${variable},B_${variable},C_${variable}`, ...lines, ''].join('\n');
  return suspectUnits(parseDaily(stations, [{ file: 'd.csv', table: parseCsv(text, 'd.csv') }]));
}

test('files in other units are named with row, column, unit and what to do', () => {
  const cases: [string, (z: number) => number, RegExp][] = [
    ['temp_mean', z => 285 + 5 * z, /^d\.csv, row 2, column "A_temp_mean": .*kelvin: take 273\.15 away \(3 of 3/],
    ['temp_max', z => 70 + 9 * z, /degrees Fahrenheit: write \(x - 32\) \/ 1\.8/],
    ['temp_min', z => 120 + 40 * z, /tenths of a degree: divide by 10/],
    ['pressure', z => 1013 + 8 * z, /hPa: divide by 1000/],
    ['humidity', z => 70 + 9 * z, /per cent: divide by 100/],
    [
      'precipitation',
      z => Math.max(0, 6 * z),
      /more than precipitation has at nearly any place in cm; it looks like mm/,
    ],
    ['wind_speed', z => Math.max(0, 13 + 5 * z), /it looks like km\/h: divide by 3\.6/],
  ];
  for (const [variable, make, why] of cases) {
    const { all, some } = network(variable, make);
    assert.deepEqual([all.length, some], [1, []], variable);
    assert.match(all[0], why);
  }
});

test('right units, a few broken values, codes for missing and one broken station stop nothing', () => {
  const fine: [string, (z: number, station: number, day: number) => number][] = [
    ['temp_mean', (z, _, d) => (d % 3 === 0 ? -999 : d === 7 ? 999 : 10 + 9 * z)],
    ['precipitation', z => Math.max(0, 0.6 * z)],
    ['wind_speed', z => Math.abs(5 + 2 * z)],
    ['pressure', z => 1.013 + 0.008 * z],
  ];
  for (const [variable, make] of fine) assert.deepEqual(network(variable, make), { all: [], some: [] }, variable);
  const one = network('temp_mean', (z, s) => (s === 1 ? 1000 : 1) * (12 + 4 * z));
  assert.equal(one.all.length, 0);
  assert.match(one.some.join(), /column "B_temp_mean".*\d+ of 40 values are not what temp_mean can be/);
});

test('two members that send nonsense stop nobody, though the variable has but three columns', () => {
  const { all, some } = network('wind_speed', (z, s) => (s > 0 ? 1e4 * z : Math.abs(5 + 2 * z)));
  assert.deepEqual(all, []);
  assert.equal(some.length, 2);
});
