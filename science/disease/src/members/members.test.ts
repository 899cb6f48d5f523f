import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { weekOfSeason } from '../calendar.ts';
import { LEVELS, MEDIAN } from '../levels.ts';
import { type Design, forecastDesign, trainingDesign } from '../panel/design.ts';
import { featureMaker } from '../panel/features.ts';
import { makePanel, weeklyCalendar } from '../panel/panel.ts';
import type { Member } from './member.ts';
import { NETWORK, networkMember } from './network.ts';
import { RENEWAL, renewalMember } from './renewal.ts';
import { SEASONAL, seasonalMember } from './seasonal.ts';
import { WINDOWED, windowedMember } from './windowed.ts';

/** Places with seasons of changing height and timing; the last year is kept from training. */
const calendar = weeklyCalendar(() => []);
const FIRST = 1600;
const WEEKS = 364;
const whole = Array.from({ length: 8 }, (_, k) => {
  const r = random(`members ${k}`);
  let wander = 0;
  const values = Float64Array.from({ length: WEEKS }, (_, i) => {
    wander = 0.9 * wander + 0.12 * r.normal();
    return 40 * Math.exp(1.5 * Math.cos((2 * Math.PI * (weekOfSeason(FIRST + i) - 24)) / 52.18) + wander);
  });
  return { target: 'ILI', location: `L${k}`, first: FIRST, values };
});
const panel = makePanel(whole, calendar);
const past = makePanel(
  whole.map(s => ({ ...s, values: s.values.subarray(0, WEEKS - 52) })),
  calendar,
);
const design: Design = trainingDesign(past, featureMaker(past, calendar, ['ILI']), { steps: 4, weight: () => 1 });
const wanted = panel.places.flatMap((_, place) =>
  Array.from({ length: 44 }, (_, i) => ({ place, base: WEEKS - 52 + i, step: 1 + (i % 4) })),
);
const rows = forecastDesign(panel, featureMaker(panel, calendar, ['ILI']), wanted, 4);
const truth = wanted.map(w => panel.places[w.place].z[w.base + w.step] - panel.places[w.place].z[w.base]);

const upon = { without: ['level'], hidden: 0, penaltyPeriods: 50, correctionPeriods: 250 };
const members: Member[] = [
  windowedMember('windowed', WINDOWED, weekOfSeason),
  seasonalMember('by season', SEASONAL, weekOfSeason, 4),
  networkMember('network', NETWORK),
  networkMember('network upon the ridge', { ...NETWORK, without: ['level'], upon }),
  renewalMember('renewal', { ...RENEWAL, particles: 100 }, weekOfSeason),
];

for (const member of members) {
  test(`${member.name}: better than no change, covers what it says, the same seed gives the same bits`, () => {
    const q = member.train(design, 'seed').quantiles(rows);
    let error = 0;
    let still = 0;
    let inside = 0;
    for (let i = 0; i < rows.rows; i++) {
      const of = q.subarray(i * LEVELS.length, (i + 1) * LEVELS.length);
      for (let k = 0; k < of.length; k++) {
        assert.ok(Math.abs(of[k]) < 3, `${of[k]}`);
        assert.ok(k === 0 || of[k] >= of[k - 1] - 1e-6);
      }
      error += Math.abs(of[MEDIAN] - truth[i]);
      still += Math.abs(truth[i]);
      if (of[2] <= truth[i] && truth[i] <= of[20]) inside += 1;
    }
    assert.ok(error < 0.9 * still, `error ${error} against ${still} of no change`);
    assert.ok(inside / rows.rows > 0.75 && inside / rows.rows < 0.995, `90 % interval holds ${inside / rows.rows}`);
    assert.deepEqual(member.train(design, 'seed').quantiles(rows), q);
  });
}

test('rows unlike any seen stay within what was seen', () => {
  const wild = { ...rows, x: rows.x.map((v, i) => (i % 3 === 0 ? v * 1e6 : i % 3 === 1 ? -1e9 : Number.NaN)) };
  const largest = design.y.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  for (const member of members.slice(0, 4)) {
    const q = member.train(design, 'seed').quantiles(wild);
    assert.ok(
      q.every(v => Number.isFinite(v)),
      member.name,
    );
    if (member.name === 'windowed') assert.ok(q.every(v => Math.abs(v) <= 1.3 * largest));
  }
});
