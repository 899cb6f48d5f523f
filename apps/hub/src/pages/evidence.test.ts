import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { changeLog, dateOf, dayInWeek, LEVELS, wis } from '@madang/disease';
import type { Fan, FanPoint } from '@madang/web';
import { overallOf, scoreOf } from '@madang/web';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { placeEvidence } from './evidence.ts';
import { installedFigures, type PlaceFigures } from './figures.ts';

const FIRST = 2000;
const end = (week: number) => dateOf(dayInWeek(week, 7));
/** Eighty weeks that grow by a tenth each; the last of each table is first published a fifth too low. */
const value = (week: number) => 10 * 1.1 ** (week - FIRST - 70);
const rows = Array.from({ length: 80 }, (_, i) => FIRST + i).flatMap(week => {
  const published = dayInWeek(week, 7) + 5;
  return [
    { target: 'ili', location: 'FR', period: week, knownFrom: published, value: 0.8 * value(week) },
    { target: 'ili', location: 'FR', period: week, knownFrom: published + 7, value: value(week) },
  ];
});
const quantiles = new WeakMap<FanPoint, Float64Array>();
function fan(week: number): Fan {
  const points = [0, 1, 2].map(k => {
    const median = value(week + k);
    const q = Float64Array.from(LEVELS, l => median * (0.5 + l));
    const point = {
      date: end(week + k),
      horizon: k + 1,
      median,
      low50: q[6],
      high50: q[16],
      low95: q[1],
      high95: q[21],
    };
    quantiles.set(point, q);
    return point;
  });
  return { asOf: dateOf(dayInWeek(week, 3)), org: 'health', entry: week, points };
}
const figures = (truth: ReadonlyMap<string, number>, weeks = rows): PlaceFigures => ({
  target: 'ili',
  place: 'FR',
  unit: 'per 100 000 population',
  log: changeLog(weeks),
  weekEnds: 7,
  truth,
  peers: [],
});
const of = (f: PlaceFigures, fans: readonly Fan[]) => placeEvidence(f, fans, p => quantiles.get(p));

test('what is drawn as known, R and the threshold rest on nothing later than the deadline', () => {
  const early = fan(FIRST + 70);
  const short = of(
    figures(
      new Map(),
      rows.filter(r => r.period < FIRST + 70),
    ),
    [{ ...early }],
  );
  const whole = of(figures(new Map()), [early]);
  assert.deepEqual(whole.fans[0], short.fans[0]);
  // On Wednesday the newest known week is that of nine days before, still in its first form.
  const known = whole.fans[0].known.at(-1)!;
  assert.deepEqual(known, { date: end(FIRST + 68), value: 0.8 * value(FIRST + 68) });
  assert.equal(whole.observed.at(-1)!.date, end(FIRST + 79));
  const { r, low, high } = whole.fans[0].rt!;
  assert.ok(low <= r && r <= high && r > 1, `R ${r} (${low} to ${high})`);
});

test('the chance of a high week is read from the signed quantiles', () => {
  const e = of(figures(new Map()), [fan(FIRST + 75)]).fans[0];
  // A series that only grows: the ninth tenth of its values lies below every coming week's median.
  assert.ok(e.chances.every(c => c > 0.5 && c <= 1));
  assert.ok(e.chances[2] > e.chances[0]);
});

test('scores are those of the weighted interval score, against a persistence baseline where nobody published one', () => {
  const truth = new Map([70, 71, 72].map(k => [end(FIRST + k), 1.3 * value(FIRST + k)]));
  const own = fan(FIRST + 70);
  const e = of(figures(truth), [own]);
  assert.match(e.baselineName!, /persistence/);
  const o = e.fans[0].outcomes[1];
  assert.equal(o.wis, wis(LEVELS, quantiles.get(own.points[1])!, 1.3 * value(FIRST + 71)));
  assert.deepEqual([o.inside50, o.inside95], [false, true]);
  assert.ok(o.baseline! > 0);
  const line = scoreOf(e.fans[0].outcomes)!;
  assert.deepEqual([line.n, line.inside95], [3, 1]);
  const all = overallOf([line, { ...line, wis: 4 * line.wis }])!;
  assert.ok(Math.abs(all.toBaseline! - (2 * line.wis) / line.baseline!) < 1e-12, 'geometric mean over places');
});

test('published baseline and ensemble are compared on the weeks that all three have', () => {
  const truth = new Map([70, 71].map(k => [end(FIRST + k), value(FIRST + k)]));
  const own = fan(FIRST + 70);
  const peer = (role: 'baseline' | 'ensemble', k: number, factor: number) => ({
    model: `hub-${role}`,
    role,
    origin: own.asOf,
    date: end(FIRST + k),
    quantiles: quantiles.get(own.points[k - 70])!.map(v => factor * v),
  });
  const e = of(
    { ...figures(truth), peers: [peer('baseline', 70, 2), peer('baseline', 71, 2), peer('ensemble', 71, 1)] },
    [own],
  );
  assert.deepEqual([e.baselineName, e.ensembleName], ['hub-baseline', 'hub-ensemble']);
  const line = scoreOf(e.fans[0].outcomes)!;
  assert.equal(line.n, 1);
  assert.equal(line.ensemble, line.wis);
  assert.ok(line.baseline! > line.wis);
});

test('figures are read beside the hub: places, units, truth and peers; a file that is wrong is named and nothing shown', async () => {
  const folder = tempFolder('madang-figures-');
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write(
    'vintages.csv',
    'target,location,date,as_of,value\nILI,FR,2025-01-05,2025-01-10,100\nILI,FR,2025-01-05,2025-01-17,\n',
  );
  write('truth.csv', 'target,location,date,value\nILI,FR,2025-01-05,110\n');
  write('locations.csv', 'location,unit\nFR,per 100000 population\n');
  const levels = LEVELS.map(l => `q${l}`).join(',');
  const row = (model: string) => `${model},ILI,2025-01-08,1,2025-01-05,FR,${LEVELS.map((_, i) => 90 + i).join(',')}`;
  write(
    'forecasts_x.csv',
    `model,target,origin_date,horizon,target_end_date,location,${levels}\n${row('a-baseline')}\n${row('b-ensemble')}\n${row('other')}\n`,
  );
  write('figures.json', JSON.stringify({ folder: '.', cite: 'The provider.' }));
  const said: string[] = [];
  const read = (name: string) => installedFigures(join(folder, name), line => said.push(line));
  const figures = (await read('figures.json'))!;
  assert.deepEqual(said, []);
  assert.equal(figures.source.cite, 'The provider.');
  assert.deepEqual(
    figures.source.files.map(x => x.name),
    ['vintages.csv', 'truth.csv', 'forecasts_x.csv', 'locations.csv'],
  );
  const fr = figures.place('ili', 'FR')!;
  assert.deepEqual(
    [fr.unit, fr.truth.get('2025-01-05'), fr.peers.map(p => p.role)],
    ['per 100 000 population', 110, ['baseline', 'ensemble']],
  );
  assert.equal(fr.log.value.length, 2);
  assert.equal(figures.place('ili', 'DE'), undefined);
  write('bad.json', JSON.stringify({ folder: 'nowhere', cite: 'x' }));
  write('worse.json', '{"folder": 7}');
  assert.equal(await read('bad.json'), undefined);
  assert.equal(await read('worse.json'), undefined);
  assert.match(said[0], /MADANG_DISEASE .*bad\.json: .*nowhere/);
  assert.match(said[1], /worse\.json: /);
  assert.equal(await installedFigures(undefined, () => assert.fail()), undefined);
});
