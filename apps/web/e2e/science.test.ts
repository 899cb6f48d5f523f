// /carbon and /weather in a real browser, on a hub of its own.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { parseCsv, random } from '@madang/numerics';
import type { Browser, Page } from 'playwright-core';
import { tempFolder } from '../../../scripts/temp-folder.ts';
import { columnFiles } from '../src/carbon/command.ts';
import { startValues } from '../src/carbon/design.ts';
import { launch, noBrowser } from './demo.ts';
import { type OwnHub, startOwnHub } from './own-hub.ts';

const options = { skip: noBrowser };
let hub: OwnHub;
let browser: Browser;

before(async () => {
  if (noBrowser) return;
  [hub, browser] = await Promise.all([
    startOwnHub({ MADANG_WEATHER: '' }, ['/weather', '/carbon', '/energy']),
    launch(),
  ]);
});

after(async () => {
  await browser?.close();
  await hub?.stop();
});

async function open(url: string, script: boolean, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ javaScriptEnabled: script, colorScheme: script ? 'dark' : 'light' });
  const errors: string[] = [];
  try {
    const page = await context.newPage();
    page.on('pageerror', e => errors.push(e.message));
    page.on('console', m => m.type() === 'error' && errors.push(m.text()));
    await page.goto(url, { waitUntil: 'load' });
    await use(page);
    if (script)
      assert.deepEqual(
        (await new AxeBuilder({ page }).analyze()).violations.map(v => `${v.id} ${v.nodes[0]?.html}`),
        [],
      );
  } finally {
    await context.close();
  }
  assert.deepEqual(errors, []);
}

const report = async (page: Page) => (await page.locator('[data-part=report]').textContent()) ?? '';
const ended = (page: Page) => page.getByText(/^(Converged in|Did not converge, after)/).waitFor({ timeout: 60_000 });

test(
  'a column is designed: the browser runs it, the address holds it, one out of range is held back',
  options,
  async () => {
    let drawn = '';
    await open(`${hub.url}/carbon`, false, async page => {
      drawn = await report(page);
      assert.match(drawn, /Mass balance is open by/);
    });
    await open(`${hub.url}/carbon`, true, async page => {
      const run = page.getByRole('button', { name: 'Run this design' });
      await run.click();
      await ended(page);
      assert.equal(await report(page), drawn, 'the hub and the browser find the same');
      await page.getByRole('spinbutton', { name: 'CO₂ in the feed' }).fill('30');
      await run.click();
      await page.waitForFunction(old => document.querySelector('[data-part=report]')?.textContent !== old, drawn);
      await ended(page);
      assert.match(page.url(), /\/carbon\?co2=30$/);
      const moved = await report(page);
      await page.getByRole('spinbutton', { name: 'Share of the light product that purges' }).scrollIntoViewIfNeeded();
      const bar = page.getByText(/^Converged in .* Purity .* dollars a tonne captured/);
      assert.ok(await bar.evaluate(e => e.getBoundingClientRect().top >= 0), 'the figures stay in sight of the fields');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'This design as CSV' }).click(),
      ]);
      const table = parseCsv(readFileSync(await download.path(), 'utf8'), 'capture-column.csv');
      assert.equal(table.text('value')[table.text('quantity').indexOf('CO₂ in the feed')], '30');
      assert.match(table.text('provenance')[0], /computed in a browser/);
      await page.reload();
      await ended(page);
      assert.equal(await report(page), moved, 'the address brings the design back');
      const low = page.getByRole('spinbutton', { name: 'Low pressure' });
      await low.fill('900');
      await run.click();
      assert.ok(await low.evaluate((e: HTMLInputElement) => !e.checkValidity()), 'the browser holds it back');
      assert.equal(await report(page), moved);
      await low.fill('3');
      for (const [name, value] of [
        ['Light reflux', '0'],
        ['Heavy reflux', '0'],
      ] as const)
        await page.getByRole('spinbutton', { name, exact: true }).fill(value);
      await run.click();
      await page.waitForFunction(old => document.querySelector('[data-part=report]')?.textContent !== old, moved);
      await ended(page);
      const text = await report(page);
      assert.ok(/Purity/.test(text) !== /did not converge/.test(text), 'figures or a refusal, never both');
    });
  },
);

