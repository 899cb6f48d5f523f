import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { TrustError } from '../error.ts';
import { type HttpAlgorithm, httpSigner, httpVerifier } from './algorithm.ts';
import { contentDigest, contentDigestFault } from './content-digest.ts';
import type { HttpRequest, HttpResponse } from './message.ts';
import { rsaPublicKey } from './rsa-key.ts';
import { signMessage } from './sign-message.ts';
import { type VerifyMessageOptions, verifyMessage } from './verify-message.ts';

const body = new TextEncoder().encode('{"hello": "world"}');
const request: HttpRequest = {
  method: 'POST',
  url: 'https://example.com/foo?a=b',
  headers: [
    ['Content-Type', 'application/json'],
    ['Content-Digest', contentDigest(body, 'sha-512')],
  ],
  body,
};
const components = ['@method', '@path', 'content-digest'];
const seed = new Uint8Array(32).fill(7);

function keysFor(algorithm: HttpAlgorithm): { secret: Uint8Array; publicKey: Uint8Array } | undefined {
  if (algorithm === 'hmac-sha256') return { secret: seed, publicKey: seed };
  const make = () => {
    if (algorithm === 'rsa-pss-sha512') {
      return generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
    }
    if (algorithm === 'rsa-v1_5-sha256') return generateKeyPairSync('rsa', { modulusLength: 2048 });
    const namedCurve = algorithm === 'ecdsa-p256-sha256' ? 'P-256' : 'P-384';
    return generateKeyPairSync('ec', { namedCurve });
  };
  const pair = make();
  return {
    secret: pair.privateKey.export({ type: 'pkcs8', format: 'der' }),
    publicKey: pair.publicKey.export({ type: 'spki', format: 'der' }),
  };
}

test('every algorithm over WebCrypto signs, verifies, and refuses a changed message', async () => {
  for (const algorithm of [
    'rsa-pss-sha512',
    'rsa-v1_5-sha256',
    'ecdsa-p256-sha256',
    'ecdsa-p384-sha384',
    'hmac-sha256',
  ] as const) {
    const { secret, publicKey } = keysFor(algorithm) as { secret: Uint8Array; publicKey: Uint8Array };
    const signer = await httpSigner(algorithm, secret);
    const verifier = await httpVerifier(algorithm, publicKey);
    const added = await signMessage(request, signer, { label: 'sig', components, parameters: { alg: algorithm } });
    const signed = { ...request, headers: [...request.headers, ...added] };
    const verdict = await verifyMessage(signed, { keyFor: () => verifier });
    assert.ok(verdict.ok, algorithm);
    assert.equal(verdict.contentDigest, 'matches the body');
    const moved = await verifyMessage({ ...signed, method: 'PUT' }, { keyFor: () => verifier });
    assert.ok(!moved.ok && moved.refusal.code === 'signature-wrong', algorithm);
  }
});

test('Ed25519 and ML-DSA by seed', async () => {
  for (const [algorithm, length] of [
    ['ed25519', 64],
    ['ml-dsa-44', 2420],
    ['ml-dsa-65', 3309],
    ['ml-dsa-87', 4627],
  ] as const) {
    const signature = await (await httpSigner(algorithm, seed)).sign(body);
    assert.equal(signature.length, length);
    const wrongKey = await httpVerifier(algorithm, new Uint8Array(5));
    assert.equal(await wrongKey.verify(body, signature), false);
  }
});

test('RSA keys come as SubjectPublicKeyInfo or PKCS#1, marked for PSS or not', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const pkcs1 = publicKey.export({ type: 'pkcs1', format: 'der' });
  assert.deepEqual(rsaPublicKey(pkcs1), new Uint8Array(spki));
  assert.deepEqual(rsaPublicKey(spki), new Uint8Array(spki));
  const byPkcs1 = await httpSigner('rsa-v1_5-sha256', privateKey.export({ type: 'pkcs1', format: 'der' }));
  const byPkcs8 = await httpSigner('rsa-v1_5-sha256', privateKey.export({ type: 'pkcs8', format: 'der' }));
  assert.deepEqual(await byPkcs1.sign(body), await byPkcs8.sign(body));
});

test('what is no key is refused by its code', async () => {
  const bad = (error: unknown) => error instanceof TrustError && error.code === 'bad-key';
  for (const algorithm of ['rsa-pss-sha512', 'ecdsa-p256-sha256'] as const) {
    for (const key of [new Uint8Array(0), new Uint8Array(40).fill(0x30), Uint8Array.of(0x30, 0x82, 0xff, 0xff)]) {
      await assert.rejects(httpVerifier(algorithm, key), bad);
      await assert.rejects(httpSigner(algorithm, key), bad);
    }
  }
});

const verifier = await httpVerifier('hmac-sha256', seed);
const signer = await httpSigner('hmac-sha256', seed);
async function verdictOf(
  parameters: Parameters<typeof signMessage>[2]['parameters'],
  options: Partial<VerifyMessageOptions>,
): Promise<string> {
  const added = await signMessage(request, signer, { label: 'sig', components, parameters });
  const signed = { ...request, headers: [...request.headers, ...added] };
  const verdict = await verifyMessage(signed, { keyFor: () => verifier, ...options });
  return verdict.ok ? 'ok' : verdict.refusal.code;
}

