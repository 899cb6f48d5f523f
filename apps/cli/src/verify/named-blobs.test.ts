// A digest in the log is worth what lies behind it: `verify` looks for every public file that a statement names.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { cosignCheckpoint, mergeSignatures, openLog, parseCheckpoint, parseNote, utf8 } from '@madang/trust';
import { folderStore } from '@madang/trust/folder';
import {
  approvedStudy,
  logNotes,
  openedStudy,
  runRound,
  settledWorld,
  type World,
  witnessOf,
} from '../../../../packages/charter/src/testing/world.ts';
import { verifyFolder } from './folder.ts';

const WITNESSES = ['alpha', 'agg-o', 'agg-b', 'beta'];
const WHAT = 'files that statements name';
const made: string[] = [];
after(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});

/** The world's log as a hub would have it on disk, final, without blobs. */
async function homeOf(world: World): Promise<{ home: string; put: (text: string, as?: string) => string }> {
  const home = mkdtempSync(join(tmpdir(), 'madang-named-'));
  made.push(home);
  const log = await openLog({ store: folderStore(join(home, 'log')), origin: 'test/log', signer: logNotes });
  await log.append(world.entries);
  const { note } = await log.publish();
  const checkpoint = parseCheckpoint(parseNote(note).text);
  const lines = WITNESSES.flatMap(org => cosignCheckpoint(checkpoint, witnessOf(org), world.state.time));
  await log.storeFinal(mergeSignatures(note, lines));
  const put = (text: string, as = nameOf(text)) => {
    const folder = join(home, 'blobs', as.slice(0, 2));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, as), text);
    return join(folder, as);
  };
  return { home, put };
}

const nameOf = (text: string) => createHash('sha256').update(utf8(text)).digest('hex');

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
