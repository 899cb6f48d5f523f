import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TrustError } from '../error.ts';
import {
  type BareItem,
  item,
  type Member,
  serializeDictionary,
  serializeList,
  serializeMember,
} from './structured-field.ts';
import { parseDictionary, parseItem, parseList } from './structured-parse.ts';

const refused = (run: () => unknown) =>
  assert.throws(run, (error: unknown) => error instanceof TrustError && error.code === 'bad-syntax');

const bare: fc.Arbitrary<BareItem> = fc.oneof(
  fc
    .tuple(fc.constantFrom('integer', 'date'), fc.integer({ min: -1e9, max: 1e9 }))
    .map(([kind, value]) => ({ kind, value }) as const),
  fc.integer({ min: -1e9, max: 1e9 }).map(n => ({ kind: 'decimal', value: n / 1000 }) as const),
  fc.string({ unit: 'grapheme-ascii' }).map(value => ({ kind: 'string', value }) as const),
  fc.stringMatching(/^[A-Za-z*][a-z0-9/:]{0,8}$/).map(value => ({ kind: 'token', value }) as const),
  fc.uint8Array({ maxLength: 40 }).map(value => ({ kind: 'bytes', value }) as const),
  fc.boolean().map(value => ({ kind: 'boolean', value }) as const),
  fc.string({ unit: 'grapheme' }).map(value => ({ kind: 'display', value }) as const),
);
const parameters = fc.array(fc.tuple(fc.stringMatching(/^[a-z*][a-z0-9_.*-]{0,5}$/), bare)).map(e => new Map(e));
const items = fc.tuple(bare, parameters).map(([value, given]) => item(value, given));
const member: fc.Arbitrary<Member> = fc.oneof(
  items,
  fc
    .tuple(fc.array(items, { maxLength: 4 }), parameters)
    .map(([list, given]) => ({ kind: 'inner-list', items: list, parameters: given }) as const),
);

test('what was serialized parses to the same, and serializes to the same text', () => {
  fc.assert(
    fc.property(fc.array(member, { maxLength: 5 }), list => {
      const text = serializeList(list);
      assert.equal(serializeList(parseList(text)), text);
      assert.deepEqual(parseList(text), list);
      const dictionary = new Map(list.map((m, i) => [`k${i}`, m]));
      assert.deepEqual(parseDictionary(serializeDictionary(dictionary)), dictionary);
    }),
  );
});

test('parsing any text gives a value or a refusal, and never another error', () => {
  const any = fc.oneof(fc.string(), fc.stringMatching(/^[a-c0-9"():;=,?@%* .\t\\-]{0,30}$/));
  fc.assert(
    fc.property(any, text => {
      for (const parse of [parseDictionary, parseList, parseItem]) {
        try {
          parse(text);
        } catch (error) {
          assert.ok(error instanceof TrustError && error.code === 'bad-syntax', String(error));
        }
      }
    }),
    { numRuns: 2000 },
  );
});

test('the forms of RFC 9651', () => {
  const forms: readonly (readonly [string, string])[] = [
    ['  "hello"  ', '"hello"'],
    ['"a \\"q\\" \\\\"', '"a \\"q\\" \\\\"'],
    ['4.50', '4.5'],
    ['-0', '0'],
    ['0042', '42'],
    ['foo123/456;a=1 ', 'foo123/456;a=1'],
    ['sf;  a;b=?0', 'sf;a;b=?0'],
    ['?1', '?1'],
    [':cHJldGVuZA:', ':cHJldGVuZA==:'],
    ['@1659578233', '@1659578233'],
    ['%"This is intended for display to %c3%bcsers."', '%"This is intended for display to %c3%bcsers."'],
    ['a;x=1;y=2;x=3', 'a;x=3;y=2'],
  ];
  for (const [text, expected] of forms) assert.equal(serializeMember(parseItem(text)), expected, text);
  assert.equal(serializeList(parseList('("a"  "b" );x ,\tc')), '("a" "b");x, c');
  assert.equal(serializeDictionary(parseDictionary('a=1,b, a=2;q')), 'a=2;q, b');
  assert.deepEqual(parseList(''), []);
});

test('what RFC 9651 refuses', () => {
  for (const text of [
    '',
    'a, b',
    '"open',
    '"\\x"',
    '"é"',
    '1.',
    '1.2345',
    '1234567890123456',
    '1234567890123.1',
    '--1',
    '-',
    ':a:',
    ':%%:',
    '?2',
    '@1.5',
    '%"%C3%BC"',
    '%"%ff"',
    'a;A=1',
    '(a)',
    'é',
  ]) {
    refused(() => parseItem(text));
  }
  for (const text of ['a,', 'a b', '(a', '(a,b)', '("a""b")', ',a']) refused(() => parseList(text));
  for (const text of ['A=1', 'a=', '=1', 'a=1;;b', 'a=1,']) refused(() => parseDictionary(text));
});

test('what cannot be serialized is refused', () => {
  const bad: readonly BareItem[] = [
    { kind: 'integer', value: 1e15 },
    { kind: 'integer', value: 0.5 },
    { kind: 'decimal', value: 1e12 },
    { kind: 'decimal', value: Number.NaN },
    { kind: 'string', value: 'ü' },
    { kind: 'string', value: 'a\n' },
    { kind: 'token', value: '1a' },
  ];
  for (const value of bad) refused(() => serializeMember(item(value)));
  refused(() => serializeDictionary(new Map([['A', item({ kind: 'integer', value: 1 })]])));
  assert.equal(serializeMember(item({ kind: 'decimal', value: 1.0005 })), '1.0');
  assert.equal(serializeMember(item({ kind: 'decimal', value: -0.0001 })), '0.0');
});
