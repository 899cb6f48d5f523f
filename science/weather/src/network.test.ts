import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '@madang/numerics';
import { gate } from './gate.ts';
import { release } from './neighbours/release.ts';
import { parseDaily, parseStations } from './network.ts';
import { plainSum } from './secure-sum.ts';
import { madeUpNetwork } from './simulate.ts';

const stations = parseStations(
  parseCsv('station,latitude,longitude,elevation_m\nDE,52,5,2\nDE_BILT,52.1,5.18,2\nOSLO,59.9,10.7,94\n'),
  's.csv',
);
const daily = (text: string) => parseDaily(stations, [{ file: 'd.csv', table: parseCsv(text, 'd.csv') }]);

test('a column belongs to the longest station name that fits', () => {
  const n = daily('DATE,DE_BILT_temp_mean,DE_temp_mean\n20000101,1,2\n');
  assert.deepEqual(
    n.series.map(s => n.stations[s.station].name),
    ['DE_BILT', 'DE'],
  );
});

test('what is wrong is named with row and column', () => {
  assert.throws(() => daily('DATE,PARIS_temp_mean\n20000101,1\n'), /PARIS_temp_mean/);
  assert.throws(() => daily('DATE,OSLO_temp_mean\n20000101,1\n20000230,1\n'), /row 3, column "DATE"/);
  assert.throws(() => daily('DATE,OSLO_temp_mean\n20000101,1\n20000101,1\n'), /already in row 2/);
  assert.throws(() => daily('DATE,OSLO_temp_mean,OSLO_temp_mean\n20000101,1,2\n'), /"OSLO_temp_mean" is there twice/);
  assert.throws(() => daily('DATE,OSLO_temp_mean\n20000101,warm\n'), /row 2, column "OSLO_temp_mean"/);
  assert.throws(() => daily('DATE,OSLO_temp_mean\n20000101,1\n99990101,1\n'), /over 200 years/);
  assert.throws(
    () => parseStations(parseCsv('station,latitude,longitude,elevation_m\nA,95,5,2\n'), 's.csv'),
    /row 2, column "latitude"/,
  );
});

test('two files that contradict each other are refused, that agree are joined', () => {
  const file = (name: string, text: string) => ({ file: name, table: parseCsv(text, name) });
  const a = file('a.csv', 'DATE,OSLO_temp_mean\n20000101,1\n');
  const joined = parseDaily(stations, [a, file('b.csv', 'DATE,OSLO_temp_mean\n20000103,3\n')]);
  assert.deepEqual([...joined.series[0].values], [1, Number.NaN, 3]);
  assert.throws(
    () => parseDaily(stations, [a, file('b.csv', 'DATE,OSLO_temp_mean\n20000101,2\n')]),
    /another row of the same day/,
  );
});

test('the gate stops what is stuck, from the fifth day on, as a feature and not as a target', () => {
  const rows = [3, 7, 7, 7, 7, 7, 7, 8].map((v, i) => `2000010${i + 1},${v},${i < 2 ? i : 8}`);
  const g = gate(daily(`DATE,OSLO_temp_mean,OSLO_cloud_cover\n${rows.join('\n')}\n`), 8);
  assert.deepEqual(
    g.issues.map(i => [i.row, i.column, i.rule]),
    [
      [7, 'OSLO_temp_mean', 'stuck'],
      [8, 'OSLO_temp_mean', 'stuck'],
    ],
  );
  assert.deepEqual(
    [...g.z[0]].map(Number.isNaN),
    [0, 1, 2, 3, 4, 5, 6, 7].map(i => i === 5 || i === 6),
  );
  assert.equal(g.network.series[0].values[5], 7);
});

test('temperatures out of order are stopped as features, unless the training days of that station are like that', () => {
  const rows = (lag: (d: number) => number) =>
    Array.from({ length: 30 }, (_, d) => {
      const low = 3 + (d % 7);
      return `${20000101 + d},${low},${low + 2 + lag(d)},${low + 5}`;
    }).join('\n');
  const gated = (lag: (d: number) => number) =>
    gate(daily(`DATE,OSLO_temp_min,OSLO_temp_mean,OSLO_temp_max\n${rows(lag)}\n`), 20);
  const wrong = gated(d => (d === 25 ? 3 : 0));
  assert.deepEqual(
    wrong.issues.map(i => [i.row, i.column, i.rule]),
    [[27, 'OSLO_temp_min', 'order']],
  );
  assert.match(wrong.issues[0].reason, /temp_min 7, temp_mean 12, temp_max 12/);
  assert.ok(wrong.z.every(z => z.every((x, d) => Number.isNaN(x) === (d === 25))));
  assert.equal(wrong.network.series[1].values[25], 12);
  assert.deepEqual(gated(d => (d % 5 === 0 ? 4 : 0)).issues, []);
});

test('the gate stops what cannot be and says where', () => {
  const n = daily(
    'DATE,OSLO_sunshine,OSLO_cloud_cover,OSLO_pressure,OSLO_temp_mean\n20001220,24,-99,-0.099,3\n20001221,2,8,1.01,70\n',
  );
  const issues = gate(n, 2).issues;
  assert.deepEqual(
    issues.map(i => [i.row, i.column, i.rule]),
    [
      [2, 'OSLO_sunshine', 'day length'],
      [2, 'OSLO_cloud_cover', 'missing code'],
      [2, 'OSLO_pressure', 'range'],
      [3, 'OSLO_temp_mean', 'range'],
    ],
  );
});

test('a code for missing is no fault of a station: nothing else of that day is doubted', () => {
  const n = madeUpNetwork(6, 800);
  const coded = {
    ...n,
    series: n.series.map((s, k) => (k === 0 ? { ...s, values: s.values.map((v, d) => (d % 3 === 0 ? -999 : v)) } : s)),
  };
  const released = release(gate(coded, 730), plainSum);
  const count = (r: typeof released) => r.doubtful[n.series[0].station].reduce((a, b) => a + b, 0);
  assert.equal(count(released), count(release(gate(n, 730), plainSum)));
});
