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

test('wrong use is named and ends with 2', async () => {
  for (const [more, message] of [
    [{ kind: 'magic' }, /no kind "magic"; there are: histogram, gbdt/],
    [{ kind: 'gbdt', liars: '3' }, /--liars works with --kind histogram only/],
    [{ kind: 'gbdt', rows: 'many' }, /--rows: "many" is not a whole number/],
    [{ kind: 'gbdt', rows: '3' }, /fewer than four a node/],
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
