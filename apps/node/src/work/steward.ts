// The steward's desk: what waits for a decision, what a standing policy decides alone, and the decisions that `madang node approve|decline` leaves.
// A request is a file under steward/pending/, a decision a file under steward/decisions/; the query text is checked against its digest first.
import { ledgerId, microRhoOf, type Study } from '@madang/charter';
import { digestOf, kindOf, overCapacity, unfitForReader } from '@madang/study';
import { fromUtf8 } from '@madang/trust';
import { policyDigest, type StandingPolicy } from '../config.ts';
import { sendDecline } from './declines.ts';
import { type Desk, submitOnce } from './desk.ts';

/** What a steward sees: `madang node pending` prints it. */
export interface PendingRequest {
  readonly study: string;
  readonly proposer: string;
  readonly title: string;
  readonly purpose: string;
  readonly kind: string;
  readonly datasets: readonly string[];
  readonly rounds: number;
  readonly minimum: number;
  readonly aggregators: readonly string[];
  readonly collector: string;
  /** The query's text, whose SHA-256 the proposal names. */
  readonly query: string;
  readonly queryDigest: string;
  /** What would leave, in words. */
  readonly leaves: readonly string[];
  readonly cost: readonly { readonly ledger: string; readonly microRhoPerRound: number; readonly left: number }[];
  /** Why the standing policy did not decide. */
  readonly waitsBecause: string;
}

export interface Decision {
  readonly decision: 'approve' | 'decline';
  readonly reason?: string;
}

/** Whether the steward ended this member's part with `madang node stop`. */
export async function isStopped(desk: Desk, study: string): Promise<boolean> {
  return (await desk.memory.left(`steward/stopped/${study}.json`)) !== undefined;
}

export async function steward(desk: Desk): Promise<void> {
  for (const [id, study] of Object.entries(desk.state.studies)) {
    if (isLive(study) && (await isStopped(desk, id))) {
      await withdraw(desk, id, study);
      continue;
    }
    const mine = study.datasets.filter(d => desk.state.datasets[d]?.org === desk.config.org);
    if (
      mine.length === 0 ||
      study.stage !== 'proposed' ||
      study.approvals[desk.config.org] ||
      desk.state.time > study.approveBy
    ) {
      if (study.stage !== 'proposed') await desk.memory.remove(`steward/pending/${id}.json`);
      continue;
    }
    await decide(desk, id, study, mine);
  }
}

const isLive = (study: Study) => study.stage === 'proposed' || study.stage === 'open';

/** Says in the log what holds at this node already: it takes no part. */
async function withdraw(desk: Desk, id: string, study: Study): Promise<void> {
  await desk.memory.remove(`steward/pending/${id}.json`);
  const approval = study.approvals[desk.config.org];
  if (approval && approval.withdrawn === undefined)
    await submitOnce(desk, `withdraw-${id}`, 'study.withdraw', { study: id }, 'steward');
}

async function decide(desk: Desk, id: string, study: Study, datasets: readonly string[]): Promise<void> {
  const made = await desk.memory.left<Decision>(`steward/decisions/${id}.json`);
  if (made?.decision === 'decline') return decline(desk, id, study, made.reason ?? 'no reason given');
  const text = await queryText(desk, study);
  if (text === undefined) return;
  const faults = misfit(desk, study, text);
  const { standingPolicy: policy } = desk.config;
  const against = faults ?? (policy ? outside(policy, study) : 'there is no standing policy');
  const until = study.approveBy + 400 * 86_400;
  if (made?.decision === 'approve' && !faults) {
    await submitOnce(
      desk,
      `approve-${id}`,
      'study.approve',
      { study: id, datasets: [...datasets], rounds: study.rounds, until },
      'steward',
    );
    await desk.memory.remove(`steward/pending/${id}.json`);
  } else if (policy && against === undefined) {
    await submitOnce(
      desk,
      `approve-${id}`,
      'study.approve',
      { study: id, datasets: [...datasets], rounds: study.rounds, until, policy: policyDigest(policy) },
      'node',
    );
  } else {
    const request = view(desk, id, study, datasets, text, against ?? '');
    const path = `steward/pending/${id}.json`;
    if (JSON.stringify(await desk.memory.json(path)) !== JSON.stringify(request))
      await desk.memory.putJson(path, request);
  }
}

