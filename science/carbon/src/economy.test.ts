import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { checkNetwork, type NetworkCase, networkProgram, planNetwork, type SolveLp } from './network.ts';
import { dominates, tradeOff } from './tradeoff.ts';

test('the trade-off curve of a known problem is found and nothing on it is dominated', () => {
  // Schaffer's problem: f1 = x^2, f2 = (x - 2)^2; the curve is 0 <= x <= 2.
  const curve = tradeOff(
    [{ name: 'x', least: -10, most: 10 }],
    ([x]) => (x < -8 ? undefined : [x * x, (x - 2) ** 2]),
    { population: 24, generations: 25 },
    random('curve'),
  );
  assert.ok(curve.length > 10);
  for (const p of curve) {
    assert.ok(p.x[0] > -0.1 && p.x[0] < 2.1);
    assert.ok(!curve.some(q => dominates(q.objectives, p.objectives)));
  }
});

const network: NetworkCase = {
  phasesYears: [5, 10],
  discountRate: 0.05,
  targetMtYear: [1, 3],
  sources: [
    { name: 'cement', mostMtYear: 1.5, costTonne: 60 },
    { name: 'steel', mostMtYear: 3, costTonne: 80 },
  ],
  sinks: [
    { name: 'near', mostMtYear: 2, capacityMt: 20, costTonne: 12, openMillion: 50 },
    { name: 'far', mostMtYear: 10, capacityMt: 500, costTonne: 6, openMillion: 200 },
  ],
  junctions: ['hub'],
  pipes: [
    { from: 'cement', to: 'hub', km: 40, existingMtYear: 0 },
    { from: 'steel', to: 'hub', km: 30, existingMtYear: 0 },
    { from: 'hub', to: 'near', km: 60, existingMtYear: 0.8 },
    { from: 'hub', to: 'far', km: 250, existingMtYear: 0 },
  ],
  sizes: [
    { name: '12 inch', mtYear: 1.5, millionKm: 0.6 },
    { name: '20 inch', mtYear: 6, millionKm: 1.1 },
  ],
  flowTonne100Km: 1,
};

test('a network that cannot be is named before any solving', () => {
  assert.match(checkNetwork({ ...network, targetMtYear: [1, 9] }) ?? '', /phase 2 asks for 9/);
  assert.match(
    checkNetwork({ ...network, pipes: [{ from: 'cement', to: 'moon', km: 1, existingMtYear: 0 }] }) ?? '',
    /"moon"/,
  );
  assert.match(checkNetwork({ ...network, junctions: ['near'] }) ?? '', /two places/);
  assert.match(checkNetwork({ ...network, discountRate: 5 }) ?? '', /rate of 5; .* 0\.05 for 5 %/);
  assert.match(
    checkNetwork({ ...network, sizes: [{ name: 'thin', mtYear: 0, millionKm: 1 }] }) ?? '',
    /"thin" carries 0/,
  );
  assert.equal(checkNetwork(network), undefined);
  assert.match(networkProgram(network), /^Minimize[\s\S]*Subject To[\s\S]*Binary[\s\S]*General[\s\S]*End\n$/);
});

test('what a solver says is passed on as it is', async () => {
  const says =
    (status: string): SolveLp =>
    async () => ({ status, objective: 0, values: new Map() });
  const a = await planNetwork(network, says('Infeasible'));
  const b = await planNetwork(network, says('Time limit reached'));
  assert.ok(!a.ok && a.refusal.code === 'infeasible' && !b.ok && b.refusal.code === 'unsolved');
});
