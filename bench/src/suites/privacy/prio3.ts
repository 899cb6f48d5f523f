// Prio3, one thread: seconds to shard one report and to verify it at both aggregators together, beside libprio-rs and @divviup/prio3.
import { randomBytes } from 'node:crypto';
import { optimalChunkLength, type Prio3, prio3Count, prio3Histogram, prio3Sum, prio3SumVec } from '@madang/privacy';
import type { Figure } from '../../figure.ts';
import { type DivviupPrio3, divviup, type LibprioTiming, libprio } from './peers.ts';

type AnyPrio3 = Prio3<unknown, unknown, unknown>;

const ctx = new TextEncoder().encode('bench');
const rounds = 3;
/** libprio-rs bounds a sum by 2^32 - 1 here. */
const maxSum = 2 ** 32 - 1;

const types: readonly { readonly name: string; readonly make: () => unknown; readonly measurement: unknown }[] = [
  { name: 'Count', make: () => prio3Count(), measurement: true },
  { name: 'Sum 32 bits', make: () => prio3Sum({ maxMeasurement: maxSum }), measurement: 123_456 },
  { name: 'Histogram 100', make: () => prio3Histogram({ length: 100 }), measurement: 3 },
  { name: 'Histogram 256', make: () => prio3Histogram({ length: 256 }), measurement: 3 },
  {
    name: 'SumVec 1000 x 1 bit',
    make: () => prio3SumVec({ length: 1000, maxMeasurement: 1 }),
    measurement: new Array(1000).fill(1),
  },
  {
    name: 'SumVec 1000 x 16 bits',
    make: () => prio3SumVec({ length: 1000, maxMeasurement: 65535 }),
    measurement: new Array(1000).fill(12345),
  },
  {
    name: 'SumVec 1000 x 16 bits, Field64, 3 proofs',
    make: () => prio3SumVec({ length: 1000, maxMeasurement: 65535, field: 'Field64', proofs: 3 }),
    measurement: new Array(1000).fill(12345),
  },
];

export async function* prio3Figures(): AsyncGenerator<Figure> {
  const chunks = { histogram100: 100, histogram256: 256, sumvec1: 1000, sumvec16: 16000 };
  const words = Object.entries(chunks).map(([name, n]) => `${name}=${optimalChunkLength(n)}`);
  const peer = await libprio(words);
  for (const { name, make, measurement } of types) {
    const v = make() as AnyPrio3;
    const theirs = peer.ok ? peer.value.find(t => t.name === name) : undefined;
    const note = peer.ok
      ? theirs && readsTheirs(v, theirs)
        ? 'its report verifies here'
        : 'its report is REFUSED here'
      : peer.why;
    const key = randomBytes(32);
    const nonce = randomBytes(16);
    const rand = randomBytes(v.randSize);
    const report = v.shard(ctx, measurement, nonce, rand);
    const shard = seconds(() => v.shard(ctx, measurement, nonce, rand));
    const verify = seconds(() => verifyBoth(v, key, nonce, report));
    const figure = (what: string, ours: number, value: number | undefined): Figure => ({
      name: `${name}: ${what}`,
      unit: 's',
      ours,
      against: { name: 'libprio-rs 0.18.1', value, note },
      smallerIsBetter: true,
      runs: rounds,
    });
    yield figure('shard one report', shard, theirs?.shard);
    yield figure('verify one report, both aggregators', verify, theirs?.verify);
  }
  yield* divviupFigures();
}

