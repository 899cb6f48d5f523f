// Jobs on a member's simulator, through kill -9 of provider and hub: each ends once, in order, within its limits, and is booked to who asked.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { accountOf, type State } from '@madang/charter';
import { postgresPrograms, startPostgres } from '../../hub/src/testing/postgres.ts';
import { verifyFolder } from '../src/verify/folder.ts';
import { Town } from './town.ts';

const bin = join(import.meta.dirname, '../bin/madang.js');
const BELL = 'include "stdgates.inc"; qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;';
/** Work on a state vector that outlasts the look at the log after which its provider is killed, by seconds. */
const LONG = `include "stdgates.inc"; qubit[18] q; bit[18] c;
  for int k in [1:350] { for int i in [0:17] { ry(0.1 * k + i) q[i]; } for int i in [0:16] { cx q[i], q[i + 1]; } }
  c = measure q;`;
const ENDLESS = `include "stdgates.inc"; qubit[20] q; bit[20] c;
  for int k in [1:90000] { for int i in [0:19] { ry(0.1 * k + i) q[i]; } }
  c = measure q;`;

function madang(...args: string[]): Promise<{ exit: number; json: Record<string, unknown>; err: string }> {
  return new Promise(done => {
    execFile(process.execPath, [bin, 'quantum', ...args, '--json'], (error, out, err) =>
      done({ exit: error ? Number(error.code) : 0, json: out ? JSON.parse(out) : {}, err }),
    );
  });
}

const over = (s: State, n: number) =>
  Object.values(s.jobs ?? {}).filter(j => j.stage === 'done' || j.stage === 'failed').length === n;
const programs = postgresPrograms();

for (const engine of programs ? ['embedded tables', 'PostgreSQL'] : ['embedded tables'])
  test(`jobs are queued, run, accounted and logged through kill -9 of provider and hub (${engine})`, async () => {
    const server = engine === 'PostgreSQL' ? await startPostgres(programs!) : undefined;
    const town = await Town.start({
      ...(server ? { databaseUrl: server.url } : {}),
      change: (org, config) => {
        if (org !== 'labour') return;
        const maximum = { milliseconds: 60_000, shots: 5000 };
        config['backends'] = [
          { handle: 'sim', device: { type: 'simulator', qubits: 20 }, maximum, quotaMilliseconds: 200_000 },
        ];
      },
    });
    try {
      const asker = town.plan.members.find(m => m.convener)!.org;
      await town.until(s => s.backends?.['sim'] !== undefined);
      const files = Object.entries({ bell: BELL, long: LONG, endless: ENDLESS }).map(([name, text]) => {
        const path = join(town.home, `${name}.qasm`);
        writeFileSync(path, text);
        return path;
      });
      const submit = async (file: string, ...more: string[]) => {
        const r = await madang(
          'submit',
          file,
          '--home',
          town.homeOf(asker),
          '--backend',
          'sim',
          '--seed',
          '7',
          ...more,
        );
        assert.equal(r.exit, 0, r.err);
        return String(r.json['job']);
      };
      const ids = [
        await submit(files[1], '--shots', '300'),
        await submit(files[0], '--shots', '1000'),
        await submit(files[2], '--shots', '10', '--seconds', '3'),
      ];
      await town.until(s => s.jobs?.[ids[0]]?.stage !== 'queued');
      await Promise.all([town.kill('labour'), town.kill('hub')]);
      await town.startHub();
      await town.startNode('labour');
      await town.until(s => s.jobs?.[ids[1]]?.stage !== 'queued');
      await town.kill('labour');
      await town.startNode('labour');
      const state = await town.until(s => over(s, 3), 120);

      assert.equal(await submit(files[0], '--shots', '1000'), ids[1], 'asking twice is asking once');
      const jobs = ids.map(id => state.jobs![id]);
      assert.deepEqual(
        jobs.map(j => [j.stage, j.usage?.units]),
        [
          ['done', 300],
          ['done', 1000],
          ['failed', 0],
        ],
      );
      assert.ok(jobs[2].usage!.milliseconds <= 3000);
      const account = accountOf(state.backends!['sim'], asker);
      const sum = jobs.reduce((a, j) => a + j.usage!.milliseconds, 0);
      assert.deepEqual(account, { jobs: 3, milliseconds: sum, units: 1300, reserved: 0 });

      const hub = ['--hub', town.hub.url];
      const bell = await madang('result', ids[1].slice(0, 12), ...hub, '--again');
      assert.equal(bell.exit, 0, bell.err);
      assert.equal(bell.json['again'], true);
      assert.deepEqual(Object.keys(bell.json['counts'] as object).sort(), ['00', '11']);
      assert.equal((await madang('result', ids[0], ...hub, '--again')).json['again'], true);
      const failed = await madang('result', ids[2], ...hub);
      assert.equal(failed.exit, 1);
      assert.match(String(failed.json['why']), /longer than the 3000 ms/);
      const list = (await madang('jobs', ...hub, '--stage', 'done')).json as {
        jobs: { id: string }[];
        backends: object[];
      };
      assert.deepEqual(new Set(list.jobs.map(j => j.id)), new Set(ids.slice(0, 2)));
      assert.equal(list.backends.length, 1);
      const page = await (await fetch(`${town.hub.url}/compute`)).text();
      assert.match(page, /The oldest job runs first/);
      assert.match(page, new RegExp(ids[0].slice(0, 12)));
    } finally {
      await town.stop();
      await server?.stop();
    }
    const report = await verifyFolder(town.home, {});
    assert.notEqual(report.exit, 1, report.reason);
  });
