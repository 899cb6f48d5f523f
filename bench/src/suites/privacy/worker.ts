// One aggregator, or one half of the nodes, on a core of its own. Answers {id, task, args} with {id, result}, in order.
import * as nodeCrypto from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort } from 'node:worker_threads';
import {
  type ChunkRange,
  type Contribution,
  type MaskedSum,
  maskedSum,
  nodeBody,
  nodeMask,
  prio3Histogram,
  RoundAggregator,
} from '@madang/privacy';
import { generateSealKey, open as openSealed, seal as sealTo } from '@madang/trust';
import { valueAt } from './made-up.ts';

type Tasks = Record<string, (args: never) => unknown>;

let aggregator: RoundAggregator | undefined;
let sizes = { length: 0, aggId: 0 };

/** Reports packed one after the other: nonce, public share, input share; verifier shares likewise. */
const prio3Tasks: Tasks = {
  start(o: { length: number; aggId: number; verifyKey: Uint8Array; ctx: Uint8Array }) {
    sizes = o;
    aggregator = new RoundAggregator({ ...o, prio3: prio3Histogram({ length: o.length }) as never });
  },
  receive({ first, packed }: { first: number; packed: Uint8Array<SharedArrayBuffer> }) {
    const v = prio3Histogram({ length: sizes.length });
    const inputSize = v.inputShareSize(sizes.aggId);
    const stride = 16 + v.publicShareSize + inputSize;
    const n = packed.length / stride;
    const out = new Uint8Array(n * v.verifierShareSize);
    for (let i = 0; i < n; i++) {
      const at = i * stride;
      const received = aggregator!.receive({
        contributor: `node-${first + i}`,
        nonce: packed.subarray(at, at + 16),
        publicShare: packed.subarray(at + 16, at + 16 + v.publicShareSize),
        inputShare: packed.subarray(at + 16 + v.publicShareSize, at + stride),
      });
      if (!received.ok) throw new Error(received.refusal.why);
      out.set(received.verifierShare, i * v.verifierShareSize);
    }
    return out;
  },
  decide({ first, shares }: { first: number; shares: Uint8Array[] }) {
    const size = prio3Histogram({ length: sizes.length }).verifierShareSize;
    const n = shares[0].length / size;
    for (let i = 0; i < n; i++) {
      const decided = aggregator!.decide(
        `node-${first + i}`,
        shares.map(s => s.subarray(i * size, (i + 1) * size)),
      );
      if (!decided.ok) throw new Error(decided.refusal.why);
    }
  },
  close: () => aggregator!.close().aggregateShare,
  /** Bytes this thread keeps, garbage collected first. */
  kept() {
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  },
};

interface MaskedStart {
  readonly nodes: number;
  readonly length: number;
  readonly sealed: boolean;
  /** The chunks that this core works on, of every node and for both aggregators. */
  readonly range: ChunkRange;
  /** Both aggregators' shares of the sum, one after the other. */
  readonly sums: SharedArrayBuffer;
}

let masked: { start: MaskedStart; sum: MaskedSum; inputs: Float32Array[]; copies: Float32Array[] } | undefined;

const info = new TextEncoder().encode('bench masked sum');
const none = new Uint8Array(0);
const seedOf = (node: number) => new Uint8Array(32).fill(node + 1);

const maskedTasks: Tasks = {
  maskedStart(start: MaskedStart) {
    const sum = maskedSum(
      { length: start.length, ring: 32, clip: 1, scale: 2 ** 20, contributors: start.nodes },
      nodeMask(nodeCrypto),
    );
    const first = (start.range.first * sum.shape.chunkBytes) / 4;
    const count = Math.min(start.length, (start.range.end * sum.shape.chunkBytes) / 4) - first;
    const inputs = Array.from({ length: start.nodes }, (_, i) =>
      new Float32Array(count).map((_v, k) => valueAt(first + k, i)),
    );
    masked = { start, sum, inputs, copies: inputs.map(() => new Float32Array(count)) };
  },
  copy() {
    for (const [i, values] of masked!.inputs.entries()) masked!.copies[i].set(values);
  },
  /**
   * Everything that nodes and aggregators do with these chunks. An aggregator asks for a node's chunk, the node shares it there and then: what is in the
   * cache is used while it is there. The wire is a buffer.
   */
  async maskedRun() {
    const { start, sum, inputs } = masked!;
    const { range, length } = start;
    const wire = new Uint8Array(sum.chunkSize(0));
    const opened = new Uint8Array(sum.chunkSize(0));
    const body = nodeBody(nodeCrypto);
    const firsts = inputs.map((values, node): Contribution => {
      const from = (range.first * sum.shape.chunkBytes) / 4;
      const source = { length, read: (at: number, n: number) => values.subarray(at - from, at - from + n) };
      const chunks = sum.shard(source, [seedOf(node)], wire, range);
      const key = new Uint8Array(nodeCrypto.randomBytes(32));
      // The key of the body goes sealed to the aggregator, once.
      const seal = generateSealKey(new Uint8Array(32).fill(100 + node));
      const received = start.sealed
        ? openSealed(seal.secretKey, info, none, sealTo(seal.publicKey, info, none, key))
        : key;
      const readChunk = async (index: number) => {
        const { value } = await chunks.next();
        if (!value) throw new Error('no chunk is left');
        if (!start.sealed) return value.share;
        const tag = body.seal(key, index, value.share, value.share);
        const plain = opened.subarray(0, value.share.length);
        if (!body.open(received, index, value.share, tag, plain)) throw new Error('a chunk does not open');
        return plain;
      };
      return { contributor: `node-${node}`, byteLength: sum.byteLength, readChunk };
    });
    const seeds = inputs.map((_, node): Contribution => ({ contributor: `node-${node}`, seed: seedOf(node) }));
    for (const [aggId, contributions] of [firsts, seeds].entries()) {
      const target = new Uint8Array(start.sums, aggId * sum.byteLength, sum.byteLength);
      const into = new Uint8Array(sum.chunkSize(0));
      for await (const { index, share } of sum.aggregate(contributions, into, range))
        target.set(share, index * sum.shape.chunkBytes);
    }
  },
};

const tasks: Tasks = { ...prio3Tasks, ...maskedTasks };

parentPort!.on('message', async ({ id, task, args }: { id: number; task: string; args: never }) => {
  try {
    parentPort!.postMessage({ id, result: await tasks[task](args) });
  } catch (error) {
    parentPort!.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