async function* divviupFigures(): AsyncGenerator<Figure> {
  const peer = await divviup();
  const cases = [
    { name: 'Histogram 100', ours: prio3Histogram({ length: 100, chunkLength: 10 }), measurement: 3 },
    {
      name: 'SumVec 1000 x 1 bit',
      ours: prio3SumVec({ length: 1000, maxMeasurement: 1, chunkLength: 32 }),
      measurement: new Array(1000).fill(1),
    },
    {
      name: 'SumVec 1000 x 16 bits',
      ours: prio3SumVec({ length: 1000, maxMeasurement: 65535, chunkLength: 127 }),
      measurement: new Array(1000).fill(12345),
    },
  ];
  const theirsOf: readonly ((d: {
    Prio3Histogram: new (o: object) => DivviupPrio3;
    Prio3SumVec: new (o: object) => DivviupPrio3;
  }) => DivviupPrio3)[] = [
    d => new d.Prio3Histogram({ shares: 2, length: 100, chunkLength: 10 }),
    d => new d.Prio3SumVec({ shares: 2, length: 1000, bits: 1, chunkLength: 32 }),
    d => new d.Prio3SumVec({ shares: 2, length: 1000, bits: 16, chunkLength: 127 }),
  ];
  for (const [i, { name, ours, measurement }] of cases.entries()) {
    const v = ours as unknown as AnyPrio3;
    const key = randomBytes(32);
    const nonce = randomBytes(16);
    const rand = randomBytes(v.randSize);
    const perReport = seconds(() => verifyBoth(v, key, nonce, v.shard(ctx, measurement, nonce, rand)));
    const theirs = peer.ok ? await divviupSeconds(theirsOf[i](peer.value), measurement) : undefined;
    yield {
      name: `${name}: reports a second, shard and verify at both aggregators`,
      unit: 'reports/s',
      ours: 1 / perReport,
      against: {
        name: '@divviup/prio3 0.8.0',
        value: theirs === undefined ? undefined : 1 / theirs,
        note: peer.ok ? 'draft 8, same chunk length' : peer.why,
      },
      smallerIsBetter: false,
      runs: rounds,
    };
  }
}

async function divviupSeconds(v: DivviupPrio3, measurement: unknown): Promise<number> {
  const key = randomBytes(v.verifyKeySize);
  const nonce = randomBytes(16);
  const rand = randomBytes(v.randSize);
  const one = async () => {
    const { publicShare, inputShares } = await v.shard(measurement, nonce, rand);
    const made = [];
    for (const [j, share] of inputShares.entries())
      made.push(await v.prepareInit(key, j, null, nonce, publicShare, share));
    const message = await v.unshardPreparationShares(
      null,
      made.map(m => m.preparationShare),
    );
    for (const m of made) v.prepareNext(m.preparationState, message);
  };
  await one();
  const start = performance.now();
  let n = 0;
  while (performance.now() - start < 1000) {
    await one();
    n += 1;
  }
  return (performance.now() - start) / 1000 / n;
}

function verifyBoth(
  v: AnyPrio3,
  key: Uint8Array,
  nonce: Uint8Array,
  report: { readonly publicShare: Uint8Array; readonly inputShares: readonly Uint8Array[] },
): void {
  const made = report.inputShares.map((s, j) => v.verifyInit(key, ctx, j, nonce, report.publicShare, s));
  const message = v.verifierSharesToMessage(
    ctx,
    made.map(m => m.verifierShare),
  );
  for (const m of made) v.verifyNext(m.state, message);
}

/** Does the peer's report verify with our code, with the verifier shares the peer computed? */
function readsTheirs(v: AnyPrio3, t: LibprioTiming): boolean {
  const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
  const key = new Uint8Array(32).fill(9);
  const nonce = new Uint8Array(16).fill(7);
  const shares = t.inputShares.map(
    (s, j) => v.verifyInit(key, ctx, j, nonce, hex(t.publicShare), hex(s)).verifierShare,
  );
  v.verifierSharesToMessage(ctx, shares);
  return shares.every((s, j) => Buffer.from(s).toString('hex') === t.verifierShares[j]);
}

/** The fastest of three rounds of at least 0.3 s each, as the peer measures itself. */
function seconds(run: () => unknown): number {
  run();
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    let n = 0;
    while (performance.now() - start < 300) {
      run();
      n += 1;
    }
    best = Math.min(best, (performance.now() - start) / 1000 / n);
  }
  return best;
}
