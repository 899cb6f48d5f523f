// A hub against those who mean it ill: strangers with statements, members with mail and floods. What one sends costs nobody else anything.
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { HubError } from '@madang/api';
import { hybridKeyFromSeed, openCheckpoint, sha256, signStatement, softwareSigner, toHex, utf8 } from '@madang/trust';
import { Hono } from 'hono';
import { hubApp } from './http/app.ts';
import { bodyReader } from './http/read-body.ts';
import { Fixture } from './testing/fixture.ts';

const code = (expected: string) => (error: unknown) => error instanceof HubError && error.code === expected;
const stranger = softwareSigner(hybridKeyFromSeed(new Uint8Array(32).fill(7)));

test('a key that is none, brought by a stranger, fails no statement that comes with it', async () => {
  const f = new Fixture();
  await f.founded();
  const root = { ed25519: 'A'.repeat(44), mldsa65: 'A'.repeat(2604) };
  const body = { invitation: 'ab'.repeat(32), root };
  const bad = await signStatement({ kind: 'member.join', org: 'stranger', body }, [stranger]);
  const good = await f.certifyNode('gamma');
  const answers = await Promise.allSettled([f.client().submit(bad), f.client().submit(good)]);
  assert.ok(answers[0].status === 'rejected' && code('bad-body')(answers[0].reason));
  assert.equal(answers[1].status, 'fulfilled');
  await f.hub.close();
});

test('mail that holds the same bytes as a public blob takes nothing with it when it goes', async () => {
  const f = new Fixture();
  await f.founded();
  const bytes = utf8('the query of a study');
  const digest = await f.client('alpha').putBlob(bytes);
  await f.client('beta').sendMail('alpha', 'x', bytes);
  const { state } = f.hub;
  f.clock += 8 * 86_400;
  await f.hub.mail.sweep(state);
  const inbox = async () => (await f.hub.mail.list('alpha', 0)).length;
  assert.equal(await inbox(), 1, 'a clock alone takes no letter: log time does');
  await f.hub.mail.sweep({ ...state, time: f.clock });
  assert.equal(await inbox(), 0);
  assert.deepEqual(await f.client().blob(digest), bytes);
  await f.hub.close();
});

test('what is no text is refused by name wherever it is sent', async () => {
  const f = new Fixture();
  await f.founded();
  const app = hubApp(f.hub);
  const body = new Uint8Array([0xff, 0xfe]);
  for (const path of ['statements', 'cosignatures', 'recall']) {
    const answer = await app.request(`http://hub.test/v1/${path}`, { method: 'POST', body });
    assert.equal(answer.status, 400, path);
  }
  await f.hub.close();
});

test('bodies under way together take no more memory than they may, and give it back', async () => {
  const read = bodyReader(1_000);
  const app = new Hono().post('/', async c => {
    const body = await read(c, 900);
    return c.text(body instanceof Uint8Array ? String(body.length) : body.code);
  });
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }) as Server;
  await new Promise(resolve => server.once('listening', resolve));
  const send = () => {
    const { port } = server.address() as AddressInfo;
    const request = http.request({ port, method: 'POST' });
    const answer = new Promise<string>((resolve, reject) => {
      request.once('response', response => response.once('data', (d: Buffer) => resolve(String(d))));
      request.once('error', reject);
    });
    return { more: (bytes: number) => request.write(new Uint8Array(bytes)), end: () => request.end(), answer };
  };
  const [one, two, three] = [send(), send(), send()];
  one.more(600);
  await delay(200);
  two.more(600);
  assert.equal(await two.answer, 'busy');
  one.more(400);
  assert.equal(await one.answer, 'oversize');
  three.more(600);
  three.end();
  assert.equal(await three.answer, '600');
  server.close();
  server.closeAllConnections();
});

test('statements that wait take no more memory than they may', async () => {
  const f = new Fixture();
  await f.founded();
  const junk = new Uint8Array(65_535).fill(0x20);
  const answers = await Promise.all(Array.from({ length: 2_000 }, () => f.hub.submit(junk)));
  const codes = answers.map(a => (a.ok ? 'ok' : a.refusal.code));
  assert.ok(codes.includes('busy'));
  assert.ok(codes.filter(c => c === 'bad-json').length <= 1_100);
  await f.hub.close();
});

test('a flood of statements does not keep the log from becoming final', async () => {
  const f = new Fixture();
  await f.founded();
  await f.cosign(['alpha', 'beta', 'gamma', 'delta']);
  const before = f.hub.finality.final!.size;
  const witnesses = ['alpha', 'beta', 'gamma', 'delta'];
  // Each witness is as slow as some batches of statements, and each starts at its own moment.
  const cosigned = new Map<string, number>();
  const busy = new Map<string, { until: number; note: Uint8Array }>();
  for (let batch = 0; batch < 120; batch++) {
    for (const [i, org] of witnesses.entries()) {
      const work = busy.get(org);
      if (work && work.until <= batch) {
        await f.cosign([org], work.note);
        cosigned.set(org, openCheckpoint(work.note, f.logNotes.verifiers).size);
        busy.delete(org);
      }
      const { offered } = f.hub.finality;
      if (!busy.has(org) && offered && !(offered.size <= (cosigned.get(org) ?? 0)))
        busy.set(org, { until: batch + 7 + 2 * i, note: offered.note });
    }
    await f.client().submit(
      await f.statement('alpha', 'member.invite', {
        candidates: [{ org: `m-${batch}`, name: 'M', seat: 'bank', home: 'DE', roles: [], root: 'ab'.repeat(32) }],
      }),
    );
  }
  assert.ok(f.hub.finality.final!.size > before + 60, `final ${f.hub.finality.final!.size} of ${f.hub.log.size}`);
  await f.hub.close();
});

test('a blob that cannot be written leaves nothing behind, and the answer says so', async () => {
  const f = new Fixture();
  await f.founded();
  await f.client('alpha').putBlob(utf8('makes the folder'));
  const folder = join(f.folder, 'blobs');
  const bytes = utf8('another one');
  const digest = toHex(sha256(bytes));
  // Where its folder belongs there is a file.
  writeFileSync(join(folder, digest.slice(0, 2)), '');
  await assert.rejects(f.client('alpha').putBlob(bytes), code('store-failed'));
  const left = readdirSync(folder, { recursive: true }).filter(name => String(name).startsWith('tmp/'));
  assert.deepEqual(left, []);
  await f.hub.close();
});
