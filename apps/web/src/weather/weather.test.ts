import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { drawDays, ticksAround } from '../charts/days.ts';
import { drawWeather } from '../pages/weather.ts';
import { EMPTY_SITE } from '../testing/site.ts';
import { simulatedWeather } from './example.ts';
import type { ForecastRow, WeatherModel } from './model.ts';

const example = simulatedWeather();
const row = (leadDays: number, mid: number, half: number): ForecastRow => ({
  station: 'X',
  variable: 'temp_mean',
  unit: 'deg C',
  date: `2024-01-${String(leadDays).padStart(2, '0')}`,
  leadDays,
  q05: mid - 2 * half,
  q25: mid - half,
  q50: mid,
  q75: mid + half,
  q95: mid + 2 * half,
});

test('in the simulated network neighbours help: federated beats own, equals pooled, and covers what it should', () => {
  const { own, federated, pooled } = example.backtest!.models;
  const first = (m: typeof own) => m['temp_mean'][0];
  assert.ok(first(federated).rmse < 0.97 * first(own).rmse);
  assert.ok(Math.abs(first(federated).rmse / first(pooled).rmse - 1) < 5e-3);
  assert.ok(federated['temp_mean'].every(r => r.coverage90 > 0.85 && r.coverage90 < 0.95));
  assert.ok(federated['temp_mean'].every(r => r.toClimatology < 1.02));
});

test('the page says simulated, once for all and beside the picture; another station is another page; a stranger is none', () => {
  const page = drawWeather(EMPTY_SITE, example)!;
  assert.match(page, /<strong>Simulated weather/);
  assert.match(page, /<figcaption>Simulated data/);
  assert.equal(page.match(/<option/g)?.length, 4);
  assert.match(drawWeather(EMPTY_SITE, example, 'Cedar')!, /at Cedar<\/h1>/);
  assert.equal(drawWeather(EMPTY_SITE, example, 'Nowhere'), undefined);
  assert.doesNotMatch(page, /NaN|undefined/);
});

test('a file without scores, rain or warnings leaves those parts out; one with them shows them; names stay text', () => {
  const bare: WeatherModel = {
    simulated: false,
    cite: 'A & B',
    note: '',
    forecast: { issued: '2023-12-31', model: 'own', forecasts: [row(1, -3, 1), row(2, 4, 2)], warnings: [] },
  };
  const page = drawWeather(EMPTY_SITE, bare)!;
  assert.doesNotMatch(page, /imulated|id="skill"|id="rain"|id="spells"/);
  assert.match(page, /−3\.0 °C at the median, 9 chances in 10 between −5\.0 and −1\.0/);
  const evil = '<b>x</b>';
  const full: WeatherModel = {
    ...bare,
    forecast: {
      ...bare.forecast,
      forecasts: [
        ...bare.forecast.forecasts,
        { ...row(1, 0.2, 0.1), variable: 'precipitation', unit: 'cm', chanceWet: 0.41 },
      ].map(r => ({ ...r, station: evil })),
      warnings: [
        { station: evil, kind: 'cold', from: '2024-01-01', days: 3, thresholdC: -4.5, chance: 0.62, level: 'orange' },
        { station: 'other', kind: 'heat', from: '2024-01-01', days: 3, thresholdC: 30, chance: 0.9, level: 'red' },
      ],
    },
  };
  const shown = drawWeather(EMPTY_SITE, full)!;
  assert.match(shown, /orange: cold.*below −4\.5 °C: 62 %/s);
  assert.doesNotMatch(shown, /red: heat|<b>x/);
  assert.match(shown, /amount in a day, mm: the median.*41 %<\/td><td class="n">2\.0<\/td>/s);
});

test('every coordinate of a fan lies in its picture, and ticks hold the whole of it', () => {
  const rows = fc.array(
    fc.tuple(fc.double({ min: -60, max: 60, noNaN: true }), fc.double({ min: 0, max: 30, noNaN: true })),
    { minLength: 1, maxLength: 10 },
  );
  fc.assert(
    fc.property(rows, all => {
      const made = all.map(([mid, half], i) => row(i + 1, mid, half));
      const ticks = ticksAround(Math.min(...made.map(r => r.q05)), Math.max(...made.map(r => r.q95)), 5);
      assert.ok(ticks[0] <= made[0].q05 + 1e-9 && ticks[ticks.length - 1] >= made[0].q95 - 1e-9 && ticks.length < 14);
      const text = drawDays(made, '°C', 'x').text;
      // The top label ends left of the axis and is no longer than the room there.
      for (const [, x, said] of text.matchAll(/<text x="([\d.]+)"[^>]*text-anchor="end">([^<]* °C)</g))
        assert.ok(Number(x) >= 6 * said.length, `${said} in ${x}`);
      assert.doesNotMatch(text, /NaN|Infinity|undefined/);
      for (const [, path] of text.matchAll(/class="(?:band|median)[^"]*" d="([^"]*)"/g))
        for (const [n] of path.matchAll(/-?\d+(\.\d+)?/g)) assert.ok(Number(n) >= 0 && Number(n) <= 860, path);
    }),
  );
});
