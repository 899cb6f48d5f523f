// The public pages in a real browser: reading with and without script, by keyboard, narrow and dark; what they load, send and weigh.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { EXAMPLE_CASE } from '../src/energy/example.ts';
import { addresses, demo, open, options, textOf, verify } from './shared.ts';
import { transfer } from './transfer.ts';
import './place-tests.ts';
import './verify-tests.ts';

/** Bytes, compressed, of what a first load of any page may take (experience: "For everyone"). */
const BUDGET = { document: 45_000, stylesheet: 12_000, script: 35_000, all: 100_000 };

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no accessibility violation on any page, ${colorScheme}`, options, async () => {
    // Dark differs in colours alone, which all pages share.
    for (const path of colorScheme === 'light' ? addresses : ['/', addresses[1], addresses[3], '/log/0', '/verify'])
      await open(path, { colorScheme }, async page => {
        const { violations } = await new AxeBuilder({ page }).analyze();
        assert.deepEqual(
          violations.map(v => `${v.id}: ${v.nodes.map(n => n.html.slice(0, 120)).join(' | ')}`),
          [],
          path,
        );
      });
  });
}

test('no accessibility violation in what Verify reports', options, () =>
  open('/', { colorScheme: 'dark' }, async page => {
    await verify(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(
      violations.map(v => v.id),
      [],
    );
  }),
);

test('by keyboard alone: skip link, Verify, and the replay of the season', options, async () => {
  await open('/', {}, async page => {
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the content');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
    for (let i = 0; i < 10; i++) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate(() => document.activeElement?.textContent)) === 'Verify now') break;
    }
    await page.keyboard.press('Enter');
    // Whether the witnesses have signed the last statement already is not asked here.
    await page.locator('.verdict:not(.wrong)').waitFor({ timeout: 60_000 });
  });
  await open(addresses[1], {}, async page => {
    const slider = page.getByRole('slider', { name: 'Deadline' });
    await slider.focus();
    const title = await textOf(page, 'h1');
    const before = await slider.getAttribute('aria-valuetext');
    const picture = await page.locator('figure svg.wide').innerHTML();
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL(/as-of=/);
    assert.notEqual(await slider.getAttribute('aria-valuetext'), before);
    assert.notEqual(await page.locator('figure svg.wide').innerHTML(), picture, 'another frame is drawn');
    const address = page.url();
    await page.keyboard.press('Home');
    await page.waitForURL(url => url.href !== address);
    await page.goto(address);
    assert.notEqual(await slider.getAttribute('aria-valuetext'), before, 'the address holds the state');
    assert.ok(title.length > 0);
  });
});

// That none is made, and no cookie set, is asked of every page that any test opens (shared.ts).
test('the policy of every page forbids requests to other hosts', options, async () => {
  for (const path of addresses) {
    const response = await fetch(demo.url + path, { headers: { accept: 'text/html' } });
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'self'/, path);
    await response.arrayBuffer();
  }
});

test('without script every page reads, and the replay goes by links', options, async () => {
  for (const path of addresses)
    await open(path, { javaScriptEnabled: false }, async page => {
      assert.ok((await textOf(page, 'h1')).length > 5, path);
      assert.equal(await page.getByRole('button', { name: 'Verify now' }).isVisible(), false);
    });
  await open(addresses[1], { javaScriptEnabled: false }, async page => {
    await page.getByRole('link', { name: 'Earlier', exact: true }).click();
    assert.match(page.url(), /as-of=\d{4}-\d\d-\d\d$/);
    assert.match(await textOf(page, 'output'), /, \d+ of \d+$/);
    await page.locator('summary').first().click();
    assert.ok(await page.locator('details table').first().isVisible());
  });
});

test('first load of every page is within its budget, compressed', options, async () => {
  for (const path of addresses) {
    const html = await transfer(demo.url + path);
    const parts = { document: html.bytes, stylesheet: 0, script: 0 };
    for (const [, address] of html.text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
      const { bytes } = await transfer(demo.url + address);
      if (address.endsWith('.js') && html.text.includes(`src="${address}"`)) parts.script += bytes;
      else if (address.endsWith('.css')) parts.stylesheet += bytes;
      else if (address.endsWith('.svg')) parts.document += bytes;
    }
    for (const kind of ['document', 'stylesheet', 'script'] as const)
      assert.ok(parts[kind] <= BUDGET[kind], `${path}: ${kind} ${parts[kind]} of ${BUDGET[kind]} bytes`);
    const all = parts.document + parts.stylesheet + parts.script;
    assert.ok(all <= BUDGET.all, `${path}: ${all} bytes`);
  }
});

test('the first page is usable within five seconds at 400 kbit/s', options, () =>
  open('/status', {}, async page => {
    const network = await page.context().newCDPSession(page);
    await network.send('Network.enable');
    await network.send('Network.setCacheDisabled', { cacheDisabled: true });
    await network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 200,
      downloadThroughput: 50_000,
      uploadThroughput: 50_000,
    });
    const started = performance.now();
    await page.goto(`${demo.url}/`, { waitUntil: 'load' });
    await page.getByRole('button', { name: 'Verify now' }).waitFor();
    assert.ok(performance.now() - started < 5000, `${Math.round(performance.now() - started)} ms`);
  }),
);

test('simulated data are called so on every page and in every file', options, async () => {
  // Climate and energy show nothing out of the log.
  for (const path of addresses.filter(
    a => !['/climate', '/energy', '/weather', '/carbon', '/carbon/register'].includes(a),
  ))
    assert.match(
      await (await fetch(demo.url + path, { headers: { accept: 'text/html' } })).text(),
      /Simulated data/,
      path,
    );
  assert.equal((await fetch(`${demo.url}/nowhere`)).headers.get('content-type'), 'application/problem+json');
  assert.match(await (await fetch(`${demo.url}${addresses[1]}.json`)).text(), /"data":"simulated"/);
  const rows = (await (await fetch(`${demo.url}${addresses[1]}.csv`)).text()).trim().split('\n');
  assert.ok(rows.length > 23);
  for (const row of rows.slice(1)) assert.match(row, /,simulated,[a-z-]+,\d+\r?$/);
});

test('every page is whole at 320 pixels, which is 400 % zoom', options, async () => {
  for (const path of addresses)
    await open(path, { viewport: { width: 320, height: 640 } }, async page => {
      const [content, frame] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      assert.ok(content <= frame, `${path} is ${content} wide`);
    });
});

test('every link on the first page and in the navigation leads somewhere', options, async () => {
  const seen = new Set<string>();
  for (const path of addresses.slice(0, 6))
    for (const [, address] of (await (await fetch(demo.url + path)).text()).matchAll(/href="(\/[^"#]*)/g))
      seen.add(address);
  for (const address of seen) {
    const response = await fetch(demo.url + address.replaceAll('&amp;', '&'));
    await response.arrayBuffer();
    assert.equal(response.status, 200, address);
  }
  assert.ok(seen.size > 30);
});

test('a grid of the reader is solved in the browser and never sent', options, () =>
  open('/energy', {}, async page => {
    assert.match(await textOf(page, '[data-part=grid] h2'), /invented/);
    const sent: string[] = [];
    page.on('request', r => sent.push(`${r.method()} ${new URL(r.url()).pathname}`));
    const file = page.getByLabel('MATPOWER case file');
    const give = (text: string) =>
      file.setInputFiles({ name: 'mine.m', mimeType: 'text/plain', buffer: Buffer.from(text) });
    // A wider line between the regions, and then a file that is none.
    await give(EXAMPLE_CASE.replace('4 5 0.012 0.080 0.05 140', '4 5 0.012 0.080 0.05 160'));
    await page.getByText(/mine\.m solved in \d+ ms/).waitFor();
    assert.equal(await textOf(page, '[data-part=grid] h2'), 'mine');
    assert.ok((await page.locator('.grid-picture .lines path').count()) === 11);
    await give('mpc.bus = [ 1 2 three ];');
    await page.getByText(/mine\.m cannot be solved: /).waitFor();
    assert.deepEqual(
      sent.filter(s => !/^GET \/assets\/energyWorker/.test(s)),
      [],
    );
  }),
);
