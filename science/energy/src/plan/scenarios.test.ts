// Two-stage plans on networks small enough to reckon by hand. Against PyPSA 1.4.0: docs/decisions/0146.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interiorSolver } from '@madang/numerics';
import { EnergyError } from '../error.ts';
import { buildPlan } from './program.ts';
import { readFolder } from './read-folder.ts';
import { type Scenario, solveScenarios } from './scenarios.ts';

/** A plant at 12 a MW and 10 a MWh, or imports at 40: three equally likely loads decide how much is built. */
const scenario = (name: string, weight: number, load: number, more: Record<string, string> = {}): Scenario => ({
  name,
  weight,
  program: buildPlan(
    readFolder(
      new Map(
        Object.entries({
          'buses.csv': 'name\nbus\n',
          'generators.csv':
            'name,bus,p_nom,p_nom_extendable,capital_cost,marginal_cost\nplant,bus,0,True,12,10\nimports,bus,500,False,0,40\n',
          'loads.csv': `name,bus,p_set\nload,bus,${load}\n`,
          ...more,
        }),
      ),
    ),
  ),
});

const three = () => [scenario('low', 0.25, 50), scenario('mid', 0.5, 100), scenario('high', 0.25, 200)];

const near = (a: number | undefined, b: number, what = '') =>
  assert.ok(Math.abs((a ?? Number.NaN) - b) < 1e-3 * (1 + Math.abs(b)), `${what} ${a}, ${b} expected`);

test('capacity is built as long as it pays on average', () => {
  // Between 50 and 100 a further MW saves 30 with probability 0.75: more than 12. Above 100 it saves 0.25 * 30: less.
  const r = solveScenarios(three(), interiorSolver);
  assert.equal(r.status, 'optimal', r.detail);
  near(r.capacities['generators'].get('plant'), 100);
  near(r.objective, 1200 + 0.25 * 500 + 0.5 * 1000 + 0.25 * (1000 + 4000));
  near(r.scenarios[2].operationCost, 5000);
  near(r.scenarios[2].prices.get('bus')?.[0], 40, 'the price that holds if the load is high');
  near(r.scenarios[0].prices.get('bus')?.[0], 10);
  assert.ok(r.gap < 1e-6 && r.primalViolation < 1e-5, `${r.gap} ${r.primalViolation}`);
});

test('with a weight on the worst quarter the plant is larger', () => {
  const r = solveScenarios(three(), interiorSolver, { alpha: 0.75, omega: 1 });
  near(r.capacities['generators'].get('plant'), 200);
  near(r.conditionalValueAtRisk, 2000);
  near(r.objective, 200 * 12 + 2000);
  const mild = solveScenarios(three(), interiorSolver, { alpha: 0.75, omega: 0.1 });
  // 0.9 * 0.25 * 30 + 0.1 * 30 = 9.75 a MW beyond 100: still less than 12.
  near(mild.capacities['generators'].get('plant'), 100);
});

test('scenarios that do not fit together are refused', () => {
  const refused = (scenarios: Scenario[], message: RegExp, risk?: { alpha: number; omega: number }) =>
    assert.throws(
      () => solveScenarios(scenarios, interiorSolver, risk),
      (e: unknown) => e instanceof EnergyError && e.code === 'limits-contradict' && message.test(e.message),
    );
  refused([scenario('a', 0.5, 1), scenario('b', 0.4, 1)], /add up to 1, not 0.9/);
  refused(
    [
      scenario('a', 0.5, 1),
      scenario('b', 0.5, 1, { 'generators.csv': 'name,bus,p_nom,p_nom_extendable\nother,bus,9,True\n' }),
    ],
    /"a" and "b" must choose the same capacities in the same order: generators "plant" and generators "other"/,
  );
  refused(three(), /alpha must be above 0 and below 1, not 1/, { alpha: 1, omega: 0.5 });
});
