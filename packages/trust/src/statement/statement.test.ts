import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromUtf8, toBase64, utf8 } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';
import { hybridKeyFromSeed, softwareSigner } from '../keys/hybrid.ts';
import { maxEntryBytes } from '../log/tiles.ts';
import { maxPayloadBytes, payloadType, preAuthEncoding } from './envelope.ts';
import { openStatement, type Payload, signStatement, verifyStatement, verifyStatementBeside } from './statement.ts';

const keys = [1, 2, 3, 4, 5].map(byte => hybridKeyFromSeed(new Uint8Array(32).fill(byte)));
const signers = keys.map(softwareSigner);
const keyOf = (id: string) => keys.find(key => key.keyId === id)?.publicKey;
const payload: Payload = {
  kind: 'study.approve',
  org: 'member-3',
  body: { study: 'ab'.repeat(32), rounds: 3, note: '마당 é' },
  seen: { size: 12, root: '0f'.repeat(32) },
  until: 1_790_000_000,
};
const envelope = await signStatement(payload, [signers[0], signers[1]]);

interface Envelope {
  payload: string;
  payloadType: string;
  signatures: { keyid: string; sig: string }[];
}
/** The envelope after `change`, written as JSON.stringify writes it: the canonical form, if the change keeps it. */
function changed(change: (envelope: Envelope) => void): Uint8Array {
  const copy = JSON.parse(fromUtf8(envelope)) as Envelope;
  change(copy);
  return utf8(JSON.stringify(copy));
}

test('a statement opens to what was signed, and verifies', async () => {
  const opened = openStatement(envelope);
  assert.deepEqual(opened.payload, payload);
  assert.deepEqual(
    [opened.kind, opened.org, opened.body, opened.seen, opened.until],
    Object.values({ a: payload.kind, b: payload.org, c: payload.body, d: payload.seen, e: payload.until }),
  );
  const sorted = [keys[0].keyId, keys[1].keyId].sort();
  assert.deepEqual(verifyStatement(opened, keyOf), { ok: true, signers: sorted });
  assert.deepEqual(await verifyStatementBeside(opened, keyOf), { ok: true, signers: sorted });
  assert.ok(envelope.length < 10_500);
});

test('the pre-authentication encoding is the one of DSSE', () => {
  assert.equal(fromUtf8(preAuthEncoding(utf8('{}'))), `DSSEv1 ${payloadType.length} ${payloadType} 2 {}`);
});

test('one act has one id, whatever its envelope', async () => {
  const again = await signStatement(payload, [signers[1], signers[0]]);
  assert.notDeepEqual(again, envelope); // ML-DSA is hedged
  assert.equal(openStatement(again).id, openStatement(envelope).id);
  assert.equal(openStatement(await signStatement(payload, [signers[2]])).id, openStatement(envelope).id);
  assert.notEqual(
    openStatement(await signStatement({ ...payload, until: 1 }, [signers[0]])).id,
    openStatement(envelope).id,
  );
});

test('seen and until may be left out', async () => {
  const opened = openStatement(await signStatement({ kind: 'log.time', org: 'hub', body: { time: 1 } }, [signers[0]]));
  assert.deepEqual([opened.seen, opened.until], [undefined, undefined]);
});

test('a signature missing or wrong is named', async () => {
  const cases: [string, (envelope: Envelope) => void][] = [
    ['one-signature-missing', e => e.signatures.splice(1, 1)],
    ['one-signature-missing', e => e.signatures.splice(0, 1)],
    ['one-signature-missing', e => e.signatures.splice(1, 2)],
    ['one-signature-missing', e => e.signatures.reverse()],
    ['bad-shape', e => e.signatures.splice(0, 4)],
    ['not-canonical', e => e.signatures.push(...e.signatures.splice(0, 2))],
    ['bad-shape', e => e.signatures.push(...e.signatures.slice(2))],
    ['bad-shape', e => (e.signatures[0].sig = e.signatures[1].sig)],
    ['bad-shape', e => (e.signatures[0].keyid = e.signatures[0].keyid.toUpperCase())],
    ['bad-shape', e => (e.payloadType = 'text/plain')],
    ['bad-shape', e => delete (e as Partial<Envelope>).payload],
    ['bad-text', e => (e.payload = e.payload.replace(/.$/, ''))],
    ['not-canonical', e => ((e as Envelope & { extra: number }).extra = 1)],
    ['bad-json', e => (e.payload = toBase64(utf8('{')))],
    ['not-canonical', e => (e.payload = toBase64(utf8('{"kind":"a.b","body":{},"org":"x"}')))],
  ];
  for (const [code, change] of cases) assert.throws(() => openStatement(changed(change)), { code }, String(change));

  const swapped = openStatement(
    changed(e => ([e.signatures[0].sig, e.signatures[2].sig] = [e.signatures[2].sig, e.signatures[0].sig])),
  );
  for (const verified of [verifyStatement(swapped, keyOf), await verifyStatementBeside(swapped, keyOf)]) {
    assert.ok(!verified.ok && verified.refusal.code === 'wrong-signature' && verified.refusal.why.includes('Ed25519'));
  }
  const pq = openStatement(
    changed(e => ([e.signatures[1].sig, e.signatures[3].sig] = [e.signatures[3].sig, e.signatures[1].sig])),
  );
  const verified = verifyStatement(pq, keyOf);
  assert.ok(!verified.ok && verified.refusal.code === 'wrong-signature' && verified.refusal.why.includes('ML-DSA-65'));
});

