// Small networks with random data, one a combination of features, solved by PyPSA 1.4.0 with HiGHS 1.16.0: objective, capacities, the prices of
// one bus and of the global constraints (testing/pypsa-networks.json: simulated networks, chosen where the optimum is unique).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interiorSolver } from '@madang/numerics';
import networks from '../testing/pypsa-networks.json' with { type: 'json' };
import { buildPlan } from './program.ts';
import { readFolder } from './read-folder.ts';
import { type PlanResult, solvePlan } from './solve.ts';

type Numbers = Record<string, number>;

const near = (a: number | undefined, b: number, what: string) =>
  assert.ok(Math.abs((a ?? Number.NaN) - b) <= 1e-4 + 1e-5 * Math.abs(b), `${what}: ${a}, PyPSA has ${b}`);

for (const n of networks) {
  const program = buildPlan(readFolder(new Map(Object.entries(n.files))));
  // Whole numbers need HiGHS: those networks are solved in the tests of the command line.
  if (!program.model.integer) test(`as PyPSA: ${n.features}`, () => same(solvePlan(program, interiorSolver), n));
}

function same(r: PlanResult, n: (typeof networks)[number]): void {
  assert.equal(r.status, 'optimal', r.detail);
  assert.ok(Math.abs(r.objective - n.objective) <= 1e-6 * Math.abs(n.objective), `${r.objective}, ${n.objective}`);
  for (const [list, capacities] of Object.entries(n.capacities))
    for (const [name, v] of Object.entries(capacities as Numbers))
      near(r.capacities[list].get(name), v, `${list} ${name}`);
  for (const [bus, prices] of Object.entries(n.prices))
    for (const [t, v] of String(prices).split(' ').entries()) near(r.prices.get(bus)?.[t], Number(v), `${bus} ${t}`);
  for (const [name, v] of Object.entries(n.shadowPrices as Numbers)) near(r.shadowPrices.get(name), v, name);
}
