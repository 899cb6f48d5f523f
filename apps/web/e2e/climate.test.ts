// /climate in a real browser, on a hub of its own with the reference ensemble installed, before its log is founded; and on one without the ensemble.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { sharedData, without } from '../../../scripts/shared-data.ts';
import { tempFolder } from '../../../scripts/temp-folder.ts';
import { launch, noBrowser } from './demo.ts';
import { type OwnHub, startOwnHub } from './own-hub.ts';

const missing = without('climate/fair');
const options = { skip: noBrowser || missing };
let hub: OwnHub;
let url = '';
let browser: Browser;

before(async () => {
  if (options.skip) return;
  const fair = (name: string) => sharedData(`climate/fair/${name}.csv`);
  const file = join(tempFolder('madang-climate-'), 'climate.json');
  writeFileSync(
    file,
    JSON.stringify({
      emissions: fair('cal141_emissions'),
      configs: fair('cal141_parameters'),
      species: fair('cal141_species_configs_properties'),
      forcing: fair('cal141_volcanic_solar'),
      scenario: 'medium-extension',
      cite: 'reference ensemble',
    }),
  );
  [hub, browser] = await Promise.all([startOwnHub({ MADANG_CLIMATE: file }, ['/climate']), launch()]);
  url = hub.url;
});

after(async () => {
  await browser?.close();
  await hub?.stop();
});

async function open(path: string, script: boolean, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ javaScriptEnabled: script });
  const errors: string[] = [];
  try {
    const page = await context.newPage();
    page.on('pageerror', e => errors.push(e.message));
    page.on('console', m => m.type() === 'error' && errors.push(m.text()));
    await page.goto(url + path, { waitUntil: 'load' });
    await use(page);
  } finally {
    await context.close();
  }
  assert.deepEqual(errors, []);
}

const key = async (page: Page) => (await page.locator('.key').textContent()) ?? '';
const degrees = async (page: Page) => Number(/([\d.]+) °C/.exec(await key(page))![1]);

test('a slider moves the whole ensemble in the browser, quickly, and says the same as the hub', options, async () => {
  let moved = '';
  await open('/climate', true, async page => {
    const before = await degrees(page);
    const slider = page.getByRole('slider', { name: /Carbon price/ });
    await slider.focus();
    for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowRight');
    await page.getByText(/members in \d+ ms/).waitFor({ timeout: 30_000 });
    await page.waitForFunction(() => document.querySelector('.key')?.textContent?.includes('less than without'));
    assert.equal(await page.getByRole('spinbutton', { name: /Carbon price/ }).inputValue(), '200');
    assert.match(page.url(), /\?price=200$/);
    const times: number[] = [];
    for (const price of ['210', '220', '230', '220', '200']) {
      const said = await page.locator('[data-part=said]').textContent();
      await page.getByRole('spinbutton', { name: /Carbon price/ }).fill(price);
      await page.waitForTimeout(400);
      times.push(Number(/in (\d+) ms/.exec((await page.locator('[data-part=said]').textContent()) ?? said ?? '')![1]));
    }
    // The bound is 150 ms; the middle of five, since other programs share this machine.
    assert.ok(times.sort((a, b) => a - b)[2] < 150, `${times} ms`);
    assert.ok((await degrees(page)) < before);
    moved = await key(page);
  });
  await open('/climate?price=200', false, async page => {
    assert.equal(await key(page), moved, 'the hub and the browser draw the same');
  });
});

test('without script the form is sent and the hub draws; what is out of range is at rest', options, async () => {
  await open('/climate', false, async page => {
    const before = await degrees(page);
    await page.getByRole('spinbutton', { name: /Methane/ }).fill('40');
    await page.getByRole('button', { name: 'Show' }).click();
    assert.match(page.url(), /methane=40/);
    assert.ok((await degrees(page)) < before);
    await page.goto(`${url}/climate?methane=900&coal=x`);
    assert.equal(await degrees(page), before);
  });
});

test('no accessibility violation, and every lever alone is in the table', options, () =>
  open('/climate', true, async page => {
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(
      violations.map(v => `${v.id} ${v.nodes[0]?.html}`),
      [],
    );
    assert.equal(await page.locator('section[aria-labelledby=alone] tbody tr').count(), 8);
  }),
);

test('the CSV says units, settings and what to cite', options, async () => {
  const text = await (await fetch(`${url}/climate.csv?price=200`)).text();
  const [header, first] = text.split(/\r?\n/);
  assert.equal(header, 'year,p05,p50,p95,fossil_co2,p05_without,p50_without,p95_without,fossil_co2_without,provenance');
  assert.match(
    first,
    /K above the mean of 1850 to 1900.*Carbon price by 2050: 200.*--carbon-price 200@2026-2050.*cite: reference ensemble/,
  );
});