/** The query's blob, if it is what its digest names. */
export async function queryText(desk: Desk, study: Study): Promise<string | undefined> {
  const stored = await desk.memory.bytes(`queries/${study.query}`);
  if (stored) return fromUtf8(stored);
  const bytes = await desk.hub.blob(study.query);
  if (!bytes || digestOf(bytes) !== study.query) {
    desk.log(`the query ${study.query.slice(0, 12)}… of "${study.title}" is not to be had; nothing is approved unseen`);
    return undefined;
  }
  await desk.memory.put(`queries/${study.query}`, bytes);
  return fromUtf8(bytes);
}

/** Why the proposal does not fit its own query, or undefined. */
function misfit(desk: Desk, study: Study, text: string): string | undefined {
  const kind = kindOf(study.kind, study.version);
  if (!kind) return `this node does not know studies of kind ${study.kind} version ${study.version}`;
  try {
    const query = kind.parse(text);
    if (JSON.stringify(sorted(kind.shape(query))) !== JSON.stringify(sorted(study.shape)))
      return 'the proposal declares another shape than its query has';
    for (const c of study.charges) {
      const bound = kind.sensitivitySquared(query, c.unit);
      if (bound === undefined) return `this kind cannot bound the influence of one ${c.unit}`;
      if (c.sensitivitySquared < bound)
        return `the proposal states a sensitivity of ${c.sensitivitySquared} for ${c.unit}; it is ${bound}`;
    }
    const owners = new Set(study.datasets.map(d => desk.state.datasets[d]?.org));
    const fault = overCapacity(study.shape, owners.size, study.aggregators.length, study.charges);
    if (fault) return fault;
    const unfit = unfitForReader(study, kind);
    if (unfit) return unfit;
    if (study.charges.length === 0 && kind.withoutNoise === undefined)
      return 'the proposal releases sums without noise';
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const sorted = (o: object) => Object.fromEntries(Object.entries(o).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Why the policy leaves the decision to a person, or undefined when it approves. */
function outside(policy: StandingPolicy, study: Study): string | undefined {
  if (!policy.kinds.includes(study.kind)) return `the policy does not cover studies of kind ${study.kind}`;
  if (!policy.purposes.includes(study.purpose)) return `the policy does not cover the purpose ${study.purpose}`;
  if (study.minimum < policy.minimumContributors)
    return `the policy asks for at least ${policy.minimumContributors} contributors, the study for ${study.minimum}`;
  if (study.rounds > policy.maximumRounds)
    return `the policy covers ${policy.maximumRounds} rounds, the study has ${study.rounds}`;
  for (const c of study.charges) {
    const cost = microRhoOf(c.sensitivitySquared, c.variance);
    if (cost > policy.maximumMicroRhoPerRound)
      return `a round costs ${cost} micro-rho, the policy allows ${policy.maximumMicroRhoPerRound}`;
  }
  return undefined;
}

function view(
  desk: Desk,
  id: string,
  s: Study,
  datasets: readonly string[],
  query: string,
  why: string,
): PendingRequest {
  const kind = kindOf(s.kind, s.version);
  let leaves: readonly string[];
  try {
    leaves = kind?.describe(kind.parse(query)) ?? [];
  } catch {
    leaves = [];
  }
  return {
    study: id,
    proposer: s.org,
    title: s.title,
    purpose: s.purpose,
    kind: s.kind,
    datasets,
    rounds: s.rounds,
    minimum: s.minimum,
    aggregators: s.aggregators,
    collector: s.collector,
    query,
    queryDigest: s.query,
    leaves,
    cost: datasets.flatMap(d =>
      s.charges.map(c => {
        const l = desk.state.ledgers[ledgerId(d, c.unit, c.period)];
        return {
          ledger: ledgerId(d, c.unit, c.period),
          microRhoPerRound: microRhoOf(c.sensitivitySquared, c.variance),
          left: l ? l.cap - l.spent - l.reserved : 0,
        };
      }),
    ),
    waitsBecause: why,
  };
}

async function decline(desk: Desk, id: string, study: Study, reason: string): Promise<void> {
  if (await desk.memory.json(`steward/declined/${id}.json`)) return;
  await sendDecline(desk, id, study, reason);
  await desk.memory.putJson(`steward/declined/${id}.json`, { reason });
  await desk.memory.remove(`steward/pending/${id}.json`);
}
