import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { graphOf, random } from '@madang/numerics';
import fc from 'fast-check';
import { sharedData, without } from '../../../../scripts/shared-data.ts';
import { makeGrid } from '../grid/grid.ts';
import { readCase } from '../matpower/read-case.ts';
import { solveAcOpf } from '../opf/ac.ts';
import { solveDcOpf } from '../opf/dc.ts';
import { caseText } from '../testing/small-case.ts';
import { solveBatch } from './batch.ts';
import { blockAt, factorBlocks, planBlocks, solveBlocks } from './block-lu.ts';
import { solveDecoupled } from './decoupled.ts';
import { dcFlows, dcNetwork, screen, transferFactors } from './direct.ts';
import { newton, newtonSpace, solvePowerFlow } from './newton.ts';
import { preparePowerFlow } from './prepare.ts';
import { startPoint } from './start-point.ts';

/** The small case with loads that its file's generation can carry. */
const light = () => caseText().replaceAll('\t110\t40\t', '\t40\t15\t').replace('\t95\t50\t', '\t30\t12\t');
const small = () => makeGrid(readCase(light()), { needCosts: true });

test('block LU solves what it factorised', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.string({ minLength: 1, maxLength: 5 }), (n, seed) => {
      const r = random(seed);
      const from = Array.from({ length: 2 * n }, () => r.below(n));
      const to = Array.from({ length: 2 * n }, () => r.below(n));
      const plan = planBlocks(graphOf(n, from, to));
      const a = new Float64Array(4 * plan.blocks);
      const dense = Array.from({ length: 2 * n }, () => new Float64Array(2 * n));
      const set = (i: number, j: number, spread: number) => {
        const at = 4 * blockAt(plan, i, j);
        for (let q = 0; q < 4; q++) {
          const v = (q === 0 || q === 3 ? spread : 0) + 0.3 * r.normal();
          a[at + q] = v;
          dense[2 * i + (q >> 1)][2 * j + (q & 1)] = v;
        }
      };
      for (let i = 0; i < n; i++) set(i, i, 6);
      for (let k = 0; k < from.length; k++)
        if (from[k] !== to[k]) {
          set(from[k], to[k], 0);
          set(to[k], from[k], 0);
        }
      const want = Float64Array.from({ length: 2 * n }, () => r.normal());
      const x = new Float64Array(2 * n);
      for (let i = 0; i < n; i++)
        for (let q = 0; q < 2; q++) x[2 * plan.rank[i] + q] = dense[2 * i + q].reduce((s, v, j) => s + v * want[j], 0);
      assert.ok(factorBlocks(plan, a));
      solveBlocks(plan, a, x);
      for (let i = 0; i < n; i++)
        for (let q = 0; q < 2; q++) assert.ok(Math.abs(x[2 * plan.rank[i] + q] - want[2 * i + q]) < 1e-8);
    }),
    { numRuns: 60 },
  );
});

test('Newton and fast decoupled meet; generation less load is the losses', () => {
  const g = small();
  const a = solvePowerFlow(g);
  const b = solveDecoupled(g);
  assert.ok(a.converged && b.converged);
  for (let i = 0; i < 3; i++) {
    assert.ok(Math.abs(a.voltagePu[i] - b.voltagePu[i]) < 1e-6);
    assert.ok(Math.abs(a.angleDegree[i] - b.angleDegree[i]) < 1e-5);
  }
  const made = a.generationMw.reduce((s, v) => s + v, 0);
  assert.ok(Math.abs(made - 110 - a.lossMw) < 1e-5);
});

test('a flat start that fails is followed by one that respects taps and carries the power', {
  skip: without('energy/pglib'),
}, () => {
  const grid = makeGrid(readCase(readFileSync(sharedData('energy/pglib/pglib_opf_case1354_pegase.m'), 'utf8')));
  const plan = preparePowerFlow(grid);
  const space = newtonSpace(plan);
  startPoint(plan, space, 'estimate');
  const run = newton(plan, space, {});
  assert.ok(run.converged && run.iterations < 8, String(run.iterations));
});

