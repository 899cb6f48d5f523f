// The steward's desk in the terminal, and a second kind of study over views that stewards declared: pending, approve, decline, result.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { State } from '@madang/charter';
import { type Decline, folderMemory, type PendingRequest, type ProposalFile } from '@madang/node/setup';
import type { ResultDocument } from '@madang/study';
import { homeOf } from '../src/demo/setup.ts';
import { Town } from './town.ts';

const run = promisify(execFile);
const bin = join(import.meta.dirname, '../bin/madang.js');
const madang = async (...args: string[]) => JSON.parse((await run(process.execPath, [bin, ...args, '--json'])).stdout);

const HOLDERS = ['health', 'bank-b', 'labour', 'migration'];
const visits = (n: number) =>
  ['patient,age,days', ...Array.from({ length: n }, (_, i) => `p${i},${20 + (i % 60)},${i % 12}`), ''].join('\n');

const proposalOf = (datasets: readonly string[], title: string, collector: string): ProposalFile => ({
  title,
  purpose: 'DUO:0000042',
  kind: 'statistics',
  version: 1,
  query: {
    kind: 'statistics',
    version: 1,
    view: 'admissions',
    person: 'patient',
    rowsPerPerson: 1,
    where: [],
    measure: { op: 'histogram', column: 'age', edges: [40, 60] },
    maximumRows: 5000,
  },
  datasets,
  rounds: 1,
  minimum: 3,
  aggregators: ['telecommunication', 'bank-a'],
  collector,
  charges: [{ unit: 'person', period: 'year-1', variance: 25 }],
  family: 'admissions',
  differencing: 'withhold',
  approveSeconds: 600,
  contributeSeconds: 600,
  revealSeconds: 600,
  code: 'ab'.repeat(32),
});

