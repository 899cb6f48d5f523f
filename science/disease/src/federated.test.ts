import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { changeLog, type LogRow, snapshot } from './change-log.ts';
import { federatedRidge } from './federated.ts';
import { fitRidge, ridgeQuantiles } from './members/ridge.ts';
import { type Design, selectRows, trainingDesign } from './panel/design.ts';
import { featureMaker } from './panel/features.ts';
import { makePanel, weeklyCalendar } from './panel/panel.ts';
import {
  epsilonOf,
  firstReleaseVariance,
  noisedCopy,
  noiseFor,
  PERSON_SENSITIVITY,
  releasesOf,
  reliabilityUnder,
} from './source-noise.ts';

const calendar = weeklyCalendar(() => []);
const series = Array.from({ length: 9 }, (_, k) => {
  const r = random(`node ${k}`);
  const values = Float64Array.from({ length: 220 }, (_, i) =>
    Math.round((20 + 30 * k) * Math.exp(1.4 * Math.cos((2 * Math.PI * (i - 24)) / 52.18) + 0.2 * r.normal())),
  );
  return { target: 'ILI', location: `L${k}`, first: 1600, values };
});
const panel = makePanel(series, calendar);
const design: Design = trainingDesign(panel, featureMaker(panel, calendar, ['ILI']), { steps: 4, weight: () => 1 });
const nodes = [0, 1, 2].map(n => selectRows(design, i => design.place[i] % 3 === n));
const plan = { without: [], hidden: 40, seed: 'public', penaltyPeriods: 20 };

test('sums of nodes give the pooled model to 1e-9', () => {
  const pooled = fitRidge(design, plan, 4);
  const { model, released } = federatedRidge(nodes, plan, 4);
  const apart = (a: Float64Array, b: Float64Array) => a.reduce((m, v, i) => Math.max(m, Math.abs(v - b[i])), 0);
  assert.ok(apart(model.location, pooled.location) < 1e-9);
  assert.ok(apart(model.scale, pooled.scale) < 1e-9);
  assert.deepEqual(
    released.map(r => r.name),
    ['moments', 'gram', 'scale', 'shape'],
  );
  const some = selectRows(design, i => i % 97 === 0);
  const a = ridgeQuantiles(model, some);
  const b = ridgeQuantiles(pooled, some);
  assert.ok(a.every((v, i) => Math.abs(v - b[i]) < 1e-6));
});

test('a node that vanishes shrinks the sums to those of the others', () => {
  const two = federatedRidge(nodes.slice(0, 2), plan, 4).model;
  const pooled = fitRidge(
    selectRows(design, i => design.place[i] % 3 < 2),
    plan,
    4,
  );
  assert.ok(two.location.every((v, i) => Math.abs(v - pooled.location[i]) < 1e-9));
});

test('every released total passes through the noise', () => {
  const seen: string[] = [];
  federatedRidge(nodes, plan, 4, (sum, name) => {
    seen.push(`${name} ${sum.length}`);
  });
  assert.equal(seen.length, 4);
});

test('a noised copy releases each week at most twice, whole, each with noise of its own, and repeats nothing of the raw log', () => {
  const rows: LogRow[] = [];
  for (let week = 0; week < 30; week++)
    for (let k = 0; k < 6; k++)
      rows.push({ target: 'hosp', location: 'A', period: week, knownFrom: 100 + 7 * (week + k), value: 40 + week + k });
  let draws = 0;
  const noise = () => {
    draws += 1;
    return 1000 + draws;
  };
  const copy = noisedCopy(changeLog(rows), 'hosp', noise, 1);
  const perWeek = new Map<number, number>();
  for (const p of copy.period) perWeek.set(p, (perWeek.get(p) ?? 0) + 1);
  assert.ok([...perWeek.values()].every(n => n <= 2));
  assert.equal(draws, 2 * 30);
  assert.ok(copy.value.every(v => v > 1000 && Number.isInteger(v)));
  assert.equal(snapshot(copy, 99).length, 0);
});