test('reactive limits hold: the bus goes to its limit and lets its voltage fall', () => {
  const free = solvePowerFlow(small());
  const limit = Math.round(free.generationMvar[1]) - 1;
  const text = light().replace('\t2\t20\t0\t200\t-200', `\t2\t20\t0\t${limit}\t${limit - 20}`);
  const held = solvePowerFlow(makeGrid(readCase(text)), { reactiveLimits: true });
  assert.ok(held.converged && Math.abs(held.generationMvar[1] - limit) < 1e-4);
  assert.deepEqual(held.reactiveLimited, [2]);
  assert.ok(free.voltagePu[1] === 1 && held.voltagePu[1] < 1);
});

test('a load that cannot be carried does not converge, and says so', () => {
  const r = solvePowerFlow(makeGrid(readCase(caseText().replace('\t3\t1\t95\t50', '\t3\t1\t5000\t500'))));
  assert.equal(r.converged, false);
});

test('transfer and outage factors agree with solving anew', () => {
  const g = small();
  const net = dcNetwork(g);
  const base = dcFlows(net);
  const extra = new Float64Array(3);
  extra[1] = 10;
  const injected = g.buses.loadMw.map(p => -p);
  injected[1] += 20;
  const a = dcFlows(net, injected).flowMw;
  const b = dcFlows(
    net,
    injected.map((p, i) => p + extra[i]),
  ).flowMw;
  const factors = transferFactors(net, 0);
  assert.ok(Math.abs(b[0] - a[0] - 10 * factors[1]) < 1e-9);
  // Without branch 3 (row 3) the whole load of bus 3 must come over the other two.
  const without3 = makeGrid(readCase(light().replace('0.3\t9000\t0\t0\t0\t0\t1', '0.3\t9000\t0\t0\t0\t0\t0')));
  const anew = dcFlows(dcNetwork(without3)).flowMw;
  const found = screen(net, base.flowMw).find(c => c.outageRow === 3);
  assert.ok(found && !found.splits);
  const over = found.overloads.find(o => o.row === 2);
  assert.equal(over !== undefined, Math.abs(anew[1]) > 50);
  if (over) assert.ok(Math.abs(over.flowMw - anew[1]) < 1e-6);
});

test('a batch gives what single solves give, and generation follows the load', () => {
  const g = small();
  const b = solveBatch(g, 3, (c, i) => 1 + 0.1 * c * (i === 2 ? 1 : 0));
  assert.deepEqual([...b.converged], [1, 1, 1]);
  assert.ok(Math.abs(b.lossMw[0] - solvePowerFlow(g).lossMw) < 1e-5);
  assert.ok(b.lossMw[2] > b.lossMw[0]);
});

test('an optimal power flow is a power flow', { skip: without('energy/pglib') }, () => {
  const c = readCase(readFileSync(sharedData('energy/pglib/pglib_opf_case118_ieee.m'), 'utf8'));
  const g = makeGrid(c, { needCosts: true });
  const r = solveAcOpf(g, { bound: false });
  const set = {
    ...g,
    buses: { ...g.buses, voltagePu: r.voltagePu, angleDegree: r.angleDegree },
    generators: {
      ...g.generators,
      powerMw: r.powerMw,
      reactiveMvar: r.reactiveMvar,
      voltagePu: Float64Array.from(g.generators.bus, i => r.voltagePu[i]),
    },
  };
  const f = solvePowerFlow(set, { start: 'flat' });
  assert.ok(f.converged);
  for (let i = 0; i < g.buses.count; i++) assert.ok(Math.abs(f.voltagePu[i] - r.voltagePu[i]) < 1e-5);
  const dc = solveDcOpf(g, { form: 'matpower' });
  const injected = g.buses.loadMw.map((p, i) => -p - g.buses.shuntMw[i]);
  for (let u = 0; u < g.generators.count; u++) injected[g.generators.bus[u]] += dc.powerMw[u];
  const flows = dcFlows(dcNetwork(g), injected).flowMw;
  for (let k = 0; k < flows.length; k++) assert.ok(Math.abs(flows[k] - dc.flowFromMw[k]) < 1e-4);
});
