import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { dateOf, dayInWeek, dayOf, HUBS, weekOf } from '@madang/disease';
import { random } from '@madang/numerics';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import type { Options } from '../command.ts';
import { backtest } from './backtest.ts';
import { claim } from './claim.ts';
import { readChangeLog } from './files.ts';
import { hubNameOf, roundsByTarget } from './season.ts';

const io = { json: true, log: () => {}, progress: () => ({ tick() {}, done() {} }) };

/** A hub's folder with a change log and nothing else: no truth, no published forecasts. */
async function folder(weeks: number, end: string, places = 6): Promise<string> {
  const dir = tempFolder('madang-backtest-');
  const lines = ['target,location,date,as_of,value'];
  const last = weekOf(dayOf(end));
  for (let k = 0; k < places; k++) {
    const r = random(`place ${k}`);
    for (let i = weeks - 1; i >= 0; i--) {
      const v = 40 * Math.exp(1.5 * Math.cos((2 * Math.PI * (i - 3 * k)) / 52.18) + 0.2 * r.normal());
      const sunday = dayInWeek(last - i, 7);
      lines.push(`ILI,P${k},${dateOf(sunday)},${dateOf(sunday + 5)},${v.toFixed(3)}`);
    }
  }
  await writeFile(join(dir, 'vintages.csv'), `${lines.join('\n')}\n`);
  return dir;
}

const data = await folder(190, '2004-12-26');
const run = (more: Options) =>
  backtest.run([], { hub: 'respicast', data, seed: '1', threads: '2', out: join(data, 'F.csv'), ...more }, io);

let first: Promise<{ readonly json: unknown; readonly text: string }> | undefined;

/** What the command says of the whole season, and its file: replayed once for all tests. */
function wholeSeason() {
  const replay = async () => ({ json: (await run({}))?.json, text: await readFile(join(data, 'F.csv'), 'utf8') });
  first ??= replay();
  return first;
}

test('a season without truth is replayed at the deadlines of the calendar; the same seed gives the same file', async () => {
  const { json: said, text: a } = await wholeSeason();
  await run({ out: join(data, 'G.csv'), threads: '1' });
  assert.equal(await readFile(join(data, 'G.csv'), 'utf8'), a);
  const json = said as { season: string; rounds: number; first: string; forecasts: number };
  assert.equal(json.season, '2004/05');
  assert.equal(json.first, '2004-10-06');
  const [header, row] = a.split('\n');
  assert.match(header, /^model,target,origin_date,horizon,target_end_date,location,q0\.01,q0\.025,.*,q0\.99$/);
  assert.match(row, /^madang-stack,ILI,2004-10-06,1,2004-10-03,P0,/);
  assert.equal(a.trimEnd().split('\n').length, 1 + json.forecasts);
  assert.equal(json.forecasts, json.rounds * 6 * 4);
  assert.ok(!existsSync(join(data, 'F.csv.part')));
});

test('wrong use is said in a sentence', async () => {
  await assert.rejects(run({ hub: 'elsewhere' }), /--hub takes flusight, respicast or dengue, not "elsewhere"/);
  await assert.rejects(run({ season: '2004/06' }), /two years in a row, as in 2024\/25, not "2004\/06"/);
  await assert.rejects(run({ season: '1990/91' }), /no deadline of season 1990\/91 lies within the change log of ILI/);
  await assert.rejects(run({ target: 'ARI' }), /has no target "ARI"; there are: ILI/);
  await assert.rejects(run({ data: join(data, 'none') }), /vintages\.csv: there is no such file/);
  await assert.rejects(run({ threads: 'many' }), /--threads takes 1 to 64/);
});

test('of several targets those without a deadline in the season are left out', async () => {
  const dir = tempFolder('madang-backtest-');
  const rows = (await readFile(join(data, 'vintages.csv'), 'utf8')).trimEnd();
  const late = 'ARI,P0,2005-10-02,2005-10-07,5\n';
  await writeFile(join(dir, 'vintages.csv'), `${rows}\n${late}`);
  const log = await readChangeLog(dir, HUBS.respicast);
  const found = await roundsByTarget(HUBS.respicast, 2003, log, ['ILI', 'ARI']);
  assert.deepEqual([...found.keys()], ['ILI']);
  await assert.rejects(
    roundsByTarget(HUBS.respicast, 2003, log, ['ARI']),
    /no deadline of season 2003\/04 lies within/,
  );
});

