// A histogram study of many nodes with faults, over the real Prio3 messages: some nodes lie in one of several ways, some vanish at one of several steps.
// What comes out must be the exact counts of the others, and every liar must be named.
import { random } from '@madang/numerics';
import { type Prio3Vector, prio3Histogram, type RandomBytes } from '@madang/privacy';

/** How a simulated node lies; the wording of what the aggregators find is theirs. */
export const lies = [
  'claims two buckets at once',
  'spoils its proof',
  'sends a share that is too short',
  'reuses a nonce of another report',
  'sends a report of another round',
  'gives the aggregators different public shares',
] as const;

/** Where a simulated node dies. */
export const vanishings = ['before it computes', 'after one of two shares', 'before its slip is signed'] as const;

export interface HistogramSimulation {
  readonly nodes: number;
  readonly buckets: number;
  readonly liars: number;
  readonly vanish: number;
  readonly seed: string | number;
  readonly randomBytes: RandomBytes;
  /** Called after each node. */
  readonly tick?: () => void;
}

export interface HistogramOutcome {
  readonly ok: boolean;
  readonly accepted: number;
  readonly rejected: number;
  readonly vanished: number;
  /** The aggregate equals the counts of the accepted nodes, counted in the clear. */
  readonly exact: boolean;
  readonly counts: readonly number[];
  /** One row a node whose report was refused. */
  readonly rejections: readonly { readonly node: number; readonly lie: string; readonly why: string }[];
  readonly uploadBytesPerNode: number;
  readonly betweenAggregatorsBytesPerNode: number;
}

/** Runs one round. Throws RangeError when more nodes lie and vanish than there are, or fewer than three would be left. */
export function simulateHistogram(o: HistogramSimulation): HistogramOutcome {
  for (const [name, v] of Object.entries({ nodes: o.nodes, buckets: o.buckets, liars: o.liars, vanish: o.vanish }))
    if (!Number.isSafeInteger(v) || v < 0) throw new RangeError(`${name}: ${v} is not a whole number`);
  if (o.liars + o.vanish > o.nodes - 3)
    throw new RangeError(
      `${o.liars} liars and ${o.vanish} vanishing of ${o.nodes} nodes leave fewer than the least of 3 contributors`,
    );
  const vdaf = prio3Histogram({ length: o.buckets });
  const r = random(`madang simulated histogram ${o.seed}`);
  const role = shuffledRoles(o, r.below);
  const key = o.randomBytes(vdaf.verifyKeySize);
  const ctx = new TextEncoder().encode('madang simulated study, round 1');
  const otherRound = new TextEncoder().encode('madang simulated study, round 2');
  const totals = [vdaf.aggregateInit(), vdaf.aggregateInit()];
  const truth = new Float64Array(o.buckets);
  const rejections: { node: number; lie: string; why: string }[] = [];
  let accepted = 0;
  let vanished = 0;
  const usedNonces = new Set<string>();
  let firstNonce: Uint8Array | undefined;
  for (let node = 0; node < o.nodes; node++) {
    // Skewed buckets, so that an error in one place cannot hide.
    const bucket = Math.min(r.below(o.buckets), r.below(o.buckets));
    const me = role[node];
    if (me.kind === 'vanishes') {
      vanished += 1; // at whichever step: without both shares and a slip, no aggregator can begin
    } else {
      const lie = me.kind === 'lies' ? me.lie : undefined;
      const nonce =
        lie === 'reuses a nonce of another report' && firstNonce ? firstNonce : o.randomBytes(vdaf.nonceSize);
      const sharded = vdaf.shard(
        lie === 'sends a report of another round' ? otherRound : ctx,
        bucket,
        nonce,
        o.randomBytes(vdaf.randSize),
      );
      const report = {
        nonce,
        publicShares: [sharded.publicShare, sharded.publicShare],
        inputShares: sharded.inputShares,
      };
      if (lie) tamper(report, lie, (bucket + 1) % o.buckets);
      const why = receive(vdaf, key, ctx, report, usedNonces, totals);
      if (why === undefined) {
        accepted += 1;
        firstNonce ??= nonce;
        truth[bucket] += 1;
      } else rejections.push({ node, lie: lie ?? 'honest', why });
    }
    o.tick?.();
  }
  const counts = vdaf.unshard(totals, accepted);
  const exact = counts.every((c, i) => c === truth[i]);
  const onlyLiars = rejections.length === o.liars && rejections.every(x => x.lie !== 'honest');
  return {
    ok: exact && onlyLiars && vanished === o.vanish && accepted === o.nodes - o.liars - o.vanish,
    accepted,
    rejected: rejections.length,
    vanished,
    exact,
    counts,
    rejections,
    uploadBytesPerNode: 2 * vdaf.publicShareSize + vdaf.inputShareSize(0) + vdaf.inputShareSize(1) + 2 * vdaf.nonceSize,
    betweenAggregatorsBytesPerNode: 2 * vdaf.verifierShareSize,
  };
}

