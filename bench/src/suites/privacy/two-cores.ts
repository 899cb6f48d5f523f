// What two servers do on two cores: 100,000 histogram reports verified and added; fourteen models of ten million numbers shared and added.
import * as nodeCrypto from 'node:crypto';
import { randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { type MaskedSum, maskedSum, nodeMask, prio3Histogram } from '@madang/privacy';
import { sealOverheadBytes } from '@madang/trust';
import type { Figure } from '../../figure.ts';
import { valueAt } from './made-up.ts';

/** A worker with calls that can be awaited. */
function server() {
  const worker = new Worker(new URL('./worker.ts', import.meta.url));
  const waiting = new Map<number, { resolve: (x: never) => void; reject: (e: Error) => void }>();
  let next = 0;
  worker.on('message', ({ id, result, error }: { id: number; result: never; error?: string }) => {
    const w = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) w?.resolve(result);
    else w?.reject(new Error(error));
  });
  worker.on('error', error => {
    for (const w of waiting.values()) w.reject(error as Error);
  });
  return {
    call<T>(task: string, args?: unknown): Promise<T> {
      return new Promise((resolve, reject) => {
        waiting.set(next, { resolve, reject });
        worker.postMessage({ id: next++, task, args });
      });
    },
    stop: () => worker.terminate(),
  };
}

export async function* twoCoreFigures(): AsyncGenerator<Figure> {
  yield* histogramReports(100_000, 256);
  yield* maskedModels(14, 10_000_000);
}

async function* histogramReports(reports: number, length: number): AsyncGenerator<Figure> {
  const v = prio3Histogram({ length });
  const ctx = randomBytes(32);
  const verifyKey = randomBytes(32);
  const servers = [server(), server()];
  try {
    await Promise.all(servers.map((s, aggId) => s.call('start', { length, aggId, verifyKey, ctx })));
    const batch = 1000;
    const expected = new Array<number>(length).fill(0);
    // The reports of one batch lie in memory that both sides see, so that what grows is the servers' own.
    const packed = servers.map(
      (_, j) => new Uint8Array(new SharedArrayBuffer(batch * (16 + v.publicShareSize + v.inputShareSize(j)))),
    );
    let seconds = 0;
    let keptEarly = 0;
    for (let first = 0; first < reports; first += batch) {
      for (let i = 0; i < batch; i++) {
        const nonce = randomBytes(16);
        const bucket = (first + i * 7) % length;
        expected[bucket] += 1;
        const { publicShare, inputShares } = v.shard(ctx, bucket, nonce, randomBytes(v.randSize));
        inputShares.forEach((share, j) => {
          const at = (i * packed[j].length) / batch;
          packed[j].set(nonce, at);
          packed[j].set(publicShare, at + 16);
          packed[j].set(share, at + 16 + publicShare.length);
        });
      }
      const start = performance.now();
      const shares = await Promise.all(
        servers.map((s, j) => s.call<Uint8Array>('receive', { first, packed: packed[j] })),
      );
      await Promise.all(servers.map(s => s.call('decide', { first, shares })));
      seconds += (performance.now() - start) / 1000;
      if (first + batch === reports / 10) keptEarly = await servers[0].call<number>('kept');
    }
    const kept = (await servers[0].call<number>('kept')) - keptEarly;
    const sum = v.unshard(await Promise.all(servers.map(s => s.call<Uint8Array>('close'))), reports);
    if (sum.some((x, i) => x !== expected[i])) throw new Error('the sum is not exact');
    yield {
      name: `two servers verify and add ${reports.toLocaleString('en')} Histogram(${length}) reports, two cores`,
      unit: 'reports/s',
      ours: reports / seconds,
      smallerIsBetter: false,
      runs: 1,
    };
    yield {
      name: 'the same: memory one server keeps for a report (its sender, nonce and digest)',
      unit: 'bytes',
      ours: kept / (0.9 * reports),
      against: { name: 'the report itself', value: v.publicShareSize + v.inputShareSize(0) },
      smallerIsBetter: true,
      runs: 1,
    };
  } finally {
    await Promise.all(servers.map(s => s.stop()));
  }
}

export async function* maskedModels(nodes: number, length: number): AsyncGenerator<Figure> {
  const shape = maskedSum({ length, ring: 32, clip: 1, scale: 2 ** 20, contributors: nodes }, nodeMask(nodeCrypto));
  for (const sealed of [false, true]) {
    const servers = [server(), server()];
    try {
      const sums = new SharedArrayBuffer(2 * shape.byteLength);
      const middle = Math.ceil(shape.chunks / 2);
      const ranges = [
        { first: 0, end: middle },
        { first: middle, end: shape.chunks },
      ];
      await Promise.all(
        servers.map((s, i) => s.call('maskedStart', { nodes, length, sealed, range: ranges[i], sums })),
      );
      const timed = async (task: string) => {
        const start = performance.now();
        await Promise.all(servers.map(s => s.call(task)));
        return (performance.now() - start) / 1000;
      };
      await timed('copy');
      await timed('maskedRun');
      const runs: { copy: number; sum: number }[] = [];
      for (let i = 0; i < 7; i++) runs.push({ copy: await timed('copy'), sum: await timed('maskedRun') });
      checkSums(shape, sums, nodes);
      const least = (of: (r: (typeof runs)[number]) => number) => Math.min(...runs.map(of));
      const ratios = runs.map(r => r.sum / r.copy).sort((a, b) => a - b);
      yield {
        name: `masked sum of ${nodes} x ${length.toLocaleString('en')} numbers: share ${sealed ? 'seal, open ' : ''}and add, two cores`,
        unit: 's',
        ours: least(r => r.sum),
        against: {
          name: 'copying the same bytes',
          value: least(r => r.copy),
          note: `two cores, least of 7; run by run ${ratios[0].toFixed(1)} to ${ratios[6].toFixed(1)} times, median ${ratios[3].toFixed(1)}`,
        },
        smallerIsBetter: true,
        runs: runs.length,
      };
    } finally {
      await Promise.all(servers.map(s => s.stop()));
    }
  }
  yield {
    name: 'masked sum: bytes of one upload against one plain model',
    unit: 'bytes',
    // A sealed body key and a tag a chunk for the first aggregator, a sealed seed for the second.
    ours: shape.byteLength + 16 * shape.chunks + 2 * (32 + sealOverheadBytes),
    against: { name: 'plain 32-bit model', value: 4 * length },
    smallerIsBetter: true,
    runs: 1,
  };
}

/** Opens the last chunk of the sum and holds some of its numbers against what the nodes made up. */
function checkSums(shape: MaskedSum, sums: SharedArrayBuffer, nodes: number): void {
  const from = (shape.chunks - 1) * shape.shape.chunkBytes;
  const shares = [0, 1].map(j => new Uint8Array(sums, j * shape.byteLength + from, shape.byteLength - from).slice());
  const last = shape.open(shares);
  for (let k = 0; k < last.length; k += 997) {
    let expected = 0;
    for (let node = 0; node < nodes; node++) expected += valueAt(from / 4 + k, node);
    if (Math.abs(last[k] - expected) > nodes / 2 ** 20) throw new Error('the sum is wrong');
  }
}
