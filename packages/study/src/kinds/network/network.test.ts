import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { type Rows, sensitivitySquared, train } from '../learner.ts';
import { evaluateNetwork, networkDistance, networkOutput } from './evaluate.ts';
import { backward, forward, initialParameters, lossAndSlope, type NetworkLoss, workspace } from './mlp.ts';
import { network } from './network.ts';
import type { NetworkSpec, ServerStep } from './spec.ts';

const spec = (more: Partial<NetworkSpec> = {}): NetworkSpec => ({
  featureRanges: [
    [-4, 4],
    [-4, 4],
  ],
  hidden: [16],
  loss: { kind: 'squared' },
  seed: 'net',
  rounds: 12,
  epochs: 2,
  batch: 32,
  rate: 0.05,
  proximal: 0,
  server: { kind: 'average' },
  clip: 20,
  bits: 20,
  rowsForFullWeight: 400,
  maxRows: 5000,
  validateEvery: 5,
  patience: 0,
  lossBound: 10,
  ...more,
});

function table(seed: string, count: number, shift = 0): Rows {
  const r = random(seed);
  const x = Float64Array.from({ length: 2 * count }, () => r.normal() + shift);
  const y = Float64Array.from(
    { length: count },
    (_, i) => Math.sin(2 * x[2 * i]) + Math.abs(x[2 * i + 1]) + 0.1 * r.normal(),
  );
  return { count, features: 2, x, y };
}

const nodes = [table('a', 400, -0.5), table('b', 300, 0.5), table('c', 500)];
const fresh = table('fresh', 1000);

test('the gradient equals finite differences, for every loss', () => {
  const losses: NetworkLoss[] = [{ kind: 'squared' }, { kind: 'logistic' }, { kind: 'quantile', levels: [0.2, 0.7] }];
  for (const loss of losses) {
    const widths = [3, 5, 4, loss.kind === 'quantile' ? 2 : 1];
    const p = initialParameters(widths, 'check').map((v, i) => v + 0.01 * (i % 7));
    const w = workspace(widths);
    const at = (q: Float64Array) => {
      w.activations[0].set([0.3, -1.2, 0.7]);
      return lossAndSlope(loss, forward(widths, q, w), 1, w.errors[3]);
    };
    const gradient = new Float64Array(p.length);
    at(p);
    backward(widths, p, w, gradient);
    for (let i = 0; i < p.length; i++) {
      const [up, down] = [p.slice(), p.slice()];
      up[i] += 1e-6;
      down[i] -= 1e-6;
      assert.ok(Math.abs((at(up) - at(down)) / 2e-6 - gradient[i]) < 1e-6, `${loss.kind} parameter ${i}`);
    }
  }
});

const servers: readonly [string, Partial<NetworkSpec>][] = [
  ['FedAvg', {}],
  ['FedProx', { proximal: 0.1 }],
  ['FedAdam', { server: { kind: 'adam', rate: 0.05, beta1: 0.9, beta2: 0.99, tau: 1e-3 } satisfies ServerStep }],
  [
    'DP-FedAvg with momentum',
    { server: { kind: 'momentum', rate: 0.5, beta: 0.5, totalWeight: 3 } satisfies ServerStep, clip: 3 },
  ],
];

for (const [name, more] of servers) {
  test(`${name} learns`, () => {
    const s = spec(more);
    const { state } = train(network(s), nodes);
    const untrained = evaluateNetwork(s, { ...state, parameters: initialParameters([2, 16, 1], s.seed) }, fresh);
    assert.ok(
      evaluateNetwork(s, state, fresh) < 0.35 * untrained,
      `${evaluateNetwork(s, state, fresh)} of ${untrained}`,
    );
    assert.equal(state.losses.length, 12);
  });
}

test('one node with one epoch is plain minibatch training; a proximal term keeps it nearer', () => {
  const s = spec({ epochs: 1, rounds: 3 });
  const far = train(network(s), [nodes[0]]).state;
  const near = train(network({ ...s, proximal: 2 }), [nodes[0]]).state;
  const start = { ...far, parameters: initialParameters([2, 16, 1], s.seed) };
  assert.ok(networkDistance(s, start, near) === 1 && networkDistance(s, far, far) === 0);
  const way = (a: Float64Array) => Math.hypot(...a.map((v, i) => v - start.parameters[i]));
  assert.ok(way(near.parameters) < way(far.parameters));
});

test('a run that continues from a checkpoint ends with the same model', () => {
  const s = spec({ rounds: 6 });
  const checkpoints: unknown[] = [];
  const whole = train(network(s), nodes, undefined, state => void checkpoints.push(structuredClone(state))).state;
  assert.equal(checkpoints.length, 7);
  const resumed = train(network(s), nodes, undefined, undefined, checkpoints[3] as typeof whole).state;
  assert.deepEqual(resumed, whole);
});

test('early stopping gives back the best model', () => {
  const s = spec({ rounds: 200, patience: 3, rate: 0.3, epochs: 5 });
  const { state, rounds } = train(
    network(s),
    nodes.map(t => ({ ...t, count: 40, x: t.x.slice(0, 80), y: t.y.slice(0, 40) })),
  );
  assert.ok(state.stoppedEarly && rounds < 201);
  assert.deepEqual(state.parameters, state.best!.parameters);
  assert.equal(state.best!.loss, Math.min(...state.losses));
});

test('an update never exceeds its clip, and D^2 bounds any two nodes', () => {
  const s = spec({ clip: 0.3, validateEvery: 4, maxRows: 500 });
  const learner = network(s);
  const scaled = learner.absorb(learner.start(), learner.node(nodes[0]).encode(learner.start()), 1);
  const ask = learner.ask(scaled)!;
  const opposite = { ...nodes[1], y: nodes[1].y.map(v => -50 * v) };
  const vectors = [nodes[0], nodes[1], opposite].map(t => learner.node(t).encode(scaled) as Float64Array);
  for (const v of vectors) {
    assert.ok(
      Math.hypot(...v.subarray(0, -3)) <= 0.3 * 2 ** 20 + Math.sqrt(v.length),
      `${Math.hypot(...v.subarray(0, -3)) / 2 ** 20} ${v.slice(0, 5)}`,
    );
    for (const o of [new Float64Array(v.length), ...vectors])
      assert.ok(v.reduce((t, a, i) => t + (a - o[i]) ** 2, 0) <= Number(ask.nodeDiameterSquared));
  }
  assert.equal(sensitivitySquared(ask, 100), ask.nodeDiameterSquared, 'many rows of one node are one node');
});

test('quantile outputs come sorted', () => {
  const s = spec({ loss: { kind: 'quantile', levels: [0.1, 0.5, 0.9] }, rounds: 5 });
  const { state } = train(network(s), nodes);
  const out = networkOutput(s, state, [0.2, 0.4]);
  assert.ok(out[0] <= out[1] && out[1] <= out[2]);
});

test('bad declarations are refused', () => {
  assert.throws(() => network(spec({ hidden: [0] })), /hidden layer has no units/);
  assert.throws(() => network(spec({ maxRows: 10 })).node(nodes[0]), /400 rows, but the study allows 10/);
});
