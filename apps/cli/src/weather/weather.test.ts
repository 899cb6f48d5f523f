import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatCsv, parseCsv, random } from '@madang/numerics';
import { civilDay, dateOf } from '@madang/weather';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { CommandError, type Io } from '../command.ts';
import { backtest } from './backtest.ts';
import { forecast } from './forecast.ts';
import { postprocess } from './postprocess.ts';

const io: Io = { json: true, log() {}, progress: () => ({ tick() {}, done() {} }) };
const r = random('cli');
const folder = tempFolder('weather-');
const days = Array.from({ length: 3 * 365 }, (_, i) => civilDay(2001, 1, 1) + i);
let state = 0;
const rows = days.map(d => {
  state = 0.8 * state + r.normal();
  return [dateOf(d).replaceAll('-', ''), ...Array.from({ length: 5 }, () => (10 + 3 * state + r.normal()).toFixed(1))];
});
const header = ['DATE', ...Array.from({ length: 5 }, (_, i) => `S${i}_temp_mean`)];
writeFileSync(
  join(folder, 'stations.csv'),
  formatCsv(
    ['station', 'latitude', 'longitude', 'elevation_m'],
    Array.from({ length: 5 }, (_, i) => [`S${i}`, 50, i, 0]),
  ),
);
writeFileSync(join(folder, 'daily_a.csv'), formatCsv(header, rows.slice(0, 700)));
writeFileSync(join(folder, 'daily_b.csv'), formatCsv(header, rows.slice(700)));

test('backtest over two files: a row for each station and lead, every day a target, provenance in the file', async () => {
  const out = join(folder, 'out.csv');
  const done = await backtest.run([], { data: folder, testYear: '2003', out }, io);
  const table = parseCsv(readFileSync(out, 'utf8'));
  assert.deepEqual(table.columns.slice(0, 7), [
    'station',
    'variable',
    'lead_days',
    'n',
    'rmse_C',
    'crps_C',
    'coverage90',
  ]);
  assert.equal(table.length, 5 * 10);
  assert.ok(table.numbers('n').every(n => n === 365));
  assert.match(table.text('provenance')[0], /daily_a\.csv.*daily_b\.csv/);
  const json = done?.json as { models: Record<string, Record<string, unknown>>; federatedToPooledRmseDay1: number };
  assert.deepEqual(Object.keys(json.models), ['own', 'federated', 'pooled']);
  assert.ok(Math.abs(json.federatedToPooledRmseDay1 - 1) < 5e-3);
  const { training } = done!.json as { training: { seconds: number; threads: number; models: Record<string, number> } };
  assert.equal(training.threads, 3);
  assert.ok(Object.values(training.models).every(s => s > 0 && s <= training.seconds));
});

/** The folder again with other values. */
function changed(to: (value: string, column: string, row: string[]) => string): string {
  const other = tempFolder('weather-');
  writeFileSync(join(other, 'stations.csv'), readFileSync(join(folder, 'stations.csv')));
  const cells = rows.map(row => row.map((v, i) => (i === 0 ? v : to(v, header[i], row))));
  writeFileSync(join(other, 'daily_a.csv'), formatCsv(header, cells));
  return other;
}

