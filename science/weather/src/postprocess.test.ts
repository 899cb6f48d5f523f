import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { civilDay, seasonAngle } from './calendar.ts';
import { crps, quantile } from './distributions.ts';
import { applyEmos, fitEmos } from './emos.ts';
import { type Case, ensembleCrps, fitCorrection, ofMembers, usual } from './postprocess.ts';

const first = civilDay(2001, 1, 1);

/** Seasons, weather that lasts, and an ensemble that knows it with correlation `rho`, is biased and too sure of itself. */
function world(days: number, rho: number, seed: string, members = 10) {
  const r = random(seed);
  let x = 0;
  const observed = new Float64Array(days);
  const cases: Case[] = [];
  const raw: Float64Array[] = [];
  for (let i = 0; i < days; i++) {
    x = 0.75 * x + Math.sqrt(1 - 0.75 ** 2) * r.normal();
    const season = 10 - 9 * Math.cos(seasonAngle(first + i));
    observed[i] = season + 3.5 * x;
    const error = 3.5 * Math.sqrt(1 - rho * rho);
    const centre = season + 3.5 * rho * rho * x + rho * error * r.normal();
    raw.push(Float64Array.from({ length: members }, () => centre + 1.5 + (members > 1 ? 0.5 * error * r.normal() : 0)));
    cases.push({ day: first + i, observed: observed[i], ...ofMembers(raw[i])! });
  }
  return { observed, cases, raw };
}

/** Mean scores and coverage of the cases from `from` on: corrected, raw, climatology, share inside 90 %. */
function judge(w: ReturnType<typeof world>, trainFrom: number, from: number, method: 'emos' | 'network' = 'emos') {
  const climate = usual(w.observed, first, from, 'normal')!;
  const k = fitCorrection(w.cases.slice(trainFrom, from), 'normal', method, climate, random('fit'));
  const later = w.cases.slice(from);
  const mean = (f: (c: Case, i: number) => number) => later.reduce((s, c, i) => s + f(c, i), 0) / later.length;
  return {
    method: k.method,
    corrected: mean(c => crps(k.apply(c), c.observed)),
    raw: mean((c, i) => ensembleCrps(w.raw[from + i], c.observed)),
    climatology: mean(c => crps(climate.at(c.day), c.observed)),
    inside: mean(c => {
      const d = k.apply(c);
      return c.observed >= quantile(d, 0.05) && c.observed <= quantile(d, 0.95) ? 1 : 0;
    }),
  };
}

test('EMOS takes bias and false certainty away, on a year that it has not seen, and says 90 % when it means it', () => {
  const good = judge(world(4 * 365, 0.9, 'good'), 0, 3 * 365);
  assert.equal(good.method, 'emos');
  assert.ok(good.corrected < 0.7 * good.raw && good.corrected < 0.55 * good.climatology, JSON.stringify(good));
  assert.ok(Math.abs(good.inside - 0.9) < 0.04, `${good.inside}`);
  const single = judge(world(4 * 365, 0.8, 'one', 1), 0, 3 * 365);
  assert.ok(single.corrected < 0.8 * single.raw && Math.abs(single.inside - 0.9) < 0.04, JSON.stringify(single));
});

test('thirty days of forecasts do with years of observations; twenty-four are refused', () => {
  const w = world(3 * 365 + 200, 0.95, 'short');
  const few = judge(w, 3 * 365 - 30, 3 * 365);
  assert.ok(few.corrected < 0.55 * few.raw && few.inside > 0.8, JSON.stringify(few));
  assert.throws(() => judge(w, 3 * 365 - 24, 3 * 365), /only 24 pairs.*at least 25/);
});

test('a forecast that knows nothing gives way to climatology', () => {
  const methods = Array.from({ length: 8 }, (_, i) =>
    judge(world(3 * 365 + 100, 0, `nothing ${i}`), 3 * 365 - 60, 3 * 365),
  );
  const usually = methods.filter(m => m.method === 'climatology');
  assert.ok(usually.length >= 5, methods.map(m => m.method).join());
  for (const m of usually) assert.equal(m.corrected, m.climatology);
});

