// Modules that are committed one by one: rest and ramps hold for each (docs/decisions/0146 says where PyPSA 1.4.0 differs).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '@madang/numerics';
import { buildPlan } from './program.ts';
import { readFolder } from './read-folder.ts';

const network = (attributes: string, values: string) =>
  readFolder(
    new Map(
      Object.entries({
        'snapshots.csv': `,snapshot,objective,stores,generators\n${[0, 1, 2, 3].map(t => `${t},${t},1,1,1`).join('\n')}\n`,
        'buses.csv': 'name\nbus\n',
        'generators.csv': `name,bus,p_nom,p_nom_mod,committable,down_time_before,${attributes}\ng,bus,100,50,True,4,${values}\n`,
      }),
    ),
  );

/** Whether two modules may run so; columns: output, running, started, stopped. */
function allowed(attributes: string, values: string, running: number[], output: number[]): boolean {
  const { model, balance } = buildPlan(network(attributes, values));
  assert.equal(model.columns, 16);
  const started = running.map((n, t) => Math.max(0, n - (running[t - 1] ?? 0)));
  const stopped = running.map((n, t) => Math.max(0, (running[t - 1] ?? 0) - n));
  const [rowLower, rowUpper] = [model.rowLower.slice(), model.rowUpper.slice()];
  rowLower.fill(Number.NEGATIVE_INFINITY, balance, balance + 4);
  rowUpper.fill(Number.POSITIVE_INFINITY, balance, balance + 4);
  const x = Float64Array.from([...output, ...running, ...started, ...stopped]);
  return check({ ...model, rowLower, rowUpper }, x, new Float64Array(0)).primalViolation < 1e-9;
}

test('a module rests for its time while the other runs', () => {
  const rest = (running: number[]) => allowed('min_down_time', '2', running, [0, 0, 0, 0]);
  assert.ok(rest([2, 1, 1, 2]));
  assert.ok(!rest([2, 1, 2, 2]), 'back after one snapshot');
  assert.ok(!rest([2, 0, 1, 1]), 'one of two is back after one snapshot');
  assert.ok(rest([2, 0, 0, 2]));
  assert.ok(!rest([3, 3, 3, 3]), 'there are two');
});

test('each running module ramps by its share', () => {
  const ramp = (running: number[], output: number[]) =>
    allowed('ramp_limit_up,ramp_limit_start_up', '0.2,0.6', running, output);
  assert.ok(ramp([2, 2, 2, 2], [60, 80, 100, 100]));
  assert.ok(!ramp([2, 2, 2, 2], [60, 81, 100, 100]), 'two modules rise by 20 at most');
  assert.ok(ramp([1, 2, 2, 2], [30, 70, 90, 100]), 'one rises by 10, one starts with 30');
  assert.ok(!ramp([1, 2, 2, 2], [30, 71, 90, 100]));
});

test('what differs from PyPSA is noted', () => {
  assert.match(network('min_down_time', '2').notes.join(), /min_down_time holds module by module/);
  assert.match(network('ramp_limit_up', '0.2').notes.join(), /ramp limits hold module by module/);
  assert.deepEqual(network('min_up_time', '2').notes, []);
});
