// A hub's folder is lost and an old copy of it put back (protocol, section 7): the members give the rest of the log back, no second history is signed,
// and the study that was under way finishes.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { verifyFolder } from '../src/verify/folder.ts';
import { onlyStudy, Town } from './town.ts';

test('a hub restored from a backup older than half its members takes the log back from them; the open study finishes', async () => {
  const town = await Town.start({ patience: 120 });
  const backup = join(town.home, 'backup');
  try {
    // The backup knows the four founders and none of the later members' keys.
    await town.until(s => Object.keys(s.keys).length > 12);
    await town.end('hub');
    cpSync(town.hubHome, backup, { recursive: true });
    await town.startHub();
    const grown = await town.until(s => onlyStudy(s)?.opening?.rounds['1']?.transcript !== undefined);
    await town.kill('hub');
    rmSync(town.hubHome, { recursive: true });
    cpSync(backup, town.hubHome, { recursive: true });
    rmSync(backup, { recursive: true });

    await town.startHub();
    const state = await town.until(s => onlyStudy(s)?.opening?.returned === true && s.forecasts >= 4);
    const log = readFileSync(town.logOf('hub'), 'utf8');
    assert.match(log, /took entries \d+ to \d+ from a member/);
    assert.match(log, /the log is whole again/);
    assert.ok(state.size > grown.size);
    assert.equal(onlyStudy(state)?.stage, 'finished');
    assert.deepEqual(onlyStudy(state)?.opening?.rounds['1'].transcript?.organisations, [
      'bank-b',
      'health',
      'labour',
      'migration',
    ]);
    for (const m of town.plan.members)
      assert.doesNotMatch(readFileSync(town.logOf(m.org), 'utf8'), /fork|other-root|another history/, m.org);
  } finally {
    await town.stop();
  }
  const report = await verifyFolder(town.home, {});
  assert.notEqual(report.exit, 1, report.reason);
  assert.equal(report.results, 1, 'what lay beside the log came back too');
});
