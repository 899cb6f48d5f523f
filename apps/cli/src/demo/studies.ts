// What the demo asks: the pilot's pooled histogram, and the shared ridge. For each the noise, what it costs, and the proposal as its researcher leaves it.
import { dateOf, dayOf, excludedWeeks, PRIVATE_RIDGE, pilotSpec, SUMS, squaredSensitivity } from '@madang/disease';
import type { ProposalFile, StandingPolicy } from '@madang/node/setup';
import { epsilonFromRho } from '@madang/privacy';
import { digestOf, pooledIncrements, privateSharedRidge, sharedRidge, sharedRidgeSensitivity } from '@madang/study';
import { utf8 } from '@madang/trust';
import type { DemoData } from './data.ts';
import type { DemoPlan } from './setup.ts';

export type StudyName = 'pilot' | 'ridge';
export const UNIT = 'place-week';
export const PURPOSE = 'DUO:0000007';
export const DELTA = 1e-5;
export const KINDS: Readonly<Record<StudyName, string>> = { pilot: pooledIncrements.kind, ridge: sharedRidge.kind };

/** The pilot's noise of one aggregator a cell (variance): docs/decisions/0030. */
const PILOT_VARIANCE = 333;
/** Releases a season: the pool is renewed every seven weeks. */
const PILOT_RELEASES = 5;
/** The ridge's models a season, each of three rounds, and the loss of all of them in zCDP, with a little room: epsilon 4 at delta 1e-5. */
const RIDGE_RELEASES = 2;
const RIDGE_RHO = 0.3;
/** Of the years between the first week on record and the first deadline, this share sets scales and climatologies and is not learnt from. */
const FROZEN_SHARE = 0.3;

export function pilotRounds(data: DemoData): number {
  return data.deadlines.length === 1 ? 1 : Math.min(PILOT_RELEASES, data.deadlines.length);
}

/** Rounds of a study, and the noise of one aggregator in each number of them. */
export function roundsOf(name: StudyName, data: DemoData): { readonly rounds: number; readonly variance: number } {
  if (name === 'pilot') return { rounds: pilotRounds(data), variance: PILOT_VARIANCE };
  const rounds = SUMS.length * asOfDays(data, RIDGE_RELEASES).length;
  return { rounds, variance: Math.ceil((sensitivity('ridge') * rounds) / (2 * RIDGE_RHO)) };
}

const sensitivity = (name: StudyName) =>
  name === 'pilot' ? squaredSensitivity(pilotSpec([])) : sharedRidgeSensitivity({ spec: PRIVATE_RIDGE, bits: 10 });

/** Loss of one place-week in all rounds of the given studies: zCDP, and epsilon at {@link DELTA}. */
export function lossOf(
  names: readonly StudyName[],
  data: DemoData,
): { readonly rho: number; readonly epsilon: number } {
  let rho = 0;
  for (const name of names) {
    const { rounds, variance } = roundsOf(name, data);
    rho += (sensitivity(name) * rounds) / (2 * variance);
  }
  return { rho, epsilon: epsilonFromRho(rho, DELTA) };
}

/** What a member's ledger of the season allows: the demo's studies and a little room. */
export function capMicroRho(plan: DemoPlan): number {
  return Math.ceil(lossOf(plan.studies, plan.data).rho * 1e6) + 5000;
}

export function periodOf(data: DemoData): string {
  return data.season ? `season-${data.season.replace('/', '-')}` : 'pilot';
}

/** What the demo's stewards agree to in advance: these kinds, this purpose, most of them taking part, this noise. */
export function policyOf(plan: DemoPlan): StandingPolicy {
  const costs = plan.studies.map(name => sensitivity(name) / (2 * roundsOf(name, plan.data).variance));
  return {
    kinds: plan.studies.map(name => KINDS[name]),
    purposes: [PURPOSE],
    minimumContributors: minimumOf(plan),
    maximumRounds: Math.max(...plan.studies.map(name => roundsOf(name, plan.data).rounds)),
    maximumMicroRhoPerRound: Math.ceil(Math.max(...costs) * 1e6) + 1000,
  };
}

function minimumOf(plan: DemoPlan): number {
  return Math.max(3, Math.floor((plan.holders.length * 2) / 3));
}

/** Days from which knowledge is taken, spread over the deadlines. */
function asOfDays({ deadlines }: DemoData, releases: number): string[] {
  const n = Math.min(releases, deadlines.length);
  return Array.from({ length: n }, (_, r) => deadlines[Math.floor((r * deadlines.length) / n)]);
}

export function proposalOf(name: StudyName, plan: DemoPlan, datasets: readonly string[]): ProposalFile {
  const { data } = plan;
  const { rounds, variance } = roundsOf(name, data);
  const common = {
    purpose: PURPOSE,
    kind: KINDS[name],
    version: 1,
    datasets,
    rounds,
    minimum: minimumOf(plan),
    aggregators: plan.members.filter(m => m.aggregator).map(m => m.org),
    collector: 'public',
    charges: [{ unit: UNIT, period: periodOf(data), variance }],
    differencing: 'accept',
    approveSeconds: 3600,
    contributeSeconds: 3600,
    revealSeconds: 3600,
    code: digestOf(utf8(`${KINDS[name]}/1`)),
  } as const;
  if (name === 'ridge')
    return {
      ...common,
      title: `One model of how ${data.target} moves from week to week, trained by all (${data.kind} data)`,
      query: ridgeQuery(plan, variance),
      family: 'shared-ridge',
    };
  const asOf = asOfDays(data, rounds);
  return {
    ...common,
    title: `How ${data.target} rises and falls by part of the season (${data.kind} data)`,
    query: {
      kind: KINDS.pilot,
      version: 1,
      targets: [data.target],
      spec: pilotSpec(excludedWeeks(data.target)),
      frozenOn: asOf[0],
      asOf,
      deadlines: data.deadlines,
      maximum: 255,
    },
    family: 'pilot-increments',
  };
}

function ridgeQuery({ data, holders }: DemoPlan, variance: number) {
  const asOf = asOfDays(data, RIDGE_RELEASES);
  const targets = data.vintages.text('target');
  const dates = data.vintages.text('date').filter((_, i) => targets[i] === data.target);
  const first = dayOf([...new Set(dates)].sort()[0]);
  const frozen = Math.round(first + FROZEN_SHARE * (dayOf(asOf[0]) - first));
  const weeks = Math.ceil((dayOf(asOf[asOf.length - 1]) - frozen) / 7);
  return privateSharedRidge({
    target: data.target,
    frozenOn: dateOf(frozen),
    asOf,
    deadlines: data.deadlines,
    maximumRows: Math.ceil(data.places.length / holders.length) * PRIVATE_RIDGE.steps * weeks,
    variance,
  });
}
