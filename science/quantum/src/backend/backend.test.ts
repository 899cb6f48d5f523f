// Backends: the local one, and the REST one against a real HTTP server on this machine that queues, answers late, fails and misbehaves.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { QuantumError } from '../error.ts';
import { type Backend, runTask, type TaskStatus } from './backend.ts';
import { localBackend } from './local.ts';
import { restBackend } from './rest.ts';

const bell = 'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;';
const sleep = async () => {};

/** A server that behaves like a device: tasks wait for two questions, then run on the local simulator. */
async function withServer<T>(
  run: (url: string, seen: string[]) => Promise<T>,
  misbehave?: (req: IncomingMessage, res: ServerResponse) => boolean,
): Promise<T> {
  const device = localBackend();
  const asked = new Map<string, number>();
  const seen: string[] = [];
  const server = createServer(async (req, res) => {
    const send = (status: number, body: unknown) =>
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    seen.push(`${req.method} ${req.url} ${req.headers.authorization ?? ''}`.trim());
    if (misbehave?.(req, res)) return;
    const [, , , , id, part] = (req.url ?? '').split('/');
    try {
      if (req.url === '/api/v1/target') send(200, await device.target());
      else if (req.method === 'POST') {
        let text = '';
        for await (const chunk of req) text += chunk;
        const { format, ...task } = JSON.parse(text);
        assert.equal(format, 'openqasm3');
        send(201, { id: await device.start(task) });
      } else if (req.method === 'DELETE') {
        await device.stop(id);
        res.writeHead(204).end();
      } else if (part === 'result') send(200, { ...(await device.result(id)), deviceSeconds: 0.25 });
      else {
        const n = (asked.get(id) ?? 0) + 1;
        asked.set(id, n);
        send(200, n < 3 ? { state: n === 1 ? 'queued' : 'running' } : await device.status(id));
      }
    } catch (error) {
      send(404, { title: 'Not found', detail: (error as Error).message });
    }
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  try {
    return await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`, seen);
  } finally {
    server.closeAllConnections();
    await new Promise(done => server.close(done));
  }
}
const rest = (url: string, more: Partial<Parameters<typeof restBackend>[0]> = {}): Backend =>
  restBackend({ url, fetch, sleep, ...more });
const fails = (promise: Promise<unknown>, words: RegExp) =>
  assert.rejects(promise, (e: unknown) => e instanceof QuantumError && e.code === 'backend' && words.test(e.message));

test('local: a task runs, a bad one says why, a stopped one stays stopped', async () => {
  const b = localBackend();
  const { counts } = await runTask(b, { program: bell, shots: 500, seed: '1' }, { sleep });
  assert.deepEqual(Object.keys(counts).sort(), ['00', '11']);
  await fails(runTask(b, { program: 'qubit q; nothing q;', shots: 1 }, { sleep }), /"nothing" is not declared/);
  const id = await b.start({ program: bell, shots: 1 });
  await b.stop(id);
  assert.deepEqual(await b.status(id), { state: 'stopped' });
  await fails(b.result(id), /no result/);
});

test('REST: posts the program, polls, reads counts', async () => {
  await withServer(async (url, seen) => {
    const b = rest(url, { token: 'secret' });
    assert.equal((await b.target()).simulator, true);
    const states: TaskStatus['state'][] = [];
    const r = await runTask(
      b,
      { program: bell, shots: 300, seed: '7' },
      { sleep, onStatus: s => states.push(s.state) },
    );
    assert.deepEqual(states, ['queued', 'running', 'done']);
    assert.equal(r.counts['00'] + r.counts['11'], 300);
    assert.equal(r.deviceSeconds, 0.25);
    assert.ok(seen.every(s => s.endsWith('Bearer secret')));
    assert.equal(seen.filter(s => s.startsWith('POST')).length, 1);
    await fails(runTask(b, { program: 'qubit q; nothing q;', shots: 1 }, { sleep }), /nothing/);
    await fails(b.result('99'), /404: there is no task 99/);
  });
});

test('REST: a task that never ends is stopped', async () => {
  await withServer(
    async (url, seen) => {
      await fails(runTask(rest(url), { program: bell, shots: 1 }, { sleep, questions: 4 }), /did not end in time/);
      assert.ok(seen.at(-1)?.startsWith('DELETE'));
    },
    (req, res) => {
      if (req.method !== 'GET') return false;
      res.end('{"state":"running"}');
      return true;
    },
  );
});

test('REST: a busy server is asked again, other errors are not', async () => {
  let busy = 2;
  const waits: number[] = [];
  await withServer(
    async url => {
      const b = rest(url, { sleep: async ms => void waits.push(ms) });
      assert.equal((await b.target()).qubits, 26);
      assert.deepEqual(waits, [3000, 3000]);
      busy = 100;
      await fails(rest(url, { retries: 2 }).target(), /503/);
    },
    (_, res) => {
      if (busy-- <= 0) return false;
      res.writeHead(503, { 'retry-after': '3' }).end();
      return true;
    },
  );
  await fails(rest('http://127.0.0.1:1/').target(), /cannot be reached/);
});

test('REST: answers are checked before they are believed', async () => {
  const answers = [
    'not json',
    '[]',
    '{}',
    '{"id":7}',
    '{"state":"dreaming"}',
    '{"counts":{"0x":1}}',
    '{"counts":{"01":-1}}',
    '{"counts":[1]}',
  ];
  for (const answer of answers)
    await withServer(
      async url => {
        const b = rest(url);
        for (const call of [
          () => b.target(),
          () => b.start({ program: bell, shots: 1 }),
          () => b.status('1'),
          () => b.result('1'),
        ])
          await fails(call(), /./);
      },
      (_, res) => {
        res.end(answer);
        return true;
      },
    );
});
