import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '@madang/numerics';
import fc from 'fast-check';
import { type Forecast, LEVELS } from '../levels.ts';
import { scoreForecasts } from './score.ts';
import { readForecasts, readTruth } from './tables.ts';
import { pit, wis, wisParts } from './wis.ts';

const row = (model: string, location: string, median: number, horizon = 1): Forecast => ({
  model,
  target: 'ILI',
  originDate: '2001-01-03',
  horizon,
  targetEndDate: `2001-01-0${6 + horizon}`,
  location,
  quantiles: LEVELS.map(t => median + 10 * (t - 0.5)),
});
const truth = ['A', 'B'].flatMap(location =>
  [1, 2].map(h => ({ target: 'ILI', location, date: `2001-01-0${6 + h}`, value: location === 'A' ? 10 : 1000 })),
);

test('one quantile is the absolute error; three quantiles by hand', () => {
  assert.equal(wis([0.5], [3], 5), 2);
  assert.ok(Math.abs(wis([0.25, 0.5, 0.75], [1, 2, 3], 2) - 0.5 / 1.5) < 1e-15);
});

test('the quantile form equals the interval form, and its parts add up', () => {
  const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), {
    minLength: LEVELS.length,
    maxLength: LEVELS.length,
  });
  fc.assert(
    fc.property(values, fc.double({ min: -200, max: 200, noNaN: true }), (raw, y) => {
      const q = raw.sort((a, b) => a - b);
      let interval = 0.5 * Math.abs(y - q[11]);
      for (let i = 0; i < 11; i++) {
        const a = 2 * LEVELS[i];
        interval +=
          (a / 2) * (q[22 - i] - q[i] + (2 / a) * Math.max(0, q[i] - y) + (2 / a) * Math.max(0, y - q[22 - i]));
      }
      const w = wis(LEVELS, q, y);
      const parts = wisParts(LEVELS, q, y);
      assert.ok(Math.abs(interval / 11.5 - w) < 1e-9);
      assert.ok(Math.abs(parts.spread + parts.over + parts.under - w) < 1e-9);
    }),
  );
});

test('a model is compared only on the targets that the baseline has', () => {
  const { models } = scoreForecasts({
    levels: LEVELS,
    truth,
    forecasts: [row('base', 'A', 12), row('base', 'B', 1040), row('own', 'A', 11), row('own', 'A', 500, 2)],
    baseline: 'base',
  });
  const own = models.find(m => m.model === 'own');
  assert.equal(own?.n, 1);
  assert.equal(own?.share, 0.5);
  assert.ok(own && own.relwis < 1);
  assert.equal(models.find(m => m.model === 'base')?.relwis, 1);
});

test('pooled and per-place ratios weigh the places differently', () => {
  const { models } = scoreForecasts({
    levels: LEVELS,
    truth,
    forecasts: [row('base', 'A', 14), row('base', 'B', 1400), row('own', 'A', 10), row('own', 'B', 1400)],
    baseline: 'base',
  });
  const own = models.find(m => m.model === 'own')!;
  assert.ok(own.relwis > 0.98 && own.gm_loc < 0.8);
});

test('missing quantiles and missing truth are counted, not scored; no baseline is an error', () => {
  const holed = { ...row('own', 'A', 10), quantiles: LEVELS.map((_, i) => (i === 3 ? Number.NaN : i)) };
  const far = { ...row('own', 'A', 10), targetEndDate: '2031-01-01' };
  const result = scoreForecasts({
    levels: LEVELS,
    truth,
    forecasts: [row('base', 'A', 12), holed, far],
    baseline: 'base',
  });
  assert.deepEqual(result.skipped, { noTruth: 1, incomplete: 1 });
  assert.throws(
    () => scoreForecasts({ levels: LEVELS, truth, forecasts: [row('own', 'A', 12)], baseline: 'base' }),
    /no scored target of the baseline "base"/,
  );
});

