import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dateOf, random } from '@madang/numerics';
import { microRhoFor } from '../dp/zcdp.ts';
import { readColumn, writeNumber } from './column.ts';
import { makeTwin, type TwinOptions } from './twin.ts';

const bytes = (seed: string) => {
  const r = random(seed);
  return (n: number) => Uint8Array.from({ length: n }, () => r.below(256));
};
const options = (more: Partial<TwinOptions> = {}): TwinOptions => ({
  epsilon: 3,
  delta: 1e-6,
  unit: 'person',
  rowsAUnit: 1,
  randomBytes: bytes('noise'),
  seed: 1,
  ...more,
});

/** Region decides the mean age; sex is independent; visits depend on age; ids are all different. */
function table(n: number) {
  const r = random('people');
  const rows = Array.from({ length: n }, (_, i) => {
    const region = ['north', 'south', 'east'][r.below(3)];
    const age = Math.max(
      0,
      Math.min(99, Math.round((region === 'north' ? 30 : region === 'south' ? 60 : 45) + 8 * r.normal())),
    );
    return {
      id: `P${i}`,
      region,
      age: String(age),
      sex: r.below(2) === 0 ? 'f' : 'm',
      visits: r.uniform() < 0.1 ? '' : String(r.poisson(age / 20)),
      date: dateOf(19000 + r.below(400)),
      dose: (0.5 + 4 * r.uniform()).toFixed(2),
    };
  });
  const names = ['id', 'region', 'age', 'sex', 'visits', 'date', 'dose'] as const;
  return names.map(name => ({ name, values: rows.map(row => row[name]) }));
}

const source = table(6000);
const twin = makeTwin(source, options());
const column = (name: string) => twin.rows.map(r => r[twin.columns.indexOf(name)]);
const mean = (x: number[]) => x.reduce((a, b) => a + b, 0) / x.length;

test('same columns and look; single columns and the strong pair are kept', () => {
  assert.deepEqual(
    twin.columns,
    source.map(c => c.name),
  );
  assert.ok(Math.abs(twin.rows.length - 6000) < 200, `${twin.rows.length} rows`);
  assert.ok(column('age').every(v => /^\d{1,2}$/.test(v)));
  assert.ok(column('date').every(v => /^20\d\d-\d\d-\d\d$/.test(v)));
  assert.ok(column('dose').every(v => /^\d\.\d\d$/.test(v)));
  assert.ok(Math.abs(column('visits').filter(v => v === '').length / twin.rows.length - 0.1) < 0.03);
  for (const [region, age] of [
    ['north', 30],
    ['south', 60],
  ] as const) {
    const ages = twin.rows.filter(r => r[1] === region).map(r => Number(r[2]));
    assert.ok(ages.length > 1500 && Math.abs(mean(ages) - age) < 4, `${region}: ${mean(ages)}`);
  }
  assert.ok(twin.report.keptPairs.some(p => [...p.columns].sort().join() === 'age,region'));
  assert.ok(
    column('dose').every(v => Number(v) >= 0.4 && Number(v) <= 4.6),
    'range found to within a bin',
  );
});

test('identifiers never pass: made-up tokens stand in', () => {
  const ids = new Set(source[0].values);
  assert.ok(column('id').every(v => !ids.has(v)));
  assert.match(twin.report.columns[0].note ?? '', /identifier/);
});

test('a value that few rows have is not shown', () => {
  const values = [...Array.from({ length: 500 }, () => 'common'), 'secret village', 'secret village'];
  for (let seed = 0; seed < 30; seed++) {
    const t = makeTwin([{ name: 'place', values }], options({ randomBytes: bytes(`rare ${seed}`), rowsAUnit: 2 }));
    assert.ok(t.rows.every(r => r[0] !== 'secret village'));
  }
});

test('the ledger stays within the budget, and every line of it has noise or a choice', () => {
  const { report } = twin;
  assert.equal(
    report.spending.reduce((s, x) => s + x.microRho, 0),
    report.microRho,
  );
  for (const s of report.spending)
    assert.ok(s.microRho > 0 && (s.deviation === undefined ? /^choice/.test(s.what) : s.deviation > 0));
  const loose = makeTwin(source, options({ rowsAUnit: 5 })).report;
  for (const r of [report, loose])
    assert.ok(BigInt(r.microRho) <= microRhoFor(3, 0.5e-6) && r.microRho > 0.8 * Number(microRhoFor(3, 0.5e-6)));
  assert.ok(
    loose.columns[2].countError > 4.9 * twin.report.columns[2].countError,
    'five rows a person need five times the noise',
  );
});

test('only noised counts decide: with the same bytes, a changed row changes no more than noise allows, and the seed alone changes no report', () => {
  const again = makeTwin(source, options({ seed: 2 }));
  assert.deepEqual(again.report, twin.report);
  assert.notDeepEqual(again.rows, twin.rows);
  assert.deepEqual(makeTwin(source, options()).rows, twin.rows);
});

test('values are read and written as the file has them', () => {
  assert.equal(readColumn('a', ['1', '', '-2.50']).decimals, 2);
  assert.equal(readColumn('a', ['01', '02']).kind, 'category', 'leading zeros are codes');
  assert.equal(readColumn('a', ['2024-01', '2023-12']).kind, 'month');
  assert.equal(readColumn('a', ['1', 'x']).kind, 'category');
  assert.equal(readColumn('a', ['', 'NA']).kind, 'category');
  const dates = ['1970-01-01', '2000-02-29', '1899-12-31', '2026-11-24'];
  const column = readColumn('date', dates);
  assert.deepEqual(
    [...column.numbers!].map(x => writeNumber(column, x)),
    dates,
  );
  assert.equal(column.numbers![3], Date.UTC(2026, 10, 24) / 86_400_000);
  assert.equal(writeNumber({ kind: 'month', decimals: 0 }, 2024 * 12), '2024-01');
});

test('small, empty and odd tables', () => {
  assert.throws(() => makeTwin([{ name: 'a', values: [] }], options()), /no rows/);
  assert.throws(() => makeTwin(source, options({ epsilon: 0 })), /do not make a budget/);
  assert.throws(() => makeTwin(source, options({ epsilon: 1e-4 })), /budget is too small/);
  const odd = makeTwin(
    [
      { name: 'empty', values: ['', '', ''] },
      { name: 'one', values: ['5', '5', '5'] },
    ],
    options({ rows: 10 }),
  );
  assert.equal(odd.rows.length, 10);
});
