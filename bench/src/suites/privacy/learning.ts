// Differential privacy and learning, one thread: samplers, accountant, trees, and what secret sharing adds to them.
import * as nodeCrypto from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discreteGaussianVector, nodeMask, simulateHistogram, tightEpsilon } from '@madang/privacy';
import { type GbdtSpec, gbdt, predictGbdt, type Rows, simulatedNodes, simulateLearning, train } from '@madang/study';
import { type Figure, medianSeconds } from '../../figure.ts';
import { type PythonTiming, python } from './peers.ts';

const randomBytes = (n: number) => new Uint8Array(nodeCrypto.randomBytes(n));

export async function* learningFigures(): AsyncGenerator<Figure> {
  const [rows, fresh] = simulatedNodes(2, 40_000, 10, 'number', 'bench');
  const peers = await peerTimings(rows, fresh);
  const held = (task: string, name: string, value: (t: PythonTiming) => number, note?: (t: PythonTiming) => string) => {
    const t = peers.get(task);
    return { name, value: t && value(t), note: t ? (note?.(t) ?? '') : (peers.get('?')?.task ?? 'not installed') };
  };

  const draws = await medianSeconds(() => discreteGaussianVector(100_000, 333n, randomBytes));
  yield {
    name: 'discrete Gaussian, variance 333, exact',
    unit: 'draws/s',
    ours: 100_000 / draws,
    against: held('sampling', 'OpenDP 0.16', t => 100_000 / t.seconds),
    smallerIsBetter: false,
    runs: 5,
  };

  const uses = [{ mechanism: { kind: 'gaussian', sigma: 0.8, q: 0.05 } as const, count: 1000 }];
  const epsilon = tightEpsilon(uses, 1e-6);
  yield {
    name: `tight epsilon of 1,000 sampled Gaussians (upper bound ${epsilon.toFixed(4)})`,
    unit: 's',
    ours: await medianSeconds(() => tightEpsilon(uses, 1e-6)),
    against: held(
      'accounting',
      'dp-accounting 0.6',
      t => t.seconds,
      t => `upper bound ${t.epsilon?.toFixed(4)}`,
    ),
    smallerIsBetter: true,
    runs: 5,
  };

  const spec = treeSpec(rows);
  const fit = () => train(gbdt(spec), [rows]).state.model;
  const model = fit();
  let loss = 0;
  for (let i = 0; i < fresh.count; i++)
    loss += (predictGbdt(model, fresh.x.subarray(10 * i, 10 * i + 10))[0] - fresh.y[i]) ** 2 / 2 / fresh.count;
  yield {
    name: `100 trees over ${rows.count} rows of 10, in one place (loss on fresh rows ${loss.toFixed(4)})`,
    unit: 's',
    ours: await medianSeconds(fit, 3),
    against: held(
      'trees',
      'LightGBM 4.7, one thread',
      t => t.seconds,
      t => `loss ${t.loss?.toFixed(4)}`,
    ),
    smallerIsBetter: true,
    runs: 3,
  };

  const study = () =>
    simulateLearning({
      kind: 'gbdt',
      nodes: 14,
      rows: 20_000,
      seed: 'bench',
      secure: true,
      randomBytes,
      mask: nodeMask(nodeCrypto),
      now: () => performance.now(),
      settings: { trees: 100 },
    });
  await study();
  const runs = [await study(), await study(), await study()].sort(
    (a, b) => (a.secureOverPlain ?? 0) - (b.secureOverPlain ?? 0),
  );
  yield {
    name: 'federated tree of 100 rounds over 14 nodes, 20,000 rows: secure / plain time',
    unit: 'times',
    ours: runs[1].secureOverPlain ?? Number.NaN,
    against: {
      name: 'plain sums',
      value: 1,
      note: `${runs[1].seconds.federated.toFixed(2)} s secure, identical to central: ${runs.every(r => r.identicalToCentral)}`,
    },
    smallerIsBetter: true,
    runs: 3,
  };

  for (const nodes of [10, 100, 1000]) {
    const seconds = await medianSeconds(
      () => simulateHistogram({ nodes, liars: Math.floor(nodes / 20), vanish: Math.floor(nodes / 10), randomBytes }),
      3,
    );
    yield {
      name: `histogram study of ${nodes} nodes, liars and vanished among them`,
      unit: 'ms a node',
      ours: (1000 * seconds) / nodes,
      smallerIsBetter: true,
      runs: 3,
    };
  }
}

function treeSpec(rows: Rows): GbdtSpec {
  return {
    loss: { kind: 'squared' },
    featureRanges: Array.from({ length: rows.features }, () => [-4, 4] as const),
    targetRange: [-8, 8],
    trees: 100,
    depth: 5,
    bins: 32,
    learningRate: 0.15,
    lambda: 1,
    minChildWeight: 10,
    minGain: 0,
    gradientClip: 16,
    bits: 12,
    maxRows: rows.count,
  };
}

/** One row a task that ran; a task '?' carries the reason of one that did not. */
async function peerTimings(rows: Rows, fresh: Rows): Promise<ReadonlyMap<string, PythonTiming>> {
  const folder = mkdtempSync(join(tmpdir(), 'madang-bench-'));
  try {
    const table = (t: Rows) =>
      Array.from({ length: t.count }, (_, i) =>
        Array.from(t.x.subarray(i * t.features, (i + 1) * t.features), v => (Number.isNaN(v) ? null : v)),
      );
    const file = join(folder, 'rows.json');
    writeFileSync(
      file,
      JSON.stringify({ x: table(rows), y: Array.from(rows.y), freshX: table(fresh), freshY: Array.from(fresh.y) }),
    );
    const peer = await python(file);
    return peer.ok ? peer.value : new Map([['?', { task: peer.why, seconds: Number.NaN }]]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
