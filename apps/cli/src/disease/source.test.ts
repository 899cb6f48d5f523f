import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { dateOf, dayInWeek, dayOf, weekOf } from '@madang/disease';
import { random } from '@madang/numerics';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { forecast } from './forecast.ts';
import { readSource } from './source.ts';

const quiet = { log: () => {}, firstPauseMs: 1 };

interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly etag?: string;
  readonly wait?: string;
}

async function serve(answer: (path: string, etag?: string) => Answer) {
  const server: Server = createServer((request, response) => {
    const a = answer(decodeURIComponent(request.url ?? ''), request.headers['if-none-match']);
    response.writeHead(a.status, { ...(a.etag ? { etag: a.etag } : {}), ...(a.wait ? { 'retry-after': a.wait } : {}) });
    response.end(a.body ?? '');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  // A test that fails must not wait for its server.
  server.unref();
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { base, close: () => new Promise(resolve => server.close(resolve)) };
}

test('retries a failing server, keeps what it got, asks again with the tag, and notices a damaged copy', async () => {
  const cache = tempFolder('madang-source-');
  let calls = 0;
  let up = true;
  const s = await serve((_, etag) => {
    calls += 1;
    if (!up || calls === 1) return { status: 503 };
    return etag === '"1"' ? { status: 304 } : { status: 200, body: 'a,b\n1,2\n', etag: '"1"' };
  });
  const first = await readSource(s.base, 'target-data/x.csv', { ...quiet, cache });
  assert.equal(first?.text, 'a,b\n1,2\n');
  assert.equal(calls, 2);
  const second = await readSource(s.base, 'target-data/x.csv', { ...quiet, cache });
  assert.deepEqual([second?.text, second?.stale], ['a,b\n1,2\n', false]);
  up = false;
  const third = await readSource(s.base, 'target-data/x.csv', { ...quiet, cache });
  assert.equal(third?.stale, true);
  const data = (await readdir(cache)).find(f => f.endsWith('.data'))!;
  await writeFile(join(cache, data), 'a,b\n1,3\n');
  await assert.rejects(readSource(s.base, 'target-data/x.csv', { ...quiet, cache }), /answered 503; check the address/);
  await s.close();
});

test('a server that says how long to wait is asked again after that', async () => {
  let calls = 0;
  const s = await serve(() => (++calls === 1 ? { status: 429, wait: '1' } : { status: 200, body: 'a\n1\n' }));
  const said: string[] = [];
  const file = await readSource(s.base, 'x.csv', { ...quiet, log: line => said.push(line) });
  assert.equal(file?.text, 'a\n1\n');
  assert.match(said[0], /answered 429; next try in 1 s/);
  await s.close();
});

test('a file that is not there is undefined; a server that is not there is an error that names it', async () => {
  const s = await serve(() => ({ status: 404 }));
  assert.equal(await readSource(s.base, 'none.csv', quiet), undefined);
  await s.close();
  await assert.rejects(readSource(s.base, 'none.csv', { ...quiet, attempts: 2 }), /none\.csv: ECONNREFUSED/);
});

/** A hub's newest table as FluSight lays it out: quoted cells, a row number in front. */
function hospitalTable(last: number): string {
  const lines = ['"","date","location","location_name","value","weekly_rate"'];
  for (const [k, location] of ['01', '02', '04', '05', '06', '08'].entries()) {
    const r = random(location);
    for (let i = 0; i < 130; i++) {
      const v = Math.round((k + 1) * 40 * Math.exp(1.5 * Math.cos((2 * Math.PI * (i - k)) / 52.18) + 0.2 * r.normal()));
      lines.push(`"${lines.length}",${dateOf(dayInWeek(last - i, 6))},"${location}","Place, ${k}",${v},0.5`);
    }
  }
  return `${lines.join('\n')}\n`;
}

test('forecasts from a hub served over HTTP and writes a submission that its tasks.json accepts', async () => {
  const date = '2003-01-18';
  const list = (values: (string | number)[]) => ({ required: null, optional: values });
  const levels = [0.01, 0.025, ...Array.from({ length: 19 }, (_, i) => Math.round(5 * (i + 1)) / 100), 0.975, 0.99];
  const tasks = (locations: string[]) => ({
    rounds: [
      {
        model_tasks: [
          {
            task_ids: {
              reference_date: list([date]),
              target: list(['wk inc flu hosp']),
              horizon: list([-1, 0, 1, 2, 3]),
              location: list(locations),
            },
            output_type: {
              quantile: {
                output_type_id: { required: levels, optional: null },
                value: { type: 'double', minimum: 0 },
              },
            },
          },
        ],
      },
    ],
  });
  const table = hospitalTable(weekOf(dayOf(date)) - 1);
  let locations = ['01', '02', '04', '05', '06', '08'];
  const s = await serve(path => {
    if (path === '/target-data/target-hospital-admissions.csv') return { status: 200, body: table };
    if (path === '/hub-config/tasks.json') return { status: 200, body: JSON.stringify(tasks(locations)) };
    return { status: 404 };
  });
  const out = tempFolder('madang-forecast-');
  const io = { json: true, log: () => {}, progress: () => ({ tick() {}, done() {} }) };
  const cache = tempFolder('madang-cache-');
  const options = { hub: 'flusight', source: s.base, date, out, cache, teamModel: 'Madang-stack', seed: '1' };
  const result = await forecast.run([], options, io);
  const json = result?.json as { ok: boolean; rows: number; checked: boolean; out: string };
  assert.deepEqual([json.ok, json.checked, json.rows], [true, true, 6 * 4 * 23]);
  assert.match(await readFile(json.out, 'utf8'), /^reference_date,target,horizon,target_end_date,location,output_type/);
  locations = ['01', '02'];
  const fewer = await forecast.run([], options, io);
  assert.equal((fewer?.json as { rows: number } | undefined)?.rows, 2 * 4 * 23);
  assert.match(fewer?.text ?? '', /does not ask for 04, 05, 06, 08/);
  const refused = await forecast.run([], { ...options, date: '2003-01-25' }, io);
  assert.equal(refused?.exit, 1);
  assert.match(refused?.text ?? '', /reference_date "2003-01-25" is not among those that the hub allows/);
  await s.close();
});
