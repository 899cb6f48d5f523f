// A snapshot is only cut where its last part is exactly as described.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutCompiledModules } from '../compiled-modules.ts';

const number = (x: number) => {
  const b = Buffer.alloc(8);
  b.writeBigUInt64LE(BigInt(x));
  return b;
};
const entry = (name: string, size: number) =>
  Buffer.concat([number(name.length), Buffer.from(name), number(size), Buffer.alloc(size, 7)]);
const front = Buffer.from('what comes before, with a name in it: internal/util');

test('the list at the end goes, all before it stays', () => {
  const list = Buffer.concat([number(3), entry('fs', 300), entry('internal/util', 1), entry('sea', 70_000)]);
  assert.deepEqual(withoutCompiledModules(Buffer.concat([front, list])), Buffer.concat([front, number(0)]));
});

test('anything else is left alone', () => {
  const two = [entry('fs', 300), entry('internal/util', 100)];
  for (const [what, end] of Object.entries({
    'a byte more': Buffer.concat([number(2), ...two, Buffer.from([1])]),
    'a byte less': Buffer.concat([number(2), ...two]).subarray(0, -1),
    'one more said than there': Buffer.concat([number(3), ...two]),
    'no name': Buffer.concat([number(2), entry('f\u0000s', 300), two[1]]),
    none: number(0),
  }))
    assert.equal(withoutCompiledModules(Buffer.concat([front, end])), undefined, what);
  assert.equal(withoutCompiledModules(Buffer.alloc(0)), undefined);
});
