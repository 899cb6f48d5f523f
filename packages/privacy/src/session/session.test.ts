import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { processorMs } from '../../../../scripts/processor-time.ts';
import type { Prio3 } from '../prio3/interface.ts';
import { prio3Histogram } from '../prio3/variants.ts';
import { XofTurboShake128 } from '../xof/turboshake.ts';
import { RoundAggregator } from './aggregator.ts';
import { type Report, runRound } from './round.ts';
import { lieKinds, simulateHistogram } from './simulate-histogram.ts';

const ctx = new TextEncoder().encode('round 1');
const v = prio3Histogram({ length: 4 });
const anyV = v as Prio3<never, number[], unknown>;

function randomSource(seed: string): (n: number) => Uint8Array {
  const xof = new XofTurboShake128(new TextEncoder().encode(seed), ctx, new Uint8Array(0));
  return n => xof.next(n);
}

function makeReport(random: (n: number) => Uint8Array, contributor: string, bucket: number): Report {
  const nonce = random(16);
  return { contributor, nonce, ...v.shard(ctx, bucket, nonce, random(v.randSize)) };
}

const shareOf = (r: Report, j: number) => ({ ...r, inputShare: r.inputShares[j]! });

test('a resend is answered with the same bytes, a different second report drops both', () => {
  const random = randomSource('twins');
  const options = { prio3: anyV, verifyKey: random(32), ctx };
  const [a, b] = [0, 1].map(aggId => new RoundAggregator({ ...options, aggId }));
  const one = makeReport(random, 'one', 1);
  const two = makeReport(random, 'two', 2);
  const first = a.receive(shareOf(one, 0));
  assert.ok(first.ok);
  assert.deepEqual(a.receive(shareOf(one, 0)), first);
  const second = a.receive(shareOf(makeReport(random, 'one', 1), 0));
  assert.ok(!second.ok && second.refusal.code === 'twin');
  assert.deepEqual(a.decide('one', []), second);
  // The other report goes on.
  const shares = [a, b].map((x, j) => {
    const received = x.receive(shareOf(two, j));
    assert.ok(received.ok);
    return received.verifierShare;
  });
  for (const x of [a, b]) assert.deepEqual(x.decide('two', shares), { ok: true });
  for (const x of [a, b]) assert.deepEqual(x.decide('two', shares), { ok: true });
  // A resend after it was counted is not counted again.
  const late = a.receive(shareOf(two, 0));
  assert.ok(!late.ok && late.refusal.code === 'closed');
  const outcomes = [a.close(), b.close()];
  assert.deepEqual(outcomes[0].accepted, ['two']);
  assert.deepEqual(
    v.unshard(
      outcomes.map(o => o.aggregateShare),
      1,
    ),
    [0, 0, 1, 0],
  );
  const after = a.receive(shareOf(makeReport(random, 'three', 0), 0));
  assert.ok(!after.ok && after.refusal.code === 'closed');
  assert.deepEqual(a.close(), outcomes[0]);
});

test('verifier shares that are not the ones made here, or belong to nothing, decide nothing in favour', () => {
  const random = randomSource('foreign');
  const a = new RoundAggregator({ prio3: anyV, verifyKey: random(32), ctx, aggId: 0 });
  const unknown = a.decide('nobody', []);
  assert.ok(!unknown.ok && unknown.refusal.code === 'unknown');
  const report = makeReport(random, 'one', 1);
  const received = a.receive(shareOf(report, 0));
  assert.ok(received.ok);
  const zero = new Uint8Array(v.verifierShareSize);
  const decided = a.decide('one', [zero, zero]);
  assert.ok(!decided.ok && decided.refusal.code === 'shape');
  assert.deepEqual(a.close().aggregateShare, v.aggregateInit());
});

test('a nonce of any wrong length is refused, not stumbled over', () => {
  const random = randomSource('nonces');
  const a = new RoundAggregator({ prio3: anyV, verifyKey: random(32), ctx, aggId: 0 });
  for (const [i, n] of [0, 15, 17, 300_000].entries()) {
    const report = { ...makeReport(random, `n${i}`, 1), nonce: new Uint8Array(n) };
    const received = a.receive(shareOf(report, 0));
    assert.ok(!received.ok && received.refusal.code === 'shape');
  }
});

