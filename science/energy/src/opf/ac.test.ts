import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseCsv, random, solveNonlinear } from '@madang/numerics';
import { sharedData, without } from '../../../../scripts/shared-data.ts';
import { makeGrid } from '../grid/grid.ts';
import { readCase } from '../matpower/read-case.ts';
import { caseText } from '../testing/small-case.ts';
import { solveAcOpf } from './ac.ts';
import { buildAcModel } from './ac-model.ts';

const grid = (text: string) => makeGrid(readCase(text), { needCosts: true });

test('first and second derivatives agree with differences', () => {
  const text = caseText()
    .replace('9000\t0\t0\t0\t0\t1', '90\t0\t0\t0.98\t3\t1')
    .replace('\t2\t0\t0\t3\t0.11\t5\t0', '\t2\t0\t0\t4\t0.001\t0.11\t5')
    .replace('\t2\t0\t0\t3\t0.085\t1.2\t3', '\t2\t0\t0\t4\t0\t0.085\t1.2')
    .replace('\t3\t1\t95\t50\t0\t0', '\t3\t1\t95\t50\t4\t-7')
    .replaceAll(/(\t2\t0\t0\t4(?:\t[\d.]+){3});/g, '$1\t3;');
  const { program } = buildAcModel(grid(text));
  const r = random('derivatives');
  const x = program.start.map(v => v + 0.1 * (r.uniform() - 0.5));
  const n = program.variables;
  const m = program.constraints;
  const y = Float64Array.from({ length: m }, () => r.normal());
  const dense = (rows: Int32Array, cols: Int32Array, values: Float64Array, height: number, mirror: boolean) => {
    const out = Array.from({ length: height }, () => new Float64Array(n));
    for (let k = 0; k < values.length; k++) {
      out[rows[k]][cols[k]] += values[k];
      if (mirror && rows[k] !== cols[k]) out[cols[k]][rows[k]] += values[k];
    }
    return out;
  };
  const jacobianAt = (at: Float64Array) => {
    const v = new Float64Array(program.jacobian.rows.length);
    program.jacobianValues(at, v);
    return dense(program.jacobian.rows, program.jacobian.cols, v, m, false);
  };
  const lagrangian = (at: Float64Array) => {
    const g = new Float64Array(n);
    program.gradient(at, g);
    const j = jacobianAt(at);
    return g.map((v, k) => v + y.reduce((sum, yi, i) => sum + yi * j[i][k], 0));
  };
  const h = new Float64Array(program.hessian.rows.length);
  program.hessianValues(x, 1, y, h);
  const hessian = dense(program.hessian.rows, program.hessian.cols, h, n, true);
  const jacobian = jacobianAt(x);
  const step = 1e-6;
  for (let j = 0; j < n; j++) {
    const up = x.slice();
    const down = x.slice();
    up[j] += step;
    down[j] -= step;
    const gu = new Float64Array(m);
    const gd = new Float64Array(m);
    program.values(up, gu);
    program.values(down, gd);
    for (let i = 0; i < m; i++) {
      const slope = (gu[i] - gd[i]) / (2 * step);
      assert.ok(Math.abs(slope - jacobian[i][j]) < 1e-5 * (1 + Math.abs(slope)), `row ${i}, column ${j}`);
    }
    const lu = lagrangian(up);
    const ld = lagrangian(down);
    for (let i = 0; i < n; i++) {
      const bend = (lu[i] - ld[i]) / (2 * step);
      assert.ok(Math.abs(bend - hessian[i][j]) < 1e-4 * (1 + Math.abs(bend)), `hessian ${i}, ${j}`);
    }
  }
});

test('the small case: generators run where their marginal cost is the price; proven gap; parts of prices add up', () => {
  const r = solveAcOpf(grid(caseText()));
  assert.equal(r.status, 'optimal');
  assert.ok(Math.abs(2 * 0.11 * r.powerMw[0] + 5 - r.priceMwh[0]) < 1e-3);
  assert.ok(Math.abs(2 * 0.085 * r.powerMw[1] + 1.2 - r.priceMwh[1]) < 1e-3);
  assert.ok(r.bound <= r.cost && r.gap > 0.005 && r.gap < 0.02, String(r.gap));
  for (let i = 0; i < 3; i++) {
    const parts = r.energyPriceMwh[i] + r.congestionPriceMwh[i] + r.lossPriceMwh[i];
    assert.ok(Math.abs(parts - r.priceMwh[i]) < 1e-9);
  }
});

