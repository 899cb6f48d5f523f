// An aggregator with a fault signs another transcript than the honest one: the round has no result and spends nothing, both transcripts are public and
// named by `madang verify`, and the next round of the same study gives its result.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ledgerId } from '@madang/charter';
import { dateOf, dayOf } from '@madang/disease';
import { homeOf } from '../src/demo/setup.ts';
import { verifyFolder } from '../src/verify/folder.ts';
import { onlyStudy, Town } from './town.ts';

test('transcripts that differ: no result from that round, both published, the next round goes on', async () => {
  const town = await Town.start({
    patience: 60,
    programs: { telecommunication: new URL('./faulty-aggregator.ts', import.meta.url).href },
    change: (_org, config) => {
      Object.assign((config['standingPolicy'] as object | undefined) ?? {}, { maximumRounds: 2 });
      for (const d of config['datasets'] as { ledgers: { capMicroRho: number }[] }[])
        for (const l of d.ledgers) l.capMicroRho = 200_000;
    },
    before: plan => {
      const path = join(homeOf(plan, 'health'), 'work/proposals/pilot.json');
      const proposal = JSON.parse(readFileSync(path, 'utf8'));
      const [last] = proposal.query.asOf;
      const first = dateOf(dayOf(last) - 14);
      Object.assign(proposal, { rounds: 2 });
      Object.assign(proposal.query, { asOf: [first, last], frozenOn: first, deadlines: [first, last] });
      writeFileSync(path, JSON.stringify(proposal));
    },
  });
  let blobs: string[] = [];
  try {
    const state = await town.until(s => onlyStudy(s)?.opening?.returned === true && s.forecasts >= 4);
    const study = onlyStudy(state)!;
    const [one, two] = ['1', '2'].map(r => study.opening!.rounds[r]);
    assert.equal(study.stage, 'finished');
    assert.equal(one.differ?.by, 'bank-a');
    assert.deepEqual([one.spent, one.transcript, one.result, one.commits], [false, undefined, undefined, {}]);
    assert.ok(two.result);
    assert.deepEqual(two.transcript?.organisations, ['bank-b', 'health', 'labour', 'migration']);
    for (const d of study.datasets) {
      const ledger = state.ledgers[ledgerId(d, 'place-week', 'pilot')];
      assert.equal(ledger.reserved, 0);
      // One of two rounds.
      assert.ok(ledger.spent > 0 && ledger.spent <= 61_000, String(ledger.spent));
    }
    const { theirs, ours } = one.differ!;
    blobs = [theirs, ours];
    const page = await (await fetch(`${town.hub.url}/studies/${Object.keys(state.studies)[0]}`)).text();
    for (const digest of blobs) {
      assert.ok(page.includes(`/v1/blobs/${digest}`));
      assert.ok(await town.hub.blob(digest));
    }
    const model = await (await fetch(`${town.hub.url}/studies/${Object.keys(state.studies)[0]}.json`)).json();
    assert.equal((model as { done: { differ?: { by: string } }[] }).done[0].differ?.by, 'bank-a');
  } finally {
    await town.stop();
  }
  const report = await verifyFolder(town.home, {});
  assert.notEqual(report.exit, 1, report.reason);
  const item = report.items.find(i => /^transcripts of round 1/.test(i.what));
  assert.equal(item?.outcome, 'checked', item?.detail);
  assert.match(item!.detail, /telecommunication signed another transcript than bank-a: the first leaves out migration/);

  // A claim without its evidence is not believed: not to be had is exit 3, another file in its place is exit 1.
  const file = join(town.hubHome, 'blobs', blobs[0].slice(0, 2), blobs[0]);
  assert.ok(existsSync(file));
  const bytes = readFileSync(file);
  writeFileSync(file, readFileSync(join(town.hubHome, 'blobs', blobs[1].slice(0, 2), blobs[1])));
  assert.equal((await verifyFolder(town.home, {})).exit, 1);
  rmSync(file);
  const missing = (await verifyFolder(town.home, {})).items.find(i => /^transcripts of round 1/.test(i.what));
  assert.equal(missing?.outcome, 'not-checked');
  writeFileSync(file, bytes);
});
