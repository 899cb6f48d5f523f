import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { dateOf, dayInWeek, dayOf, HUBS, snapshot, weekOf } from '@madang/disease';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { readUpstream } from './upstream.ts';

const options = { log: () => {}, firstPauseMs: 1, weeks: 8 };

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const base = tempFolder('madang-upstream-');
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(base, path)), { recursive: true });
    await writeFile(join(base, path), text);
  }
  return base;
}

/** A web server over a folder that cannot be asked for its names. */
async function serve(base: string) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    asked.push(path);
    const text = await readFile(join(base, path), 'utf8').catch(() => undefined);
    response.writeHead(text === undefined ? 404 : 200).end(text);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked, close: () => new Promise(resolve => server.close(resolve)) };
}

const known = (log: Awaited<ReturnType<typeof readUpstream>>['log'], day: number) =>
  Object.fromEntries(snapshot(log, day).map(s => [`${s.target} ${s.location}`, Array.from(s.values)]));

/** Tables of hospital admissions as the archive has them: named by their last week, two weeks long, the first of which is revised. */
function archive(first: string, weeks: number): Record<string, string> {
  const files: Record<string, string> = {};
  for (let k = 0; k < weeks; k++) {
    const date = dateOf(dayOf(first) + 7 * k);
    const before = dateOf(dayOf(first) + 7 * (k - 1));
    files[`auxiliary-data/target-data-archive/target-hospital-admissions_${date}.csv`] =
      `"date","location","location_name","value","weekly_rate"\n"${before}","01","Alabama",${k * 10 + 1},0.5\n"${date}","01","Alabama",${(k + 1) * 10},NA\n`;
  }
  return files;
}

test('FluSight: the archive says what was known on a deadline; from a folder and from a web server the same', async () => {
  const files = archive('2023-09-23', 6);
  const base = await folderOf({
    ...files,
    'target-data/target-hospital-admissions.csv':
      'date,location,location_name,value,weekly_rate\n2023-12-30,01,Alabama,999,1\n',
  });
  const day = dayOf('2023-10-21');
  const read = await readUpstream('flusight', HUBS.flusight, base, day, options);
  // Files up to 14 October were out by then; the newest table and the two later ones are of the future.
  assert.deepEqual(known(read.log, day), { 'hosp 01': [1, 11, 21, 31, 40] });
  assert.equal(read.files.length, 4);
  assert.match(
    read.notes[0],
    /target-hospital-admissions\.csv reaches 2023-12-30: published after 2023-10-21, left out/,
  );
  const early = dayOf('2023-10-07');
  assert.deepEqual(known(read.log, early), { 'hosp 01': [1, 11, 20] });

  const server = await serve(base);
  const cache = tempFolder('madang-cache-');
  const over = await readUpstream('flusight', HUBS.flusight, server.url, day, { ...options, cache });
  assert.deepEqual(over, read);
  server.asked.length = 0;
  // Months later the dated tables are taken from the cache, also what was not there.
  const later = dayOf('2023-12-30');
  await readUpstream('flusight', HUBS.flusight, server.url, later, { ...options, cache });
  server.asked.length = 0;
  await readUpstream('flusight', HUBS.flusight, server.url, later, { ...options, cache });
  assert.ok(
    server.asked.every(p => !/_2023-(09|10|11-[01])/.test(p)),
    server.asked.join('\n'),
  );
  await server.close();
});

test('RespiCast: ERVISS and FluID snapshots join; a country that vanishes from one is withdrawn, those of the other are not', async () => {
  const table = (rows: readonly [string, string, number | 'NA'][], source?: string) =>
    `target,location,truth_date,year_week,value${source === undefined ? '' : ',data_source'}\n${rows
      .map(([l, d, v]) => `ILI incidence,${l},${d},2025-W01,${v}${source === undefined ? '' : `,${source}`}`)
      .join('\n')}\n`;
  const [a, b, c] = [0, 1, 2].map(k => dateOf(dayInWeek(weekOf(dayOf('2025-01-05')) + k, 7)));
  const base = await folderOf({
    'target-data/ERVISS/snapshots/2025-01-10-ILI_incidence.csv': table([
      ['IT', a, 5],
      ['FR', a, 100],
    ]),
    'target-data/ERVISS/snapshots/2025-01-17-ILI_incidence.csv': table([
      ['FR', a, 110],
      ['FR', b, 120],
      ['AT', a, 'NA'],
    ]),
    'target-data/FluID/snapshots/2025-01-10-ILI_incidence.csv': table([['GB-ENG', a, 7]]),
    'target-data/latest-ILI_incidence.csv': table(
      [
        ['IT', a, 5],
        ['FR', a, 110],
        ['FR', b, 120],
        ['FR', c, 130],
      ],
      'ERVISS',
    ),
  });
  const at = async (date: string) =>
    known((await readUpstream('respicast', HUBS.respicast, base, dayOf(date), options)).log, dayOf(date));
  assert.deepEqual(await at('2025-01-15'), { 'ILI IT': [5], 'ILI FR': [100], 'ILI GB-ENG': [7] });
  assert.deepEqual(await at('2025-01-22'), { 'ILI FR': [110, 120], 'ILI GB-ENG': [7] });
  assert.deepEqual(await at('2025-01-29'), { 'ILI IT': [5], 'ILI FR': [110, 120, 130], 'ILI GB-ENG': [7] });
});

