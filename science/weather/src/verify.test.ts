import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { crps, type Distribution } from './distributions.ts';
import { applyEmos, applyNetwork, fitEmos, fitNetwork } from './emos.ts';
import { blockBootstrap, brier, pitHistogram, rankHistogram } from './verify.ts';
import { errorCorrelations, seasonalThreshold, warnings } from './warnings.ts';

test('the parts of the Brier score add up when each bin holds one probability', () => {
  const r = random('brier');
  const p = Array.from({ length: 4000 }, () => 0.05 + 0.1 * r.below(10));
  const y = p.map(v => (r.uniform() < v ? 1 : 0));
  const b = brier(p, y);
  assert.ok(Math.abs(b.score - (b.reliability - b.resolution + b.uncertainty)) < 1e-9);
  assert.ok(b.reliability < 2e-3 && b.resolution > 0.05);
  assert.ok(
    brier(
      p,
      y.map(v => 1 - v),
    ).reliability > 0.1,
  );
});

test('ranks of an honest ensemble are flat, of a narrow one not', () => {
  const r = random('ranks');
  const y = Array.from({ length: 3000 }, () => r.normal());
  const make = (sd: number) => y.map(() => Array.from({ length: 9 }, () => sd * r.normal()));
  const flat = rankHistogram(make(1), y, r);
  const narrow = rankHistogram(make(0.4), y, r);
  assert.equal(
    flat.reduce((a, b) => a + b),
    3000,
  );
  assert.ok(Math.max(...flat) < 380 && Math.min(...flat) > 220);
  assert.ok(narrow[0] > 2 * narrow[4] && narrow[9] > 2 * narrow[4]);
  assert.deepEqual(pitHistogram([0.05, 0.5, 1, Number.NaN], 2), [1, 2]);
});

test('ranks: ties are shared out evenly, days with a missing member or observation are left out, sizes may not differ', () => {
  const r = random('ties');
  const same = Array.from({ length: 4000 }, () => [2, 2, 2]);
  const ties = rankHistogram(same, new Array(4000).fill(2), r);
  assert.ok(
    ties.every(c => Math.abs(c - 1000) < 110),
    ties.join(),
  );
  assert.deepEqual(
    rankHistogram(
      [
        [1, Number.NaN],
        [1, 3],
        [1, 3],
      ],
      [2, 2, Number.NaN],
      r,
    ),
    [0, 1, 0],
  );
  assert.throws(() => rankHistogram([[1, 2], [1]], [0, 0], r), /one number of members/);
});

test('block bootstrap intervals hold the truth about as often as they say, for dependent days', () => {
  const r = random('bootstrap');
  let held = 0;
  for (let k = 0; k < 60; k++) {
    let x = 0;
    const days = Array.from({ length: 400 }, () => {
      x = 0.6 * x + r.normal();
      return x;
    });
    const mean = (s: readonly Float64Array[]) => s[0].reduce((a, b) => a + b) / s[0].length;
    const { low, high, value } = blockBootstrap([days], mean, { blockDays: 20, samples: 200, level: 0.9 }, r);
    assert.ok(low <= value && value <= high);
    if (low <= 0 && 0 <= high) held += 1;
  }
  assert.ok(held >= 46, `${held} of 60`);
  const mean = (s: readonly Float64Array[]) => s[0].reduce((a, b) => a + b) / s[0].length;
  assert.throws(
    () => blockBootstrap([new Array(29).fill(1)], mean, { blockDays: 10, samples: 9, level: 0.9 }, r),
    /29 days are fewer than three blocks of 10/,
  );
});

