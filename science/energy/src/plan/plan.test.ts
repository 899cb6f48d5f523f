import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { interiorSolver, parseCsv } from '@madang/numerics';
import fc from 'fast-check';
import { sharedData, without } from '../../../../scripts/shared-data.ts';
import { EnergyError } from '../error.ts';
import { aggregateEvery, aggregateSegments } from './aggregate.ts';
import { sweepCap } from './alternatives.ts';
import { cycleBasis } from './cycles.ts';
import { buildPlan } from './program.ts';
import { readFolder } from './read-folder.ts';
import { solveSecure } from './security.ts';
import { solvePlan } from './solve.ts';
import { writeFolder } from './write-folder.ts';

const files = (entries: Record<string, string>) => new Map(Object.entries(entries));

/** Two buses, a cheap and a dear generator, a line between. */
const two = (more: Record<string, string> = {}) =>
  files({
    'snapshots.csv': ',snapshot,objective,stores,generators\n0,a,1,1,1\n1,b,1,1,1\n',
    'buses.csv': 'name,v_nom\nwest,380\neast,380\n',
    'carriers.csv': 'name,co2_emissions\ncoal,1\ngas,0.4\n',
    'generators.csv':
      'name,bus,carrier,p_nom,marginal_cost,efficiency\ncoal,west,coal,500,10,0.5\ngas,east,gas,500,40,0.5\n',
    'lines.csv': 'name,bus0,bus1,x,s_nom\nline,west,east,10,100\n',
    'loads.csv': 'name,bus\nload,east\n',
    'loads-p_set.csv': ',load\n0,80\n1,150\n',
    ...more,
  });

const load = (folder: string) => {
  const at = sharedData(`energy/${folder}`);
  return readFolder(
    new Map(
      readdirSync(at)
        .filter(f => f.endsWith('.csv'))
        .map(f => [f, readFileSync(join(at, f), 'utf8')]),
    ),
  );
};

test('dispatch, price and congestion of two buses', () => {
  const r = solvePlan(buildPlan(readFolder(two())));
  assert.equal(r.status, 'optimal', r.detail);
  assert.ok(Math.abs(r.objective - (80 * 10 + 100 * 10 + 50 * 40)) < 1e-4);
  const east = r.prices.get('east')!;
  assert.ok(Math.abs(east[0] - 10) < 1e-3 && Math.abs(east[1] - 40) < 1e-3);
  assert.ok(r.gap < 1e-6 && r.primalViolation < 1e-6);
});

test('a CO2 cap has a price; the same price as a tax gives the same emissions', () => {
  const capped = two({
    'global_constraints.csv': 'name,type,carrier_attribute,sense,constant\nco2,primary_energy,co2_emissions,<=,300\n',
    'lines.csv': 'name,bus0,bus1,x,s_nom\nline,west,east,10,400\n',
  });
  const r = solvePlan(buildPlan(readFolder(capped)));
  assert.equal(r.status, 'optimal', r.detail);
  // Coal 2 t/MWh at 10, gas 0.8 t/MWh at 40: the price that makes them equal is 30/1.2.
  assert.ok(Math.abs(r.co2Price - 25) < 1e-3, String(r.co2Price));
  const caps = sweepCap(buildPlan(readFolder(capped)), interiorSolver, 'co2', [300, 250]);
  assert.ok(Math.abs(caps[1].objective - caps[0].objective - 50 * 25) < 1e-2);
  const taxed = solvePlan(buildPlan(readFolder(two()), { co2Price: 26 }));
  const cheap = solvePlan(buildPlan(readFolder(two()), { co2Price: 24 }));
  assert.ok(taxed.objective > cheap.objective);
});

test('files that do not fit are refused by name', () => {
  const cases: [Record<string, string>, RegExp][] = [
    [
      { 'loads.csv': 'name,bus\nload,nowhere\n' },
      /loads.csv, row 2 \("load"\), column bus: bus "nowhere" does not exist/,
    ],
    [{ 'loads-p_set.csv': ',load\n0,80\n' }, /1 rows for 2 snapshots/],
    [{ 'generators.csv': 'name,bus,p_nom\na,west,x\n' }, /column p_nom: "x" is not a number/],
    [{ 'generators.csv': 'name,bus,p_nom\na,west,1\na,west,1\n' }, /"a" is there twice/],
    [{ 'generators.csv': 'name,bus,p_nom\na,west,1\n\nb,no,1\n' }, /generators\.csv, row 4 \("b"\), column bus/],
    [{ 'global_constraints.csv': 'name,type,sense,constant\nx,magic,<=,1\n' }, /type "magic" is not known/],
    [
      { 'generators.csv': 'name,bus,p_nom_extendable,p_nom_min,p_nom_max\na,west,True,9,1\n' },
      /p_nom_min 9 is above p_nom_max 1/,
    ],
    [{ 'lines.csv': 'name,bus0,bus1,x,s_nom\na,west,east,0,1\nb,west,east,0,1\n' }, /the cycle of .* has no impedance/],
  ];
  for (const [more, message] of cases)
    assert.throws(
      () => buildPlan(readFolder(two(more))),
      (e: unknown) => e instanceof EnergyError && message.test(e.message),
    );
  assert.throws(() => readFolder(new Map()), /buses.csv is missing/);
});

