import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseCsv } from '@madang/numerics';
import { sharedData, without } from '../../../../scripts/shared-data.ts';
import { makeGrid } from '../grid/grid.ts';
import { readCase } from '../matpower/read-case.ts';
import { caseText } from '../testing/small-case.ts';
import { solveDcOpf } from './dc.ts';

const grid = (text: string) => makeGrid(readCase(text), { needCosts: true });

test('two equal generators share so that marginal costs are equal; prices have no congestion', () => {
  const r = solveDcOpf(grid(caseText().replace('\t50\t0\t0\t0\t0\t1', '\t0\t0\t0\t0\t0\t1')), { form: 'powermodels' });
  assert.equal(r.status, 'optimal');
  const marginal = [2 * 0.11 * r.powerMw[0] + 5, 2 * 0.085 * r.powerMw[1] + 1.2];
  assert.ok(Math.abs(marginal[0] - marginal[1]) < 1e-5);
  assert.ok(Math.abs(r.priceMwh[2] - marginal[0]) < 1e-5);
  assert.ok(Math.abs(r.congestionPriceMwh[2]) < 1e-5);
  assert.ok(r.gap < 1e-8);
});

test('a tight line parts the prices, and the parts add up', () => {
  const r = solveDcOpf(grid(caseText().replace('0.7\t50', '0.7\t30')), { form: 'matpower' });
  assert.ok(Math.abs(Math.abs(r.flowFromMw[1]) - 30) < 1e-5);
  assert.ok(Math.abs(r.congestionPriceMwh[2]) > 0.1);
  for (let i = 0; i < 3; i++) assert.ok(Math.abs(r.energyPriceMwh[i] + r.congestionPriceMwh[i] - r.priceMwh[i]) < 1e-9);
});

test('a piecewise cost equals its polynomial twin; a cubic is refused by name', () => {
  const linear = caseText().replace(
    '2\t0\t0\t3\t0.11\t5\t0;\n\t2\t0\t0\t3\t0.085\t1.2\t3',
    '2\t0\t0\t4\t0\t8\t0\t0;\n\t2\t0\t0\t4\t0\t2\t0\t0',
  );
  const polynomial = linear.replace('4\t0\t8\t0\t0', '4\t0\t0\t8\t0').replace('4\t0\t2\t0\t0', '4\t0\t0\t2\t0');
  const piecewise = linear
    .replace('2\t0\t0\t4\t0\t8\t0\t0', '1\t0\t0\t2\t0\t0\t100\t800')
    .replace('2\t0\t0\t4\t0\t2\t0\t0', '1\t0\t0\t2\t0\t0\t100\t200');
  const a = solveDcOpf(grid(polynomial), { form: 'powermodels' });
  const b = solveDcOpf(grid(piecewise), { form: 'powermodels' });
  assert.ok(Math.abs(a.cost - b.cost) < 1e-6 * a.cost, `${a.cost} ${b.cost}`);
  assert.throws(() => solveDcOpf(grid(linear.replace('4\t0\t8', '4\t1\t8')), { form: 'powermodels' }), /degree 3/);
});

test('too much load: infeasible, with the bus that lacks power', () => {
  const r = solveDcOpf(grid(caseText().replace('\t3\t1\t95', '\t3\t1\t950')), { form: 'powermodels' });
  assert.equal(r.status, 'infeasible');
  assert.ok(r.violations.length > 0 && r.violations[0].by > 1, r.detail);
});

test('the published DC optima', { skip: without('energy/pglib') }, () => {
  const table = parseCsv(readFileSync(sharedData('energy/pglib_reference.csv'), 'utf8'));
  const files = table.text('file');
  const want = table.numbers('dc_opf_cost_recheck');
  for (const [i, file] of files.entries()) {
    const r = solveDcOpf(grid(readFileSync(sharedData(`energy/${file}`), 'utf8')), { form: 'powermodels' });
    assert.ok(Math.abs(r.cost - want[i]) < 2e-8 * want[i], `${file}: ${r.cost}, reference ${want[i]}`);
    assert.ok(r.gap < 1e-7, `${file}: gap ${r.gap}`);
  }
});