test('wide and long forms of one forecast read the same', () => {
  const q = LEVELS.map((_, i) => i * 1.5);
  const keys = '2001-01-03,1,2001-01-07,A';
  const wide = `model,target,origin_date,horizon,target_end_date,location,${LEVELS.map(t => `q${t}`).join()}\nm,ILI,${keys},${q.join()}\n`;
  const long = `target,reference_date,horizon,target_end_date,location,output_type,output_type_id,value\n${LEVELS.map((t, i) => `ILI,${keys},quantile,${t},${q[i]}`).join('\n')}\nILI,${keys},pmf,low,0.5\n`;
  const a = readForecasts(parseCsv(wide), 'x');
  const b = readForecasts(parseCsv(long), 'm');
  assert.deepEqual(a.levels, b.levels);
  assert.deepEqual(a.forecasts, b.forecasts);
});

test('text in a number names file, row and column', () => {
  assert.throws(
    () => readTruth(parseCsv('target,location,date,value\nILI,A,2001-01-07,many\n', 'truth.csv')),
    /truth\.csv, row 2, column "value": "many" is not a number/,
  );
  const twice = 'target,location,date,value\nILI,A,2001-01-07,1\n\n\nILI,A,2001-01-07,2\n';
  assert.throws(() => readTruth(parseCsv(twice, 'truth.csv')), /rows 2 and 5 are of the same thing/);
});

test('the probability integral transform of truths drawn from the forecast is uniform', () => {
  const q = LEVELS.map(t => 10 * t * t);
  const bins = new Array<number>(10).fill(0);
  for (let i = 0; i < 10000; i++)
    bins[Math.min(9, Math.floor(10 * pit(LEVELS, q, 10 * ((i + 0.5) / 10000) ** 2)))] += 1;
  for (const b of bins) assert.ok(Math.abs(b - 1000) < 120, `${bins}`);
  assert.equal(
    pit(
      LEVELS,
      LEVELS.map(() => 0),
      0,
    ),
    0.5,
  );
  assert.ok(pit(LEVELS, q, -1) < 0.01 && pit(LEVELS, q, 99) > 0.99);
});

test('dates that are none and rows that contradict each other are refused by row; the same row twice is not', () => {
  const wide = (rows: string) =>
    parseCsv(`model,target,origin_date,horizon,target_end_date,location,q0.25,q0.5,q0.75\n${rows}`, 'f');
  const row = 'm,ILI,2024-12-04,1,2024-12-01,X,1,2,3\n';
  assert.equal(readForecasts(wide(row + row), 'f').forecasts.length, 2);
  assert.throws(
    () => readForecasts(wide(row + row.replace('1,2,3', '1,9,3')), 'f'),
    /rows 2 and 3 .*say 1 2 3 and 1 9 3/,
  );
  assert.throws(() => readForecasts(wide(row.replace('2024-12-04', '2024-13-04')), 'f'), /row 2, column "origin_date"/);
  const long = (rows: string) =>
    parseCsv(`origin_date,target,target_end_date,horizon,location,output_type,output_type_id,value\n${rows}`, 'f');
  const quantile = (v: number) => `2024-12-04,ILI,2024-12-01,1,X,quantile,0.5,${v}\n`;
  assert.throws(() => readForecasts(long(quantile(1) + quantile(2)), 'f'), /rows 2 and 3 .*0\.5.* say 1 and 2/);
  const truth = (header: string, rows: string) => parseCsv(`target,location,date,value${header}\n${rows}`, 't');
  assert.throws(() => readTruth(truth('', 'ILI,X,2024-12-01,1\nILI,X,2024-12-01,2\n')), /rows 2 and 3/);
  assert.equal(readTruth(truth(',as_of', 'ILI,X,2024-12-01,1,2024-12-02\nILI,X,2024-12-01,2,2024-12-09\n')).length, 2);
  assert.throws(() => readTruth(truth('', 'ILI,X,2024-12-32,1\n')), /row 2, column "date"/);
});
