import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { yearlyMeans } from '../fair/ensemble.ts';
import { makeFair } from '../fair/run.ts';
import { tiny } from '../fair/tiny.ts';
import { attribute, type Part } from './attribution.ts';
import { constrain, periodChange } from './constrain.ts';
import { anchored, bandWithNever, budgetByParts, emittedUntil, firstReached, runningMean } from './crossing.ts';
import { AR5_ASSUMPTIONS, seaLevel } from './sea-level.ts';
import { DAMAGES, socialCost } from './social-cost.ts';

const close = (a: number, b: number, tolerance: number, what = '') =>
  assert.ok(Math.abs(a - b) <= tolerance, `${what} ${a} is not ${b}`);

test('running mean, first year reached, emissions until then', () => {
  const line = Float64Array.from({ length: 40 }, (_, t) => 0.1 * t);
  const smooth = runningMean(line, 1, 5);
  assert.ok(Number.isNaN(smooth[1]) && Number.isNaN(smooth[38]));
  for (let t = 2; t < 38; t++) close(smooth[t], 0.1 * t, 1e-12);
  const crossing = firstReached(smooth, 1, 1.55);
  close(crossing[0], 15.5, 1e-9);
  assert.ok(Number.isNaN(firstReached(smooth, 1, 9)[0]));
  // 2 Gt a year: from the beginning of year 5 to the middle of year 15.5.
  const cumulative = Float64Array.from({ length: 41 }, (_, t) => 2 * t);
  close(emittedUntil(cumulative, crossing, 5)[0], 22, 1e-9);
  assert.deepEqual(bandWithNever(Float64Array.of(3, Number.NaN, 1, 2), [0, 50, 60, 80]), [1, 2.5, 2.8, Number.NaN]);
  assert.deepEqual([...anchored(Float64Array.of(0, 10, 1, 12, 2, 14), 2, 5, 0, 1)], [4.5, 4, 5.5, 6, 6.5, 8]);
});

test('budget by its parts, as published for 1.5 K', () => {
  // Rogelj et al. 2019 arithmetic: (1.5 - 0.97 - 0.1) / 0.45 per 1000 Gt.
  close(
    budgetByParts({
      limitK: 1.5,
      warmingSoFarK: 0.97,
      otherWarmingK: 0.1,
      zeroEmissionsCommitmentK: 0,
      tcreKPer1000Gt: 0.45,
      feedbacksGt: 100,
    }),
    855.5556,
    1e-3,
  );
  assert.throws(
    () =>
      budgetByParts({
        limitK: 1,
        warmingSoFarK: 0,
        otherWarmingK: 0,
        zeroEmissionsCommitmentK: 0,
        tcreKPer1000Gt: 0,
        feedbacksGt: 0,
      }),
    /TCRE/,
  );
});

test('attribution: parts of a linear world add up; residuals are what is left', () => {
  const { model, drivers } = tiny();
  const fair = makeFair(model);
  const series = drivers.series[0]!;
  const parts: Part[] = [0.5, 0.3, 0.2].map((share, k) => ({
    name: `party ${k}`,
    emissions: new Map([[0, series.map(v => share * v)]]),
  }));
  const a = attribute(fair, drivers, parts);
  const last = a.all.length - 1;
  const total = a.all[last] - a.none[last];
  for (const key of ['leftOut', 'marginal'] as const) {
    const sum = a.parts.reduce((s, p) => s + p[key][last], 0);
    const residual = key === 'leftOut' ? a.residualLeftOut[last] : a.residualMarginal[last];
    close(sum + residual, total, 1e-9, key);
    assert.ok(
      Math.abs(residual) < 0.2 * total && residual !== 0,
      `${key}: a small, true residual: ${residual} of ${total}`,
    );
    assert.ok(a.parts[0][key][last] > a.parts[1][key][last] && a.parts[1][key][last] > a.parts[2][key][last]);
  }
  // A single party with everything: left out it takes all of it.
  const one = attribute(fair, drivers, [{ name: 'all', emissions: new Map([[0, series]]) }]);
  close(one.parts[0].leftOut[last], total, 1e-12);
  close(one.residualLeftOut[last], 0, 1e-12);
  // The marginal effect does not depend on how small the perturbation is.
  const finer = attribute(fair, drivers, parts, 0.0002);
  close(finer.parts[0].marginal[last], a.parts[0].marginal[last], 1e-4 * total);
  assert.throws(
    () => attribute(fair, drivers, [{ name: 'short', emissions: new Map([[0, new Float64Array(3)]]) }]),
    /3 years/,
  );
});

test('constraint: weights follow the likelihood; an ensemble that misses is refused', () => {
  const rng = random(7);
  const members = Float64Array.from({ length: 20000 }, () => rng.normal());
  const r = constrain([{ name: 'warming', unit: 'K', value: 1, sd: 0.5, members }], 100);
  assert.ok(r.ok);
  // Normal prior and likelihood: mean 0.8, variance 0.2.
  const mean = r.weights.reduce((s, w, m) => s + w * members[m], 0);
  const variance = r.weights.reduce((s, w, m) => s + w * (members[m] - mean) ** 2, 0);
  close(mean, 0.8, 0.02);
  close(variance, 0.2, 0.02);
  close(
    r.weights.reduce((a, b) => a + b, 0),
    1,
    1e-12,
  );
  const missed = constrain([{ name: 'warming', unit: 'K', value: 9, sd: 0.05, members }], 100);
  assert.ok(!missed.ok && missed.refusal.code === 'too-few-members');
});