test('a study outside the standing policy waits for people; approved by three and declined by one it gives its table', async () => {
  const datasets: string[] = [];
  const town = await Town.start({
    change: (org, config) => {
      if (!HOLDERS.includes(org)) return;
      const [dataset] = config['datasets'] as { handle: string; files: object; views: object; ledgers: object[] }[];
      dataset.files = { ...dataset.files, visits: 'visits.csv' };
      dataset.views = { admissions: 'SELECT patient, age, days FROM visits' };
      dataset.ledgers = [...dataset.ledgers, { unit: 'person', period: 'year-1', capMicroRho: 50_000 }];
      datasets.push(dataset.handle);
    },
    before: async plan => {
      for (const [i, org] of HOLDERS.entries())
        writeFileSync(join(homeOf(plan, org), 'data', 'visits.csv'), visits(1000 + i));
      await folderMemory(join(homeOf(plan, 'health'), 'work')).putJson(
        'proposals/admissions.json',
        proposalOf(datasets, 'Admissions by age', 'public'),
      );
    },
  });
  try {
    const isIt = (s: { title: string }) => s.title === 'Admissions by age';
    const state = await town.until(s => Object.values(s.studies).some(isIt));
    const study = Object.keys(state.studies).find(id => isIt(state.studies[id]))!;
    for (const org of HOLDERS) {
      const request = await waitFor(async () => {
        const { pending } = (await madang('node', 'pending', '--home', town.homeOf(org))) as {
          pending: PendingRequest[];
        };
        return pending.find(p => p.study === study);
      });
      assert.match(request.waitsBecause, /does not cover/);
      assert.match(request.leaves.join(' '), /SQL run at the node: SELECT .* GROUP BY cell/);
      assert.equal(request.cost[0].left, 50_000);
    }
    await madang(
      'node',
      'decline',
      study.slice(0, 10),
      '--reason',
      'not this year',
      '--home',
      town.homeOf('migration'),
    );
    for (const org of ['health', 'bank-b', 'labour'])
      await madang('node', 'approve', study.slice(0, 10), '--home', town.homeOf(org));
    const after = await town.until(s => s.studies[study].opening?.returned === true);
    const round = after.studies[study].opening!.rounds['1'];
    assert.deepEqual(round.transcript?.organisations, ['bank-b', 'health', 'labour']);
    assert.equal(after.studies[study].approvals['migration'], undefined);
    const blob = await town.hub.blob(round.result!.digest);
    const { decoded } = JSON.parse(new TextDecoder().decode(blob));
    const exact = [0, 0, 0];
    for (const n of [1000, 1001, 1002])
      for (let i = 0; i < n; i++) exact[20 + (i % 60) < 40 ? 0 : 20 + (i % 60) < 60 ? 1 : 2] += 1;
    // Two aggregators' noise of variance 25 each: seven standard deviations is 50.
    const near = (counts: readonly number[]) => {
      assert.equal(counts.length, exact.length);
      for (const [i, c] of counts.entries()) assert.ok(Math.abs(c - exact[i]) < 50, `${c} against ${exact[i]}`);
    };
    near(decoded.counts);
    const answers = () => madang('node', 'answers', '--home', town.homeOf('health')) as Promise<Answers>;
    assert.deepEqual((await answers()).declines, [{ study, org: 'migration', reason: 'not this year' }]);

    // The same question once more, its result for the proposer alone.
    const own = 'Admissions by age, for us';
    await folderMemory(join(town.homeOf('health'), 'work')).putJson(
      'proposals/own.json',
      proposalOf(datasets, own, 'health'),
    );
    const named = (s: State) => Object.keys(s.studies).find(id => s.studies[id].title === own);
    const second = named(await town.until(s => named(s) !== undefined))!;
    for (const org of ['health', 'bank-b', 'labour']) {
      await waitFor(async () => {
        const { pending } = (await madang('node', 'pending', '--home', town.homeOf(org))) as {
          pending: PendingRequest[];
        };
        return pending.find(p => p.study === second && p.collector === 'health');
      });
      await madang('node', 'approve', second.slice(0, 10), '--home', town.homeOf(org));
    }
    const done = (await town.until(s => s.studies[second].opening?.returned === true)).studies[second];
    const closed = done.opening!.rounds['1'];
    assert.equal(done.stage, 'finished');
    for (const { share } of Object.values(closed.reveals)) await assert.rejects(town.hub.blob(share).then(found));
    await assert.rejects(town.hub.blob(closed.result!.digest).then(found));
    const [result] = (await answers()).results;
    near((result.decoded as { counts: number[] }).counts);

    // Once more, and one of those who approved thinks again before it opens.
    const last = 'Admissions by age, later';
    await folderMemory(join(town.homeOf('health'), 'work')).putJson(
      'proposals/later.json',
      proposalOf(datasets, last, 'public'),
    );
    const third = (s: State) => Object.keys(s.studies).find(id => s.studies[id].title === last);
    const id = third(await town.until(s => third(s) !== undefined))!;
    await waitFor(async () => {
      const { pending } = await madang('node', 'pending', '--home', town.homeOf('bank-b'));
      return (pending as PendingRequest[]).find(p => p.study === id);
    });
    await madang('node', 'approve', id, '--home', town.homeOf('bank-b'));
    await town.until(s => s.studies[id].approvals['bank-b'] !== undefined);
    await madang('node', 'stop', id, '--home', town.homeOf('bank-b'));
    await town.until(s => s.studies[id].approvals['bank-b'].withdrawn !== undefined);
    const report = await madang('verify', town.hub.url);
    assert.equal(report.ok, true);
    const item = (report.checks as { what: string; detail: string }[]).find(i => i.what.includes(own));
    assert.match(item!.detail, /for health alone, its sum not public; 3 organisations signed slips/);
  } finally {
    await town.stop();
  }
});

interface Answers {
  readonly results: readonly ResultDocument[];
  readonly declines: readonly Decline[];
}

/** Refuses what should not be there. */
function found(bytes: Uint8Array | undefined): void {
  if (bytes === undefined) throw new Error('no such blob');
}

async function waitFor<T>(look: () => Promise<T | undefined>, seconds = 300): Promise<T> {
  const until = performance.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > until) throw new Error(`not there after ${seconds} s`);
    await new Promise(resolve => setTimeout(resolve, 300));
  }
}