test(
  'a sorbent out of the reader’s own table is run, a slip of units in it is named; a search can be stopped',
  options,
  () =>
    open(`${hub.url}/carbon`, true, async page => {
      const files = columnFiles({ ...startValues, half: 20 });
      const give = (name: string, text: string) =>
        page.getByLabel('Sorbents (CSV)').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
      await page.getByText('A sorbent out of your own table').click();
      await give('mine.csv', files.sorbents);
      await page.getByText(/of your table is in use/).waitFor();
      await ended(page);
      const own = await report(page);
      await give('slip.csv', files.sorbents.replaceAll('-36000', '-36'));
      await page.getByText(/slip\.csv, row 2.*is it in kJ\/mol\?/).waitFor();
      await page.getByRole('button', { name: 'Back to the fields' }).click();
      await page.waitForFunction(old => document.querySelector('[data-part=report]')?.textContent !== old, own);
      await page.getByRole('spinbutton', { name: 'Half full of CO₂ at' }).fill('20');
      await page.getByRole('button', { name: 'Run this design' }).click();
      await page.waitForFunction(old => document.querySelector('[data-part=report]')?.textContent === old, own);
      await page.getByRole('button', { name: 'Find the trade-off' }).click();
      await page.waitForFunction(() => (document.querySelector('progress')?.value ?? 0) > 0);
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.getByText('Stopped.').waitFor();
    }),
);

test('without script another design says where it can be run', options, () =>
  open(`${hub.url}/carbon?co2=30`, false, async page => {
    assert.match(await report(page), /has not been run yet.*madang carbon vsa/s);
    assert.doesNotMatch(await report(page), /Purity/);
  }),
);

test(
  'a register of the reader is checked in the browser: what is used twice is named, a line that is no event too',
  options,
  async () => {
    const example = await (await fetch(`${hub.url}/carbon/register/example.jsonl`)).text();
    const used = example.split('\n').find(l => l.includes('"retire"'))!;
    await open(`${hub.url}/carbon/register`, true, async page => {
      const give = (name: string, text: string) =>
        page.getByLabel('Your register').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
      assert.match(await report(page), /Nothing is counted twice: example/);
      await give('twice.jsonl', `${example}${used.replace('"id":"u1"', '"id":"u2"')}\n`);
      await page.getByText('1 check failed: twice.jsonl').waitFor();
      assert.match(await report(page), /Failed: retire u2 used-twice/);
      await give('torn.jsonl', `${example}{"kind":"issue"`);
      await page.getByText(/torn\.jsonl, line 15: /).waitFor();
      assert.match(await report(page), /1 check failed: twice/);
      const link = page.getByRole('link', { name: 'This as CSV' });
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      const table = parseCsv(readFileSync(await download.path(), 'utf8'), 'register.csv');
      assert.equal(table.text('value')[table.text('quantity').indexOf('checks failed')], '1');
      assert.ok(table.text('provenance').every(p => p.startsWith('twice.jsonl: 15 events')));
    });
  },
);

test('a station is chosen with and without script; simulated weather is called so', options, async () => {
  for (const script of [true, false])
    await open(`${hub.url}/weather`, script, async page => {
      assert.match((await page.locator('body').textContent()) ?? '', /Simulated weather/);
      await page.getByLabel('Station', { exact: true }).selectOption('Birch');
      await page.getByRole('button', { name: 'Show' }).click();
      await page.waitForURL(/station=Birch/);
      assert.match((await page.locator('h1').textContent()) ?? '', /at Birch/);
      const skill = page.locator('section[aria-labelledby=skill]');
      assert.equal(await skill.getByRole('region', { name: 'Table: scores at Birch' }).locator('tbody tr').count(), 10);
      assert.match(
        (await skill.textContent()) ?? '',
        /At Birch\s*2003, a year that training never saw, 365 days: 1 day ahead/,
      );
      assert.equal(await skill.getByRole('img', { name: /days by tenths of the forecast/ }).count(), 1);
      const link = page.getByRole('link', { name: 'The forecast of this station as CSV' });
      const own = parseCsv(await (await fetch(`${hub.url}${await link.getAttribute('href')}`)).text(), 'own');
      assert.ok(own.length === 10 && own.text('station').every(s => s === 'Birch'));
      assert.match((await page.getByRole('img').first().getAttribute('aria-label')) ?? '', /Mean temperature/);
    });
  for (const path of ['/weather', '/weather.csv', '/weather.json'])
    assert.equal((await fetch(`${hub.url}${path}?station=Nowhere`)).status, 404, path);
});

/** Two stations of three invented years, the second a day behind the first. */
function ownFiles(kelvin = 0) {
  const r = random('own stations');
  let [west, before] = [0, 0];
  const days = Array.from({ length: 3 * 365 }, (_, i) => {
    [before, west] = [west, 0.7 * west + r.normal()];
    const usual = 10 - 9 * Math.cos((2 * Math.PI * i) / 365.25) + kelvin;
    const date = new Date(Date.UTC(2001, 0, 1 + i)).toISOString().slice(0, 10).replaceAll('-', '');
    return [date, ...[west, before].map(x => (usual + 2.5 * x).toFixed(1))].join(',');
  });
  const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  return [
    file('stations.csv', 'station,latitude,longitude,elevation_m\nWEST_END,50,0,10\nEAST_END,50,2,10\n'),
    file('daily_2001.csv', ['DATE,WEST_END_temp_max,EAST_END_temp_max', ...days, ''].join('\n')),
  ];
}

