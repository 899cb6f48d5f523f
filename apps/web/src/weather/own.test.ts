import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Forecasts, Prepared } from '@madang/weather';
import { ownNetwork, ownRecord, rowsOf } from './own.ts';

test('a row of the table is the forecast of its own day, so many days ahead of today', () => {
  const p = {
    targets: [{ station: 0, variable: 'temp_mean', unit: 'deg C' }],
    gated: { network: { stations: [{ name: 'A' }] } },
  } as unknown as Prepared;
  // By days ahead, then by day after today: only those where both agree are of today's knowledge.
  const found = [
    [0, 1, 2].map(l => [0, 1, 2].map(i => ({ kind: 'normal', location: 10 * l + i, scale: 1 }))),
  ] as Forecasts;
  const rows = rowsOf(p, found, 14_000);
  assert.deepEqual(
    rows.map(r => [r.date, r.leadDays, Math.round(r.q50)]),
    [
      ['2008-05-02', 1, 0],
      ['2008-05-03', 2, 11],
      ['2008-05-04', 3, 22],
    ],
  );
});

test('files that are no network are named, and a record needs two years before a whole one', () => {
  const stations = { name: 'stations.csv', text: 'station,latitude,longitude,elevation_m\nA,50,0,10\n' };
  const day = (i: number) => new Date(Date.UTC(2001, 0, 1 + i)).toISOString().slice(0, 10).replaceAll('-', '');
  const daily = (days: number) => ({
    name: 'daily_1.csv',
    text: ['DATE,A_temp_mean', ...Array.from({ length: days }, (_, i) => `${day(i)},${(i % 17) / 2}`)].join('\n'),
  });
  assert.throws(() => ownNetwork([daily(10)]), /no file has a column latitude/);
  assert.throws(() => ownNetwork([stations]), /alone has no days/);
  assert.throws(() => ownNetwork([stations, { ...stations, name: 'again.csv' }]), /both list stations/);
  const { network } = ownNetwork([daily(2 * 365), stations]);
  assert.equal(ownRecord(network), undefined);
});