test('change between periods with its error: whiteness and missing years', () => {
  const rng = random(3);
  const years = Float64Array.from({ length: 170 }, (_, k) => 1850 + k);
  let inside = 0;
  for (let run = 0; run < 200; run++) {
    const values = years.map(y => (y > 2000 ? 1 : 0) + 0.1 * rng.normal());
    const c = periodChange(years, values, [2005, 2019], [1850, 1900]);
    if (Math.abs(c.value - 1) < 1.645 * c.sd) inside += 1;
  }
  assert.ok(inside > 165 && inside < 197, `${inside} of 200 within 90 %`);
  assert.throws(() => periodChange([2000, 2001], [0, 0], [2000, 2005], [2000, 2001]), /2 of the 6 years/);
});

test('sea level: parts sum, warmer is higher, AR5 likely range for about 4 K', () => {
  const years = 2101 - 1980;
  const path = (end: number) => Float64Array.from({ length: years }, (_, t) => 0.4 + (end * Math.max(0, t - 15)) / 105);
  const heat = (end: number) =>
    Float64Array.from({ length: years }, (_, t) => 1e24 * end * (Math.max(0, t - 15) / 105) ** 1.5);
  const cool = seaLevel({ firstYear: 1980, warming: path(1), heat: heat(1.2), members: 1 });
  const warm = seaLevel({ firstYear: 1980, warming: path(3.9), heat: heat(2.4), members: 1 });
  const last = warm.total.length - 1;
  close(
    Object.values(warm.parts).reduce((s, p) => s + p[last], 0),
    warm.total[last],
    1e-12,
  );
  assert.ok(warm.total[last] > cool.total[last]);
  // IPCC AR5 table 13.5, RCP8.5 by 2100: 0.74 (0.52 to 0.98) m, of which expansion 0.33, glaciers 0.19; RCP2.6: 0.44 (0.28 to 0.61).
  close(warm.total[last], 0.74, 0.15, 'warm');
  close(warm.parts.glaciers[last], 0.19, 0.04, 'glaciers');
  close(cool.total[last], 0.44, 0.1, 'cool');
  const drawn = seaLevel(
    { firstYear: 1980, warming: path(3.9), heat: heat(2.4), members: 1 },
    AR5_ASSUMPTIONS,
    random('a'),
  );
  assert.notEqual(drawn.total[last], warm.total[last]);
  assert.throws(() => seaLevel({ firstYear: 2000, warming: path(1), heat: heat(1), members: 1 }), /1980/);
});

test('social cost: a case with a closed form, and that every assumption moves it', () => {
  // Damage is linear in warming, one tonne warms by x for ever: the cost is a geometric sum.
  const years = 200;
  const base = new Float64Array(years).fill(1);
  const pulsed = base.map(v => v + 1e-12);
  const assumptions = {
    output: new Float64Array(years).fill(1e14),
    population: new Float64Array(years).fill(8e9),
    damage: (t: number) => 0.01 * t,
    discount: { kind: 'constant', rate: 0.03 } as const,
  };
  const r = socialCost(base, pulsed, 1, 1, assumptions);
  const geometric = (1 - 1.03 ** -years) / (1 - 1 / 1.03);
  close(r.perTonne[0] / geometric, 1e14 * 0.01 * 1e-12, 1e-3);
  assert.ok(r.tailShare > 0 && r.tailShare < 0.01);
  const less = socialCost(base, pulsed, 1, 1, {
    ...assumptions,
    discount: { kind: 'ramsey', timePreference: 0.05, elasticity: 1.5 },
  });
  assert.ok(less.perTonne[0] < r.perTonne[0]);
  for (const [name, { damage }] of Object.entries(DAMAGES)) {
    assert.equal(damage(0), 0, name);
    assert.ok(damage(4) > damage(2) && damage(4) < 1, name);
  }
  close(DAMAGES['dice2016'].damage(3), 0.02124, 1e-9);
  assert.throws(() => socialCost(base, pulsed, 1, 0, assumptions), /pulse/);
});

test('social cost of a real pulse through the model is positive and near linear in its size', () => {
  const { model, drivers } = tiny(2000, 60);
  const fair = makeFair(model);
  const pulse = (gt: number) => {
    const series = drivers.series.slice();
    series[0] = series[0]!.map((v, t) => (t === 20 ? v + gt : v));
    return yearlyMeans(fair({ ...drivers, series }).temperature[0], 2).slice(20 * 2);
  };
  const cost = (gt: number) =>
    socialCost(pulse(0), pulse(gt), 2, gt * 1e9, {
      output: new Float64Array(40).fill(1e14),
      population: new Float64Array(40).fill(8e9),
      damage: DAMAGES['dice2016'].damage,
      discount: { kind: 'constant', rate: 0.03 },
    }).perTonne[0];
  assert.ok(cost(1) > 0);
  close(cost(2) / cost(1), 1, 0.01);
});
