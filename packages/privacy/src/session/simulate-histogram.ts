// A histogram study with many nodes of which some lie and some vanish: the code of a live round without network and signatures.
// Every kind of liar the protocol must name is played in turn; the outcome is compared with the plain sum over the honest nodes left.
import { fieldParameters, writeElement } from '../field/field.ts';
import { sharedArena } from '../kernel/shared.ts';
import { optimalChunkLength } from '../prio3/chunk.ts';
import type { Prio3 } from '../prio3/interface.ts';
import { prio3 } from '../prio3/prio3.ts';
import { histogramCircuit } from '../prio3/range.ts';
import { prio3Histogram } from '../prio3/variants.ts';
import type { ReportRefusal } from './aggregator.ts';
import { type Report, runRound } from './round.ts';

export const lieKinds = [
  'out-of-range',
  'two-buckets',
  'wrong-proof',
  'wrong-shape',
  'other-round',
  'stolen-nonce',
  'twins',
  'collusion',
] as const;

/**
 * - `out-of-range`: 1,000 in one bucket, with the best proof the liar can make
 * - `two-buckets`: one in each of two buckets
 * - `wrong-proof`: one byte of the proof changed
 * - `wrong-shape`: a share cut short
 * - `other-round`: a good report made for another round
 * - `stolen-nonce`: the nonce of an honest node's report
 * - `twins`: two good but different reports
 * - `collusion`: pairs that add what the other takes away, so that their total looks innocent
 */
export type LieKind = (typeof lieKinds)[number];

export interface HistogramSimulation {
  readonly nodes: number;
  readonly liars: number;
  /** Other nodes that vanish: every second before sending, the rest between the first and the second aggregator. */
  readonly vanish: number;
  /** Buckets; default 64. */
  readonly length?: number;
  /** Default 2. */
  readonly aggregators?: number;
  /** `n` random bytes; a seeded source repeats the run. */
  readonly randomBytes: (n: number) => Uint8Array;
  /** Called after each node has sent. */
  readonly progress?: (done: number, nodes: number) => void;
}

export interface HistogramSimulationOutcome {
  /** The sum is exact, every liar was named and nobody else. */
  readonly ok: boolean;
  readonly nodes: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly vanished: number;
  /** The opened sum equals the plain sum over the nodes that neither lied nor vanished. */
  readonly exact: boolean;
  readonly sum: readonly number[];
  readonly rejections: readonly {
    readonly contributor: string;
    readonly lie: LieKind;
    readonly refusal: ReportRefusal;
  }[];
  readonly bytesUploaded: number;
}