test('a hub without dated tables: the hubverse time series, whole with as_of or in parts', async () => {
  const rows = (asOf: string | undefined, values: readonly number[]) =>
    values.map(
      (v, i) => `${asOf === undefined ? '' : `${asOf},`}wk inc flu hosp,${dateOf(dayOf('2025-01-04') + 7 * i)},02,${v}`,
    );
  const more = 'wk inc flu prop ed visits,2025-01-04,02,0.1';
  const whole = await folderOf({
    'target-data/time-series.csv': [
      'as_of,target,target_end_date,location,observation',
      ...rows('2025-01-11', [3]),
      ...rows('2025-01-18', [4, 5]),
      `2025-01-18,${more}`,
    ].join('\n'),
  });
  const header = 'target,target_end_date,location,observation';
  const parts = await folderOf({
    'target-data/time-series/as_of=2025-01-11/time-series.csv': [header, ...rows(undefined, [3])].join('\n'),
    'target-data/time-series/as_of=2025-01-18/time-series.csv': [header, ...rows(undefined, [4, 5]), more].join('\n'),
  });
  for (const base of [whole, parts]) {
    const { log } = await readUpstream('flusight', HUBS.flusight, base, dayOf('2025-01-18'), options);
    assert.deepEqual(known(log, dayOf('2025-01-17')), { 'hosp 02': [3] });
    assert.deepEqual(known(log, dayOf('2025-01-18')), { 'hosp 02': [4, 5] });
  }
});

test('where the dated tables ended weeks ago, the time series goes on', async () => {
  const base = await folderOf({
    ...archive('2023-09-23', 2),
    'target-data/time-series.csv': [
      'as_of,target,target_end_date,location,observation',
      '2023-12-13,wk inc flu hosp,2023-12-09,01,7',
      '2023-12-20,wk inc flu hosp,2023-12-16,01,8',
    ].join('\n'),
  });
  const at = async (date: string) =>
    known((await readUpstream('flusight', HUBS.flusight, base, dayOf(date), options)).log, dayOf(date))['hosp 01'];
  assert.deepEqual(await at('2023-10-07'), [1, 11, 20]);
  assert.deepEqual((await at('2023-12-23')).slice(-2), [7, 8]);
  assert.deepEqual((await at('2023-12-16')).slice(-1), [7]);
});

test('what cannot be read is named: file, row and column; a folder that is no hub', async () => {
  const of = async (text: string) =>
    readUpstream(
      'flusight',
      HUBS.flusight,
      await folderOf({ 'target-data/target-hospital-admissions.csv': text }),
      dayOf('2025-01-18'),
      options,
    );
  await assert.rejects(
    of('date,location,value\n2025-01-04,01,many\n'),
    /admissions\.csv, row 2, column "value": "many" is not a number/,
  );
  await assert.rejects(of('date,location,value\n4 January,01,5\n'), /row 2, column "date": "4 January" is not a date/);
  await assert.rejects(
    of('day,location,value\n2025-01-04,01,5\n'),
    /no column for the end of the week .*it has day, location, value/,
  );
  await assert.rejects(
    of('date,location,value\n2025-01-25,01,5\n'),
    /published after 2025-01-18, left out\); is it a flusight repository/,
  );
});

test('weeks that end on another weekday count to the week that holds most of their days, and are said', async () => {
  const table = (shift: number) => {
    const rows = ['2023-09-16', '2023-09-23'].map((d, i) => `${dateOf(dayOf(d) + shift)},01,Alabama,${i + 5},1`);
    return `date,location,location_name,value,weekly_rate\n${rows.join('\n')}\n`;
  };
  const path = 'auxiliary-data/target-data-archive/target-hospital-admissions_2023-09-23.csv';
  const day = dayOf('2023-10-07');
  const saturdays = await readUpstream('flusight', HUBS.flusight, await folderOf({ [path]: table(0) }), day, options);
  const mondays = await readUpstream('flusight', HUBS.flusight, await folderOf({ [path]: table(2) }), day, options);
  assert.deepEqual(known(mondays.log, day), known(saturdays.log, day));
  assert.deepEqual(mondays.log.period, saturdays.log.period);
  assert.deepEqual(saturdays.notes, []);
  assert.equal(mondays.notes.length, 1);
  assert.match(
    mondays.notes[0],
    /^2 dates fall on Monday, where weeks end on Saturday \(first in .*_2023-09-23\.csv\); each counts/,
  );
});

test('what came in place of a table is named by its address and not kept: the next try has the table', async () => {
  const files = archive('2023-09-23', 3);
  const [path] = Object.keys(files);
  const base = await folderOf({ ...files, [path]: '<!doctype html>\n<p>Sign in, please' });
  const server = await serve(base);
  const cache = tempFolder('madang-cache-');
  const day = dayOf('2023-12-30');
  const read = () => readUpstream('flusight', HUBS.flusight, server.url, day, { ...options, cache });
  await assert.rejects(read(), (error: Error) => error.message.startsWith(`${server.url}/${path}, row 2: 2 values`));
  await writeFile(join(base, path), files[path]);
  assert.deepEqual(known((await read()).log, day)['hosp 01'], [1, 11, 21, 30]);
  await server.close();
});

test('nothing known is written in many ways, and none of them is 0', async () => {
  const path = 'auxiliary-data/target-data-archive/target-hospital-admissions_2023-09-30.csv';
  const of = async (...values: readonly string[]) => {
    const rows = values.map((v, i) => `${dateOf(dayOf('2023-09-30') - 7 * i)},01,${v}`);
    const base = await folderOf({ [path]: ['date,location,value', ...rows].join('\n') });
    return known(
      (await readUpstream('flusight', HUBS.flusight, base, dayOf('2023-10-07'), options)).log,
      dayOf('2023-10-07'),
    );
  };
  const none = Number.NaN;
  assert.deepEqual(await of('7', '', 'NA', 'NaN', ' ', 'null', '0', '9'), {
    'hosp 01': [9, 0, none, none, none, none, none, 7],
  });
  await assert.rejects(of('7', '0x10'), /row 3, column "value": "0x10" is not a number of 0 or more/);
});
