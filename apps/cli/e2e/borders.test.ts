// Three operators plan across two borders in real processes, a fourth member only helps to hide totals. What became public is wishes of flow, prices and totals;
// no number of a grid is anywhere but in its owner's folder.
import assert from 'node:assert/strict';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildPlan, readFolder, solvePlan } from '@madang/energy';
import { type Border, madeUpCountry, madeUpJointly } from '@madang/energy/borders';
import { type BorderPlan, type BorderPlanningQuery, borderPlanning } from '@madang/study';
import { verifyFolder } from '../src/verify/folder.ts';
import { askTown, HOLDERS, publishedResults, studyNamed } from './ask.ts';

const TITLE = 'One plan across two borders';
const OPERATORS = ['health', 'labour', 'migration'] as const;
const T = 12;
const border = (from: string, to: string, capacityMw: number): Border => ({
  name: `${from}-${to}`,
  from: { operator: from, bus: from },
  to: { operator: to, bus: to },
  capacityMw,
});
const query: BorderPlanningQuery = {
  kind: 'border-planning',
  version: 1,
  borders: [border('health', 'labour', 150), border('labour', 'migration', 200)],
  snapshots: T,
  mostRounds: 20,
  rho: 0.3,
  gap: 1e-3,
  mostCost: 1e9,
};
const isOperator = (org: string) => (OPERATORS as readonly string[]).includes(org);
const filesOf = (org: (typeof HOLDERS)[number]) =>
  isOperator(org)
    ? Object.fromEntries([...madeUpCountry(org, OPERATORS, T)].map(([f, text]) => [`grid/${f}`, text]))
    : {};

test('a plan across borders over live rounds: certified within 0.1 % of the joint optimum, ended early, grids stay where they are', async () => {
  const town = await askTown({ title: TITLE, kind: query.kind, query, rounds: query.mostRounds, filesOf });
  try {
    await town.until(s => studyNamed(s, TITLE)?.opening?.rounds['1']?.result !== undefined);
    await town.kill('labour');
    await town.startNode('labour');
    const state = await town.until(s => studyNamed(s, TITLE)?.opening?.returned === true, 400);
    const study = studyNamed(state, TITLE)!;
    assert.equal(study.stage, 'finished', JSON.stringify(study.failure));
    const results = await publishedResults(town, study);
    assert.ok(results.length > 1 && results.length < query.mostRounds, `${results.length} rounds`);
    for (const r of results) {
      assert.deepEqual(r.contributors, [...HOLDERS].sort());
      assert.equal(r.sums.length, 2 * 2 * T + 2);
    }
    const { model } = results.at(-1)!.decoded as { model: BorderPlan & { alone: number } };
    const optimum = solvePlan(buildPlan(readFolder(madeUpJointly(OPERATORS, query.borders, T)))).objective;
    assert.ok(model.gap <= 1e-3 && (model.cost - optimum) / optimum < 1e-3, JSON.stringify(model));
    assert.ok(model.bound <= optimum * (1 + 1e-6) && model.cost < model.alone);
    assert.equal(borderPlanning.rounds(query), query.mostRounds);
  } finally {
    await town.stop();
  }
  // Loads and costs of a country have many digits: where they stand, the grid is.
  for (const org of OPERATORS) {
    const [, load] = madeUpCountry(org, OPERATORS, T).get('loads-p_set.csv')!.trim().split('\n');
    const secret = load.split(',')[1].slice(0, 12);
    const holders = globSync(join(town.home, '**/*'))
      .filter(f => statSync(f).isFile() && readFileSync(f).includes(secret))
      .map(f => f.slice(town.home.length + 1));
    assert.deepEqual(holders, [`nodes/${org}/data/grid/loads-p_set.csv`]);
  }
  const report = await verifyFolder(town.home, {});
  assert.notEqual(report.exit, 1, report.reason);
});
