import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loading } from '@madang/carbon';
import { drawCarbon } from '../pages/carbon.ts';
import { EMPTY_SITE } from '../testing/site.ts';
import { carbonAnswer, designFrom, designOf, FIELDS, queryOf, startValues } from './design.ts';
import { carbonReport } from './report.ts';

const start = carbonAnswer(startValues, () => 0);

test('the start values converge with closed balances, and the parts of the cost add up', () => {
  assert.ok(start.steady.converged);
  assert.ok(start.steady.massError < 2e-3 && start.steady.energyError < 2e-3);
  assert.ok(start.steady.purity > 0.6 && start.steady.recovery > 0.9);
  const sum = start.cost!.parts.reduce((s, p) => s + p.perTonne, 0);
  assert.ok(Math.abs(sum - start.cost!.perTonneCaptured) < 1e-9);
  const dear = carbonAnswer({ ...startValues, power: 140 }, () => 0);
  const power = (a: typeof start) => a.cost!.parts.find(p => p.name === 'electricity')!.perTonne;
  assert.ok(Math.abs(power(dear) - 2 * power(start)) < 1e-6);
});

test('a sorbent is half full at the pressure that its field says, at feed temperature', () => {
  const { sorbent, bed } = designOf({ ...startValues, half: 40, heat: 50, qco2: 3 });
  assert.ok(Math.abs(loading(sorbent.isotherm, bed.feedK, 40_000, 0)[0] - 1.5) < 1e-9);
});

test('a column without an answer shows why, and no figure or cost', () => {
  const steady = {
    converged: false as const,
    why: 'not steady after 300 cycles',
    cycles: 300,
    change: 0.01,
    massError: 0.02,
    energyError: 0.01,
  };
  const text = carbonReport({ values: startValues, steady, isotherms: start.isotherms, milliseconds: 1 }).text;
  assert.match(text, /did not converge: there is no result/);
  assert.match(text, /not steady after 300 cycles.*mass balance was open by 2\.00 %/s);
  assert.doesNotMatch(text, /kWh|A tonne captured|NaN/);
  const impossible = carbonAnswer({ ...startValues, low: 50, high: 40 }, () => 0);
  assert.equal(impossible.steady.converged, false);
  assert.match(carbonReport(impossible).text, /below the high pressure/);
  assert.doesNotMatch(carbonReport(impossible).text, /NaN/);
});

test('values come out of an address and go back into it; what cannot be stays at its start', () => {
  const of = (query: string) => designFrom(key => new URLSearchParams(query).get(key));
  assert.equal(queryOf(of('co2=30&low=5')), 'co2=30&low=5');
  assert.deepEqual(of('co2=900&low=x&heat=&feed=NaN'), startValues);
  for (const f of FIELDS) assert.ok(f.start >= f.low && f.start <= f.high, f.key);
});

test('the page holds the result of the start values, and none for another design', () => {
  const page = drawCarbon(EMPTY_SITE, start, startValues);
  assert.match(page, /Mass balance is open by/);
  assert.match(page, /role="img" aria-label="Loading of CO2/);
  const other = drawCarbon(EMPTY_SITE, start, { ...startValues, co2: 30 });
  assert.match(other, /has not been run yet/);
  assert.doesNotMatch(other, /Mass balance is open by/);
  assert.match(other, /name="co2"[^>]*value="30"/);
});