test(
  'two plans are compared: the address holds both, the files say both, and are the same from hub and browser',
  options,
  async () => {
    let address = '';
    await open('/climate?price=100', true, async page => {
      await page.getByRole('button', { name: 'Keep this plan' }).click();
      await page.getByRole('spinbutton', { name: /Last year of coal/ }).fill('2040');
      await page.waitForFunction(() =>
        document.querySelector('.key')?.textContent?.includes('less than with the kept plan'),
      );
      await page.getByRole('spinbutton', { name: /Last year of coal/ }).fill('1950');
      assert.match((await page.locator('[data-part=said]').textContent()) ?? '', /must be between 2030 and 2100/);
      address = page.url().slice(url.length);
      assert.equal(address, '/climate?price=100&coal=2040&with=price:100');
      for (const [name, path] of [
        ['This as CSV', '.csv'],
        ['The picture as SVG, for a document', '.svg'],
      ] as const) {
        const link = page.getByRole('link', { name });
        const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
        const own = readFileSync(await download.path(), 'utf8');
        assert.match(own, /[Kk]ept plan: Carbon price by 2050: 100/);
        assert.equal(own, await (await fetch(url + address.replace('/climate', `/climate${path}`))).text());
      }
    });
    await open('/climate?price=100', false, async page => {
      await page.getByRole('button', { name: 'Keep this plan' }).click();
      await page.getByRole('spinbutton', { name: /Last year of coal/ }).fill('2040');
      await page.getByRole('button', { name: 'Show' }).click();
      assert.equal(new URL(page.url()).searchParams.get('with'), 'price:100');
      assert.match(await key(page), /less than with the kept plan/);
    });
  },
);

test(
  'a reader’s own emissions drive the ensemble in the browser; what is wrong in them is named; the hub is not needed',
  options,
  () =>
    open('/climate', true, async page => {
      const lines = (await (await fetch(`${url}/climate/emissions.csv`)).text()).split(/\r?\n/);
      const header = lines[0].split(',');
      const fossil = lines.find(l => l.includes(',CO2 FFI,'))!.split(',');
      const file = (change: (cell: string, column: string) => string, columns = (_: string) => true) =>
        [header, fossil.map((cell, i) => change(cell, header[i]))]
          .map(cells => cells.filter((_, i) => columns(header[i])).join(','))
          .join('\n');
      const give = (name: string, text: string) =>
        page.getByLabel('Emissions (CSV)').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
      await page.getByText('Your own emissions').click();
      await give(
        'half.csv',
        file((cell, column) => (Number(column) > 2030 ? String(Number(cell) / 2) : cell)),
      );
      await page.getByText(/drives the ensemble: CO2 FFI; taken from .*CH4/).waitFor();
      await page.getByText(/members in \d+ ms/).waitFor();
      const halved = await degrees(page);
      assert.ok(halved < 2.5, `${halved}`);
      for (const [name, text, said] of [
        [
          'gap.csv',
          file(
            c => c,
            column => column !== '2031.5',
          ),
          /gap\.csv, row 2 .*no column for 2031\.5/,
        ],
        [
          'stranger.csv',
          file(c => c.replace('CO2 FFI', 'Phlogiston')),
          /row 2, column "variable": unknown species "Phlogiston"/,
        ],
        [
          'slip.csv',
          file((c, column) => (Number(column) > 0 ? String(1000 * Number(c)) : c)),
          /CO2 FFI: .*a unit has slipped/,
        ],
      ] as const) {
        await give(name, text);
        await page.getByText(said).waitFor();
        assert.equal(await degrees(page), halved, name);
      }
      await page.context().setOffline(true);
      await page.getByRole('spinbutton', { name: /Methane/ }).fill('40');
      await page.waitForFunction(() => document.querySelector('.key')?.textContent?.includes('less than without'));
      const link = page.getByRole('link', { name: 'This as CSV' });
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      assert.match(readFileSync(await download.path(), 'utf8'), /emissions of CO2 FFI from a file of the reader/);
    }),
);

test(
  'a hub that has not been founded says so on every page, and shows an example when no ensemble is installed',
  options,
  async () => {
    for (const path of ['/', '/status', '/log', '/members', '/studies', '/verify']) {
      const response = await fetch(url + path);
      assert.equal(response.status, 200, path);
      assert.doesNotMatch(await response.text(), /undefined|NaN/, path);
    }
    assert.match(await (await fetch(url)).text(), /has not been founded yet/);
    const bare = await startOwnHub({ MADANG_CLIMATE: '' });
    try {
      const page = await (await fetch(`${bare.url}/climate`)).text();
      assert.match(page, /Example numbers/);
      assert.match(page, /Scenario “SSP2-4.5, rounded”/);
    } finally {
      await bare.stop();
    }
  },
);
