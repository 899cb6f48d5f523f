// The researcher's work at a member: submit proposals left under proposals/, open rounds once enough have approved, publish results, end what cannot succeed.
import { HubError } from '@madang/api';
import type { Study } from '@madang/charter';
import { digestOf, kindOf, overCapacity, unfitForReader } from '@madang/study';
import { type Json, utf8 } from '@madang/trust';
import { currentRound } from './contribute.ts';
import { readDeclines } from './declines.ts';
import { type Desk, submitOnce } from './desk.ts';
import { finishIfEnded } from './ended.ts';
import { endOverdue } from './overdue.ts';
import { publishResults } from './publish.ts';
import { newReplyKey } from './reply-key.ts';

/** A proposal as a file: the query's text and what the statement declares beside what follows from the kind. */
export interface ProposalFile {
  readonly title: string;
  readonly purpose: string;
  readonly kind: string;
  readonly version: number;
  readonly query: unknown;
  readonly datasets: readonly string[];
  readonly rounds: number;
  readonly minimum: number;
  readonly aggregators: readonly string[];
  readonly collector: string;
  readonly charges: readonly { readonly unit: string; readonly period: string; readonly variance: number }[];
  readonly family: string;
  readonly differencing: 'withhold' | 'accept';
  readonly approveSeconds: number;
  readonly contributeSeconds: number;
  readonly revealSeconds: number;
  /** Digest of the program that computes beside the data. */
  readonly code: string;
}

export async function research(desk: Desk): Promise<void> {
  if (!desk.has('researcher')) return;
  const researcher = await desk.signer('researcher');
  if (!desk.state.keys[researcher.keyId]) return;
  for (const path of await desk.memory.list('proposals/')) {
    if (!path.endsWith('.json')) continue;
    try {
      await submitProposal(desk, path);
    } catch (error) {
      // One bad file must not keep the others, nor open studies, waiting.
      if (error instanceof HubError || !(error instanceof Error)) throw error;
      desk.log(`${path}: ${error.message}`);
    }
  }
  for (const [id, study] of Object.entries(desk.state.studies)) {
    if (study.org === desk.config.org) {
      await readDeclines(desk, id, study);
      await lead(desk, id, study);
      await endEarly(desk, study);
      await endOverdue(desk, id, study, 'researcher');
    }
    if (study.collector === 'public' ? study.org === desk.config.org : study.collector === desk.config.org)
      await publishResults(desk, study);
  }
}

async function submitProposal(desk: Desk, path: string): Promise<void> {
  const name = path.slice('proposals/'.length, -'.json'.length);
  if (await desk.memory.json(`sent/propose-${name}.receipt`)) return;
  const p = await desk.memory.left<ProposalFile>(path);
  if (!p || p.datasets.some(d => !desk.state.datasets[d])) return;
  const kind = kindOf(p.kind, p.version);
  if (!kind) {
    desk.log(`proposal ${name}: this program does not know studies of kind ${p.kind} version ${p.version}`);
    return;
  }
  const text = JSON.stringify(p.query);
  const query = kind.parse(text);
  const charges = p.charges.map(c => {
    const sensitivitySquared = kind.sensitivitySquared(query, c.unit);
    if (sensitivitySquared === undefined) throw new Error(`this kind cannot bound the influence of one ${c.unit}`);
    return { unit: c.unit, period: c.period, sensitivitySquared, variance: c.variance };
  });
  const { contributeSeconds: _c, revealSeconds: _r, query: _q, ...declared } = p;
  const shape = kind.shape(query);
  const owners = new Set(p.datasets.map(d => desk.state.datasets[d].org));
  const fault = overCapacity(shape, owners.size, p.aggregators.length, charges);
  const unfit = fault ?? unfitForReader({ ...p, org: desk.config.org, shape }, kind);
  if (unfit) throw new Error(unfit);
  await desk.hub.putBlob(utf8(text));
  const body = {
    ...declared,
    query: digestOf(utf8(text)),
    shape,
    charges,
    replyKey: await newReplyKey(desk.memory, name),
  } as unknown as Record<string, Json>;
  await submitOnce(desk, `propose-${name}`, 'study.propose', body, 'researcher');
}

/** Opens the rounds once everybody asked has approved, or enough have and patience is over; ends the study when approvals stay out. */
async function lead(desk: Desk, id: string, study: Study): Promise<void> {
  if (study.stage !== 'proposed') return;
  const approved = Object.entries(study.approvals).filter(([, a]) => a.withdrawn === undefined);
  const owners = new Set(study.datasets.map(d => desk.state.datasets[d].org));
  const counted = approved.filter(([org]) => !study.aggregators.includes(org)).length;
  const ready = study.aggregators.every(a => study.ready[a]);
  const since = await since1(desk, `lead/${id}`);
  const patient = desk.now() - since < desk.config.patienceSeconds;
  if (desk.state.time > study.approveBy && counted < study.minimum) {
    const why = `${counted} organisations approved in time, the study needs ${study.minimum}`;
    await submitOnce(desk, `fail-${id}`, 'study.fail', { study: id, code: 'too-few-approvals', why }, 'researcher');
    return;
  }
  if (!ready || counted < study.minimum || (approved.length < owners.size && patient)) return;
  const file = await fileOf(desk, study);
  const now = Math.max(desk.now(), desk.state.time);
  const body = {
    study: id,
    approvals: approved.map(([, a]) => a.id),
    ready: study.aggregators.map(a => study.ready[a].id),
    contributeUntil: now + (file?.contributeSeconds ?? 3600),
    revealUntil: now + (file?.contributeSeconds ?? 3600) + (file?.revealSeconds ?? 3600),
  };
  await submitOnce(desk, `open-${id}`, 'round.open', body, 'researcher');
}

/** Ends a study that its published rounds answer already: what is left of the budget then returns. */
async function endEarly(desk: Desk, study: Study): Promise<void> {
  if (study.stage !== 'open') return;
  const round = currentRound(study);
  if (round !== undefined && round > 1) await finishIfEnded(desk, study, round - 1, 'researcher');
}

async function since1(desk: Desk, path: string): Promise<number> {
  const stored = await desk.memory.json<{ at: number }>(path);
  if (stored) return stored.at;
  const at = desk.now();
  await desk.memory.putJson(path, { at });
  return at;
}

async function fileOf(desk: Desk, study: Study): Promise<ProposalFile | undefined> {
  for (const path of await desk.memory.list('proposals/')) {
    // A file that is no JSON (any more) was named when it was to be submitted.
    const p = await desk.memory.left<ProposalFile>(path).catch(() => undefined);
    if (p && digestOf(utf8(JSON.stringify(p.query))) === study.query && p.title === study.title) return p;
  }
  return undefined;
}
