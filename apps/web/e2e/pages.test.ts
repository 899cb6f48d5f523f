// The public pages in a real browser, on a hub with six members and one simulated season.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { parseCsv } from '@madang/numerics';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { EXAMPLE_CASE } from '../src/energy/example.ts';
import { type Demo, launch, noBrowser, startDemo } from './demo.ts';
import { transfer } from './transfer.ts';

const options = { skip: noBrowser };
/** Bytes, compressed, of what a first load of any page may take (experience: "For everyone"). */
const BUDGET = { document: 45_000, stylesheet: 12_000, script: 35_000, all: 100_000 };

let demo: Demo;
let browser: Browser;
let addresses: readonly string[] = [];

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
    '/log/999999',
    '/nowhere',
  ];
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

async function open(path: string, more: BrowserContextOptions, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext(more);
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const errors: string[] = [];
    page.on('pageerror', e => errors.push(e.message));
    await page.goto(demo.url + path, { waitUntil: 'load' });
    await use(page);
    assert.deepEqual(errors, [], `script errors on ${path}`);
  } finally {
    await context.close();
  }
}

async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).textContent()) ?? '';
}

async function verify(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Verify now' }).click();
  await page.locator('.verdict').waitFor({ timeout: 60_000 });
  return (await page.locator('.verify').first().textContent()) ?? '';
}

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
    await page.locator('.verdict.checked').waitFor({ timeout: 60_000 });
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

test('on a slow network every frame of the replay is shown in turn, and an old picture is marked as one', options, () =>
  open(addresses[1], {}, async page => {
    await page.route('**/*frame', async route => {
      await new Promise(resolve => setTimeout(resolve, 900));
      await route.continue();
    });
    const frame = page.locator('[data-part=frame]');
    const lead = await textOf(page, '.lead');
    await page.getByRole('slider', { name: 'Deadline' }).focus();
    await page.keyboard.press('Home');
    assert.equal(await frame.getAttribute('aria-busy'), 'true');
    assert.equal(await textOf(page, '.lead'), lead, 'the picture is still the old one');
    await page.waitForFunction(() => !document.querySelector('[data-part=frame]')!.hasAttribute('aria-busy'));
    await page.evaluate(() => {
      const seen = new Set<string>();
      Object.assign(window, { seen });
      new MutationObserver(() => seen.add(location.search)).observe(document.querySelector('[data-part=frame]')!, {
        childList: true,
      });
    });
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.waitForTimeout(4500);
    await page.getByRole('button', { name: 'Stop' }).click();
    const seen = await page.evaluate(() => (window as unknown as { seen: Set<string> }).seen.size);
    assert.ok(seen >= 2, `${seen} frames were drawn`);
  }),
);

test('when the hub is gone the replay says so and points at what is shown', options, () =>
  open(addresses[1], {}, async page => {
    const slider = page.getByRole('slider', { name: 'Deadline' });
    const shown = await slider.inputValue();
    await page.route('**/*frame', route => route.abort());
    await slider.focus();
    await page.keyboard.press('Home');
    await page.getByText(/The hub does not answer; shown is \d+ \w+ \d{4}/).waitFor();
    assert.equal(await slider.inputValue(), shown);
    assert.equal(await page.locator('[aria-busy]').count(), 0);
  }),
);

test('a place shows what public figures say, and its tables let anyone compute it again', options, async () => {
  await open(addresses[1], {}, async page => {
    const text = await textOf(page, 'main');
    for (const what of [
      /reproduction number in the five weeks to/,
      /chance of an unusually high week to/,
      /times the baseline’s error over [\d,]+ forecast weeks/,
      /Can the early warnings be trusted\? Of [\d,]+ weeks? called more likely high than not/,
      /Contributed to it: .*Organisation/,
      /Simulated figures, named by the operator of this hub; they are not in the log/,
    ])
      assert.match(text, what);
    assert.ok((await page.locator('svg.wide .known').count()) > 0, 'the observed line is drawn');
    assert.match(
      (await page.locator('.warned svg').getAttribute('aria-label')) ?? '',
      /^Reliability diagram: announced/,
    );
    const before = await page.locator('.standing').innerHTML();
    await page.getByRole('link', { name: 'Earlier', exact: true }).click();
    await page.waitForURL(/as-of=/);
    assert.notEqual(await page.locator('.standing').innerHTML(), before, 'the frame brings its own');
    const entry = /entry (\d+)/.exec(await textOf(page, '.lead'))![1];
    await page.getByRole('button', { name: `Check entry ${entry}` }).click();
    await page.locator('.verdict.checked').waitFor({ timeout: 60_000 });
    assert.match(await textOf(page, '.outcome'), new RegExp(`Entry ${entry} of`));
  });
  assert.match(await (await fetch(demo.url)).text(), /How good the forecasts have been/);
  const table = async (path: string) => {
    const response = await fetch(demo.url + addresses[1] + path);
    assert.equal(response.status, 200, path);
    return parseCsv(await response.text(), path);
  };
  const [scores, signed, observed] = [await table('/scores.csv'), await table('.csv'), await table('/observed.csv')];
  assert.match(observed.text('provenance')[0], /^simulated; .*cite: /);
  const row = scores.text('wis').findLastIndex(x => x !== '');
  const [asOf, week] = [scores.text('as_of')[row], scores.text('week_end')[row]];
  const own = signed
    .text('value')
    .flatMap((v, i) =>
      signed.text('origin_date')[i] === asOf && signed.text('target_end_date')[i] === week
        ? [{ level: Number(signed.text('output_type_id')[i]), value: Number(v) }]
        : [],
    );
  const y = scores.numbers('observed')[row];
  const wis = own.reduce((s, q) => s + 2 * ((y <= q.value ? 1 : 0) - q.level) * (q.value - y), 0) / own.length;
  assert.equal(own.length, 23);
  assert.ok(Math.abs(wis - scores.numbers('wis')[row]) < 1e-4 * wis, `${wis}`);
});

test('no request leaves for another host, and the policy forbids it', options, async () => {
  for (const path of addresses)
    await open('/status', {}, async page => {
      const foreign: string[] = [];
      page.on('request', r => {
        if (new URL(r.url()).origin !== demo.url) foreign.push(r.url());
      });
      const response = await page.goto(demo.url + path, { waitUntil: 'networkidle' });
      assert.match(response!.headers()['content-security-policy'] ?? '', /default-src 'self'/);
      assert.deepEqual(foreign, []);
      assert.equal((await page.context().cookies()).length, 0);
    });
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
  for (const path of addresses.filter(a => !['/climate', '/energy', '/weather', '/carbon'].includes(a)))
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

/** Bytes over the wire with Brotli, and the text when it is a page. */
