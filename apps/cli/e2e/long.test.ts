// A model of half a million numbers, in two parts, in real processes: shares, sums and results go in parts through the hub, an aggregator is killed on the way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkResult, type LearningQuery, partCount } from '@madang/study';
import { verifyFolder } from '../src/verify/folder.ts';
import { HOLDERS, learningKind, learningStudy, learningTown, rowsOf, sourceOf, varianceFor } from './learners.ts';

const ROWS = 24;
const WIDTH = Number(process.env['MADANG_LONG_WIDTH'] ?? 720);
const query: LearningQuery = {
  kind: 'network',
  version: 1,
  file: 'rows',
  features: [
    { column: 'a', low: -4, high: 4 },
    { column: 'b', low: -4, high: 4 },
  ],
  target: 'y',
  unit: 'person',
  rowsPerUnit: 1,
  maximumRows: ROWS,
  sharing: 'ring-64',
  settings: {
    hidden: [WIDTH, WIDTH],
    loss: { kind: 'squared' },
    seed: 'town',
    rounds: 1,
    epochs: 1,
    batch: 8,
    rate: 0.01,
    proximal: 0,
    server: { kind: 'average' },
    clip: 1,
    bits: 10,
    rowsForFullWeight: ROWS,
    validateEvery: 0,
    patience: 0,
    lossBound: 1,
  },
};

test(`a network of ${WIDTH} x ${WIDTH} weights is averaged: exact but for the declared noise, checked by an auditor part by part`, async () => {
  const town = await learningTown(query, ROWS, 240);
  try {
    const started = await town.until(s => learningStudy(s)?.opening?.rounds['1']?.transcript !== undefined, 400);
    assert.ok(partCount(learningStudy(started)!.shape) >= 2);
    await town.kill('bank-a');
    await town.startNode('bank-a');
    const state = await town.until(s => learningStudy(s)?.opening?.returned === true, 300);
    const study = learningStudy(state)!;
    assert.equal(study.stage, 'finished', JSON.stringify(study.failure));
    const kind = learningKind(query);
    const rounds: { sums: ArrayLike<number>; contributors: number }[] = [];
    for (const number of ['1', '2']) {
      const check = await checkResult(state, study, number, digest => town.hub.blob(digest));
      assert.ok(check.outcome === 'checked', JSON.stringify(check).slice(0, 200));
      const vectors = await Promise.all(
        HOLDERS.map(h => kind.contribute(query, rounds.length + 1, sourceOf(rowsOf(h, ROWS)), rounds)),
      );
      const most = 8 * Math.sqrt(2 * varianceFor(query));
      let noisy = 0;
      for (let i = 0; i < check.sums.length; i++) {
        const off: number = check.sums[i] - vectors.reduce((s, v) => s + v[i], 0);
        if (!(Math.abs(off) < most)) assert.fail(`round ${number}, number ${i} is off by ${off}`);
        if (off !== 0) noisy += 1;
      }
      assert.ok(noisy > check.sums.length / 2);
      rounds.push({ sums: check.sums, contributors: HOLDERS.length });
    }
  } finally {
    await town.stop();
  }
  const report = await verifyFolder(town.home, {});
  assert.notEqual(report.exit, 1, report.reason);
  assert.ok(report.results >= 2);
});
