// Makes every folder of the demo: the hub's, and one for each member with its own keys, data and policy. Each process later reads only its own.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { excludedWeeks, pilotSpec } from '@madang/disease';
import { createHub, type HubIdentity } from '@madang/hub/setup';
import {
  createNode,
  folderMemory,
  type KeyName,
  loadSigner,
  loadWitnessKeys,
  type NodeConfig,
  type ProposalFile,
  type StandingPolicy,
} from '@madang/node/setup';
import { digestOf, pooledIncrements } from '@madang/study';
import { encodePublicKey, type Json, randomBytes, signStatement, toHex, utf8 } from '@madang/trust';
import { CommandError } from '../command.ts';
import { CAST, type CastMember } from './cast.ts';
import { type DemoData, writeShare } from './data.ts';

/** Noise of one aggregator a cell (variance), and the budget it costs: docs/decisions/0030. */
export const NOISE_VARIANCE = 333;
/** Releases a season: the pool is renewed every seven weeks. */
export const RELEASES = 5;
export const UNIT = 'place-week';
/** zCDP of five releases at D^2 = 40 and s^2 = 333, with a little room: epsilon 4 at delta 1e-5. */
const CAP_MICRO_RHO = 305_000;
export const PURPOSE = 'DUO:0000007';

export interface DemoPlan {
  readonly home: string;
  readonly data: DemoData;
  readonly members: readonly CastMember[];
  readonly holders: readonly CastMember[];
  readonly rounds: number;
}

export function planDemo(home: string, data: DemoData, count: number): DemoPlan {
  const members = CAST.slice(0, count);
  const holders = members.filter(m => !m.aggregator);
  return {
    home,
    data,
    members,
    holders,
    rounds: data.deadlines.length === 1 ? 1 : Math.min(RELEASES, data.deadlines.length),
  };
}

export const homeOf = (plan: DemoPlan, org: string) => join(plan.home, 'nodes', org);
export const hubHome = (plan: DemoPlan) => join(plan.home, 'hub');

/** Throws when the home is in use. */
export async function prepare(plan: DemoPlan, origin: string, port: number): Promise<HubIdentity> {
  mkdirSync(plan.home, { recursive: true });
  if (readdirSync(plan.home).some(f => f === 'hub' || f === 'nodes'))
    throw new CommandError(`${plan.home} holds an earlier demo; give another --home, or remove it`, 2);
  const identity = await createHub(hubHome(plan), { origin, operator: 'hub', host: '127.0.0.1', port });
  await Promise.all(
    plan.members.map(async m => {
      const keys: KeyName[] = ['root', 'node', 'replay-witness'];
      if (!m.aggregator) keys.push('steward');
      else keys.push('aggregator');
      if (m.convener) keys.push('researcher');
      await createNode(homeOf(plan, m.org), baseConfig(m, origin), keys);
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
      ...baseConfig(m, origin),
      hub,
      datasets: handle
        ? [
            {
              handle,
              files: { vintages: 'vintages.csv' },
              views: {},
              description: `Weekly ${plan.data.target} rates of ${places.join(', ')} (${plan.data.kind})`,
              ledgers: [{ unit: UNIT, period: periodOf(plan.data), capMicroRho: CAP_MICRO_RHO }],
            },
          ]
        : [],
      ...(handle ? { standingPolicy: policyOf(plan) } : {}),
      admits: Object.fromEntries(candidates.map(c => [c.org, c.root])),
      ...(m.convener ? { convenes: { candidates } } : {}),
    };
    writeFileSync(join(homeOf(plan, m.org), 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  }
  const convener = plan.members.find(m => m.convener)!;
  const memory = folderMemory(join(homeOf(plan, convener.org), 'work'));
  await memory.putJson('proposals/pilot.json', proposal(plan, [...handles.values()]));
}

function baseConfig(m: CastMember, origin: string): NodeConfig {
  return {
    org: m.org,
    hub: 'http://127.0.0.1:1',
    origin,
    roles: rolesOf(m),
    datasets: [],
    admits: {},
    patienceSeconds: 20,
  };
}

function rolesOf(m: CastMember): string[] {
  return [m.aggregator ? 'aggregator' : 'data-holder', 'witness'];
}

function periodOf(data: DemoData): string {
  return data.season ? `season-${data.season.replace('/', '-')}` : 'pilot';
}

/** What the demo's stewards agree to in advance: this kind, this purpose, most of them taking part, the pilot's noise. */
function policyOf(plan: DemoPlan): StandingPolicy {
  return {
    kinds: [pooledIncrements.kind],
    purposes: [PURPOSE],
    minimumContributors: minimumOf(plan),
    maximumRounds: RELEASES,
    maximumMicroRhoPerRound: 61_000,
  };
}

function minimumOf(plan: DemoPlan): number {
  return Math.max(3, Math.floor((plan.holders.length * 2) / 3));
}

function proposal(plan: DemoPlan, datasets: readonly string[]): ProposalFile {
  const { deadlines, target } = plan.data;
  const asOf = Array.from(
    { length: plan.rounds },
    (_, r) => deadlines[Math.floor((r * deadlines.length) / plan.rounds)],
  );
  const query = {
    kind: pooledIncrements.kind,
    version: pooledIncrements.version,
    targets: [target],
    spec: pilotSpec(excludedWeeks(target)),
    frozenOn: asOf[0],
    asOf,
    deadlines,
    maximum: 255,
  };
  return {
    title: `How ${target} rates rise and fall by part of the season (${plan.data.kind} data)`,
    purpose: PURPOSE,
    kind: pooledIncrements.kind,
    version: pooledIncrements.version,
    query,
    datasets,
    rounds: plan.rounds,
    minimum: minimumOf(plan),
    aggregators: plan.members.filter(m => m.aggregator).map(m => m.org),
    collector: 'public',
    charges: [{ unit: UNIT, period: periodOf(plan.data), variance: NOISE_VARIANCE }],
    family: 'pilot-increments',
    differencing: 'accept',
    approveSeconds: 3600,
    contributeSeconds: 3600,
    revealSeconds: 3600,
    code: digestOf(utf8(`${pooledIncrements.kind}/${pooledIncrements.version}`)),
  };
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
