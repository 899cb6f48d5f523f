import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeFair } from '../fair/run.ts';
import { tiny } from '../fair/tiny.ts';
import { makeBand } from './band.ts';
import { documented, ELASTICITIES, type Levers } from './levers.ts';
import { make } from './make.ts';

const { model, drivers } = tiny(2000, 80);
const last = drivers.series[0]!.length - 1;
const all = (levers: Levers, given = {}) => make(drivers, model.species, levers, given);

test('no lever changes nothing', () => {
  const made = all({});
  for (const [i, s] of drivers.series.entries()) assert.deepEqual(made.drivers.series[i], s);
  for (const v of Object.values(made.ledger)) assert.ok(v.every(x => x === 0));
});

test('the ledger adds up to the change of emissions, whatever the levers', () => {
  const year = fc.integer({ min: 2005, max: 2060 });
  const levers = fc.record({
    carbonPrice: fc.record({ from: year, by: year, usdPerTonne: fc.integer({ min: 0, max: 2000 }) }),
    coal: fc.record({ from: year, by: year }),
    capture: fc.array(
      fc.record({ from: year, by: year, gtPerYear: fc.integer({ min: 0, max: 30 }), atmospheric: fc.boolean() }),
      { maxLength: 2 },
    ),
    forests: fc.record({
      from: year,
      by: year,
      newMhaPerYear: fc.integer({ min: 0, max: 40 }),
    }),
    deforestation: fc.record({ from: year, by: year, cut: fc.double({ min: 0, max: 1, noNaN: true }) }),
    methane: fc.record({ from: year, by: year, cut: fc.double({ min: 0, max: 1, noNaN: true }) }),
  });
  fc.assert(
    fc.property(levers, l => {
      const { drivers: made, ledger } = all(l);
      const sum = (names: readonly (keyof typeof ledger)[], t: number) => names.reduce((s, n) => s + ledger[n][t], 0);
      for (let t = 0; t <= last; t++) {
        const close = (i: number, names: readonly (keyof typeof ledger)[]) =>
          assert.ok(
            Math.abs(made.series[i]![t] - drivers.series[i]![t] - sum(names, t)) < 1e-9,
            `${names[0]} in step ${t}`,
          );
        close(0, ['carbonPrice', 'coal', 'captureAtSource', 'captureFromAir', 'leaks']);
        close(1, ['newForest', 'reversal', 'deforestation']);
        close(3, ['methane', 'coEmitted']);
        const atSource = made.series[0]![t] - ledger.captureFromAir[t] - ledger.leaks[t];
        assert.ok(atSource >= -1e-9, 'cuts and capture at the source never take more than there is');
        assert.ok(
          made.series[3]![t] >= drivers.series[3]![t] * (1 - Math.max(ELASTICITIES.methaneMost, 0.3)) - 1e-9,
          'methane within what can be cut',
        );
      }
    }),
    { numRuns: 60 },
  );
});

test('each lever cools; removals go below zero and what is stored leaks back', () => {
  const fair = makeFair(model);
  const warming = (l: Levers, given = {}) => fair(all(l, given).drivers).temperature[0].at(-1)!;
  const plain = warming({});
  const levers: Record<string, Levers> = {
    price: { carbonPrice: { from: 2010, by: 2030, usdPerTonne: 200 } },
    coal: { coal: { from: 2010, by: 2030 } },
    capture: { capture: [{ from: 2010, by: 2030, gtPerYear: 5, atmospheric: false }] },
    removal: { capture: [{ from: 2010, by: 2030, gtPerYear: 60, atmospheric: true }] },
    forests: { forests: { from: 2010, by: 2040, newMhaPerYear: 20 } },
    deforestation: { deforestation: { from: 2010, by: 2040, cut: 0.8 } },
    methane: { methane: { from: 2010, by: 2030, cut: 0.4 } },
  };
  for (const [name, l] of Object.entries(levers)) assert.ok(warming(l) < plain - 1e-4, name);
  assert.ok(all(levers.removal).drivers.series[0]![last] < 0);
  assert.ok(warming(levers.removal, { storageLeak: 0.01 }) > warming(levers.removal));
  assert.ok(warming(levers.forests, { forestHazard: 0.05 }) > warming(levers.forests));
});

test('a higher price cuts more, never more than everything; a forest stops taking up when grown', () => {
  const cut = (usd: number) =>
    -all({ carbonPrice: { from: 2000, by: 2010, usdPerTonne: usd } }).ledger.carbonPrice[last];
  let before = 0;
  for (const usd of [0, 20, 100, 400, 900, 5000]) {
    assert.ok(cut(usd) >= before);
    before = cut(usd);
  }
  assert.ok(before <= drivers.series[0]![last] + 1e-9);
  const { ledger } = all({ forests: { from: 2005, by: 2014, newMhaPerYear: 10 } });
  assert.ok(Math.abs(ledger.newForest[20] + 1) < 1e-9, '100 Mha x 10 t = 1 Gt/yr');
  assert.equal(ledger.newForest[60] + 0, 0);
  assert.ok(ledger.reversal[60] > 0, 'a grown forest can still burn');
});

test('the band is ordered and every assumption has a source', () => {
  const band = makeBand(makeFair(model), model, [2000, 2010])(drivers);
  assert.equal(band.warming.length, (last + 1) * 3);
  for (let t = 0; t <= last; t++)
    assert.ok(band.warming[t * 3] <= band.warming[t * 3 + 1] && band.warming[t * 3 + 1] <= band.warming[t * 3 + 2]);
  for (const d of documented(ELASTICITIES))
    assert.ok(d.source.length > 10 && d.unit !== '' && d.meaning.length > 10, d.name);
});

test('a band that resumes from a checkpoint equals one that runs everything', () => {
  const reference = [2000, 2010] as const;
  const sliding = makeBand(makeFair(model), model, reference);
  sliding(drivers);
  for (const l of [
    { carbonPrice: { from: 2043, by: 2060, usdPerTonne: 300 } },
    { methane: { from: 2001, by: 2030, cut: 0.4 } },
    { coal: { from: 2070, by: 2075 } },
    {},
  ] as Levers[]) {
    const changed = all(l).drivers;
    const whole = makeBand(makeFair(model), model, reference)(changed);
    const quick = sliding(changed);
    for (const [k, v] of whole.warming.entries())
      assert.ok(Math.abs(v - quick.warming[k]) < 1e-12, `${JSON.stringify(l)} ${k}`);
  }
  // Forcing stands at bounds: a change of the last bound alone must be seen.
  const series = drivers.series.slice();
  series[5] = series[5]!.map((v, t) => (t === last + 1 ? v + 1 : v));
  const bumped = { ...drivers, series };
  assert.deepEqual([...sliding(bumped).warming], [...makeBand(makeFair(model), model, reference)(bumped).warming]);
});
