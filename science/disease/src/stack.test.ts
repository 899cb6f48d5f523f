import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Member, Trained } from './members/member.ts';
import { forecastDesign } from './panel/design.ts';
import { featureMaker } from './panel/features.ts';
import { makePanel, weeklyCalendar } from './panel/panel.ts';
import { averageQuantiles } from './stack.ts';

const calendar = weeklyCalendar(() => []);
const panel = makePanel(
  [{ target: 'ILI', location: 'A', first: 1600, values: Float64Array.of(5, 8, 6, 9, 4) }],
  calendar,
);
const rows = forecastDesign(panel, featureMaker(panel, calendar, ['ILI']), [{ place: 0, base: 4, step: 1 }], 6);

const says = (value: number, weight?: Member['weight']): [Member, Trained] => {
  const trained = { quantiles: () => new Float32Array(23).fill(value) };
  return [{ name: `${value}`, train: () => trained, ...(weight ? { weight } : {}) }, trained];
};
const mean = (history: number, ...of: [Member, Trained][]) =>
  averageQuantiles(
    of.map(x => x[0]),
    of.map(x => x[1]),
    rows,
    () => history,
  );

test('members weigh by how much history a place has', () => {
  const members = [
    says(1, { established: 3, newcomer: 1 }),
    says(0),
    says(9, { established: 0, newcomer: 2 }),
  ] as const;
  assert.equal(mean(400, ...members)[0], 0.75);
  assert.equal(mean(20, ...members)[0], 19 / 4);
});

test('a member that cannot do a row is left out of it; one that is not asked steps in when nobody else can', () => {
  assert.equal(mean(400, says(Number.NaN), says(2))[0], 2);
  assert.equal(mean(400, says(Number.NaN), says(4, { established: 0, newcomer: 1 }))[0], 4);
});

test('with no member at all a place forecasts no change with the spread of its own changes', () => {
  const q = mean(5, says(Number.NaN));
  assert.ok(Math.abs(q[11]) < 1e-12 && q[0] < -0.1 && q[22] > 0.1);
  assert.ok(q.every((v, k) => Number.isFinite(v) && (k === 0 || v >= q[k - 1])));
});
