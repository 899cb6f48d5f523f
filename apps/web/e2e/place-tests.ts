// A place's page in a real browser: the replay on a slow network and without the hub, public figures and their tables. Run by pages.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '@madang/numerics';
import { addresses, demo, open, options, textOf } from './shared.ts';

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