test(
  'the reader’s own stations are learnt in the browser: forecast, record, table; files that do not go together are named',
  options,
  () =>
    open(`${hub.url}/weather`, true, async page => {
      const give = (files: ReturnType<typeof ownFiles>) =>
        page.getByLabel('stations.csv and daily files').setInputFiles(files);
      const said = page.locator('form.own-weather [data-part=said]');
      const [stations, daily] = ownFiles();
      for (const [files, why] of [
        [[daily], /no file has a column latitude/],
        [[stations], /stations\.csv alone has no days/],
        [ownFiles(273.15), /daily_2001\.csv, row 2, column "WEST_END_temp_max": .*kelvin: take 273\.15 away/],
      ] as const) {
        await give([...files]);
        await page.getByText(why).waitFor();
        assert.match((await page.locator('h1').textContent()) ?? '', /at Alder/);
      }
      await give([stations, daily]);
      await page.getByText(/^Learnt and tried in/).waitFor({ timeout: 60_000 });
      await page.getByLabel('Station', { exact: true }).selectOption('EAST_END');
      await page.getByRole('button', { name: 'Show' }).click();
      assert.equal(await page.locator('h1').textContent(), 'The next 10 days at East End');
      assert.match(
        (await page.locator('[data-part=weather]').textContent()) ?? '',
        /No warning:.*At East End\s*2003, a year/s,
      );
      const link = page.getByRole('link', { name: 'Your forecast as CSV' });
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      const table = parseCsv(readFileSync(await download.path(), 'utf8'), 'forecast.csv');
      assert.deepEqual([table.length, table.text('known_until')[0]], [20, '2003-12-31']);
      assert.match(table.text('provenance')[0], /in a browser from stations\.csv, daily_2001\.csv/);
      assert.match((await said.textContent()) ?? '', /Nothing was sent/);
      assert.equal(await page.getByText('Simulated weather').count(), 0);
    }),
);

test('an operator’s file is shown; a broken one is said in the log and never half shown', options, async () => {
  const folder = tempFolder('madang-weather-');
  const row = { station: 'NORTH_HILL', variable: 'temp_mean', unit: 'deg C', date: '2020-02-01', leadDays: 1 };
  const quantiles = { q05: -4, q25: -2, q50: -1, q75: 0.5, q95: 3 };
  const write = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value));
  write('next.json', { issued: '2020-01-31', model: 'federated', forecasts: [{ ...row, ...quantiles }], warnings: [] });
  write('weather.json', { forecast: 'next.json', cite: 'Weather service of the north' });
  write('broken.json', { forecast: 'half.json', cite: 'x' });
  write('half.json', { issued: '2020-01-31', model: 'federated', forecasts: [{ ...row, ...quantiles, q50: 'mild' }] });
  for (const [file, expected] of [
    ['weather.json', /North Hill.*Weather service of the north/s],
    ['broken.json', /Simulated weather/],
  ] as const) {
    const own = await startOwnHub({ MADANG_WEATHER: join(folder, file) });
    try {
      const text = await (await fetch(`${own.url}/weather`)).text();
      assert.match(text, expected);
      assert.doesNotMatch(text, /undefined|NaN/);
    } finally {
      await own.stop();
    }
  }
});

test(
  'tables of carbon, weather and energy have a unit in every row and say where they come from',
  options,
  async () => {
    for (const [path, header, provenance] of [
      ['/carbon.csv', 'part,quantity,value,unit,provenance', /invented prices.*Haghpanah/],
      ['/weather.csv', 'station,variable,unit,known_until,date,lead_days,', /^simulated; .*cite: /],
      ['/weather/skill.csv', 'station,model,variable,unit,test_year,lead_days,rmse,crps', /^simulated; /],
      ['/carbon/register.csv', 'quantity,value,unit,provenance', /^example: .*2\/CMA\.3/],
      ['/energy.csv', 'element,bus,to_bus,load_MW', /invented.*optimal/],
    ] as const) {
      const response = await fetch(hub.url + path);
      assert.match(response.headers.get('content-type') ?? '', /text\/csv/);
      const text = await response.text();
      assert.ok(text.startsWith(header), `${path}: ${text.slice(0, 80)}`);
      const table = parseCsv(text, path);
      assert.match(table.text('provenance')[0], provenance);
      if (table.has('unit')) assert.ok(table.text('unit').filter(u => u === '').length === 0, path);
      assert.doesNotMatch(text, /NaN|undefined/);
    }
    const carbon = (await (await fetch(`${hub.url}/carbon.json`)).json()) as { units: object; provenance: string };
    assert.ok(carbon.provenance.length > 20 && Object.keys(carbon.units).length > 5);
  },
);
