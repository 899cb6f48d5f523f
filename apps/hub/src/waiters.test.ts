import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { waiters } from './waiters.ts';

test('who waits is woken by news, by leaving and by the time, and leaves nothing behind', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { wait, notify } = waiters();
  const caller = new AbortController();
  const listeners = () => getEventListeners(caller.signal, 'abort').length;
  for (let i = 0; i < 20; i++) {
    const woken = wait(1000, caller.signal);
    notify();
    await woken;
  }
  assert.equal(listeners(), 0);
  const late = wait(1000, caller.signal);
  t.mock.timers.tick(1000);
  await late;
  const gone = wait(1000, caller.signal);
  caller.abort();
  await gone;
  await wait(1000, caller.signal);
  assert.equal(listeners(), 0);
});
