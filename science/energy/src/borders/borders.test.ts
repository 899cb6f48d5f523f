import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildPlan } from '../plan/program.ts';
import { readFolder } from '../plan/read-folder.ts';
import { solvePlan } from '../plan/solve.ts';
import type { Border } from './consensus.ts';
import { madeUpCountry, madeUpJointly } from './made-up.ts';
import { makeOperator } from './operator.ts';
import { planTogether } from './plan-together.ts';

const T = 12;
const COUNTRIES = ['a', 'b', 'c'] as const;

const borders: Border[] = [
  { name: 'a-b', from: { operator: 'a', bus: 'a' }, to: { operator: 'b', bus: 'b' }, capacityMw: 150 },
  { name: 'b-c', from: { operator: 'b', bus: 'b' }, to: { operator: 'c', bus: 'c' }, capacityMw: 200 },
];

test('three operators who show only flows and prices come within 0.1 % of the joint optimum, certified', () => {
  const operators = COUNTRIES.map(n => makeOperator(n, readFolder(madeUpCountry(n, COUNTRIES, T)), borders));
  const optimum = solvePlan(buildPlan(readFolder(madeUpJointly(COUNTRIES, borders, T))));
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
  const o = makeOperator('a', readFolder(madeUpCountry('a', COUNTRIES, T)), borders);
  const zero = new Float64Array(T);
  const answer = o.answer([{ border: 'a-b', price: zero, target: zero, rho: 0.1 }]);
  assert.deepEqual([...answer.keys()], ['a-b']);
  assert.equal(answer.get('a-b')?.length, T);
  assert.throws(() => o.answer([{ border: 'b-c', price: zero, target: zero, rho: 0.1 }]), /no end at border/);
});