test('an aggregator that starts again from what it stored, in any order, makes the same bytes', () => {
  const random = randomSource('again');
  const verifyKey = random(32);
  const reports = Array.from({ length: 6 }, (_, i) => makeReport(random, `n${i}`, i % 4));
  const run = (order: readonly Report[]) => {
    const servers = [0, 1].map(aggId => new RoundAggregator({ prio3: anyV, verifyKey, ctx, aggId }));
    const made = new Map(
      order.map(r => [
        r.contributor,
        servers.map((s, j) => {
          const received = s.receive(shareOf(r, j));
          assert.ok(received.ok);
          return received.verifierShare;
        }),
      ]),
    );
    for (const s of servers) for (const r of order) s.decide(r.contributor, made.get(r.contributor)!);
    return { made: reports.map(r => made.get(r.contributor)), shares: servers.map(s => s.close().aggregateShare) };
  };
  assert.deepEqual(run(reports), run([3, 5, 0, 1, 4, 2].map(i => reports[i])));
});

test('what is not checked by everyone is incomplete, and a counted report cannot be dropped', () => {
  const random = randomSource('incomplete');
  const verifyKey = random(32);
  const [a, b] = [0, 1].map(aggId => new RoundAggregator({ prio3: anyV, verifyKey, ctx, aggId }));
  a.receive(shareOf(makeReport(random, 'half', 1), 0));
  const good = makeReport(random, 'good', 3);
  const shares = [a, b].map((x, j) => {
    const r = x.receive(shareOf(good, j));
    assert.ok(r.ok);
    return r.verifierShare;
  });
  a.decide('good', shares);
  assert.throws(() => a.drop('good', { code: 'twin', why: '' }), /cannot be dropped/);
  const outcome = a.close();
  assert.deepEqual(outcome.accepted, ['good']);
  assert.deepEqual(
    outcome.rejected.map(r => [r.contributor, r.refusal.code]),
    [['half', 'incomplete']],
  );
});

test('any mixture of honest, lying and vanishing nodes: the sum is exact and exactly the liars are named', () => {
  const counts = fc.record({
    honest: fc.integer({ min: 1, max: 12 }),
    liars: fc.integer({ min: 0, max: 2 * lieKinds.length }),
    vanish: fc.integer({ min: 0, max: 6 }),
    length: fc.integer({ min: 2, max: 12 }),
    aggregators: fc.integer({ min: 2, max: 3 }),
  });
  fc.assert(
    fc.property(counts, fc.string(), ({ honest, liars, vanish, length, aggregators }, seed) => {
      const nodes = honest + liars + vanish;
      const r = simulateHistogram({ nodes, liars, vanish, length, aggregators, randomBytes: randomSource(seed) });
      assert.deepEqual(
        { ok: r.ok, exact: r.exact, accepted: r.accepted, rejected: r.rejected, vanished: r.vanished },
        { ok: true, exact: true, accepted: honest, rejected: liars, vanished: vanish },
      );
      assert.equal(r.rejections.length, liars);
      assert.equal(
        r.sum.reduce((a, b) => a + b),
        honest,
      );
      const why = new Map(r.rejections.map(x => [x.lie, x.refusal.code]));
      if (why.has('twins')) assert.equal(why.get('twins'), 'twin');
      if (why.has('stolen-nonce')) assert.equal(why.get('stolen-nonce'), 'nonce');
      if (why.has('wrong-shape')) assert.equal(why.get('wrong-shape'), 'shape');
      for (const lie of ['out-of-range', 'two-buckets', 'wrong-proof', 'other-round', 'collusion'] as const)
        if (why.has(lie)) assert.equal(why.get(lie), 'proof');
    }),
    { numRuns: 25 },
  );
});

test('a thousand nodes end, and time grows with their number, not its square', async () => {
  const took = (nodes: number) =>
    processorMs(() => {
      const r = simulateHistogram({ nodes, liars: nodes / 20, vanish: nodes / 10, randomBytes: randomSource('many') });
      assert.ok(r.ok);
    });
  await took(100);
  const few = Math.min(await took(100), await took(100));
  const many = await took(1000);
  // A square would take a hundred times as long.
  assert.ok(many < 30 * few, `${few} ms for a hundred, ${many} ms for a thousand`);
});

test('impossible numbers of nodes are refused', () => {
  const randomBytes = randomSource('none');
  assert.throws(() => simulateHistogram({ nodes: 5, liars: 3, vanish: 2, randomBytes }), RangeError);
  assert.throws(() => simulateHistogram({ nodes: 1.5, liars: 0, vanish: 0, randomBytes }), RangeError);
});

test('a round in which nobody is accepted has no result', () => {
  const outcome = runRound(anyV, new Uint8Array(32), ctx, ['a', 'b'], []);
  assert.deepEqual([outcome.result, outcome.vanished], [undefined, ['a', 'b']]);
});