interface Report {
  readonly nonce: Uint8Array;
  /** As each aggregator received it. */
  readonly publicShares: Uint8Array[];
  readonly inputShares: Uint8Array[];
}

/** Both aggregators on one report. Adds its output shares and returns undefined, or returns why it is refused; the totals are then untouched. */
function receive(
  vdaf: Prio3Vector<number>,
  key: Uint8Array,
  ctx: Uint8Array,
  { nonce, publicShares, inputShares }: Report,
  usedNonces: Set<string>,
  totals: readonly Uint8Array[],
): string | undefined {
  const id = nonce.join();
  if (usedNonces.has(id)) return 'nonce: already used in this round';
  if (publicShares[0].join() !== publicShares[1].join()) return 'public share: the aggregators hold different ones';
  try {
    const begun = inputShares.map((share, j) => vdaf.verifyInit(key, ctx, j, nonce, publicShares[j], share));
    const message = vdaf.verifierSharesToMessage(
      ctx,
      begun.map(b => b.verifierShare),
    );
    const out = begun.map(b => vdaf.verifyNext(b.state, message));
    usedNonces.add(id);
    out.forEach((share, j) => {
      vdaf.aggregateUpdate(totals[j], share);
    });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function tamper(report: Report, lie: (typeof lies)[number], otherBucket: number): void {
  const { inputShares, publicShares } = report;
  switch (lie) {
    case 'claims two buckets at once':
      inputShares[0] = inputShares[0].slice();
      inputShares[0][otherBucket * 16] ^= 1; // Field128: 16 bytes a number
      return;
    case 'spoils its proof':
      inputShares[0] = inputShares[0].slice();
      inputShares[0][inputShares[0].length - 48] ^= 0x20;
      return;
    case 'sends a share that is too short':
      inputShares[1] = inputShares[1].subarray(1);
      return;
    case 'gives the aggregators different public shares':
      publicShares[1] = publicShares[1].slice();
      publicShares[1][0] ^= 1;
      return;
    case 'reuses a nonce of another report':
    case 'sends a report of another round':
      return; // done when sharding
  }
}

type Role = { kind: 'honest' } | { kind: 'vanishes' } | { kind: 'lies'; lie: (typeof lies)[number] };

/** Node 0 is honest, so that there is a nonce to reuse; the others in random order. */
function shuffledRoles(o: HistogramSimulation, below: (n: number) => number): Role[] {
  const roles: Role[] = Array.from({ length: o.nodes - 1 }, (_, i): Role => {
    if (i < o.liars) return { kind: 'lies', lie: lies[i % lies.length] };
    return i < o.liars + o.vanish ? { kind: 'vanishes' } : { kind: 'honest' };
  });
  for (let i = roles.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [roles[i], roles[j]] = [roles[j], roles[i]];
  }
  return [{ kind: 'honest' }, ...roles];
}
