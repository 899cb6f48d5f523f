import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStatement } from '@madang/trust';
import { Fixture } from '../testing/fixture.ts';

test('log time comes before a batch when the last is old, and never without need', async () => {
  const f = new Fixture();
  await f.founded();
  const { size } = f.hub.log;
  f.clock += 120;
  await f.client().submit(await f.certifyNode('gamma'));
  assert.equal(f.hub.log.size, size + 2);
  assert.equal(openStatement(await f.hub.log.entry(size)).kind, 'log.time');
  assert.equal(f.hub.state.time, f.clock);
  await f.hub.close();
});

test('a burst of statements shares batches and keeps its order', async () => {
  const f = new Fixture();
  await f.founded();
  const { size } = f.hub.log;
  const statements = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      f.statement('alpha', 'member.invite', {
        candidates: [{ org: `m-${i}`, name: 'M', seat: 'bank', home: 'DE', roles: [], root: 'ab'.repeat(32) }],
      }),
    ),
  );
  const receipts = await Promise.all(statements.map(s => f.client().submit(s)));
  assert.deepEqual(
    receipts.map(r => r.index).sort((a, b) => a - b),
    Array.from({ length: 200 }, (_, i) => size + i),
  );
  assert.equal(new Set(receipts.map(r => r.size)).size < 20, true);
  await f.hub.close();
});
