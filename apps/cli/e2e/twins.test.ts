// Two nodes run with one member's keys, as after a careless restore: its two contributions are evidence. Neither counts, the round goes on without them, both
// signed slips are public, on the study's page and checked by `madang verify`.
import assert from 'node:assert/strict';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { verifyFolder } from '../src/verify/folder.ts';
import { onlyStudy, Town } from './town.ts';

test('a member that contributes twice: neither counts, and both signed slips are public', async () => {
  const town = await Town.start({
    programs: { labour: new URL('./late-contributor.ts', import.meta.url).href },
    change: (_org, config) => Object.assign(config, { patienceSeconds: 30 }),
    before: async plan => {
      const nodes = join(plan.home, 'nodes');
      cpSync(join(nodes, 'migration'), join(nodes, 'migration-again'), { recursive: true });
    },
  });
  let evidence = '';
  try {
    await town.startNode('migration-again');
    const state = await town.until(s => onlyStudy(s)?.opening?.rounds['1']?.result !== undefined);
    const { transcript } = onlyStudy(state)!.opening!.rounds['1'];
    assert.deepEqual(transcript?.organisations, ['bank-b', 'health', 'labour']);
    assert.deepEqual(Object.keys(transcript.twins ?? {}), ['migration']);
    evidence = transcript.twins!['migration'];
    assert.ok(await town.hub.blob(evidence));
    const address = `${town.hub.url}/studies/${Object.keys(state.studies)[0]}`;
    const page = await (await fetch(address)).text();
    assert.ok(page.includes(`/v1/blobs/${evidence}`));
    const model = (await (await fetch(`${address}.json`)).json()) as { done: { twins?: unknown }[] };
    assert.deepEqual(model.done[0].twins, [{ org: 'migration', evidence }]);
  } finally {
    await town.stop();
  }
  const item = async () => {
    const report = await verifyFolder(town.home, {});
    return { exit: report.exit, ...report.items.find(i => /^evidence against migration in round 1/.test(i.what)) };
  };
  const found = await item();
  assert.deepEqual([found.exit === 1, found.outcome], [false, 'checked'], found.detail);
  const file = join(town.hubHome, 'blobs', evidence.slice(0, 2), evidence);
  rmSync(file);
  assert.equal((await item()).outcome, 'not-checked');
  writeFileSync(file, 'two slips of somebody');
  assert.deepEqual([(await item()).exit, (await item()).outcome], [1, 'wrong']);
});
