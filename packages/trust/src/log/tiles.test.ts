import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  joinBundle,
  levelCount,
  parseTilePath,
  splitBundle,
  type TileRef,
  tilePath,
  tilesOfLevel,
  tileWidth,
  widthAt,
} from './tiles.ts';

test('paths of the standard', () => {
  assert.equal(tilePath({ level: 1, index: 1_234_067, width: 256 }), 'tile/1/x001/x234/067');
  assert.equal(tilePath({ level: 'entries', index: 0, width: 17 }), 'tile/entries/000.p/17');
  assert.equal(tilePath({ level: 0, index: 1000, width: 256 }), 'tile/0/x001/000');
});

test('paths come back, and nothing else is a path', () => {
  const refs: fc.Arbitrary<TileRef> = fc.record(
    {
      level: fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 })),
      index: fc.oneof(fc.nat(2000), fc.maxSafeNat()),
      width: fc.integer({ min: 1, max: tileWidth }),
    },
    { noNullPrototype: true },
  );
  fc.assert(fc.property(refs, ref => assert.deepEqual(parseTilePath(tilePath(ref)), ref)));
  for (const bad of [
    'tile/0/1',
    'tile/00/001',
    'tile/0/x000/001',
    'tile/0/001.p/0',
    'tile/0/001.p/256',
    'tile/0/001.p/007',
    'tile/0/x1/001',
    'tile/0/001/',
    '/tile/0/001',
    'tile/0/../0/001',
    'tile/x/001',
    'tile/64/001',
    'tile/0/x001',
    'tile/0/001.p/',
    'tile/entries/001 ',
    '',
  ]) {
    assert.equal(parseTilePath(bad), undefined, bad);
  }
});

test('a tree of 70,000', () => {
  const widths = (level: number | 'entries') => [...tilesOfLevel(70_000, level)].map(({ width }) => width);
  assert.equal(levelCount(70_000), 3);
  assert.deepEqual([widths(0).length, widths(0).at(-1)], [274, 112]);
  assert.deepEqual([widths('entries').length, widths('entries').at(-1)], [274, 112]);
  assert.deepEqual(widths(1), [256, 17]);
  assert.deepEqual(widths(2), [1]);
  assert.equal(widthAt(70_000, 0, 274), 0);
  assert.equal(levelCount(0), 0);
});

test('bundles come back, prefixes too, and damage is seen', () => {
  const bundles = fc.array(fc.uint8Array({ maxLength: 400 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(bundles, fc.nat(), (entries, at) => {
      const bundle = joinBundle(entries);
      assert.deepEqual(splitBundle(bundle), entries);
      assert.deepEqual(splitBundle(bundle, at % entries.length), entries.slice(0, at % entries.length));
      assert.throws(() => splitBundle(bundle.subarray(0, -1)), { code: 'log-damaged' });
    }),
  );
  assert.equal(splitBundle(joinBundle([new Uint8Array(65_535)]))[0].length, 65_535);
  assert.throws(() => joinBundle([new Uint8Array(65_536)]), { code: 'oversize' });
});
