import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concat, equalBytes, fromBase64, fromHex, fromUtf8, toBase64, toHex, utf8 } from './bytes.ts';

test('RFC 4648 section 10', () => {
  const pairs = { '': '', f: 'Zg==', fo: 'Zm8=', foo: 'Zm9v', foob: 'Zm9vYg==', fooba: 'Zm9vYmE=', foobar: 'Zm9vYmFy' };
  for (const [text, base64] of Object.entries(pairs)) {
    assert.equal(toBase64(utf8(text)), base64);
    assert.equal(fromUtf8(fromBase64(base64)), text);
  }
});

test('text forms come back, and agree with Buffer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
      assert.deepEqual(fromHex(toHex(bytes)), bytes);
      assert.equal(toBase64(bytes), Buffer.from(bytes).toString('base64'));
      assert.equal(toHex(bytes), Buffer.from(bytes).toString('hex'));
    }),
  );
});

test('one value has one text', () => {
  // Unused bits set, missing or too much padding, white space, the URL alphabet, other letters.
  for (const bad of [
    'Zh==',
    'Zm9=',
    'Zg',
    'Zg=',
    'Zg===',
    '====',
    '=',
    'Zm9v ',
    ' Zm9v',
    'Zm\n9',
    'Z-8=',
    'Zé==',
    'Z=g=',
  ]) {
    assert.throws(() => fromBase64(bad), { code: 'bad-text' }, bad);
  }
  for (const bad of ['0', 'AB', '0g', '0x', ' 0', '００']) assert.throws(() => fromHex(bad), { code: 'bad-text' }, bad);
});

test('UTF-8 is strict both ways', () => {
  assert.throws(() => utf8('\ud800'), { code: 'bad-text' });
  for (const bad of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]]) {
    assert.throws(() => fromUtf8(Uint8Array.from(bad)), { code: 'bad-text' });
  }
  assert.equal(fromUtf8(utf8('\ufeff마당')), '\ufeff마당');
});

test('concat and equalBytes', () => {
  assert.deepEqual(concat(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3)), Uint8Array.of(1, 2, 3));
  assert.equal(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2)), true);
  assert.equal(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3)), false);
  assert.equal(equalBytes(Uint8Array.of(1), Uint8Array.of(1, 2)), false);
});