test('storage carries energy with its losses; a cyclic store ends as it began', () => {
  const stored = two({
    'loads-p_set.csv': ',load\n0,0\n1,50\n',
    'generators.csv': 'name,bus,p_nom,marginal_cost\nday,east,300,1\nnight,east,100,500\n',
    'generators-p_max_pu.csv': ',day\n0,1\n1,0\n',
    'storage_units.csv':
      'name,bus,p_nom,max_hours,efficiency_store,efficiency_dispatch,cyclic_state_of_charge\nbattery,east,300,10,0.8,0.5,True\n',
  });
  const r = solvePlan(buildPlan(readFolder(stored)));
  assert.ok(Math.abs(r.objective - 50 / 0.4) < 1e-4, String(r.objective));
});

test('what is written reads back to the same plan', () => {
  const network = readFolder(two({ 'network.csv': 'name,srid\ntwo,4326\n' }));
  const again = readFolder(writeFolder(network, { generators: { p_nom_opt: new Map([['coal', 3]]) } }));
  const [a, b] = [buildPlan(network).model, buildPlan(again).model];
  assert.deepEqual(b, a);
});

test('every cycle of a basis closes, and their number is branches - buses + parts', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 15 }),
      fc.array(fc.tuple(fc.nat(14), fc.nat(14)), { minLength: 1, maxLength: 40 }),
      (n, pairs) => {
        const branches = pairs
          .map(([a, b]) => ({ from: a % n, to: b % n, impedance: 1, shift: 0 }))
          .filter(b => b.from !== b.to);
        const cycles = cycleBasis(n, branches, () => true);
        const root = Array.from({ length: n }, (_, i) => i);
        const find = (i: number): number => (root[i] === i ? i : find(root[i]));
        for (const b of branches) root[find(b.from)] = find(b.to);
        const partCount = new Set(root.map((_, i) => find(i))).size;
        assert.equal(cycles.length, branches.length - n + partCount);
        for (const cycle of cycles) {
          const net = new Float64Array(n);
          for (const e of cycle) {
            net[branches[e.branch].from] -= e.sign;
            net[branches[e.branch].to] += e.sign;
          }
          assert.ok(net.every(v => v === 0));
        }
      },
    ),
  );
});

test('aggregation keeps hours and energy; segments follow the series', () => {
  const network = readFolder(
    files({
      'snapshots.csv': `,snapshot,objective,stores,generators\n${Array.from({ length: 12 }, (_, t) => `${t},${t},2,1,1`).join('\n')}\n`,
      'buses.csv': 'name\nb\n',
      'loads.csv': 'name,bus\nl,b\n',
      'loads-p_set.csv': `,l\n${Array.from({ length: 12 }, (_, t) => `${t},${t < 7 ? 10 : 50}`).join('\n')}\n`,
    }),
  );
  for (const small of [aggregateEvery(network, 5), aggregateSegments(network, 2)]) {
    const { time } = small;
    assert.equal(
      time.objective.reduce((s, v) => s + v, 0),
      24,
    );
    const p = small.lists['loads'].series['p_set'].get('l')!;
    assert.ok(Math.abs(p.reduce((s, v, t) => s + v * time.stores[t], 0) - (7 * 10 + 5 * 50)) < 1e-9);
  }
  assert.deepEqual([...aggregateSegments(network, 2).lists['loads'].series['p_set'].get('l')!], [10, 50]);
});

test('security: after any loss the rest holds, at a price', () => {
  const ring = files({
    'buses.csv': 'name,v_nom\na,380\nb,380\nc,380\n',
    'generators.csv': 'name,bus,p_nom,marginal_cost\ncheap,a,300,10\ndear,c,300,50\n',
    'lines.csv': 'name,bus0,bus1,x,s_nom\nab,a,b,10,120\nbc,b,c,10,120\nac,a,c,10,120\n',
    'loads.csv': 'name,bus,p_set\nload,c,200\n',
  });
  const program = buildPlan(readFolder(ring));
  const open = solvePlan(program);
  const secure = solveSecure(program, interiorSolver);
  // Any one line must carry all imports alone: 120 MW instead of 180.
  assert.ok(Math.abs(open.objective - (180 * 10 + 20 * 50)) < 1e-2, String(open.objective));
  assert.ok(Math.abs(secure.result.objective - (120 * 10 + 80 * 50)) < 1e-2, String(secure.result.objective));
  assert.ok(secure.added > 0 && secure.result.gap < 1e-5);
});

test('the reference network: objective, capacities, prices, CO2 price', {
  skip: without('energy/pypsa_ac_dc_meshed'),
}, () => {
  const program = buildPlan(load('pypsa_ac_dc_meshed/inputs'));
  const r = solvePlan(program);
  assert.equal(r.status, 'optimal', r.detail);
  assert.ok(Math.abs(r.objective + 3474256.04055) < 3.5, String(r.objective));
  assert.ok(Math.abs(r.co2Price - 2178.29179922) < 2e-3, String(r.co2Price));
  const expected = (file: string) =>
    parseCsv(readFileSync(sharedData(`energy/pypsa_ac_dc_meshed/results_lopf/${file}`), 'utf8'));
  for (const [list, column] of [
    ['generators', 'p_nom_opt'],
    ['lines', 's_nom_opt'],
  ]) {
    const t = expected(`${list}.csv`);
    const want = t.numbers(column);
    for (const [i, name] of t.text('name').entries())
      assert.ok(Math.abs(r.capacities[list].get(name)! - want[i]) < 1e-2 + 1e-5 * want[i], `${list} ${name}`);
  }
  const prices = expected('buses-marginal_price.csv');
  for (const bus of prices.columns.slice(1))
    for (const [t, want] of prices.numbers(bus).entries())
      assert.ok(Math.abs(r.prices.get(bus)![t] - want) < 2e-3 + 1e-5 * Math.abs(want), `${bus} ${t}`);
});