test('time: created, expires, age, skew', async () => {
  const at = (nowSeconds: number, maxAgeSeconds?: number) => ({ nowSeconds, maxAgeSeconds });
  assert.equal(await verdictOf({ created: 1000 }, at(1000, 300)), 'ok');
  assert.equal(await verdictOf({ created: 1000 }, at(1300, 300)), 'ok');
  assert.equal(await verdictOf({ created: 1000 }, at(1301, 300)), 'signature-old');
  assert.equal(await verdictOf({ created: 1000 }, at(940, 300)), 'ok');
  assert.equal(await verdictOf({ created: 1000 }, at(939, 300)), 'signature-early');
  assert.equal(await verdictOf({}, at(1000, 300)), 'signature-undated');
  assert.equal(await verdictOf({ created: 900, expires: 1000 }, at(999)), 'ok');
  assert.equal(await verdictOf({ created: 900, expires: 1000 }, at(1000)), 'signature-expired');
  assert.equal(await verdictOf({ created: 1 }, {}), 'ok');
});

test('policy: coverage, tag, algorithm, key, label', async () => {
  assert.equal(await verdictOf({}, { required: ['@method', '@path'] }), 'ok');
  assert.equal(await verdictOf({}, { required: ['@method', '@query'] }), 'signature-coverage');
  assert.equal(await verdictOf({ tag: 'a' }, { tag: 'a' }), 'ok');
  assert.equal(await verdictOf({ tag: 'a' }, { tag: 'b' }), 'signature-tag');
  assert.equal(await verdictOf({}, { tag: 'b' }), 'signature-tag');
  assert.equal(await verdictOf({ alg: 'ed25519' }, {}), 'signature-algorithm');
  assert.equal(await verdictOf({}, { keyFor: () => undefined }), 'signature-key');
  assert.equal(await verdictOf({}, { label: 'other' }), 'signature-missing');
});

test('fields that are no signatures are refused, not thrown', async () => {
  for (const headers of [
    [],
    [['Signature', 'sig=:AA==:']],
    [['Signature-Input', 'sig=()']],
    [
      ['Signature-Input', 'sig=1'],
      ['Signature', 'sig=:AA==:'],
    ],
    [
      ['Signature-Input', 'sig=();created="x"'],
      ['Signature', 'sig=:AA==:'],
    ],
    [
      ['Signature-Input', 'sig=()'],
      ['Signature', 'sig=1'],
    ],
    [
      ['Signature-Input', 'sig=('],
      ['Signature', 'sig=:AA==:'],
    ],
    [
      ['Signature-Input', 'sig=("gone")'],
      ['Signature', 'sig=:AA==:'],
    ],
    [
      ['Signature-Input', 'sig=(), two=()'],
      ['Signature', 'sig=:AA==:, two=:AA==:'],
    ],
  ] as (readonly [string, string])[][]) {
    const verdict = await verifyMessage({ ...request, headers }, { keyFor: () => verifier });
    assert.equal(verdict.ok, false, JSON.stringify(headers));
  }
});

test('a covered digest is compared with the body; a body that is not at hand is said', async () => {
  const added = await signMessage(request, signer, { label: 'sig', components, parameters: {} });
  const signed = { ...request, headers: [...request.headers, ...added] };
  const other = await verifyMessage({ ...signed, body: new Uint8Array(3) }, { keyFor: () => verifier });
  assert.ok(!other.ok && other.refusal.code === 'content-digest');
  const absent = await verifyMessage({ ...signed, body: undefined }, { keyFor: () => verifier });
  assert.ok(absent.ok && absent.contentDigest === 'body not at hand');
});

test('Content-Digest: every known digest must fit, one must be known', () => {
  const withDigest = (value: string) => ({ ...request, headers: [['Content-Digest', value]] as const });
  const [a, b] = [contentDigest(body, 'sha-256'), contentDigest(body, 'sha-512')];
  assert.equal(contentDigestFault(withDigest(`${a}, ${b}, md5=:AA==:`), body), undefined);
  assert.match(String(contentDigestFault(withDigest(`${a}, ${contentDigest(seed, 'sha-512')}`), body)), /sha-512/);
  assert.match(String(contentDigestFault(withDigest('md5=:AA==:'), body)), /neither/);
  assert.match(String(contentDigestFault(withDigest('sha-256=1'), body)), /no byte sequence/);
  assert.match(String(contentDigestFault(withDigest('sha-256'), body)), /no byte sequence/);
  assert.match(String(contentDigestFault(withDigest('='), body)), /structured field/);
  assert.match(String(contentDigestFault({ ...request, headers: [] }, body)), /no Content-Digest/);
});

test('a response is bound to its request', async () => {
  const response: HttpResponse = { status: 200, headers: [], request };
  const covered = ['@status', '@method;req', 'content-digest;req'];
  const added = await signMessage(response, signer, { label: 'r', components: covered, parameters: {} });
  const signed = { ...response, headers: added };
  assert.ok((await verifyMessage(signed, { keyFor: () => verifier })).ok);
  const moved = { ...signed, request: { ...request, method: 'PUT' } };
  assert.ok(!(await verifyMessage(moved, { keyFor: () => verifier })).ok);
  const swapped = await verifyMessage({ ...signed, request: { ...request, body: seed } }, { keyFor: () => verifier });
  assert.ok(!swapped.ok && swapped.refusal.code === 'content-digest');
});