test('weeks that end on another weekday keep their horizons, and a note says how they were counted', async () => {
  const { text: asked } = await wholeSeason();
  const dir = tempFolder('madang-backtest-');
  const [header, ...rows] = (await readFile(join(data, 'vintages.csv'), 'utf8')).trimEnd().split('\n');
  const shift = (row: string, by: number) => {
    const cells = row.split(',');
    cells[2] = dateOf(dayOf(cells[2]) + by);
    return cells.join(',');
  };
  await writeFile(join(dir, 'vintages.csv'), `${[header, ...rows.map(r => shift(r, 1))].join('\n')}\n`);
  const out = await run({ data: dir, out: join(dir, 'F.csv') });
  assert.equal(await readFile(join(dir, 'F.csv'), 'utf8'), asked);
  const notes = (out?.json as { notes: { kind: string; location: string; note: string }[] } | undefined)?.notes ?? [];
  const said = notes.filter(n => n.kind === 'weekday');
  assert.deepEqual(said.map(n => n.location).sort(), ['P0', 'P1', 'P2', 'P3', 'P4', 'P5']);
  assert.match(said[0].note, /^190 dates fall on Monday, where weeks end on Sunday; each counts/);
});

test('a season under way has the forecasts that the whole one has; how its file is written says nothing', async () => {
  const whole = (await wholeSeason()).text.trimEnd().split('\n');
  const [header, ...rows] = (await readFile(join(data, 'vintages.csv'), 'utf8')).trimEnd().split('\n');
  const known = rows.filter(r => r.split(',')[3] <= '2004-11-26');
  // Last first, twice, quoted, with a byte order mark, Windows line ends, a foreign column, and values withdrawn in R's way.
  const cells = (r: string) => [...r.split(','), 'x, "y"'].map(c => `"${c.replaceAll('"', '""')}"`).join(',');
  const odd = ['ILI,P1,2004-11-14,2204-11-19,9', 'ILI,P2,2003-01-05,2003-01-10,NA'];
  const text = [`${header},note`, ...[...odd, ...known.toReversed(), ...known.slice(-3)].map(cells)].join('\r\n');
  const dir = tempFolder('madang-backtest-');
  await writeFile(join(dir, 'vintages.csv'), `\ufeff${text}\r\n`);
  const out = await run({ data: dir, out: join(dir, 'F.csv') });
  const json = out?.json as { season: string; last: string; notes: { kind: string; location: string; note: string }[] };
  assert.deepEqual([json.season, json.last], ['2004/05', '2004-12-01']);
  const found = (await readFile(join(dir, 'F.csv'), 'utf8')).trimEnd().split('\n');
  assert.deepEqual(found, whole.slice(0, found.length));
  assert.equal(found.length, 1 + 9 * 6 * 4);
  assert.deepEqual(
    json.notes.filter(n => n.kind === 'future').map(n => [n.location, n.note]),
    [['P1', '1 rows have an as_of more than a year after all others; not used']],
  );
  assert.ok(json.notes.some(n => n.kind === 'duplicate'));
});

