// The shared ridge over real processes: three rounds of noised, proven sums; every member's forecast made at its own node from the published model, signed;
// what the budget says is what was spent; a node that dies between rounds sends what it had drawn.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ledgerId, microRhoOf, type State, type Study } from '@madang/charter';
import { folderMemory } from '@madang/node/setup';
import {
  type PublishedRound,
  publishedRound,
  type ResultDocument,
  type SharedRidgeQuery,
  type SharedRidgeState,
  sharedRidge,
} from '@madang/study';
import { openStatement, splitBundle } from '@madang/trust';
import { homeOf } from '../src/demo/setup.ts';
import { KINDS, lossOf, proposalOf, roundsOf } from '../src/demo/studies.ts';
import { verifyFolder } from '../src/verify/folder.ts';
import { Town } from './town.ts';

const HOLDERS = ['health', 'bank-b', 'labour', 'migration'];
const ridgeOf = (s: State): Study | undefined => Object.values(s.studies).find(x => x.kind === KINDS.ridge);

test('three rounds, one model, a signed forecast from every member, the declared budget spent; a node killed in the middle', async () => {
  const datasets: string[] = [];
  const town = await Town.start({
    change: (org, config) => {
      if (!HOLDERS.includes(org)) return;
      const [dataset] = config['datasets'] as { handle: string; ledgers: { capMicroRho: number }[] }[];
      datasets.push(dataset.handle);
      dataset.ledgers[0].capMicroRho += 310_000;
      const policy = config['standingPolicy'] as object;
      config['standingPolicy'] = {
        ...policy,
        kinds: Object.values(KINDS),
        maximumRounds: 3,
        maximumMicroRhoPerRound: 110_000,
      };
    },
    before: async plan => {
      const memory = folderMemory(join(homeOf(plan, 'health'), 'work'));
      await memory.putJson('proposals/ridge.json', proposalOf('ridge', plan, datasets));
    },
  });
  const { data } = town.plan;
  try {
    await town.until(s => ridgeOf(s)?.opening?.rounds['1']?.result !== undefined);
    const before = ridgeOf(await town.until(() => true))!.opening!.id;
    const slot = join(town.homeOf('labour'), 'work', `contributions/${before}-1`);
    const sent = createHash('sha256').update(readFileSync(slot)).digest('hex');
    await town.kill('labour');
    await town.startNode('labour');
    assert.equal(createHash('sha256').update(readFileSync(slot)).digest('hex'), sent);
    // Four members forecast from each of the two studies.
    const state = await town.until(s => ridgeOf(s)?.opening?.returned === true && s.forecasts >= 8);
    const study = ridgeOf(state)!;
    assert.equal(study.stage, 'finished', JSON.stringify(study.failure));
    assert.deepEqual([study.shape.encoding, study.shape.length, study.rounds], ['prio3-sumvec', 16, 3]);
    const results = await Promise.all(
      ['1', '2', '3'].map(async r => {
        const blob = await town.hub.blob(study.opening!.rounds[r].result!.digest);
        return JSON.parse(new TextDecoder().decode(blob)) as ResultDocument;
      }),
    );
    for (const r of results) assert.deepEqual(r.contributors, [...HOLDERS].sort());

    // The model is what anyone computes from the published sums.
    const query = JSON.parse(new TextDecoder().decode(await town.hub.blob(study.query))) as SharedRidgeQuery;
    const rounds = results.map(r => publishedRound(r.sums, r.contributors));
    const again = (sharedRidge.modelAfter(query, rounds) as SharedRidgeState).models[0];
    const { model } = results[2].decoded as { model: { location: number[]; scale: number[]; shape: number[] } };
    assert.deepEqual(model.location, [...again.location]);
    assert.deepEqual(model.shape, [...again.shape]);

    await checkNoise(town, query, rounds, roundsOf('ridge', data).variance);

    // One place-week's loss, as the ledgers hold it.
    const { variance } = roundsOf('ridge', data);
    const d2 = sharedRidge.sensitivitySquared(query, 'place-week')!;
    const pilot = Object.values(state.studies).find(s => s.kind === KINDS.pilot)!;
    const cost = 3 * microRhoOf(d2, variance) + microRhoOf(40, pilot.charges[0].variance);
    for (const d of study.datasets) {
      const { reserved, spent } = state.ledgers[ledgerId(d, 'place-week', 'pilot')];
      assert.deepEqual({ reserved, spent }, { reserved: 0, spent: cost });
    }
    assert.ok(cost / 1e6 <= lossOf(['pilot', 'ridge'], data).rho + 1e-5);

    const { size } = await town.hub.status();
    const signed = splitBundle(await town.hub.entries(0, size), 1024)
      .map(e => openStatement(e))
      .filter(s => s.kind === 'forecast.publish' && s.body['opening'] === study.opening!.id);
    assert.deepEqual(signed.map(s => s.org).sort(), [...HOLDERS].sort());
    for (const s of signed) {
      const csv = new TextDecoder().decode(await town.hub.blob(String(s.body['csv'])));
      assert.equal(csv.trim().split('\n').length, Number(s.body['rows']) + 1);
    }
  } finally {
    await town.stop();
  }
  const report = await verifyFolder(town.home, {});
  assert.notEqual(report.exit, 1, report.reason);
  assert.equal(report.results, 4);
});

/** Every published number is within eight deviations of what the holders' vectors add up to, and none of the rounds is bare. */
async function checkNoise(
  town: Town,
  query: SharedRidgeQuery,
  rounds: readonly PublishedRound[],
  variance: number,
): Promise<void> {
  const deviation = Math.sqrt(2 * variance);
  for (const [i, { sums }] of rounds.entries()) {
    const vectors = await Promise.all(
      HOLDERS.map(org => {
        const csv = readFileSync(join(town.homeOf(org), 'data', 'vintages.csv'), 'utf8');
        return sharedRidge.contribute(
          query,
          i + 1,
          { file: async () => csv, query: async () => [] },
          rounds.slice(0, i),
        );
      }),
    );
    const off = Array.from(vectors[0], (_, k) => sums[k] - vectors.reduce((s, v) => s + v[k], 0));
    assert.ok(
      off.every(d => Math.abs(d) < 8 * deviation),
      `round ${i + 1}: ${off}`,
    );
    assert.ok(
      off.some(d => Math.abs(d) > deviation / 10),
      `round ${i + 1} has no noise`,
    );
  }
}