/** Plays the round. Throws RangeError if more lie and vanish than there are nodes. */
export function simulateHistogram(o: HistogramSimulation): HistogramSimulationOutcome {
  const length = o.length ?? 64;
  const shares = o.aggregators ?? 2;
  for (const [name, value] of Object.entries({ nodes: o.nodes, liars: o.liars, vanish: o.vanish }))
    if (!Number.isInteger(value) || value < 0) throw new RangeError(`${name} must be a whole number, not ${value}`);
  if (!Number.isInteger(length) || length < 1 || length > 100_000)
    throw new RangeError(`buckets must be a whole number from 1 to 100,000, not ${length}`);
  if (o.liars + o.vanish >= o.nodes)
    throw new RangeError(`${o.liars} liars and ${o.vanish} vanishing leave none of ${o.nodes} nodes`);
  const honest = prio3Histogram({ length, shares });
  const label = new TextEncoder().encode('madang simulated histogram ');
  const ctx = concat(label, o.randomBytes(32));
  const otherCtx = concat(label, o.randomBytes(32));
  const verifyKey = o.randomBytes(32);
  const name = (i: number) => `node-${String(i + 1).padStart(String(o.nodes).length, '0')}`;
  const roles = assignRoles(o);
  const expected = new Array<number>(length).fill(0);
  const lies = new Map<string, LieKind>();
  const liar = lyingHistogram(length, shares);
  let bytesUploaded = 0;
  let honestNonce: Uint8Array | undefined;

  function report(
    i: number,
    vdaf: Prio3<never, unknown, unknown>,
    measurement: unknown,
    overrides: Overrides = {},
  ): Report {
    const nonce = overrides.nonce ?? o.randomBytes(16);
    const made = vdaf.shard(overrides.ctx ?? ctx, measurement as never, nonce, o.randomBytes(vdaf.randSize));
    return { contributor: name(i), nonce, ...made };
  }

  function* reports(): Generator<Report> {
    for (let i = 0; i < o.nodes; i++) {
      const role = roles[i];
      const bucket = below(o.randomBytes, length);
      const other = (bucket + 1) % length;
      let sent: Report[];
      if (role === 'honest') {
        sent = [report(i, honest, bucket)];
        expected[bucket] += 1;
        honestNonce = sent[0].nonce;
      } else if (role === 'vanish') {
        const made = report(i, honest, bucket);
        sent = i % 2 === 0 ? [] : [{ ...made, inputShares: made.inputShares.map((s, j) => (j === 0 ? s : null)) }];
      } else {
        lies.set(name(i), role);
        switch (role) {
          case 'out-of-range':
            sent = [report(i, liar, [[bucket, 1000]])];
            break;
          case 'two-buckets':
            sent = [
              report(
                i,
                liar,
                // With a single bucket both fall into it.
                other === bucket
                  ? [[bucket, 2]]
                  : [
                      [bucket, 1],
                      [other, 1],
                    ],
              ),
            ];
            break;
          case 'collusion':
            // Even liars take two from a bucket, odd ones add them to it.
            sent = [
              report(i, liar, [
                [bucket, 1],
                [0, lies.size % 2 === 0 ? -2 : 2],
              ]),
            ];
            break;
          case 'wrong-proof': {
            const made = report(i, honest, bucket);
            const leader = made.inputShares[0]!.slice();
            leader[length * 16 + below(o.randomBytes, leader.length - length * 16 - 32)] ^= 1;
            sent = [{ ...made, inputShares: [leader, ...made.inputShares.slice(1)] }];
            break;
          }
          case 'wrong-shape': {
            const made = report(i, honest, bucket);
            sent = [{ ...made, inputShares: made.inputShares.map(s => s!.subarray(0, s!.length - 1)) }];
            break;
          }
          case 'other-round':
            sent = [report(i, honest, bucket, { ctx: otherCtx })];
            break;
          case 'stolen-nonce':
            sent = [report(i, honest, bucket, { nonce: honestNonce ?? new Uint8Array(16) })];
            break;
          case 'twins':
            sent = [report(i, honest, bucket), report(i, honest, other)];
            break;
        }
      }
      for (const r of sent) {
        bytesUploaded += r.nonce.length + r.publicShare.length;
        for (const s of r.inputShares) bytesUploaded += s?.length ?? 0;
        yield r;
      }
      o.progress?.(i + 1, o.nodes);
    }
  }

  const invited = Array.from({ length: o.nodes }, (_, i) => name(i));
  const outcome = runRound<number[]>(honest as Prio3<never, number[], unknown>, verifyKey, ctx, invited, reports());
  const sum = outcome.result ?? new Array<number>(length).fill(0);
  const exact = sum.every((x, i) => x === expected[i]);
  const rejections = outcome.rejected.flatMap(r => {
    const lie = lies.get(r.contributor);
    return lie ? [{ ...r, lie }] : [];
  });
  const named = rejections.length === o.liars && outcome.rejected.length === o.liars;
  return {
    ok: exact && named && outcome.vanished.length === o.vanish,
    nodes: o.nodes,
    accepted: outcome.accepted.length,
    rejected: outcome.rejected.length,
    vanished: outcome.vanished.length,
    exact,
    sum,
    rejections,
    bytesUploaded,
  };
}

interface Overrides {
  readonly ctx?: Uint8Array;
  readonly nonce?: Uint8Array;
}

/** The first node is honest (a nonce to steal), the others are dealt at random. */
function assignRoles(o: HistogramSimulation): (LieKind | 'honest' | 'vanish')[] {
  const roles: (LieKind | 'honest' | 'vanish')[] = [];
  for (let i = 0; i < o.liars; i++) roles.push(lieKinds[i % lieKinds.length]);
  for (let i = 0; i < o.vanish; i++) roles.push('vanish');
  while (roles.length < o.nodes - 1) roles.push('honest');
  for (let i = roles.length - 1; i > 0; i--) {
    const j = below(o.randomBytes, i + 1);
    [roles[i], roles[j]] = [roles[j], roles[i]];
  }
  return ['honest', ...roles];
}

/** Histogram with the honest proof but any whole numbers in the buckets: [bucket, value] pairs. */
function lyingHistogram(length: number, shares: number): Prio3<never, unknown, unknown> {
  const circuit = histogramCircuit(length, optimalChunkLength(length));
  const lying = {
    ...circuit,
    encode(pairs: readonly (readonly [number, number])[], memory: Uint8Array, out: number) {
      for (const [bucket, value] of pairs)
        writeElement(fieldParameters.Field128, memory, out + bucket * 16, BigInt(value));
    },
  };
  return prio3(sharedArena(), lying, { name: 'lying Prio3Histogram', id: 4, shares, proofs: 1 }) as Prio3<
    never,
    unknown,
    unknown
  >;
}

/** Uniform below `n`, at most 2^32. */
function below(randomBytes: (n: number) => Uint8Array, n: number): number {
  const limit = 2 ** 32 - (2 ** 32 % n);
  for (;;) {
    const b = randomBytes(4);
    const x = ((b[0] << 24) | (b[1] << 16) | (b[2] << 8) | b[3]) >>> 0;
    if (x < limit) return x % n;
  }
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
