// A town whose four holders have rows of a small simulated table beside their vintages, and whose proposer asks to learn from them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { State, Study } from '@madang/charter';
import { folderMemory, type ProposalFile } from '@madang/node/setup';
import { random } from '@madang/numerics';
import {
  type DataSource,
  kindOf,
  type LearningQuery,
  type LearningStudyKind,
  type ResultDocument,
} from '@madang/study';
import { homeOf } from '../src/demo/setup.ts';
import { Town } from './town.ts';

export const HOLDERS = ['health', 'bank-b', 'labour', 'migration'] as const;
const TITLE = 'Learning from simulated rows';
const ROWS = 3000;

/** The CSV of one holder; with no argument everybody's rows in one. */
export function rowsOf(holder?: (typeof HOLDERS)[number], rows = ROWS): string {
  const lines = (holder ? [holder] : HOLDERS).flatMap(org => {
    const r = random(org);
    return Array.from({ length: rows }, () => {
      const [a, b] = [r.normal(), r.normal()];
      return `${a.toFixed(4)},${b.toFixed(4)},${a - 0.5 * b + 0.5 * r.normal() > 0.3 ? 1 : 0}`;
    });
  });
  return ['a,b,y', ...lines, ''].join('\n');
}

export const sourceOf = (csv: string): DataSource => ({ file: async () => csv, query: async () => [] });

export function learningKind(query: LearningQuery): LearningStudyKind {
  return kindOf(query.kind, query.version) as LearningStudyKind;
}

/** Largest budget that a ledger may have: the rows are simulated and few, so noise is as small as a ledger lets it be. */
const CAP_MICRO_RHO = 10 ** 9;

/** The least variance of one aggregator's noise with which all rounds fit the ledger. */
export function varianceFor(query: LearningQuery): number {
  const kind = learningKind(query);
  return Math.ceil((kind.sensitivitySquared(query, query.unit)! * kind.rounds(query) * 1e6) / (2 * CAP_MICRO_RHO) + 1);
}

/** Starts a town that also learns; standing policies cover it. */
export async function learningTown(query: LearningQuery, rows = ROWS, patienceSeconds = 90): Promise<Town> {
  const kind = learningKind(query);
  const datasets: string[] = [];
  return Town.start({
    change: (org, config) => {
      config['patienceSeconds'] = patienceSeconds;
      if (!(HOLDERS as readonly string[]).includes(org)) return;
      const [dataset] = config['datasets'] as { handle: string; files: object; ledgers: object[] }[];
      dataset.files = { ...dataset.files, rows: 'rows.csv' };
      dataset.ledgers = [...dataset.ledgers, { unit: query.unit, period: 'once', capMicroRho: CAP_MICRO_RHO }];
      datasets.push(dataset.handle);
      const policy = config['standingPolicy'] as { kinds: string[] };
      config['standingPolicy'] = {
        ...policy,
        kinds: [...policy.kinds, query.kind],
        maximumRounds: kind.rounds(query),
        maximumMicroRhoPerRound: CAP_MICRO_RHO,
      };
    },
    before: async plan => {
      for (const org of HOLDERS) writeFileSync(join(homeOf(plan, org), 'data', 'rows.csv'), rowsOf(org, rows));
      const proposal: ProposalFile = {
        title: TITLE,
        purpose: 'DUO:0000007',
        kind: query.kind,
        version: query.version,
        query,
        datasets,
        rounds: kind.rounds(query),
        minimum: 3,
        aggregators: ['telecommunication', 'bank-a'],
        collector: 'public',
        charges: [{ unit: query.unit, period: 'once', variance: varianceFor(query) }],
        family: 'learning',
        differencing: 'accept',
        approveSeconds: 600,
        contributeSeconds: 600,
        revealSeconds: 600,
        code: 'ab'.repeat(32),
      };
      await folderMemory(join(homeOf(plan, 'health'), 'work')).putJson('proposals/learning.json', proposal);
    },
  });
}

export function learningStudy(state: State): Study | undefined {
  return Object.values(state.studies).find(s => s.title === TITLE);
}

/** The published results in order. */
export async function resultsOf(town: Town, study: Study, rounds = study.rounds): Promise<readonly ResultDocument[]> {
  return Promise.all(
    Array.from({ length: rounds }, async (_, i) => {
      const blob = await town.hub.blob(study.opening!.rounds[String(i + 1)].result!.digest);
      return JSON.parse(new TextDecoder().decode(blob)) as ResultDocument;
    }),
  );
}
