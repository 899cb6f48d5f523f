// What a reader can check without the hub: one entry with its proof, a page saved to disk, and a member's own copy of the log. In a real browser.
import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { tempFolder } from '../../../scripts/temp-folder.ts';
import { type Demo, launch, noBrowser, startDemo } from './demo.ts';

const options = { skip: noBrowser };
const folder = tempFolder('madang-saved-');
let demo: Demo;
let browser: Browser;
/** An entry that a member signed and all witnesses stand behind. */
let entry = 0;
let copy = '';

before(async () => {
  if (noBrowser) return;
  [demo, browser] = await Promise.all([startDemo(), launch()]);
  entry = Number(/<th scope="row" class="n"><a href="\/log\/(\d+)"/.exec(await text('/log?kind=forecast.publish'))![1]);
  copy = join(demo.home, 'nodes/health/log');
  for (const [path, name] of [
    [`/log/${entry}/proof.html`, 'proof.html'],
    [`/log/${entry}/proof.json`, 'proof.json'],
    ['/verify/offline.html', 'verify.html'],
  ])
    writeFileSync(join(folder, name), await text(path));
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

const text = async (path: string) => (await fetch(demo.url + path)).text();
const saved = (name: string) => pathToFileURL(join(folder, name)).href;

async function open(url: string, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ colorScheme: 'dark' });
  const errors: string[] = [];
  try {
    const page = await context.newPage();
    page.on('pageerror', e => errors.push(e.message));
    page.on('console', m => m.type() === 'error' && errors.push(m.text()));
    await page.goto(url, { waitUntil: 'load' });
    await use(page);
  } finally {
    await context.close();
  }
  assert.deepEqual(errors, []);
}

async function verdict(page: Page): Promise<string> {
  await page.locator('.verdict').waitFor({ timeout: 60_000 });
  return (await page.locator('main').textContent()) ?? '';
}

test('one entry is checked with its proof, by keyboard, without downloading the log', options, () =>
  open(`${demo.url}/log/${entry}`, async page => {
    const asked: string[] = [];
    page.on('request', r => asked.push(new URL(r.url()).pathname));
    await page.getByRole('button', { name: `Check entry ${entry}` }).focus();
    await page.keyboard.press('Enter');
    const said = await verdict(page);
    assert.match(said, /7 checks made, none found anything wrong/);
    for (const what of [
      `entry ${entry} is in the log`,
      'certified by its root key',
      'cosigned size',
      'the file it names',
      demo.root,
    ])
      assert.ok(said.includes(what), what);
    assert.match(said, /rules of the log were not replayed/);
    assert.deepEqual(
      asked.filter(p => !p.startsWith('/assets/')),
      [`/log/${entry}/proof.json`],
    );
    assert.match((await page.evaluate(() => document.activeElement?.textContent)) ?? '', /^Check entry \d+ again$/);
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(
      violations.map(v => `${v.id} ${v.nodes[0]?.html}`),
      [],
    );
  }),
);

test('on request the whole log is replayed from the same panel', options, () =>
  open(`${demo.url}/log/${entry}`, async page => {
    await page.getByRole('button', { name: 'Replay the whole log' }).click();
    assert.match(await verdict(page), /every byte of the log/);
  }),
);

test('a saved page checks its entry without hub or network, and asks nothing', options, () =>
  open(saved('proof.html'), async page => {
    const said = await verdict(page);
    assert.match(said, /7 checks made, none found anything wrong/);
    assert.ok(said.includes(demo.root));
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(
      violations.map(v => `${v.id} ${v.nodes[0]?.html}`),
      [],
    );
    const sent = await page
      .evaluate(
        async url =>
          fetch(url).then(
            () => 'sent',
            () => 'refused',
          ),
        demo.url,
      )
      .catch(() => 'refused');
    assert.equal(sent, 'refused', 'its own policy lets it send nothing');
  }).catch(error => {
    // The refusal of the test's own request is the one error that belongs there.
    if (!/Content Security Policy|connect-src|default-src/.test(String(error))) throw error;
  }),
);

test('a saved page in which one letter of the proof was changed says what is wrong', options, async () => {
  const page = readFileSync(join(folder, 'proof.html'), 'utf8');
  const at = page.indexOf('\\"payload\\":\\"', page.indexOf('id="proof"')) + 40;
  assert.ok(at > 40);
  writeFileSync(join(folder, 'changed.html'), page.slice(0, at) + (page[at] === 'A' ? 'B' : 'A') + page.slice(at + 1));
  await open(saved('changed.html'), async p => {
    assert.match(await verdict(p), /Something is wrong, at entry 0: it is not in the tree of size \d+, or was changed/);
  });
});

test(
  'the saved verifier replays a member’s copy of the log, and names a file with one byte changed',
  options,
  async () => {
    await open(saved('verify.html'), async page => {
      await page.locator('#folder').setInputFiles(copy);
      const said = await verdict(page);
      assert.match(said, /Checked: every byte of the log/);
      assert.match(said, /Checked: signatures and rules/);
      assert.match(said, /Checked: witnesses/);
      assert.doesNotMatch(said, /Wrong:/);
    });
    const broken = join(folder, 'copy');
    cpSync(copy, broken, { recursive: true });
    const bundle = readdirSync(join(broken, 'tile/entries'), { recursive: true, withFileTypes: true }).find(d =>
      d.isFile(),
    )!;
    const path = join(bundle.parentPath, bundle.name);
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(path, bytes);
    await open(saved('verify.html'), async page => {
      await page.locator('#folder').setInputFiles(broken);
      assert.match(await verdict(page), /Something is wrong, at tile\/entries/);
    });
    await open(saved('verify.html'), async page => {
      await page.getByLabel('A proof of one entry').setInputFiles(join(folder, 'proof.json'));
      assert.match(await verdict(page), /7 checks made, none found anything wrong/);
    });
  },
);

test('the page of verification left open goes on checking copies when the hub is gone', options, () =>
  open(`${demo.url}/verify`, async page => {
    // The verifier is fetched once the page is idle.
    await page.waitForFunction(
      () => performance.getEntriesByType('resource').some(r => /\/verifier-/.test(r.name)),
      undefined,
      { timeout: 20_000 },
    );
    await page.context().setOffline(true);
    await page.getByLabel('Folder that holds the').setInputFiles(copy);
    assert.match(await verdict(page), /Checked: signatures and rules/);
  }),
);
