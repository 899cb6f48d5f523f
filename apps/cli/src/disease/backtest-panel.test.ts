import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { dateOf, dayOf, monthName, monthOf } from '@madang/disease';
import { parseCsv, random } from '@madang/numerics';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import type { Options } from '../command.ts';
import { backtest } from './backtest.ts';

const io = { json: true, log: () => {}, progress: () => ({ tick() {}, done() {} }) };

const MALARIA = {
  name: 'malaria',
  file: 'malaria.csv',
  time: 'period',
  period: 'month',
  group: 'nation',
  location: 'district',
  value: 'confirmed',
  covariates: ['rain', 'greenness'],
  horizons: [1, 2],
  replayed: 6,
};

/** Simulated: malaria that follows the rain of two months before, in districts of two nations, 72 months. */
function panel(): string[] {
  const lines = ['nation,district,period,confirmed,rain,greenness'];
  const first = monthOf('2001-01');
  for (const nation of ['A', 'B'])
    for (let k = 0; k < 5; k++) {
      const r = random(`${nation}${k}`);
      const rain = Array.from({ length: 74 }, (_, i) =>
        Math.max(0, 80 + 70 * Math.cos((2 * Math.PI * i) / 12) + 20 * r.normal()),
      );
      for (let i = 0; i < 72; i++) {
        const cases = Math.round(20 * (k + 1) * Math.exp((rain[i] - 80) / 60 + 0.3 * r.normal()));
        lines.push(`${nation},D${k},${monthName(first + i)},${cases},${rain[i + 2].toFixed(1)},${i % 7 ? 0.4 : ''}`);
      }
    }
  return lines;
}

async function folder(lines: readonly string[], config: unknown = MALARIA): Promise<string> {
  const dir = tempFolder('madang-panel-');
  await writeFile(join(dir, 'malaria.csv'), `${lines.join('\n')}\n`);
  await writeFile(join(dir, 'malaria.json'), JSON.stringify(config));
  return dir;
}

interface Said {
  readonly target: string;
  readonly places: number;
  readonly forecasts: number;
  readonly score: { readonly n: number; readonly relwis: number } | null;
  readonly notes: readonly { readonly kind: string; readonly location: string; readonly note: string }[];
}

const run = async (dir: string, more: Options = {}) => {
  const out = join(dir, 'F.csv');
  const o = { config: join(dir, 'malaria.json'), data: dir, seed: '1', threads: '2', out, ...more };
  const json = (await backtest.run([], o, io))?.json as unknown as Said;
  return { json, table: parseCsv(await readFile(out, 'utf8')) };
};

/** Every forecast is finite, ascending and not below 0. */
function sound(table: ReturnType<typeof parseCsv>, most: number): void {
  const q = table.columns.filter(c => c.startsWith('q')).map(c => table.numbers(c));
  assert.equal(q.length, 23);
  for (let i = 0; i < table.length; i++)
    for (let k = 0; k < 23; k++)
      assert.ok(q[k][i] >= (k === 0 ? 0 : q[k - 1][i]) && q[k][i] <= most, `${table.row(i)}`);
}

test('a disease of its own is a config: other columns, covariates and horizons, forecast and scored', async () => {
  const { json, table } = await run(await folder(panel()));
  assert.equal(json.target, 'malaria');
  assert.equal(json.forecasts, 10 * 6 * 2);
  assert.deepEqual(table.row(0).slice(0, 6), ['madang-stack', 'malaria', '2006-05', '2', '2006-07', 'A:D0']);
  sound(table, 4000);
  assert.ok(table.numbers('q0.5').every(Number.isInteger), 'counts are whole numbers');
  // A forecaster that knows the season and the last months beats the time of year alone.
  assert.equal(json.score?.n, 10 * 6 * 2);
  assert.ok((json.score?.relwis ?? 9) < 0.95, `${json.score?.relwis}`);
  assert.deepEqual(json.notes, []);
});

test('what is odd about a panel is said and stops nothing', async () => {
  const [header, ...rows] = panel().map(l => l.split(',').slice(0, 5).join(','));
  const kept = rows.filter(l => {
    const [nation, district, period] = l.split(',');
    if (`${nation}${district}` === 'AD0') return period >= '2006-03';
    if (`${nation}${district}` === 'AD1') return period < '2004-06';
    if (`${nation}${district}` === 'AD2') return Number(period.slice(5)) % 3 > 0;
    return true;
  });
  const zeros = rows.slice(0, 72).map(l => l.replace('A,D0', 'B,NONE').replace(/^([^,]+,[^,]+,[^,]+),\d+/, '$1,0'));
  const empty = rows.slice(0, 12).map(l => l.replace('A,D0', 'B,EMPTY').replace(/^([^,]+,[^,]+,[^,]+),\d+/, '$1,'));
  const large = rows.slice(72 * 5, 72 * 6).map(l => {
    const [nation, , period, cases, rain] = l.split(',');
    return [nation, 'LARGE', period, 1000 * Number(cases), rain].join(',');
  });
  const late = kept[90].replace(/\d{4}-\d\d/, '2061-06');
  const leap = kept.findIndex(l => l.startsWith('B,D4,2006-11'));
  kept[leap] = kept[leap].replace(/(2006-11),\d+/, '$1,900000');
  const { json, table } = await run(
    await folder([header, ...kept, ...zeros, ...empty, ...large, late, kept[100], kept[100]]),
  );
  const kinds = (place: string) => json.notes.filter(n => n.location === place).map(n => n.kind);
  assert.deepEqual(kinds(''), ['column']);
  assert.match(json.notes.find(n => n.kind === 'column')?.note ?? '', /no column "greenness"; forecast without it/);
  assert.ok(kinds('D0').includes('short'));
  assert.deepEqual(kinds('D1'), ['ended']);
  assert.ok(kinds('D2').includes('gaps'));
  assert.deepEqual(kinds('NONE'), ['zeros']);
  assert.deepEqual(kinds('EMPTY'), ['short']);
  assert.ok(json.notes.some(n => n.kind === 'duplicate' && n.note.startsWith('2 rows repeat a period')));
  assert.ok(
    json.notes.some(
      n => n.kind === 'future' && n.note.startsWith('1 rows are dated more than a year after all others'),
    ),
  );
  assert.ok(kinds('D4').includes('outlier'));
  assert.equal(table.text('target_end_date').at(-1), '2006-12');
  sound(table, 4e6);
  const places = new Set(table.text('location'));
  for (const p of ['A:D0', 'A:D1', 'A:D2', 'B:NONE', 'B:LARGE']) assert.ok(places.has(p), p);
  assert.ok(!places.has('B:EMPTY'));
  const none = table.text('location').indexOf('B:NONE');
  assert.ok(
    table
      .row(none)
      .slice(6)
      .every(v => v === '0'),
  );
});

