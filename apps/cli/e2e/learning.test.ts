// A model learnt by four organisations in real processes, round upon round, next to the model of all rows in one place.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type LearningQuery, type PublishedRound, publishedRound, unpackFrame } from '@madang/study';
import { verifyFolder } from '../src/verify/folder.ts';
import {
  HOLDERS,
  learningKind,
  learningStudy,
  learningTown,
  resultsOf,
  rowsOf,
  sourceOf,
  varianceFor,
} from './learners.ts';

const FEATURES = [
  { column: 'a', low: -4, high: 4 },
  { column: 'b', low: -4, high: 4 },
];
const BITS = 12;

const logistic: LearningQuery = {
  kind: 'logistic',
  version: 1,
  file: 'rows',
  features: FEATURES,
  target: 'y',
  unit: 'person',
  rowsPerUnit: 1,
  maximumRows: 4000,
  settings: { rowNorm: 2, targetBound: 1, lambda: 1, rounds: 3, tolerance: 0, bits: BITS },
};

/** What the holders' vectors of each round add up to, given what was published before: no noise. */
async function exactSums(query: LearningQuery, rounds: readonly PublishedRound[]): Promise<number[][]> {
  const kind = learningKind(query);
  return Promise.all(
    rounds.map(async (_, i) => {
      const vectors = await Promise.all(
        HOLDERS.map(h => kind.contribute(query, i + 1, sourceOf(rowsOf(h)), rounds.slice(0, i))),
      );
      return Array.from(vectors[0], (_v, k) => vectors.reduce((s, v) => s + v[k], 0));
    }),
  );
}

/** Every number within eight standard deviations of the exact sum, and noise on them. */
async function checkNoise(query: LearningQuery, rounds: readonly PublishedRound[]): Promise<void> {
  const exact = await exactSums(query, rounds);
  const deviation = Math.sqrt(2 * varianceFor(query));
  for (const [i, { sums }] of rounds.entries()) {
    const off = exact[i].map((x, k) => sums[k] - x);
    assert.ok(
      off.every(d => Math.abs(d) < 8 * deviation),
      `round ${i + 1}: ${off}`,
    );
    assert.ok(off.some(d => d !== 0));
  }
}

/** All rows in one place, nothing added. */
async function central(query: LearningQuery): Promise<unknown> {
  const kind = learningKind(query);
  const all = { ...query, maximumRows: query.maximumRows * HOLDERS.length };
  const rounds: PublishedRound[] = [];
  for (let r = 1; r <= kind.rounds(all); r++)
    rounds.push({ sums: await kind.contribute(all, r, sourceOf(rowsOf()), rounds), contributors: 1 });
  return kind.modelAfter(all, rounds);
}

test('logistic regression over four rounds of proven sums: each round builds on the last, the model is near the central one', async () => {
  const town = await learningTown(logistic);
  try {
    const state = await town.until(s => learningStudy(s)?.opening?.returned === true);
    const study = learningStudy(state)!;
    assert.equal(study.stage, 'finished', JSON.stringify(study.failure));
    assert.deepEqual([study.shape.encoding, study.rounds], ['prio3-sumvec', 4]);
    const results = await resultsOf(town, study);
    const rounds = results.map(r => publishedRound(r.sums, r.contributors));
    for (const r of results) assert.deepEqual(r.contributors, [...HOLDERS].sort());
    await checkNoise(logistic, rounds);
    type Model = { coefficients: ArrayLike<number>; rounds: number };
    const { model } = results[3].decoded as { model: Model };
    const again = learningKind(logistic).modelAfter(logistic, rounds) as Model;
    assert.deepEqual([...Array.from(model.coefficients)], [...Array.from(again.coefficients)]);
    assert.equal(model.rounds, 3);
    // Noise of four rows on sums over 12,000: some 0.01 in coefficients up to 3.
    const twin = (await central(logistic)) as Model;
    assert.ok(Math.max(...Array.from(twin.coefficients, Math.abs)) > 1);
    for (let j = 0; j < twin.coefficients.length; j++)
      assert.ok(
        Math.abs(model.coefficients[j] - twin.coefficients[j]) < 0.1,
        `${model.coefficients} | ${twin.coefficients}`,
      );
  } finally {
    await town.stop();
  }
});

test('masked sums with processes killed in the middle: the same bytes go out again, everybody counts once in every round', async () => {
  const query: LearningQuery = {
    kind: 'kmeans',
    version: 1,
    file: 'rows',
    features: FEATURES,
    unit: 'person',
    rowsPerUnit: 1,
    maximumRows: 4000,
    sharing: 'ring-64',
    settings: { clusters: 3, seed: 'town', rounds: 3, tolerance: 0, bits: BITS },
  };
  const town = await learningTown(query);
  const file = (org: string, path: string) => join(town.homeOf(org), 'work', path);
  try {
    await town.until(s => learningStudy(s)?.opening?.rounds['1']?.transcript !== undefined);
    // Round 2 stays open while a holder is away; another dies after it sent and before it noted that.
    await town.kill('migration');
    const { id: opening } = learningStudy(await town.until(s => learningStudy(s)?.opening !== undefined))!.opening!;
    const slot = file('labour', `contributions/${opening}-2`);
    await appears(`${slot}.sent`);
    const sent = digest(slot);
    await town.kill('labour');
    rmSync(`${slot}.sent`);
    rmSync(`${slot}.posted`, { recursive: true });
    await Promise.all([town.startNode('labour'), town.startNode('migration')]);
    await appears(`${slot}.sent`);
    assert.equal(digest(slot), sent);
    // An aggregator dies with its noise drawn: what it reveals is what it had drawn.
    const { openings } = await town.until(s => learningStudy(s)?.opening?.rounds['2']?.transcript !== undefined);
    const noised = file('bank-a', `aggregator/${openings[opening]}/round-2-noised`);
    await appears(noised);
    const share = new Map(unpackFrame(readFileSync(noised))).get('share')!;
    await town.kill('bank-a');
    await town.startNode('bank-a');
    const state = await town.until(s => learningStudy(s)?.opening?.returned === true);
    const study = learningStudy(state)!;
    assert.equal(study.stage, 'finished', JSON.stringify(study.failure));
    assert.deepEqual([study.shape.encoding, study.shape.field, study.rounds], ['masked-sum', 64, 3]);
    assert.equal(study.opening!.rounds['2'].reveals['bank-a'].share, sha256(share));
    const results = await resultsOf(town, study);
    const rounds = results.map(r => publishedRound(r.sums, r.contributors));
    for (const r of results) assert.deepEqual(r.contributors, [...HOLDERS].sort());
    await checkNoise(query, rounds);
  } finally {
    await town.stop();
  }
  // Every result of both encodings is the sum of its revealed shares, for an auditor with nothing but the folder.
  const report = await verifyFolder(town.home, {});
  assert.notEqual(report.exit, 1, report.reason);
  assert.ok(report.results >= 3);
});

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const digest = (path: string) => sha256(readFileSync(path));

async function appears(path: string, seconds = 300): Promise<void> {
  const until = performance.now() + seconds * 1000;
  while (!existsSync(path)) {
    if (performance.now() > until) throw new Error(`${path} is not there after ${seconds} s`);
    await new Promise(resolve => setTimeout(resolve, 30));
  }
}