test('whether a second release comes does not depend on the values; two releases are nearer to the truth than one', () => {
  const rows = (revised: number): LogRow[] =>
    Array.from({ length: 400 }, (_, week) => [
      { target: 'hosp', location: 'A', period: week, knownFrom: 100 + 7 * week, value: 40 },
      ...(revised === 0
        ? []
        : [{ target: 'hosp', location: 'A', period: week, knownFrom: 107 + 7 * week, value: 40 + revised }]),
    ]).flat();
  const when = (revised: number) => {
    const copy = noisedCopy(changeLog(rows(revised)), 'hosp', () => 0, 5);
    return Array.from(copy.period, (p, i) => `${p} ${copy.knownFrom[i]}`);
  };
  assert.deepEqual(when(0).slice(0, 400), when(3).slice(0, 400));
  const r = random('two releases');
  const copy = noisedCopy(changeLog(rows(0)), 'hosp', () => r.normal(), 5);
  const off = (values: number[]) => Math.sqrt(values.reduce((s, v) => s + (v - 40) ** 2, 0) / values.length);
  const settled = [...snapshot(copy, 4000)[0].values].slice(0, 390);
  assert.ok(off(settled) < 0.95 * Math.sqrt(firstReleaseVariance(5)), `${off(settled)}`);
});

test('no person in two weeks moves the releases by more than the sensitivity, without noise they tell the settled value', () => {
  // In each of two weeks a person may be in neither value, in the first, in the settled one, in both.
  const ways = [0, 1, 2, 3].map(k => releasesOf(40 + (k & 1), 60 + (k >> 1)).map((v, i) => v - releasesOf(40, 60)[i]));
  const squares = ways.flatMap(a => ways.map(b => [...a, ...b].reduce((s, v) => s + v * v, 0)));
  assert.ok(Math.abs(Math.max(...squares) - PERSON_SENSITIVITY) < 1e-12);
  const row = { target: 'hosp', location: 'A', period: 1 };
  const log = changeLog([
    { ...row, knownFrom: 100, value: 40 },
    { ...row, knownFrom: 107, value: 60 },
    { ...row, location: 'B', knownFrom: 200, value: 1 },
  ]);
  assert.deepEqual([...noisedCopy(log, 'hosp', () => 0, 0).value], [40, 60, 1]);
});

test('budget and noise are each other’s inverse', () => {
  for (const epsilon of [0.5, 2, 8]) {
    const { sigma, rho } = noiseFor(epsilon, 1e-5, PERSON_SENSITIVITY);
    assert.ok(Math.abs(epsilonOf(rho, 1e-5) - epsilon) < 1e-12);
    assert.ok(Math.abs(PERSON_SENSITIVITY / (2 * sigma ** 2) - rho) < 1e-12);
  }
});

test('rows of noised values weigh as much less as noise adds to what a change of the counts adds; those of other signals weigh as they are', () => {
  const sigma = 5;
  const weigh = reliabilityUnder({ target: 'ILI', sigma });
  const first = panel.places[0];
  const last = panel.places[8];
  const high = (p: typeof first) =>
    p.z.indexOf(
      p.z.reduce((a, b) => Math.max(a, b)),
      0,
    );
  const low = (p: typeof first) =>
    p.z.indexOf(
      p.z.reduce((a, b) => Math.min(a, b)),
      0,
    );
  assert.ok(weigh(last, high(last) - 1, 1) > 0.9, 'hundreds of cases');
  assert.ok(weigh(first, low(first) - 1, 1) < 0.35, 'a few cases');
  assert.ok(weigh(first, high(first) - 1, 4) > weigh(first, high(first) - 1, 1), 'long steps see larger changes');
  assert.equal(reliabilityUnder({ target: 'ARI', sigma })(first, 0, 1), 1);
  // The slope of the fourth root against noise itself.
  const r = random('slope');
  const at = high(first);
  const u = first.z[at] ** 4 - 0.01;
  let square = 0;
  for (let k = 0; k < 4000; k++)
    square += ((u + (sigma * r.normal()) / first.scale + 0.01) ** 0.25 - first.z[at]) ** 2 / 4000;
  const surprise = (0.05 * 4 ** 0.7) ** 2;
  const flat = { ...first, z: new Float64Array(9).fill(first.z[at]) };
  assert.ok(Math.abs(weigh(flat, 0, 4) - surprise / (surprise + 2 * square)) < 0.02);
});
