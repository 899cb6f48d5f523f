// One aggregator, or one half of the nodes, on a core of its own. Answers {id, task, args} with {id, result}, in order.
import * as nodeCrypto from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort } from 'node:worker_threads';
import {
  type Contribution,
  type MaskedSum,
  maskedSum,
  nodeMask,
  prio3Histogram,
  RoundAggregator,
} from '@madang/privacy';
import { generateSealKey, setupReceiver, setupSender } from '@madang/trust';

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
  readonly half: number;
  readonly nodes: number;
  readonly length: number;
  readonly sealed: boolean;
  /** One chunk of each node's first share, side by side. */
  readonly shared: SharedArrayBuffer;
  /** One chunk of each core's part of each aggregator's sum. */
  readonly parts: SharedArrayBuffer;
}

let masked:
  | {
      start: MaskedStart;
      sum: MaskedSum;
      inputs: Float32Array[];
      copies: Float32Array[];
    }
  | undefined;
let run:
  | {
      generators: ReturnType<MaskedSum['shard']>[];
      others: number[];
      aggregates: ReturnType<MaskedSum['aggregate']>[];
      hashes: nodeCrypto.Hash[];
      checks: nodeCrypto.Hash[];
      senders: ReturnType<typeof setupSender>[];
      receivers: ReturnType<typeof setupReceiver>[];
      sizes: number[];
    }
  | undefined;

const tag = 16;
const info = new TextEncoder().encode('bench masked sum');
const none = new Uint8Array(0);

/** Where one core puts its part of one aggregator's sum. */
function part(half: number, aggId: number): Uint8Array {
  const { start, sum } = masked!;
  return new Uint8Array(start.parts, (2 * half + aggId) * sum.chunkSize(0), sum.chunkSize(0));
}

const maskedTasks: Tasks = {
  maskedStart(start: MaskedStart) {
    const sum = maskedSum(
      { length: start.length, ring: 32, clip: 1, scale: 2 ** 20, contributors: start.nodes },
      nodeMask(nodeCrypto),
    );
    const own = start.nodes / 2;
    const inputs = Array.from({ length: own }, (_, i) => {
      const values = new Float32Array(start.length);
      for (let k = 0; k < values.length; k++) values[k] = ((k * 2654435761 + i) % 2000) / 1000 - 1;
      return values;
    });
    masked = { start, sum, inputs, copies: inputs.map(() => new Float32Array(start.length)) };
  },
  copy() {
    for (const [i, values] of masked!.inputs.entries()) masked!.copies[i].set(values);
  },
  maskedRun() {
    const { start, sum, inputs } = masked!;
    const seed = (node: number) => new Uint8Array(32).fill(node + 1);
    const own = inputs.length;
    const slot = sum.chunkSize(0) + tag;
    const view = (node: number, n: number) => new Uint8Array(start.shared, node * slot, n);
    // Each core adds what the other core's nodes shared, for both aggregators; the partial sums are merged at the end.
    const others = Array.from({ length: own }, (_, i) => (1 - start.half) * own + i);
    const firsts = others.map((node): Contribution => {
      const readChunk = (index: number) => {
        const size = sum.chunkSize(index);
        return start.sealed ? run!.receivers[node].open(none, view(node, size + tag)) : view(node, size);
      };
      return { contributor: `node-${node}`, byteLength: sum.byteLength, readChunk };
    });
    const seeds = others.map((node): Contribution => ({ contributor: `node-${node}`, seed: seed(node) }));
    const keyOf = (node: number) => generateSealKey(new Uint8Array(32).fill(100 + node)).publicKey;
    const senders = start.sealed ? inputs.map((_, i) => setupSender(keyOf(start.half * own + i), info)) : [];
    const into = new Uint8Array(sum.chunkSize(0));
    run = {
      generators: inputs.map((values, i) =>
        sum.shard(
          values,
          [seed(start.half * own + i)],
          start.sealed ? into : view(start.half * own + i, sum.chunkSize(0)),
        ),
      ),
      others,
      aggregates: [sum.aggregate(firsts, part(start.half, 0)), sum.aggregate(seeds, part(start.half, 1))],
      hashes: inputs.map(() => nodeCrypto.createHash('sha256')),
      checks: inputs.map(() => nodeCrypto.createHash('sha256')),
      senders,
      receivers: [],
      sizes: [],
    };
    return senders.map(s => s.enc);
  },
  receivers(encs: Uint8Array[]) {
    run!.receivers = encs.map((enc, node) => setupReceiver(new Uint8Array(32).fill(100 + node), enc, info));
  },
  /** The nodes of this half share their next chunk. */
  async share() {
    const { start, sum, inputs } = masked!;
    const slot = sum.chunkSize(0) + tag;
    for (const [i, generator] of run!.generators.entries()) {
      const { value } = await generator.next();
      if (!value) throw new Error('no chunk is left');
      if (!start.sealed) continue; // it was written where it belongs
      const bytes = run!.senders[i].seal(none, value.share);
      run!.hashes[i].update(bytes);
      new Uint8Array(start.shared, (start.half * inputs.length + i) * slot, bytes.length).set(bytes);
      run!.sizes[i] = bytes.length;
    }
  },
  /** Checks the digests of the other half's shares, then adds for both aggregators. */
  async add() {
    const { start, sum } = masked!;
    const slot = sum.chunkSize(0) + tag;
    for (const [i, node] of run!.others.entries())
      if (start.sealed) run!.checks[i].update(new Uint8Array(start.shared, node * slot, run!.sizes[i]));
    for (const aggregate of run!.aggregates) if ((await aggregate.next()).done) throw new Error('no chunk is left');
  },
  /** Each core merges the parts of one aggregator's sum of a chunk of `bytes` bytes. */
  merge(bytes: number) {
    const { start, sum } = masked!;
    const parts = [0, 1].map(half => part(half, start.half).subarray(0, bytes));
    part(start.half, start.half).set(sum.merge(parts));
  },
  merged: () => part(masked!.start.half, masked!.start.half).slice(),
  digests: () => [run!.hashes, run!.checks].map(list => list.map(h => h.digest('hex'))),
};

const tasks: Tasks = { ...prio3Tasks, ...maskedTasks };

parentPort!.on('message', async ({ id, task, args }: { id: number; task: string; args: never }) => {
  try {
    parentPort!.postMessage({ id, result: await tasks[task](args) });
  } catch (error) {
    parentPort!.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
