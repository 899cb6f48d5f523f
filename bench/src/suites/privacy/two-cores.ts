// What two servers do on two cores: 100,000 histogram reports verified and added; fourteen models of ten million numbers shared and added.

import * as nodeCrypto from 'node:crypto';
import { randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { maskedSum, nodeMask, prio3Histogram } from '@madang/privacy';
import type { Figure } from '../../figure.ts';

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

/** The sum at place k of the values that the workers made up. */
function expectedAt(k: number, nodes: number): number {
  let sum = 0;
  for (let i = 0; i < nodes; i++) sum += ((k * 2654435761 + (i % (nodes / 2))) % 2000) / 1000 - 1;
  return sum;
}

async function* maskedModels(nodes: number, length: number): AsyncGenerator<Figure> {
  const plain = 4 * length;
  const shape = maskedSum({ length, ring: 32, clip: 1, scale: 2 ** 20, contributors: nodes }, nodeMask(nodeCrypto));
  for (const sealed of [false, true]) {
    const servers = [server(), server()];
    try {
      const shared = new SharedArrayBuffer(nodes * (shape.chunkSize(0) + 16));
      const parts = new SharedArrayBuffer(4 * shape.chunkSize(0));
      await Promise.all(
        servers.map((s, half) => s.call('maskedStart', { half, nodes, length, sealed, shared, parts })),
      );
      const both = (task: string, args?: unknown) => Promise.all(servers.map(s => s.call<never>(task, args)));
      const timed = async (run: () => Promise<unknown>) => {
        const start = performance.now();
        await run();
        return (performance.now() - start) / 1000;
      };
      const once = async () => {
        const encs = (await both('maskedRun')).flat();
        if (sealed) await both('receivers', encs);
        for (let index = 0; index < shape.chunks; index++) {
          await both('share');
          await both('add');
          await both('merge', shape.chunkSize(index));
        }
        const [a, b] = (await both('digests')) as unknown as [string[][], string[][]];
        if (sealed && JSON.stringify([a[0], b[0]]) !== JSON.stringify([b[1], a[1]]))
          throw new Error('a digest differs');
      };
      await both('copy');
      const copies: number[] = [];
      const sums: number[] = [];
      for (let i = 0; i < 3; i++) {
        copies.push(await timed(() => both('copy')));
        sums.push(await timed(once));
      }
      const size = shape.chunkSize(shape.chunks - 1);
      const last = shape.open((await both('merged')).map((share: Uint8Array) => share.slice(0, size)));
      if (Math.abs(last[7] - expectedAt(length - last.length + 7, nodes)) > nodes / 2 ** 20)
        throw new Error('the sum is wrong');
      yield {
        name: `masked sum of ${nodes} x ${length.toLocaleString('en')} numbers: share ${sealed ? 'seal, digest, open ' : ''}and add, two cores`,
        unit: 's',
        ours: Math.min(...sums),
        against: { name: 'copying the same bytes', value: Math.min(...copies), note: 'two cores' },
        smallerIsBetter: true,
        runs: 3,
      };
    } finally {
      await Promise.all(servers.map(s => s.stop()));
    }
  }
  yield {
    name: 'masked sum: bytes of one upload against one plain model',
    unit: 'bytes',
    // One seed for the second aggregator; each chunk of 4 MiB sealed, one encapsulation for each aggregator.
    ours: shape.byteLength + 16 * shape.chunks + 1120 + (32 + 16 + 1120),
    against: { name: 'plain 32-bit model', value: plain },
    smallerIsBetter: true,
    runs: 1,
  };
}
