import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { changeLog, HUBS } from '@madang/disease';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { countsOf } from './federate-counts.ts';

const log = (target: string, ...locations: string[]) =>
  changeLog(locations.map(location => ({ target, location, period: 1, knownFrom: 10, value: 50 })));

test('counts stay as they are, without the national row', async () => {
  const { log: own, perUnit, assumed } = await countsOf(log('hosp', '01', 'US'), HUBS.flusight, 'hosp', {});
  assert.deepEqual([...own.value], [50]);
  assert.equal(perUnit('01'), 1);
  assert.equal(assumed, undefined);
});

test('rates become counts of those covered, and the assumption is told', async () => {
  const file = join(tempFolder('madang-covered-'), 'covered.csv');
  await writeFile(file, 'location,covered\nXX,20000\n');
  const rates = log('ILI', 'AT', 'XX');
  const options = { covered: '0.01', population: file };
  const { log: own, perUnit, assumed } = await countsOf(rates, HUBS.respicast, 'ILI', options);
  assert.deepEqual(
    [...own.value].map(v => Math.round(10 * v) / 10),
    [45.8, 10],
  );
  assert.equal(perUnit('XX'), 0.2);
  assert.deepEqual(assumed?.covered, { AT: 91600, XX: 20000 });
  assert.match(assumed?.text ?? '', /1 % of each population covered/);
});

test('an unknown place, a share out of range and a file that is none are refused by name', async () => {
  const refuse = (options: Record<string, string>, say: RegExp) =>
    assert.rejects(countsOf(log('ILI', 'XX'), HUBS.respicast, 'ILI', options), say);
  await refuse({ covered: '0.05' }, /no population is known for "XX".*--population/);
  await refuse({ covered: '5' }, /--covered takes a share/);
  const file = join(tempFolder('madang-covered-'), 'covered.csv');
  await writeFile(file, 'location,people\nXX,3\n');
  await refuse({ covered: '0.05', population: file }, /has no column "covered"/);
  await writeFile(file, 'location,covered\nXX,many\n');
  await refuse({ covered: '0.05', population: file }, /row 2, column "covered".*"many"/);
});
