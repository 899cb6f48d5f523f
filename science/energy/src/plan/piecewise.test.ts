// Piecewise curves on networks small enough to reckon by hand; PyPSA's own are compared in pypsa.test.ts and in the command line's tests.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interiorSolver } from '@madang/numerics';
import { EnergyError } from '../error.ts';
import { buildPlan } from './program.ts';
import { readFolder } from './read-folder.ts';
import { solvePlan } from './solve.ts';
import { writeFolder } from './write-folder.ts';

const folder = (more: Record<string, string>) =>
  new Map(
    Object.entries({
      'buses.csv': 'name\nbus\n',
      'generators.csv': 'name,bus,p_nom,marginal_cost\ng,bus,100,0\n',
      'loads.csv': 'name,bus,p_set\nload,bus,70\n',
      ...more,
    }),
  );

const curve = (attribute: string, axis: string, points: string) =>
  `name,g,g\nattribute,${axis},${attribute}\nbreakpoint,,\n${points}`;

test('a cost at a breakpoint is that of the piece that ends there', () => {
  const network = readFolder(
    folder({ 'generators-marginal_cost-pw.csv': curve('marginal_cost', 'p_pu', '0,0,0\n1,0.5,10\n2,1,30\n') }),
  );
  const r = solvePlan(buildPlan(network), interiorSolver);
  assert.ok(Math.abs(r.objective - (50 * 10 + 20 * 30)) < 1e-3, String(r.objective));
  assert.ok(Math.abs((r.prices.get('bus')?.[0] ?? 0) - 30) < 1e-3);
});

test('the cost of capacity may rise with its size', () => {
  const network = readFolder(
    folder({
      'generators.csv': 'name,bus,p_nom_extendable,marginal_cost\ng,bus,True,1\n',
      'generators-capital_cost-pw.csv': curve('capital_cost', 'p_nom', '0,0,0\n1,40,2\n2,200,5\n'),
    }),
  );
  const r = solvePlan(buildPlan(network), interiorSolver);
  assert.ok(Math.abs(r.objective - (40 * 2 + 30 * 5 + 70)) < 1e-3, String(r.objective));
});

test('pieces that grow cheaper and curves of efficiency need whole numbers', () => {
  const cheaper = { 'generators-marginal_cost-pw.csv': curve('marginal_cost', 'p_pu', '0,0,0\n1,0.5,30\n2,1,10\n') };
  assert.equal(
    buildPlan(readFolder(folder(cheaper))).model.integer?.reduce((s, v) => s + v, 0),
    1,
  );
});

test('curves are written as they were read', () => {
  const text = curve('marginal_cost', 'p_pu', '0,0,0\n1,0.5,10\n2,1,30\n');
  const files = writeFolder(readFolder(folder({ 'generators-marginal_cost-pw.csv': text })));
  assert.equal(files.get('generators-marginal_cost-pw.csv'), text);
});

test('curves that make no sense are refused by file and name', () => {
  const refused = (file: string, text: string, message: RegExp, more = {}) =>
    assert.throws(
      () => buildPlan(readFolder(folder({ ...more, [file]: text }))),
      (e: unknown) => e instanceof EnergyError && message.test(e.message),
    );
  const file = 'generators-marginal_cost-pw.csv';
  refused(file, curve('marginal_cost', 'p_pu', '0,0.2,1\n1,1,2\n'), /"g": the curve must begin at p_pu 0/);
  refused(file, curve('marginal_cost', 'p_pu', '0,0,1\n1,0.9,2\n'), /"g": the curve must end at p_pu 1/);
  refused(file, curve('marginal_cost', 'p_nom', '0,0,1\n1,1,2\n'), /"p_nom" stands where p_pu or marginal_cost should/);
  refused(file, curve('marginal_cost', 'p_pu', '0,0,1\n1,1,x\n'), /a breakpoint is not two numbers/);
  refused(file, curve('marginal_cost', 'p_pu', '0,0,1\n1,1,2\n'), /needs a given capacity/, {
    'generators.csv': 'name,bus,p_nom_extendable\ng,bus,True\n',
  });
  refused(
    'generators-efficiency-pw.csv',
    curve('efficiency', 'p_pu', '0,0,0.3\n1,1,-0.3\n'),
    /values of both signs are not supported/,
  );
});
