import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBed, readSorbent } from '@madang/carbon';
import { parseCsv } from '@madang/numerics';
import { columnFiles } from './command.ts';
import { designOf, startValues } from './design.ts';
import { frontier } from './frontier.ts';
import { frontierReport, frontierTable } from './frontier-report.ts';

test('the files for the command line hold the design that the page runs', () => {
  for (const values of [startValues, { ...startValues, co2: 30, half: 12.5, heatn2: 10 }]) {
    const files = columnFiles(values);
    const { bed, sorbent, operation } = designOf(values);
    const read = readBed(JSON.parse(files.params), 'params.json');
    assert.deepEqual(read.bed, bed);
    assert.deepEqual([read.pressurisationS, read.blowdownS], [operation.pressurisationS, operation.blowdownS]);
    const own = readSorbent(parseCsv(files.sorbents), 'sorbents.csv', '1');
    assert.deepEqual(own, sorbent);
    assert.deepEqual(columnFiles(values, own), files);
    assert.match(files.command, /--low-pa 3000 .*--heavy-reflux 0\.7 /);
  }
});

test('no design of the curve is better than another in everything; every one has closed balances, and the table says its inputs', () => {
  const shares: number[] = [];
  const found = frontier(startValues, undefined, s => shares.push(s), { population: 5, generations: 0 });
  assert.equal(found.tried, 5);
  assert.ok(found.points.length > 0 && found.points.length + found.unanswered <= found.again);
  assert.ok(shares.every((s, i) => s > (shares[i - 1] ?? 0) && s <= 1));
  for (const a of found.points) {
    assert.ok(a.massError < 5e-3 && a.energyError < 5e-3);
    for (const b of found.points)
      assert.ok(
        a === b || b.purity < a.purity || b.recovery < a.recovery || b.energyKwhPerTonne > a.energyKwhPerTonne,
        'dominated',
      );
  }
  const report = frontierReport(found, undefined).text;
  assert.equal(report.match(/data-take=/g)?.length, found.points.length);
  assert.doesNotMatch(report, /NaN|undefined/);
  const { columns, rows } = frontierTable(found);
  assert.ok(rows.every(r => r.length === columns.length));
  assert.match(String(rows[0].at(-1)), /Haghpanah.*High pressure 100 kPa/);
  assert.match(frontierReport({ ...found, points: [] }, undefined).text, /No design had an answer/);
});