test('a station that is gone in the test year has no line, and no NaN; units that no value fits are named with their row', async () => {
  const gone = changed((v, column, [date]) => (column === 'S2_temp_mean' && date >= '20030101' ? '' : v));
  const out = join(gone, 'out.csv');
  const notes: string[] = [];
  await backtest.run([], { data: gone, testYear: '2003', out }, { ...io, log: text => notes.push(text) });
  assert.doesNotMatch(readFileSync(out, 'utf8'), /NaN/);
  assert.deepEqual([...new Set(parseCsv(readFileSync(out, 'utf8')).text('station'))], ['S0', 'S1', 'S3', 'S4']);
  assert.ok(notes.includes('not scored: S2_temp_mean: no value in the test year'));
  const kelvin = changed(v => (Number(v) + 273.15).toFixed(2));
  const run = (more: object) => backtest.run([], { data: kelvin, testYear: '2003', out, ...more }, io);
  await assert.rejects(
    () => run({}),
    /daily_a\.csv, row 2, column "S0_temp_mean": .*1095 of 1095 values.*kelvin: take 273\.15 away \(5 of 5 columns/,
  );
  await assert.rejects(
    () => run({ trustUnits: true }),
    /nothing to forecast.*S0_temp_mean.*daily_a\.csv, row 2, column "S0_temp_mean"/,
  );
});

test('wrong years, folders and values are named', async () => {
  const fails = (options: Record<string, string>, why: RegExp, exit: number) =>
    assert.rejects(
      () => backtest.run([], options, io),
      (e: unknown) => e instanceof CommandError && e.exit === exit && why.test(e.message),
    );
  await fails({ data: folder, testYear: '2009' }, /no days of 2009/, 1);
  await fails({ data: folder, testYear: 'soon' }, /--test-year/, 2);
  await fails({ data: join(folder, 'nowhere'), testYear: '2003' }, /no folder/, 2);
  const bad = tempFolder('weather-');
  writeFileSync(join(bad, 'stations.csv'), 'station,latitude,longitude,elevation_m\nS0,50,0,0\n');
  writeFileSync(join(bad, 'daily_x.csv'), 'DATE,S0_temp_mean\n20010101,warm\n');
  await fails({ data: bad, testYear: '2003' }, /daily_x\.csv, row 2, column "S0_temp_mean": "warm"/, 1);
  writeFileSync(join(bad, 'daily_x.csv'), 'DATE;S0_temp_mean\n20010101;1,5\n');
  await fails(
    { data: bad, testYear: '2003' },
    /daily_x\.csv, row 1: the columns are parted by ";"; commas are read/,
    1,
  );
});

test('postprocess corrects a biased forecast and names what it cannot use', async () => {
  const file = join(folder, 'model.csv');
  writeFileSync(
    file,
    formatCsv(
      ['issue_date', 'lead_days', 'station', 'value'],
      rows.slice(0, -1).map((_, i) => [dateOf(days[i]), 1, 'S0', Number(rows[i + 1][1]) + 4 + r.normal()]),
    ),
  );
  const out = join(folder, 'post.csv');
  const done = await postprocess.run(
    [file],
    { data: folder, variable: 'temp_mean', trainUntil: '2003-01-01', method: 'emos', seed: 'a', out },
    io,
  );
  const json = done?.json as { crps: number; crpsRaw: number };
  assert.ok(json.crps < 0.3 * json.crpsRaw);
  assert.equal(parseCsv(readFileSync(out, 'utf8')).length, 365);
  writeFileSync(file, 'issue_date,lead_days,station,value\n2003-01-01,1,MARS,3\n');
  await assert.rejects(
    () =>
      postprocess.run(
        [file],
        { data: folder, variable: 'temp_mean', trainUntil: '2003-01-01', method: 'emos', out },
        io,
      ),
    /row 2, column "station": there is no station "MARS"/,
  );
});

test('postprocess over files of rows with units, hours, missing members and other variables; every oddity named with its row', async () => {
  const forecast = (name: string, columns: string[], body: (string | number)[][]) => {
    writeFileSync(join(folder, name), formatCsv(columns, body));
    return join(folder, name);
  };
  const columns = ['issue_date', 'issue_hour', 'lead_days', 'station', 'variable', 'unit', 'a', 'b'];
  const row = (i: number, variable = 'temp_mean', a: string | number = Number(rows[i + 1][1]) + 273.15 + r.normal()) =>
    [dateOf(days[i]), 12, 1, 'S0', variable, 'K', a, i % 4 === 0 ? '' : Number(rows[i + 1][1]) + 274.15] as (
      | string
      | number
    )[];
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  const one = forecast('one.csv', columns, [
    ...range(0, 500).map(i => row(i)),
    ...range(0, 500).map(i => row(i, 'pressure', 5)),
  ]);
  const two = forecast(
    'two.csv',
    columns,
    range(500, 1094).map(i => row(i)),
  );
  const out = join(folder, 'both.csv');
  const run = (files: string[], more = {}) =>
    postprocess.run(
      [files],
      { data: folder, variable: 'temp_mean', trainUntil: '2003-01-01', method: 'emos', out, ...more },
      io,
    );
  const json = (await run([one, two]))!.json as {
    scored: number;
    crps: number;
    crpsClimatology: number;
    missing: string[];
    coverage90: number;
  };
  assert.equal(json.scored, 365);
  assert.ok(json.crps < 0.5 * json.crpsClimatology && json.coverage90 > 0.8);
  assert.match(json.missing.join(), /\d+ forecasts lack some of their members/);
  const table = parseCsv(readFileSync(out, 'utf8'));
  assert.deepEqual(
    [table.text('unit')[0], table.text('issue_hour')[0], table.text('date')[0]],
    ['deg C', '12', '2003-01-01'],
  );
  assert.match(table.text('provenance')[0], /units: deg C for mean.*inputs: one\.csv sha256:.*Gneiting/);
  assert.equal(table.text('provenance')[1], '');
  await assert.rejects(
    () => run([one, one]),
    /S0, 1 days ahead, issued at 12 h: the forecast of 2001-01-01 is there twice/,
  );
  const bad = (change: (r: (string | number)[]) => void, why: RegExp) => {
    const cells = row(3);
    change(cells);
    return assert.rejects(() => run([forecast('bad.csv', columns, [row(1), cells])]), why);
  };
  await bad(r => {
    r[6] = -999;
  }, /bad\.csv, row 3, column "a": -999 is not what temp_mean can be in K; leave a missing value empty/);
  await bad(r => {
    r[5] = 'hPa';
  }, /row 3, column "unit": "hPa" is no unit of temp_mean \(K, deg C, deg F\)/);
  await bad(r => {
    r[1] = 30;
  }, /row 3, column "issue_hour": 30 is not an hour/);
  await assert.rejects(
    () => run([one], { trainUntil: '2000-01-01' }),
    /begin on 2001-01-01: none is before --train-until/,
  );
  await assert.rejects(() => run([one], { variable: 'sunshine' }), /--variable is one of temp_mean/);
  await assert.rejects(() => run([one], { variable: 'wind_speed' }), /no column STATION_wind_speed/);
});

test('forecast gives ten days from the last row or a given day', async () => {
  const out = join(folder, 'next.csv');
  const options = { data: folder, model: 'federated', spellDays: '3', spellShare: '0.1', out };
  const last = await forecast.run([], options, io);
  const table = parseCsv(readFileSync(out, 'utf8'));
  assert.equal(table.length, 5 * 10);
  assert.equal(table.text('date')[0], '2004-01-01');
  const [low, high] = [table.numbers('q05'), table.numbers('q95')];
  assert.ok(low.every((v, i) => v < high[i]));
  assert.equal((last!.json as { issued: string }).issued, '2003-12-31');
  await assert.rejects(
    () => forecast.run([], { ...options, date: '2010-01-01' }, io),
    /no row of 2010-01-01; they end on 2003-12-31/,
  );
  await assert.rejects(() => forecast.run([], { ...options, date: '2001-03-01' }, io), /at least 365 days/);
  const holed = changed((v, column, [date]) => (column === 'S2_temp_mean' && date === '20031231' ? '' : v));
  const text = readFileSync(join(holed, 'daily_a.csv'), 'utf8').replace(/^20031230,.*\n/m, '');
  writeFileSync(join(holed, 'daily_a.csv'), text);
  const notes: string[] = [];
  await forecast.run([], { ...options, data: holed }, { ...io, log: line => notes.push(line) });
  assert.match(notes.join('\n'), /missing: 1 values of 2003-12-31, the day of the forecast; not filled.*S2_temp_mean/);
  await assert.rejects(
    () => forecast.run([], { ...options, data: holed, date: '2003-12-30' }, io),
    /no row of 2003-12-30; choose a --date/,
  );
});
