import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { demoData, writeShare } from './data.ts';

const folder = (text: string) => {
  const dir = tempFolder('madang-demo-data-');
  writeFileSync(join(dir, 'vintages.csv'), text);
  return dir;
};
const read = (text: string, season?: string) => {
  const dir = folder(text);
  return { dir, data: demoData(dir, dir, season, '1') };
};

test("FluSight's folder: no target column, Saturdays, and a file named by its last week is known a week later", () => {
  const rows = ['01,2024-11-16,2024-11-16,5', '02,2024-11-16,2024-11-16,', '01,2024-11-23,2024-11-23,7'];
  const { dir, data } = read(`location,date,as_of,value\n${rows.join('\n')}\n`, '2024/25');
  assert.deepEqual([data.hub.name, data.target, data.places], ['flusight', 'hosp', ['01', '02']]);
  // Known on the 23rd and the 30th, and news of two weeks is still news.
  assert.deepEqual(data.deadlines, ['2024-11-23', '2024-11-30', '2024-12-07', '2024-12-14']);
  writeShare(data, ['01'], join(dir, 'share'));
  assert.equal(
    readFileSync(join(dir, 'share', 'vintages.csv'), 'utf8'),
    'target,location,date,as_of,value\nhosp,01,2024-11-16,2024-11-23,5\nhosp,01,2024-11-23,2024-11-30,7\n',
  );
});

test("RespiCast's folder: Wednesdays; the hub's long names are understood", () => {
  const row = (target: string) => `${target},FR,2024-12-01,2024-12-06,12.5\n`;
  const header = 'target,location,date,as_of,value\n';
  const short = read(header + row('ILI'), '2024/25').data;
  assert.deepEqual([short.hub.name, short.target, short.deadlines], ['respicast', 'ILI', ['2024-12-11', '2024-12-18']]);
  const long = read(header + row('ILI incidence'), '2024/25').data;
  assert.deepEqual([long.target, long.deadlines], [short.target, short.deadlines]);
  assert.deepEqual(long.vintages.row(0), short.vintages.row(0));
});
