import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv, random } from '@madang/numerics';
import { dateOf } from './calendar.ts';
import type { Forecasts } from './fit.ts';
import { parseDaily, parseStations } from './network.ts';
import { prepareToday } from './prepare.ts';
import { spells } from './spells.ts';

test('a spell is told from what today knows of each day, and from no other forecast of it', () => {
  const r = random('spells');
  const stations = parseStations(parseCsv('station,latitude,longitude,elevation_m\nA,50,0,10\n'), 'stations.csv');
  const lines = Array.from(
    { length: 800 },
    (_, i) => `${dateOf(11_323 + i).replaceAll('-', '')},${(20 + 3 * r.normal()).toFixed(1)}`,
  );
  const table = parseCsv(['DATE,A_temp_max', ...lines].join('\n'), 'daily.csv');
  const p = prepareToday(parseDaily(stations, [{ file: 'daily.csv', table }]));
  const made = (hot: (lead: number, day: number) => boolean) =>
    p.targets.map(() =>
      Array.from({ length: 10 }, (_, l) =>
        Array.from({ length: 10 }, (_, i) => ({ kind: 'normal', location: hot(l, i) ? 35 : 20, scale: 1 })),
      ),
    ) as Forecasts;
  const rule = { days: 3, share: 0.1 };
  const { warned } = spells(
    p,
    made((l, i) => l === i),
    rule,
    r,
  );
  assert.deepEqual(
    warned.slice(0, 1).map(w => [w.station, w.kind, w.startLeadDays, w.level]),
    [['A', 'heat', 1, 'red']],
  );
  assert.deepEqual(
    spells(
      p,
      made((l, i) => l !== i),
      rule,
      r,
    ).warned,
    [],
  );
});