test('EMOS undoes a bias and a wrong spread; the network also a bend', () => {
  const r = random('emos');
  const n = 900;
  const truth = Array.from({ length: n }, () => 5 + 4 * r.normal());
  const spread = truth.map(() => 0.5 + r.uniform());
  const bent = (t: number) => 1.2 * t + 2 + (t > 6 ? 0.8 * (t - 6) : 0);
  const forecast = truth.map((t, i) => bent(t) + spread[i] * r.normal());
  const variance = spread.map(s => (0.5 * s) ** 2);
  const half = n / 2;
  const emos = fitEmos(forecast.slice(0, half), variance.slice(0, half), truth.slice(0, half));
  const network = fitNetwork(
    forecast.slice(0, half).map((f, i) => [f, Math.sqrt(variance[i])]),
    truth.slice(0, half),
    {},
    r,
  );
  const score = (d: (i: number) => Distribution) => {
    let s = 0;
    for (let i = half; i < n; i++) s += crps(d(i), truth[i]) / half;
    return s;
  };
  const raw = score(i => ({ kind: 'normal', location: forecast[i], scale: Math.sqrt(variance[i]) }));
  const e = score(i => applyEmos(emos, forecast[i], variance[i]));
  const d = score(i => applyNetwork(network, [forecast[i], Math.sqrt(variance[i])]));
  assert.ok(e < 0.5 * raw, `${e} ${raw}`);
  assert.ok(d < 0.97 * e, `${d} ${e}`);
  assert.ok(emos.d > 0.2, 'the ensemble spread is used');
  assert.throws(() => fitEmos([1, 2], [0, 0], [1, 2]), /at least 20/);
});

test('warnings rise with the chance, and correlated days make spells likelier', () => {
  const hot: Distribution[] = Array.from({ length: 6 }, (_, l) => ({
    kind: 'normal',
    location: l < 4 ? 31 : 20,
    scale: 2,
  }));
  const rule = {
    kind: 'heat' as const,
    days: 3,
    levels: [
      { name: 'yellow', chance: 0.1 },
      { name: 'red', chance: 0.6 },
    ],
  };
  const at = new Array(6).fill(30);
  const tied = warnings(hot, at, rule, new Array(5).fill(0.9), random('a'));
  const free = warnings(hot, at, rule, new Array(5).fill(0), random('a'));
  assert.ok(tied[0].startLeadDays === 1 && tied[0].chance > free[0].chance + 0.05);
  assert.ok(Math.abs(free[0].chance - 0.691 ** 3) < 0.05);
  assert.deepEqual(
    warnings(hot, at, { ...rule, kind: 'cold' }, new Array(5).fill(0.5), random('a')).filter(w => w.startLeadDays < 3),
    [],
  );
  const values = Array.from({ length: 400 }, (_, i) => i % 100);
  assert.ok(Math.abs(seasonalThreshold(values, new Array(400).fill(1), 1, 0.1, 'heat') - 89) <= 1);
  assert.throws(() => seasonalThreshold([1], [1], 1, 0.1, 'heat'), /only 1 values/);
});

test('chances of spells hold for forecasts whose errors last as a day of weather does', () => {
  const r = random('spells');
  const lasting = 0.8;
  // Errors of leads 1 to 10 of a process that lasts, forecast from what is known today: their spread grows with the lead.
  const spread = Array.from({ length: 10 }, (_, l) => Math.sqrt(1 - lasting ** (2 * (l + 1))));
  const forecasts: Distribution[] = spread.map(scale => ({ kind: 'normal', location: 0, scale }));
  const thresholds = new Array(10).fill(0.3);
  const correlations = errorCorrelations(forecasts, lasting);
  assert.ok(correlations[0] < 0.65 && correlations[8] > 0.79);
  const rule = { kind: 'heat' as const, days: 3, levels: [{ name: 'any', chance: 0 }] };
  const said = warnings(forecasts, thresholds, rule, correlations, r, 20000);
  const came = new Array(8).fill(0);
  for (let k = 0; k < 20000; k++) {
    let e = 0;
    const hot = spread.map(() => {
      e = lasting * e + Math.sqrt(1 - lasting ** 2) * r.normal();
      return e > 0.3;
    });
    for (let s = 0; s < 8; s++) if (hot[s] && hot[s + 1] && hot[s + 2]) came[s] += 1 / 20000;
  }
  for (const w of said)
    assert.ok(
      Math.abs(w.chance - came[w.startLeadDays - 1]) < 0.015,
      `${w.startLeadDays}: ${w.chance} ${came[w.startLeadDays - 1]}`,
    );
});
