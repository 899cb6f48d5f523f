import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import fc from 'fast-check';
import { auditRegister, durability, expectedStored, fairBuffer, type RemovalEvent } from './accounting.ts';
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
  assert.equal(checkNetwork(network), undefined);
  assert.match(networkProgram(network), /^Minimize[\s\S]*Subject To[\s\S]*Binary[\s\S]*End\n$/);
});

test('what a solver says is passed on as it is', async () => {
  const says =
    (status: string): SolveLp =>
    async () => ({ status, objective: 0, values: new Map() });
  const a = await planNetwork(network, says('Infeasible'));
  const b = await planNetwork(network, says('Time limit reached'));
  assert.ok(!a.ok && a.refusal.code === 'infeasible' && !b.ok && b.refusal.code === 'unsolved');
});

const issue = (
  id: string,
  first: number,
  more: Partial<Extract<RemovalEvent, { kind: 'issue' }>> = {},
): RemovalEvent => ({
  kind: 'issue',
  id,
  holder: 'farmers',
  host: 'KE',
  activity: `plot ${id}`,
  fromDay: 0,
  toDay: 364,
  first,
  kilograms: 1000,
  bufferShare: 0.2,
  storage: { medium: 'soil', leakShareYear: 0.01, reversalChanceYear: 0.005 },
  ...more,
});

test('a sound register adds up', () => {
  const r = auditRegister([
    issue('i1', 0),
    { kind: 'transfer', id: 't1', from: 'farmers', to: 'airline', first: 200, kilograms: 300 },
    { kind: 'adjust', id: 'a1', host: 'KE', first: 200, kilograms: 300 },
    { kind: 'retire', id: 'r1', holder: 'airline', claim: 'flight', country: 'CH', first: 200, kilograms: 300 },
    { kind: 'reversal', id: 'x1', issue: 'i1', kilograms: 250 },
  ]);
  assert.ok(r.sound, JSON.stringify(r.checks.filter(c => !c.ok)));
  assert.deepEqual(
    [r.issuedKg, r.retiredKg, r.bufferKg, r.cancelledKg, r.heldKg, r.owedKg],
    [1000, 300, 0, 250, 450, 0],
  );
});

test('a reversal: its own buffer, then the pool, then unused units; what nothing covers is owed', () => {
  const retire = { kind: 'retire', id: 'r', holder: 'farmers', claim: 'c', first: 200, kilograms: 700 } as const;
  const reversal = (id: string, kilograms: number) => ({ kind: 'reversal', id, issue: 'i1', kilograms }) as const;
  const r = auditRegister([issue('i1', 0), issue('i2', 1000), retire, reversal('x', 900)]);
  assert.ok(r.sound, JSON.stringify(r.checks.filter(c => !c.ok)));
  assert.deepEqual([r.bufferKg, r.heldKg, r.retiredKg, r.cancelledKg, r.owedKg], [0, 800, 700, 500, 400]);
  const more = auditRegister([issue('i1', 0), issue('i2', 1000), reversal('x', 900), reversal('y', 101)]);
  assert.match(more.checks.find(c => !c.ok)?.detail ?? '', /101 kg came out of a batch that holds 100/);
});

test('every way of counting twice is caught', () => {
  const attacks: [RemovalEvent[], RegExp][] = [
    [[issue('i1', 0), issue('i2', 999)], /issued once/],
    [[issue('i1', 0), issue('i2', 1000, { activity: 'plot i1', fromDay: 364, toDay: 700 })], /already has i1/],
    [
      [issue('i1', 0), { kind: 'transfer', id: 't', from: 'farmers', to: 'a', first: 100, kilograms: 200 }],
      /holds only 100/,
    ],
    [
      [
        issue('i1', 0),
        { kind: 'retire', id: 'r', holder: 'farmers', claim: 'a', first: 300, kilograms: 100 },
        { kind: 'retire', id: 's', holder: 'farmers', claim: 'b', first: 350, kilograms: 100 },
      ],
      /holds only 50/,
    ],
    [
      [
        issue('i1', 0),
        { kind: 'retire', id: 'r', holder: 'farmers', claim: 'a', country: 'CH', first: 300, kilograms: 100 },
      ],
      /both countries/,
    ],
    [
      [
        issue('i1', 0),
        { kind: 'adjust', id: 'a', host: 'KE', first: 0, kilograms: 10 },
        { kind: 'adjust', id: 'b', host: 'KE', first: 5, kilograms: 10 },
      ],
      /only 5 of 10/,
    ],
    [[issue('i1', 0), issue('i1', 5000)], /there twice/],
  ];
  for (const [events, why] of attacks) {
    const r = auditRegister(events);
    assert.equal(r.sound, false);
    assert.ok(
      r.checks.some(c => !c.ok && why.test(c.detail)),
      `${why}: ${JSON.stringify(r.checks.filter(c => !c.ok))}`,
    );
  }
});

test('whatever is tried, no unit is in two states and none appears or is lost', () => {
  const number = fc.integer({ min: 0, max: 3000 });
  const who = fc.constantFrom('farmers', 'a', 'b');
  const event: fc.Arbitrary<RemovalEvent> = fc.oneof(
    fc.record({
      kind: fc.constant('transfer' as const),
      id: fc.uuid(),
      from: who,
      to: who,
      first: number,
      kilograms: number,
    }),
    fc.record({
      kind: fc.constant('retire' as const),
      id: fc.uuid(),
      holder: who,
      claim: fc.constant('c'),
      first: number,
      kilograms: number,
    }),
    fc.record({
      kind: fc.constant('adjust' as const),
      id: fc.uuid(),
      host: fc.constant('KE'),
      first: number,
      kilograms: number,
    }),
    fc.record({
      kind: fc.constant('reversal' as const),
      id: fc.uuid(),
      issue: fc.constantFrom('i1', 'i2'),
      kilograms: number,
    }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 25 }), events => {
      const r = auditRegister([issue('i1', 0), issue('i2', 1000), ...events]);
      assert.equal(r.heldKg + r.bufferKg + r.retiredKg + r.cancelledKg, 2000);
      const always = ['every unit', 'all units', 'reversals'];
      assert.ok(r.checks.filter(c => always.includes(c.name)).every(c => c.ok));
    }),
  );
});

test('durability lies between nothing and all, and falls with loss', () => {
  const soil = { medium: 'soil', leakShareYear: 0.01, reversalChanceYear: 0.005 };
  assert.equal(durability({ medium: 'rock', leakShareYear: 0, reversalChanceYear: 0 }, 1000), 1);
  assert.ok(durability(soil, 100) < durability(soil, 30) && durability(soil, 100) > expectedStored(soil, 100));
  assert.ok(Math.abs(fairBuffer(soil, 100) - (1 - (0.99 * 0.995) ** 100)) < 1e-12);
});
