import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { utf8 } from '../bytes/bytes.ts';
import { canonicalJson, type Json, maxDepth, maxKeys, parseCanonical } from './canonical.ts';

const { tree: values } = fc.letrec<{ tree: Json }>(tie => ({
  tree: fc.oneof(
    { depthSize: 'small', maxDepth: 6 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.string({ unit: 'binary' }).filter(text => text.isWellFormed()),
    fc.array(tie('tree') as fc.Arbitrary<Json>, { maxLength: 5 }),
    fc.dictionary(
      fc.string({ unit: 'grapheme' }).filter(key => key !== '__proto__'),
      tie('tree') as fc.Arbitrary<Json>,
      {
        maxKeys: 5,
        noNullPrototype: true,
      },
    ),
  ),
}));

test('one text for a value', () => {
  assert.equal(
    canonicalJson({ b: [1, -0, null, true], a: '€"\\\u0001\n', '\u{1f600}': {}, é: [] }),
    '{"a":"€\\"\\\\\\u0001\\n","b":[1,0,null,true],"é":[],"😀":{}}',
  );
  // By UTF-16 code unit: the emoji (d83d) sorts before U+FB33.
  assert.equal(canonicalJson({ '\ufb33': 1, '\u{1f600}': 2, 10: 3, 9: 4 }), '{"10":3,"9":4,"😀":2,"\ufb33":1}');
  assert.equal(canonicalJson({ a: 1, b: undefined as unknown as Json }), '{"a":1}');
});

test('what is written is read back, and order does not matter', () => {
  fc.assert(
    fc.property(values, value => {
      const text = canonicalJson(value);
      const read = parseCanonical(utf8(text));
      assert.equal(canonicalJson(read), text);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      if (value && typeof value === 'object' && !Array.isArray(value)) {
        assert.equal(canonicalJson(Object.fromEntries(Object.entries(value).reverse()) as Json), text);
      }
    }),
  );
});

test('other texts of the same value are refused', () => {
  const cases: Record<string, string> = {
    '{"a":1,"a":1}': 'not-canonical',
    '{"a":1,"a":2}': 'not-canonical',
    '{"b":1,"a":2}': 'not-canonical',
    '{ "a":1}': 'not-canonical',
    '{"a":1}\n': 'not-canonical',
    '{"a":-0}': 'not-canonical',
    '{"a":1e2}': 'not-canonical',
    '{"a":1.0}': 'not-canonical',
    '"\\u00e9"': 'not-canonical',
    '"\\/"': 'not-canonical',
    '"\\u000a"': 'not-canonical',
    '{"a":1.5}': 'bad-json',
    '{"a":9007199254740993}': 'bad-json',
    '1e999': 'bad-json',
    '"\\ud800"': 'bad-json',
    '{"__proto__":{}}': 'bad-json',
    '{a:1}': 'bad-json',
    '[1,]': 'bad-json',
    "{'a':1}": 'bad-json',
    '\ufeff{}': 'bad-json',
    '': 'bad-json',
    NaN: 'bad-json',
  };
  for (const [text, code] of Object.entries(cases)) assert.throws(() => parseCanonical(text), { code }, text);
  assert.throws(() => parseCanonical(Uint8Array.of(0x22, 0xff, 0x22)), { code: 'bad-text' });
});

test('any change of one character is refused or is another value', () => {
  const text = canonicalJson({ a: [1, 2, { b: 'x', c: 'y' }], d: 'é' });
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, letter) => {
      const changed = text.slice(0, at) + letter + text.slice(at + 1);
      fc.pre(changed !== text);
      try {
        assert.notDeepEqual(parseCanonical(changed), JSON.parse(text));
      } catch (error) {
        assert.match((error as { code: string }).code ?? '', /^(bad-json|not-canonical)$/);
      }
    }),
    { numRuns: 1000 },
  );
});

test('depth and keys are bounded', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  assert.doesNotThrow(() => parseCanonical(nested(maxDepth)));
  assert.throws(() => parseCanonical(nested(maxDepth + 1)), { code: 'too-deep' });
  assert.throws(() => parseCanonical(nested(100_000)), { code: 'too-deep' });
  const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));
  assert.doesNotThrow(() => parseCanonical(canonicalJson(keys(maxKeys))));
  assert.throws(() => canonicalJson(keys(maxKeys + 1)), { code: 'too-many-keys' });
  assert.throws(() => canonicalJson([keys(maxKeys), { one: 1 }]), { code: 'too-many-keys' });
});

test('values that JSON has not are refused', () => {
  for (const bad of [
    1.5,
    Number.NaN,
    2 ** 53,
    undefined,
    1n,
    () => 1,
    new Date(0),
    new Map(),
    '\udc00',
    { '\ud800': 1 },
  ]) {
    assert.throws(() => canonicalJson(bad as unknown as Json), { code: 'bad-json' });
  }
});
