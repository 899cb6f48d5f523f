import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { LEVELS } from './levels.ts';
import { groupedMember } from './members/grouped.ts';
import { type Member, QUANTILES } from './members/member.ts';
import { placeSpreads, spreadBy } from './members/spread.ts';
import { forecastDesign, trainingDesign } from './panel/design.ts';
import { featureMaker } from './panel/features.ts';
import { logarithm, makePanel, monthlyCalendar } from './panel/panel.ts';
import { panelMembers } from './panel-members.ts';

const calendar = monthlyCalendar();
const MONTHS = 90;
/** Simulated: three places with a season that ends in months of no case, one that hardly ever reports. */
const series = ['A', 'B', 'C', 'SELDOM'].map(location => {
  const r = random(location);
  const values = Float64Array.from({ length: MONTHS }, (_, i) =>
    location === 'SELDOM'
      ? i % 31 === 7
        ? 2
        : 0
      : Math.max(0, Math.round(60 * Math.cos((2 * Math.PI * i) / 12) + 20 * r.normal())),
  );
  return { target: 'X', location, first: 24000, values };
});
const panel = makePanel(series, calendar, logarithm);
const features = featureMaker(panel, calendar, ['X']);

test('a place that stands at nothing and often does not is forecast by analogues alone', () => {
  const design = trainingDesign(panel, features, { steps: 3, weight: () => 1 });
  const wanted = panel.places.flatMap((_, place) =>
    Array.from({ length: 12 }, (_, i) => ({ place, base: MONTHS - 12 + i, step: 1 + (i % 3) })),
  );
  const rows = forecastDesign(panel, features, wanted, 3);
  for (const member of panelMembers(12)) {
    const q = member.train(design, 'seed').quantiles(rows);
    let left = 0;
    for (const [i, w] of wanted.entries()) {
      const { location, values } = series[w.place];
      const out = Number.isNaN(q[i * QUANTILES]);
      const nothing = location !== 'SELDOM' && values[w.base] === 0;
      assert.equal(out, nothing && member.name !== 'analogues', `${member.name}, ${location}, ${values[w.base]}`);
      if (out) left += 1;
    }
    assert.ok(member.name === 'analogues' || left > 6, `${left}`);
  }
});

test('a group has a model of its own rows alone; one with few rows has none, unless it is all there is', () => {
  const mean: Member = {
    name: 'mean',
    train: d => {
      const m = d.y.reduce((a, v) => a + v, 0) / d.rows;
      return { quantiles: rows => new Float32Array(rows.rows * QUANTILES).fill(m) };
    },
  };
  const repeated = (place: number, times: number) => Array.from({ length: times }, () => place);
  const two = { ...panel, places: panel.places.map((p, i) => ({ ...p, target: i === 3 ? 'Y' : 'X' })) };
  const of = (p: typeof panel, places: readonly number[]) => {
    const wanted = places.map((place, i) => ({ place, base: i % 80, step: 1 }));
    const y = Float32Array.from(places, place => place);
    return { ...forecastDesign(p, featureMaker(p, calendar, ['X', 'Y']), wanted, 3), y };
  };
  const said = (p: typeof panel, places: readonly number[]) => {
    const q = groupedMember(mean)
      .train(of(p, places), 's')
      .quantiles(of(p, [0, 3]));
    return [q[0], q[QUANTILES]];
  };
  assert.deepEqual(said(two, [...repeated(1, 2000), ...repeated(3, 2000)]), [1, 3]);
  assert.deepEqual(said(two, [...repeated(1, 2000), ...repeated(3, 1999)]), [1, Number.NaN]);
  assert.deepEqual(said(panel, [...repeated(1, 10), ...repeated(3, 10)]), [2, 2]);
});

test("a place's spread is its own, side by side; a place with three rows keeps that of all", () => {
  const r = random('spread');
  const shape = Float64Array.from({ length: 4000 }, () => r.normal()).sort();
  const quantiles = Float64Array.from(LEVELS, p => shape[Math.floor(p * shape.length)]);
  const rows = Array.from({ length: 403 }, (_, i) => i);
  const place = Int32Array.from(rows, i => (i < 200 ? 0 : i < 400 ? 1 : 2));
  const outcome = rows.map(i => {
    const x = r.normal();
    return i < 200 ? 0.4 * x : i < 400 && x > 0 ? 2 * x : x;
  });
  const weight = new Float32Array(rows.length).fill(1);
  const design = {
    ...trainingDesign(panel, features, { steps: 1, weight: () => 1 }),
    place,
    weight,
    period: place.map((_, i) => i),
  };
  const spreads = placeSpreads(design, rows, i => ({ quantiles, outcome: outcome[i], unit: 1 }), 20);
  const of = (name: string) => spreads.get(`X\t${name}`)!;
  for (const s of of('A')) assert.ok(s > 0.36 && s < 0.6, `${s}`);
  assert.ok(of('B')[0] > 0.8 && of('B')[0] < 1.25 && of('B')[1] > 1.6 && of('B')[1] < 2.4, `${of('B')}`);
  for (const s of of('C')) assert.ok(s > 0.8 && s < 1.2, `${s}`);
  assert.equal(spreadBy([0.5, 2], quantiles, 11), quantiles[11]);
  assert.equal(spreadBy([0.5, 2], quantiles, 22), quantiles[11] + 2 * (quantiles[22] - quantiles[11]));
});