test('without limits the price differences are the losses', () => {
  const loose = caseText()
    .replaceAll('\t-30\t30;', '\t-360\t360;')
    .replace('0.7\t50', '0.7\t0')
    .replaceAll('\t1.1\t0.9;', '\t1.3\t0.7;');
  const r = solveAcOpf(grid(loose));
  for (let i = 0; i < 3; i++)
    assert.ok(
      Math.abs(r.congestionPriceMwh[i]) < 0.02 * r.priceMwh[i],
      `${r.congestionPriceMwh[i]} of ${r.priceMwh[i]}`,
    );
  assert.ok(Math.abs(r.lossPriceMwh[2]) > 0.1);
});

test('every start ends at the same cost', () => {
  const g = grid(caseText());
  const costs = (['smooth', 'rectangular', 'flat', 'case'] as const).map(
    start => solveAcOpf(g, { start, bound: false }).cost,
  );
  for (const c of costs) assert.ok(Math.abs(c - costs[0]) < 1e-5 * costs[0]);
});

test('infeasible: said so, with the rows that cannot be met', () => {
  const r = solveAcOpf(grid(caseText().replace('\t3\t1\t95\t50', '\t3\t1\t600\t50')));
  assert.equal(r.status, 'infeasible');
  assert.ok(r.violations.length > 0 && /bus|branch/.test(r.violations[0].what), r.detail);
});

test('piecewise and cubic costs, a dc line and reactive costs are taken', () => {
  const text = `${caseText()
    .replace('2\t0\t0\t3\t0.11\t5\t0;', '1\t0\t0\t3\t0\t0\t100\t1000\t250\t4000;')
    .replace('2\t0\t0\t3\t0.085\t1.2\t3;', '2\t0\t0\t4\t0.0001\t0.02\t8\t0\t0\t0;')}
mpc.dcline = [ 1 3 1 0 0 0 0 1 1 -50 50 -10 10 -10 10 1 0.02; ];
`;
  const r = solveAcOpf(grid(text));
  assert.equal(r.status, 'optimal', r.detail);
  assert.ok(r.gap < 0.05 && r.gap >= -1e-9, String(r.gap));
  assert.ok(Math.abs(r.dcLineMw[0]) <= 52.1);
});

test('a start outside the limits of a program is brought inside', () => {
  const { program } = buildAcModel(grid(caseText()));
  const far = { ...program, start: program.start.map(v => v + 5) };
  const a = solveNonlinear(far, { tolerance: 1e-7 });
  assert.ok(a.status === 'optimal' || a.infeasibility > 1e-6);
});

test('the published AC optima, each with a bound below it', { skip: without('energy/pglib') }, () => {
  const table = parseCsv(readFileSync(sharedData('energy/pglib_reference.csv'), 'utf8'));
  const want = table.numbers('ac_opf_cost_published');
  const soc = table.numbers('soc_gap_pct_published');
  for (const [i, file] of table.text('file').entries()) {
    const g = grid(readFileSync(sharedData(`energy/${file}`), 'utf8'));
    const small = g.buses.count <= 600;
    const r = solveAcOpf(g, { bound: small });
    assert.ok(Math.abs(r.cost - want[i]) < 1e-4 * want[i], `${file}: ${r.cost}, published ${want[i]}`);
    assert.ok(r.primalViolation < 1e-6, `${file}: violation ${r.primalViolation}`);
    if (small)
      assert.ok(r.gap > -1e-7 && 100 * r.gap < soc[i] + 0.02, `${file}: gap ${100 * r.gap} %, published ${soc[i]} %`);
  }
});

test('a load that cannot be met is infeasible, and the rows that stay violated are named', {
  skip: without('energy/pglib'),
}, () => {
  for (const name of ['case3_lmbd', 'case30_ieee']) {
    const g = grid(readFileSync(sharedData(`energy/pglib/pglib_opf_${name}.m`), 'utf8'));
    const buses = { ...g.buses, loadMw: g.buses.loadMw.map(v => 3 * v) };
    const r = solveAcOpf({ ...g, buses }, { bound: false });
    assert.equal(r.status, 'infeasible', `${name}: ${r.detail}`);
    assert.ok(r.violations.length > 0 && r.violations[0].by > 1 && /bus|branch row/.test(r.violations[0].what));
  }
});
