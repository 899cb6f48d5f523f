import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawTileMap } from './tile-map.ts';
import { EUROPE, STATES } from './tile-places.ts';
import { wayOf } from './way.ts';

test('ways: strong, plain, level; a series at zero has none but up', () => {
  assert.deepEqual(
    [wayOf(3, 4), wayOf(100, 110), wayOf(100, 101), wayOf(100, 90), wayOf(100, 75), wayOf(0, 0), wayOf(0, 1)],
    ['up2', 'up', 'level', 'down', 'down2', 'level', 'up'],
  );
});

const tile = (place: string) => ({ place, way: 'up' as const, address: `/forecasts/ili/${place}` });
const spots = (text: string) => [...text.matchAll(/<rect x="(\d+)" y="(\d+)"/g)].map(m => `${m[1]},${m[2]}`);

test('a tile for each known place, none on another; invented places lie in the order of their codes', () => {
  const map = drawTileMap(['FR', 'DE', 'GB-ENG', 'MT', 'CY', 'IS', 'P01'].map(tile))!;
  assert.equal(map.geographic, true);
  assert.equal(new Set(spots(map.picture.text)).size, 6);
  assert.match(map.picture.text, /aria-label="Map of tiles\. Rising: France, Germany, England/);
  const invented = drawTileMap(['P09', 'P01', 'FR'].map(tile))!;
  assert.equal(invented.geographic, false);
  assert.deepEqual(
    [...invented.picture.text.matchAll(/y="19">([^<]+)/g)].map(m => m[1]),
    ['FR', 'P01', 'P09'],
  );
  assert.equal(drawTileMap([]), undefined);
});

test('no two places of a table share a tile; every state has its code', () => {
  for (const table of [EUROPE, STATES]) {
    const same = (a: string, b: string) =>
      [a, b].every(p => ['GB', 'UK', 'GB-ENG'].includes(p)) || [a, b].every(p => ['GR', 'EL'].includes(p));
    const places = Object.entries(table);
    for (const [a, [x, y]] of places)
      for (const [b, [u, v]] of places) assert.ok(a === b || same(a, b) || x !== u || y !== v, `${a} and ${b}`);
  }
  const map = drawTileMap(Object.keys(STATES).map(tile))!.picture.text;
  assert.equal(spots(map).length, 52);
  assert.doesNotMatch(map, />\d\d</);
  assert.match(map, /<title>Puerto Rico: rising/);
});

test('a warning is a ring and a word', () => {
  const map = drawTileMap([{ ...tile('FR'), warned: true }, tile('DE')])!.picture.text;
  assert.match(map, /class="up warned"/);
  assert.match(map, /more likely than not: France\. "/);
});

test('a place without a forecast of the day keeps its tile and says so', () => {
  const map = drawTileMap([tile('FR'), { place: 'DE', address: '/forecasts/ili/DE' }])!.picture.text;
  assert.match(map, /<a class="absent" href="\/forecasts\/ili\/DE"[^>]*><title>Germany: no forecast of this day</);
  assert.match(map, /No forecast of this day: Germany\. "/);
});
