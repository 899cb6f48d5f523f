// A digest in the log is worth what lies behind it: `verify` looks for every public file that a statement names.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import {
  approvedStudy,
  openedStudy,
  runRound,
  settledWorld,
  type World,
} from '../../../../packages/charter/src/testing/world.ts';
import { nameOf, worldHome } from '../testing/world-home.ts';
import { verifyFolder } from './folder.ts';

const WHAT = 'files that statements name';
const made: string[] = [];
after(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});

async function homeOf(world: World) {
  const at = await worldHome(world);
  made.push(at.home);
  return at;
}

describe('verify: files that statements name', () => {
  test('a query that nobody has could not be checked; there it is checked; another in its place is wrong', async () => {
    const world = await settledWorld();
    await approvedStudy(world, { query: nameOf('the query') });
    const { home, put } = await homeOf(world);
    const without = await verifyFolder(home, {});
    assert.deepEqual([without.exit, without.at], [3, WHAT]);
    assert.match(without.reason ?? '', /^not to be had: the query of "How many" \([0-9a-f]{12}…\)$/);
    const path = put('the query');
    assert.equal((await verifyFolder(home, {})).exit, 0);
    put('another query', nameOf('the query'));
    const changed = await verifyFolder(home, {});
    assert.equal(changed.exit, 1);
    assert.match(changed.reason ?? '', /the query of "How many" .* is not what its digest names/);
    rmSync(path);
  });

  test('slips, shares and forecasts', async () => {
    const world = await settledWorld();
    const { opening } = await openedStudy(world, { query: nameOf('q'), rounds: 1 });
    await runRound(world, opening, 1);
    const csv = nameOf('csv');
    await world.must('alpha', 'node', 'forecast.publish', {
      opening,
      round: 1,
      target: 'ili',
      asOf: '2027-01-20',
      csv,
      rows: 1,
    });
    const { home, put } = await homeOf(world);
    put('q');
    const item = async () => (await verifyFolder(home, {})).items.find(i => i.what === WHAT)!;
    assert.match((await item()).detail, /^not to be had: the forecast of alpha for ili as of 2027-01-20 \(/);
    put('csv');
    assert.deepEqual([(await item()).outcome, (await verifyFolder(home, {})).exit], ['checked', 3], 'no result here');
  });

  test('an erased description is withdrawn and no fault, a result for one reader is not looked for', async () => {
    const world = await settledWorld();
    const { opening } = await openedStudy(world, { query: nameOf('q'), rounds: 1, collector: 'alpha' });
    await runRound(world, opening, 1);
    const { description } = world.state.datasets['d-beta'];
    await world.must('beta', 'steward', 'blob.withdraw', { blob: description });
    const { home, put } = await homeOf(world);
    put('q');
    const { items } = await verifyFolder(home, {});
    assert.equal(items.find(i => i.what === 'withdrawn')?.outcome, 'checked');
    assert.equal(items.find(i => i.what === WHAT)?.outcome, 'checked');
    assert.match(items.find(i => i.outcome === 'not-checked')!.detail, /slips of round 1/);
  });
});