test('an unknown key, and a record that holds another key, are refused', async () => {
  const opened = openStatement(envelope);
  for (const lookUp of [() => undefined, () => keys[4].publicKey]) {
    for (const verified of [verifyStatement(opened, lookUp), await verifyStatementBeside(opened, lookUp)]) {
      assert.ok(!verified.ok && verified.refusal.code === 'unknown-key');
    }
  }
});

test('a byte changed anywhere is refused', () => {
  fc.assert(
    fc.property(fc.nat(envelope.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const bytes = Uint8Array.from(envelope);
      bytes[at] ^= flip;
      try {
        assert.equal(verifyStatement(openStatement(bytes), keyOf).ok, false);
      } catch (error) {
        assert.ok(error instanceof TrustError, String(error));
      }
    }),
    { numRuns: process.env['SLOW'] ? 20_000 : 400 },
  );
});

test('a byte dropped or doubled anywhere is refused', () => {
  fc.assert(
    fc.property(fc.nat(envelope.length - 1), fc.boolean(), (at, drop) => {
      const bytes = [...envelope];
      if (drop) bytes.splice(at, 1);
      else bytes.splice(at, 0, bytes[at]);
      assert.throws(() => openStatement(Uint8Array.from(bytes)), TrustError);
    }),
    { numRuns: 200 },
  );
});

test('any bytes at all give a TrustError, never another one', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.json().map(text => new TextEncoder().encode(text)),
      ),
      bytes => {
        assert.throws(() => openStatement(bytes), TrustError);
      },
    ),
    { numRuns: 500 },
  );
});

test('sizes and signers are bounded, and the largest statement fits an entry', async () => {
  const padded = (length: number): Payload => ({ kind: 'a.b', org: 'x', body: { pad: 'p'.repeat(length) } });
  const overhead = maxPayloadBytes - openStatement(await signStatement(padded(0), [signers[0]])).payloadBytes.length;
  const largest = await signStatement(padded(overhead), signers.slice(0, 4));
  assert.equal(openStatement(largest).payloadBytes.length, maxPayloadBytes);
  assert.ok(largest.length <= maxEntryBytes);
  await assert.rejects(signStatement(padded(overhead + 1), [signers[0]]), { code: 'oversize' });
  await assert.rejects(signStatement(payload, signers), { code: 'too-many-signers' });
  await assert.rejects(signStatement(payload, []), { code: 'bad-shape' });
  await assert.rejects(signStatement(payload, [signers[0], signers[0]]), { code: 'bad-shape' });
  assert.throws(() => openStatement(new Uint8Array(maxEntryBytes + 1)), { code: 'oversize' });
  const five = changed(e => (e.signatures = Array.from({ length: 10 }, () => e.signatures[0])));
  assert.throws(() => openStatement(five), { code: 'too-many-signers' });
});

test('payloads of another shape are refused when signing and when opening', async () => {
  const bad: object[] = [
    { ...payload, kind: 'approve' },
    { ...payload, kind: 'Study.approve' },
    { ...payload, kind: 'study.' },
    { ...payload, kind: `a.${'b'.repeat(70)}` },
    { ...payload, org: '' },
    { ...payload, org: 'café' },
    { ...payload, body: [] },
    { ...payload, body: undefined },
    { ...payload, until: -1 },
    { ...payload, until: 1.5 },
    { ...payload, until: '1' },
    { ...payload, seen: { size: 1 } },
    { ...payload, seen: { size: 1, root: 'AB'.repeat(32) } },
    { ...payload, seen: { size: 1, root: 'ab'.repeat(32), more: 1 } },
    { ...payload, seen: null },
    { ...payload, extra: 1 },
  ];
  for (const value of bad)
    await assert.rejects(signStatement(value as Payload, [signers[0]]), { code: 'bad-shape' }, JSON.stringify(value));
  for (const text of ['[]', 'null', '1', '"x"', '{}', '{"body":{},"kind":"a.b","org":"x","seen":null}']) {
    assert.throws(() => openStatement(changed(e => (e.payload = toBase64(utf8(text))))), { code: 'bad-shape' }, text);
  }
  await assert.rejects(signStatement({ ...payload, body: { x: 0.5 } }, [signers[0]]), { code: 'bad-json' });
});
