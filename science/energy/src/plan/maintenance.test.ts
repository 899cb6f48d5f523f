// Planned maintenance: what may begin when, what is refused. Optima are compared with PyPSA's in the command line's tests (whole numbers).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '@madang/numerics';
import { EnergyError } from '../error.ts';
import { buildPlan } from './program.ts';
import { readFolder } from './read-folder.ts';

const program = (unit: string, hours = [1, 1, 2, 1]) =>
  buildPlan(
    readFolder(
      new Map(
        Object.entries({
          'snapshots.csv': `,snapshot,objective,stores,generators\n${hours.map((h, t) => `${t},${t},1,1,${h}`).join('\n')}\n`,
          'buses.csv': 'name\nbus\n',
          'generators.csv': `name,bus,p_nom,p_min_pu,maintainable,maintenance_duration,maintenance_events,maintenance_pu\ng,bus,100,0.2,True,${unit}\n`,
        }),
      ),
    ),
  );

/** Columns: output of four snapshots, away, begins. */
const feasible = (unit: string, output: number[], away: number[], begins: number[]) => {
  const p = program(unit);
  assert.equal(p.model.columns, 12);
  const balance = p.balance;
  const model = { ...p.model, rowLower: p.model.rowLower.slice(), rowUpper: p.model.rowUpper.slice() };
  // The balance of the bus is not what is looked at.
  model.rowLower.fill(Number.NEGATIVE_INFINITY, balance, balance + 4);
  model.rowUpper.fill(Number.POSITIVE_INFINITY, balance, balance + 4);
  return check(model, Float64Array.from([...output, ...away, ...begins]), new Float64Array(0)).primalViolation < 1e-9;
};

test('an event lasts the fewest snapshots that hold its hours, and takes its share of both limits', () => {
  assert.ok(feasible('2,1,1', [0, 0, 20, 100], [1, 1, 0, 0], [1, 0, 0, 0]));
  assert.ok(feasible('2,1,1', [20, 0, 0, 20], [0, 1, 1, 0], [0, 1, 0, 0]), 'one hour and two are enough for two');
  assert.ok(feasible('2,1,1', [20, 20, 0, 20], [0, 0, 1, 0], [0, 0, 1, 0]));
  assert.ok(feasible('2,1,0.5', [10, 50, 20, 100], [1, 1, 0, 0], [1, 0, 0, 0]));
  assert.ok(!feasible('2,1,0.5', [10, 51, 20, 100], [1, 1, 0, 0], [1, 0, 0, 0]), 'more than what is left');
  assert.ok(!feasible('2,1,1', [0, 20, 20, 100], [1, 0, 0, 0], [1, 0, 0, 0]), 'back too soon');
  assert.ok(!feasible('2,1,1', [20, 20, 20, 0], [0, 0, 0, 1], [0, 0, 0, 1]), 'the horizon ends first');
  assert.ok(!feasible('2,1,1', [20, 20, 20, 20], [0, 0, 0, 0], [0, 0, 0, 0]), 'never');
  assert.ok(feasible('1,2,1', [0, 20, 0, 20], [1, 0, 1, 0], [1, 0, 1, 0]), 'two events');
});

test('maintenance that cannot be is refused by name', () => {
  const refused = (unit: string, message: RegExp) =>
    assert.throws(
      () => program(unit),
      (e: unknown) => e instanceof EnergyError && e.code === 'limits-contradict' && message.test(e.message),
    );
  refused('0,1,1', /"g": maintenance_duration must be above 0/);
  refused('1,0,1', /"g": maintenance_events must be above 0/);
  refused('3,2,1', /"g": 2 times 3 h of maintenance do not fit into 5 h/);
  refused('1,1,1.5', /"g": maintenance_pu 1.5 is not within 0 and 1/);
});
