// Every picture as a kept file: a change of a chart shows as a change of its SVG, to be looked at (a browser shows them with the pages' own style) and kept
// by running this test with KEEP_PICTURES=1.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { GridAnswer } from '../energy/answer.ts';
import type { Markup } from '../html/html.ts';
import { isoDate } from '../html/words.ts';
import type { Fan, Observation } from '../models.ts';
import { drawBand } from './band.ts';
import { drawDays } from './days.ts';
import { drawFan, drawSmallFan } from './fan.ts';
import { drawFrontier } from './frontier.ts';
import { drawGrid } from './grid.ts';
import { drawIsotherm } from './isotherm.ts';
import { budgetBar } from './marks.ts';
import { drawRanks } from './ranks.ts';
import { drawReliability } from './reliability.ts';
import { drawChances, drawRt } from './season.ts';
import { drawTileMap } from './tile-map.ts';

const FIRST = 20_000;
const wave = (week: number) => 40 + 160 * Math.exp(-(((week - 14) / 5) ** 2));
const observed: Observation[] = Array.from({ length: 34 }, (_, i) => ({
  date: isoDate(FIRST + 7 * (i - 8)),
  value: wave(i - 8),
}));
const fans: Fan[] = Array.from({ length: 20 }, (_, k) => ({
  asOf: isoDate(FIRST + 7 * k + 10),
  org: 'health',
  entry: k,
  points: [1, 2, 3, 4].map(h => {
    const median = wave(k + h - 1) * (1 + 0.05 * Math.sin(k));
    const spread = 0.12 * Math.sqrt(h);
    const [low95, low50, high50, high95] = [-2.4, -0.7, 0.7, 2.6].map(z => Math.max(0, median * (1 + z * spread)));
    return { date: isoDate(FIRST + 7 * (k + h)), horizon: h, median, low95, low50, high50, high95 };
  }),
}));
const series = (shown: number) => ({
  known: observed.filter(o => o.date < fans[shown].asOf && o.date !== observed[12].date),
  newest: observed,
});
const span = [fans[0].asOf, fans[19].asOf] as const;
/** Nine buses in a ring with two chords; no solver has a part in the picture. */
const grid: GridAnswer = {
  name: 'ring',
  status: 'optimal',
  detail: '',
  costPerHour: 1,
  gap: 0,
  buses: Array.from({ length: 9 }, (_, i) => ({
    number: i + 1,
    loadMw: 40,
    generationMw: i % 4 === 0 ? 90 : 0,
    price: 20 + 5 * i,
    congestion: i,
    voltagePu: 1,
    x: 0.5 + 0.5 * Math.cos((2 * Math.PI * i) / 9),
    y: 0.5 + 0.25 * Math.sin((2 * Math.PI * i) / 9),
  })),
  lines: Array.from({ length: 11 }, (_, i) => ({
    from: i % 9,
    to: i < 9 ? (i + 1) % 9 : i - 5,
    flowMw: 30 * (i - 4),
    loading: [0.3, 0.85, 1][i % 3],
    ratingMva: 140,
  })),
  violations: [],
  milliseconds: 0,
};
/** The example many times over, each copy beside the last: a grid of more buses than have marks of their own. */
const many = Array.from({ length: 50 }, (_, k) => k).flatMap(k =>
  grid.buses.map(b => ({
    ...b,
    number: 9 * k + b.number,
    x: ((k % 10) + b.x!) / 10,
    y: Math.floor(k / 10) / 10 + b.y! / 5,
  })),
);

