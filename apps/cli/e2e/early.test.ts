// A learner that converges ends its study: no empty rounds, and the budget of the rounds that it did not need is there for others.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ledgerId, microRhoOf } from '@madang/charter';
import type { Evaluation, LearningQuery } from '@madang/study';
import type { Io, Options } from '../src/command.ts';
import { model as modelCommand } from '../src/study/model.ts';
import { learningStudy, learningTown, resultsOf, varianceFor } from './learners.ts';

const io: Io = { json: true, log: () => undefined, progress: () => ({ tick: () => undefined, done: () => undefined }) };

const query: LearningQuery = {
  kind: 'logistic',
  version: 1,
  file: 'rows',
  features: [
    { column: 'a', low: -4, high: 4 },
    { column: 'b', low: -4, high: 4 },
  ],
  target: 'y',
  unit: 'person',
  rowsPerUnit: 1,
  maximumRows: 4000,
  settings: { rowNorm: 2, targetBound: 1, lambda: 1, rounds: 9, tolerance: 0.3, bits: 12 },
};

async function modelAt(args: readonly string[], options: Options) {
  const outcome = await modelCommand.run(args, options, io);
  return outcome!.json as { rounds: number; ended: boolean; model: unknown; evaluation?: Evaluation };
}

test('a regression declared for ten rounds ends where it stands still, and the rest of its budget returns', async () => {
  const town = await learningTown(query);
  let kept: unknown;
  try {
    const state = await town.until(s => learningStudy(s)?.opening?.returned === true, 240);
    const study = learningStudy(state)!;
    assert.equal(study.stage, 'finished', JSON.stringify(study.failure));
    const after = study.finishedAfter!;
    assert.ok(study.rounds === 10 && after >= 2 && after < 10, `ended after ${after} of ${study.rounds}`);
    assert.deepEqual(
      Object.keys(study.opening!.rounds),
      Array.from({ length: after }, (_, i) => String(i + 1)),
    );
    const results = await resultsOf(town, study, after);
    const { model } = results[after - 1].decoded as { model: { converged: boolean } };
    assert.equal(model.converged, true);
    const [charge] = study.charges;
    const ledger = state.ledgers[ledgerId(study.datasets[0], charge.unit, charge.period)];
    assert.equal(ledger.reserved, 0);
    assert.equal(ledger.spent, after * microRhoOf(charge.sensitivitySquared, varianceFor(query)));
    // Anyone works the model out again from the log: at the hub, and from a folder that nobody serves.
    const studyId = state.openings[study.opening!.id];
    const live = await modelAt([studyId.slice(0, 12), town.hub.url], {});
    assert.deepEqual([live.rounds, live.ended, live.model], [after, true, model]);
    kept = model;
  } finally {
    await town.stop();
  }
  const rows = join(town.homeOf('labour'), 'data', 'rows.csv');
  const scored = await modelAt(['Learning from simulated rows', town.home], { rows });
  assert.deepEqual(scored.model, kept);
  const { rows: count, loss, alone } = scored.evaluation!;
  assert.ok(count === 3000 && loss < Math.log(2) && alone < Math.log(2), JSON.stringify(scored.evaluation));
  await assert.rejects(modelAt(['nothing', town.home], {}), /no study "nothing"; there are: .*Learning from simulated/);
});
