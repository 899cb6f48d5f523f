import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawTileMap } from './tile-map.ts';
import { wayOf } from './way.ts';

test('ways: strong, plain, level; a series at zero has none but up', () => {
  assert.deepEqual(
    [wayOf(3, 4), wayOf(100, 110), wayOf(100, 101), wayOf(100, 90), wayOf(100, 75), wayOf(0, 0), wayOf(0, 1)],
    ['up2', 'up', 'level', 'down', 'down2', 'level', 'up'],
  );
});

test('a tile for each known place, none on another; no map for invented places', () => {
  const tiles = ['FR', 'DE', 'GB-ENG', 'MT', 'CY', 'IS'].map(place => ({
    place,
    way: 'up' as const,
    address: `/forecasts/ili/${place}`,
  }));
  const map = drawTileMap(tiles)!.text;
  const at = [...map.matchAll(/<rect x="(\d+)" y="(\d+)"/g)].map(m => `${m[1]},${m[2]}`);
  assert.equal(new Set(at).size, 6);
  assert.match(map, /aria-label="Map of tiles\. Rising: France, Germany, England/);
  assert.equal(drawTileMap([{ ...tiles[0], place: 'P01' }]), undefined);
  assert.equal(drawTileMap([...tiles.slice(0, 1), { ...tiles[0], place: 'P01' }]), undefined);
});
