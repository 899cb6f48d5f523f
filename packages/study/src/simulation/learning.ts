// A whole learning study without the network: simulated rows at the nodes, the encoded messages of a live study through secret shares, and the same
// training on all rows in one place beside it.
import { random } from '@madang/numerics';
import {
  epsilonFromMicroRho,
  type MaskCipher,
  microRho,
  microRhoFor,
  type RandomBytes,
  varianceFor,
} from '@madang/privacy';
import {
  type AsyncSummation,
  type Presence,
  plainSum,
  type RoundReport,
  sensitivitySquared,
} from '../kinds/learner.ts';
import { type NoisePlan, secureSum, type Traffic } from './secure-sum.ts';
import { subjects } from './subjects/index.ts';
import type { Subject } from './subjects/subject.ts';

export interface LearningSimulation {
  readonly kind: string;
  readonly nodes: number;
  /** Rows over all nodes. */
  readonly rows: number;
  readonly seed: string | number;
  /** Through secret shares; else added in the clear. */
  readonly secure: boolean;
  readonly randomBytes: RandomBytes;
  /** Key stream of the masks: `nodeMask(crypto)` or `webMask(crypto.subtle)`. */
  readonly mask: MaskCipher;
  /** Milliseconds from any start. */
  readonly now: () => number;
  /** Kind-specific whole or real numbers, e.g. trees, depth. */
  readonly settings?: Readonly<Record<string, number>>;
  /** Nodes that vanish for good, each in a round drawn from the seed; the rest finishes. */
  readonly vanish?: number;
  /** Differential privacy: every round's sums get each aggregator's noise, so that all rounds together stay within the budget. Needs `secure`. */
  readonly privacy?: {
    readonly epsilon: number;
    readonly delta: number;
    /** Most rows that one protected unit has. */
    readonly rowsAUnit: number;
  };
  /** Called once before the first round: how many there can be in all, plain comparison included. */
  readonly onStart?: (mostRounds: number) => void;
  readonly onRound?: (report: RoundReport) => void;
}

export interface LearningOutcome {
  readonly ok: boolean;
  readonly kind: string;
  readonly nodes: number;
  readonly rows: number;
  readonly secure: boolean;
  /** The federated model equals the central one to the last bit. */
  readonly identicalToCentral: boolean;
  /** With secret sharing: the model equals the one from plain sums, absences included. */
  readonly identicalToPlain?: boolean;
  /** Who vanished, and the first round without it. */
  readonly vanished?: readonly { readonly node: number; readonly fromRound: number }[];
  readonly rounds: number;
  /** Numbers that one node sent over all rounds. */
  readonly numbersPerNode: number;
  /** Bytes of all uploads; absent when nothing was shared. */
  readonly uploadBytes?: number;
  readonly seconds: { readonly federated: number; readonly central: number; readonly plainSums?: number };
  /** Time with secret sharing over time with plain sums. */
  readonly secureOverPlain?: number;
  /** Mean loss on rows that no node holds. */
  readonly loss: { readonly untrained: number; readonly federated: number; readonly central: number };
  /** What was spent, by the noise of one aggregator: epsilon at the delta asked for. */
  readonly privacy?: {
    readonly epsilon: number;
    readonly delta: number;
    readonly microRho: number;
    readonly rowsAUnit: number;
  };
  readonly details?: Readonly<Record<string, unknown>>;
}

export const learningKinds: readonly string[] = Object.keys(subjects);

