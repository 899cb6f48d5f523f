// One demo and one browser for all tests of the public pages: six members and one simulated season; and how a test opens a page.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type Demo, launch, noBrowser, startDemo } from './demo.ts';

export const options = { skip: noBrowser };

/** All below have a value once `before` has run. */
export let demo: Demo;
export let browser: Browser;
export let addresses: readonly string[] = [];

before(async () => {
  if (noBrowser) return;
  [demo, browser] = await Promise.all([startDemo('2024/25'), launch()]);
  // What the science thread computes at the first call, so that no page waits for it on a busy machine.
  for (const path of ['/weather', '/carbon', '/energy']) await (await fetch(demo.url + path)).arrayBuffer();
  const home = await (await fetch(demo.url)).text();
  const link = (pattern: RegExp) => {
    const found = pattern.exec(home)?.[1];
    assert.ok(found, `the first page has a link like ${pattern}`);
    return found;
  };
  addresses = [
    '/',
    link(/"(\/forecasts\/[a-z]+\/[^".]+)"/),
    '/studies',
    link(/"(\/studies\/[0-9a-f]{64})"/),
    '/members',
    '/members/health',
    '/log',
    '/log/0',
    '/log/12',
    '/status',
    '/verify',
    '/compute',
    '/climate',
    '/energy',
    '/weather',
    '/carbon',
    '/carbon/register',
    '/log/999999',
    '/nowhere',
  ];
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Opens a page for `use`. No script of it may fail, nothing may go to another host, and no cookie may be set. */
export async function open(
  path: string,
  more: BrowserContextOptions,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext(more);
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const [errors, foreign]: [string[], string[]] = [[], []];
    page.on('pageerror', e => errors.push(e.message));
    page.on('request', r => {
      if (new URL(r.url()).origin !== demo.url) foreign.push(r.url());
    });
    await page.goto(demo.url + path, { waitUntil: 'load' });
    await use(page);
    assert.deepEqual(errors, [], `script errors on ${path}`);
    assert.deepEqual(foreign, [], `requests of ${path} to other hosts`);
    assert.deepEqual(await context.cookies(), [], `cookies of ${path}`);
  } finally {
    await context.close();
  }
}

export async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).textContent()) ?? '';
}

/** What Verify says. A log is never at rest: where the last statement was signed too late for the witnesses, it is asked again. */
export async function verify(page: Page): Promise<string> {
  for (let tries = 1; ; tries++) {
    await page.getByRole('button', { name: 'Verify now' }).click();
    await page.locator('.verdict').waitFor({ timeout: 60_000 });
    const said = (await page.locator('.verify').first().textContent()) ?? '';
    if (tries === 5 || !said.includes('are not final yet')) return said;
    await page.reload({ waitUntil: 'load' });
  }
}
