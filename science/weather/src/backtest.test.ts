import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { baselines, forecast, scoreAll } from './backtest.ts';
import type { Network } from './network.ts';
import { prepare } from './prepare.ts';
import { maskedSum } from './secure-sum.ts';
import { madeUpNetwork } from './simulate.ts';

const network = madeUpNetwork(8, 3 * 365);
const rmseOf = (
  n: Network,
  model: 'own' | 'federated' | 'pooled',
  stations = n.stations.map(s => s.name),
  year = 2003,
) => {
  const p = prepare(n, year);
  const rows = scoreAll(p, forecast(p, model)).filter(
    r => r.variable === 'temp_mean' && r.leadDays === 1 && stations.includes(r.station),
  );
  return {
    rmse: rows.reduce((s, r) => s + r.rmse, 0) / rows.length,
    coverage: rows.reduce((s, r) => s + r.coverage90, 0) / rows.length,
    rows,
  };
};

test('neighbours help, sums equal pooled rows, intervals hold what they say', () => {
  const own = rmseOf(network, 'own');
  const federated = rmseOf(network, 'federated');
  const pooled = rmseOf(network, 'pooled');
  assert.ok(federated.rmse < 0.93 * own.rmse, `${federated.rmse} against ${own.rmse}`);
  assert.ok(Math.abs(federated.rmse / pooled.rmse - 1) < 1e-3);
  assert.ok(federated.coverage > 0.85 && federated.coverage < 0.95, `${federated.coverage}`);
  assert.ok(federated.rows.every(r => r.n === 365));
});

test('masked sums give the same forecast as plain ones', () => {
  const p = prepare(
    network,
    2003,
    maskedSum((a, b) => random(`${a}/${b}`)),
  );
  const rows = scoreAll(
    p,
    forecast(
      p,
      'federated',
      maskedSum((a, b) => random(`${a}/${b}`)),
    ),
  );
  const plain = prepare(network, 2003);
  assert.deepEqual(rows, scoreAll(plain, forecast(plain, 'federated')));
});

test('nothing after the issue day or in the test year changes a forecast made before it', () => {
  const changed: Network = {
    ...network,
    series: network.series.map(s => ({ ...s, values: s.values.map((v, i) => (i > 900 ? v + 2 : v)) })),
  };
  const [a, b] = [network, changed].map(n => {
    const p = prepare(n, 2003);
    return forecast(p, 'federated')[0][0].slice(0, 900 - 730);
  });
  assert.deepEqual(a, b);
});

test('two members whose values are corrupt in the test year cost little more than two that send nothing', () => {
  const changed = (to: (v: number, i: number, values: Float64Array) => number): Network => ({
    ...network,
    series: network.series.map(s =>
      s.station === 2 || s.station === 5
        ? { ...s, values: s.values.map((v, i) => (i >= 730 ? to(v, i, s.values) : v)) }
        : s,
    ),
  });
  const rest = ['S0', 'S1', 'S3', 'S4', 'S6', 'S7'];
  const silent = rmseOf(
    changed(() => Number.NaN),
    'federated',
    rest,
  ).rmse;
  const wrongs = {
    'out of all proportion': (v: number) => v * 10 + 3,
    'of three days before, each of them plausible': (_: number, i: number, values: Float64Array) => values[i - 3],
  };
  for (const [name, wrong] of Object.entries(wrongs)) {
    const corrupt = rmseOf(changed(wrong), 'federated', rest).rmse;
    assert.ok(corrupt < 1.05 * silent, `${name}: ${corrupt} against ${silent}`);
  }
});

test('far ahead the forecast is climatology, not worse', () => {
  const p = prepare(network, 2003);
  const base = baselines(p);
  const rows = scoreAll(p, forecast(p, 'federated'));
  const ten = (xs: { variable: string; leadDays: number }[]) =>
    xs.flatMap((x, i) => (x.variable === 'temp_mean' && x.leadDays === 10 ? [i] : []));
  const mean = (v: number[]) => v.reduce((s, x) => s + x, 0) / v.length;
  assert.ok(mean(ten(rows).map(i => rows[i].rmse)) <= mean(ten(base).map(i => base[i].climatologyRmse)) * (1 + 1e-9));
});

test('a year that is not there, or has nothing before it, is refused', () => {
  assert.throws(() => prepare(network, 2010), /no days of 2010/);
  assert.throws(() => prepare(network, 2001), /only 0 days/);
});

test('a network of rain alone, with many days that are all alike, is forecast', () => {
  const rain = network.series.filter(s => s.variable.name === 'precipitation');
  const series = rain.map(s => ({ ...s, values: s.values.map(v => Number(Math.max(0, v - 0.8).toFixed(2))) }));
  const p = prepare({ ...network, series }, 2003);
  const rows = scoreAll(p, forecast(p, 'federated'));
  assert.ok(rows.length > 0 && rows.every(r => r.n === 365 && Number.isFinite(r.crps)));
});

test('with 30 % of all rows missing the shared model still beats the station alone and persistence of the last day known', () => {
  const short = madeUpNetwork(6, 2 * 365);
  const rng = random('rows missing');
  const gone = Array.from({ length: short.days }, () => rng.uniform() < 0.3);
  const gappy = {
    ...short,
    series: short.series.map(s => ({ ...s, values: s.values.map((v, i) => (gone[i] ? Number.NaN : v)) })),
  };
  const own = rmseOf(gappy, 'own', undefined, 2002);
  const federated = rmseOf(gappy, 'federated', undefined, 2002);
  const base = baselines(prepare(gappy, 2002)).filter(r => r.variable === 'temp_mean' && r.leadDays === 1);
  const damped = base.reduce((s, r) => s + r.dampedRmse, 0) / base.length;
  assert.ok(federated.rmse < 0.93 * own.rmse, `${federated.rmse} against ${own.rmse} alone`);
  assert.ok(federated.rmse < 0.93 * damped, `${federated.rmse} against ${damped}`);
});
