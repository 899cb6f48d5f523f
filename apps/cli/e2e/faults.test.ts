// Processes die at the worst moments; after a restart the study finishes, and what cannot succeed fails with its reason and spends nothing.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ledgerId } from '@madang/charter';
import { openStatement, splitBundle } from '@madang/trust';
import { postgresPrograms, startPostgres } from '../../hub/src/testing/postgres.ts';
import { homeOf } from '../src/demo/setup.ts';
import { verifyFolder } from '../src/verify/folder.ts';
import { onlyStudy, Town } from './town.ts';

test('a second node on a folder is refused, the first goes on; kill -9 of the hub, a node and an aggregator in the middle of a round: the study finishes with everybody counted', async () => {
  const town = await Town.start({ patience: 120 });
  try {
    await assert.rejects(town.startNode('labour'), /ended with exit 1/);
    assert.match(readFileSync(town.logOf('labour'), 'utf8'), /another process works in/);
    await town.until(s => onlyStudy(s)?.stage === 'open');
    await Promise.all([town.kill('hub'), town.kill('labour'), town.kill('bank-a')]);
    await town.startHub();
    await town.startNode('labour');
    await town.startNode('bank-a');
    await town.until(s => onlyStudy(s)?.opening?.rounds['1']?.transcript !== undefined);
    // Between transcript and reveal: the other aggregator and the proposer.
    await Promise.all([town.kill('telecommunication'), town.kill('health')]);
    await town.startNode('telecommunication');
    await town.startNode('health');
    const state = await town.until(s => onlyStudy(s)?.opening?.returned === true && s.forecasts >= 4);
    const study = onlyStudy(state)!;
    assert.equal(study.stage, 'finished');
    assert.deepEqual(study.opening?.rounds['1'].transcript?.organisations, ['bank-b', 'health', 'labour', 'migration']);
    for (const d of study.datasets) {
      const ledger = state.ledgers[ledgerId(d, 'place-week', 'pilot')];
      assert.deepEqual({ reserved: ledger.reserved, spent: ledger.spent > 0 }, { reserved: 0, spent: true });
    }
    await approvalsAreTheirOwners(town);
  } finally {
    await town.stop();
  }
  const report = await verifyFolder(town.home, {});
  assert.notEqual(report.exit, 1, report.reason);
  assert.equal(report.results, 1);
});

/** No approval exists that its member did not sign: the key that signed lies in that member's folder and in no other. */
async function approvalsAreTheirOwners(town: Town): Promise<void> {
  const keyFiles = new Map<string, string[]>();
  for (const m of town.plan.members) {
    const folder = join(town.homeOf(m.org), 'keys');
    keyFiles.set(
      m.org,
      readdirSync(folder).map(f => readFileSync(join(folder, f), 'utf8')),
    );
  }
  const { size } = await town.hub.status();
  const approvals = splitBundle(await town.hub.entries(0, size), 1024)
    .map(e => openStatement(e))
    .filter(s => s.kind === 'study.approve');
  assert.equal(approvals.length, 4);
  for (const a of approvals)
    for (const { keyId } of a.signatures) {
      const holders = [...keyFiles].filter(([, files]) => files.some(f => f.includes(keyId))).map(([org]) => org);
      assert.deepEqual(holders, [a.org]);
    }
}

const programs = postgresPrograms();
const skip = programs ? false : 'PostgreSQL is not installed (Debian package postgresql)';

test('broken data at two of four holders, on a PostgreSQL server: named there, the study fails with the reason, no budget is spent', {
  skip,
}, async () => {
  const server = await startPostgres(programs!);
  const town = await Town.start({
    databaseUrl: server.url,
    // Two never come, so this is waited for in full; the other two have time on a busy machine.
    patience: 30,
    before: plan => {
      for (const org of ['labour', 'migration']) {
        const path = join(homeOf(plan, org), 'data', 'vintages.csv');
        const lines = readFileSync(path, 'utf8').split('\n');
        lines[10] = lines[10].replace(/[\d.]+$/, 'many');
        writeFileSync(path, lines.join('\n'));
      }
    },
  });
  try {
    const state = await town.until(s => onlyStudy(s)?.opening?.returned === true);
    const study = onlyStudy(state)!;
    assert.equal(study.stage, 'failed');
    assert.equal(study.failure?.code, 'too-few-contributors');
    assert.match(study.failure?.why ?? '', /2 organisations contributed, the study needs 3/);
    for (const d of study.datasets) {
      const ledger = state.ledgers[ledgerId(d, 'place-week', 'pilot')];
      assert.deepEqual({ reserved: ledger.reserved, spent: ledger.spent }, { reserved: 0, spent: 0 });
    }
    assert.match(readFileSync(town.logOf('labour'), 'utf8'), /row 11, column "value": "many" is not a number/);
  } finally {
    await town.stop();
    await server.stop();
  }
});
