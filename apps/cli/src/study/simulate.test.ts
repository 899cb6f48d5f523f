import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandError, type Io } from '../command.ts';
import { simulate } from './simulate.ts';

const io: Io = { json: true, log: () => undefined, progress: () => ({ tick: () => undefined, done: () => undefined }) };
const defaults = {
  nodes: '4',
  rows: '400',
  buckets: '8',
  liars: '0',
  vanish: '0',
  seed: '1',
  delta: '1e-5',
  rowsPerUnit: '1',
};
const run = (more: Record<string, string | boolean | string[]>) => simulate.run([], { ...defaults, ...more }, io);
const json = async (more: Record<string, string | boolean | string[]>) => {
  const outcome = await run(more);
  assert.ok(outcome);
  const document: Record<string, unknown> = { ...(outcome.json as object), exit: outcome.exit };
  return document;
};

test('trees through secret shares are those of central training', async () => {
  const o = await json({ kind: 'gbdt', secure: true, set: ['trees=3', 'depth=2'] });
  assert.deepEqual([o['identicalToCentral'], o['secure'], o['exit']], [true, true, 0]);
});

test('histogram: liars refused, vanished nodes missed, the sum exact', async () => {
  const o = await json({ kind: 'histogram', nodes: '40', liars: '8', vanish: '5' });
  assert.deepEqual([o['ok'], o['exact'], o['rejected'], o['accepted'], o['exit']], [true, true, 8, 27, 0]);
});

test('one row a node, one bucket, every node a liar but one: it ends and is right', async () => {
  for (const kind of ['gbdt', 'gbdt-quantile', 'ridge', 'logistic', 'kmeans', 'fedavg']) {
    const o = await json({ kind, rows: '4', secure: true, ...(kind.startsWith('gbdt') ? { set: ['trees=2'] } : {}) });
    assert.deepEqual([o['ok'], o['identicalToPlain'], o['exit']], [true, true, 0], kind);
  }
  for (const nodes of ['1', '2'])
    assert.equal((await json({ kind: 'kmeans', nodes, rows: '9', secure: true }))['ok'], true);
  const one = await json({ kind: 'histogram', nodes: '17', liars: '16', buckets: '1' });
  assert.deepEqual([one['ok'], one['rejected'], one['exact']], [true, 16, true]);
});

test('the same seed shows the same histogram, another one another', async () => {
  const [a, b, c] = await Promise.all(
    ['1', '1', '2'].map(seed => json({ kind: 'histogram', nodes: '30', liars: '4', seed })),
  );
  for (const o of [a, b, c]) delete o['seconds'];
  assert.deepEqual(a, b);
  assert.notDeepEqual(a['sum'], c['sum']);
});

test('wrong use is named and ends with 2', async () => {
  for (const [more, message] of [
    [{ kind: 'magic' }, /no kind "magic"; there are: histogram, gbdt/],
    [{ kind: 'gbdt', liars: '3' }, /--liars works with --kind histogram only/],
    [{ kind: 'gbdt', rows: 'many' }, /--rows: "many" is not a whole number/],
    [{ kind: 'gbdt', rows: '3' }, /3 are fewer than one for each of 4 nodes/],
    [{ kind: 'ridge', set: ['hiden=3'] }, /ridge has no setting "hiden"; it has .*hidden/],
    [{ kind: 'histogram', buckets: '0' }, /buckets must be a whole number from 1 to 100,000, not 0/],
    [{ kind: 'gbdt', set: ['trees'] }, /--set: "trees" is not name=number/],
    [{ kind: 'ridge', epsilon: '1' }, /use it with --secure/],
    [{ kind: 'histogram', nodes: '10', liars: '8', vanish: '5' }, /10 nodes/],
  ] as const)
    await assert.rejects(run(more as Record<string, string>), (error: unknown) => {
      assert.ok(error instanceof CommandError && error.exit === 2, String(error));
      assert.match(error.message, message);
      return true;
    });
});
