import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { readFolder } from '../plan/folder.ts';
import { buildPlan } from '../plan/program.ts';
import { solvePlan } from '../plan/solve.ts';
import type { Border } from './consensus.ts';
import { makeOperator } from './operator.ts';
import { planTogether } from './plan-together.ts';

const T = 12;
const COUNTRIES = ['a', 'b', 'c'] as const;

/** One country: wind, gas, a battery, a load; the weather differs by seed. */
function country(name: string): Map<string, string> {
  const r = random(`country ${name}`);
  const series = (f: () => number) => Array.from({ length: T }, f);
  const wind = series(() => r.uniform());
  const load = series(() => 300 + 200 * r.uniform());
  const dear = { a: 60, b: 35, c: 90 }[name] ?? 50;
  return new Map([
    [
      'snapshots.csv',
      `,snapshot,objective,stores,generators\n${wind.map((_, t) => `${t},${t},100,2,100`).join('\n')}\n`,
    ],
    ['buses.csv', `name\n${name}\n`],
    [
      'generators.csv',
      `name,bus,p_nom,p_nom_extendable,p_nom_max,capital_cost,marginal_cost\n${name} wind,${name},0,True,900,${30000 + 10000 * r.uniform()},0\n${name} gas,${name},700,False,,0,${dear}\n`,
    ],
    ['generators-p_max_pu.csv', `,${name} wind\n${wind.map((v, t) => `${t},${v}`).join('\n')}\n`],
    ['loads.csv', `name,bus\n${name} load,${name}\n`],
    ['loads-p_set.csv', `,${name} load\n${load.map((v, t) => `${t},${v}`).join('\n')}\n`],
    [
      'storage_units.csv',
      `name,bus,p_nom_extendable,capital_cost,max_hours,cyclic_state_of_charge,efficiency_store\n${name} battery,${name},True,4000,4,True,0.9\n`,
    ],
  ]);
}

const borders: Border[] = [
  { name: 'a-b', from: { operator: 'a', bus: 'a' }, to: { operator: 'b', bus: 'b' }, capacityMw: 150 },
  { name: 'b-c', from: { operator: 'b', bus: 'b' }, to: { operator: 'c', bus: 'c' }, capacityMw: 200 },
];

/** All countries in one network, with links where the borders are. */
function joint() {
  const files = new Map<string, string>();
  for (const [k, name] of COUNTRIES.entries())
    for (const [file, text] of country(name)) {
      const before = files.get(file);
      if (before === undefined || file === 'snapshots.csv') files.set(file, text);
      else if (file.includes('-')) {
        const more = text
          .trim()
          .split('\n')
          .map(l => l.slice(l.indexOf(',')));
        files.set(
          file,
          `${before
            .trim()
            .split('\n')
            .map((l, i) => l + more[i])
            .join('\n')}\n`,
        );
      } else files.set(file, before + text.slice(text.indexOf('\n') + 1));
      assert.ok(k < 3);
    }
  files.set('links.csv', `name,bus0,bus1,p_nom,p_min_pu\na-b,a,b,150,-1\nb-c,b,c,200,-1\n`);
  return readFolder(files);
}

test('three operators who show only flows and prices come within 0.1 % of the joint optimum, certified', () => {
  const operators = COUNTRIES.map(n => makeOperator(n, readFolder(country(n)), borders));
  const optimum = solvePlan(buildPlan(joint()));
  assert.equal(optimum.status, 'optimal', optimum.detail);
  const r = planTogether(operators, borders);
  assert.ok(r.cost >= optimum.objective * (1 - 1e-6), 'no plan is cheaper than the joint optimum');
  assert.ok(r.bound <= optimum.objective * (1 + 1e-6), 'the bound lies below it');
  assert.ok((r.cost - optimum.objective) / optimum.objective < 1e-3, `${r.cost} against ${optimum.objective}`);
  assert.ok(r.gap < 1e-3, `certified gap ${r.gap} after ${r.state.round} rounds`);
  const alone = operators.reduce((s, o) => s + o.costAt(new Map(borders.map(b => [b.name, new Float64Array(T)]))), 0);
  assert.ok(r.cost < 0.999 * alone, 'trade is worth something here');
});

test('an answer holds flows of the asked borders and nothing else', () => {
  const o = makeOperator('a', readFolder(country('a')), borders);
  const zero = new Float64Array(T);
  const answer = o.answer([{ border: 'a-b', price: zero, target: zero, rho: 0.1 }]);
  assert.deepEqual([...answer.keys()], ['a-b']);
  assert.equal(answer.get('a-b')?.length, T);
  assert.throws(() => o.answer([{ border: 'b-c', price: zero, target: zero, rho: 0.1 }]), /no end at border/);
});