/** Throws RangeError on settings that cannot be. */
export async function simulateLearning(o: LearningSimulation): Promise<LearningOutcome> {
  const make = subjects[o.kind];
  if (!make) throw new RangeError(`kind: there is no "${o.kind}"; there are ${learningKinds.join(', ')}`);
  if (!Number.isSafeInteger(o.nodes) || o.nodes < 1)
    throw new RangeError(`nodes: ${o.nodes} is not a whole number above 0`);
  if (!Number.isSafeInteger(o.rows) || o.rows < o.nodes)
    throw new RangeError(`rows: ${o.rows} are fewer than one for each of ${o.nodes} nodes`);
  const subject: Subject = knownSettings(o.kind, o.settings ?? {}, s => make(o.nodes, o.rows, o.seed, s));
  o.onStart?.(subject.mostRounds * (o.secure ? 2 : 1));
  const vanished = vanishings(o, subject.mostRounds);
  const present: Presence = (node, round) => !vanished.some(v => v.node === node + 1 && round >= v.fromRound);
  const timed = async (sum: AsyncSummation) => {
    const start = o.now();
    const run = await subject.federated(sum, o.onRound, present);
    return { ...run, seconds: (o.now() - start) / 1000 };
  };
  const traffic: Traffic = { bytes: 0 };
  const budget = o.privacy && planNoise(o.privacy, subject.mostRounds, o.secure);
  const plain = o.secure ? await timed(plainSum) : undefined;
  const run = await timed(o.secure ? secureSum(o.mask, o.randomBytes, traffic, budget?.plan) : plainSum);
  const start = o.now();
  const central = subject.central();
  const centralSeconds = (o.now() - start) / 1000;
  const identical = sameModel(run.model, central);
  const asPlain = plain && !budget ? sameModel(run.model, plain.model) : undefined;
  return {
    ok:
      Number.isFinite(subject.loss(run.model)) &&
      asPlain !== false &&
      (identical || budget !== undefined || vanished.length > 0 || !subject.onlySums),
    kind: o.kind,
    nodes: o.nodes,
    rows: o.rows,
    secure: o.secure,
    identicalToCentral: identical,
    ...(asPlain === undefined ? {} : { identicalToPlain: asPlain }),
    ...(vanished.length > 0 ? { vanished } : {}),
    rounds: run.rounds,
    numbersPerNode: run.numbers,
    ...(o.secure ? { uploadBytes: traffic.bytes } : {}),
    seconds: { federated: run.seconds, central: centralSeconds, ...(plain ? { plainSums: plain.seconds } : {}) },
    ...(plain ? { secureOverPlain: run.seconds / plain.seconds } : {}),
    loss: {
      untrained: subject.loss(undefined),
      federated: subject.loss(run.model),
      central: subject.loss(central),
    },
    ...(budget ? { privacy: budget.report() } : {}),
    ...(subject.details ? { details: subject.details(run.model, central) } : {}),
  };
}

/** Makes a subject and refuses settings that it never asked for: a misspelt one must not pass for a default. */
function knownSettings(kind: string, given: Readonly<Record<string, number>>, make: (s: typeof given) => Subject) {
  const asked = new Set<string>();
  const watched = new Proxy(given, {
    get(target, name) {
      asked.add(String(name));
      return Reflect.get(target, name) as unknown;
    },
  });
  const subject = make(watched);
  for (const name of Object.keys(given))
    if (!asked.has(name))
      throw new RangeError(`${kind} has no setting "${name}"; it has ${[...asked].sort().join(', ')}`);
  return subject;
}

function vanishings(o: LearningSimulation, mostRounds: number): { node: number; fromRound: number }[] {
  const vanish = o.vanish ?? 0;
  if (!Number.isSafeInteger(vanish) || vanish < 0) throw new RangeError(`vanish: ${vanish} is not a whole number`);
  if (vanish > 0 && vanish > o.nodes - 3)
    throw new RangeError(`${vanish} vanishing of ${o.nodes} nodes leave fewer than the least of 3 contributors`);
  const r = random(`vanishing nodes ${o.seed}`);
  const left = Array.from({ length: o.nodes }, (_, i) => i + 1);
  return Array.from({ length: vanish }, () => ({
    node: left.splice(r.below(left.length), 1)[0],
    fromRound: 1 + r.below(mostRounds),
  }));
}

/** The budget in equal parts over the rounds; each round's variance follows from what one unit can move in it. */
function planNoise(
  p: NonNullable<LearningSimulation['privacy']>,
  mostRounds: number,
  secure: boolean,
): { plan: NoisePlan; report(): NonNullable<LearningOutcome['privacy']> } {
  if (!secure) throw new RangeError("privacy: noise is the aggregators' to add; use it with --secure");
  const part = microRhoFor(p.epsilon, p.delta) / BigInt(mostRounds);
  if (part < 1n)
    throw new RangeError(
      `privacy: epsilon ${p.epsilon} divided by ${mostRounds} rounds leaves nothing; fewer rounds or more epsilon`,
    );
  let spent = 0n;
  return {
    plan(ask) {
      const d2 = sensitivitySquared(ask, p.rowsAUnit);
      const variance = varianceFor(d2, part);
      spent += microRho(d2, variance);
      return variance;
    },
    report: () => ({
      epsilon: epsilonFromMicroRho(spent, p.delta),
      delta: p.delta,
      microRho: Number(spent),
      rowsAUnit: p.rowsAUnit,
    }),
  };
}

/** Equal in structure and in every bit of every number (so that -0 is not 0 and NaN is NaN). */
export function sameModel(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (ArrayBuffer.isView(a) !== ArrayBuffer.isView(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const [x, y] = [Object.entries(a), Object.entries(b)];
  return (
    x.length === y.length &&
    x.every(([key, value]) => key in b && sameModel(value, (b as Record<string, unknown>)[key]))
  );
}