test('a place never seen before is forecast from its first week on, and only then', async () => {
  const dir = tempFolder('madang-backtest-');
  const text = await readFile(join(data, 'vintages.csv'), 'utf8');
  const late = [0, 1, 2, 3].map(k => {
    const sunday = dayOf('2004-11-21') + 7 * k;
    return `ILI,NEW,${dateOf(sunday)},${dateOf(sunday + 5)},${40_000 + 9000 * k}\n`;
  });
  await writeFile(join(dir, 'vintages.csv'), text + late.join(''));
  const out = await run({ data: dir, out: join(dir, 'F.csv') });
  const rows = (await readFile(join(dir, 'F.csv'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map(r => r.split(','));
  const own = rows.filter(r => r[5] === 'NEW');
  assert.deepEqual(
    [...new Set(own.map(r => r[2]))],
    ['2004-12-01', '2004-12-08', '2004-12-15', '2004-12-22', '2004-12-29', '2005-01-05'],
  );
  for (const r of own) {
    const q = r.slice(6).map(Number);
    assert.ok(q[0] > 1000 && q[22] < 1e6 && q[11] > 20_000 && q[11] < 120_000, r.join());
  }
  const { notes } = (out?.json ?? { notes: [] }) as { notes: { kind: string; location: string }[] };
  assert.ok(notes.some(n => n.kind === 'short' && n.location === 'NEW'));
});

test('a bad row is named with file, row and column', async () => {
  for (const [line, message] of [
    ['ILI,P0,2004-02-30,2004-03-05,1', /row 3, column "date": "2004-02-30" is not a day of the calendar/],
    ['ILI,P0,2004-03-07,2004-03-12,many', /row 3, column "value": "many" is not a number/],
    ['ILI,P0,2004-03-07,2004-03-12,-4', /row 3, column "value": -4 is below 0/],
    ['ILI,P0,2004-03-07', /row 3: 3 values where the header has 5/],
  ] as const) {
    const dir = tempFolder('madang-backtest-');
    await writeFile(
      join(dir, 'vintages.csv'),
      `target,location,date,as_of,value\nILI,P0,2004-02-29,2004-03-05,1\n${line}\n`,
    );
    await assert.rejects(run({ data: dir }), message);
  }
});

test('claim compares both ways on the same rounds and says so', async () => {
  const result = await claim.run([], { data, seed: '1', threads: '2' }, io);
  const json = result?.json as { local: number; global: number; ratio: number; interval: number[]; places: unknown[] };
  assert.ok(json.local > 0 && json.global > 0);
  assert.ok(json.interval[0] <= json.ratio && json.ratio <= json.interval[1]);
  assert.equal(json.places.length, 6);
  assert.match(result?.text ?? '', /over 6 places \(ratio/);
});

test('claim leaves out a place that was silent at every deadline, and names it', async () => {
  const dir = tempFolder('madang-backtest-');
  const [header, ...rows] = (await readFile(join(data, 'vintages.csv'), 'utf8')).trimEnd().split('\n');
  // P5 sends its summer and autumn in January, up to the end of November.
  const late = rows.flatMap(row => {
    const [target, location, date, , value] = row.split(',');
    if (location !== 'P5' || date < '2004-06') return [row];
    return date < '2004-11-25' ? [[target, location, date, '2005-01-06', value].join()] : [];
  });
  await writeFile(join(dir, 'vintages.csv'), `${[header, ...late].join('\n')}\n`);
  const result = await claim.run([], { data: dir, seed: '1', threads: '2' }, io);
  const json = result?.json as { places: unknown[]; silent: string[] };
  assert.equal(json.places.length, 5);
  assert.deepEqual(json.silent, ['ILI P5']);
  assert.match(result?.text ?? '', /not compared, .*: ILI P5$/);
});

test("a hub's own names of targets are understood, and a log of others is refused by name", async () => {
  const renamed = async (name: string) => {
    const dir = tempFolder('madang-backtest-');
    const text = await readFile(join(data, 'vintages.csv'), 'utf8');
    await writeFile(join(dir, 'vintages.csv'), text.replaceAll('\nILI,', `\n${name},`));
    return dir;
  };
  const log = await readChangeLog(await renamed('ILI incidence'), HUBS.respicast);
  assert.deepEqual(log, await readChangeLog(data, HUBS.respicast));
  assert.equal(await hubNameOf(await renamed('wk inc flu hosp')), 'flusight');
  const bare = tempFolder('madang-backtest-');
  await writeFile(join(bare, 'vintages.csv'), 'location,date,as_of,value\n01,2004-01-03,2004-01-03,5\n');
  await assert.rejects(run({ data: bare }), /no column "target"; respicast has several \(ILI, ARI\)/);
  const other = await renamed('RSV');
  await assert.rejects(run({ data: other }), /holds none of the targets of respicast \(ILI, ARI\); it holds: RSV/);
});
