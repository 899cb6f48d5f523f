// One job on a device over HTTP, and on the simulator: what is done, what is the job's own failure, what is tried again, what a restart takes up.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { Job } from '@madang/charter';
import { formatProgram, parseResult } from '@madang/compute';
import { localBackend } from '@madang/quantum';
import { digestOf } from '@madang/study';
import { utf8 } from '@madang/trust';
import type { BackendConfig } from '../config.ts';
import type { Desk } from './desk.ts';
import { runJob } from './run-job.ts';

const ID = 'ab'.repeat(32);
const bytes = (program: string, shots = 20) => formatProgram({ format: 'openqasm3', program, shots, seed: '1' });
const good = bytes('include "stdgates.inc"; qubit q; bit[1] c; x q; c = measure q;');

function deskWith(blob: Uint8Array) {
  const kept = new Map<string, unknown>();
  const memory = {
    json: async (path: string) => kept.get(path),
    putJson: async (path: string, value: unknown) => void kept.set(path, value),
  };
  return { desk: { hub: { blob: async () => blob }, memory } as unknown as Desk, kept };
}
const jobOf = (blob: Uint8Array, milliseconds = 20_000): Job => ({
  backend: 'sim',
  org: 'alpha',
  program: digestOf(blob),
  maximum: { milliseconds, units: 20 },
  stage: 'running',
  requestedAt: 0,
});
const offer = (device: BackendConfig['device']): BackendConfig => ({
  handle: 'sim',
  device,
  maximum: { milliseconds: 20_000, shots: 20 },
  quotaMilliseconds: 1,
});

test('a device over HTTP: counts, its own time, and its task taken up again after a restart', async () => {
  const device = localBackend();
  let posted = 0;
  const server = createServer(async (req, res) => {
    const [, what, id, part] = (req.url ?? '').split('/');
    const send = (body: unknown, status = 200) => res.writeHead(status).end(JSON.stringify(body));
    if (what === 'target') send(await device.target());
    else if (req.method === 'POST') {
      posted += 1;
      let text = '';
      for await (const chunk of req) text += chunk;
      if (text.includes('forbidden')) send({ detail: 'not here' }, 400);
      else send({ id: await device.start(JSON.parse(text)) });
    } else send(part ? { ...(await device.result(id)), deviceSeconds: 0.25 } : await device.status(id));
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { desk, kept } = deskWith(good);
  const first = await runJob(desk, offer({ type: 'rest', url }), ID, jobOf(good));
  assert.deepEqual([first.outcome, first.usage], ['done', { milliseconds: 250, units: 20 }]);
  const result = parseResult(utf8(first.document));
  assert.ok(result.outcome === 'done' && result.counts['1'] === 20 && result.job === ID);
  assert.ok(kept.has(`jobs/${ID}.task`));
  assert.deepEqual(await runJob(desk, offer({ type: 'rest', url }), ID, jobOf(good)), first);
  assert.equal(posted, 1, 'the device is not asked twice');
  const bad = bytes('// forbidden');
  const refused = await runJob(deskWith(bad).desk, offer({ type: 'rest', url }), ID, jobOf(bad));
  assert.equal(refused.outcome, 'failed');
  assert.match(refused.document, /not here/);
  server.close();
  await assert.rejects(runJob(deskWith(good).desk, offer({ type: 'rest', url }), ID, jobOf(good)), /cannot be reached/);
});

test('the simulator: a wrong program, too many shots, too little time, and a blob that is not the one asked for', async () => {
  const run = (blob: Uint8Array, milliseconds?: number) =>
    runJob(deskWith(blob).desk, offer({ type: 'simulator', qubits: 20 }), ID, jobOf(blob, milliseconds));
  assert.equal((await run(good)).outcome, 'done');
  for (const [blob, why] of [
    [bytes('hh q;'), /not declared/],
    [bytes('qubit q;', 21), /21 shots/],
    [utf8('{}'), /openqasm3/],
  ] as const) {
    const { outcome, document, usage } = await run(blob);
    assert.deepEqual([outcome, usage.units], ['failed', 0]);
    assert.match(document, why);
  }
  const endless = await run(bytes('int x = 0; while (true) { x += 1; }'), 100);
  assert.match(endless.document, /longer than the 100 ms/);
  assert.ok(endless.usage.milliseconds <= 100);
  const job = jobOf(bytes('qubit q;'));
  await assert.rejects(
    runJob(deskWith(good).desk, offer({ type: 'simulator', qubits: 20 }), ID, job),
    /program that was asked for/,
  );
});