test('months whose values are still to come are forecast besides the last ones known; the order of rows says nothing', async () => {
  const rows = panel();
  const cut = (l: string) => (l.split(',')[2] > '2006-10' ? l.replace(/^([^,]+,[^,]+,[^,]+),\d+/, '$1,') : l);
  const open = [rows[0], ...rows.slice(1).map(cut)];
  const { json, table } = await run(await folder(open));
  const months = [...new Set(table.text('target_end_date'))].sort();
  assert.deepEqual([months[0], months.at(-1), months.length], ['2006-05', '2006-12', 8]);
  assert.equal(json.score?.n, 10 * 6 * 2);
  sound(table, 4000);
  const turned = await run(await folder([open[0], ...open.slice(1).reverse()]));
  assert.deepEqual(turned.table.columns, table.columns);
  for (const c of table.columns) assert.deepEqual(turned.table.text(c), table.text(c));
});

test('ten months of every place are enough for a forecast', async () => {
  const rows = panel();
  const { json, table } = await run(await folder(rows.filter((l, i) => i === 0 || l.split(',')[2] < '2001-11')));
  assert.equal(json.places, 10);
  assert.equal(json.score, null);
  sound(table, 1e5);
});

test('weeks keep the weekday of the table, and others are noted', async () => {
  const start = dayOf('2001-01-08');
  const lines = ['week,place,n'];
  for (const place of ['X', 'Y']) {
    const r = random(place);
    for (let i = 0; i < 150; i++) {
      const off = place === 'Y' && i === 70 ? 1 : 0;
      const n = Math.exp(2 + Math.cos((2 * Math.PI * i) / 52.18) + 0.2 * r.normal());
      lines.push(`${dateOf(start + 7 * i + off)},${place},${n.toFixed(2)}`);
    }
  }
  const config = { name: 'cough', file: 'malaria.csv', time: 'week', period: 'week', location: 'place', value: 'n' };
  const { json, table } = await run(await folder(lines, { ...config, replayed: 3, horizons: [1] }));
  assert.deepEqual(new Set(table.text('target_end_date')), new Set(['2003-11-03', '2003-11-10', '2003-11-17']));
  assert.deepEqual(
    json.notes.map(n => [n.kind, n.location]),
    [['weekday', 'Y']],
  );
  assert.match(json.notes[0].note, /^1 weeks end on Tuesday, most of the table's on Monday/);
  assert.ok(!table.numbers('q0.5').every(Number.isInteger), 'rates are not rounded');
  sound(table, 1000);
});

test('wrong use and bad rows are said in a sentence', async () => {
  const rows = panel();
  const refuses = async (what: RegExp, lines: readonly string[], config: unknown = MALARIA, more: Options = {}) =>
    assert.rejects(run(await folder(lines, config), more), what);
  await refuses(/not both/, rows, MALARIA, { hub: 'dengue' });
  await refuses(/malaria\.json: config: there is no "column"; there are: name, file, time/, rows, {
    ...MALARIA,
    column: 1,
  });
  await refuses(/"period" must be "month" or "week"/, rows, { ...MALARIA, period: 'day' });
  await refuses(/"horizons" must be a list of whole numbers from 1 to 12/, rows, { ...MALARIA, horizons: [0] });
  await refuses(/elsewhere\.csv: there is no such file/, rows, { ...MALARIA, file: 'elsewhere.csv' });
  await refuses(/no column "tested"; there are: nation, district/, rows, { ...MALARIA, value: 'tested' });
  await refuses(/malaria\.csv: row 4, column "period": "2001-13" is not a month/, rows.with(3, 'A,D0,2001-13,1,1,1'));
  await refuses(/malaria\.csv: row 4, column "confirmed": -1 is below 0/, rows.with(3, 'A,D0,2001-03,-1,1,1'));
  await refuses(/malaria\.csv, row 4, column "rain": "wet" is not a number/, rows.with(3, 'A,D0,2001-03,1,wet,1'));
  await refuses(/no rows/, rows.slice(0, 1));
  await refuses(/no value in column "confirmed"/, [rows[0], 'A,D0,2001-03,,1,1']);
});
