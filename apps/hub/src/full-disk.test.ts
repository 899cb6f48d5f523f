// A disk without room, before the entry and between the entry and its checkpoint: nothing is lost, nothing counts twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HubError } from '@madang/api';
import { TrustError } from '@madang/trust';
import { Fixture } from './testing/fixture.ts';

test('a full disk refuses a statement, loses nothing, and the next one goes through', async () => {
  let full = false;
  const f = new Fixture();
  await f.founded({
    store: inner => ({
      ...inner,
      read: inner.read,
      list: inner.list,
      remove: inner.remove,
      write: async (path, bytes) => {
        if (full) throw new TrustError('disk-full', 'no room');
        await inner.write(path, bytes);
      },
      append: async (path, bytes) => {
        if (full) throw new TrustError('disk-full', 'no room');
        await inner.append!(path, bytes);
      },
    }),
  });
  const { size } = f.hub.log;
  full = true;
  const bytes = await f.certifyNode('gamma');
  await assert.rejects(f.client().submit(bytes), (e: HubError) => e.status === 507);
  assert.equal(f.hub.log.size, size);
  full = false;
  const receipt = await f.client().submit(bytes);
  assert.equal(receipt.index, size);
  await f.hub.close();
  await f.open();
  assert.equal(f.hub.state.size, size + 1);
  await f.hub.close();
});

test('a disk that is full between the entry and its checkpoint: sent again it counts once, and tables and witnesses hear of it', async () => {
  let full = false;
  const f = new Fixture();
  await f.founded({
    store: inner => ({
      ...inner,
      write: async (path, bytes) => {
        if (full && path === 'checkpoint') throw new TrustError('disk-full', 'no room');
        await inner.write(path, bytes);
      },
    }),
  });
  const { size } = f.hub.log;
  full = true;
  const bytes = await f.certifyNode('gamma');
  await assert.rejects(f.client().submit(bytes), (e: HubError) => e.status === 507);
  assert.equal(f.hub.log.published!.size, size);
  full = false;
  const receipt = await f.client().submit(bytes);
  assert.deepEqual([receipt.index, receipt.size], [size, size + 1]);
  await f.hub.settled();
  const rows = await f.hub.database.db.selectFrom('statements').select('id').where('index', '=', size).execute();
  assert.deepEqual(rows, [{ id: receipt.id }]);
  await f.cosign(['alpha', 'beta', 'gamma']);
  assert.equal(f.hub.finality.final?.size, size + 1);
  await f.hub.close();
});