test('a network that finds no more than EMOS gives way to it', () => {
  assert.equal(judge(world(365 + 100, 0.9, 'short'), 0, 365, 'network').method, 'emos');
  const long = world(3 * 365, 0.9, 'long');
  const [network, emos] = [judge(long, 0, 2 * 365 + 10, 'network'), judge(long, 0, 2 * 365 + 10)];
  assert.ok(network.corrected < 1.03 * emos.corrected, JSON.stringify([network, emos]));
});

test('constant forecasts, constant observations, missing members and values: never a NaN', () => {
  const climate = usual(world(800, 0.9, 'odd').observed, first, 800, 'normal')!;
  const r = random('odd');
  const make = (mean: (i: number) => number, observed: (i: number) => number, variance = 0): Case[] =>
    Array.from({ length: 60 }, (_, i) => ({ day: first + i, mean: mean(i), variance, observed: observed(i) }));
  const noise = Array.from({ length: 60 }, () => 5 + r.normal());
  for (const cases of [
    make(
      () => 5,
      i => noise[i],
    ),
    make(
      i => noise[i],
      i => noise[i],
    ),
    make(
      i => noise[i],
      () => 5,
    ),
    make(
      () => 5,
      () => 5,
      1,
    ),
    make(
      i => (i % 3 ? noise[i] : Number.NaN),
      i => (i % 7 ? noise[i] : Number.NaN),
    ),
  ]) {
    const d = fitCorrection(cases, 'normal', 'emos', climate, r).apply({ ...cases[1], mean: 7 });
    assert.ok(d.kind === 'normal' && Number.isFinite(d.location) && d.scale > 0, JSON.stringify(d));
  }
  assert.deepEqual(ofMembers([1, Number.NaN, 3]), { mean: 2, variance: 2 });
  assert.equal(ofMembers([1, Number.NaN, Number.NaN]), undefined);
});

test('wind is cut at zero: its gradient is that of its score, calm days stay at or above zero', () => {
  const r = random('wind');
  const n = 400;
  const truth = Array.from({ length: n }, () => Math.max(0, 2.5 + 2 * r.normal()));
  const forecast = truth.map(t => t + 1 + r.normal());
  const e = fitEmos(forecast, new Array(n).fill(0.25), truth, { kind: 'cut-normal' });
  const mean = (f: typeof e) => truth.reduce((s, t, i) => s + crps(applyEmos(f, forecast[i], 0.25), t), 0) / n;
  // A minimum: no step in any direction helps by more than the pull on the slope can hold.
  for (const k of ['a', 'c'] as const)
    for (const step of [-0.2, 0.2]) assert.ok(mean({ ...e, [k]: e[k] + step }) > mean(e), `${k} ${step}`);
  for (const m of [-3, 0, 1]) assert.ok(quantile(applyEmos(e, m, 0.25), 0.01) >= 0);
});

test('rain: chance and amount follow the forecast, and beat climatology', () => {
  const r = random('rain');
  const n = 900;
  const state = Array.from({ length: n }, () => r.normal());
  const observed = Float64Array.from(state, s => Math.max(0, 0.5 * s + 0.25 * r.normal() - 0.1));
  const cases = state.map((s, i) => ({
    day: first + i,
    mean: Math.max(0, 0.8 * s),
    variance: 0,
    observed: observed[i],
  }));
  const climate = usual(observed, first, 600, 'rain')!;
  const k = fitCorrection(cases.slice(0, 600), 'rain', 'emos', climate, r);
  const score = (f: (c: Case) => ReturnType<typeof k.apply>) =>
    cases.slice(600).reduce((s, c) => s + crps(f(c), c.observed), 0);
  assert.ok(score(k.apply) < 0.6 * score(c => climate.at(c.day)));
  const [dry, wet] = [0, 1].map(mean => k.apply({ ...cases[0], mean }));
  assert.ok(dry.kind === 'rain' && wet.kind === 'rain' && dry.wet < 0.3 && wet.wet > 0.9 && wet.mean > dry.mean);
});
