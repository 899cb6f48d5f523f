// Makes every folder of the demo: the hub's, and one for each member with its own keys, data and policy. Each process later reads only its own.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHub, type HubIdentity } from '@madang/hub/setup';
import {
  createNode,
  folderMemory,
  type KeyName,
  loadSigner,
  loadWitnessKeys,
  type NodeConfig,
  readNodeConfig,
} from '@madang/node/setup';
import { encodePublicKey, type Json, randomBytes, signStatement, toHex } from '@madang/trust';
import { CommandError } from '../command.ts';
import { CAST, type CastMember } from './cast.ts';
import { askJob, BACKENDS } from './compute.ts';
import { type DemoData, writeShare } from './data.ts';
import { capMicroRho, periodOf, pilotRounds, policyOf, proposalOf, type StudyName, UNIT } from './studies.ts';

export interface DemoPlan {
  readonly home: string;
  readonly data: DemoData;
  readonly members: readonly CastMember[];
  readonly holders: readonly CastMember[];
  /** Rounds of the pilot. */
  readonly rounds: number;
  /** Which studies are proposed, one after the other; the first with the members' configurations. */
  readonly studies: readonly StudyName[];
  /** Whether a member offers to compute, and another asks for a job. */
  readonly computing: boolean;
}

/** The charter's floor for contributors. */
const LEAST_HOLDERS = 3;

export function planDemo(
  home: string,
  data: DemoData,
  count: number,
  studies: readonly StudyName[] = ['pilot'],
  computing = false,
): DemoPlan {
  const members = CAST.slice(0, count);
  // A member without a place has nothing to contribute: it joins and witnesses.
  const holders = members.filter(m => !m.aggregator).slice(0, data.places.length);
  if (holders.length < LEAST_HOLDERS)
    throw new CommandError(
      `${join(data.folder, 'vintages.csv')} has ${data.places.length} places; a study needs contributions of ${LEAST_HOLDERS} members, so at least ${LEAST_HOLDERS} places`,
      2,
    );
  return {
    home,
    data,
    members,
    holders,
    rounds: pilotRounds(data),
    studies,
    computing,
  };
}

export const homeOf = (plan: DemoPlan, org: string) => join(plan.home, 'nodes', org);
export const hubHome = (plan: DemoPlan) => join(plan.home, 'hub');

/** Makes the folder of a demo. Throws when it is in use, before anything in it is touched. */
export function claimHome(home: string): void {
  mkdirSync(home, { recursive: true });
  if (readdirSync(home).some(f => f === 'hub' || f === 'nodes'))
    throw new CommandError(`${home} holds an earlier demo; give another --home, or remove it`, 2);
}

/** Makes everybody's folders and keys. */
export async function prepare(plan: DemoPlan, origin: string, port: number): Promise<HubIdentity> {
  claimHome(plan.home);
  const identity = await createHub(hubHome(plan), { origin, operator: 'hub', host: '127.0.0.1', port });
  await Promise.all(
    plan.members.map(async m => {
      const keys: KeyName[] = ['root', 'node', 'replay-witness'];
      if (!m.aggregator) keys.push('steward');
      else keys.push('aggregator');
      if (m.convener) keys.push('researcher');
      await createNode(homeOf(plan, m.org), baseConfig(m.org, origin), keys);
    }),
  );
  return identity;
}

/** Writes the members' configurations, now that the hub's address and everybody's root keys are known, and deals out the places. */
export async function configure(plan: DemoPlan, origin: string, hub: string): Promise<void> {
  const roots = new Map<string, string>();
  for (const m of plan.members) roots.set(m.org, (await loadSigner(homeOf(plan, m.org), 'root')).keyId);
  const joining = plan.members.filter(m => !m.founder);
  const candidates = joining.map(m => ({
    org: m.org,
    name: m.name,
    seat: m.seat,
    home: m.home,
    roles: rolesOf(m),
    root: roots.get(m.org)!,
  }));
  const handles = new Map(plan.holders.map(m => [m.org, `d-${toHex(randomBytes(8))}`]));
  for (const m of plan.members) {
    const handle = handles.get(m.org);
    const places = plan.data.places.filter((_, i) => plan.holders[i % plan.holders.length].org === m.org);
    if (handle) writeShare(plan.data, places, join(homeOf(plan, m.org), 'data'));
    const config: NodeConfig = {
      ...baseConfig(m.org, origin),
      hub,
      datasets: handle
        ? [
            {
              handle,
              files: { vintages: 'vintages.csv' },
              views: {},
              description: `Weekly ${plan.data.target} rates of ${places.join(', ')} (${plan.data.kind})`,
              ledgers: [{ unit: UNIT, period: periodOf(plan.data), capMicroRho: capMicroRho(plan) }],
            },
          ]
        : [],
      ...(handle ? { standingPolicy: policyOf(plan) } : {}),
      admits: Object.fromEntries(candidates.map(c => [c.org, c.root])),
      ...(m.convener ? { convenes: { candidates } } : {}),
      ...(plan.computing && m.computes ? { backends: BACKENDS } : {}),
    };
    writeFileSync(join(homeOf(plan, m.org), 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  }
  await propose(plan, plan.studies[0]);
  const convener = plan.members.find(m => m.convener)!;
  if (plan.computing) await askJob(homeOf(plan, convener.org));
}

/** Leaves a proposal with the convener, whose node submits it. */
export async function propose(plan: DemoPlan, name: StudyName): Promise<void> {
  const convener = plan.members.find(m => m.convener)!;
  const datasets = plan.holders.map(m => readNodeConfig(homeOf(plan, m.org)).datasets[0].handle);
  const memory = folderMemory(join(homeOf(plan, convener.org), 'work'));
  await memory.putJson(`proposals/${name}.json`, proposalOf(name, plan, datasets));
}

function baseConfig(org: string, origin: string): NodeConfig {
  return {
    org,
    hub: 'http://127.0.0.1:1',
    origin,
    datasets: [],
    admits: {},
    // All members run here: who is slow is waited for, and who has ended ends the demo.
    patienceSeconds: 300,
  };
}

function rolesOf(m: CastMember): string[] {
  return [m.aggregator ? 'aggregator' : 'data-holder', 'witness'];
}

/** The founding statement, signed by each founder's root key out of its own folder. */
export async function foundingStatement(
  plan: DemoPlan,
  origin: string,
  hub: HubIdentity,
  time: number,
): Promise<Uint8Array> {
  const founders = plan.members.filter(m => m.founder);
  const signers = await Promise.all(founders.map(m => loadSigner(homeOf(plan, m.org), 'root')));
  const body = {
    origin,
    rules: 1,
    operator: 'hub',
    logKey: hub.logKey,
    logNotes: hub.logNotes,
    time,
    founders: await Promise.all(
      founders.map(async (m, i) => ({
        org: m.org,
        name: m.name,
        seat: m.seat,
        home: m.home,
        roles: rolesOf(m),
        root: encodePublicKey(signers[i].publicKey),
        witness: (await loadWitnessKeys(homeOf(plan, m.org), m.org)).vkeys,
      })),
    ),
  };
  return signStatement(
    { kind: 'root.found', org: founders[0].org, body: body as unknown as { [key: string]: Json } },
    signers,
  );
}
