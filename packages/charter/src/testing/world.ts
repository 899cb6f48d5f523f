// A small world for tests: members with known keys, a running replay, and one line for each act. Keys come from seeds, so ids are the same every time.
import {
  encodePublicKey,
  generateSealKey,
  type HybridKey,
  hybridKeyFromSeed,
  type Json,
  noteKeysFromSeed,
  openStatement,
  sha256,
  signStatement,
  softwareSigner,
  toBase64,
  toHex,
  utf8,
} from '@madang/trust';
import { MAX_KEY_SECONDS } from '../members/keys.ts';
import { Replay } from '../replay.ts';
import { isRefusal, type Refusal } from '../statement-type.ts';
import { shareCommitment } from '../studies/reveal.ts';

export type Body = { readonly [key: string]: Json };
type Use = 'root' | 'officer' | 'steward' | 'researcher' | 'node' | 'aggregator';

const seed = (label: string) => sha256(utf8(`madang test world/${label}`));
export const START = 1_800_000_000;

export function keyOf(org: string, use: Use | 'log'): HybridKey {
  return hybridKeyFromSeed(seed(`${org}/${use}`));
}

export function witnessOf(org: string) {
  return noteKeysFromSeed(`${org}/replay-witness`, 'witness', seed(`${org}/replay-witness`));
}

export const logNotes = noteKeysFromSeed('test/log', 'log', seed('log-notes'));

const publicOf = (org: string, use: Use | 'log') => encodePublicKey(keyOf(org, use).publicKey) as unknown as Json;

export interface ActOptions {
  /** Keys that sign, as [organisation, use]; default: the organisation's own key of `use`. */
  readonly signers?: readonly (readonly [string, Use | 'log'])[];
  readonly seen?: { readonly size: number; readonly root: string };
  readonly until?: number;
}

export class World {
  readonly replay = new Replay();
  readonly entries: Uint8Array[] = [];

  get state() {
    return this.replay.state;
  }

  async sign(org: string, use: Use | 'log', kind: string, body: Body, o: ActOptions = {}): Promise<Uint8Array> {
    const timeless = kind === 'root.found' || kind === 'log.time';
    const size = this.replay.past.size;
    const fresh = timeless
      ? {}
      : {
          seen: o.seen ?? { size, root: this.replay.past.rootAt(size)! },
          until: o.until ?? this.state.time + 3600,
        };
    const signers = (o.signers ?? [[org, use] as const]).map(([who, what]) => softwareSigner(keyOf(who, what)));
    return signStatement({ kind, org, body, ...fresh }, signers);
  }

  /** What the charter says to a statement; an admitted one is taken. */
  take(bytes: Uint8Array): Refusal | string {
    const opened = openStatement(bytes);
    const next = this.replay.consider(opened);
    if (isRefusal(next)) return next;
    const fault = this.replay.push(bytes);
    if (fault) throw new Error(`admitted and then refused: ${fault.why}`);
    this.entries.push(bytes);
    return opened.id;
  }

  async act(org: string, use: Use | 'log', kind: string, body: Body, o: ActOptions = {}): Promise<Refusal | string> {
    return this.take(await this.sign(org, use, kind, body, o));
  }

  /** Acts and expects admission; returns the statement's id. */
  async must(org: string, use: Use | 'log', kind: string, body: Body, o: ActOptions = {}): Promise<string> {
    const answer = await this.act(org, use, kind, body, o);
    if (typeof answer !== 'string') throw new Error(`${kind} by ${org} was refused: ${answer.code}: ${answer.why}`);
    return answer;
  }

  time(seconds: number) {
    return this.must('hub', 'log', 'log.time', { time: seconds });
  }
}

const FOUNDERS: readonly (readonly [org: string, seat: string, home: string, roles: readonly string[]])[] = [
  ['alpha', 'organisation', 'CH', ['data-holder']],
  ['agg-o', 'organisation', 'FR', ['aggregator']],
  ['agg-b', 'bank', 'US', ['aggregator']],
  ['beta', 'bank', 'PH', ['data-holder']],
];

export function foundingBody(): Body {
  return {
    origin: 'test/log',
    rules: 1,
    operator: 'hub',
    logKey: publicOf('hub', 'log'),
    logNotes: { ...logNotes.vkeys },
    time: START,
    founders: FOUNDERS.map(([org, seat, home, roles]) => ({
      org,
      name: `The ${org}`,
      seat,
      home,
      roles: [...roles],
      root: publicOf(org, 'root'),
      witness: { ...witnessOf(org).vkeys },
    })),
  };
}

/** A founded log of four members. */
export async function foundedWorld(): Promise<World> {
  const world = new World();
  await world.must('alpha', 'root', 'root.found', foundingBody(), {
    signers: FOUNDERS.map(([org]) => [org, 'root'] as const),
  });
  return world;
}