const PICTURES: Readonly<Record<string, () => Markup | undefined>> = {
  fan: () => drawFan({ label: 'fan', fans, shown: 12 }),
  'fan-observed': () => drawFan({ label: 'fan', fans, shown: 9, series: series(9), unit: 'per 100 000' }),
  'fan-single': () => drawFan({ label: 'fan', fans: fans.slice(6, 7), shown: 0, column: true, series: series(6) }),
  'fan-small': () => drawSmallFan(fans.slice(0, 10)),
  'fan-small-observed': () => drawSmallFan(fans.slice(0, 10), series(9).known),
  reproduction: () =>
    drawRt(
      fans
        .slice(0, 12)
        .filter((_, k) => k !== 5 && k !== 6 && k !== 7)
        .map(f => ({ date: f.asOf, r: 1.2, low: 1.05, high: 1.4 })),
      span,
      'R',
    ),
  warning: () =>
    drawChances(
      fans.slice(0, 12).map((f, k) => ({ date: f.asOf, chance: k / 12, ...(k < 10 ? { happened: k > 5 } : {}) })),
      span,
      'chances',
    ),
  frontier: () =>
    drawFrontier(
      [0, 1, 2, 3].map(i => ({ purity: 0.95 - 0.1 * i, recovery: 0.6 + 0.12 * i, energyKwhPerTonne: 150 + 40 * i })),
      { purity: 0.76, recovery: 0.97, energyKwhPerTonne: 176 },
      'trade-off',
    ),
  ranks: () => drawRanks([70, 61, 68, 64, 75, 68, 69, 66, 66, 53], 'ranks'),
  reliability: () =>
    drawReliability(
      [0.03, 0.14, 0.25, 0.36, 0.55, 0.64, 0.86, 1].map((announced, k) => ({
        announced,
        observed: Math.min(1, announced ** 1.2 + (k % 3) / 20),
        n: Math.round(1300 / (k + 1) ** 2),
      })),
      10,
      'reliability',
    ),
  'tile-map': () =>
    drawTileMap(
      ['FR', 'DE', 'IT', 'MT', 'GB-ENG', 'IS', 'NO'].map((place, i) => ({
        place,
        way: (['up2', 'up', 'level', 'down', 'down2'] as const)[i % 5],
        address: `/forecasts/ili/${place}`,
      })),
    )?.picture,
  band: () =>
    drawBand({
      label: 'band',
      band: { firstYear: 1990, rows: Array.from({ length: 333 }, (_, i) => Math.floor(i / 3) * 0.02 + (i % 3) * 0.3) },
      compare: {
        firstYear: 1990,
        rows: Array.from({ length: 333 }, (_, i) => Math.floor(i / 3) * 0.025 + (i % 3) * 0.3),
      },
      unit: 'K',
      from: 1990,
      low: 0,
      high: 4,
    }),
  days: () =>
    drawDays(
      Array.from({ length: 10 }, (_, i) => ({
        station: 's',
        variable: 'temp_mean',
        unit: 'deg C',
        date: isoDate(FIRST + i),
        leadDays: i + 1,
        q05: -6 - i / 4,
        q25: -2,
        q50: 1 + Math.sin(i),
        q75: 4,
        q95: 8 + i / 4,
      })),
      '°C',
      'days',
    ),
  isotherm: () =>
    drawIsotherm(
      Array.from({ length: 41 }, (_, i) => ({ kpa: 2.5 * i, co2: (5.5 * i) / (i + 2), n2: i / 160 })),
      3,
      15,
      'isotherm',
    ),
  grid: () => drawGrid(grid, 'grid'),
  'grid-many': () =>
    drawGrid(
      {
        ...grid,
        buses: many,
        lines: Array.from({ length: 50 }, (_, k) =>
          grid.lines.map(l => ({ ...l, from: l.from + 9 * k, to: l.to + 9 * k })),
        ).flat(),
      },
      'grid',
    ),
  budget: () =>
    budgetBar({
      dataset: 'd',
      org: 'o',
      unit: 'person',
      period: 'p',
      capEpsilon: 4,
      spentEpsilon: 1,
      capMicroRho: 100,
      spentMicroRho: 42,
      reservedMicroRho: 17,
    }),
};

const folder = join(import.meta.dirname, 'kept');
const HEADER = '<?xml version="1.0"?>\n<?xml-stylesheet type="text/css" href="../../style/index.css"?>\n';

/** The pictures of a chart, each on lines of its own: a wide and a narrow one lie in one file. */
function textOf(name: string, m: Markup): string {
  const pictures = [...m.text.matchAll(/<svg[\s\S]*?<\/svg>/g)].map(([svg]) => svg.replace(/></g, '>\n<'));
  return `${HEADER}<svg xmlns="http://www.w3.org/2000/svg">\n<title>${name}</title>\n${pictures.join('\n')}\n</svg>\n`;
}

for (const [name, draw] of Object.entries(PICTURES)) {
  test(`the picture "${name}" is the kept one`, () => {
    const text = textOf(name, draw()!);
    assert.doesNotMatch(text, /NaN|Infinity|undefined/);
    const path = join(folder, `${name}.svg`);
    if (process.env['KEEP_PICTURES']) writeFileSync(path, text);
    assert.ok(existsSync(path), `${path} is not there: look at the picture and keep it with KEEP_PICTURES=1`);
    assert.equal(text, readFileSync(path, 'utf8'));
  });
}

test('every kept picture is drawn by something', () => {
  assert.deepEqual(
    readdirSync(folder).sort(),
    Object.keys(PICTURES)
      .map(n => `${n}.svg`)
      .sort(),
  );
});
