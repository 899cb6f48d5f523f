import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { processorMs } from '../../../../scripts/processor-time.ts';
import { generateHybridKey, softwareSigner } from '../keys/hybrid.ts';
import type { Header, HttpRequest } from './message.ts';
import { nonceWindow } from './nonce-window.ts';
import { signRequest, verifyRequest } from './request.ts';

const key = generateHybridKey();
const other = generateHybridKey();
const known = new Map([key, other].map(k => [k.keyId, k.publicKey]));
const nowSeconds = 1_800_000_000;
const options = { keyOf: (id: string) => known.get(id), nowSeconds };
const request: HttpRequest = {
  method: 'POST',
  url: 'https://hub.example/api/statements?dry=1',
  headers: [['Content-Type', 'application/json']],
  body: new TextEncoder().encode('{"a":1}'),
};
const sign = async (r: HttpRequest, at = nowSeconds): Promise<HttpRequest> => ({
  ...r,
  headers: [...r.headers, ...(await signRequest(r, softwareSigner(key), { nowSeconds: at }))],
});
const codeOf = async (r: HttpRequest) => {
  const verdict = await verifyRequest(r, options);
  return verdict.ok ? 'ok' : verdict.refusal.code;
};
const replaced = (r: HttpRequest, name: string, change: (value: string) => string): HttpRequest => ({
  ...r,
  headers: r.headers.map(([n, v]): Header => [n, n === name ? change(v) : v]),
});

test('a signed request verifies, says by whom, and a second signing has another nonce', async () => {
  const signed = await sign(request);
  const verdict = await verifyRequest(signed, options);
  assert.ok(verdict.ok);
  assert.equal(verdict.keyId, key.keyId);
  assert.equal(verdict.created, nowSeconds);
  const again = await verifyRequest(await sign(request), options);
  assert.ok(again.ok && again.nonce !== verdict.nonce);
});

test('a request without body or content type verifies, and the same through a proxy that speaks http', async () => {
  const get: HttpRequest = { method: 'GET', url: 'https://hub.example/log/checkpoint', headers: [] };
  const signed = await sign(get);
  assert.equal(await codeOf(signed), 'ok');
  assert.equal(await codeOf({ ...signed, url: 'http://hub.example/log/checkpoint' }), 'ok');
  assert.equal(await codeOf({ ...signed, body: new Uint8Array(1) }), 'content-digest');
});

test('any change of what is covered is refused', async () => {
  const signed = await sign(request);
  assert.equal(await codeOf({ ...signed, method: 'PUT' }), 'signature-wrong');
  assert.equal(await codeOf({ ...signed, url: 'https://hub.example/api/statements?dry=0' }), 'signature-wrong');
  assert.equal(await codeOf({ ...signed, url: 'https://hub.example/api/other?dry=1' }), 'signature-wrong');
  assert.equal(await codeOf({ ...signed, url: 'https://other.example/api/statements?dry=1' }), 'signature-wrong');
  assert.equal(await codeOf({ ...signed, body: new TextEncoder().encode('{"a":2}') }), 'content-digest');
  assert.equal(await codeOf({ ...signed, body: undefined }), 'content-digest');
  assert.equal(await codeOf(replaced(signed, 'Content-Type', () => 'text/plain')), 'signature-wrong');
  const bare = await sign({ ...request, headers: [] });
  assert.equal(
    await codeOf({ ...bare, headers: [['Content-Type', 'text/plain'], ...bare.headers] }),
    'signature-coverage',
  );
});

test('both signatures are needed, over the same input, of the same key', async () => {
  const signed = await sign(request);
  const dropped = (name: string, label: string) =>
    replaced(signed, name, v => v.replace(new RegExp(`${label}=`), 'x='));
  for (const label of ['ed25519', 'mldsa65']) {
    assert.equal(await codeOf(dropped('Signature', label)), 'one-signature-missing');
    assert.equal(await codeOf(dropped('Signature-Input', label)), 'one-signature-missing');
  }
  const differing = replaced(signed, 'Signature-Input', v => v.replace(/created=\d+/, 'created=1800000001'));
  assert.equal(await codeOf(differing), 'signature-inputs-differ');
  const later = replaced(signed, 'Signature-Input', v => v.replace(/created=\d+/g, 'created=1800000001'));
  assert.equal(await codeOf(later), 'signature-wrong');
  const renamed = replaced(signed, 'Signature-Input', v => v.replaceAll(key.keyId, other.keyId));
  assert.equal(await codeOf(renamed), 'signature-wrong');
  const stranger = replaced(signed, 'Signature-Input', v => v.replaceAll(key.keyId, '00'));
  assert.equal(await codeOf(stranger), 'signature-key');
  const flip = (v: string, at: number) => v.slice(0, at) + (v[at] === 'A' ? 'B' : 'A') + v.slice(at + 1);
  for (const half of ['ed25519', 'mldsa65']) {
    const flipped = replaced(signed, 'Signature', v => flip(v, v.indexOf(`${half}=:`) + half.length + 12));
    assert.equal(await codeOf(flipped), 'signature-wrong', half);
  }
});

test('a request is fresh for five minutes, a minute of skew allowed', async () => {
  assert.equal(await codeOf(await sign(request, nowSeconds - 300)), 'ok');
  assert.equal(await codeOf(await sign(request, nowSeconds - 301)), 'signature-old');
  assert.equal(await codeOf(await sign(request, nowSeconds + 60)), 'ok');
  assert.equal(await codeOf(await sign(request, nowSeconds + 61)), 'signature-early');
});

test('whatever the fields hold, the answer is a verdict', async () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('ed25519=(), mldsa65=()', 'ed25519=:AA==:, mldsa65=:AA==:'));
  await fc.assert(
    fc.asyncProperty(text, text, text, async (digest, input, signature) => {
      const headers: Header[] = [
        ['Content-Digest', digest],
        ['Signature-Input', input],
        ['Signature', signature],
      ];
      assert.equal((await verifyRequest({ ...request, headers }, options)).ok, false);
    }),
    { numRuns: 300 },
  );
});

test('hostile fields of 64 KB are answered at once', async () => {
  const size = 65_536;
  const took = await processorMs(async () => {
    for (const filler of [' ', '=', ';a', '("a" ', '\t\n ', 'a=1,', '"', '\\', ':A', '%"', '(', '1']) {
      const value = filler.repeat(size / filler.length);
      for (const text of [`${value}x`, `ed25519=${value}`, `ed25519=:${value}:`, `ed25519="${value}"`]) {
        const headers: Header[] = [
          ['Content-Digest', text],
          ['Signature-Input', text],
          ['Signature', text],
        ];
        assert.equal((await verifyRequest({ ...request, headers }, options)).ok, false);
      }
    }
  });
  assert.ok(took < 2000, `${took} ms for 48 requests`);
});

test('a nonce counts once for as long as its signature is taken', () => {
  const window = nonceWindow(360, 3);
  assert.ok(window.accept('k', 'a', 0));
  assert.ok(!window.accept('k', 'a', 0));
  assert.ok(window.accept('other', 'a', 0));
  for (const at of [100, 359, 360]) assert.ok(!window.accept('k', 'a', at), `${at}`);
  assert.ok(window.accept('k', 'b', 361));
  assert.ok(!window.accept('k', 'b', 721), 'one generation later');
  assert.ok(window.accept('k', 'a', 2000));
  const full = nonceWindow(360, 2);
  assert.ok(full.accept('k', '1', 0) && full.accept('k', '2', 0));
  assert.ok(!full.accept('k', '3', 0), 'capacity');
});
