// Verify in a real browser: what it lists, what it says of a changed byte and of a hub that is gone, and the root compared. Run by pages.test.ts.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { demo, open, options, textOf, verify } from './shared.ts';

test('Verify checks the whole log in the browser, item by item, and shows the root it started from', options, () =>
  open('/', {}, async page => {
    const text = await verify(page);
    assert.match(text, /\d+ checks made, none found anything wrong/);
    assert.equal(await page.locator('.checks li.wrong').count(), 0);
    assert.equal(await page.locator('.checks li.not-checked').count(), 0);
    for (const what of [
      'every byte of the log',
      'signatures and rules',
      'checkpoint',
      'witnesses',
      'result of round 1',
    ])
      assert.ok(text.includes(what), `${what} is listed`);
    assert.ok(text.includes(demo.root), 'the root is the one that the demo printed');
    assert.match(text, /Not proven:.*aggregators added honestly/s);
  }),
);

test('one byte changed in any kind of tile: Verify names the file', options, async () => {
  const tiles = join(demo.home, 'hub/log/tile');
  const files = readdirSync(tiles, { recursive: true, withFileTypes: true })
    .filter(f => f.isFile())
    .map(f => join(f.parentPath, f.name).slice(tiles.length + 1));
  const kinds = new Map(files.map(f => [f.split('/')[0], f]));
  assert.ok(kinds.has('entries') && kinds.has('0'), `the log has ${[...kinds.keys()]}`);
  for (const kind of ['entries', '0']) {
    // The newest of its kind, which every reader needs.
    const wanted = files
      .filter(f => f.startsWith(`${kind}/`))
      .sort(byWidth)
      .at(-1)!;
    const path = join(tiles, wanted);
    const whole = readFileSync(path);
    const bad = Uint8Array.from(whole);
    bad[Math.floor(bad.length / 2)] ^= 1;
    try {
      writeFileSync(path, bad);
      await open('/verify', {}, async page => {
        const text = await verify(page);
        assert.match(text, /Something is wrong, at tile\//);
        assert.ok((await page.locator('.checks li.wrong').count()) === 1);
        // A hash that does not fit its entry shows in the entry's bundle or in the hash's tile; either leads to the other.
        const place = /^([^/]+)\/(.*?)(?:\.p\/\d+)?$/.exec(wanted)!;
        const name = new RegExp(`tile/(${place[1]}${kind === '0' ? '|entries' : ''})/${place[2]}`);
        assert.match(text, name);
      });
    } finally {
      writeFileSync(path, whole);
    }
  }
});

/** Order of partial tiles of the same place by width. */
function byWidth(a: string, b: string): number {
  const width = (p: string) => Number(/\.p\/(\d+)$/.exec(p)?.[1] ?? 256);
  return width(a) - width(b);
}

test('Verify says that it could not check when the hub is gone in the middle', options, () =>
  open('/', {}, async page => {
    await page.route('**/tile/**', route => route.abort());
    await page.getByRole('button', { name: 'Verify now' }).click();
    await page.locator('.verdict').waitFor();
    assert.match(await textOf(page, '.verdict'), /Could not check\..*Nothing is proven and nothing is disproven/s);
  }),
);

test('a root from elsewhere is compared word by word', options, () =>
  open('/verify', {}, async page => {
    const say = async (text: string) => {
      await page.getByLabel('Root that you got from another source').fill(text);
      await page.getByRole('button', { name: 'Compare' }).click();
      return textOf(page, '[data-part=compared]');
    };
    assert.match(await say(demo.root), /The same root, all eight words/);
    assert.match(await say(demo.root.replace(/^\w+/, 'babab')), /Another root: word 1/);
    assert.match(await say('0'.repeat(64)), /Another root/);
  }),
);