/** Four founders and two more members with all their keys, three of them with a dataset. */
export async function settledWorld(): Promise<World> {
  const world = await foundedWorld();
  const joiners = ['gamma', 'delta'];
  const invitation = await world.must('alpha', 'root', 'member.invite', {
    candidates: joiners.map(org => ({
      org,
      name: `The ${org}`,
      seat: 'organisation',
      home: 'KE',
      roles: ['data-holder'],
      root: keyOf(org, 'root').keyId,
    })),
  });
  for (const org of ['beta', 'agg-o', 'agg-b']) await world.must(org, 'root', 'member.admit', { invitation });
  for (const org of joiners) await world.must(org, 'root', 'member.join', { invitation, root: publicOf(org, 'root') });
  for (const org of ['alpha', 'beta', 'gamma', 'delta']) await certify(world, org, ['node', 'steward', 'researcher']);
  for (const org of ['agg-o', 'agg-b']) await certify(world, org, ['node', 'aggregator']);
  for (const org of ['alpha', 'beta', 'gamma', 'delta'])
    await world.must(org, 'steward', 'dataset.register', {
      dataset: `d-${org}`,
      description: toHex(seed(`description ${org}`)),
      ledgers: [{ unit: 'person', period: '2027', capMicroRho: 100_000 }],
    });
  return world;
}

export function certify(world: World, org: string, uses: readonly Use[]): Promise<string> {
  const until = world.state.time + MAX_KEY_SECONDS;
  return world.must(org, 'root', 'member.key', { keys: uses.map(use => ({ use, key: publicOf(org, use), until })) });
}

export function proposalBody(change: Body = {}): Body {
  return {
    kind: 'statistics',
    version: 1,
    title: 'How many',
    purpose: 'DUO:0000007',
    query: toHex(seed('query')),
    code: toHex(seed('code')),
    datasets: ['d-alpha', 'd-beta', 'd-gamma', 'd-delta'],
    shape: { encoding: 'prio3-sumvec', length: 1, maximum: 1000, field: 128, proofs: 1, chunk: 4 },
    rounds: 2,
    minimum: 3,
    aggregators: ['agg-o', 'agg-b'],
    collector: 'public',
    charges: [{ unit: 'person', period: '2027', sensitivitySquared: 1, variance: 25 }],
    replyKey: toBase64(generateSealKey(seed('reply')).publicKey),
    family: 'how-many',
    differencing: 'withhold',
    approveSeconds: 1000,
    ...change,
  };
}

const sealKey = toBase64(generateSealKey(seed('seal')).publicKey);

/** A study proposed by alpha, approved by all four holders, both aggregators ready; not open yet. */
export async function approvedStudy(
  world: World,
  change: Body = {},
): Promise<{ study: string; approvals: string[]; ready: string[] }> {
  const study = await world.must('alpha', 'researcher', 'study.propose', proposalBody(change));
  const rounds = world.state.studies[study].rounds;
  const approvals: string[] = [];
  for (const org of ['alpha', 'beta', 'gamma', 'delta'])
    approvals.push(
      await world.must(org, 'steward', 'study.approve', { study, datasets: [`d-${org}`], rounds, until: START + 1e6 }),
    );
  const ready: string[] = [];
  for (const org of ['agg-o', 'agg-b'])
    ready.push(
      await world.must(org, 'aggregator', 'round.ready', { study, sealKey, commitment: toHex(seed(`part ${org}`)) }),
    );
  return { study, approvals, ready };
}

export async function openedStudy(world: World, change: Body = {}): Promise<{ study: string; opening: string }> {
  const { study, approvals, ready } = await approvedStudy(world, change);
  const { time } = world.state;
  const opening = await world.must('alpha', 'researcher', 'round.open', {
    study,
    approvals,
    ready,
    contributeUntil: time + 1000,
    revealUntil: time + 2000,
  });
  return { study, opening };
}

export const AGGREGATORS = [
  ['agg-o', 'aggregator'],
  ['agg-b', 'aggregator'],
] as const;

export function transcriptBody(
  opening: string,
  round: number,
  organisations: readonly string[] = ['alpha', 'beta', 'delta', 'gamma'],
): Body {
  return {
    opening,
    round,
    organisations: [...organisations],
    rejected: [],
    slips: toHex(seed('slips')),
    verifier: toHex(seed('verifier')),
  };
}

/** A round from transcript to result, with shares that are nothing but their digests. */
export async function runRound(world: World, opening: string, round: number): Promise<void> {
  const [blind, share] = ['ab'.repeat(32), 'cd'.repeat(32)];
  const transcript = await world.must('agg-o', 'aggregator', 'round.transcript', transcriptBody(opening, round), {
    signers: AGGREGATORS,
  });
  const commitment = shareCommitment(blind, share);
  for (const [org] of AGGREGATORS)
    await world.must(org, 'aggregator', 'round.commit', { opening, round, transcript, commitment });
  for (const [org] of AGGREGATORS)
    await world.must(org, 'aggregator', 'round.reveal', { opening, round, blind, share });
  const result = 'ef'.repeat(32);
  await world.must('alpha', 'researcher', 'study.result', { opening, round, transcript, result, contributors: 4 });
}
