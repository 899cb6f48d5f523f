// An aggregator that never comes back: the study fails by its deadline, says what is missing, and has spent nothing.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ledgerId } from '@madang/charter';
import type { Io } from '../src/command.ts';
import { homeOf } from '../src/demo/setup.ts';
import { release } from '../src/node/release.ts';
import { onlyStudy, Town } from './town.ts';

const io: Io = { json: true, log: () => undefined, progress: () => ({ tick: () => undefined, done: () => undefined }) };

test('an aggregator gone for good: the study fails after its deadline with the reason, nothing is spent', async () => {
  const town = await Town.start({
    before: plan => {
      const path = join(homeOf(plan, 'health'), 'work/proposals/pilot.json');
      const proposal = JSON.parse(readFileSync(path, 'utf8'));
      writeFileSync(path, JSON.stringify({ ...proposal, contributeSeconds: 20, revealSeconds: 5 }));
    },
  });
  try {
    await town.until(s => Object.keys(onlyStudy(s)?.ready ?? {}).length === 2);
    await town.kill('bank-a');
    const state = await town.until(s => onlyStudy(s)?.stage === 'failed', 180);
    const study = onlyStudy(state)!;
    assert.deepEqual(
      [study.failure?.code, study.failure?.by],
      ['deadline-passed', 'health'],
      'without a transcript nobody can say who it was',
    );
    assert.match(study.failure?.why ?? '', /round 1: the aggregators agreed on no transcript by the deadline/);
    for (const d of study.datasets) assert.equal(state.ledgers[ledgerId(d, 'place-week', 'pilot')].spent, 0);
    // The lost aggregator closes nothing: each steward takes back its own.
    const [id] = Object.keys(state.studies);
    const own = study.opening!.datasets.find(d => state.datasets[d].org === 'labour')!;
    const reserved = (s: typeof state) => s.ledgers[ledgerId(own, 'place-week', 'pilot')].reserved;
    assert.ok(reserved(state) > 0);
    await release.run([id], { home: town.homeOf('labour') }, io);
    const after = await town.until(s => reserved(s) === 0);
    assert.deepEqual(after.studies[id].opening?.released, [own]);
  } finally {
    await town.stop();
  }
});
