// A town whose four holders have files of their own beside their vintages, and whose proposer asks a question of them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { State, Study } from '@madang/charter';
import { folderMemory, type ProposalFile } from '@madang/node/setup';
import type { DataSource, ResultDocument } from '@madang/study';
import { homeOf } from '../src/demo/setup.ts';
import { Town } from './town.ts';

export const HOLDERS = ['health', 'bank-b', 'labour', 'migration'] as const;
export type Holder = (typeof HOLDERS)[number];

export interface Question {
  readonly title: string;
  readonly kind: string;
  readonly query: unknown;
  readonly rounds: number;
  /** Texts by declared name at each holder: files of this path under its data, with .csv where the name has no ending. */
  readonly filesOf: (holder: Holder) => Readonly<Record<string, string>>;
}

/** Starts a town that also answers the question, whose sums bear no noise; standing policies cover it. */
export async function askTown(q: Question): Promise<Town> {
  const datasets: string[] = [];
  return Town.start({
    change: (org, config) => {
      // Everybody answers; on a busy machine that takes its time.
      config['patienceSeconds'] = 120;
      if (!(HOLDERS as readonly string[]).includes(org)) return;
      const [dataset] = config['datasets'] as { handle: string; files: object }[];
      const names = Object.keys(q.filesOf(org as Holder));
      dataset.files = { ...dataset.files, ...Object.fromEntries(names.map(n => [n, pathOf(n)])) };
      datasets.push(dataset.handle);
      const policy = config['standingPolicy'] as { kinds: string[] };
      config['standingPolicy'] = { ...policy, kinds: [...policy.kinds, q.kind], maximumRounds: q.rounds };
    },
    before: async plan => {
      for (const org of HOLDERS)
        for (const [name, text] of Object.entries(q.filesOf(org))) {
          const path = join(homeOf(plan, org), 'data', pathOf(name));
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path, text);
        }
      const proposal: ProposalFile = {
        title: q.title,
        purpose: 'DUO:0000007',
        kind: q.kind,
        version: 1,
        query: q.query,
        datasets,
        rounds: q.rounds,
        minimum: 3,
        aggregators: ['telecommunication', 'bank-a'],
        collector: 'public',
        charges: [],
        family: q.kind,
        differencing: 'accept',
        approveSeconds: 600,
        contributeSeconds: 600,
        revealSeconds: 600,
        code: 'ab'.repeat(32),
      };
      await folderMemory(join(homeOf(plan, 'health'), 'work')).putJson(`proposals/${q.kind}.json`, proposal);
    },
  });
}

const pathOf = (name: string) => (name.includes('.') ? name : `${name}.csv`);

export const studyNamed = (state: State, title: string): Study | undefined =>
  Object.values(state.studies).find(s => s.title === title);

export const sourceOf = (text: string): DataSource => ({ file: async () => text, query: async () => [] });

/** The published results so far, in order. */
export async function publishedResults(town: Town, study: Study): Promise<readonly ResultDocument[]> {
  const rounds = Object.entries(study.opening?.rounds ?? {}).sort(([a], [b]) => Number(a) - Number(b));
  return Promise.all(
    rounds.flatMap(([, r]) =>
      r.result
        ? [town.hub.blob(r.result.digest).then(b => JSON.parse(new TextDecoder().decode(b)) as ResultDocument)]
        : [],
    ),
  );
}
