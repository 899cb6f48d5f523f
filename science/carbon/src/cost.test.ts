import assert from 'node:assert/strict';
import { test } from 'node:test';
import { annuity, type CostAssumptions, captureCost } from './cost.ts';

const assumptions: CostAssumptions = {
  capturedTonnesYear: 1e6,
  equipment: [{ name: 'columns', cost: 2e8, lifeYears: 25 }],
  discountRate: 0.08,
  fixedShareYear: 0.04,
  electricityKwhTonne: 200,
  electricityPriceMwh: 60,
  electricityKgCo2Mwh: 300,
  heatKwhTonne: 0,
  heatPriceMwh: 0,
  heatKgCo2Mwh: 0,
  sorbent: { inventoryKg: 5e6, priceKg: 2, lifeYears: 5, lossKgTonne: 0 },
  transportTonne: 5,
  storageTonne: 8,
};

test('the parts of a cost are its sum, and avoided costs more than captured', () => {
  const c = captureCost(assumptions);
  assert.ok(Math.abs(c.parts.reduce((s, p) => s + p.perTonne, 0) - c.perTonneCaptured) < 1e-9);
  assert.ok(Math.abs((c.parts.find(p => p.name === 'columns')?.perTonne ?? 0) - 200 * 0.0936787791) < 1e-6);
  assert.ok(
    Math.abs(c.avoidedShare - 0.94) < 1e-12 && Math.abs((c.perTonneAvoided ?? 0) - c.perTonneCaptured / 0.94) < 1e-9,
  );
  assert.equal(captureCost({ ...assumptions, electricityKgCo2Mwh: 6000 }).perTonneAvoided, undefined);
  assert.equal(annuity(0, 10), 0.1);
  assert.throws(() => captureCost({ ...assumptions, heatPriceMwh: -1 }), /heatPriceMwh/);
  assert.throws(
    () => captureCost({ ...assumptions, fixedShareYear: 3 }),
    /fixedShareYear \(a share, 0\.05 for 5 %\) cannot be 3/,
  );
  for (const name of ['capturedTonnesYear', 'storageTonne', 'electricityKwhTonne'] as const)
    assert.throws(() => captureCost({ ...assumptions, [name]: Number.POSITIVE_INFINITY }), new RegExp(name));
});

test('the yearly payment pays a loan back: what is left after each year, year by year', () => {
  for (const [rate, years] of [
    [0.08, 25],
    [0.5, 3],
    [1e-12, 40],
    [1e-18, 12],
  ]) {
    let left = 1;
    for (let y = 0; y < years; y++) left = left * (1 + rate) - annuity(rate, years);
    assert.ok(Math.abs(left) < 1e-9, `${rate} over ${years} years leaves ${left}`);
  }
});

// Keith, Holmes, St. Angelo and Heidel, Joule 2, 1573 (2018), table 3: a plant for 1 Mt a year from the air, used 90 % of the time; capital charge
// 7.5 % or 12.5 % a year; gas at 3.5 $/GJ, electricity at 30 $/MWh. Capital in $ per tonne and year of capacity, the rest per tonne captured.
const KEITH = [
  { name: 'A, gas alone', capital: 1146, om: 42, gasGj: 8.81, kwh: 0, published: [168, 232] },
  { name: 'B, gas alone, nth plant', capital: 793, om: 30, gasGj: 8.81, kwh: 0, published: [126, 170] },
  { name: 'C, gas and electricity', capital: 694, om: 26, gasGj: 5.25, kwh: 366, published: [113, 152] },
  { name: 'D, CO2 at 0.1 MPa', capital: 609, om: 23, gasGj: 5.25, kwh: 77, published: [94] },
];
const USED = 0.9;

/** Discount rate at which the yearly payment over 25 years is `charge`. */
function rateOf(charge: number): number {
  let [low, high] = [0, 0.5];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (annuity(middle, 25) < charge) low = middle;
    else high = middle;
  }
  return low;
}

for (const c of KEITH)
  test(`published: air capture, ${c.name}`, () => {
    for (const [k, published] of c.published.entries()) {
      const r = captureCost({
        capturedTonnesYear: USED * 1e6,
        equipment: [{ name: 'plant', cost: c.capital * 1e6, lifeYears: 25 }],
        discountRate: rateOf([0.075, 0.125][k]),
        fixedShareYear: (c.om * USED) / c.capital,
        electricityKwhTonne: c.kwh,
        electricityPriceMwh: 30,
        electricityKgCo2Mwh: 0,
        heatKwhTonne: c.gasGj / 0.0036,
        heatPriceMwh: 3.5 * 3.6,
        heatKgCo2Mwh: 0,
        sorbent: { inventoryKg: 0, priceKg: 0, lifeYears: 1, lossKgTonne: 0 },
        transportTonne: 0,
        storageTonne: 0,
      });
      assert.ok(Math.abs(r.perTonneCaptured / published - 1) < 0.01, `${r.perTonneCaptured} against ${published}`);
    }
  });
