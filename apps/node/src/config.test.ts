import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../../scripts/temp-folder.ts';
import { readNodeConfig } from './config.ts';

const dataset = {
  handle: 'd-1',
  files: { visits: 'visits.csv' },
  description: 'Visits',
  ledgers: [{ unit: 'person', period: '2026', capMicroRho: 500_000 }],
};
const home = tempFolder('madang-config-');
function read(change: object) {
  const config = { org: 'a', hub: 'http://127.0.0.1:1', origin: 'o', datasets: [dataset], ...change };
  writeFileSync(join(home, 'config.json'), JSON.stringify(config));
  return readNodeConfig(home);
}

test('what a steward leaves out of a dataset is filled where it can be, and named where not', () => {
  assert.deepEqual(read({}).datasets, [{ ...dataset, views: {} }]);
  assert.deepEqual(read({ datasets: undefined }).datasets, []);
  const bare = { handle: 'd-2', description: 'Stations' };
  assert.deepEqual(read({ datasets: [bare] }).datasets, [{ ...bare, files: {}, views: {}, ledgers: [] }]);
  const wrong: readonly [object, RegExp][] = [
    [{ datasets: {} }, /datasets must be a list/],
    [{ datasets: [{ ...dataset, handle: 1 }] }, /datasets\[0\]\.handle must be a handle/],
    [{ datasets: [{ ...dataset, description: undefined }] }, /datasets\[0\]\.description must be a text/],
    [{ datasets: [{ ...dataset, ledgers: {} }] }, /datasets\[0\]\.ledgers must be budgets: \{ "unit"/],
    [{ datasets: [{ ...dataset, ledgers: [{ unit: 'person' }] }] }, /datasets\[0\]\.ledgers must be budgets/],
    [{ datasets: [{ ...dataset, files: { x: '../secret.csv' } }] }, /files\.x must be a path under data/],
    [{ datasets: [{ ...dataset, views: { v: 1 } }] }, /views\.v must be SQL/],
  ];
  for (const [change, why] of wrong) assert.throws(() => read(change), why);
});

test('a folder without a configuration says what writes one', () => {
  assert.throws(() => readNodeConfig(join(home, 'none')), /"madang node init" writes one/);
});
